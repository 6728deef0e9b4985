"""Compact Font Format (Adobe TN 5176): only what MuPDF has cut down is taken, and only after its names are gone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from evidencevault.documents.worker.structural_keys import unsafe

_CHARSET, _ENCODING, _CHARSTRINGS, _ROS = 15, 16, 17, 0x0C1E
_BLANK = 4
"""Bytes up to which a charstring draws nothing: a width and an end."""
_STANDARD = 391


@dataclass(frozen=True, slots=True)
class _Index:
    start: int
    end: int
    places: tuple[tuple[int, int], ...]


def cleaned(body: bytes, codes: int, wide: bool) -> bytes:
    """A program whose every name says nothing; Failed where it has more glyphs that draw than codes are in use."""
    try:
        return _cleaned(bytearray(body), codes, wide)
    except IndexError as error:
        raise unsafe() from error


def _cleaned(body: bytearray, codes: int, wide: bool) -> bytes:
    names = _index(body, body[2])
    tops = _index(body, names.end)
    strings = _index(body, tops.end)
    if len(tops.places) != 1:
        raise unsafe()
    top = _dictionary(body, *tops.places[0])
    glyphs = _index(body, top[_CHARSTRINGS][0])
    drawing = [n for n, (start, end) in enumerate(glyphs.places) if end - start > _BLANK]
    if len(drawing) > codes + 1:
        raise unsafe()
    named = _named(body, top.get(_CHARSET, (0, 0, 0))[0], set(drawing) | {0}, len(glyphs.places), _ROS in top, wide)
    for start, end in names.places:
        body[start:end] = b"F" * (end - start)
    for number, (start, end) in enumerate(strings.places):
        if number + _STANDARD not in named:
            body[start:end] = b"F" * (end - start)
    return bytes(body)


def _named(body: bytearray, start: int, drawing: set[int], count: int, by_cid: bool, wide: bool) -> set[int]:
    """Blank the names of glyphs that draw nothing; the strings that are still needed."""
    if start <= 2:  # a charset of the standard: it lists what every font of its kind has
        return set()
    kind, at = body[start], start + 1
    if kind == 0:
        found = set()
        for glyph in range(1, count):
            if glyph in drawing:
                found.add(body[at] << 8 | body[at + 1])
            else:
                body[at : at + 2] = b"\0\0"
            at += 2
        return set() if by_cid or wide else found
    found, glyph = set(), 1
    while glyph < count:
        if wide and not by_cid:  # glyphs are found by number, their names are not looked at: they become numbers, too
            body[at : at + 2] = glyph.to_bytes(2, "big")
        first = body[at] << 8 | body[at + 1]
        more = body[at + 2] if kind == 1 else body[at + 2] << 8 | body[at + 3]
        for number in range(more + 1):
            if glyph + number in drawing:
                found.add(first + number)
        # A run that gives each glyph its own number says nothing.
        if first != glyph and not all(glyph + number in drawing for number in range(min(more + 1, count - glyph))):
            raise unsafe()
        glyph += more + 1
        at += 3 if kind == 1 else 4
    return set() if by_cid or wide else found


def _index(body: bytearray, start: int) -> _Index:
    if not 0 <= start < len(body):
        raise unsafe()
    count = body[start] << 8 | body[start + 1]
    if not count:
        return _Index(start, start + 2, ())
    size = body[start + 2]
    if not 1 <= size <= 4:
        raise unsafe()
    table = start + 3
    first = table + size * (count + 1) - 1
    if first > len(body):
        raise unsafe()
    offsets = [int.from_bytes(body[table + size * n : table + size * (n + 1)], "big") for n in range(count + 1)]
    if offsets != sorted(offsets) or first + offsets[-1] > len(body):
        raise unsafe()
    places = tuple((first + a, first + b) for a, b in pairwise(offsets))
    return _Index(start, first + offsets[-1], places)


def _dictionary(body: bytearray, start: int, end: int) -> dict[int, tuple[int, ...]]:
    """Operators with their whole numbers; real numbers count as nought."""
    found: dict[int, tuple[int, ...]] = {}
    operands: list[int] = []
    at = start
    while at < end:
        one = body[at]
        at += 1
        if one <= 21:
            key = one
            if one == 12:
                key, at = 0x0C00 | body[at], at + 1
            found[key] = tuple(operands)
            operands = []
        elif one == 28:
            operands.append(int.from_bytes(body[at : at + 2], "big", signed=True))
            at += 2
        elif one == 29:
            operands.append(int.from_bytes(body[at : at + 4], "big", signed=True))
            at += 4
        elif one == 30:
            while body[at] & 0x0F != 0x0F and body[at] >> 4 != 0x0F:
                at += 1
            at += 1
            operands.append(0)
        elif one <= 246:
            operands.append(one - 139)
        elif one <= 250:
            operands.append((one - 247) * 256 + body[at] + 108)
            at += 1
        else:
            operands.append(-(one - 251) * 256 - body[at] - 108)
            at += 1
    return found
