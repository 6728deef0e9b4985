"""Load files as the readers of review platforms take them: one line a document, families, links that lead somewhere."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from evidencevault.bundle import load
from evidencevault.bundle.contents import Document, Redaction, Withheld

MESSAGE = Document(
    number="NLSOS-000001",
    last="NLSOS-000002",
    path="documents/NLSOS-000001.pdf",
    exhibit="E001",
    parent="",
    kind="redacted",
    media_type="application/pdf",
    pages=2,
    size=1234,
    sha256="ab" * 32,
    copy_sha256="cd" * 32,
    original_sha256="",
    original_commitment="",
    note="",
)
PART = replace(MESSAGE, number="NLSOS-000003", last="NLSOS-000003", path="documents/NLSOS-000003.pdf", pages=1)
ATTACHED = replace(PART, exhibit="E002", parent="E001")
SHEET = replace(PART, number="NLSOS-000004", last="NLSOS-000004", path="documents/NLSOS-000004.pdf", exhibit="E003")
SHEET = replace(SHEET, kind="slip-sheet")
SOUND = replace(MESSAGE, number="NLSOS-000005", last="NLSOS-000005", path="documents/NLSOS-000005.wav", pages=0)
SOUND = replace(SOUND, exhibit="E004", media_type="audio/wav")
DOCUMENTS = (MESSAGE, ATTACHED, SHEET, SOUND)


def mark(document: str, reason: str, label: str) -> Redaction:
    return Redaction(document, "E001", "m0001", 1, "term", reason, label, "1 2 3 4")


def read(data: bytes) -> list[dict[str, str]]:
    """As a reader does that was told the three signs."""
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\x14", quotechar="\u00fe")
    return [{name: value.replace("\u00ae", "\n") for name, value in row.items()} for row in rows]


def test_one_line_a_document_with_its_family() -> None:
    marks = (mark("NLSOS-000001", "child", "Child A"), mark("NLSOS-000001", "contact", ""))
    rows = read(load.concordance(DOCUMENTS, marks, (Withheld("NLSOS-000004", "E003", "privilege"),)))
    assert [(row["BEGDOC"], row["ENDDOC"], row["PGCOUNT"]) for row in rows] == [
        ("NLSOS-000001", "NLSOS-000002", "2"),
        ("NLSOS-000003", "NLSOS-000003", "1"),
        ("NLSOS-000004", "NLSOS-000004", "1"),
        ("NLSOS-000005", "NLSOS-000005", ""),
    ]
    family = ("NLSOS-000001", "NLSOS-000003")
    assert [(row["BEGATTACH"], row["ENDATTACH"]) for row in rows] == [family, family, ("", ""), ("", "")]
    assert [row["PARENTDOC"] for row in rows] == ["", "NLSOS-000001", "", ""]
    assert [row["REDACTED"] for row in rows] == ["Y", "N", "", "N"]
    assert rows[0]["REDACTIONREASON"] == "child; contact" and rows[0]["REDACTIONLABEL"] == "Child A"
    assert rows[2]["WITHHELDREASON"] == "privilege"
    assert [row["DOCLINK"] for row in rows] == ["..\\" + one.path.replace("/", "\\") for one in DOCUMENTS]


def test_no_label_ends_a_field_or_a_line() -> None:
    label = "Child \u00fe\x14 A\r\nB\u00ae"
    (row, *_) = read(load.concordance((MESSAGE,), (mark("NLSOS-000001", "child", label),), ()))
    assert row["REDACTIONLABEL"] == "Child ?? A\nB\n"
    assert row["DOCLINK"].endswith("NLSOS-000001.pdf")


def test_images_are_one_line_a_document_with_its_pages() -> None:
    lines = load.opticon(DOCUMENTS, "NL-2026-0001-B01").decode().split("\r\n")
    assert lines == [
        "NLSOS-000001,NL-2026-0001-B01,..\\documents\\NLSOS-000001.pdf,Y,,,2",
        "NLSOS-000003,NL-2026-0001-B01,..\\documents\\NLSOS-000003.pdf,Y,,,1",
        "NLSOS-000004,NL-2026-0001-B01,..\\documents\\NLSOS-000004.pdf,Y,,,1",
        "",
    ]
