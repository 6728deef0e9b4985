"""Recordings in the viewer: decoded in the confined worker, played from memory, entered as a view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider, QStackedWidget
from pytestqt.qtbot import QtBot
from tests.desktop.case_made import REFERENCE, Made
from tests.desktop.window import Window
from tests.support import recordings

from evidencevault.desktop.player import Screen
from evidencevault.desktop.tape import Tape
from evidencevault.desktop.viewer import PLAYER
from evidencevault.documents.requests import PCM_CHANNELS, PCM_RATE, Bytes, Heard, Opening, Pixels, Seen
from evidencevault.documents.workers import Workers
from evidencevault.evidence import intake
from evidencevault.evidence.model import Acquisition
from evidencevault.progress import Progress

SECOND = PCM_RATE * PCM_CHANNELS * 2


@pytest.fixture
def recorded(qapp: QApplication, qtbot: QtBot, made: Made, tmp_path: Path) -> Iterator[Window]:
    """The window on a case that holds a film (E007), a sound (E008) and something that only says it is one (E009)."""
    (tmp_path / "film.mp4").write_bytes(recordings.film(100))
    (tmp_path / "voice.wav").write_bytes(recordings.sound(30_000))
    (tmp_path / "zzz.wav").write_bytes(recordings.sound(1000)[:44] + b"\0")
    with made.unlock() as session:
        said = Acquisition("A teacher")
        paths = [tmp_path / name for name in ("film.mp4", "voice.wav", "zzz.wav")]
        intake.bring_in(session.case(REFERENCE), paths, said, workers=session.workers)
    opened = Window(qapp, qtbot, made)
    yield opened
    opened.close()


def _seconds(parts: list[Opening | Heard | Seen]) -> float:
    return sum(len(one.data) for one in parts if isinstance(one, Heard)) / SECOND


def test_the_worker_decodes_from_a_time_on_and_at_another_speed() -> None:
    workers, film = Workers(), Bytes(recordings.film(100))
    whole = list(workers.play("a.mp4", film, 0, 100, 1.0))
    assert whole[0] == Opening(4000, True, True)
    pictures = [one for one in whole if isinstance(one, Seen)]
    assert len(pictures) == 100
    assert {(one.pixels.width, one.pixels.height) for one in pictures} == {(100, 60)}
    assert _seconds(whole) == pytest.approx(4, abs=0.1)
    later = list(workers.play("a.mp4", film, 3000, 100, 2.0))
    assert all(one.at >= 2800 for one in later if isinstance(one, Seen))
    assert _seconds(later) == pytest.approx(0.5, abs=0.1)


def test_who_stops_listening_ends_the_process() -> None:
    coming = Workers().play("a.wav", Bytes(recordings.sound(600_000)), 0, 100, 1.0)
    assert next(coming) == Opening(600_000, False, True)
    assert isinstance(next(coming), Heard)
    coming.close()  # waits for the process; it would hang here if that went on


def test_a_tape_waits_where_it_is_full_and_gives_the_newest_picture() -> None:
    tape, pixels = Tape(), [Pixels(1, 1, bytes((n, n, n)), 1) for n in range(3)]
    progress = Progress()
    tape.put(Opening(3000, True, True), progress)
    assert not tape.ready
    for n in range(3):
        tape.put(Seen(40 * n, pixels[n]), progress)
    tape.put(Heard(0, bytes(SECOND)), progress)
    assert tape.ready
    assert tape.picture(50) == pixels[1]
    assert tape.picture(50) is None
    tape.pass_over(0.75)
    assert len(tape.sound(10 * SECOND)) == SECOND // 4
    tape.cut()
    assert not tape.put(Heard(1000, bytes(4)), progress)


def test_a_film_is_played_held_and_sought_by_keys(recorded: Window) -> None:
    win = recorded
    win.choose("E007")
    player = win.viewer.player
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == PLAYER)
    QTest.qWait(500)
    assert win.entries("viewed") == []  # nothing is read before it is played
    screen, place = win.part(Screen, "screen", player), win.part(QSlider, "place", player)
    screen.setFocus()
    QTest.keyClick(screen, Qt.Key.Key_Space)
    win.until(lambda: place.value() > 200)
    assert win.entries("viewed") == [("viewed", "E007")]
    assert place.maximum() == 4000
    assert win.part(QPushButton, "play", player).text() == "Pause"
    picture = screen._image
    assert picture is not None
    assert (picture.width(), picture.height()) == (160, 96)
    QTest.keyClick(screen, Qt.Key.Key_Space)
    held = place.value()
    QTest.qWait(150)
    assert place.value() == held
    QTest.keyClick(screen, Qt.Key.Key_Home)
    assert place.value() == 0
    win.part(QComboBox, "speed", player).setCurrentIndex(5)
    QTest.keyClick(screen, Qt.Key.Key_Space)
    win.until(lambda: place.value() > 400)
    win.until(lambda: win.part(QPushButton, "play", player).text() == "Play")  # to its end
    assert win.entries("viewed") == [("viewed", "E007")]


def test_a_sound_while_another_item_is_chosen_falls_silent(recorded: Window) -> None:
    win, player = recorded, recorded.viewer.player
    win.choose("E008")
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == PLAYER)
    win.click("play", player)
    win.until(lambda: win.part(QSlider, "place", player).value() > 100)
    assert "No sound" in win.part(QLabel, "told", player).text()  # no output here, and it says so
    QTest.keyClick(win.part(QSlider, "place", player), Qt.Key.Key_Right)
    win.until(lambda: win.part(QSlider, "place", player).value() > 5000)
    win.choose("E001")
    win.until(lambda: win.viewer.pages.reel.page == 1)
    win.until(lambda: not win.shell.desk.busy)
    assert player._playback is None


def test_a_vault_is_locked_while_a_recording_is_held(recorded: Window) -> None:
    win, player = recorded, recorded.viewer.player
    win.choose("E008")
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == PLAYER)
    win.click("play", player)
    win.until(lambda: win.part(QSlider, "place", player).value() > 100)
    win.click("play", player)
    QTest.qWait(300)  # what is read ahead is full now, and its reader waits for room
    win.desktop.lock()
    win.locked()


def test_what_cannot_be_played_says_so(recorded: Window) -> None:
    win, player = recorded, recorded.viewer.player
    win.choose("E009")
    win.until(lambda: win.part(QStackedWidget, "views", win.viewer).currentIndex() == PLAYER)
    win.click("play", player)
    told = win.part(QLabel, "told", player)
    win.until(lambda: "zzz.wav" in told.text() or win.part(QPushButton, "play", player).text() == "Play")
    assert win.part(QPushButton, "play", player).text() == "Play"
