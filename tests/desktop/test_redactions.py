"""Redacting in the window: an officer marks by mouse and by key and sends it, a legal adviser approves."""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from tests.desktop.case_made import REFERENCE, Made
from tests.desktop.window import Window

from evidencevault.casework import people
from evidencevault.desktop import redact, redact_side, screens
from evidencevault.desktop.redact_canvas import RedactCanvas
from evidencevault.desktop.redactions import RedactionsScreen
from evidencevault.desktop.table import choose
from evidencevault.desktop.toast import Toast
from evidencevault.documents.requests import Bytes
from evidencevault.documents.workers import Workers
from evidencevault.evidence import intake
from evidencevault.evidence.model import Acquisition
from evidencevault.redaction import plans

CHILD = "Wietske Bartelsen"
STATEMENT = "E007"


@pytest.fixture
def statement(made: Made) -> Made:
    """The vault with a person of the register, and a statement that names her three times on two pages."""
    folder = made.root / "statement"
    folder.mkdir()
    with pymupdf.open() as document:
        for lines in (
            ["Statement", f"On Monday {CHILD} came to us.", "Her telephone is 020 624 1111.", "Nobody else was there."],
            ["Later W. Bartelsen went home.", "That is all."],
        ):
            page = document.new_page()
            for n, line in enumerate(lines):
                page.insert_text((72, 100 + 30 * n), line, fontsize=14)
        document.save(folder / "statement.pdf")
    with made.unlock() as session:
        case = session.case(REFERENCE)
        people.add(case, people.Person(role="child", names=(CHILD,)))
        said = Acquisition("The school", acquired_at="2026-03-01", method="received")
        intake.bring_in(case, [folder / "statement.pdf"], said, workers=Workers())
    return made


class Bench:
    """The window on the redactions, as one member."""

    def __init__(self, win: Window) -> None:
        self.win = win
        win.shell.go(screens.REDACTIONS)
        shown = win.shell.shown
        assert isinstance(shown, RedactionsScreen)
        self.screen, self.redactor = shown, shown.redactor
        self.canvas = self.redactor.canvas
        self.list = shown._list
        win.until(lambda: shown._model.rowCount() > 0)

    def open(self, number: str) -> None:
        assert choose(self.list, self.list.model(), number)  # type: ignore[arg-type]
        self.win.until(lambda: self.redactor.bench.ready is not None)
        self.win.until(lambda: self.redactor._images.image(1) is not None)

    @property
    def marks(self) -> list[str]:
        view = self.redactor.bench.view
        return [one.kind for one in view.marks] if view is not None else []

    def until_marks(self, *kinds: str) -> None:
        self.win.until(lambda: sorted(self.marks) == sorted(kinds))

    def at(self, page: int, x: float, y: float) -> QPoint:
        place = self.canvas.roll.page(page)
        scaled = QPointF(place.left() + x * self.canvas.roll.scale, place.top() + y * self.canvas.roll.scale)
        moved = QPointF(self.canvas.horizontalScrollBar().value(), self.canvas.verticalScrollBar().value())
        return (scaled - moved).toPoint()

    def drag(self, page: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        view = self.canvas.viewport()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=self.at(page, *start))
        QTest.mouseMove(view, self.at(page, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        QTest.mouseMove(view, self.at(page, *end))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=self.at(page, *end))

    def click(self, page: int, x: float, y: float) -> None:
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(page, x, y))

    def keys(self, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.canvas, key, held)

    def reason(self, text: str) -> None:
        QTest.keyClicks(self.win.part(QComboBox, "reason", self.redactor._tools), text)

    def tab(self, name: str) -> None:
        self.win.click(name, self.redactor)

    def state(self) -> str:
        return self.win.part(QLabel, "state", self.redactor).text()


@pytest.fixture
def anna(qapp: QApplication, qtbot: QtBot, statement: Made) -> Iterator[Bench]:
    opened = Window(qapp, qtbot, statement)
    yield Bench(opened)
    opened.close()


