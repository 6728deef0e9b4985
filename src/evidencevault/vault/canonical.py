"""MessagePack in one form only: shortest encodings, sorted text keys, no floats, no ext, no duplicates (formats.md
§3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgpack

from evidencevault.errors import Damaged
from evidencevault.resources import tr

_SCALARS = frozenset({str, bytes, int, bool, type(None)})
type_error = "a stored value must be null, boolean, integer, text, bytes, list or map with text keys"
Value = None | bool | int | str | bytes | list["Value"] | dict[str, "Value"]
"""What a sealed record may hold."""


def pack(value: Mapping[str, Value]) -> bytes:
    """The canonical bytes of a map. Raises TypeError for what may not be stored (a bug of the caller)."""
    return cast(bytes, msgpack.packb(_ordered(value), use_bin_type=True))


def unpack(data: bytes) -> dict[str, Value]:
    """The map in ``data``; raises Damaged unless the bytes are canonical."""
    try:
        value = msgpack.unpackb(data, raw=False, strict_map_key=True)
    except (ValueError, msgpack.UnpackException, RecursionError) as error:
        raise Damaged(tr("A sealed record does not hold what it must.")) from error
    # Any other spelling gives other bytes when it is packed again; order and types are looked at before.
    if type(value) is not dict or not _is_canonical(value) or msgpack.packb(value, use_bin_type=True) != data:
        raise Damaged(tr("A sealed record is not in canonical form."))
    return cast(dict[str, Value], value)


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(type_error)
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda k: k.encode())}
    if isinstance(value, (list, tuple)):
        return [_ordered(one) for one in value]
    if value is None or isinstance(value, (bool, int, str, bytes)):
        return value
    raise TypeError(type_error)


def _is_canonical(value: object) -> bool:
    """Plain types only, and every map in ascending order: of code points, which is that of their UTF-8."""
    kind = type(value)
    if kind in _SCALARS:
        return True
    if kind is list:
        return all(map(_is_canonical, cast(list[object], value)))
    if kind is not dict:
        return False
    last = None
    for key, one in cast(dict[object, object], value).items():
        if type(key) is not str or (last is not None and key <= last) or not _is_canonical(one):
            return False
        last = key
    return True
