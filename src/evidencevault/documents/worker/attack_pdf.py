# mypy: disable-error-code="no-untyped-call"
"""A PDF taken apart for the attack: by bytes, by objects as two readers see them, by text as three extractors do."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pikepdf
import pymupdf
from pikepdf import Array, Dictionary, Name, Stream, String

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker.attack_pictures import noted
from evidencevault.documents.worker.failed import Failed
from evidencevault.documents.worker.structural_unicode import mapped

Piece = tuple[str, bytes | str]
"""Where, and what: bytes are sought in every encoding, text is folded."""
_Told = dict[tuple[int, int], tuple[dict[int, bytes], int]]
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
_DEEP = 64
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES


def pieces(data: bytes, limits: Limits) -> Iterator[Piece]:
    """What may hold a secret, as MuPDF reads it and as it stands in the file. Raises MemoryError for bombs."""
    yield from _unpacked(data, limits)
    yield from _by_mupdf(data)


def _unpacked(data: bytes, limits: Limits) -> Iterator[Piece]:
    """Every stream that can be found without a cross-reference table: older revisions, what nothing refers to."""
    left = limits.whole
    for number, match in enumerate(_STREAM.finditer(data)):
        unpacking = zlib.decompressobj()
        with suppress(zlib.error):  # compressed in another way, or not at all: then the bytes of the file show it
            plain = unpacking.decompress(match.group(1), left)
            left -= len(plain)
            if left <= 0:
                raise MemoryError
            yield f"stream {number} by bytes", plain


def _by_mupdf(data: bytes) -> Iterator[Piece]:
    everything = pymupdf.INFINITE_RECT()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for xref in range(1, document.xref_length()):
            described = document.xref_object(xref)
            yield f"object {xref}", described
            if document.xref_is_stream(xref) and "/Subtype/Image" not in described.replace(" ", ""):
                stream = document.xref_stream(xref) or b""
                yield f"stream {xref}", stream
                yield f"stream {xref}", stream.decode("latin-1")
        for page in document:
            where = f"text of page {page.number + 1}"
            yield where, page.get_text("text", clip=everything)
            yield where, page.get_text("text", flags=_FLAGS | pymupdf.TEXT_IGNORE_ACTUALTEXT, clip=everything)
            yield where, " ".join(word[4] for word in page.get_text("words", sort=True))
            yield where, "".join(block[4] for block in page.get_text("blocks", clip=everything))


def by_qpdf(data: bytes) -> Iterator[Piece]:
    """Objects, streams and content as qpdf reads them. Raises pikepdf.PdfError where it can not read the file."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from (("trailer", one) for one in values(pdf.trailer))
        for one in pdf.objects:
            where = f"object {one.objgen[0]} by qpdf"
            for held in values(one):
                yield where, held
            if isinstance(one, Stream):
                yield from _stream(where, one)
        told: _Told = {}
        for number, page in enumerate(pdf.pages, 1):
            yield f"operands of page {number}", " ".join(_shown(page.obj, page.obj, told, 0))


def _stream(where: str, stream: Stream) -> Iterator[Piece]:
    raw = stream.read_raw_bytes()
    yield where, raw
    for said in noted(raw):
        yield f"{where}, note of a picture", said
    with suppress(pikepdf.PdfError):  # pixels in a filter that qpdf leaves alone
        yield where, stream.read_bytes()


def values(one: Any, depth: int = 0) -> Iterator[bytes | str]:
    """Every name and string in an object, not following references."""
    if depth > _DEEP or (depth and getattr(one, "is_indirect", False)):
        return
    if isinstance(one, Stream | Dictionary):
        for key, value in one.items():
            yield key[1:]
            yield from values(value, depth + 1)
    elif isinstance(one, Array):
        for value in list(one):
            yield from values(value, depth + 1)
    elif isinstance(one, String):
        yield bytes(one)
        yield str(one)
    elif isinstance(one, Name):
        yield str(one)[1:]


def _shown(holder: Any, content: Any, known: _Told, depth: int) -> Iterator[str]:
    """The strings of a content stream, decoded by ToUnicode where there is one; forms where they are drawn."""
    if depth > 8:
        return
    resources: Any = holder.get("/Resources", Dictionary())
    fonts, forms = resources.get("/Font", Dictionary()), resources.get("/XObject", Dictionary())
    told: tuple[dict[int, bytes], int] = ({}, 1)
    try:
        for one in pikepdf.parse_content_stream(content):
            operator, operands = str(one.operator), list(one.operands)
            if operator == "Tf" and operands and str(operands[0]) in fonts:
                font = fonts[str(operands[0])]
                if font.objgen not in known:
                    known[font.objgen] = _told(font)
                told = known[font.objgen] if font.is_indirect else _told(font)
            elif operator == "Do" and operands and str(operands[0]) in forms:
                form = forms[str(operands[0])]
                if form.get("/Subtype") == Name.Form:
                    yield from _shown(form, form, known, depth + 1)
            else:
                yield "".join(_decoded(bytes(one), *told) for one in _strings(operands))
    except (pikepdf.PdfError, Failed, TypeError):
        yield ""  # no content, or none that can be parsed: the other ways of looking do not depend on it


def _strings(operands: list[Any]) -> Iterator[Any]:
    for one in operands:
        if isinstance(one, String):
            yield one
        elif isinstance(one, Array):
            yield from (part for part in list(one) if isinstance(part, String))


def _told(font: Any) -> tuple[dict[int, bytes], int]:
    wide = font.get("/Subtype") == Name.Type0
    codes = set(range(65_536 if wide else 256))
    return (mapped(font["/ToUnicode"], codes) if "/ToUnicode" in font else {}), 2 if wide else 1


def _decoded(text: bytes, told: dict[int, bytes], width: int) -> str:
    if not told:
        return text.decode("latin-1")
    codes = (int.from_bytes(text[at : at + width], "big") for at in range(0, len(text), width))
    return b"".join(told.get(code, b"\xff\xfd") for code in codes).decode("utf-16-be", "replace")
