"""The operating system's lock on one vault."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from evidencevault.errors import Busy
from evidencevault.vault import database, migrating
from evidencevault.vault.database import Database


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    first = Database.create(tmp_path)
    with pytest.raises(Busy, match="another program"):
        Database.open(tmp_path)
    first.close()
    Database.open(tmp_path).close()


def test_opened_in_one_thread_and_closed_in_another(tmp_path: Path) -> None:
    opened: list[Database] = []
    thread = threading.Thread(target=lambda: opened.append(Database.create(tmp_path)))
    thread.start()
    thread.join()
    opened[0].close()
    Database.open(tmp_path).close()


def test_the_newest_migration_is_the_one_that_opening_expects() -> None:
    assert migrating.scripts()[1].get_current_head() == database.NEWEST
