# mypy: disable-error-code="no-untyped-call"
"""Structural rebuild (mode C): a new PDF whose text stays text, of nothing but what draws what is left of the pages.

The source is baked (notes and form values become page content), flattened into a new file by whitelist, redacted,
flattened once more and checked. Whatever is not understood to its end is refused with ``Reason.UNSAFE``: then the
raster burn takes its place. What is kept from the source: letters that are seen, with their fonts cut down to them;
lines and areas; pixels, decoded and written anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import pymupdf
from pikepdf import Array, Dictionary, Name

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import pages, structural_checks, structural_redact
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import media_of
from evidencevault.documents.worker.structural_flat import Tools, flatten
from evidencevault.documents.worker.structural_fonts import Fonts
from evidencevault.documents.worker.structural_images import Box, Images, Matrix
from evidencevault.documents.worker.structural_keys import Copier, unsafe
from evidencevault.documents.worker.structural_layers import Layers
from evidencevault.documents.worker.structural_state import UNIT, Painted

_UNSEEN = 2 | 32  # hidden, no view (12.5.3)
_NOT_DRAWN = (Name.Popup, Name.Link)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as it is displayed: size in points, how its own space gets there, marks (origin bottom left)."""

    width: float
    height: float
    upright: Matrix
    marks: tuple[Box, ...] = ()


def rebuild(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """The rebuilt PDF. ``marks``: rows of page, x0, y0, x1, y1 (points, origin top left, as displayed), label."""
    data, marks = read(), list(question["marks"])
    if media_of(question, data) != "application/pdf":
        raise Failed(Reason.UNSUPPORTED)
    with pages.opened(data, "application/pdf", limits) as document:
        if any(not 1 <= mark[0] <= document.count for mark in marks):
            raise Failed(Reason.NO_SUCH_PAGE)
        try:
            made = _rebuilt(data, document.mupdf, marks, limits)
        except (pikepdf.PdfError, LookupError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            # A key that is not there or of another kind than the standard says is as unclear as one that is unknown.
            raise unsafe() from error
    yield {"data": made}


def _rebuilt(data: bytes, source: Any, marks: list[list[Any]], limits: Limits) -> bytes:
    baked = _baked(data)
    with pymupdf.open(stream=baked, filetype="pdf") as document:
        sheets = [_sheet(page, [mark for mark in marks if mark[0] == page.number + 1]) for page in document]
        flat, painted = _flattened(baked, document, sheets, False, limits)
    with pymupdf.open(stream=flat, filetype="pdf") as document:
        for page in document:
            structural_redact.redact(page, [mark for mark in marks if mark[0] == page.number + 1])
        document.subset_fonts()
        redacted = bytes(document.tobytes(garbage=4, deflate=True))
    with pymupdf.open(stream=redacted, filetype="pdf") as document:
        final, left = _flattened(
            redacted, document, [_Sheet(one.width, one.height, UNIT) for one in sheets], True, limits
        )
    bare = structural_checks.without_text(final)
    with pymupdf.open(stream=final, filetype="pdf") as made, pymupdf.open(stream=bare, filetype="pdf") as textless:
        for page in made:
            number = page.number
            on_page = [mark for mark in marks if mark[0] == number + 1]
            painting = structural_checks.Painting(painted[number], left[number])
            structural_checks.check(source[number], page, textless[number], on_page, painting, limits)
    return final


def _baked(data: bytes) -> bytes:
    """The source with what notes and fields show as page content; what they do not show is taken off before."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        layers = Layers(pdf)
        if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
            del pdf.Root.AcroForm.XFA
        for page in pdf.pages:
            page.externalize_inline_images(min_size=0)
            if "/Annots" in page.obj:
                held: Any = page.obj["/Annots"]
                page.obj["/Annots"] = Array(
                    [one for one in held if isinstance(one, Dictionary) and _drawn(one, layers)]
                )
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pymupdf.open(stream=out.getvalue(), filetype="pdf") as document:
        document.bake()
        return bytes(document.tobytes())


def _drawn(note: Dictionary, layers: Layers) -> bool:
    flags: Any = note.get("/F", 0)
    return not int(flags) & _UNSEEN and note.get("/Subtype") not in _NOT_DRAWN and layers.shown(note.get("/OC"))


def _sheet(page: Any, marks: list[list[Any]]) -> _Sheet:
    width, height = page.rect.width, page.rect.height
    upright = page.transformation_matrix * page.rotation_matrix * pymupdf.Matrix(1, 0, 0, -1, 0, height)
    boxes = tuple((mark[1], height - mark[4], mark[3], height - mark[2]) for mark in marks)
    return _Sheet(width, height, tuple(upright), boxes)


def _flattened(
    data: bytes, document: Any, sheets: list[_Sheet], final: bool, limits: Limits
) -> tuple[bytes, list[list[Painted]]]:
    """A new file of flattened pages, and what each paints. ``document`` is the same data, open in MuPDF."""
    out, painted = pikepdf.Pdf.new(), []
    with pikepdf.open(io.BytesIO(data)) as pdf, out:
        copier, fonts = Copier(out), Fonts(out, final)
        tools = Tools(copier, fonts, Images(document, out, limits), Layers(pdf))
        for page, sheet in zip(pdf.pages, sheets, strict=True):
            flat = flatten(page.obj, tools, sheet.upright, (0.0, 0.0, sheet.width, sheet.height), sheet.marks)
            fresh = Dictionary(Type=Name.Page, Resources=flat.resources, Contents=out.make_stream(flat.content))
            fresh["/MediaBox"] = Array([0, 0, round(sheet.width, 3), round(sheet.height, 3)])
            out.pages.append(pikepdf.Page(out.make_indirect(fresh)))
            painted.append(flat.painted)
        fonts.finish()
        made = io.BytesIO()
        out.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True, min_version="1.7")
    return made.getvalue(), painted
