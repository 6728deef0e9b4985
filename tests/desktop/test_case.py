"""The case as a whole: what happened and what is due in one order of time; each line leads to its record."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QTextBrowser
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.case_rows import TimeRow
from evidencevault.desktop.table import ROW


def _rows(view: QListView) -> list[TimeRow]:
    return [view.model().index(n, 0).data(ROW) for n in range(view.model().rowCount())]


def test_the_timeline_holds_what_happened_and_what_is_due(win: Window) -> None:
    win.shell.go(screens.CASE)
    screen = win.shell.at(screens.CASE)
    view = win.part(QListView, "list", screen)
    win.until(lambda: _rows(view))
    rows = _rows(view)
    assert [one.order for one in rows] == sorted((one.order for one in rows), reverse=True)
    titles = [one.title for one in rows]
    assert "Case opened" in titles
    assert any("was heard" in one for one in titles)
    assert any(one.startswith("Missed: ") for one in titles)
    assert "Safe now" in win.part(QTextBrowser, "facts", screen).toPlainText()

    win.click("deadlines", screen)
    assert _rows(view)
    assert all(one.deadline for one in _rows(view))
    win.click("happened", screen)
    assert not any(one.deadline for one in _rows(view))

    place = next(n for n, one in enumerate(_rows(view)) if one.ref == "I01")
    view.setFocus()
    view.setCurrentIndex(view.model().index(place, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert win.shell.place.screen == screens.INTERVIEWS
