"""Objects: what is sealed comes back, stock age opens it, and every changed byte is noticed."""

from __future__ import annotations

import errno
import hashlib
import hmac
import io
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import blake3
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.stores import FailingStore, PowerCut

from evidencevault.errors import Cancelled, Damaged, NotFound, StorageFailed, Unreadable
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.vault import objects, sealing
from evidencevault.vault.objects import INLINE, SealedObject, open_object, seal_object, stored_digest
from evidencevault.vault.padding import padme
from evidencevault.vault.sealing import BATCH
from evidencevault.vault.stores import FolderStore, Store

ITEM = bytes(range(16))
OTHER_ITEM = bytes(range(1, 17))
KEY = bytes(range(100, 116))
CHUNK = 65536
MOST_INLINE = 2 * CHUNK - 16 - 2 * 16
BORDERS = (0, 1, CHUNK, MOST_INLINE, INLINE, BATCH - CHUNK, BATCH, BATCH + CHUNK, 2 * BATCH, 9 * BATCH)


def content(size: int) -> bytes:
    """Bytes in which no two places look alike."""
    return hashlib.shake_128(size.to_bytes(8, "big")).digest(size)


def seal(store: Store, data: bytes, item: bytes = ITEM, key: bytes = KEY) -> SealedObject:
    return seal_object(store, item, key, io.BytesIO(data).readinto, Progress())


def stored_bytes(store: Store, sealed: SealedObject) -> bytes:
    if sealed.inline is not None:
        return sealed.inline
    file = store.open(sealed.item.hex())
    try:
        return file.read_at(0, file.size)
    finally:
        file.close()


def opened_by_hand(stored: bytes, stream_length: int, file_key: bytes) -> bytes:
    """The age payload opened after the specification alone: C2SP age, "Payload"."""
    nonce, stream = stored[:16], stored[16 : 16 + stream_length]
    secret = hmac.digest(nonce, file_key, "sha256")
    cipher = ChaCha20Poly1305(hmac.digest(secret, b"payload\x01", "sha256"))
    plain = []
    chunks = [stream[start : start + CHUNK + 16] for start in range(0, len(stream), CHUNK + 16)]
    for counter, chunk in enumerate(chunks):
        final = counter == len(chunks) - 1
        plain.append(cipher.decrypt(counter.to_bytes(11, "big") + bytes([final]), chunk, None))
    return b"".join(plain)


def assert_empty(store: Store) -> None:
    assert list(store.names()) == []
    assert list(store.leftovers()) == []


def lingering() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("object-")]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert lingering() == []


def check_round(store: Store, data: bytes) -> None:
    sealed = seal(store, data)
    stored = stored_bytes(store, sealed)
    assert sealed.size == len(data)
    assert sealed.sha256 == hashlib.sha256(data).digest()
    assert sealed.blake3 == blake3.blake3(stored).digest()
    assert len(stored) == sealed.stored_length == padme(16 + sealed.stream_length)
    assert (sealed.inline is not None) == (len(stored) <= INLINE)
    assert stored[:16] == sealed.nonce
    assert opened_by_hand(stored, sealed.stream_length, KEY) == data
    with open_object(store, sealed, KEY) as reader:
        assert (reader.size, reader.sha256) == (len(data), sealed.sha256)
        assert b"".join(reader.stream()) == data
        assert b"".join(reader.stream(check=False)) == data
        reader.verify(Progress())


@pytest.mark.parametrize("size", sorted({max(0, size + by) for size in BORDERS for by in (-1, 0, 1)}))
def test_sizes_at_every_border_come_back(store: FolderStore, size: int) -> None:
    check_round(store, content(size))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=st.integers(0, 40), by=st.integers(-20, 20))
def test_sizes_around_chunks_come_back(store: FolderStore, chunks: int, by: int) -> None:
    store.delete(ITEM.hex())
    check_round(store, content(max(0, chunks * CHUNK + by)))


