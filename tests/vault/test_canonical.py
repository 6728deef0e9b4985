"""MessagePack in one form only: what is packed is read back, and every other spelling is refused."""

from __future__ import annotations

import datetime

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.errors import Damaged
from evidencevault.vault.canonical import Value, pack, unpack

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary()
values = st.recursive(scalars, lambda one: st.lists(one) | st.dictionaries(st.text(), one), max_leaves=20)


@given(st.dictionaries(st.text(), values))
def test_what_is_packed_is_read_back(body: dict[str, Value]) -> None:
    assert unpack(pack(body)) == body


@given(st.dictionaries(st.text(), values, min_size=2))
def test_keys_in_another_order_are_refused(body: dict[str, Value]) -> None:
    backwards = {key: body[key] for key in sorted(body, key=lambda one: one.encode(), reverse=True)}
    with pytest.raises(Damaged):
        unpack(msgpack.packb(backwards))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc0",
        b"\x90",
        b"\x81\xa1a\xcc\x01",  # 1 in two bytes
        b"\x81\xd9\x01a\x01",  # a key with a length byte that it does not need
        b"\xde\x00\x01\xa1a\x01",  # a map of one as map 16
        b"\x82\xa1a\x01\xa1a\x02",  # a key twice
        b"\x81\x01\x01",  # a key that is no text
        b"\x81\xc4\x01a\x01",  # a key of bytes
        b"\x81\xa1a\x01\x00",  # something after it
        b"\x81\xa1a",  # cut
        msgpack.packb({"a": 1.5}),
        msgpack.packb({"a": {"b": [1.0]}}),
        msgpack.packb({"a": msgpack.ExtType(5, b"x")}),
        msgpack.packb({"a": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}, datetime=True),
        msgpack.packb({"a": {"c": 1, "b": 2}}),
        msgpack.packb({"a": [{"c": 1, "b": 2}]}),
        b"\x81" * 2000,
    ],
    ids=lambda data: data[:12].hex(),
)
def test_any_other_spelling_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(data)


def test_what_may_not_be_stored_is_a_bug() -> None:
    with pytest.raises(TypeError):
        pack({"a": 1.5})  # type: ignore[dict-item]
