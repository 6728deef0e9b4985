"""The first screen and the whole overview: what is due leads to its record, and the counts agree with the services."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QWidget
from tests.desktop.case_made import REFERENCE
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.charts import BarChart
from evidencevault.desktop.overview import OverviewScreen
from evidencevault.desktop.table import ROW


def _chart(screen: QWidget, name: str) -> str:
    place = screen.findChild(QWidget, name)
    assert place is not None
    chart = place.findChild(BarChart)
    assert chart is not None
    return chart.accessibleDescription()


def test_what_is_due_leads_to_its_case(win: Window) -> None:
    win.shell.go(screens.HOME)
    today = win.part(QListView, "today", win.shell.home)
    win.until(lambda: today.model().rowCount() > 0)
    rows = [today.model().index(n, 0).data(ROW) for n in range(today.model().rowCount())]
    assert all(one.late and one.case == REFERENCE for one in rows)
    assert any("C01" in one.about for one in rows)
    assert win.part(QLabel, "todayCount").text() == str(len(rows))
    assert "Investigating: 1" in _chart(win.shell.home, "states")
    today.setFocus()
    QTest.keyClick(today, Qt.Key.Key_Return)
    win.until(lambda: win.shell.place.screen != screens.HOME)
    assert win.shell.place.case == REFERENCE


def test_the_overview_counts_and_is_saved_without_names(
    win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = win.shell.at(screens.OVERVIEW)
    assert isinstance(screen, OverviewScreen)
    win.shell.go(screens.OVERVIEW)
    win.until(lambda: screen._told is not None)
    assert "High: 1" in _chart(screen, "severities")
    assert "Draft" in screen._told.decided  # type: ignore[union-attr]
    for kind in ("csv", "pdf"):
        file = tmp_path / f"counts.{kind}"
        monkeypatch.setattr(screen._files, "save", lambda *_, file=file: file)
        win.click(kind, screen)
        win.until(file.exists)
    text = (tmp_path / "counts.csv").read_text()
    assert len(list(csv.reader(text.splitlines()))) > 10
    assert REFERENCE not in text
    assert (tmp_path / "counts.pdf").read_bytes().startswith(b"%PDF")