@pytest.mark.parametrize("size", [100, 3 * BATCH + 12345])
def test_any_place_can_be_read(store: FolderStore, size: int) -> None:
    data = content(size)
    with open_object(store, seal(store, data), KEY) as reader:

        @settings(max_examples=60, deadline=None)
        @given(offset=st.integers(0, size), length=st.integers(0, 3 * CHUNK))
        def places(offset: int, length: int) -> None:
            assert reader.read(offset, length) == data[offset : offset + length]

        places()


def test_small_objects_touch_no_disk(store: FolderStore, tmp_path: Path) -> None:
    assert seal(store, content(MOST_INLINE)).inline is not None
    assert list(tmp_path.iterdir()) == []
    assert seal(store, content(MOST_INLINE + 1)).inline is None
    assert list(store.names()) == [ITEM.hex()]


def test_a_source_may_give_little_at_a_time(store: FolderStore) -> None:
    data = content(BATCH + 77)
    source = io.BytesIO(data)

    def sparing(view: memoryview) -> int:
        return source.readinto(view[: 1 + len(view) // 3])

    sealed = seal_object(store, ITEM, KEY, sparing, Progress())
    assert opened_by_hand(stored_bytes(store, sealed), sealed.stream_length, KEY) == data


@pytest.mark.parametrize("size", [0, 10, MOST_INLINE + 5, INLINE, BATCH, 9 * BATCH, 9 * BATCH + 1])
def test_a_source_is_not_asked_again_after_its_end(store: FolderStore, size: int) -> None:
    source = io.BytesIO(content(size))
    given: list[int] = []

    def readinto(view: memoryview) -> int:
        given.append(source.readinto(view))
        return given[-1]

    assert seal_object(store, ITEM, KEY, readinto, Progress()).size == size
    assert given.count(0) == 1
    assert given[-1] == 0


def test_slow_hashing_still_counts_every_byte(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class SlowHash:
        def __init__(self) -> None:
            self._hash = hashlib.sha256()
            self.digest = self._hash.digest

        def update(self, data: memoryview) -> None:
            time.sleep(0.02)
            self._hash.update(data)

    data = content(12 * BATCH + 5)
    monkeypatch.setattr(sealing, "hashlib", SimpleNamespace(sha256=SlowHash))
    assert seal(store, data).sha256 == hashlib.sha256(data).digest()


def test_equal_files_are_stored_differently(store: FolderStore) -> None:
    first, second = seal(store, b"equal"), seal(store, b"equal")
    assert first.nonce != second.nonce
    assert first.inline != second.inline


def test_given_randomness_decides_the_stored_bytes(store: FolderStore, tmp_path: Path) -> None:
    def still(length: int) -> bytes:
        return bytes(length)

    data = content(BATCH)
    sealed = [
        seal_object(place, ITEM, KEY, io.BytesIO(data).readinto, Progress(), random=still)
        for place in (store, FolderStore(tmp_path / "second"))
    ]
    assert sealed[0] == sealed[1]
    assert sealed[0].nonce == bytes(16)


def test_the_filler_is_not_zeros(store: FolderStore) -> None:
    for size in (98_400, 3 * BATCH + 1):
        sealed = seal(store, content(size), item=size.to_bytes(16, "big"))
        filler = stored_bytes(store, sealed)[16 + sealed.stream_length :]
        assert len(filler) > 1000
        assert len(set(filler)) > 200
        assert filler[:500] != filler[500:1000]


def test_progress_counts_the_bytes_of_the_file(store: FolderStore) -> None:
    progress = Progress()
    seal_object(store, ITEM, KEY, io.BytesIO(content(2 * BATCH + 5)).readinto, progress)
    seal_object(store, OTHER_ITEM, KEY, io.BytesIO(content(7)).readinto, progress)
    assert progress.state.done == 2 * BATCH + 12


# What leaves: stock age opens it.


@pytest.mark.parametrize("size", [0, 1, CHUNK, MOST_INLINE, 2 * BATCH, 3 * BATCH + 99])
def test_stock_age_opens_the_copy(store: FolderStore, tmp_path: Path, size: int) -> None:
    program = shutil.which("age")
    assert program, "these tests need the age program (Debian package: age)"
    identity = age.X25519Identity.generate()
    (tmp_path / "key.txt").write_text(f"{identity}\n")
    data = content(size)
    with open_object(store, seal(store, data), KEY) as reader:
        (tmp_path / "copy.age").write_bytes(b"".join(reader.age_copy([identity.recipient()])))
    opened = subprocess.run(
        [program, "-d", "-i", str(tmp_path / "key.txt"), str(tmp_path / "copy.age")], capture_output=True, timeout=60
    )
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout == data


def test_a_copy_carries_no_filler_and_the_stored_payload(store: FolderStore) -> None:
    recipient = age.X25519Identity.generate().recipient()
    sealed = seal(store, content(3 * BATCH + 1))
    with open_object(store, sealed, KEY) as reader:
        copy = b"".join(reader.age_copy([recipient]))
    payload = stored_bytes(store, sealed)[: 16 + sealed.stream_length]
    assert copy.endswith(payload)
    assert copy[: -len(payload)].startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert copy[: -len(payload)].endswith(b"\n")


# Damage: every region, whatever reads it.

SMALL, LARGE = 100_001, 2 * BATCH + 100_001


def damaged(store: Store, sealed: SealedObject, change: Callable[[bytearray], object]) -> SealedObject:
    stored = bytearray(stored_bytes(store, sealed))
    change(stored)
    if sealed.inline is not None:
        return replace(sealed, inline=bytes(stored))
    store.delete(sealed.item.hex())
    store.put(sealed.item.hex(), [bytes(stored)])
    return sealed


def flip(place: int) -> Callable[[bytearray], None]:
    def change(stored: bytearray) -> None:
        stored[place] ^= 0x01

    return change


def regions(size: int) -> dict[str, int]:
    end = 16 + age.stream_length(size)
    return {
        "nonce": 3,
        "first byte": 16,
        "first chunk": 16 + 1000,
        "first tag": 16 + CHUNK + 5,
        "second chunk": 16 + CHUNK + 16,
        "last chunk": end - 17,
        "last tag": end - 1,
    }


@pytest.mark.parametrize("region", list(regions(SMALL)))
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_flipped_bit_is_noticed(store: FolderStore, size: int, region: str) -> None:
    sealed = damaged(store, seal(store, content(size)), flip(regions(size)[region]))
    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, sealed, KEY) as reader:
        for _ in reader.stream():
            pass
    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, sealed, KEY) as reader:
        for _ in reader.age_copy([age.X25519Identity.generate().recipient()]):
            pass


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_flipped_bit_of_the_filler_harms_no_reader_and_is_found_by_the_check(store: FolderStore, size: int) -> None:
    data = content(size)
    sealed = damaged(store, seal(store, data), flip(-1))
    with open_object(store, sealed, KEY) as reader:
        assert b"".join(reader.stream()) == data
        with pytest.raises(Damaged, match=ITEM.hex()):
            reader.verify(Progress())
    assert blake3.blake3(stored_bytes(store, sealed)).digest() != sealed.blake3


def test_a_flipped_bit_spares_the_other_places(store: FolderStore) -> None:
    data = content(LARGE)
    sealed = damaged(store, seal(store, data), flip(16 + 2 * (CHUNK + 16) + 7))
    with open_object(store, sealed, KEY) as reader:
        assert reader.read(0, 2 * CHUNK) == data[: 2 * CHUNK]
        assert reader.read(3 * CHUNK, 100) == data[3 * CHUNK : 3 * CHUNK + 100]
        with pytest.raises(Damaged, match=ITEM.hex()):
            reader.read(2 * CHUNK + 5, 1)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("length", [0, 1, 16, CHUNK, -1])
def test_a_cut_object_is_noticed(store: FolderStore, size: int, length: int) -> None:
    sealed = seal(store, content(size))

    def cut(stored: bytearray) -> None:
        del stored[length:]

    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, damaged(store, sealed, cut), KEY):
        pass


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_an_extended_object_is_noticed(store: FolderStore, size: int) -> None:
    sealed = damaged(store, seal(store, content(size)), lambda stored: stored.extend(b"\0"))
    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, sealed, KEY):
        pass


