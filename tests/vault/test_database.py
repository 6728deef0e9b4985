"""The operating system's lock on one vault."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from evidencevault.errors import Busy
from evidencevault.vault import database, migrating
from evidencevault.vault.database import Database
from evidencevault.vault.registry import DATABASE_FILE


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


def test_the_log_is_emptied_as_soon_as_whoever_reads_has_ended(tmp_path: Path) -> None:
    opened = Database.create(tmp_path)
    with opened.transaction() as connection:
        connection.execute(text("CREATE TABLE more (said TEXT)"))
    reading, go_on = threading.Event(), threading.Event()

    def read() -> None:
        with opened.reading() as connection:
            connection.execute(text("SELECT count(*) FROM more")).all()
            reading.set()
            go_on.wait(20)

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait(20)
    with opened.transaction() as connection:
        connection.execute(text("INSERT INTO more VALUES ('overwritten since')"))
    threading.Timer(0.3, go_on.set).start()
    assert opened.truncate_log()
    reader.join()
    assert (tmp_path / f"{DATABASE_FILE}-wal").stat().st_size == 0
    opened.close()
