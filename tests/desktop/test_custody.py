"""The chain of custody on the screen, and its verification."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
)
from tests.desktop.window import Window
from tests.support.authority import Authority

from evidencevault.custody import extracts, verify_rows
from evidencevault.desktop import screens
from evidencevault.desktop.table import ROW, choose
from evidencevault.vault.registry import Field


def _verified(win: Window, *, shown: bool = True) -> str:
    good, bad = (win.part(QFrame, name, win.shell.custody) for name in ("good", "bad"))
    win.until(lambda: not good.isHidden() or not bad.isHidden())
    assert not shown or good.isVisible() or bad.isVisible()
    return win.part(QLabel, "goodText" if not good.isHidden() else "badText", win.shell.custody).text()


def test_every_entry_is_listed_newest_first(win: Window) -> None:
    win.shell.go(screens.CUSTODY)
    model = win.part(QListView, "list", win.shell.custody).model()
    win.until(lambda: model.rowCount() > 0)
    sequences = [model.index(n, 0).data(ROW).sequence for n in range(model.rowCount())]
    assert sequences == list(range(len(sequences)))[::-1]
    assert model.index(model.rowCount() - 1, 0).data(ROW).act.words == "Case opened"
    win.part(QLineEdit, "search").setText("access given")
    win.until(lambda: model.rowCount() < 10)
    granted = [model.index(n, 0).data(ROW).act.words for n in range(model.rowCount())]
    assert granted == ["Access given"] * 3  # to its maker, to the recovery key, to leo


def test_an_intact_chain(win: Window) -> None:
    win.shell.go(screens.CUSTODY)
    win.part(QCheckBox, "full", win.shell.custody).setChecked(True)
    win.click("verify", win.shell.custody)
    said = _verified(win)
    assert said.startswith("Intact.")
    assert "NL-2026-0001" in said
    assert "were not read" not in said
    assert "verified Today" in win.part(QLabel, "verified").text().replace("\u2068", "").replace("\u2069", "")
    assert win.part(QPushButton, "verify", win.shell.custody).isEnabled()


def test_what_was_changed_is_named(win: Window) -> None:
    # As somebody with the database file and without keys could.
    with sqlite3.connect(win.made.vault / "vault.db") as raw:
        raw.execute("update entry set body = zeroblob(length(body)) where sequence = 3 and ledger != zeroblob(16)")
    raw.close()
    win.shell.go(screens.CUSTODY)
    win.click("verify", win.shell.custody)
    said = _verified(win)
    assert said.startswith("Not intact")
    assert "entry 3" in said
    assert "NOT intact" in win.part(QLabel, "verified").text()


def test_a_case_that_cannot_be_opened_is_listed_and_can_be_verified(win: Window) -> None:
    win.desktop.lock()
    win.locked()
    with sqlite3.connect(win.made.vault / "vault.db") as raw:
        raw.execute("update entry set body = zeroblob(length(body)) where sequence = 3 and ledger != zeroblob(16)")
    raw.close()
    win.desktop.open_with(win.made.unlock())
    model = win.part(QListView, "list", win.shell.home).model()
    win.until(lambda: model.rowCount() == 1)
    assert model.index(0, 0).data(ROW).title == "This case cannot be opened"
    win.click("verify", win.shell.home)
    bad = win.part(QLabel, "badText", win.shell.home)
    win.until(bad.isVisible)
    assert "NL-2026-0001, entry 3" in bad.text()


def test_a_page_read_during_a_verification_is_no_alarm(win: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    real = verify_rows.case_rows

    def slowly(*given: Any) -> Any:
        gate.set()  # in the middle of the walk another thread writes an entry
        written.wait(20)
        return real(*given)

    gate, written = threading.Event(), threading.Event()
    monkeypatch.setattr(verify_rows, "case_rows", slowly)
    win.shell.go(screens.CUSTODY)
    win.click("verify", win.shell.custody)
    win.until(gate.is_set)
    win.shell.go(screens.EVIDENCE)
    win.choose("E001")
    win.until(lambda: win.entries("viewed") == [("viewed", "E001")])
    written.set()
    assert _verified(win, shown=False).startswith("Intact.")


def test_entries_are_filtered_and_read_in_full(win: Window) -> None:
    win.shell.go(screens.CUSTODY)
    custody = win.shell.custody
    model = win.part(QListView, "list", custody).model()
    win.until(lambda: model.rowCount() > 0)
    every = model.rowCount()
    win.part(QLineEdit, "item", custody).setText("e002")
    assert 0 < model.rowCount() < every
    assert all("E002" in model.index(n, 0).data(ROW).subjects for n in range(model.rowCount()))
    win.part(QComboBox, "act", custody).setCurrentText("Imported and encrypted")
    assert model.rowCount() == 1
    win.part(QListView, "list", custody).setCurrentIndex(model.index(0, 0))
    entry = win.part(QTextBrowser, "entry", custody)
    win.until(lambda: "SHA-256" in entry.toPlainText())
    assert "anna" in entry.toPlainText()
    win.click("goto", custody)
    win.until(lambda: win.shell.shown is win.evidence and win.evidence.list.current == "E002")


def test_a_missed_deadline_is_answered(win: Window) -> None:
    win.shell.go(screens.CUSTODY)
    custody = win.shell.custody
    model = win.part(QListView, "list", custody).model()
    win.until(lambda: win.entries("overdue"))
    act = win.part(QComboBox, "act", custody)
    win.until(lambda: act.findData("overdue") >= 0)
    act.setCurrentIndex(act.findData("overdue"))
    win.part(QListView, "list", custody).setCurrentIndex(model.index(0, 0))
    entry = win.part(QTextBrowser, "entry", custody)
    win.until(lambda: "Nobody has answered" in entry.toPlainText())
    win.click("answer", custody)
    editor = custody._editor
    win.until(lambda: editor.findChildren(QPlainTextEdit))
    QTest.keyClicks(editor.findChildren(QPlainTextEdit)[0], "I was ill; it is done now.")
    win.click("save", editor)
    win.until(lambda: len(win.entries("answered")) == 1)
    win.until(lambda: "Nobody has answered" not in entry.toPlainText())
    assert not win.part(QPushButton, "answer", custody).isVisible()


def test_report_and_checkpoint_leave_as_files(win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    win.shell.go(screens.CUSTODY)
    custody = win.shell.custody
    names = iter(["report.pdf", "sheet.pdf", "note.txt"])
    monkeypatch.setattr(custody._files, "save", lambda *_: tmp_path / next(names))
    win.click("report", custody)
    win.until(lambda: win.entries("exported"))
    win.until(lambda: (tmp_path / "report.pdf").exists() and not win.shell.desk.busy)
    custody.leaving.print_checkpoint()
    custody.leaving.save_checkpoint()
    win.until(lambda: (tmp_path / "note.txt").exists())
    note = (tmp_path / "note.txt").read_bytes()
    assert note.startswith(b"evidencevault.org/v1/")
    with pymupdf.open(tmp_path / "sheet.pdf") as sheet:
        page = sheet[0]
        pixels = page.get_pixmap(dpi=200)
    image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [note.decode()]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def _said(win: Window) -> str:
    return win.shell.floating.toast.accessibleName()


def test_a_court_is_given_named_fields_and_nothing_else(
    win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    win.shell.go(screens.CUSTODY)
    custody, to = win.shell.custody, tmp_path / "court.json"
    monkeypatch.setattr(custody._files, "save", lambda *_: to)
    view = win.part(QListView, "list", custody)
    win.until(lambda: view.model().rowCount() > 0)
    imported = next(one for one in custody._model.rows if one.action == "imported" and "E001" in one.subjects)
    assert choose(view, custody._model, imported.id)
    custody.leaving.disclose()
    editor = custody._editor
    win.until(lambda: editor.findChildren(QCheckBox))
    entries, exhibits, *_ = editor.findChildren(QPlainTextEdit)
    assert entries.toPlainText() == imported.id
    purpose, basis = (one for one in editor.findChildren(QLineEdit) if one.accessibleName() in ("What for",
                      "On which legal basis"))  # fmt: skip
    QTest.keyClicks(purpose, "The hearing of 3 March")
    QTest.keyClicks(basis, "A court order")
    remark = win.part(QLabel, "heedText", editor)
    win.until(lambda: "opened: nothing yet" in remark.text())
    digest = next(one for one in editor.findChildren(QCheckBox) if "SHA-256" in one.text())
    digest.click()
    win.until(lambda: "opened: The digest (SHA-256). Stays closed: Who did what" in remark.text())
    QTest.keyClicks(exhibits, "e002")
    win.until(lambda: remark.text().count("opened:") == 2)
    win.click("save", editor)
    win.until(to.exists)
    win.until(lambda: "What was disclosed is in" in _said(win))
    found = extracts.check(to.read_bytes())
    assert [set(one.fields) for one in found.entries] == [{Field.DIGEST}, {Field.DIGEST}]
    assert len(win.entries("exported")) == 1


def test_what_cannot_be_disclosed_is_said_at_its_field(
    win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    win.shell.go(screens.CUSTODY)
    custody = win.shell.custody
    monkeypatch.setattr(custody._files, "save", lambda *_: tmp_path / "court.json")
    custody.leaving.disclose()
    editor = custody._editor
    win.until(lambda: editor.findChildren(QCheckBox))
    entries = editor.findChildren(QPlainTextEdit)[0]
    for one in editor.findChildren(QLineEdit):
        if one.accessibleName() in ("What for", "On which legal basis"):
            QTest.keyClicks(one, "x")
    entries.setPlainText("1-999999999")  # is not counted out
    win.until(lambda: "more entries than one disclosure holds" in win.part(QLabel, "heedText", editor).text())
    entries.setPlainText("the first")
    win.until(lambda: "such as 12 or 15-17" in win.part(QLabel, "heedText", editor).text())
    win.click("save", editor)
    win.until(lambda: any("such as 12" in one.text() for one in editor.findChildren(QLabel) if one.isVisible()))
    assert not (tmp_path / "court.json").exists() and win.entries("exported") == []


def test_a_time_stamp_is_asked_for_and_kept(win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    win.shell.go(screens.CUSTODY)
    custody = win.shell.custody
    request, answer, roots = tmp_path / "a.tsq", tmp_path / "a.tsr", tmp_path / "roots.pem"
    monkeypatch.setattr(custody._files, "save", lambda *_: request)
    custody.leaving.ask_for_stamp()
    win.until(lambda: request.exists() and not win.shell.desk.busy)
    authority = Authority(tmp_path / "authority")
    answer.write_bytes(authority.answer(request.read_bytes()))
    roots.write_bytes(authority.root)
    chosen = iter([answer, roots])
    monkeypatch.setattr(custody._files, "any", lambda *_: next(chosen))
    custody.leaving.bring_stamp(checked=True)
    win.until(lambda: "was stamped on" in _said(win))
    assert "not checked" not in _said(win)
    answer.write_bytes(b"no stamp")
    monkeypatch.setattr(custody._files, "any", lambda *_: answer)
    custody.leaving.bring_stamp(checked=False)
    win.until(win.part(QFrame, "problem", custody).isVisible)


def test_the_chain_leaves_for_other_programs(win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    win.shell.go(screens.CUSTODY)
    custody, to = win.shell.custody, tmp_path / "custody.jsonld"
    monkeypatch.setattr(custody._files, "save", lambda *_: to)
    custody.leaving.save_for_tools()
    win.until(to.exists)
    win.until(lambda: not win.shell.desk.busy)
    assert "uco-core" in json.loads(to.read_text("utf-8"))["@context"]
    acts = [said for said, _ in custody.leaving.acts()]
    assert len(acts) == 8 and acts[0] == "Custody report …"