def test_an_object_that_shrinks_while_it_is_open_is_noticed(store: FolderStore, tmp_path: Path) -> None:
    sealed = seal(store, content(LARGE))
    with open_object(store, sealed, KEY) as reader:
        name = ITEM.hex()
        os.truncate(tmp_path / "objects" / name[:2] / name[2:4] / name, 16 + CHUNK)
        with pytest.raises(Damaged, match=name):
            reader.read(CHUNK, 10)
        with pytest.raises(Damaged, match=name):
            list(reader.stream())


def test_a_swapped_file_is_noticed(store: FolderStore, tmp_path: Path) -> None:
    first = seal(store, content(LARGE))
    seal(store, content(LARGE), item=OTHER_ITEM)
    paths = [tmp_path / "objects" / name[:2] / name[2:4] / name for name in (ITEM.hex(), OTHER_ITEM.hex())]
    os.replace(paths[1], paths[0])
    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, first, KEY):
        pass


@pytest.mark.parametrize("size", [0, SMALL, LARGE])
def test_another_key_opens_nothing(store: FolderStore, size: int) -> None:
    sealed = seal(store, content(size))
    with open_object(store, sealed, bytes(16)) as reader, pytest.raises(Damaged, match=ITEM.hex()):
        list(reader.stream())


@pytest.mark.parametrize("size", [0, SMALL, LARGE])
def test_content_with_another_digest_than_recorded_is_noticed(store: FolderStore, size: int) -> None:
    data = content(size)
    with open_object(store, replace(seal(store, data), sha256=bytes(32)), KEY) as reader:
        with pytest.raises(Damaged, match=ITEM.hex()):
            list(reader.stream())
        assert b"".join(reader.stream(check=False)) == data


