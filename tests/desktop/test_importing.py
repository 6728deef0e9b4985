"""Bringing evidence in by dropping it, with progress, cancel, going on, and what failed."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QTextBrowser,
    QWidget,
)
from tests.desktop.case_made import MORE, REFERENCE
from tests.desktop.window import Window

from evidencevault.casework import cases, forms
from evidencevault.desktop import screens
from evidencevault.desktop.dropping import DropTarget
from evidencevault.desktop.forms import child
from evidencevault.desktop.importing import Failures, ImportSheet
from evidencevault.desktop.table import ROW
from evidencevault.errors import StorageFailed
from evidencevault.evidence import door, intake


def drop(win: Window, paths: Sequence[Path]) -> None:
    """As a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, actions, button = QPointF(200, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    with warnings.catch_warnings():  # Qt means its own code to make these; a test has no other way
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(where.toPoint(), actions, mime, button, Qt.KeyboardModifier.NoModifier)
    win.app.sendEvent(win.shell, enter)
    assert enter.isAccepted()
    win.app.sendEvent(win.shell, QDropEvent(where, actions, mime, button, Qt.KeyboardModifier.NoModifier))


def dialog(win: Window, kind: type[QDialog]) -> QDialog:
    def shown() -> list[QWidget]:
        return [one for one in win.app.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    win.until(shown)
    found = shown()[0]
    assert isinstance(found, QDialog)
    return found


def accept(win: Window, source: str = "The school") -> None:
    sheet = dialog(win, ImportSheet)
    ok = child(sheet, QPushButton, "ok")
    assert not ok.isEnabled()  # the source is asked for before saving, not after
    QTest.keyClicks(child(sheet, QLineEdit, "source"), source)
    assert ok.isEnabled()
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)


def names(win: Window) -> list[str]:
    return [row.name for row in win.rows.rows]


def idle(win: Window) -> None:
    win.until(lambda: not win.shell.desk.working)


def test_dropped_files_are_imported_while_the_window_stays_free(win: Window) -> None:
    ticks: list[int] = []
    card = win.part(QFrame, "card", win.evidence)
    timer = QTimer(card, interval=10)
    timer.timeout.connect(lambda: ticks.append(card.isVisible()))
    timer.start()
    drop(win, [win.made.files / "more"])
    accept(win)
    idle(win)
    timer.stop()
    assert sum(ticks) > 3  # the window's own clock went on while the card was shown
    win.until(lambda: f"more{MORE - 1:02d}.txt" in names(win))
    assert len(win.entries("imported")) == 5 + MORE
    assert not win.part(QFrame, "card", win.evidence).isVisible()
    win.until(lambda: win.shell.floating.toast.isVisible())
    assert "Imported and encrypted: " + str(MORE) in win.shell.floating.toast.accessibleName()
    row = next(row for row in win.rows.rows if row.name == "more00.txt")
    win.choose(row.id)
    facts = win.part(QTextBrowser, "facts", win.viewer)
    win.until(lambda: "The school" in facts.toPlainText())


def test_what_fails_is_listed_with_its_reason(win: Window) -> None:
    (win.made.files / "empty.pdf").write_bytes(b"")
    gone = win.made.files / "no such\nfile"
    drop(win, [win.made.files / "more" / "more00.txt", gone])
    accept(win)
    failures = dialog(win, Failures)
    text = child(failures, QTextBrowser, "list").toPlainText()
    assert "no such⏎file" in text
    assert "it is not there" in text
    failures.accept()
    idle(win)
    win.until(lambda: "more00.txt" in names(win))


def after_the_first_commit(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Import two files a commit, and do something once after the first."""
    real, done = door.Door._finish, list[int]()

    def finish(self: door.Door, batch: door.Batch, body_of: door.BodyOf) -> Iterator[object]:
        yield from real(self, batch, body_of)
        if not done:
            done.append(1)
            act()

    monkeypatch.setattr(door.Door, "_finish", finish)
    monkeypatch.setattr(intake, "bring_in", partial(intake.bring_in, batch_files=2))


def test_stopped_in_the_middle_and_taken_up_without_doubles(win: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        after_the_first_commit(patch, lambda: win.evidence._bringing.card._jobs[0][0].cancel())
        drop(win, [win.made.files / "more"])
        accept(win)
        win.until(lambda: win.shell.desk.working)
        idle(win)
    assert 5 < len(win.entries("imported")) < 5 + MORE
    drop(win, [win.made.files / "more"])
    accept(win)
    idle(win)
    win.until(lambda: len(names(win)) == 6 + MORE)
    assert len({row.id for row in win.rows.rows}) == len(names(win))
    assert sorted(one for one in names(win) if one.startswith("more")) == [f"more{n:02d}.txt" for n in range(MORE)]


def test_a_broken_off_import_offers_to_go_on(win: Window) -> None:
    gone = win.made.files / "later.txt"
    drop(win, [win.made.files / "more" / "more00.txt", gone])
    accept(win)
    dialog(win, Failures).accept()
    idle(win)
    win.until(lambda: win.part(QFrame, "unfinished", win.evidence).isVisible())
    gone.write_text("now it is there\n")
    win.click("goOn", win.evidence)
    accept(win)
    idle(win)
    win.until(lambda: "later.txt" in names(win))
    win.until(lambda: not win.part(QFrame, "unfinished", win.evidence).isVisible())
    assert names(win).count("more00.txt") == 1


def test_a_full_disk_is_said_and_nothing_is_lost(win: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> object:
        raise StorageFailed("The disk is full. What was committed before is safe.")

    kept, door.Door._begin = door.Door._begin, full  # type: ignore[method-assign, assignment]
    try:
        drop(win, [win.made.files / "more"])
        accept(win)
        idle(win)
        win.until(lambda: "disk is full" in win.part(QLabel, "problemText", win.evidence).text())
    finally:
        door.Door._begin = kept  # type: ignore[method-assign]
    assert len(win.rows.rows) == 6


def test_a_wrong_time_is_refused_in_the_sheet(win: Window) -> None:
    drop(win, [win.made.files / "more"])
    sheet = dialog(win, ImportSheet)
    child(sheet, QLineEdit, "source").setText("x")
    child(sheet, QLineEdit, "acquiredAt").setText("yesterday")
    child(sheet, QPushButton, "ok").click()
    assert "is no time" in child(sheet, QLabel, "problemText").text()
    assert sheet.isVisible()
    sheet.reject()
    assert not win.shell.desk.working


def test_a_sexual_abuse_case_warns_before_its_first_file(win: Window) -> None:
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        about = {
            "title": "Another matter",
            "categories": ["sexual-abuse"],
            "severity": "critical",
            "immediate_safety": {"state": "unknown"},
        }
        reference = cases.create(session.office, forms.from_values(cases.Case, about)).reference
    win.desktop._places.clear()  # as after a new start of the program
    win.desktop.open_with(win.made.unlock())
    win.until(lambda: win.part(QListView, "navigation").model().rowCount() > 3)
    assert win.evidence.reference == ""  # two cases: none is opened unasked
    win.shell.open_case(reference, screens.EVIDENCE)
    win.until(lambda: win.evidence.reference == reference)
    drop(win, [win.made.files / "more"])
    sheet = dialog(win, ImportSheet)
    assert "call the police" in child(sheet, QLabel, "warningText").text()
    child(sheet, QLineEdit, "source").setText("x")
    assert not child(sheet, QPushButton, "ok").isEnabled()
    child(sheet, QCheckBox, "understood").setChecked(True)
    assert child(sheet, QPushButton, "ok").isEnabled()
    sheet.reject()
    win.shell.open_case(REFERENCE, screens.EVIDENCE)
    win.until(lambda: win.evidence.reference == REFERENCE and win.rows.rowCount() == 6)
    assert win.rows.index(0, 0).data(ROW).name == "letter.pdf"


def test_locking_stops_an_import_and_keeps_what_came_in(win: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(20)

    with monkeypatch.context() as patch:
        after_the_first_commit(patch, wait)
        drop(win, [win.made.files / "more"])
        accept(win)
        win.until(reached.is_set)
        win.desktop.lock()
        assert not win.desktop.unlocking.currentWidget().isEnabled()  # nobody unlocks before it is closed
        go_on.set()
        win.locked()
    win.desktop.open_with(win.made.unlock())
    win.shell.open_case(REFERENCE, screens.EVIDENCE)
    win.until(lambda: win.evidence.reference == REFERENCE and win.rows.rowCount() > 6)
    brought = len(win.entries("imported"))
    assert 5 < brought < 5 + MORE
    assert brought == len([row for row in win.rows.rows if row.size])
    win.until(lambda: win.part(QFrame, "unfinished", win.evidence).isVisible())


def test_files_go_into_the_case_for_which_they_were_dropped(win: Window) -> None:
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        about = {"title": "B", "categories": ["other"], "severity": "low", "immediate_safety": {"state": "safe"}}
        other = cases.create(session.office, forms.from_values(cases.Case, about)).reference
    win.desktop.open_with(win.made.unlock())
    win.shell.open_case(REFERENCE, screens.EVIDENCE)
    win.until(lambda: win.evidence.reference == REFERENCE)
    drop(win, [win.made.files / "more"])
    sheet = dialog(win, ImportSheet)
    assert REFERENCE in child(sheet, QLabel, "case").text()
    win.part(QLineEdit, "search").setText("letter")
    win.until(lambda: win.rows.rowCount() == 1)
    win.shell.open_case(other, screens.EVIDENCE)
    win.until(lambda: win.evidence.reference == other)
    accept(win)
    idle(win)
    win.bot.wait(300)
    assert names(win) == []
    win.shell.open_case(REFERENCE, screens.EVIDENCE)
    win.until(lambda: len(names(win)) == 6 + MORE)
    assert win.rows.rowCount() == 1  # what is sought is sought here, too
    assert len(win.entries("imported")) == 5 + MORE


def test_a_move_is_taken_as_a_copy(win: Window) -> None:
    target = next(one for one in win.shell.children() if isinstance(one, DropTarget))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(win.made.files / "more"))])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    event = QDropEvent(QPointF(9, 9), both, mime, button, keys)
    event.setDropAction(Qt.DropAction.MoveAction)
    target.eventFilter(win.shell, event)
    assert event.dropAction() == Qt.DropAction.CopyAction
    dialog(win, ImportSheet).reject()


def test_what_was_made_from_an_item_says_so(win: Window) -> None:
    made = win.made.root / "translation.txt"
    made.write_text("In English: the list.")
    problem = win.part(QLabel, "problemText", win.evidence)
    for ref, why in (("E999", "no exhibit E999"), ("e002", "")):
        drop(win, [made])
        sheet = dialog(win, ImportSheet)
        assert not child(sheet, QLineEdit, "madeBy").isEnabled()
        QTest.keyClicks(child(sheet, QLineEdit, "source"), "The translator")
        QTest.keyClicks(child(sheet, QLineEdit, "derivedFrom"), ref)
        assert child(sheet, QComboBox, "relation").currentText() == "translation"
        QTest.keyClicks(child(sheet, QLineEdit, "madeBy"), "Ms Jansen")
        child(sheet, QPushButton, "ok").click()
        idle(win)
        win.until(lambda why=why: why in problem.text() if why else "translation.txt" in names(win))
    win.until(lambda: win.rows.rowCount() == 7)
    win.choose("E007")
    details = win.viewer.child(QTextBrowser, "facts")
    win.until(lambda: "E002 (translation)" in details.toPlainText())
