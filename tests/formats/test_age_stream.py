"""The payload: lengths, sealing into given buffers, random access, and every way to cut, extend or reorder it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencevault.formats import age

KEY = bytes(range(32))
SIZES = [0, 1, 100, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 2 * age.CHUNK, 2 * age.CHUNK + 17, 20 * age.CHUNK + 3]


def text(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def sealed(size: int) -> bytes:
    return b"".join(age.seal_stream(KEY, [text(size)]))


def opener(stream: bytes, calls: list[tuple[int, int]] | None = None) -> age.Opener:
    def read_at(offset: int, n: int) -> bytes:
        if calls is not None:
            calls.append((offset, n))
        return stream[offset : offset + n]

    return age.Opener(KEY, read_at, len(stream))


@pytest.mark.parametrize("size", SIZES)
def test_lengths_and_round_trip(size: int) -> None:
    stream = sealed(size)
    assert len(stream) == age.stream_length(size)
    assert age.plain_length(len(stream)) == size
    assert b"".join(opener(stream).stream()) == text(size)
    assert b"".join(age.open_stream(KEY, io.BytesIO(stream).read)) == text(size)


@given(st.integers(0, 1 << 45))
def test_length_and_its_inverse(size: int) -> None:
    assert age.plain_length(age.stream_length(size)) == size


@pytest.mark.parametrize("length", [-1, 0, 15, age.SEALED_CHUNK + 1, age.SEALED_CHUNK + 16, 2 * age.SEALED_CHUNK + 16])
def test_impossible_lengths(length: int) -> None:
    with pytest.raises(age.PayloadError):
        age.plain_length(length)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 90_000), max_size=8))
def test_pieces_do_not_matter(sizes: list[int]) -> None:
    whole = text(sum(sizes))
    at, pieces = 0, []
    for size in sizes:
        pieces.append(whole[at : at + size])
        at += size
    assert b"".join(age.seal_stream(KEY, pieces)) == sealed(len(whole))


@pytest.mark.parametrize("size", SIZES)
def test_sealer_writes_into_the_given_buffer(size: int) -> None:
    plain, out = memoryview(bytearray(text(size))), bytearray(b"\xee" * (age.stream_length(size) + 5))
    assert age.Sealer(KEY).batch(0, True, plain, out) == age.stream_length(size)
    assert bytes(out) == sealed(size) + b"\xee" * 5


def test_batches_continue() -> None:
    plain = text(20 * age.CHUNK + 3)
    sealer, out, whole = age.Sealer(KEY), bytearray(4 * age.SEALED_CHUNK), b""
    for counter in range(0, 21, 4):
        piece = plain[counter * age.CHUNK : (counter + 4) * age.CHUNK]
        whole += out[: sealer.batch(counter, counter == 20, piece, memoryview(out))]
    assert whole == sealed(len(plain))


@pytest.mark.parametrize(("counter", "final", "size"), [(0, False, 5), (0, True, age.CHUNK + 1), (1, True, 0)])
def test_chunks_of_the_wrong_size_are_a_fault(counter: int, final: bool, size: int) -> None:
    with pytest.raises(ValueError, match="chunks"):
        age.Sealer(KEY).chunk(counter, final, bytes(size), bytearray(2 * age.SEALED_CHUNK))


def test_a_buffer_too_small_is_a_fault() -> None:
    with pytest.raises(ValueError):
        age.Sealer(KEY).chunk(0, True, b"12345", bytearray(20))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SIZES), st.data())
def test_random_access(size: int, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, size + 10))
    n = data.draw(st.integers(0, size + 10))
    assert opener(sealed(size)).read(offset, n) == text(size)[offset : offset + n]


def test_small_reads_fetch_one_chunk_once() -> None:
    calls: list[tuple[int, int]] = []
    reader = opener(sealed(5 * age.CHUNK), calls)
    for offset in range(2 * age.CHUNK, 2 * age.CHUNK + 1000, 100):
        assert reader.read(offset, 100) == text(5 * age.CHUNK)[offset : offset + 100]
    assert calls == [(2 * age.SEALED_CHUNK, age.SEALED_CHUNK)]


def test_negative_positions_are_a_fault() -> None:
    with pytest.raises(ValueError, match="negative"):
        opener(sealed(5)).read(-1, 2)


Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {
    "cut at a chunk": lambda s: s[: 2 * age.SEALED_CHUNK],
    "cut inside a chunk": lambda s: s[: 2 * age.SEALED_CHUNK - 100],
    "cut by a byte": lambda s: s[:-1],
    "only a tag left": lambda s: s[: 2 * age.SEALED_CHUNK + 16],
    "nothing left": lambda s: b"",
    "a byte more": lambda s: s + b"\0",
    "a chunk more": lambda s: s + s[: age.SEALED_CHUNK],
    "the last chunk twice": lambda s: s + s[2 * age.SEALED_CHUNK :],
    "swapped": lambda s: s[age.SEALED_CHUNK : 2 * age.SEALED_CHUNK] + s[: age.SEALED_CHUNK] + s[2 * age.SEALED_CHUNK :],
    "one left out": lambda s: s[age.SEALED_CHUNK :],
    "a bit flipped": lambda s: s[:70_000] + bytes([s[70_000] ^ 1]) + s[70_001:],
    "a bit of the tag flipped": lambda s: s[:-1] + bytes([s[-1] ^ 1]),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_nothing_false_comes_out(name: str) -> None:
    plain = text(2 * age.CHUNK + 500)
    damaged = DAMAGES[name](sealed(len(plain)))
    readers: list[Callable[[], Iterator[bytes]]] = [
        lambda: opener(damaged).stream(),
        lambda: age.open_stream(KEY, io.BytesIO(damaged).read),
    ]
    for read in readers:
        out = b""
        with pytest.raises(age.PayloadError):
            for piece in read():
                out += piece
        assert plain.startswith(out)


def test_the_end_is_not_believed_before_it_is_checked() -> None:
    cut = sealed(3 * age.CHUNK)[: 2 * age.SEALED_CHUNK]
    reader = opener(cut)
    assert reader.read(5, 10) == text(20)[5:15]
    with pytest.raises(age.PayloadError):
        reader.read(reader.size, 1)


def test_a_source_that_gives_less_is_a_cut() -> None:
    stream = sealed(100)
    reader = age.Opener(KEY, lambda at, n: stream[at : at + n - 1], len(stream))
    with pytest.raises(age.PayloadError):
        reader.read(0, 10)


def test_short_reads_of_a_pipe_are_joined() -> None:
    stream = io.BytesIO(sealed(3 * age.CHUNK + 5))
    assert b"".join(age.open_stream(KEY, lambda n: stream.read(min(n, 1000)))) == text(3 * age.CHUNK + 5)


def test_another_key_opens_nothing() -> None:
    stream = sealed(100)
    with pytest.raises(age.PayloadError):
        next(age.Opener(bytes(32), lambda at, n: stream[at : at + n], len(stream)).stream())
