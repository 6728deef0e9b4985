# mypy: disable-error-code="no-untyped-call"
"""Documents as pages: MuPDF for PDF, office, HTML and text; Pillow for pictures; mail as text."""

from __future__ import annotations

import array
import codecs
import io
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pymupdf
from PIL import Image, ImageOps

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import layout, mails, opening, tables
from evidencevault.documents.worker.failed import Answer, Failed, Read
from evidencevault.documents.worker.media import OFFICE, media_of
from evidencevault.documents.worker.pictured import pictured

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

_OPENS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/epub+zip": "epub",
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "image/svg+xml": "svg",
    "application/vnd.ms-xpsdocument": "xps",
    "application/oxps": "xps",
}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks of encodings, the longer first: UTF-16's begins UTF-32's."""
_A4 = (595, 842)
_ORIENTATION, _ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)
"""The EXIF tag of how a camera was held, and its values for a quarter turn."""


@dataclass(slots=True)
class Paged:
    """An open document: pages, metadata, and how to reach a page (from 1)."""

    count: int
    metadata: list[tuple[str, str]]
    mupdf: Any = None
    picture: Any = None
    first: int = 0  # what the picture's format calls its first frame

    def frame(self, number: int) -> Any:
        """A page of a picture, upright. Raises what Pillow raises at a damaged one."""
        self.picture.seek(self.first + number - 1)
        return ImageOps.exif_transpose(self.picture)


@contextmanager
def opened(data: bytes, media: str, limits: Limits) -> Iterator[Paged]:
    """Open by media type. Raises Failed: encrypted, unsupported, damaged, too-large."""
    if media.startswith("image/") and media != "image/svg+xml":
        with _picture(data, media, limits) as paged:
            yield paged
        return
    if media in OFFICE:
        raise Failed(Reason.NO_OFFICE)
    filetype, stream = _OPENS.get(media, ""), data
    made = None if filetype else _made(data, media, limits)
    if made is not None:
        filetype, stream = "html", made
    if media == "application/encrypted":  # what libmagic calls an office file under a password
        raise Failed(Reason.ENCRYPTED)
    if not filetype:
        raise Failed(Reason.UNSUPPORTED)
    try:
        document = pymupdf.open(stream=stream, filetype=filetype)
    except (RuntimeError, ValueError) as error:
        raise Failed(Reason.DAMAGED) from error
    with document:
        count, metadata = _counted(document, limits)
        yield Paged(count, metadata, mupdf=document)


def _counted(document: Any, limits: Limits) -> tuple[int, list[tuple[str, str]]]:
    """Pages and metadata. Raises Failed: encrypted, damaged, too-large."""
    try:
        if document.needs_pass:
            raise Failed(Reason.ENCRYPTED)
        if document.is_reflowable:
            document.layout(width=_A4[0], height=_A4[1], fontsize=11)
        count, metadata = int(document.page_count), document.metadata or {}
    except (RuntimeError, ValueError) as error:
        raise Failed(Reason.DAMAGED) from error
    if count < 1:
        raise Failed(Reason.DAMAGED)
    if count > limits.pages:
        raise Failed(Reason.TOO_LARGE)
    return count, [(str(key), str(value)) for key, value in metadata.items() if value]


def _made(data: bytes, media: str, limits: Limits) -> bytes | None:
    """HTML of what MuPDF has no reader for: mail, lists, workbooks, text. None for everything else."""
    try:
        if media == "message/rfc822":
            return mails.page(data)
        if media == "application/mbox":
            return mails.pages(mails.of_mailbox(data))
        if media == "application/vnd.ms-outlook":
            return _outlook(data)
    except RecursionError as error:  # parts in parts in parts, by the hundred
        raise Failed(Reason.DAMAGED) from error
    if media == _WORKBOOK:
        return tables.of_workbook(data, limits)
    if media in ("text/csv", "text/tab-separated-values"):
        return tables.of_csv(decoded(data))
    if media.startswith("text/") or media in ("application/json", "application/xml"):
        return layout.page(layout.text(decoded(data), mono=True))
    return None


def _outlook(data: bytes) -> bytes:
    # Put off until here: the library is large, and few documents need it.
    import extract_msg

    with extract_msg.openMsg(io.BytesIO(data)) as message:
        return mails.outlook(message)


def decoded(data: bytes) -> str:
    """Text of any common encoding: by its mark, else UTF-8, else Windows-1252, in which every byte is a letter."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


