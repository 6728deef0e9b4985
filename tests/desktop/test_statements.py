"""Interviews and decisions to read; text of the case is never markup."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QListView, QPushButton, QTextBrowser
from tests.desktop.case_made import HOSTILE
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.table import ROW


def _text(win: Window, screen: str) -> str:
    win.shell.go(screen)
    browser = win.part(QTextBrowser, "text", win.shell.at(screen))
    win.until(lambda: browser.isVisible() and browser.toPlainText())
    return browser.toPlainText()


def test_an_interview_in_exact_words(win: Window) -> None:
    text = _text(win, screens.INTERVIEWS)
    assert "<script>alert(1)</script> He's gone" in text
    assert HOSTILE.replace("\u202e", "\ufffd") in text  # the sign that turns text around is shown, not obeyed
    assert "leading" in text
    assert "assent of a child, the child" in text
    assert "Not signed" in text


def test_a_decision(win: Window) -> None:
    text = _text(win, screens.DECISIONS)
    assert "Was the room locked?" in text
    assert "Substantiated" in text
    assert "this is a draft" in text
    row = win.part(QListView, "list", win.shell.at(screens.DECISIONS)).model().index(0, 0).data(ROW)
    assert (row.id, row.state) == ("D01", "Draft")


def test_none_yet_says_how(win: Window) -> None:
    screen = win.shell.at(screens.DECISIONS)
    screen._came([])
    assert screen.child(QLabel, "emptyTitle").text() == "No decision yet"
    assert screen.child(QPushButton, "newFirst").text() == "Prepare a decision"
