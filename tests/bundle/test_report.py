"""The custody report: what it says, that nothing in it is obeyed, and that the chain knows of it first."""

from __future__ import annotations

import errno
import hashlib
import subprocess
from pathlib import Path

import pytest
from tests.support.redactable import LETTER, Desk, bring

from evidencevault.bundle import report
from evidencevault.bundle.report_html import escaped, hash_line, paragraph, time_cell
from evidencevault.bundle.report_page import report_html
from evidencevault.casework import cases, people
from evidencevault.errors import NotPermitted, Refused, StorageFailed
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Acquisition
from evidencevault.redaction import approving, marking
from evidencevault.redaction.marking import Wanted
from evidencevault.resources import use_language
from evidencevault.vault.durable import NewFile

HOSTILE = "<script>alert('x')</script>\n\u202egpj.exe"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk with a whole record of the case."""
    safety = cases.Safety(state="safe")
    described = cases.Case(title=HOSTILE, categories=("neglect",), severity="high", immediate_safety=safety)
    cases.update(desk.case("anna"), described)
    return desk


def test_it_names_every_exhibit_with_its_hash_and_what_was_done(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("anna")
    marking.mark(case, desk.burner, "E001", Wanted(persons=("Child A",)), "child")
    approving.approve(desk.case("leo"), desk.burner, "E001")
    case = desk.case("anna")
    before = len(list(case.entries()))
    made = report.write(case, desk.burner, tmp_path / "report.pdf")
    data = made.path.read_bytes()
    assert hashlib.sha256(data).digest() == made.sha256
    assert made.path.stat().st_mode & 0o077 == 0 and [p.name for p in tmp_path.glob("*.p*")] == ["report.pdf"]
    text = subprocess.check_output(["pdftotext", "-layout", made.path, "-"], text=True)
    for one in exhibits.list_exhibits(case):
        assert one.number in text and one.name in text
        assert one.sha256 is None or one.sha256.hex() in text
    for word in ("imported", "marked", "redacted", "approved", "anna", "leo", "the school", "safe 1", case.reference):
        assert word in text, word
    assert str(before) in text and case.vault_id.hex() in text
    entries = list(case.entries())
    assert len(entries) == before + 1 and entries[-1].sequence == made.sequence
    assert (entries[-1].action, entries[-1].digest) == ("exported", made.sha256)
    assert entries[-1].details == {"kind": "custody-report", "format": "clear"}


def test_names_are_shown_and_not_obeyed(desk: Desk) -> None:
    case = desk.case("anna")
    bring(case, "E009", HOSTILE, LETTER.encode(), "text/plain")
    people.add(case, people.Person(role="staff", names=("X",), label="<b>ليلى & O'Neil</b>"))
    exhibits.hold(case, "a" * 300, Acquisition("<img src=x> “I'm” \u2066خالد"), place="</td></table><h1>")
    page = report_html(case)
    assert "<script" not in page and "<img" not in page
    assert page.count("<h1") == page.count("<h1>") == 1 and page.count("<table") == page.count("</table>")
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;\\n\\u202egpj.exe" in page.replace("\u200b", "")
    assert "\u202e" not in page and "\u2066" not in page and "\\u2066خالد" in page
    assert "&lt;b&gt;ليلى &amp; O&#x27;Neil&lt;/b&gt;" in page
    assert "a" * 33 not in page and "a" * 300 in page.replace("\u200b", "")


def test_a_text_is_escaped_and_a_time_keeps_its_offset() -> None:
    assert escaped("a <b> & 'c'\t\x1b[31m\ud800") == "a &lt;b&gt; &amp; &#x27;c&#x27;\\t\\x1b[31m\\ud800"
    assert time_cell("2026-03-18", "") == "2026-03-18"
    said = time_cell("2026-07-01T09:05:07.123+02:00", "CEST").replace("\u00a0", " ")
    assert said == "2026-07-01 09:05:07 +02:00 (CEST)"
    assert time_cell("2026-01-01T09:05:07Z", "").replace("\u00a0", " ") == "2026-01-01 09:05:07 +00:00"
    assert time_cell("2026-01-01T09:05:07-03:00", "").endswith("-03:00")


def test_it_is_written_only_where_it_may_be(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("anna")
    taken = tmp_path / "taken.pdf"
    taken.write_text("mine")
    (tmp_path / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    vault = case.office.database.folder
    before = len(list(case.entries()))
    for target, said in (
        (taken, "exists already"),
        (tmp_path / "dangling.pdf", "exists already"),
        (tmp_path / "no" / "such" / "r.pdf", "There is no folder"),
        (vault / "r.pdf", "the vault's own folder"),
        (vault / "objects" / "r.pdf", "the vault's own folder"),
        (tmp_path / "state" / ".." / vault.name / "r.pdf", "the vault's own folder"),
    ):
        (vault / "objects").mkdir(exist_ok=True)
        with pytest.raises(Refused, match=said):
            report.write(case, desk.burner, target)
    assert taken.read_text() == "mine" and not (tmp_path / "no").exists() and not list(vault.rglob("*.pdf"))
    assert len(list(case.entries())) == before


def test_oversight_gets_no_report(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        report.write(desk.case("olga"), desk.burner, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_a_full_disk_leaves_no_file_and_the_chain_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: NewFile, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    case = desk.case("anna")
    out = tmp_path / "out"
    out.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(NewFile, "write", full)
        with pytest.raises(StorageFailed, match="No space left on device"):
            report.write(case, desk.burner, out / "r.pdf")
    assert list(out.iterdir()) == []
    exported, noted = list(case.entries())[-2:]
    assert (exported.action, noted.action) == ("exported", "noted")
    assert noted.details == {"kind": "export-failed", "entry": exported.sequence}


def test_what_is_written_from_the_right_leaves_hashes_and_dates_as_they_are() -> None:
    digest = "357aa0c3" * 8
    assert paragraph("on 2026-11-01") == "<p>on 2026-11-01</p>" and digest in hash_line("SHA-256", digest)
    use_language("ar")
    try:
        assert "\u200e2026-11-01T08:00:00+01:00\u200e," in paragraph("on 2026-11-01T08:00:00+01:00, <b>")
        assert f'<p><span class="hash">{digest}</span></p>' in hash_line("x", digest)
    finally:
        use_language("en")
