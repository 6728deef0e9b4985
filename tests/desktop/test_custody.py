"""The chain of custody on the screen, and its verification."""

from __future__ import annotations

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

from evidencevault.custody import verify_rows
from evidencevault.desktop import screens
from evidencevault.desktop.table import ROW


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
    custody._print_checkpoint()
    custody._save_checkpoint()
    win.until(lambda: (tmp_path / "note.txt").exists())
    note = (tmp_path / "note.txt").read_bytes()
    assert note.startswith(b"evidencevault.org/v1/")
    with pymupdf.open(tmp_path / "sheet.pdf") as sheet:
        page = sheet[0]
        pixels = page.get_pixmap(dpi=200)
    image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [note.decode()]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
