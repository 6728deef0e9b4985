"""What the pages of OpenDocument files do not show is listed; of the old formats it is said that it can not be."""

from __future__ import annotations

import pytest
from tests.documents.conftest import refused

from evidencevault.documents.requests import Bytes, HiddenItem, Reason
from evidencevault.documents.workers import Workers
from support import office

TEXT = "application/vnd.oasis.opendocument.text"
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
SLIDES = "application/vnd.oasis.opendocument.presentation"
META = (
    f"<office:document-meta {office.SPACES}><office:meta><dc:creator>Authorname</dc:creator>"
    '<meta:user-defined meta:name="Case">casewords</meta:user-defined></office:meta></office:document-meta>'
)
LETTER = (
    '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>'
    "<dc:creator>Jo</dc:creator><dc:date>2026-01-02</dc:date></office:change-info><text:p>deletedwords</text:p>"
    '</text:deletion></text:changed-region><text:changed-region text:id="c2"><text:insertion><office:change-info>'
    "<dc:creator>An</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
    '<text:p>Seen <text:change-start text:change-id="c2"/>inserted<text:span> words</text:span>'
    '<text:change-end text:change-id="c2"/> after <text:change text:change-id="c1"/>'
    "<office:annotation><dc:creator>Ilvy</dc:creator><text:p>commentwords</text:p></office:annotation>"
    '<text:a xlink:href="https://link.example/x">link</text:a><text:span text:style-name="T2">vanishedwords</text:span>'
    '<text:hidden-text text:string-value="conditionwords"/></text:p>'
    '<text:section text:name="S" text:display="none"><text:p>sectionwords</text:p></text:section>'
    '<text:section><text:section-source xlink:href="../beside.odt"/></text:section>'
    '<draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>describedwords</svg:desc></draw:frame>'
)
HIDING = (
    '<office:automatic-styles><style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T2" style:parent-style-name="T1"/>'
    '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="dp1"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    "</office:automatic-styles>"
)


def hidden(name: str, data: bytes) -> list[HiddenItem]:
    return Workers().hidden(name, Bytes(data))


def texts(items: list[HiddenItem], kind: str) -> list[str]:
    return [one.text for one in items if one.kind == kind]


def test_a_text() -> None:
    parts = {"meta.xml": META, "Basic/Standard/M.xml": "<x/>", "Thumbnails/thumbnail.png": "x"}
    parts["Object 1/content.xml"] = "<a>chartwords</a>"
    found = hidden("a.odt", office.packed(TEXT, parts, LETTER, HIDING))
    assert texts(found, "property") == ["creator: Authorname", "user-defined Case: casewords"]
    assert texts(found, "deleted") == ["Jo 2026-01-02: deletedwords"]
    assert texts(found, "inserted") == ["An: inserted words"]
    assert texts(found, "comment") == ["Ilvy: commentwords"]
    assert texts(found, "link") == ["https://link.example/x"]
    assert texts(found, "external-link") == ["../beside.odt"]
    assert texts(found, "hidden-text") == ["vanishedwords", "conditionwords", "sectionwords"]
    assert texts(found, "alternative") == ["describedwords"]
    assert texts(found, "macro") == ["Basic/Standard/M.xml"]
    assert texts(found, "thumbnail") == ["Thumbnails/thumbnail.png"]
    assert any("chartwords" in one for one in texts(found, "embedded")) and texts(found, "unreadable") == []


def test_a_workbook() -> None:
    def row(word: str, more: str = "") -> str:
        cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
        return f"<table:table-row{more}>{cell.format('', word)}{cell.format('', 'beside' + word)}</table:table-row>"

    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    folded = row("two", ' table:visibility="collapse"')
    body = (
        f'<table:table table:name="Group">{columns}{row("one")}{folded}'
        '<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row></table:table>'
        f'<table:table table:name="Locked" table:style-name="ta1">{row("lockedwords")}</table:table>'
        f'<table:table table:name="Part" table:print-ranges="Part.A1">{row("partwords")}</table:table>'
        '<table:named-expressions><table:named-range table:name="Who" table:cell-range-address="Group.A1"/>'
        "</table:named-expressions>"
    )
    found = hidden("a.ods", office.packed(SHEET, {}, body, HIDING))
    assert texts(found, "hidden-column") == ["Group: besideone", "Group: besidetwo"]
    assert texts(found, "hidden-row") == ["Group: two besidetwo"]
    assert len(texts(found, "hidden-sheet")) == 1 and "lockedwords" in texts(found, "hidden-sheet")[0]
    assert len(texts(found, "outside")) == 1 and "partwords" in texts(found, "outside")[0]
    assert texts(found, "formula") == ["of:=1+1"] and texts(found, "defined-name") == ["Who: Group.A1"]


def test_slides() -> None:
    body = (
        '<draw:page draw:name="a"><text:p>seen</text:p><presentation:notes><text:p>noteswords</text:p>'
        '</presentation:notes></draw:page><draw:page draw:style-name="dp1"><text:p>slidewords</text:p></draw:page>'
    )
    found = hidden("a.odp", office.packed(SLIDES, {}, body, HIDING))
    assert [(one.kind, one.page, one.text) for one in found] == [
        ("notes", 1, "noteswords"), ("hidden-slide", 2, "slidewords"),
    ]  # fmt: skip


def test_under_a_password_nothing_is_listed() -> None:
    manifest = f"<manifest:manifest {office.SPACES}><manifest:encryption-data/></manifest:manifest>"
    data = office.packed(TEXT, {"META-INF/manifest.xml": manifest}, "")
    assert refused(lambda: hidden("a.odt", data)).reason is Reason.ENCRYPTED


def test_a_damaged_part_is_said_and_the_list_goes_on() -> None:
    found = hidden("a.odt", office.packed(TEXT, {"styles.xml": "<broken", "meta.xml": META}, LETTER))
    assert texts(found, "unreadable") == ["styles.xml"] and texts(found, "comment") == ["Ilvy: commentwords"]


@pytest.mark.skipif(not office.installed(), reason=office.NEEDED)
@pytest.mark.parametrize("ending", ["doc", "xls", "ppt", "rtf"])
def test_of_the_old_formats_it_is_said_that_nothing_can_be_listed(ending: str) -> None:
    assert hidden(f"a.{ending}", office.document(ending)) == [HiddenItem("unlisted", 0, f".{ending}")]
