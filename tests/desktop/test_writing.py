"""A voice is written down within a minute, a case is opened, given and closed, all with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
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
from tests.desktop.case_made import REFERENCE
from tests.desktop.test_records import _field, _screen
from tests.desktop.window import Window

from evidencevault.casework import cases, concerns
from evidencevault.custody import walls
from evidencevault.desktop import screens
from evidencevault.desktop.forms import child
from evidencevault.desktop.newcase import NewCaseScreen
from evidencevault.desktop.table import choose
from evidencevault.desktop.writedown import WriteDown

CONTROL = Qt.KeyboardModifier.ControlModifier


def _sheet(win: Window) -> WriteDown:
    win.shell.activateWindow()
    win.until(win.shell.isActiveWindow)
    QTest.keyClick(win.shell.focusWidget() or win.shell, Qt.Key.Key_N, CONTROL)
    sheet = win.shell.findChild(WriteDown)
    assert sheet is not None
    return sheet


def _click(win: Window, name: str, of: object) -> None:
    QTest.mouseClick(win.part(QPushButton, name, of), Qt.MouseButton.LeftButton)  # type: ignore[arg-type]


def test_a_voice_is_written_down_and_opens_its_own_case(win: Window) -> None:
    sheet = _sheet(win)
    save = win.part(QPushButton, "save", sheet)
    assert not save.isEnabled()
    _click(win, "danger", sheet)
    assert "emergency number" in win.part(QLabel, "actText", sheet).text()
    words = win.part(QPlainTextEdit, "words", sheet)
    words.setFocus()
    QTest.keyClicks(words, "He's in the cellar again")
    QTest.keyClick(words, Qt.Key.Key_Escape)  # called away: nothing is lost
    win.until(lambda: win.shell.findChild(WriteDown) is None)

    sheet = _sheet(win)
    words = win.part(QPlainTextEdit, "words", sheet)
    win.until(lambda: words.toPlainText() == "He's in the cellar again")
    _click(win, "danger", sheet)
    win.part(QLineEdit, "who", sheet).setText("The neighbour")
    win.part(QComboBox, "case", sheet).setCurrentIndex(0)
    QTest.keyClick(words, Qt.Key.Key_Return, CONTROL)
    undo = win.part(QPushButton, "undo")
    win.until(undo.isVisible)
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    win.until(lambda: win.shell.place.case == "NL-2026-0002" and win.shell.place.screen == screens.CONCERNS)
    text = win.part(QTextBrowser, "text", win.shell.shown)
    win.until(lambda: "He's in the cellar again" in text.toPlainText())
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        case = session.case("NL-2026-0002")
        assert cases.describe(case).immediate_safety.state == "at-risk"
        assert [one.from_ for one in concerns.list_concerns(case)] == ["Reporter A"]
        assert session.drafts.load("writedown") is None


def test_a_case_is_opened_given_and_not_closed_while_something_is_open(win: Window) -> None:
    win.shell.go(screens.HOME)
    win.click("newCase", win.shell.home)
    screen = win.shell.shown
    assert isinstance(screen, NewCaseScreen)
    win.until(lambda: screen._editor._form is not None)
    _field(screen, QLineEdit, "A title").setText("A second matter")  # type: ignore[arg-type]
    _field(screen, QComboBox, "Whether they are safe").setCurrentIndex(0)  # type: ignore[arg-type]
    _field(screen, QComboBox, "How grave").setCurrentIndex(1)  # type: ignore[arg-type]
    box = next(one for one in screen.findChildren(QCheckBox) if one.text() == "Neglect")
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    box.setChecked(True)
    _click(win, "save", screen)
    win.until(lambda: win.shell.place.case == "NL-2026-0002")
    win.until(lambda: win.part(QLabel, "title").text().find("A second matter") >= 0)

    win.shell.go(screens.FILE)
    file = win.shell.shown
    view, text = win.part(QListView, "list", file), win.part(QTextBrowser, "text", file)
    win.until(lambda: view.model() and view.model().rowCount() == 3)
    choose(view, view.model(), "access")  # type: ignore[arg-type]
    win.until(lambda: "anna" in text.toPlainText())

    def act(name: str) -> QPushButton | None:
        shown = child(file, QFrame, "acts").findChildren(QPushButton)
        return next((one for one in shown if one.text() == name and one.isVisible()), None)

    win.until(lambda: act("Give access") is not None)
    give = act("Give access")
    assert give is not None
    QTest.mouseClick(give, Qt.MouseButton.LeftButton)
    win.until(lambda: file._editor._form is not None)  # type: ignore[attr-defined]
    _field(file, QLineEdit, "Which user").setText("leo")  # type: ignore[arg-type]
    _click(win, "save", file)
    win.until(lambda: "leo" in text.toPlainText())
    choose(view, view.model(), "closing")  # type: ignore[arg-type]
    win.until(lambda: "cannot be closed yet" in text.toPlainText())
    assert act("Propose closing") is None


def test_whoever_is_excluded_is_said(win: Window) -> None:
    file = _screen(win, screens.FILE)
    view, text = win.part(QListView, "list", file), win.part(QTextBrowser, "text", file)
    win.until(lambda: view.model().rowCount() == 3)
    win.shell.desk.do(
        REFERENCE, lambda opened: walls.wall(opened.case.ledger, "leo"), lambda _: None, lambda error: None
    )
    choose(view, view.model(), "access")  # type: ignore[arg-type]
    win.until(lambda: "leo" in text.toPlainText() and "Excluded" in text.toPlainText())
