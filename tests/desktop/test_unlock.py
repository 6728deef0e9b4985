"""Unlocking, one's own passphrase, locking."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.exceptions import capture_exceptions
from tests.desktop.case_made import PASSPHRASES
from tests.desktop.window import Window

from evidencevault.desktop.app import empty_clipboard
from evidencevault.desktop.idle import IdleWatch
from evidencevault.desktop.recent import recent
from evidencevault.desktop.shell import Shell
from evidencevault.session import Session


def _type(win: Window, member: str, passphrase: str) -> None:
    screen = win.desktop.unlocking
    win.part(QLineEdit, "member", screen).setText(member)
    field = win.part(QLineEdit, "passphrase", screen)
    field.clear()
    QTest.keyClicks(field, passphrase)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _problem(win: Window) -> str:
    form = win.desktop.unlocking.currentWidget()
    shown = win.part(QFrame, "problem", form).isVisible()
    return win.part(QLabel, "problemText", form).text() if shown else ""


def test_wrong_passphrase_is_said_and_the_right_one_opens(locked: Window) -> None:
    _type(locked, "anna", "not it")
    locked.until(lambda: "passphrase does not open" in _problem(locked))
    assert locked.desktop.shell is None
    _type(locked, "anna", PASSPHRASES["anna"])
    locked.until(lambda: locked.desktop.shell is not None)
    locked.until(lambda: locked.part(QLabel, "organisation").text().strip("\u2068\u2069") == "Fictional Aid")
    assert locked.part(QLineEdit, "passphrase", locked.desktop.unlocking).text() == ""
    assert recent() == [locked.made.vault.resolve()]
    locked.desktop.lock()
    locked.locked()
    assert locked.part(QComboBox, "vault", locked.desktop.unlocking).currentText() == str(locked.made.vault)
    locked.made.unlock().close()  # opened in a thread of the window, and free again


def test_what_is_missing_is_said_before_anything_is_tried(locked: Window) -> None:
    _type(locked, "", "x")
    assert "which user" in _problem(locked)


def test_a_folder_that_holds_no_vault(locked: Window) -> None:
    locked.part(QComboBox, "vault", locked.desktop.unlocking).setEditText(str(locked.made.root / "nothing"))
    _type(locked, "anna", "x")
    locked.until(lambda: "There is no vault in" in _problem(locked))


def test_a_vault_that_another_program_holds(locked: Window) -> None:
    with locked.made.unlock():
        _type(locked, "anna", PASSPHRASES["anna"])
        locked.until(lambda: "open in another program" in _problem(locked))


def test_whose_keys_somebody_else_made_chooses_a_passphrase(locked: Window) -> None:
    screen = locked.desktop.unlocking
    _type(locked, "leo", PASSPHRASES["leo"])
    locked.until(lambda: screen.currentIndex() == 1)
    first, second = (locked.part(QLineEdit, name, screen.currentWidget()) for name in ("first", "second"))
    for one, other, said in (
        ("short", "short", "at least 12"),
        ("a long passphrase", "another one here", "not the same"),
    ):
        first.setText(one)
        second.setText(other)
        locked.click("unlock", screen.currentWidget())
        assert said in _problem(locked)
    first.setText("leo's very own words")
    second.setText("leo's very own words")
    QTest.keyClick(second, Qt.Key.Key_Return)
    locked.until(lambda: locked.desktop.shell is not None)
    locked.close()
    Session.unlock(locked.made.vault, "leo", "leo's very own words").close()


def test_caps_lock_is_told(locked: Window) -> None:
    field = locked.part(QLineEdit, "passphrase", locked.desktop.unlocking)
    caps = locked.part(QLabel, "caps", locked.desktop.unlocking)
    QTest.keyClick(field, "A")
    assert caps.isVisible()
    QTest.keyClick(field, "a")
    assert not caps.isVisible()


def test_locking_forgets_everything(win: Window) -> None:
    QTest.keyClick(win.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    win.until(lambda: win.desktop.shell is None)
    assert win.desktop.unlocking.isVisible()
    win.locked()
    win.made.unlock().close()  # nothing holds the vault any more


def test_nobody_there_locks(win: Window, qapp: object) -> None:
    now = [0.0]
    watch = IdleWatch(win.app, allowed=600, clock=lambda: now[0])
    left: list[int] = []
    watch.left.connect(left.append)
    watch.left.connect(win.shell.locks_in)
    watch.over.connect(win.desktop.lock)
    watch.start()
    now[0] = 590.0
    watch.look()
    assert left == [600, 10]
    assert "00:10" in win.part(QPushButton, "lock").text()
    handle = win.shell.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Down)  # as the system gives it to the window
    watch.look()
    assert left[-1] == 600
    now[0] = 1190.0
    watch.look()
    win.until(lambda: win.desktop.shell is None)


class Board:
    """A clipboard as the platforms have it; the one that draws into memory never says whose its content is."""

    def __init__(self, owned: bool) -> None:
        self.owned, self.cleared = owned, list[object]()

    def ownsClipboard(self) -> bool:
        return self.owned

    def supportsSelection(self) -> bool:
        return True

    def ownsSelection(self) -> bool:
        return self.owned

    def clear(self, mode: object) -> None:
        self.cleared.append(mode)


def test_only_what_the_program_copied_is_taken_back() -> None:
    ours, theirs = Board(True), Board(False)
    empty_clipboard(ours)  # type: ignore[arg-type]
    empty_clipboard(theirs)  # type: ignore[arg-type]
    assert len(ours.cleared) == 2
    assert theirs.cleared == []


def test_no_passphrase_comes_back(locked: Window) -> None:
    screen = locked.desktop.unlocking
    field = locked.part(QLineEdit, "passphrase", screen)
    locked.part(QToolButton, "reveal", screen).setChecked(True)
    _type(locked, "anna", PASSPHRASES["anna"])
    locked.until(lambda: locked.desktop.shell is not None)
    locked.desktop.lock()
    locked.locked()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_two_enters_open_one_vault(locked: Window) -> None:
    screen = locked.desktop.unlocking
    _type(locked, "anna", PASSPHRASES["anna"])
    screen._unlock()  # as a second Enter that was on its way
    locked.until(lambda: locked.desktop.shell is not None)
    locked.bot.wait(300)
    shells = [one for one in locked.app.topLevelWidgets() if isinstance(one, Shell) and one.isVisible()]
    assert shells == [locked.desktop.shell]


def test_nothing_of_the_vault_lives_on_after_locking(win: Window) -> None:
    win.choose("E001")
    win.until(lambda: win.part(QLabel, "page", win.viewer).text())
    office = weakref.ref(win.shell.desk._session.office)
    win.evidence._bringing._ask("NL-2026-0001", (win.made.files,), (), None)
    win.desktop.lock()
    assert [one for one in win.app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()] == []
    win.locked()
    win.bot.waitUntil(lambda: gc.collect() >= 0 and office() is None, timeout=5000)


def test_a_fault_while_unlocking_can_be_tried_again(locked: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Session, "unlock", broken)
    with capture_exceptions() as seen:
        _type(locked, "anna", "x")
        locked.until(lambda: seen)
        locked.locked()
    assert [kind for kind, *_ in seen] == [RuntimeError]
    assert locked.part(QPushButton, "unlock", locked.desktop.unlocking.currentWidget()).isEnabled()
