"""What LibreOffice makes pages of is marked and burnt on one sealed PDF, and stays redactable without LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from tests.support.redactable import CHILD, Desk

from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.documents import libreoffice
from evidencevault.documents.requests import Bytes
from evidencevault.documents.workers import Workers
from evidencevault.evidence import conversion, exhibits, findings, intake, reading, search
from evidencevault.evidence.model import Acquisition, Exhibit
from evidencevault.progress import Progress
from evidencevault.redaction import approving, burning, marking, unseen
from evidencevault.redaction.marking import Wanted
from support import office

pytestmark = pytest.mark.skipif(not office.installed(), reason=office.NEEDED)
SAID = Acquisition("the school")
LETTER = office.flat("fodt", f"<text:p>On Monday {CHILD} came.</text:p><text:p>Nobody else was there.</text:p>")


def bring(case: CaseFile, folder: Path, ending: str, workers: Workers) -> Exhibit:
    path = folder / f"letter.{ending}"
    path.write_bytes(office.written(LETTER, "fodt", ending))
    report = intake.bring_in(case, [path], SAID, workers=workers)
    assert report.failed == () and report.not_looked is None
    return next(one for one in exhibits.list_exhibits(case) if one.name == path.name)


def sealed(case: CaseFile) -> list[bytes]:
    """The PDFs of the case, as stored."""
    found = []
    for record in case.records(Kind.CONVERSION):
        item = record.body["object"]
        assert isinstance(item, bytes)
        with case.open_object(item) as reader:
            found.append(b"".join(reader.stream()))
    return found


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)


def test_a_letter_is_shown_searched_marked_burnt_and_compared_on_one_pdf(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, workers = desk.case("anna"), Workers()
    one = bring(case, tmp_path, "doc", workers)
    assert (one.media_type, one.previewable, one.pages, one.failure) == ("application/msword", True, 1, None)
    (made,) = sealed(case)
    kept = conversion.kept(case, one)
    assert made.startswith(b"%PDF") and kept is not None and kept.by.startswith("LibreOffice ")
    found = exhibits.findings(case, one.number)
    assert found is not None and found.metadata["by"] == kept.by
    # From here on it is needed no more, and asked for no more.
    without(monkeypatch)
    assert [hit.exhibit for hit in search.search(case, "Monday")] == [one.number]
    (page,) = reading.text(case, workers, one.number)
    assert CHILD in page.text and reading.thumbnail(case, workers, one.number).startswith(b"\x89PNG")
    shown = reading.render(case, workers, one.number, 1, width=400)
    assert shown == reading.render(case, workers, one.number, 1, width=400)
    with reading.original(case, one.number) as reader:
        assert reader.read(0, 4) == b"\xd0\xcf\x11\xe0", "the exhibit itself stays as it came"
    marking.mark(case, workers, one.number, Wanted(persons=("Child A",)), "child")
    approval = approving.approve(desk.case("leo"), workers, one.number)
    leo = desk.case("leo")
    with leo.open_object(approval.burnt) as reader:
        burnt = b"".join(reader.stream())
    with pymupdf.open(stream=burnt) as copy:
        assert copy.page_count == 1
        x0, y0, x1, y1 = page.box(page.text.index(CHILD), page.text.index(CHILD) + len(CHILD))
        pixels = copy[0].get_pixmap(clip=(x0, y0, x1, y1)).samples
        dark = sum(value < 60 for value in pixels) / len(pixels)
        assert dark > 0.6, "black, but for the label, where the name stood on the sealed PDF"
    assert workers.text("copy.pdf", Bytes(burnt))[0].text.strip() == ""
    assert sealed(leo) == [made] and approval.method == burning.RASTER


def test_what_waited_for_it_is_looked_at_again_when_it_is_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, workers = desk.case("anna"), Workers()
    with monkeypatch.context() as patch:
        without(patch)
        one = bring(case, tmp_path, "odt", workers)
        assert not one.previewable and "LibreOffice" in (one.failure or "") and sealed(case) == []
        assert findings.examine(case, workers, Progress()).lines == ()
    findings.examine(case, workers, Progress())
    again = exhibits.get(case, one.number)
    assert (again.previewable, again.pages, again.failure) == (True, 1, None) and len(sealed(case)) == 1
    assert findings.examine(case, workers, Progress()).lines == () and len(sealed(case)) == 1


def test_what_can_not_be_listed_is_said(desk: Desk, tmp_path: Path) -> None:
    case, workers = desk.case("anna"), Workers()
    one = bring(case, tmp_path, "rtf", workers)
    assert [item.kind for item in unseen.unseen(case, workers, one.number)] == ["unlisted"]