@pytest.mark.parametrize("length", [0, 15, CHUNK + 16 + 16, LARGE])
def test_a_recorded_length_that_is_not_true_is_noticed(store: FolderStore, length: int) -> None:
    sealed = replace(seal(store, content(LARGE)), stream_length=length)
    with pytest.raises(Damaged, match=ITEM.hex()), open_object(store, sealed, KEY) as reader:
        list(reader.stream())


def test_a_missing_object_is_said(store: FolderStore) -> None:
    sealed = seal(store, content(LARGE))
    store.delete(ITEM.hex())
    with pytest.raises(NotFound, match=ITEM.hex()):
        open_object(store, sealed, KEY)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_stored_bytes_are_checked_without_a_key(store: FolderStore, size: int) -> None:
    sealed = seal(store, content(size))
    file = objects.InlineFile(sealed.inline) if sealed.inline is not None else store.open(ITEM.hex())
    try:
        assert stored_digest(file, Progress()) == sealed.blake3
    finally:
        file.close()


# Failures on the way in: nothing is left, and the sentence says so.


def failing_after(size: int, error: Exception) -> Callable[[memoryview], int]:
    source = io.BytesIO(content(size))

    def readinto(view: memoryview) -> int:
        got = source.readinto(view)
        if not got:
            raise error
        return got

    return readinto


