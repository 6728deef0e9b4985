"""An interview is written down with keys alone while one listens, survives locking, and is filed, signed, put right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTextBrowser
from tests.desktop.case_made import REFERENCE
from tests.desktop.test_records import _act, _field, _screen
from tests.desktop.window import Window

from evidencevault.casework import interviews
from evidencevault.desktop import screens
from evidencevault.desktop.forms import child
from evidencevault.desktop.records import RecordsScreen
from evidencevault.desktop.talk import TalkEditor
from evidencevault.desktop.talk_lines import draft_name

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def _editor(win: Window, screen: RecordsScreen) -> TalkEditor:
    win.until(lambda: isinstance(screen._own, TalkEditor) and screen._own._talk is not None)
    assert isinstance(screen._own, TalkEditor)
    return screen._own


def _focused(win: Window, name: str) -> QPlainTextEdit:
    editor = win.shell.focusWidget()
    assert isinstance(editor, QPlainTextEdit), editor
    assert editor.objectName() == name
    return editor


def _say(win: Window, question: str, answer: str) -> None:
    QTest.keyClicks(_focused(win, "question"), question)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Return)
    QTest.keyClicks(_focused(win, "answer"), answer)
    QTest.keyClick(_focused(win, "answer"), Qt.Key.Key_Return)


def _write_on(win: Window, screen: RecordsScreen, number: str) -> TalkEditor:
    screen.point_to(number)
    win.until(lambda: number in child(screen, QTextBrowser, "text").toPlainText())
    QTest.mouseClick(_act(win, screen, "Write down what is said"), Qt.MouseButton.LeftButton)
    return _editor(win, screen)


def test_an_interview_is_planned_typed_with_keys_locked_in_the_middle_and_signed(win: Window) -> None:
    screen = _screen(win, screens.INTERVIEWS)
    screen.begin()
    win.until(lambda: screen._editor._form is not None)
    assert screen._editor.isVisible()
    with_, again = _field(screen, QLineEdit, "With whom"), _field(screen, QPlainTextEdit, "Why the person")
    with_.setText("Child A")
    told = child(screen._editor, QLabel, "heedText")
    win.until(lambda: "interviewed before" in told.text())  # I01 of the made case
    assert "Why Child A is interviewed again" in screen._editor._adviser({"with": "child a"}).missing
    _field(screen, QLineEdit, "The language").setText("en")
    model = _field(screen, QComboBox, "The model")
    model.setCurrentIndex(model.findData("NICHD"))
    consent = _field(screen, QComboBox, "Whether they agreed")
    consent.setCurrentIndex(consent.findData("assent"))
    save = child(screen._editor, QPushButton, "save")
    assert not save.isEnabled()
    again.setPlainText("She asked to tell more.")
    assert save.isEnabled()
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)

    editor = _editor(win, screen)
    number = editor._number
    _say(win, "What happened then?", "He locked the door.")
    QTest.keyClicks(_focused(win, "question"), "He hit you, didn't he?")
    heed = editor._line.child(QFrame, "heed")
    win.until(heed.isVisible)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_3, CONTROL)  # the interviewer says: closed
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Period, ALT)
    win.desktop.lock()
    win.locked()

    with win.made.unlock() as session:
        assert interviews.get(session.case(REFERENCE), number).lines == ()
        kept = session.drafts.load(draft_name(REFERENCE, number))
    assert kept is not None
    assert all(b"locked the door" not in one.read_bytes() for one in win.made.state.rglob("*") if one.is_file())

    win.desktop.open_with(win.made.unlock())
    screen = _screen(win, screens.INTERVIEWS)
    editor = _write_on(win, screen, number)
    assert child(editor, QFrame, "kept").isVisible()
    assert "locked the door" in child(editor, QTextBrowser, "said").toPlainText()
    assert _focused(win, "question").toPlainText() == "He hit you, didn't he?"
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Return)
    QTest.keyClicks(_focused(win, "answer"), "No. He shouted.")
    QTest.keyClick(_focused(win, "answer"), Qt.Key.Key_Return)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_F7)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_F7)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_F8)
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Return, CONTROL)
    win.until(lambda: "He shouted" in child(screen, QTextBrowser, "text").toPlainText())
    QTest.mouseClick(_act(win, screen, "Sign and lock"), Qt.MouseButton.LeftButton)
    win.until(lambda: "Signed by anna" in child(screen, QTextBrowser, "text").toPlainText())
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        made = interviews.get(session.case(REFERENCE), number)
        assert session.drafts.load(draft_name(REFERENCE, number)) is None
    assert [(one.question, one.answer, one.prompt_kind, one.prompt_suggested) for one in made.lines] == [
        ("What happened then?", "He locked the door.", "open", True),
        ("He hit you, didn't he?", "No. He shouted.", "closed", False),
    ]
    assert [one.phase for one in made.lines] == ["introduction", "ground-rules"]
    assert made.lines[0].at is not None
    assert made.ended_at is not None
    assert len(made.breaks) == 1
    assert made.breaks[0].ended_at is not None
    assert made.prior_interviews == 1
    assert made.state == "signed"


def test_a_line_is_put_right_taken_away_and_brought_back(win: Window) -> None:
    screen = _screen(win, screens.INTERVIEWS)
    with_draft = _write_on(win, screen, "I01")
    before = len(with_draft._talk.lines)  # type: ignore[union-attr]
    _say(win, "And then?", "I ran.")
    _say(win, "Where to?", "To the bus.")
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Up, ALT)
    QTest.keyClicks(_focused(win, "question"), " Say it again.")
    QTest.keyClick(_focused(win, "question"), Qt.Key.Key_Down, ALT)
    said = child(with_draft, QTextBrowser, "said")
    assert "Where to? Say it again." in said.toPlainText()
    said.anchorClicked.emit(QUrl(f"line:{before}"))
    assert _focused(win, "question").toPlainText() == "And then?"
    QTest.mouseClick(with_draft._line.child(QPushButton, "away"), Qt.MouseButton.LeftButton)
    assert "I ran." not in said.toPlainText()
    undo = win.part(QPushButton, "undo")
    win.until(undo.isVisible)
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert "I ran." in said.toPlainText()

    other = interviews.Line(question="Filed by somebody else meanwhile?", answer="Yes.")
    done: list[object] = []

    def meanwhile(opened) -> None:  # type: ignore[no-untyped-def]
        stored = interviews.draft(opened.case, "I01")
        interviews.edit(opened.case, "I01", replace(stored, lines=(*stored.lines, other)))

    win.shell.desk.do(REFERENCE, meanwhile, done.append, done.append)
    win.until(lambda: done)
    assert done == [None]
    QTest.keyClick(with_draft._line, Qt.Key.Key_Return, CONTROL)
    text = child(screen, QTextBrowser, "text")
    win.until(lambda: "Where to? Say it again." in text.toPlainText() and "I ran." in text.toPlainText())
    assert "Filed by somebody else meanwhile?" in text.toPlainText()
