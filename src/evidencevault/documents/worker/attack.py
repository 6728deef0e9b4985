# mypy: disable-error-code="no-untyped-call"
"""The attack on what is about to leave: every secret in every encoding, in bytes, objects and extracted text."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
import urllib.parse
import zipfile
from collections.abc import Iterator
from typing import Any

import pymupdf
from PIL import Image

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker.failed import Answer, Read

SHORT = 5
"""Bytes below which a needle is found in any compressed stream by chance: those are sought in text only."""
METHODS = [
    "raw bytes in UTF-8, UTF-16 (both orders), Latin-1, hex, base64 (three alignments), percent and quoted-printable",
    "decompressed objects and streams of PDFs, members of ZIP files",
    "text of PDFs by three extractors",
    "names of files and text folded: case, accents, letter spacing, hyphenation",
    "burnt files: allowed keys only, one end-of-file mark, no text, marked pixels black in MuPDF and in Pillow",
]
_KEYS = {
    b"Type", b"Catalog", b"Pages", b"Page", b"Count", b"Kids", b"Parent", b"MediaBox", b"Resources", b"XObject", b"I",
    b"Contents", b"Subtype", b"Image", b"Width", b"Height", b"ColorSpace", b"DeviceGray", b"DeviceRGB",
    b"BitsPerComponent", b"Filter", b"FlateDecode", b"DCTDecode", b"Length", b"Size", b"Root",
}  # fmt: skip
_RIM = 8  # JPEG blocks on the edge of a box mix with what lies beside it
_BLACK = 12


def attack(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """Methods, and findings as rows of (where, index of the secret or None). Options: file, secrets, burnt, marks."""
    data = read() if question["size"] else b""
    secrets = [str(one) for one in question["secrets"]]
    found: list[tuple[str, int | None]] = [("file name", n) for n in _in_text(str(question["file"]), secrets)]
    for where, kind, piece in _pieces(data, limits):
        hits = _in_text(piece, secrets) if kind == "text" else _in_bytes(piece, secrets)
        found += [(where, number) for number in hits]
    if question["burnt"]:
        found += [(where, None) for where in _rules(data, list(question["marks"]))]
    unique = list(dict.fromkeys(found))
    pdf, packed = b"%PDF-" in data[:1024], data[:2] == b"PK"
    run = [
        METHODS[0],
        METHODS[3],
        *METHODS[1:2] * (pdf or packed),
        *METHODS[2:3] * pdf,
        *METHODS[4:] * bool(question["burnt"]),
    ]
    yield {"methods": run, "findings": [list(one) for one in unique[:10_000]]}


def _pieces(data: bytes, limits: Limits) -> Iterator[tuple[str, str, Any]]:
    yield "bytes", "bytes", data
    structure = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.S)
    yield "text of the bytes", "text", structure.decode("utf-8", "ignore")
    if data[:1024].find(b"%PDF-") >= 0:
        yield from _pdf(data)
    elif data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > limits.whole:
                raise MemoryError
            for one in archive.infolist():
                inside = archive.read(one)
                yield "member", "text", one.filename
                yield f"member {one.filename[:80]}", "bytes", inside
                yield f"member {one.filename[:80]}", "text", inside.decode("utf-8", "ignore")


def _pdf(data: bytes) -> Iterator[tuple[str, str, Any]]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for xref in range(1, document.xref_length()):
            described = document.xref_object(xref)
            yield f"object {xref}", "text", described
            if document.xref_is_stream(xref) and "/Subtype/Image" not in described.replace(" ", ""):
                stream = document.xref_stream(xref) or b""
                yield f"stream {xref}", "bytes", stream
                yield f"stream {xref}", "text", stream.decode("latin-1")
        for page in document:
            where = f"text of page {page.number + 1}"
            yield where, "text", page.get_text("text")
            yield where, "text", " ".join(word[4] for word in page.get_text("words", sort=True))
            yield where, "text", "".join(block[4] for block in page.get_text("blocks", clip=pymupdf.INFINITE_RECT()))


def _needles(secret: str) -> set[bytes]:
    found: set[bytes] = set()
    bare = _unaccented(secret)
    for text in {t for s in (secret, bare) for t in (s, s.lower(), s.upper(), s.title())}:
        plain = {text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be")}
        plain |= {text.encode("latin-1")} if all(ord(c) < 256 for c in text) else set()
        for raw in plain:
            found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
            found |= {base64.b64encode(b"\0" * n + raw)[(0, 2, 3)[n] : -4 if len(raw) > 6 else None] for n in range(3)}
        utf8 = text.encode("utf-8")
        found |= {urllib.parse.quote(utf8).encode(), b"".join(b"=%02X" % c if c > 126 else bytes([c]) for c in utf8)}
    return {one for one in found if len(one) >= SHORT}


def _in_bytes(data: bytes, secrets: list[str]) -> list[int]:
    return [n for n, secret in enumerate(secrets) if any(needle in data for needle in _needles(secret))]


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _in_text(text: str, secrets: list[str]) -> list[int]:
    folded = _unaccented(text).casefold()
    squeezed = "".join(c for c in folded if c.isalnum())
    found = []
    for number, secret in enumerate(secrets):
        wanted = _unaccented(secret).casefold()
        letters = "".join(c for c in wanted if c.isalnum())
        whole = letters and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
        if whole or (len(letters) >= SHORT and letters in squeezed):
            found.append(number)
    return found


def _rules(data: bytes, marks: list[list[float]]) -> Iterator[str]:
    """What is wrong with a file that should be nothing but pixels."""
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        yield "more than one end of file"
    outside = re.sub(rb"stream\r?\n.*?\nendstream", b"", data, flags=re.S)
    for key in sorted(set(re.findall(rb"/([A-Za-z0-9#]+)", outside)) - _KEYS):
        yield f"key {key.decode('ascii')}"
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for page in document:
            number, images = page.number + 1, page.get_images()
            if page.get_text().strip() or page.get_fonts() or len(images) != 1:
                yield f"page {number} is not one picture"
                continue
            drawn = page.get_pixmap(matrix=pymupdf.Matrix(200 / 72, 200 / 72), colorspace=pymupdf.csGRAY, alpha=False)
            shown = Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)
            for picture, who in ((shown, "MuPDF"), (_decoded(document, images[0]), "Pillow")):
                for mark in marks:
                    if mark[0] == number and not mark[5] and not _black(picture, mark, page.rect):
                        yield f"page {number}: a marked area is not black ({who})"


def _decoded(document: Any, image: Any) -> Image.Image:
    """The picture of a page, decoded without MuPDF's renderer."""
    xref, width, height, space = image[0], image[2], image[3], image[5]
    if image[8] == "DCTDecode":
        return Image.open(io.BytesIO(document.xref_stream_raw(xref))).convert("L")
    return Image.frombytes("L" if "Gray" in space else "RGB", (width, height), document.xref_stream(xref)).convert("L")


def _black(picture: Image.Image, mark: list[float], page: Any) -> bool:
    across, down = picture.width / page.width, picture.height / page.height
    box = (
        int(max(0, mark[1] * across) + _RIM), int(max(0, mark[2] * down) + _RIM),
        int(min(picture.width, mark[3] * across) - _RIM), int(min(picture.height, mark[4] * down) - _RIM),
    )  # fmt: skip
    return box[2] <= box[0] or box[3] <= box[1] or int(picture.crop(box).getextrema()[1]) <= _BLACK  # type: ignore[arg-type]
