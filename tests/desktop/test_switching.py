"""Somebody else at the same laptop: the vault is closed in between, and everybody finds their place again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.exceptions import capture_exceptions
from tests.desktop.case_made import PASSPHRASES, REFERENCE
from tests.desktop.window import Window

from evidencevault.casework import decisions, signing
from evidencevault.casework.decisions import Decision
from evidencevault.desktop import screens
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.idle import IdleWatch
from evidencevault.errors import VaultError

OWN = "leo's very own words"


def _failed(error: VaultError) -> None:
    raise AssertionError(error.sentence)


def _done(win: Window, work: Callable[[Opened], Decision]) -> Decision:
    found: list[Decision] = []
    win.shell.desk.do(REFERENCE, work, found.append, _failed)
    win.until(lambda: found)
    return found[0]


def _unlock(win: Window, member: str, passphrase: str, own: str = "") -> None:
    screen = win.desktop.unlocking
    win.locked()
    win.part(QLineEdit, "member", screen).setText(member)
    field = win.part(QLineEdit, "passphrase", screen)
    QTest.keyClicks(field, passphrase)
    QTest.keyClick(field, Qt.Key.Key_Return)
    if own:
        win.until(lambda: screen.currentIndex() == 1)
        first, second = (win.part(QLineEdit, name, screen.currentWidget()) for name in ("first", "second"))
        QTest.keyClicks(first, own)
        QTest.keyClicks(second, own)
        QTest.keyClick(second, Qt.Key.Key_Return)
    win.until(lambda: win.desktop.shell is not None)


def test_anna_decides_leo_countersigns_and_anna_is_where_she_was(win: Window) -> None:
    win.shell.open_case(REFERENCE, screens.DECISIONS)
    assert _done(win, lambda opened: signing.sign(opened.case, "D01")).signed_by == "anna"
    office = win.shell.desk._session.office
    win.shell.activateWindow()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(win.shell, Qt.Key.Key_L, both)
    win.until(lambda: win.desktop.shell is None)
    win.locked()
    assert office.keychain._keys == {}  # anna's keys are not there while leo works
    assert win.part(QLineEdit, "member", win.desktop.unlocking).text() == ""
    _unlock(win, "leo", PASSPHRASES["leo"], OWN)
    win.until(lambda: win.shell._head is not None)
    assert win.shell.place.screen != screens.DECISIONS  # where anna was is nothing that leo sees
    assert _done(win, lambda opened: signing.countersign(opened.case, "D01")).countersigned_by == "leo"
    win.desktop.switch_member()
    win.until(lambda: win.desktop.shell is None)
    _unlock(win, "anna", PASSPHRASES["anna"])
    win.until(lambda: win.shell._head is not None)
    assert (win.shell.place.case, win.shell.place.screen) == (REFERENCE, screens.DECISIONS)
    assert _done(win, lambda opened: decisions.get(opened.case, "D01")).countersigned_by == "leo"


def test_what_was_typed_is_saved_before_the_keys_are_gone_and_a_fault_keeps_nothing_open(win: Window) -> None:
    desk = win.shell.desk

    said: list[str] = []
    win.desktop.before_locking += [
        lambda: 1 / 0,
        lambda: desk.put_down(REFERENCE, lambda opened: said.append(opened.case.reference)),
    ]
    with capture_exceptions():
        win.desktop.lock()
    assert win.desktop.shell is None
    win.until(lambda: said)
    win.locked()
    assert said == [REFERENCE]
    win.made.unlock().close()


def test_a_nap_locks_and_a_window_that_was_held_up_does_not(win: Window) -> None:
    now, naps = [0.0], [100.0]
    watch = IdleWatch(win.app, allowed=6000, clock=lambda: now[0], asleep=lambda: naps[0])
    watch.over.connect(win.desktop.lock)
    watch.start()
    now[0] = 500.0
    watch.look()
    assert win.desktop.shell is not None
    naps[0] = 120.0
    watch.look()
    win.until(lambda: win.desktop.shell is None)


HEARING = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from evidencevault.desktop.away import AwayWatch
app = QCoreApplication([])
watch = AwayWatch(app)
told = []
watch.away.connect(lambda: told.append(1))
bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "another program")
def say(asleep):
    signal = QDBusMessage.createSignal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged")
    signal.setArguments([asleep])
    assert bus.send(signal)
QTimer.singleShot(100, lambda: say(False))
QTimer.singleShot(300, lambda: say(True))
QTimer.singleShot(20000, app.quit)
watch.away.connect(lambda: QTimer.singleShot(200, app.quit))
app.exec()
print(watch.heard, len(told))
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="dbus-run-session is not installed")
def test_a_locked_screen_is_heard_on_a_real_bus() -> None:
    paths = os.pathsep.join(one for one in sys.path if one)
    said = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", HEARING],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    heard, told = map(int, said.stdout.split())
    assert heard >= 4 and told == 1
