"""Looks for a secret in a PDF by tools that the program does not use, and by those that it does.

Bytes in every encoding; every stream that can be found without a cross-reference table; every object as qpdf reads it;
the text as MuPDF, pypdf, pdfminer.six and poppler extract it; and, for pixels, OCR of what poppler draws.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import re
import shutil
import subprocess
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pikepdf
import pymupdf
from PIL import Image
from tests.support import traces

TOOLS = tuple(one for one in ("pdftotext", "pdftoppm", "tesseract") if shutil.which(one) is None)
"""The programs that are missing here."""
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
_DPI = 150
_GAP, _TALLEST = 40, 20_000


def seen(data: bytes, secret: str, text: bool = True) -> set[str]:
    """By which tools the secret is seen: ``bytes``, ``streams``, ``objects``, and the names of the extractors."""
    found = set()
    if _in(data, secret):
        found.add("bytes")
    if any(_in(one, secret) for one in _streams(data)):
        found.add("streams")
    if any(_in(one, secret) if isinstance(one, bytes) else folded(secret) in folded(one) for one in _objects(data)):
        found.add("objects")
    if text:
        found |= {name for name, said in extracted(data).items() if folded(secret) in folded(said)}
    return found


def folded(text: str) -> str:
    """Letters and digits only, without case, accents and ligatures."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())


def extracted(data: bytes) -> dict[str, str]:
    """The text of all pages by four extractors; what an extractor can not read is empty."""
    return {"MuPDF": _mupdf(data), "pypdf": _pypdf(data), "pdfminer": _pdfminer(data), "poppler": _poppler(data)}


def read(pictures: Sequence[Image.Image]) -> list[str]:
    """The text that OCR reads in each picture; many are read as one sheet, which costs one start of the reader."""
    texts: list[str] = []
    sheet: list[Image.Image] = []
    for picture in pictures:
        if sheet and sum(one.height + _GAP for one in sheet) + picture.height > _TALLEST:
            texts += _read_sheet(sheet)
            sheet = []
        sheet.append(picture)
    return texts + (_read_sheet(sheet) if sheet else [])


def _read_sheet(pictures: Sequence[Image.Image]) -> list[str]:
    sheet = Image.new("L", (max(p.width for p in pictures), sum(p.height + _GAP for p in pictures)), 255)
    ends, top = [], 0
    for picture in pictures:
        sheet.paste(picture.convert("L"), (0, top))
        top += picture.height + _GAP
        ends.append(top)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    command = ["tesseract", "-", "-", "--psm", "6", "--dpi", str(_DPI), "tsv"]
    # Its threads wait for each other: one reads six times as quickly.
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    said = subprocess.run(command, input=out.getvalue(), capture_output=True, timeout=120, check=True, env=alone).stdout
    words: list[list[str]] = [[] for _ in pictures]
    for row in csv.DictReader(io.StringIO(said.decode()), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["text"].strip():
            words[next(n for n, end in enumerate(ends) if int(row["top"]) < end)].append(row["text"])
    return [" ".join(one) for one in words]


def drawn(data: bytes) -> Image.Image:
    """The first page as poppler draws it."""
    command = ["pdftoppm", "-png", "-r", str(_DPI), "-f", "1", "-l", "1", "-cropbox", "-"]
    return Image.open(
        io.BytesIO(subprocess.run(command, input=data, capture_output=True, timeout=60, check=True).stdout)
    )


def images(data: bytes) -> Iterator[Image.Image]:
    """Every image of a file, drawn or not, masks too."""
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for xref in range(1, document.xref_length()):
            said = document.xref_object(xref, compressed=True)
            if document.xref_is_stream(xref) and "/Width" in said and "/Height" in said:
                pixels = pymupdf.Pixmap(document, xref)
                if pixels.colorspace is None or pixels.n > 3:
                    pixels = pymupdf.Pixmap(pymupdf.csGRAY, pixels) if pixels.colorspace else pixels
                yield Image.open(io.BytesIO(pixels.tobytes("png")))


def _in(data: bytes, secret: str) -> bool:
    return bool(traces.found(data, [secret]))


def _streams(data: bytes) -> Iterator[bytes]:
    for match in _STREAM.finditer(data):
        body = match.group(1)
        yield body
        unpacking = zlib.decompressobj()
        try:
            yield unpacking.decompress(body, 20_000_000)
        except zlib.error:
            continue  # not compressed so


def _objects(data: bytes) -> Iterator[bytes | str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from _walk(pdf.trailer, 0)
        for one in pdf.objects:
            yield from _walk(one, 0)


def _walk(one: Any, depth: int) -> Iterator[bytes | str]:
    """Every name and string in an object, not following references, and the content of its stream."""
    if depth > 50 or (depth and getattr(one, "is_indirect", False)):
        return
    if isinstance(one, pikepdf.Stream):
        yield one.read_raw_bytes()
        with suppress(pikepdf.PdfError):  # pixels in a filter that qpdf leaves alone
            yield one.read_bytes()
        if "/BBox" in one or set(one.keys()) <= {"/Length", "/Filter", "/DecodeParms"}:
            yield from _operands(one)
    if isinstance(one, pikepdf.Stream | pikepdf.Dictionary):
        for key, value in one.items():
            yield key
            yield from _walk(value, depth + 1)
    elif isinstance(one, pikepdf.Array):
        for value in one:
            yield from _walk(value, depth + 1)
    elif isinstance(one, pikepdf.String):
        yield bytes(one)
        yield str(one)
    elif isinstance(one, pikepdf.Name):
        yield str(one)


def _operands(stream: pikepdf.Stream) -> Iterator[bytes | str]:
    """The names and strings of a content stream, those of one TJ as one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            content = pikepdf.parse_content_stream(stream)
        except pikepdf.PdfError:
            return  # no content
    for operands, _ in content:
        for one in operands:
            yield from _walk(one, 1)
            if isinstance(one, pikepdf.Array):
                yield b"".join(bytes(part) for part in one if isinstance(part, pikepdf.String))


def _mupdf(data: bytes) -> str:
    everything = pymupdf.INFINITE_RECT()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return "\n".join(
            page.get_text("text", sort=order, clip=everything, flags=flags)
            for page in document
            for order in (False, True)
            for flags in (pymupdf.TEXTFLAGS_TEXT, pymupdf.TEXT_IGNORE_ACTUALTEXT)
        )


def _pypdf(data: bytes) -> str:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
        except Exception:  # a strange file is a statement about the extractor, the others read it
            return ""


def _pdfminer(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return str(extract_text(io.BytesIO(data)))
    except Exception:  # as above
        return ""


def _poppler(data: bytes) -> str:
    command = ["pdftotext", "-nopgbrk", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, timeout=60, check=False).stdout.decode(
        "utf-8", "replace"
    )
