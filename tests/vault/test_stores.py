"""Every store keeps the same promises; the folder also those about crashes and full disks."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.stores import FailingStore, PowerCut

from evidencevault.errors import Cancelled, NotFound, StorageFailed, Unreadable
from evidencevault.vault import durable, stores
from evidencevault.vault.padding import padme
from evidencevault.vault.stores import FolderStore, Store

NAME = "00112233445566778899aabbccddeeff"
OTHER = "ff112233445566778899aabbccddeeff"


def stored(store: Store, name: str) -> bytes:
    with contextlib.closing(store.open(name)) as file:
        return file.read_at(0, file.size)


class StoreContract:
    """What every implementation promises; subclasses say how to make one."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        raise NotImplementedError

    def test_what_was_put_comes_back_whole_and_in_parts(self, store: Store) -> None:
        store.put(NAME, [b"abc", memoryview(b"defg"), b"", b"h"])
        with contextlib.closing(store.open(NAME)) as file:
            assert file.size == store.size(NAME) == 8
            assert file.read_at(0, 8) == b"abcdefgh"
            assert file.read_at(2, 3) == b"cde"
            assert file.read_at(6, 100) == b"gh"
            assert file.read_at(8, 1) == b""

    def test_a_reused_buffer_is_consumed_before_the_next_piece(self, store: Store) -> None:
        buffer = bytearray(4)

        def pieces() -> Iterator[memoryview]:
            for letter in b"xyz":
                buffer[:] = bytes([letter]) * 4
                yield memoryview(buffer)

        store.put(NAME, pieces())
        assert stored(store, NAME) == b"xxxxyyyyzzzz"

    def test_an_object_is_created_once(self, store: Store) -> None:
        store.put(NAME, [b"first"])
        with pytest.raises(StorageFailed, match=NAME):
            store.put(NAME, [b"second"])
        assert stored(store, NAME) == b"first"
        assert list(store.leftovers()) == []

    def test_of_two_at_once_one_wins_whole(self, store: Store) -> None:
        meeting = threading.Barrier(2)
        refused: list[StorageFailed] = []

        def put(letter: bytes) -> None:
            def pieces() -> Iterator[bytes]:
                yield letter * 10
                meeting.wait(120)
                yield letter * 10

            try:
                store.put(NAME, pieces())
            except StorageFailed as error:
                refused.append(error)

        threads = [threading.Thread(target=put, args=(letter,)) for letter in (b"a", b"b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert stored(store, NAME) in (b"a" * 20, b"b" * 20)

    def test_exists_size_modified_names(self, store: Store) -> None:
        assert not store.exists(NAME)
        assert list(store.names()) == []
        store.put(OTHER, [b"22"])
        store.put(NAME, [b"1"])
        assert store.exists(NAME)
        assert store.size(OTHER) == 2
        assert abs(store.modified(NAME) - time.time()) < 60
        assert list(store.names()) == [NAME, OTHER]

    @pytest.mark.parametrize("ask", [Store.open, Store.size, Store.modified])
    def test_what_is_not_there_is_said(self, store: Store, ask: Callable[[Store, str], object]) -> None:
        with pytest.raises(NotFound, match=NAME):
            getattr(store, ask.__name__)(NAME)

    def test_deleting_is_repeatable_and_frees_the_name(self, store: Store) -> None:
        store.put(NAME, [b"1"])
        store.delete(NAME)
        store.delete(NAME)
        assert not store.exists(NAME)
        store.put(NAME, [b"2"])
        assert stored(store, NAME) == b"2"

    @pytest.mark.parametrize("error", [Unreadable("no"), Cancelled("no"), KeyboardInterrupt()])
    def test_an_error_of_the_source_passes_through_and_leaves_nothing(self, store: Store, error: BaseException) -> None:
        def pieces() -> Iterator[bytes]:
            yield b"half"
            raise error

        with pytest.raises(type(error)):
            store.put(NAME, pieces())
        assert not store.exists(NAME)
        assert list(store.leftovers()) == []
        store.put(NAME, [b"whole"])

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", NAME.upper(), NAME + "0", NAME[:-1] + "/", NAME + "\n"])
    def test_names_are_not_paths(self, store: Store, name: str) -> None:
        with pytest.raises(ValueError):
            store.put(name, [b"1"])
        with pytest.raises(ValueError):
            store.exists(name)


class TestFolderStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FolderStore(tmp_path)


class TestFolderStoreWithoutHardLinks(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", refuse)
        return FolderStore(tmp_path)


class TestFolderStoreWithoutPread(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
        monkeypatch.delattr(os, "pread")
        monkeypatch.delattr(os, "posix_fadvise")
        return FolderStore(tmp_path)


class TestFailingStoreBeforeItFails(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FailingStore(tmp_path, after=1000)


def test_objects_lie_where_the_format_says(tmp_path: Path) -> None:
    FolderStore(tmp_path).put(NAME, [b"1"])
    path = tmp_path / "objects" / "00" / "11" / NAME
    assert path.read_bytes() == b"1"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "objects").stat().st_mode & 0o777 == 0o700


def test_a_system_that_takes_little_at_a_time_gets_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, pread = os.write, os.pread
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, memoryview(data)[:7]))
    monkeypatch.setattr(os, "pread", lambda descriptor, length, offset: pread(descriptor, min(length, 5), offset))
    store = FolderStore(tmp_path)
    store.put(NAME, [b"0123456789" * 5, b"abc"])
    assert stored(store, NAME) == b"0123456789" * 5 + b"abc"


def test_other_files_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(NAME, [b"1"])
    (tmp_path / "objects" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "objects" / "00" / "11" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "objects" / "00" / "11" / OTHER).write_bytes(b"in the wrong folder")
    (tmp_path / "objects" / "incoming" / "notes.txt").write_bytes(b"x")
    assert list(store.names()) == [NAME]
    assert list(store.leftovers()) == []


@pytest.mark.parametrize("after", [0, 1, 5, 99])
@pytest.mark.parametrize("failure", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path, after: int, failure: int) -> None:
    store = FailingStore(tmp_path, after, failure)
    with pytest.raises(StorageFailed) as refused:
        store.put(NAME, [b"x" * 50, b"y" * 50])
    assert "Nothing half-written was kept" in refused.value.sentence
    assert ("full" in refused.value.sentence) == (failure == errno.ENOSPC)
    assert not store.exists(NAME)
    assert list(store.leftovers()) == []


def test_a_disk_that_fails_at_the_end_leaves_nothing(tmp_path: Path) -> None:
    store = FailingStore(tmp_path, 0, errno.EIO, settling=True)
    with pytest.raises(StorageFailed):
        store.put(NAME, [b"x" * 50])
    assert list(store.names()) == []
    assert list(store.leftovers()) == []


@pytest.mark.parametrize(("after", "settling"), [(0, False), (70, False), (0, True)])
def test_a_power_cut_leaves_a_leftover_and_no_object(tmp_path: Path, after: int, settling: bool) -> None:
    with pytest.raises(PowerCut):
        FailingStore(tmp_path, after, None, settling=settling).put(NAME, [b"x" * 50, b"y" * 50])
    store = FolderStore(tmp_path)  # after the restart
    assert list(store.names()) == []
    assert not store.exists(NAME)
    (leftover,) = store.leftovers()
    assert (leftover.name, leftover.size) == (NAME, 100 if settling else after)
    assert abs(leftover.modified - time.time()) < 60
    store.put(NAME, [b"again"])
    store.discard(leftover)
    assert list(store.leftovers()) == []
    assert stored(store, NAME) == b"again"


def test_a_name_that_did_not_become_durable_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)
    store.put(NAME, [b"1"])
    store.delete(NAME)

    def refuse(folder: Path) -> None:
        raise OSError(errno.EIO, f"no sync of {folder.name}")

    monkeypatch.setattr(durable, "sync_folder", refuse)
    with pytest.raises(StorageFailed):
        store.put(NAME, [b"2"])
    assert not store.exists(NAME)


def test_a_leftover_of_another_folder_is_not_discarded(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        FolderStore(tmp_path).discard(stores.Leftover(NAME, "../vault.db", 1, 0.0))


KILLED = """
import sys
from pathlib import Path
from evidencevault.vault.stores import FolderStore
def pieces():
    for number in range(10**9):
        yield bytes(65536)
        if number == 20:
            print("writing", flush=True)
FolderStore(Path(sys.argv[1])).put(sys.argv[2], pieces())
"""


def test_a_killed_program_leaves_a_leftover_and_no_object(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), NAME], stdout=subprocess.PIPE, text=True)
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "writing\n"
        program.send_signal(signal.SIGKILL)
    store = FolderStore(tmp_path)
    assert list(store.names()) == []
    assert [leftover.name for leftover in store.leftovers()] == [NAME]


