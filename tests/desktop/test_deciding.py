"""A decision is prepared beside its evidence and the policy; what the policy asks is said before it is saved."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QWidget,
)
from tests.desktop.case_made import REFERENCE
from tests.desktop.test_records import _act, _field, _screen
from tests.desktop.window import Window

from evidencevault.casework import cases, decisions, forms, policies, signing
from evidencevault.desktop import screens
from evidencevault.desktop.decision_side import DecisionSide
from evidencevault.desktop.forms import child
from evidencevault.desktop.recordform import TablesField
from evidencevault.desktop.records import RecordsScreen


def _drop(on: QWidget, data: QMimeData) -> bool:
    """Let go of something over a widget; whether it would take it."""
    at, none = QPoint(5, 5), Qt.KeyboardModifier.NoModifier
    buttons, act = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, act, data, buttons, none)
    QApplication.sendEvent(on, enter)
    if enter.isAccepted():
        QApplication.sendEvent(on, QDropEvent(QPointF(at), act, data, buttons, none))
    return enter.isAccepted()


def _elsewhere(win: Window, clause: str, measure: str) -> None:
    """A decision about the same clause in another case."""
    with win.made.unlock() as session:
        other = cases.create(
            session.office,
            forms.from_values(
                cases.Case,
                {
                    "title": "Another",
                    "categories": ["neglect"],
                    "severity": "low",
                    "immediate_safety": {"state": "safe"},
                },
            ),
        )
        made = {"question": "?", "finding": "substantiated", "measure": [measure], "clause": clause, "rationale": "."}
        number = decisions.add(other, forms.from_values(decisions.Decision, {**made, "violation": clause}))
        signing.sign(other, number)


def _open(win: Window) -> None:
    """Among several cases none is open by itself."""
    win.shell.open_case(REFERENCE)
    win.until(lambda: win.shell.open_reference == REFERENCE)


def _missing(screen: RecordsScreen) -> str:
    return child(screen._editor, QLabel, "missing").text()


def test_a_decision_outside_the_policy_is_asked_for_its_reason_before_it_is_saved(locked: Window) -> None:
    win = locked
    with win.made.unlock() as session:
        policies.adopt(session.office, policies.shipped_text("international"))
        policy = policies.policy_of(session.case(REFERENCE))
    heavy = max(policy.measure, key=lambda one: one.weight)
    clause = next(one for one in policy.violation if one.measures.most != heavy.id)
    _elsewhere(win, clause.clause, clause.measures.most)
    win.desktop.open_with(win.made.unlock())
    _open(win)
    screen = _screen(win, screens.DECISIONS)
    win.until(lambda: win.shell._head is not None and screen._writes)
    screen.begin()
    win.until(lambda: screen._editor._pane is not None)
    side = screen._editor._pane
    assert isinstance(side, DecisionSide)
    listed = side.child(QListView, "list")
    win.until(lambda: listed.model().rowCount() > 3)

    field = next(one for one in screen._editor.findChildren(TablesField) if one.acceptDrops())
    assert not _drop(field, QMimeData())
    assert _drop(field, listed.model().mimeData([listed.model().index(0, 0)]))
    sought = side.child(QLineEdit, "sought")
    QTest.keyClicks(sought, "C01")
    QTest.keyClick(sought, Qt.Key.Key_Return)
    assert [one["ref"] for one in field.value()] == ["E001", "C01"]
    _drop(field, listed.model().mimeData([listed.model().index(0, 0)]))
    assert len(field.value()) == 2  # once is enough

    violation = _field(screen, QComboBox, "The clause of the policy that may")
    violation.setCurrentIndex(violation.findData(clause.clause))
    text = side.child(QTextBrowser, "text")
    win.until(lambda: "Other cases" in text.toPlainText())
    assert clause.text in text.toPlainText()
    _field(screen, QPlainTextEdit, "The question").setPlainText("Who locked the door?")
    finding = _field(screen, QComboBox, "What was found")
    finding.setCurrentIndex(finding.findData("substantiated"))
    _field(screen, QLineEdit, "The clause of the policy that the measure").setText(clause.clause)
    save = child(screen._editor, QPushButton, "save")
    measures = [one for one in screen._editor.findChildren(QCheckBox) if one.text() == heavy.name]
    QTest.mouseClick(measures[0], Qt.MouseButton.LeftButton, pos=QPoint(5, measures[0].height() // 2))
    assert "lies outside" in child(screen._editor, QLabel, "heedText").text()
    _field(screen, QPlainTextEdit, "Why: from the evidence").setPlainText("He has the only key.")
    assert "outside the policy's range" in _missing(screen)
    assert not save.isEnabled()
    _field(screen, QPlainTextEdit, "Why the measure is neither").setPlainText("It happened twice.")
    assert save.isEnabled()
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)
    read = child(screen, QTextBrowser, "text")
    win.until(lambda: "Who locked the door?" in read.toPlainText())
    QTest.mouseClick(_act(win, screen, "Sign"), Qt.MouseButton.LeftButton)
    win.until(lambda: "Signed by anna" in read.toPlainText())
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        made = decisions.get(session.case(REFERENCE), "D02")
    assert made.measure == (heavy.id,)
    assert made.violation == clause.clause
    assert [one.ref for one in made.evidence] == ["E001", "C01"]

    win.desktop.open_with(win.made.unlock("leo"))
    _open(win)
    screen = _screen(win, screens.DECISIONS)
    screen.point_to("D02")
    read = child(screen, QTextBrowser, "text")
    win.until(lambda: "Who locked the door?" in read.toPlainText())
    QTest.mouseClick(_act(win, screen, "Countersign"), Qt.MouseButton.LeftButton)
    win.until(lambda: "Countersigned by leo" in read.toPlainText())
