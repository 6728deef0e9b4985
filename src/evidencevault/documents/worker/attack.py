"""The attack on what is about to leave: every secret in every encoding, in bytes, objects and extracted text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker import attack_pdf
from evidencevault.documents.worker.attack_needles import in_bytes, in_text
from evidencevault.documents.worker.attack_pdf import Piece
from evidencevault.documents.worker.attack_pictures import noted
from evidencevault.documents.worker.attack_rules import RASTER, STRUCTURAL, rules
from evidencevault.documents.worker.failed import Answer, Read

_BYTES = (
    "raw bytes in UTF-8, UTF-16, UTF-32, Latin-1, hex, base64, percent, octal, entities, escapes, ROT13 and backwards",
    "names of files and text folded: case, accents, letter spacing, hyphenation, order",
    "notes of pictures: EXIF, XMP, comments",
)
_PARTS = "decompressed objects and streams of PDFs, also unreferenced and replaced ones; members of ZIP files"
_QPDF = "objects, object streams and text operands of PDFs by a second reader, qpdf"
_TEXT = "text of PDFs by three extractors and by its operands"
_RULES = {
    RASTER: "burnt files: allowed keys only, one end-of-file mark, marked pixels black in MuPDF and in Pillow",
    STRUCTURAL: "rebuilt files: allowed keys only, one end-of-file mark, no text under marks, marks black in MuPDF",
}
_MOST = 10_000


def attack(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """Methods, and findings as rows of (where, index of the secret or None).

    Options: file, secrets, mode ("", raster, structural), searchable, marks, stamps (a number a page, or none).
    """
    data = read() if question["size"] else b""
    secrets, mode = [str(one) for one in question["secrets"]], str(question["mode"])
    methods = list(_BYTES)
    found: dict[tuple[str, int | None], None] = {
        ("file name", n): None for n in in_text(str(question["file"]), secrets)
    }
    for where, piece in _pieces(data, limits, methods, bool(mode)):
        hits = in_text(piece, secrets) if isinstance(piece, str) else in_bytes(piece, secrets)
        found.update(dict.fromkeys((where, number) for number in hits))
        if len(found) > _MOST:
            break
    if mode:
        methods.append(_RULES[mode])
        marks, searchable = list(question["marks"]), bool(question["searchable"])
        stamps = [str(one) for one in question["stamps"]]
        found.update(dict.fromkeys((where[:200], None) for where in rules(data, mode, searchable, marks, stamps)))
    yield {"methods": methods, "findings": [list(one) for one in list(found)[:_MOST]]}


def _pieces(data: bytes, limits: Limits, methods: list[str], strict: bool) -> Iterator[Piece]:
    """Places and what is there; ``methods`` hears what was really done."""
    yield "bytes", data
    structure = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.S)
    yield "text of the bytes", structure.decode("utf-8", "ignore")
    for said in noted(data):
        yield "note of the picture", said
    if data[:1024].find(b"%PDF-") >= 0:
        methods += [_PARTS, _TEXT]
        yield from attack_pdf.pieces(data, limits)
        try:
            yield from attack_pdf.by_qpdf(data)
            methods.append(_QPDF)
        except pikepdf.PdfError:
            if strict:  # a file of our own making is read by everybody; a foreign one may be strange
                raise
    elif data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        methods.append(_PARTS)
        yield from _members(data, limits)


def _members(data: bytes, limits: Limits) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > limits.whole:
            raise MemoryError
        for one in archive.infolist():
            inside = archive.read(one)
            where = f"member {one.filename[:80]}"
            yield "member", one.filename
            yield where, one.comment + one.extra
            yield where, inside
            yield where, inside.decode("utf-8", "ignore")
            for said in noted(inside):
                yield f"{where}, note of the picture", said
