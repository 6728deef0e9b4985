"""Font programs cut down to the glyphs that are drawn: TrueType tables (OpenType 1.9) rebuilt, CFF (TN 5176) checked.

The tables are read by offsets that a hostile file chose: whatever does not fit raises Failed with ``Reason.UNSAFE``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from itertools import pairwise

from evidencevault.documents.worker.structural_keys import unsafe

_KEPT = (b"cvt ", b"fpgm", b"prep", b"head", b"hhea", b"maxp")
_WORDS, _MORE, _SCALE, _BOTH, _FOUR = 0x0001, 0x0020, 0x0008, 0x0040, 0x0080
_DEEP = 8


def truetype(body: bytes, wanted: set[int] | None, letters: Iterable[int] = ()) -> bytes:
    """A TrueType program with the glyphs ``wanted``; None means those that its character maps give to ``letters``."""
    tables = _tables(body)
    if not {b"glyf", b"loca", b"hmtx", *_KEPT[3:]} <= set(tables):
        raise unsafe()
    try:
        maps: dict[tuple[int, int], dict[int, int]] = {}
        if wanted is None:
            asked = set(letters)
            maps = {key: {c: g for c, g in said.items() if c in asked} for key, said in _maps(tables.get(b"cmap", b""))}
            wanted = {glyph for said in maps.values() for glyph in said.values()}
        return _sfnt(_cut(tables, wanted | {0}, maps))
    except (struct.error, IndexError) as error:
        raise unsafe() from error


def compact(body: bytes) -> bytes:
    """The CFF program in an OpenType wrapper, or as it is where there is none."""
    return _tables(body).get(b"CFF ", b"") if body[:4] == b"OTTO" else body


def _tables(body: bytes) -> dict[bytes, bytes]:
    if body[:4] not in (b"\0\1\0\0", b"true", b"OTTO") or len(body) < 12:
        raise unsafe()
    count = int.from_bytes(body[4:6], "big")
    found = {}
    for at in range(12, 12 + 16 * min(count, 64), 16):
        if at + 16 > len(body):
            raise unsafe()
        tag, _, start, length = struct.unpack_from(">4sIII", body, at)
        found[tag] = body[start : start + length]
    return found


def _cut(
    tables: dict[bytes, bytes], wanted: set[int], maps: dict[tuple[int, int], dict[int, int]]
) -> dict[bytes, bytes]:
    count = int.from_bytes(tables[b"maxp"][4:6], "big")
    long = tables[b"head"][50:52] == b"\0\1"
    loca = struct.unpack_from(f">{count + 1}{'I' if long else 'H'}", tables[b"loca"])
    starts = [one if long else 2 * one for one in loca]
    glyphs = [tables[b"glyf"][a:b] if a < b else b"" for a, b in pairwise(starts)]
    kept = _closed({one for one in wanted if one < count}, glyphs)
    body, places = bytearray(), [0]
    for number, glyph in enumerate(glyphs):
        if number in kept:
            body += glyph + b"\0" * (-len(glyph) % 4)
        places.append(len(body))
    head = bytearray(tables[b"head"])
    head[8:12], head[50:52] = bytes(4), b"\0\1"
    fresh = {tag: tables[tag] for tag in _KEPT if tag in tables}
    fresh |= {
        b"head": bytes(head),
        b"glyf": bytes(body) or bytes(4),
        b"loca": struct.pack(f">{count + 1}I", *places),
        b"hmtx": _metrics(tables, kept, count),
        b"post": struct.pack(">I", 0x00030000) + tables.get(b"post", bytes(16))[4:16].ljust(12, b"\0") + bytes(16),
    }
    if maps:
        fresh[b"cmap"] = _cmap(maps)
    return fresh


def _closed(wanted: set[int], glyphs: list[bytes]) -> set[int]:
    """The glyphs, and those that they are composed of."""
    kept = set(wanted)
    edge = wanted
    for _ in range(_DEEP):
        edge = {part for one in edge for part in _parts(glyphs[one]) if part < len(glyphs)} - kept
        kept |= edge
    if edge:
        raise unsafe()
    return kept


def _parts(glyph: bytes) -> Iterable[int]:
    if len(glyph) < 10 or glyph[0] < 128:  # a number of contours that is not negative: a simple glyph
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", glyph, at)
        yield part
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _BOTH else 8 if flags & _FOUR else 0


def _metrics(tables: dict[bytes, bytes], kept: set[int], count: int) -> bytes:
    """Widths of the glyphs kept; the others say nothing of the letters that were there."""
    full = int.from_bytes(tables[b"hhea"][34:36], "big")
    if not 0 < full <= count:
        raise unsafe()
    table = tables[b"hmtx"].ljust(4 * full + 2 * (count - full), b"\0")
    fresh = bytearray(4 * full + 2 * (count - full))
    for glyph in kept:
        start, size = (4 * glyph, 4) if glyph < full else (4 * full + 2 * (glyph - full), 2)
        fresh[start : start + size] = table[start : start + size]
    fresh[4 * full - 4 : 4 * full - 2] = table[4 * full - 4 : 4 * full - 2]  # the width of all that follow
    return bytes(fresh)


def _maps(table: bytes) -> Iterable[tuple[tuple[int, int], dict[int, int]]]:
    """The subtables by platform and encoding."""
    for number in range(min(int.from_bytes(table[2:4], "big"), 16)):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * number)
        yield (platform, encoding), _map(table[start:])


def _map(table: bytes) -> dict[int, int]:
    kind = int.from_bytes(table[:2], "big")
    if kind == 0:
        return dict(enumerate(table[6:262]))
    if kind == 6:
        first, count = struct.unpack_from(">HH", table, 6)
        return {first + n: glyph for n, glyph in enumerate(struct.unpack_from(f">{count}H", table, 10))}
    if kind == 4:
        return _segments(table)
    return {}


def _segments(table: bytes) -> dict[int, int]:
    count = int.from_bytes(table[6:8], "big") // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts, deltas, offsets = (struct.unpack_from(f">{count}H", table, 16 + 2 * count * n) for n in (1, 2, 3))
    found = {}
    if sum(max(0, end - start + 1) for start, end in zip(starts, ends, strict=True)) > 2 * 0x10000:
        raise unsafe()  # segments do not overlap
    for n in range(count):
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            glyph = code
            if offsets[n]:
                at = 16 + 6 * count + 2 * n + offsets[n] + 2 * (code - starts[n])
                glyph = int.from_bytes(table[at : at + 2], "big")
            if glyph or not offsets[n]:
                found[code] = (glyph + deltas[n]) & 0xFFFF
    return found


def _cmap(maps: dict[tuple[int, int], dict[int, int]]) -> bytes:
    """Trimmed tables (format 6) for Macintosh codes, segments of one code (format 4) for the others."""
    head, body = b"", b""
    for (platform, encoding), said in sorted(maps.items()):
        head += struct.pack(">HHI", platform, encoding, 4 + 8 * len(maps) + len(body))
        body += _trimmed(said) if platform == 1 else _singles(said)
    return struct.pack(">HH", 0, len(maps)) + head + body


def _trimmed(said: dict[int, int]) -> bytes:
    return struct.pack(">HHHHH256H", 6, 522, 0, 0, 256, *(said.get(code, 0) for code in range(256)))


def _singles(said: dict[int, int]) -> bytes:
    codes = [*sorted(code for code in said if code < 0xFFFF), 0xFFFF]
    count = len(codes)
    power = 1 << (count.bit_length() - 1)
    body = struct.pack(">HHHH", 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    body += struct.pack(f">{count}H", *codes) + bytes(2) + struct.pack(f">{count}H", *codes)
    deltas = [(said.get(code, 0) - code) & 0xFFFF if code != 0xFFFF else 1 for code in codes]
    body += struct.pack(f">{count}H", *deltas) + bytes(2 * count)
    return struct.pack(">HHH", 4, 6 + len(body), 0) + body


def _sfnt(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = b"\0\1\0\0" + struct.pack(">HHHH", count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    body, start = b"", 12 + 16 * count
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag, total, start + len(body), len(table))
        body += padded
    return head + body