@contextmanager
def _picture(data: bytes, media: str, limits: Limits) -> Iterator[Paged]:
    Image.init()  # not earlier: forty readers of pictures would be loaded for every letter, too
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = opening.picture(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Failed(Reason.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Failed(_unread(media)) from error
    with picture:
        frames = int(getattr(picture, "n_frames", 1))
        if frames > limits.pages:
            raise Failed(Reason.TOO_LARGE)
        # HEIC opens at the picture that its file calls the primary one, wherever it stands among them.
        yield Paged(frames, [], picture=picture, first=0 if picture.format == "HEIF" else picture.tell())


def _unread(media: str) -> Reason:
    if media in opening.HEIC_KINDS:
        return Reason.DAMAGED if opening.HEIC else Reason.NO_HEIC
    return Reason.DAMAGED if media in Image.MIME.values() else Reason.UNSUPPORTED


def points(width: int, height: int) -> tuple[float, float]:
    """The size of a picture as a page: at 96 dots an inch, and never longer than A4."""
    scale = min(0.75, 842 / max(width, height, 1))
    return width * scale, height * scale


def _page(document: Paged, number: int) -> Any:
    if not 1 <= number <= document.count:
        raise Failed(Reason.NO_SUCH_PAGE)
    return document.mupdf[number - 1]


def text(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """A frame a page: size in points and characters with boxes. Pictures give pages without text."""
    data = read()
    total = 0
    with opened(data, media_of(question, data), limits) as document:
        for number in range(1, document.count + 1):
            if document.mupdf is None:
                wide, high = points(*document.frame(number).size)
                yield {"page": number, "width": wide, "height": high, "text": "", "data": b"", "pictured": True}
                continue
            page = document.mupdf[number - 1]
            letters, boxes = letters_of(page)
            total += len(letters)
            if total > limits.text or len(letters) > limits.page_text:
                raise Failed(Reason.TOO_LARGE)
            yield {
                "page": number,
                "width": page.rect.width,
                "height": page.rect.height,
                "text": letters,
                "data": boxes,
                "pictured": pictured(page, letters),
            }


def sizes(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """Two little-endian floats a page: width and height in points as displayed. No page is drawn for it."""
    data = read()
    with opened(data, media_of(question, data), limits) as document:
        found = array.array("f")
        for number in range(1, document.count + 1):
            found.extend(_size(document, number))
    if sys.byteorder == "big":
        found.byteswap()
    yield {"data": found.tobytes()}


def _size(document: Paged, number: int) -> tuple[float, float]:
    if document.mupdf is not None:
        shown = document.mupdf[number - 1].rect
        return shown.width, shown.height
    try:
        document.picture.seek(document.first + number - 1)
        wide, high = document.picture.size
        lies = document.picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Failed(Reason.DAMAGED) from error
    return points(high, wide) if lies else points(wide, high)


def letters_of(page: Any, scale: float = 1.0) -> tuple[str, bytes]:
    """The running text, and four floats a character, times ``scale``: an empty box for a newline."""
    letters: list[str] = []
    boxes, upright = array.array("f"), page.rotation_matrix
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    for block in page.get_text("rawdict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    # Half a surrogate pair is no character, and would not come through the pipe as one.
                    letters.append("\ufffd" if "\ud800" <= char["c"] <= "\udfff" else char["c"])
                    boxes.extend(side * scale for side in pymupdf.Rect(char["bbox"]) * upright)
            letters.append("\n")
            boxes.extend((0.0, 0.0, 0.0, 0.0))
    if sys.byteorder == "big":
        boxes.byteswap()
    return "".join(letters), boxes.tobytes()


def pixmap(document: Paged, number: int, width: int, limits: Limits) -> tuple[int, int, bytes]:
    """A page as RGB at about this width."""
    if document.picture is not None:
        if not 1 <= number <= document.count:
            raise Failed(Reason.NO_SUCH_PAGE)
        try:
            upright = document.frame(number).convert("RGB")
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise Failed(Reason.DAMAGED) from error
        if upright.width > width:
            upright = upright.resize((width, max(1, round(upright.height * width / upright.width))))
        return upright.width, upright.height, upright.tobytes()
    page = _page(document, number)
    zoom = width / max(1.0, page.rect.width)
    if page.rect.width * page.rect.height * zoom * zoom > limits.pixels:
        raise Failed(Reason.TOO_LARGE)
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return pixels.width, pixels.height, pixels.samples


def render(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """One page as RGB."""
    data = read()
    with opened(data, media_of(question, data), limits) as document:
        width, height, rgb = pixmap(document, int(str(question["page"])), int(str(question["width"])), limits)
        count = document.count
    yield {"width": width, "height": height, "pages": count, "data": rgb}


def thumbnail(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """The first page as a PNG of at most 256 pixels a side, without metadata."""
    data = read()
    with opened(data, media_of(question, data), limits) as document:
        width, height, rgb = pixmap(document, 1, _thumbnail_width(document), limits)
    small = Image.frombytes("RGB", (width, height), rgb)
    small.thumbnail((256, 256))
    out = io.BytesIO()
    small.save(out, "PNG")
    yield {"data": out.getvalue()}


def _thumbnail_width(document: Paged) -> int:
    """Pixels across, so that a page of any shape is drawn at most 512 pixels wide and high."""
    if document.picture is not None:
        return 512
    page = document.mupdf[0].rect
    return max(1, min(512, int(512 * page.width / max(1.0, page.height))))