@pytest.mark.parametrize("size", [0, 1000, INLINE, BATCH, 5 * BATCH])
def test_a_source_that_fails_is_unreadable(store: FolderStore, size: int) -> None:
    source = failing_after(size, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(Unreadable, match="Input/output error"):
        seal_object(store, ITEM, KEY, source, Progress())
    assert_empty(store)


def test_what_a_source_says_itself_passes_through(store: FolderStore) -> None:
    with pytest.raises(Unreadable, match="the mail broke off"):
        seal_object(store, ITEM, KEY, failing_after(3 * BATCH, Unreadable("the mail broke off")), Progress())
    assert_empty(store)


@pytest.mark.parametrize(("size", "expected"), [(10, 11), (11, 10), (LARGE, LARGE + 1), (LARGE, 5), (2 * BATCH, LARGE)])
def test_a_file_that_changed_its_size_is_unreadable(store: FolderStore, size: int, expected: int) -> None:
    with pytest.raises(Unreadable, match=f"{expected} bytes at first, {size} now"):
        seal_object(store, ITEM, KEY, io.BytesIO(content(size)).readinto, Progress(), expected=expected)
    assert_empty(store)


@pytest.mark.parametrize("size", [10, LARGE])
def test_a_file_of_the_expected_size_is_taken(store: FolderStore, size: int) -> None:
    sealed = seal_object(store, ITEM, KEY, io.BytesIO(content(size)).readinto, Progress(), expected=size)
    assert sealed.size == size


@pytest.mark.parametrize("after", [0, 16, 17, CHUNK, BATCH, 3 * BATCH])
@pytest.mark.parametrize("failure", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_is_said_and_leaves_nothing(tmp_path: Path, after: int, failure: int) -> None:
    store = FailingStore(tmp_path, after, failure)
    with pytest.raises(StorageFailed, match="Nothing half-written was kept"):
        seal(store, content(12 * BATCH))
    assert_empty(store)


def test_a_power_cut_leaves_no_object(tmp_path: Path) -> None:
    with pytest.raises(PowerCut):
        seal(FailingStore(tmp_path, 2 * BATCH, None), content(12 * BATCH))
    store = FolderStore(tmp_path)
    assert list(store.names()) == []
    assert [leftover.name for leftover in store.leftovers()] == [ITEM.hex()]


def test_an_object_is_sealed_once(store: FolderStore) -> None:
    sealed = seal(store, content(LARGE))
    with pytest.raises(StorageFailed, match=ITEM.hex()):
        seal(store, content(LARGE))
    with open_object(store, sealed, KEY) as reader:
        reader.verify(Progress())


@pytest.mark.parametrize("size", [100, 12 * BATCH])
def test_stopping_leaves_nothing(store: FolderStore, size: int) -> None:
    progress = Progress(lambda state: progress.cancel() if state.done >= 2 * BATCH else None)
    if size < BATCH:
        progress.cancel()
    with pytest.raises(Cancelled):
        seal_object(store, ITEM, KEY, io.BytesIO(content(size)).readinto, progress)
    assert_empty(store)


def test_a_reader_that_is_left_early_leaves_no_thread(store: FolderStore) -> None:
    with open_object(store, seal(store, content(8 * BATCH)), KEY) as reader:
        pieces = reader.stream()
        assert next(pieces) == content(8 * BATCH)[:CHUNK]
        assert lingering() != []
        pieces.close()  # type: ignore[attr-defined]
        assert lingering() == []


MEASURED = """
import resource, sys
from pathlib import Path
from types import SimpleNamespace
from evidencevault.progress import Progress
from evidencevault.vault.objects import open_object, seal_object
from evidencevault.vault.stores import FolderStore

class Source:
    left = int(sys.argv[2]) << 20
    def __call__(self, view):
        taken = min(self.left, len(view))
        self.left -= taken
        return taken

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

store = FolderStore(Path(sys.argv[1]))
seal_object(store, bytes(16), bytes(16), lambda view: 0, Progress())
idle = peak()
sealed = seal_object(store, bytes(16), bytes(16), Source(), Progress())
with open_object(store, sealed, bytes(16)) as reader:
    total = sum(len(piece) for piece in reader.stream())
print(total >> 20, peak() - idle)
"""


def test_memory_stays_small_whatever_the_size(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path), "300"], capture_output=True, text=True, check=True, timeout=120
    )
    mebibytes, more = done.stdout.split()
    assert int(mebibytes) == 300
    assert float(more) <= 60
