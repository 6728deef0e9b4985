"""The 143 published vectors of the format (C2SP/CCTV): each must succeed or fail exactly as it says."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest

from evidencevault.formats import age

VECTORS = Path(__file__).resolve().parent.parent / "vectors" / "age"

FAILURES: dict[str, type[age.AgeError]] = {
    "no match": age.NoMatch,
    "HMAC failure": age.MacError,
    "header failure": age.HeaderError,
    "armor failure": age.ArmorError,
    "payload failure": age.PayloadError,
}


@dataclass
class Vector:
    expect: str = ""
    payload: str | None = None
    file_key: str = ""
    armored: bool = False
    identities: list[age.Identity] = field(default_factory=list)
    body: bytes = b""


def load(path: Path) -> Vector:
    head, _, body = path.read_bytes().partition(b"\n\n")
    vector = Vector(body=body)
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        match key:
            case "expect":
                vector.expect = value
            case "payload":
                vector.payload = value
            case "file key":
                vector.file_key = value
            case "identity":
                vector.identities += age.parse_identities(value)
            case "passphrase":
                # The vectors hold one with factor 23, "very high"; 10 is what the others use.
                vector.identities.append(age.ScryptIdentity(value))
            case "armored":
                vector.armored = value == "yes"
            case "compressed":
                assert value == "zlib"
                vector.body = zlib.decompress(body)
            case "comment":
                pass
            case _:
                raise AssertionError(key)
    return vector


def outcome(vector: Vector) -> tuple[str | type[Exception], bytes]:
    """What happened, and the plaintext that came out before."""
    stream: BinaryIO = io.BytesIO(vector.body)
    plain = b""
    try:
        # A file said to be armored is read as such; decrypt() by itself decides by the first line.
        for piece in age.decrypt(age.dearmor(stream) if vector.armored else stream, vector.identities):
            plain += piece
    except age.AgeError as error:
        return type(error), plain
    return "success", plain


def names() -> list[str]:
    return sorted(path.name for path in VECTORS.iterdir())


def test_all_vectors_are_here() -> None:
    assert len(names()) == 143


@pytest.mark.parametrize("name", names())
def test_vector(name: str) -> None:
    vector = load(VECTORS / name)
    result, plain = outcome(vector)
    assert result == FAILURES.get(vector.expect, vector.expect)
    if vector.payload is not None:
        assert hashlib.sha256(plain).hexdigest() == vector.payload
    else:
        assert plain == b""


@pytest.mark.parametrize("name", [name for name in names() if load(VECTORS / name).expect == "success"])
def test_successful_vector_by_random_access(name: str) -> None:
    vector = load(VECTORS / name)
    body = vector.body if not vector.armored else age.dearmor(io.BytesIO(vector.body)).read()
    stream = io.BytesIO(body)
    file_key = age.open_header(stream, vector.identities)
    assert file_key.hex() == vector.file_key
    nonce, sealed = stream.read(16), stream.read()
    opener = age.Opener(age.payload_key(file_key, nonce), lambda at, n: sealed[at : at + n], len(sealed))
    whole = b"".join(opener.stream())
    assert hashlib.sha256(whole).hexdigest() == vector.payload
    assert opener.read(0, opener.size + 5) == whole
    assert opener.read(max(0, opener.size - 7), 100) == whole[-7:]


@pytest.mark.parametrize("name", [name for name in names() if load(VECTORS / name).expect == "payload failure"])
def test_failing_payload_by_random_access(name: str) -> None:
    vector = load(VECTORS / name)
    body = vector.body if not vector.armored else age.dearmor(io.BytesIO(vector.body)).read()
    stream = io.BytesIO(body)
    key = age.payload_key(age.open_header(stream, vector.identities), stream.read(16))
    sealed = stream.read()
    with pytest.raises(age.PayloadError):
        opener = age.Opener(key, lambda at, n: sealed[at : at + n], len(sealed))
        opener.read(opener.size, 1)
        b"".join(opener.stream())


@pytest.mark.parametrize("name", [name for name in names() if load(VECTORS / name).armored])
def test_armor_is_recognised_where_it_begins_as_armor(name: str) -> None:
    vector = load(VECTORS / name)
    try:
        plain = b"".join(age.decrypt(io.BytesIO(vector.body), vector.identities))
    except age.AgeError:
        assert vector.expect != "success"
    else:
        assert vector.expect == "success"
        assert hashlib.sha256(plain).hexdigest() == vector.payload
