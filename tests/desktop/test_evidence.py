"""The evidence screen: its list, its page, and that each opening is an entry."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QStackedWidget,
    QTextBrowser,
    QToolButton,
)
from tests.desktop.window import Window

from evidencevault.desktop import words
from evidencevault.desktop.reel import Reel
from evidencevault.desktop.table import ROW
from evidencevault.documents.requests import LIMITS
from evidencevault.documents.workers import Workers


def _shown(win: Window) -> list[str]:
    return [win.rows.index(n, 0).data(ROW).name for n in range(win.rows.rowCount())]


def _page(win: Window) -> Reel:
    return win.part(Reel, "canvas", win.viewer)


def _has_page(win: Window) -> bool:
    return _page(win).page > 0 and _page(win).sheets.image(_page(win).page) is not None


def test_head_and_list_say_what_there_is(win: Window) -> None:
    assert _shown(win) == ["letter.pdf", "mail.eml", "notes.txt", "list.csv", "secret.txt", "A telephone"]
    assert win.part(QLabel, "title").text() == words.isolated("A room that was locked")
    assert "Overdue" in win.part(QLabel, "due").text()
    assert win.part(QLabel, "voices").text() == "Voices without an answer: 1"
    telephone = win.rows.index(5, 0).data(ROW)
    assert telephone.state == "Kept"
    assert win.rows.index(4, 0).data(ROW).state == "Restricted"


def test_choosing_shows_the_page_and_enters_the_view(win: Window) -> None:
    win.choose("E001")
    win.until(lambda: _has_page(win))
    assert win.entries("viewed") == [("viewed", "E001")]
    assert win.part(QLineEdit, "pageNumber", win.viewer).text() == "1"
    QTest.keyClick(_page(win), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert win.part(QLineEdit, "pageNumber", win.viewer).text() == "2"
    win.until(lambda: _has_page(win))
    assert win.entries("viewed") == [("viewed", "E001")]  # one view, all its pages
    custody = win.part(QListView, "entries", win.viewer).model()
    win.until(lambda: "Opened for reading" in str(custody.index(0, 0).data()))


def test_running_through_the_list_is_no_reading(win: Window) -> None:
    view = win.part(QListView, "list", win.evidence)
    win.choose("E001")
    for _ in range(2):
        QTest.qWait(180)  # slower than a canvas settles, quicker than a choice rests
        QTest.keyClick(view, Qt.Key.Key_Down)
    win.until(lambda: _has_page(win))
    assert win.entries("viewed") == [("viewed", "E003")]


def test_a_restricted_item_asks_for_the_purpose_first(win: Window) -> None:
    win.choose("E005")
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == 2)
    assert win.part(QLabel, "askWhy", win.viewer).text() == "a child's body"
    QTest.qWait(600)
    assert win.entries("viewed") == []
    win.click("open", win.viewer)  # without a purpose nothing opens
    assert win.part(QStackedWidget, "views", win.viewer).currentIndex() == 2
    purpose = win.part(QLineEdit, "purpose", win.viewer)
    QTest.keyClicks(purpose, "Preparing the report to the police")
    QTest.keyClick(purpose, Qt.Key.Key_Return)
    win.until(lambda: _has_page(win))
    assert win.entries("viewed") == [("viewed", "E005")]
    win.choose("E001")
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == 0)
    win.choose("E005")  # the purpose was for that opening
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == 2)


def test_a_thing_says_where_it_is_kept(win: Window) -> None:
    win.choose("E006")
    win.until(lambda: win.part(QLabel, "messageTitle", win.viewer).text() == "This is no file")
    assert "Safe 3" in win.part(QLabel, "messageText", win.viewer).text()
    assert "S-17" in win.part(QTextBrowser, "facts", win.viewer).toPlainText()
    assert not win.part(QToolButton, "copyHash", win.viewer).isEnabled()


def test_details_and_digest(win: Window) -> None:
    win.choose("E001")
    facts = win.part(QTextBrowser, "facts", win.viewer)
    win.until(lambda: "The school" in facts.toPlainText())
    win.part(QToolButton, "copyHash", win.viewer).click()
    assert QGuiApplication.clipboard().text() in facts.toPlainText()
    assert len(QGuiApplication.clipboard().text()) == 64


def test_kinds_words_and_order_keep_the_chosen_row(win: Window) -> None:
    win.choose("E003")
    view, search = win.part(QListView, "list", win.evidence), win.part(QLineEdit, "search")
    win.click("mail", win.evidence)
    assert _shown(win) == ["mail.eml"]
    win.click("all", win.evidence)
    QTest.keyClicks(search, "LETTER")
    win.until(lambda: _shown(win) == ["letter.pdf"])
    search.setText("nowhere")
    win.until(lambda: _shown(win) == [])
    assert win.part(QStackedWidget, "pages", win.evidence).currentWidget().objectName() == "nothing"
    win.click("clear", win.evidence)
    assert search.text() == ""
    win.until(lambda: len(_shown(win)) == 6)
    win.choose("E003")
    win.part(QComboBox, "sort", win.evidence).setCurrentIndex(1)
    assert _shown(win) == sorted(_shown(win), key=str.casefold)
    win.part(QToolButton, "reverse", win.evidence).click()
    assert _shown(win) == sorted(_shown(win), key=str.casefold, reverse=True)
    assert view.currentIndex().data(ROW).id == "E003"


def test_a_page_that_cannot_be_shown_says_so_and_the_vault_goes_on(win: Window) -> None:
    session = win.shell.desk._session
    session._workers = Workers(limits=replace(LIMITS, seconds=0.001))
    win.choose("E001")
    win.until(lambda: win.part(QLabel, "messageTitle", win.viewer).text() == "This page cannot be shown")
    assert "letter.pdf" in win.part(QLabel, "messageText", win.viewer).text()
    session._workers = None
    win.choose("E003")
    win.until(lambda: _has_page(win))
