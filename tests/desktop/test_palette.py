"""Ctrl+K: acts with their keys, cases, persons and evidence items by name; text is searched only on purpose."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QWidget
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.look import DARK
from evidencevault.desktop.palette import Palette
from evidencevault.desktop.palette_rows import Found
from evidencevault.desktop.table import ROW


def _open(win: Window) -> tuple[Palette, QLineEdit]:
    QTest.keyClick(win.shell.focusWidget() or win.shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = win.shell.floating.palette

    win.until(palette.isVisible)
    return palette, win.part(QLineEdit, "query", palette)


def _rows(palette: QWidget) -> list[Found]:
    model = palette.findChild(QListView, "list").model()  # type: ignore[union-attr]
    return [model.index(n, 0).data(ROW) for n in range(model.rowCount())]


def test_everything_is_found_from_one_line(win: Window) -> None:
    win.shell.activateWindow()
    palette, query = _open(win)
    assert query.hasFocus()
    assert {"Ctrl+L", "Ctrl+F"} <= {one.keys for one in _rows(palette)}

    QTest.keyClicks(query, "letter")
    win.until(lambda: any(one.ref == "E001" for one in _rows(palette)))
    assert win.entries("viewed") == []
    QTest.keyClick(query, Qt.Key.Key_Return)
    win.until(lambda: not palette.isVisible())
    assert win.shell.place.screen == screens.EVIDENCE
    win.until(lambda: win.part(QLabel, "name", win.viewer).text().find("letter.pdf") >= 0)

    palette, query = _open(win)
    QTest.keyClicks(query, "light or")
    win.until(lambda: _rows(palette)[0].title == "Light or dark")
    QTest.keyClick(query, Qt.Key.Key_Return)
    assert win.desktop.theme.tokens is DARK
    win.desktop.theme.toggle()

    palette, query = _open(win)
    QTest.keyClicks(query, "a room that")
    win.until(lambda: _rows(palette)[0].case == "NL-2026-0001")
    QTest.keyClick(query, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_text_is_searched_on_purpose_and_a_hit_opens_its_page(win: Window) -> None:
    win.shell.activateWindow()
    palette, query = _open(win)
    QTest.keyClicks(query, "morning")
    win.until(lambda: [one.seek for one in _rows(palette)][-2:] == ["case", "vault"])
    QTest.keyClick(query, Qt.Key.Key_PageDown)
    QTest.keyClick(query, Qt.Key.Key_Return)
    win.until(lambda: _rows(palette)[0].id.startswith("hit"))
    hit = _rows(palette)[0]
    assert "morning" in hit.title
    assert win.entries("viewed") == [("viewed", hit.ref.partition("#")[0])]
    QTest.keyClick(query, Qt.Key.Key_Return)
    win.until(lambda: "notes.txt" in win.part(QLabel, "name", win.viewer).text())

    palette, query = _open(win)
    QTest.keyClicks(query, "quetzalcoatl")
    QTest.keyClick(query, Qt.Key.Key_Return)
    win.until(lambda: win.part(QLabel, "told", palette).text() == "These words stand in no text.")
    QTest.keyClick(query, Qt.Key.Key_Escape)
