"""The chain of custody on the screen, and its verification."""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QListView, QPushButton
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
