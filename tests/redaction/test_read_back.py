"""The finished copy read like a stranger reads it: what was overlooked is refused, what was left open is not."""

from __future__ import annotations

from collections.abc import Sequence

import pymupdf
import pytest
from tests.support import scans
from tests.support.redactable import CHILD, Desk, bring

from evidencevault.documents.requests import ByteSource, PageText
from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused
from evidencevault.redaction import approving, attacking, marking, plans, subjects
from evidencevault.redaction.attacking import READ_BACK
from evidencevault.redaction.burning import SEARCHABLE, Making
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box

TEXT = f"On Monday {CHILD}\ncame to the office.\n\nLater {CHILD}\ncame again."


class Blind(Workers):
    """Recognises nothing on what was brought in, as a machine did that had no recognition then; copies are read."""

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        return [PageText(p.page, p.width, p.height, p.text, p.boxes) for p in super().text(name, source)]


@pytest.fixture
def scan(desk: Desk) -> Desk:
    bring(desk.case("anna"), "E004", "scan.pdf", scans.scanned(TEXT), "application/pdf")
    return desk


def mark(desk: Desk, workers: Workers, wanted: Wanted) -> None:
    marking.mark(desk.case("anna"), workers, "E004", wanted, "child")


def test_a_scan_is_marked_burnt_and_read_back(scan: Desk) -> None:
    mark(scan, Workers(), Wanted(persons=("Child A",)))
    approval = approving.approve(scan.case("leo"), Workers(), "E004")
    report = attacking.report_of(approval.report)
    assert (report.read_back, report.left_open) == (1, 0) and READ_BACK in report.methods
    assert report.languages.split("+")[0] == "nld" and report.secrets


def test_a_place_that_was_overlooked_is_refused(scan: Desk) -> None:
    """One of two mentions was marked by hand, under the child's term: the other can be read in the copy."""
    with pytest.raises(Refused, match="page 1"):
        mark(scan, Workers(), Wanted(terms=(CHILD,)))
        _without_last(scan)
        approving.approve(scan.case("leo"), Workers(), "E004")


def test_a_place_that_was_left_open_on_purpose_is_not(scan: Desk) -> None:
    mark(scan, Workers(), Wanted(terms=(CHILD,)))
    shown = plans.show(scan.case("anna"), "E004")
    assert shown is not None and len(shown.plan.marks) == 2
    plans.remove(scan.case("anna"), "E004", shown.plan.marks[-1].id)
    approval = approving.approve(scan.case("leo"), Workers(), "E004")
    assert attacking.report_of(approval.report).left_open == 1


@pytest.mark.parametrize("open_left", [False, True])
def test_a_searchable_copy_is_searched_for_what_it_hides(scan: Desk, open_left: bool) -> None:
    """What is left open on purpose may be found in it; the words of the rest are."""
    mark(scan, Workers(), Wanted(terms=(CHILD,)))
    if open_left:
        shown = plans.show(scan.case("anna"), "E004")
        assert shown is not None
        plans.remove(scan.case("anna"), "E004", shown.plan.marks[-1].id)
    case = scan.case("leo")
    approval = approving.approve(case, Workers(), "E004", making=Making(searchable=True))
    assert approval.method == SEARCHABLE and approval.burnt is not None
    with case.open_object(approval.burnt) as reader, pymupdf.open(stream=b"".join(reader.stream())) as document:
        text = document[0].get_text()
    assert "office" in text and (CHILD in " ".join(text.split())) == open_left


def test_pages_that_were_not_read_are_no_clean_pages(scan: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mark(scan, Workers(), Wanted(boxes=((1, Box(10, 10, 40, 20)),)))

    def nothing(self: Workers, name: str, source: ByteSource, pages: Sequence[int], languages: str) -> list[PageText]:
        return []

    monkeypatch.setattr(Workers, "ocr", nothing)
    with pytest.raises(Refused, match="every page"):
        approving.approve(scan.case("leo"), Blind(), "E004")


def _without_last(desk: Desk) -> None:
    """Take the last mark away as if it had never been found."""
    case = desk.case("anna")
    record = plans.need(case, "E004")
    plan = plans.opened(record, subjects.subject(case, "E004"))
    plans.keep(case, plan.without(plan.marks[-1].id), record, {"removed": plan.marks[-1].id})


@pytest.mark.parametrize(
    ("languages", "texts", "expected"),
    [
        ("nld+eng+fra+spa+ara", ("Wietske",), "nld+eng"),
        ("nld+eng+fra+spa+ara", ("Wietske", "سارة"), "nld+eng+ara"),
        ("ara+fra+eng+nld+spa", ("سارة",), "fra+eng+ara"),
        ("ara", ("Wietske",), "ara"),
        ("eng", (), "eng"),
        ("", ("Wietske",), ""),
    ],
)
def test_a_copy_is_read_in_as_many_languages_as_its_letters_need(
    languages: str, texts: tuple[str, ...], expected: str
) -> None:
    assert attacking._enough(languages, texts) == expected