LIMITED = """
import resource, sys
from pathlib import Path
from evidencevault.errors import StorageFailed
from evidencevault.vault.stores import FolderStore
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = FolderStore(Path(sys.argv[1]))
try:
    store.put(sys.argv[2], [bytes(65536)] * 3)
except StorageFailed as refused:
    print(refused.sentence)
print(list(store.names()), list(store.leftovers()))
"""


def test_a_real_limit_of_the_system_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), NAME], capture_output=True, text=True, check=True, timeout=60
    )
    sentence, remains = done.stdout.splitlines()
    assert os.strerror(errno.EFBIG) in sentence
    assert remains == "[] []"


@pytest.mark.parametrize("place", ["objects", "objects/incoming", "objects/00", "objects/00/11"])
def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_bytes(b"a file where the folder should be")
    with pytest.raises(StorageFailed, match=os.strerror(errno.ENOTDIR)):
        FolderStore(tmp_path).put(NAME, [b"1"])


# By hand from the paper: E = floor(log2 L), S = floor(log2 E) + 1, and the last E - S bits become zero.
@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (8, 8),
        (9, 10),
        (15, 16),
        (17, 18),
        (100, 104),
        (1000, 1024),
        (1025, 1088),
        (65553, 67584),
    ],
)
def test_padme(length: int, padded: int) -> None:
    assert padme(length) == padded


def test_padme_is_ascending_idempotent_and_costs_at_most_an_eighth() -> None:
    before = 0
    for length in range(1, 70_000):
        padded = padme(length)
        assert padded >= length
        assert padded >= before
        assert padme(padded) == padded
        assert padded - length <= length * 0.12
        before = padded
    with pytest.raises(ValueError):
        padme(-1)
