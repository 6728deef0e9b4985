"""What recognition read is kept sealed, page by page, and taken up where it was stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from evidencevault.custody.casefile import Kind
from evidencevault.documents import tessdata
from evidencevault.documents.requests import OCR_DPI, ByteSource, DocumentFailed, PageText, Reason
from evidencevault.documents.said import Said
from evidencevault.documents.sentences import failed
from evidencevault.documents.workers import Workers
from evidencevault.errors import Cancelled
from evidencevault.evidence import exhibits, recognition, search
from evidencevault.progress import Progress
from evidencevault.redaction import marking, plans
from evidencevault.redaction.marking import Wanted
from tests.support import scans, vaults
from tests.support.redactable import Desk, bring, make_desk

TEXT = "On Monday Wietske Bartelsen\ncame to the office."
PAGES = 9


class Counting(Workers):
    """Real workers that note which pages they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []

    def ocr(
        self,
        name: str,
        source: ByteSource,
        pages: Sequence[int],
        languages: str,
        begun: Callable[[Callable[[], None]], None] | None = None,
    ) -> Iterator[PageText]:
        for page in super().ocr(name, source, pages, languages, begun):
            self.read.append(page.page)
            yield page


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[vaults.Made]:
    root = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        yield vaults.make(root)


@pytest.fixture
def desk(made: vaults.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    fresh = vaults.copy(made, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    desk = make_desk(fresh)
    texts = [TEXT, *(f"Page {n}" for n in range(2, PAGES + 1))]
    bring(desk.case("anna"), "E004", "scan.pdf", scans.scanned(*texts), "application/pdf")
    yield desk
    desk.close()


def test_pages_are_read_once_and_only_again_in_other_languages(desk: Desk) -> None:
    case, workers = desk.case("anna"), Counting()
    first = recognition.recognise(case, workers, "E004", [1, 2], "eng")
    assert "Bartelsen" in first[1].text and sorted(workers.read) == [1, 2]
    again = recognition.recognise(desk.case("anna"), workers, "E004", [2, 3, 1], "eng")
    assert sorted(workers.read) == [1, 2, 3] and sorted(again) == [1, 2, 3]
    assert (again[1].text, again[1].boxes, again[1].page) == (first[1].text, first[1].boxes, 1)
    assert abs(again[1].width - first[1].width) < 0.001
    recognition.recognise(case, workers, "E004", [1], "nld")
    assert sorted(workers.read) == [1, 1, 2, 3] and sorted(recognition.kept(case, "E004", "nld")) == [1]
    assert [one.action for one in case.entries() if one.subject == "E004"].count("recorded") == 3


def test_what_was_stopped_is_taken_up_where_it_was(desk: Desk) -> None:
    case, workers = desk.case("anna"), Counting()
    progress = Progress(lambda state: progress.cancel() if state.done >= 3 else None)
    with pytest.raises(Cancelled):
        recognition.recognise(case, workers, "E004", list(range(1, PAGES + 1)), "eng", progress)
    kept = set(recognition.kept(desk.case("anna"), "E004", "eng"))
    assert 3 <= len(kept) < PAGES
    workers.read.clear()
    every = recognition.recognise(desk.case("anna"), workers, "E004", list(range(1, PAGES + 1)), "eng")
    assert set(workers.read) == set(range(1, PAGES + 1)) - kept and len(every) == PAGES


def test_a_stop_is_heeded_in_the_middle_of_a_page(desk: Desk) -> None:
    """Eight pages that take seconds each; the stop comes before the first of them is done."""
    case = desk.case("anna")
    full = "\n".join(["The trainer asked three children to stay behind although parents waited"] * 40)
    bring(case, "E005", "long.pdf", scans.scanned(*[full] * 8, width=595, height=842, size=9.0), "application/pdf")
    progress, workers = Progress(), Counting()
    timer = threading.Timer(1.0, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        recognition.recognise(case, workers, "E005", list(range(1, 9)), "eng", progress)
    timer.join()
    assert len(workers.read) < 8 and set(recognition.kept(case, "E005", "eng")) == set(workers.read)


def test_a_page_that_fails_takes_no_other_with_it(desk: Desk) -> None:
    """Page 2 is refused each time it is reached, as a page is that needs too much time or memory."""

    class Failing(Counting):
        def _page(self, said: Said) -> PageText:
            if said.number("page", 100) == 2:
                raise failed("scan.pdf", Reason.TIME)
            return super()._page(said)

    case, workers = desk.case("anna"), Failing()
    every = list(range(1, PAGES + 1))
    with pytest.raises(DocumentFailed) as caught:
        recognition.recognise(case, workers, "E004", every, "eng")
    assert caught.value.reason is Reason.TIME
    assert sorted(recognition.kept(case, "E004", "eng")) == sorted(workers.read) == [1, *range(3, PAGES + 1)]


def test_pages_are_read_again_where_that_is_asked_and_say_what_read_them(desk: Desk) -> None:
    case, workers = desk.case("anna"), Counting()
    recognition.recognise(case, workers, "E004", [1, 2], "eng")
    recognition.recognise(case, workers, "E004", [1], "eng", again=True)
    assert sorted(workers.read) == [1, 1, 2]
    (record,) = case.records(Kind.RECOGNITION)
    rows = record.body["pages"]
    assert isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    said = sorted((row[0], *row[2:]) for row in rows if isinstance(row, list))
    assert (
        said == [(1, tessdata.engine(), OCR_DPI), (2, tessdata.engine(), OCR_DPI)] and tessdata.engine()[-1].isdigit()
    )


def test_what_stands_in_pixels_is_found_by_search_but_for_restricted_items(desk: Desk) -> None:
    case = desk.case("anna")
    bring(case, "E005", "other.pdf", scans.scanned(TEXT), "application/pdf")
    exhibits.amend(case, "E005", reason="medical", restricted="medical file")
    assert search.search(case, "bartelsen") == []
    for number in ("E004", "E005"):
        recognition.recognise(case, Workers(), number, [1], "eng")
    (hit,) = search.search(case, "bartelsen")
    assert (hit.exhibit, hit.page) == ("E004", 1) and hit.snippet is not None and "Wietske" in hit.snippet
    recognition.recognise(case, Workers(), "E004", [1], "eng", again=True)
    assert len(search.search(case, "bartelsen")) == 1
    assert [one.subject for one in case.entries() if one.action == "viewed"] == ["E004"]


def test_nothing_that_was_read_lies_in_clear(desk: Desk) -> None:
    recognition.recognise(desk.case("anna"), Workers(), "E004", [1], "eng")
    folder = desk.made.folder
    desk.close()
    for file in (one for one in folder.rglob("*") if one.is_file()):
        data = file.read_bytes()
        for encoding in ("utf-8", "utf-16-le"):
            assert "Bartelsen".encode(encoding) not in data, file


def test_a_person_in_a_scan_is_marked_over_the_pixels(desk: Desk) -> None:
    marks = marking.mark(desk.case("anna"), Workers(), "E004", Wanted(persons=("Child A",)), "child")
    assert [mark.page for mark in marks] == [1] and marks[0].boxes[0].x1 - marks[0].boxes[0].x0 > 60
    assert desk.case("anna").records(Kind.RECOGNITION)
    shown = plans.show(desk.case("anna"), "E004")
    assert shown is not None and shown.plan.marks == marks