def test_marks_by_mouse_and_by_key_with_a_reason_asked_for(anna: Bench) -> None:
    anna.open(STATEMENT)
    anna.drag(1, (70, 85), (140, 104))
    combo = anna.win.part(QComboBox, "reason", anna.redactor._tools)
    assert combo.view().isVisible() and anna.marks == []  # nothing is hidden without a reason
    combo.hidePopup()
    anna.reason("Health")
    anna.until_marks("box")
    anna.win.shell.activateWindow()  # the list of reasons was a window of its own
    anna.win.until(anna.win.shell.isActiveWindow)
    anna.win.until(anna.canvas.hasFocus)
    assert anna.redactor.bench.view is not None
    first = anna.redactor.bench.view.marks[0]
    assert (first.code, first.page) == ("health", 1)
    assert first.boxes[0].x0 == pytest.approx(70, abs=2) and first.boxes[0].y1 == pytest.approx(104, abs=2)

    QTest.keyClick(anna.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    anna.until_marks()
    QTest.keyClick(anna.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    anna.until_marks("box")

    anna.canvas.setFocus()
    anna.keys(Qt.Key.Key_R, Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert "On page 1" in anna.canvas.accessibleDescription()
    anna.keys(Qt.Key.Key_Right, held=Qt.KeyboardModifier.ShiftModifier)
    anna.keys(Qt.Key.Key_Return)
    anna.until_marks("box", "box")
    anna.keys(Qt.Key.Key_Right)
    assert "Health" in anna.canvas.accessibleDescription()
    anna.keys(Qt.Key.Key_Delete)
    anna.until_marks("box")
    toast = anna.win.shell.findChild(Toast)
    assert toast is not None
    anna.win.until(lambda: "removed" in toast.accessibleName())
    anna.win.click("undo", toast)
    anna.until_marks("box", "box")

    anna.keys(Qt.Key.Key_L)
    anna.click(1, 80, 156)
    anna.until_marks("box", "box", "line")
    anna.keys(Qt.Key.Key_T)
    anna.drag(1, (74, 186), (120, 186))
    anna.until_marks("box", "box", "line", "text")
    anna.keys(Qt.Key.Key_P, Qt.Key.Key_End, Qt.Key.Key_Return)
    anna.until_marks("box", "box", "line", "page", "text")
    anna.keys(Qt.Key.Key_I, Qt.Key.Key_Home)
    anna.drag(1, (60, 60), (400, 300))
    anna.until_marks("box", "box", "inverse", "line", "page", "text")

    marks = anna.redactor.side.marks
    listed = anna.win.part(QListView, "list", marks)
    anna.win.until(lambda: listed.model().rowCount() == 6)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_End)
    assert anna.canvas.scene.chosen_mark is not None and anna.canvas.scene.chosen_mark.kind == "page"
    why = anna.win.part(QComboBox, "reason", marks)
    assert why.currentData() == "health"
    why.setFocus()
    QTest.keyClick(why, Qt.Key.Key_Home)
    anna.win.until(lambda: any(one.code == "child" for one in anna.redactor.bench.view.marks))  # type: ignore[union-attr]


def test_from_suggestions_to_an_approved_copy_without_the_name(
    qapp: QApplication, qtbot: QtBot, statement: Made, anna: Bench
) -> None:
    anna.open(STATEMENT)
    anna.tab("tabFind")
    find = anna.redactor.side.find
    anna.win.click("look", find)
    hits = anna.win.part(QListView, "list", find)
    anna.win.until(lambda: hits.model().rowCount() > 2)
    rows = find._model.rows
    name = next(one for one in rows if one.id.startswith("person:"))
    assert name.fresh == 2 and any("Wietske" in one.title for one in rows)
    assert len(anna.canvas.scene.hints) == sum(not one.is_group for one in rows)
    assert choose(hits, find._model, name.id)
    hits.setFocus()
    QTest.keyClick(hits, Qt.Key.Key_H)
    anna.until_marks("person", "person")
    anna.win.until(lambda: next(one for one in find._model.rows if one.id == name.id).fresh == 0)
    phone = next(one for one in find._model.rows if one.id == "pattern:phone")
    assert choose(hits, find._model, phone.id)
    anna.win.click("refuse", find)
    anna.win.until(lambda: anna.redactor.bench.view.left_open == 1)  # type: ignore[union-attr]

    anna.tab("tabApproval")
    approval = anna.redactor.side.approval
    assert "leo" in anna.win.part(QLabel, "approvers", approval).text()
    assert not anna.win.part(QPushButton, "approve", approval).isEnabled()  # her own plan, and no reason
    anna.win.click("send", anna.redactor)
    anna.win.until(lambda: anna.state() == "To be approved")
    anna.win.close()

    window = Window(qapp, qtbot, statement, name="leo")
    try:
        leo = Bench(window)
        leo.open(STATEMENT)
        button = window.part(QPushButton, "send", leo.redactor)
        assert (leo.state(), button.text()) == ("To be approved", "Approve")
        window.part(QToolButton, "compare", leo.redactor).click()
        surfaces = window.part(QStackedWidget, "surfaces", leo.redactor)
        window.until(lambda: surfaces.currentIndex() == redact.COMPARING)
        assert "Checked" in window.part(QLabel, "compareHint", leo.redactor).text()
        comparison = leo.redactor._comparison
        window.until(lambda: comparison._after is not None and comparison._after.image(1) is not None)
        QTest.keyClick(comparison, Qt.Key.Key_Left)
        assert comparison.share == pytest.approx(0.45)
        window.click("backToMarks", leo.redactor)

        window.click("send", leo.redactor)
        panel = leo.redactor.side.approval
        assert window.part(QStackedWidget, "panels", leo.redactor).currentIndex() == redact_side.APPROVAL
        window.click("approve", panel)
        window.until(lambda: leo.state() == "Approved")
        assert "nothing that was hidden" in window.part(QLabel, "goodText", leo.redactor).text()
        assert window.part(QLabel, "troubleText", leo.redactor).text() == ""
    finally:
        window.close()

    with statement.unlock() as session:
        case = session.case(REFERENCE)
        shown = plans.show(case, STATEMENT)
        assert shown is not None and shown.approved_by == "leo"
        assert shown.approval is not None and shown.approval.burnt is not None
        with case.open_object(shown.approval.burnt) as reader:
            data = b"".join(reader.stream())
        assert data.startswith(b"%PDF") and CHILD.encode() not in data
        pages = Workers().text("copy.pdf", Bytes(data))
        assert [page.text.strip() for page in pages] == ["", ""]


def test_persons_terms_unseen_and_nothing_to_hide(anna: Bench) -> None:
    anna.open("E001")
    anna.tab("tabMarks")
    anna.win.click("nothing", anna.redactor.side.marks)
    anna.win.until(lambda: anna.state() == "Nothing to hide")
    anna.win.until(lambda: anna.screen._model.rows[0].code == "nothing")
    anna.tab("tabHidden")
    told = anna.win.part(QLabel, "told", anna.redactor.side.hidden)
    anna.win.until(lambda: "things" in told.text() or "Nothing" in told.text())

    anna.open(STATEMENT)
    anna.tab("tabPersons")
    persons = anna.redactor.side.persons
    listed = anna.win.part(QListView, "list", persons)
    anna.win.until(lambda: listed.model().rowCount() == 2)
    assert choose(listed, persons._model, "Child B")
    assert CHILD in anna.win.part(QLabel, "sought", persons).text()
    anna.win.click("mark", persons)
    anna.until_marks("person", "person")
    assert all(one.widened and one.code == "child" for one in anna.redactor.bench.view.marks)  # type: ignore[union-attr]

    anna.tab("tabFind")
    anna.reason("Another")
    QTest.keyClicks(anna.win.part(QLineEdit, "term", anna.redactor.side.find), "nobody")
    QTest.keyClick(anna.win.part(QLineEdit, "term", anna.redactor.side.find), Qt.Key.Key_Return)
    anna.until_marks("person", "person", "term")

    anna.win.click("draft", anna.screen)
    anna.win.until(lambda: [one.id for one in anna.screen._model.rows if one.code == "draft"] == [STATEMENT])
    assert anna.screen._model.rowCount() == 1 and anna.screen._model.index(0, 0).data().startswith(STATEMENT)
    anna.screen.point_to("E006")  # what a filter hides is shown when it is asked for
    message = anna.win.part(QLabel, "messageTitle", anna.redactor)
    anna.win.until(lambda: message.text() == "This is no file")
    anna.screen.point_to("E005")
    views = anna.win.part(QStackedWidget, "views", anna.redactor)
    anna.win.until(lambda: views.currentIndex() == redact.ASK)
    assert anna.win.entries("viewed").count(("viewed", "E005")) == 0
    QTest.keyClicks(anna.win.part(QLineEdit, "purpose", anna.redactor), "For the police")
    anna.win.click("openIt", anna.redactor)
    anna.win.until(lambda: views.currentIndex() == redact.WORK)
    assert ("viewed", "E005") in anna.win.entries("viewed")
    assert isinstance(anna.canvas, RedactCanvas)


def test_widths_are_told_in_words_and_marked(anna: Bench) -> None:
    anna.open(STATEMENT)
    anna.tab("tabPersons")
    persons = anna.redactor.side.persons
    listed = anna.win.part(QListView, "list", persons)
    anna.win.until(lambda: listed.model().rowCount() == 2)
    assert choose(listed, persons._model, "Child B")
    anna.win.part(QCheckBox, "widen", persons).click()
    anna.win.click("mark", persons)
    anna.until_marks("person", "person")
    anna.tab("tabApproval")
    approval = anna.redactor.side.approval
    anna.win.click("measure", approval)
    told = anna.win.part(QLabel, "widths", approval)
    anna.win.until(lambda: "It gives the name away" in told.text())
    assert "m0001" in anna.canvas.scene.narrow
