"""Lanes: in order, in another thread, told in the window's; refusals, cancelling, bugs, closing."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from evidencevault.desktop.collecting import Collector
from evidencevault.desktop.forms import in_turns
from evidencevault.desktop.jobs import Lane
from evidencevault.errors import Refused
from evidencevault.progress import Progress


@pytest.fixture
def lane(qapp: object) -> Iterator[Lane]:
    made = Lane("test")
    yield made
    made.close()


def test_in_order_and_told_in_the_windows_thread(lane: Lane, qtbot: QtBot) -> None:
    worked, told = [], []
    for n in range(5):
        lane.submit(
            lambda _, n=n: worked.append((n, threading.current_thread().name)) or n,
            lambda result: told.append((result, threading.current_thread())),
        )
    qtbot.waitUntil(lambda: len(told) == 5)
    assert worked == [(n, "test") for n in range(5)]
    assert told == [(n, threading.main_thread()) for n in range(5)]
    assert not lane.busy


def test_a_refusal_is_told_and_the_lane_goes_on(lane: Lane, qtbot: QtBot) -> None:
    said: list[str] = []

    def refuse(_: Progress) -> None:
        raise Refused("No.")

    lane.submit(refuse, failed=lambda error: said.append(error.sentence))
    lane.submit(lambda _: "yes", said.append)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said == ["No.", "yes"]


def test_what_is_cancelled_is_not_begun_and_not_told(lane: Lane, qtbot: QtBot) -> None:
    gate, begun, told = threading.Event(), [], []
    lane.submit(lambda _: gate.wait(10))
    job = lane.submit(begun.append, told.append, told.append)
    job.cancel()
    gate.set()
    with qtbot.waitSignal(job.ended):
        pass
    assert begun == told == []


def test_a_bug_is_raised_where_it_is_seen(lane: Lane, qtbot: QtBot) -> None:
    told: list[object] = []
    with capture_exceptions() as seen:
        job = lane.submit(lambda _: {}["nothing"], told.append, told.append)
        with qtbot.waitSignal(job.ended):
            pass
    assert [kind for kind, *_ in seen] == [KeyError]
    assert told == []


def test_closing_waits_and_tells_nobody(qapp: object, qtbot: QtBot) -> None:
    lane, told = Lane("closing"), []
    begun, ended = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        while not progress.stopping:
            threading.Event().wait(0.005)
        ended.set()

    lane.submit(work, told.append, told.append)
    begun.wait(10)
    lane.close()
    assert ended.is_set()
    qtbot.wait(50)
    assert told == []


def test_turns_end_with_their_owner(qapp: object, qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()

    def last() -> None:
        done.append(2)
        shiboken6.delete(owner)

    in_turns(owner, lambda: done.append(1), last, lambda: done.append(3))
    assert done == []  # each in a turn of its own
    qtbot.waitUntil(lambda: not shiboken6.isValid(owner))
    qtbot.wait(20)
    assert done == [1, 2]


def test_what_was_held_at_one_locking_goes_at_the_next(qapp: object) -> None:
    class Round:
        def __init__(self) -> None:
            self.own = self

    owner = QObject()
    collector = Collector(owner)
    try:
        held: list[Round] = [Round()]
        gone = weakref.ref(held[0])
        collector.forget()
        held.clear()
        assert gone() is not None
        collector.forget()
        assert gone() is None
    finally:
        collector.stop()
