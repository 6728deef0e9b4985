"""The database of one vault: engine, pragmas, migrations, and the operating system's lock against a second writer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from evidencevault.errors import Busy, Damaged, NotFound, Refused, StorageFailed
from evidencevault.resources import tr
from evidencevault.vault.registry import DATABASE_FILE

LOCK = "vault.lock"
LOG_TRIES, LOG_WAIT = 3, 0.1  # how often the write-ahead log is tried to be emptied (SQLite waits 5 s each), s between
NEWEST = "0001"
"""The newest of the migrations (a test holds them together)."""


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: a commit that returned survives a power cut. secure_delete: a destroyed salt is overwritten, not unlinked.
    # temp_store: what SQLite spills never reaches the disk.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: taken late, it could fail in the middle.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """One open vault database. Close it to release the lock."""

    def __init__(self, folder: Path, engine: Engine, lock: FileLock) -> None:
        self.folder = folder
        self._engine = engine
        self._lock = lock
        self.one_writer = threading.RLock()
        """Held from the begin of a commit until its head is remembered, so that heads are remembered in their order."""
        self.one_copier = threading.Lock()
        """Held while a copy of the vault is made, and while something is erased (``backups.alone``)."""

    @classmethod
    def create(cls, folder: Path) -> Database:
        """Make the database of a new vault in an existing folder. Raises Refused where one is there already."""
        if (folder / DATABASE_FILE).exists():
            raise Refused(tr("There is a vault in {folder} already. Nothing was changed.").format(folder=folder))
        return cls._connect(folder)

    @classmethod
    def open(cls, folder: Path) -> Database:
        """Open an existing one and bring its tables to today's form. Raises NotFound, Busy, Damaged, StorageFailed."""
        if not (folder / DATABASE_FILE).is_file():
            raise NotFound(
                tr("There is no vault in {folder}. Check the folder, or make one with “vault create”.").format(
                    folder=folder
                )
            )
        return cls._connect(folder)

    @classmethod
    def _connect(cls, folder: Path) -> Database:
        # Not thread-local: a vault opened in one thread is closed in another, and must be free then.
        lock = FileLock(str(folder / LOCK), timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise Busy(
                tr("The vault is open in another program on this machine. Close or lock it there, then try again.")
            ) from error
        except OSError as error:
            raise StorageFailed(
                tr("The vault's folder cannot be written: {why}.").format(why=error.strerror)
            ) from error
        engine = create_engine(f"sqlite:///{folder / DATABASE_FILE}")
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        database = cls(folder, engine, lock)
        try:
            with database.transaction() as connection:
                migrate(connection)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction that takes the write lock at once; committed at the end, undone on any error."""
        with storage_errors(), self._engine.execution_options(writing=True).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading a consistent picture."""
        with storage_errors(), self._engine.connect() as connection:
            yield connection

    def truncate_log(self) -> bool:
        """Take what was committed out of the write-ahead log, which may still hold what was overwritten since.

        A reader under way keeps it from that; it is waited for, some seconds. Returns whether the log is empty now.
        """
        for left in reversed(range(LOG_TRIES)):
            with storage_errors(), self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]  # type: ignore[union-attr]
            if not busy:
                return True
            if left:
                time.sleep(LOG_WAIT)
        return False

    def close(self) -> None:
        """Release connections and the lock."""
        self._engine.dispose()
        self._lock.release()


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the disk or the database says into a sentence; IntegrityError means two writers and is not hidden."""
    try:
        yield
    except IntegrityError:
        raise
    except OperationalError as error:
        raise StorageFailed(
            tr(
                "The vault's database could not be written or read ({why}). What was committed before is safe; "
                "free space or mend the disk, then try again."
            ).format(why=error.orig)
        ) from error
    except DatabaseError as error:
        raise Damaged(tr("The vault's database file is damaged ({why}).").format(why=error.orig)) from error


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version; refuses a vault written by a newer program."""
    if _version(connection) != NEWEST:
        from evidencevault.vault import migrating  # Alembic takes an eighth of a second to import

        migrating.migrate(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
