"""Records are filled in, refused at their field, kept while typed, and filed; drafts lie sealed on the disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QWidget,
)
from tests.desktop.case_made import REFERENCE
from tests.desktop.window import Window

from evidencevault.casework import concerns, decisions, people, requests
from evidencevault.desktop import screens
from evidencevault.desktop.forms import child
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.records import EDITING, RecordsScreen
from evidencevault.desktop.table import ROW


def _screen(win: Window, name: str) -> RecordsScreen:
    win.shell.go(name)
    screen = win.shell.at(name)
    assert isinstance(screen, RecordsScreen)
    win.until(lambda: screen.reference == REFERENCE)
    return screen


def _begin(win: Window, screen: RecordsScreen) -> None:
    screen.begin()
    win.until(lambda: screen._editor._form is not None)


def _field(screen: RecordsScreen, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = [one for one in screen._editor.findChildren(kind) if one.accessibleName().startswith(name)]
    assert len(found) == 1, [one.accessibleName() for one in screen._editor.findChildren(kind)]
    return found[0]


def _act(win: Window, screen: RecordsScreen, name: str) -> QPushButton:
    """A button beside the record that is read, once it is there."""
    acts = child(screen, QFrame, "acts")

    def shown() -> list[QPushButton]:
        return [one for one in acts.findChildren(QPushButton) if one.isVisible() and one.text() == name]

    win.until(shown)
    return shown()[0]


def _ids(screen: RecordsScreen) -> list[str]:
    model = child(screen, QListView, "list").model()
    return [model.index(n, 0).data(ROW).id for n in range(model.rowCount())]


def test_a_person_is_added_and_corrected_with_keys(win: Window) -> None:
    screen = _screen(win, screens.PERSONS)
    win.until(lambda: _ids(screen) == ["Child A"])
    win.click("new", screen)
    win.until(lambda: screen._editor._form is not None)
    save = child(screen._editor, QPushButton, "save")
    assert not save.isEnabled()
    assert "What the person is" in child(screen._editor, QLabel, "missing").text()
    role = _field(screen, QComboBox, "What the person is")
    role.setFocus()
    QTest.keyClicks(role, "Wit")
    names = _field(screen, QPlainTextEdit, "Names")
    names.setFocus()
    QTest.keyClicks(names, "Wilma O'Neill")
    born = _field(screen, QLineEdit, "Date of birth")
    QTest.keyClicks(born, "2014-13")
    assert save.isEnabled()
    QTest.keyClick(born, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def wrong() -> list[str]:
        shown = [one for one in screen._editor.findChildren(QLabel) if one.isVisible()]
        return [one.text() for one in shown if one.property("role") == "wrong"]

    win.until(wrong)
    assert "2014-03" in wrong()[0]
    born.clear()
    QTest.keyClicks(born, "2014-03")
    QTest.keyClick(born, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    win.until(lambda: _ids(screen) == ["Child A", "Witness A"])
    win.until(lambda: "Wilma O'Neill" in child(screen, QTextBrowser, "text").toPlainText())
    assert ("recorded", "Witness A") in win.entries("recorded")

    QTest.mouseClick(_act(win, screen, "Correct"), Qt.MouseButton.LeftButton)
    win.until(lambda: screen._editor._form is not None)
    names = _field(screen, QPlainTextEdit, "Names")
    assert names.toPlainText() == "Wilma O'Neill"
    names.setPlainText("Wilma O'Neil")
    QTest.keyClick(names, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    win.until(lambda: ("corrected", "Witness A") in win.entries("corrected"))
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        person = people.find(session.case(REFERENCE), "Witness A").person
        assert (person.names, person.born) == (("Wilma O'Neil",), "2014-03")


def _plain(root: Path, words: bytes) -> list[Path]:
    return [one for one in root.rglob("*") if one.is_file() and words in one.read_bytes()]


def test_what_is_typed_survives_locking_sealed_and_a_voice_is_answered(win: Window) -> None:
    screen = _screen(win, screens.CONCERNS)
    _begin(win, screen)
    said = _field(screen, QPlainTextEdit, "What was said")
    QTest.keyClicks(said, "He said nobody would believe me")
    win.desktop.lock()
    win.locked()
    assert list((win.made.state / "drafts").rglob("*.draft"))
    assert _plain(win.made.root, b"nobody would believe") == []

    win.desktop.open_with(win.made.unlock())
    win.until(lambda: win.shell._head is not None)
    screen = _screen(win, screens.CONCERNS)
    _begin(win, screen)
    said = _field(screen, QPlainTextEdit, "What was said")
    assert said.toPlainText() == "He said nobody would believe me"
    assert child(screen._editor, QFrame, "kept").isVisible()
    _field(screen, QComboBox, "How it came in").setCurrentIndex(0)
    _field(screen, QLineEdit, "Who heard it").setText("anna")
    now = _field(screen, QPushButton, "When it was heard")
    QTest.mouseClick(now, Qt.MouseButton.LeftButton)
    QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
    win.until(lambda: "C02" in _ids(screen))
    assert list((win.made.state / "drafts").rglob("*.draft")) == []

    win.until(lambda: "nobody would believe me" in child(screen, QTextBrowser, "text").toPlainText())
    assert "Nobody has answered" in child(screen, QTextBrowser, "text").toPlainText()
    QTest.mouseClick(_act(win, screen, "Answer"), Qt.MouseButton.LeftButton)
    win.until(lambda: screen._editor._form is not None)
    _field(screen, QPlainTextEdit, "What was said").setPlainText("We believe you.")
    _field(screen, QLineEdit, "Who answered").setText("anna")
    QTest.mouseClick(_field(screen, QPushButton, "When"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
    win.until(lambda: ("answered", "C02") in win.entries("answered"))
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        found = concerns.get(session.case(REFERENCE), "C02")
        assert found.words == "He said nobody would believe me"
        assert [one.words for one in found.answers] == ["We believe you."]


def test_a_decision_is_signed_by_one_and_countersigned_by_another(win: Window) -> None:
    screen = _screen(win, screens.DECISIONS)
    win.until(lambda: _ids(screen) == ["D01"])

    win.until(lambda: [one for one in child(screen, QFrame, "acts").findChildren(QPushButton) if one.text() == "Sign"])
    QTest.mouseClick(_act(win, screen, "Sign"), Qt.MouseButton.LeftButton)
    win.until(lambda: ("decided", "D01") in win.entries("decided"))
    assert screen._views.currentIndex() != EDITING
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        assert decisions.get(session.case(REFERENCE), "D01").signed_by == "anna"


def test_a_request_for_access_is_entered_extended_and_answered(win: Window) -> None:
    screen = _screen(win, screens.REQUESTS)
    screen.begin()
    win.until(lambda: screen._editor._form is not None)
    _field(screen, QLineEdit, "About whom").setText("Child A")
    now = _field(screen, QPushButton, "When the request came in")
    QTest.mouseClick(now, Qt.MouseButton.LeftButton)
    QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
    win.until(lambda: _ids(screen) == ["Q01"])
    for act, field, words in (
        ("Two more months", "Why two more months", "There is a great deal of it."),
        ("Answered", "What was answered", "B01"),
    ):
        QTest.mouseClick(_act(win, screen, act), Qt.MouseButton.LeftButton)
        win.until(lambda: screen._editor._form is not None)
        edits = [one for kind in (QPlainTextEdit, QLineEdit) for one in screen._editor.findChildren(kind)]
        edit = next(one for one in edits if one.accessibleName().startswith(field))
        QTest.keyClicks(edit, words)
        QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
        win.until(lambda words=words: words in child(screen, QTextBrowser, "text").toPlainText())
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        made = requests.get(session.case(REFERENCE), "Q01")
    assert (made.about, made.extended, made.answer) == ("Child A", "There is a great deal of it.", "B01")
    assert made.answered_at is not None


def test_a_review_is_read_and_written_with_what_was_found(win: Window, tmp_path: Path) -> None:
    screen = _screen(win, screens.REVIEWS)
    text = child(screen, QTextBrowser, "text")
    win.until(lambda: "Review as of today" in text.toPlainText() and "did not apply" in text.toPlainText())

    class Answers(Files):
        def save(self, parent: QWidget, title: str, offered: Path) -> Path | None:
            return tmp_path / offered

    screen._files = Answers()
    QTest.mouseClick(_act(win, screen, "Write the review …"), Qt.MouseButton.LeftButton)
    win.until(lambda: screen._editor._form is not None)
    add = next(one for one in screen._editor.findChildren(QPushButton) if "What was found" in one.accessibleName())
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    _field(screen, QPlainTextEdit, "What was found").setPlainText("Nobody asked the child.")
    QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
    win.until(lambda: _ids(screen) == ["now", "V01"])
    assert (tmp_path / f"{REFERENCE}-review.pdf").read_bytes().startswith(b"%PDF")
    win.until(lambda: "Nobody asked the child." in text.toPlainText())
    QTest.mouseClick(_act(win, screen, "Correct"), Qt.MouseButton.LeftButton)
    win.until(lambda: screen._editor._form is not None and screen._editor.findChildren(QPlainTextEdit))
    _field(screen, QPlainTextEdit, "What was found").setPlainText("Nobody asked the child, twice.")
    QTest.mouseClick(child(screen._editor, QPushButton, "save"), Qt.MouseButton.LeftButton)
    win.until(lambda: "Nobody asked the child, twice." in text.toPlainText())
    assert _ids(screen) == ["now", "V01"]
