"""How long closed cases are kept, and what is due as a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QPushButton, QStackedWidget
from tests.desktop.case_made import REFERENCE
from tests.desktop.window import Window

from evidencevault.desktop import retention as screen
from evidencevault.desktop import screens
from evidencevault.desktop.retention import RetentionScreen
from evidencevault.evidence import retention
from evidencevault.evidence.retention import Kept

OPEN = Kept(REFERENCE, datetime(2020, 3, 1, tzinfo=UTC), datetime(2022, 3, 1, tzinfo=UTC), "neglect", "art. 5", (), 6)


def _shown(win: Window) -> RetentionScreen:
    win.shell.go(screens.OVERVIEW)
    win.click("retention", win.shell.shown)
    shown = win.shell.shown
    assert isinstance(shown, RetentionScreen)
    return shown


def test_nothing_is_closed_yet(win: Window) -> None:
    shown = _shown(win)
    pages = win.part(QStackedWidget, "pages", shown)
    win.until(lambda: pages.currentIndex() == screen.EMPTY)
    win.click("back", shown)
    assert win.shell.shown is win.shell.at(screens.OVERVIEW)


def test_what_may_go_what_is_held_and_what_stays_is_told_apart(win: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    # The rows alone are given: closing a case by two and waiting for years is tested with the service.
    later = replace(OPEN, until=datetime(2200, 1, 1, tzinfo=UTC))
    found = [OPEN, replace(OPEN, held=("H01",)), later, replace(OPEN, until=None, clause="")]
    monkeypatch.setattr(retention, "kept", lambda opened: found)
    shown = _shown(win)
    view = win.part(QListView, "list", shown)
    win.until(lambda: shown._model.rowCount() == 4)
    told = [(one.state, one.tone) for one in shown._model.rows]
    assert told == [("can be erased", "warn"), ("held: H01", "bad"), ("kept", "plain"),
                    ("the policy says nothing of it", "plain")]  # fmt: skip
    assert "until" in shown._model.rows[0].title and "art. 5" in shown._model.rows[0].sub
    view.setCurrentIndex(shown._model.index(0, 0))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    win.until(lambda: win.shell.shown is win.evidence)


def test_what_is_due_leaves_as_a_calendar_without_a_name(
    win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    win.shell.go(screens.HOME)
    to = tmp_path / "due.ics"
    monkeypatch.setattr(win.shell.home._files, "save", lambda *_: to)
    assert win.part(QPushButton, "calendar", win.shell.home).isVisible()
    win.click("calendar", win.shell.home)
    win.until(to.exists)
    events = icalendar.Calendar.from_ical(to.read_bytes()).walk("VEVENT")
    assert events and all(str(one["summary"]).startswith(REFERENCE) for one in events)
    assert b"anna" not in to.read_bytes()
