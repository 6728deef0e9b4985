"""A real vault with a real case, and the real window on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop import case_made, window

from evidencevault import resources


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The program's own application, in the program's look."""
    resources.use_language("en")
    from evidencevault.desktop.app import application

    return application()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[case_made.Made]:
    root = tmp_path_factory.mktemp("desktop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        yield case_made.make(root)


@pytest.fixture
def made(made_once: case_made.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> case_made.Made:
    """A fresh copy of the vault, with its own remembered heads."""
    fresh = case_made.copy(made_once, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    return fresh


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Every test closes what it opened."""
    before = set(threading.enumerate())
    yield
    # Threads that Python did not start (Qt's own) appear as dummies and are none of ours.
    left = [one for one in set(threading.enumerate()) - before if not isinstance(one, threading._DummyThread)]
    for one in left:
        one.join(5)  # who was told to stop may need a moment to end
    assert [one for one in left if one.is_alive()] == []


@pytest.fixture
def win(qapp: QApplication, qtbot: QtBot, made: case_made.Made) -> Iterator[window.Window]:
    """The window, unlocked by anna, with the case open."""
    opened = window.Window(qapp, qtbot, made)
    yield opened
    opened.close()


@pytest.fixture
def locked(qapp: QApplication, qtbot: QtBot, made: case_made.Made) -> Iterator[window.Window]:
    """The window as the program starts."""
    opened = window.Window(qapp, qtbot, made, unlocked=False)
    yield opened
    opened.close()
