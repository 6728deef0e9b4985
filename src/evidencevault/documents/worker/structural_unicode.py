"""ToUnicode (ISO 32000-1, 9.10.3) read for the codes in use, and written anew with nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pikepdf import Object, Stream

from evidencevault.documents.worker.structural_keys import unsafe

_LARGEST = 4 << 20
_LONGEST = 4  # UTF-16 units that one code may stand for: no ligature has more letters
_MOST = 1_000_000  # codes that the ranges of one section may name, again and again
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>|\[((?:\s*<[0-9A-Fa-f\s]*>)*)\s*\])"
)
_ONE = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_COMMENT = re.compile(rb"%[^\r\n]*")


def mapped(source: Object, codes: set[int]) -> dict[int, bytes]:
    """What the codes stand for, as UTF-16BE."""
    if not isinstance(source, Stream):
        return {}
    text = source.read_bytes()
    if len(text) > _LARGEST:
        raise unsafe()
    found: dict[int, bytes] = {}
    for section in _SECTION.finditer(_COMMENT.sub(b"", text)):
        pairs = _singles(section.group(2)) if section.group(1) == b"char" else _ranges(section.group(2), codes)
        found.update({code: said for code, said in pairs if code in codes and len(said) <= 2 * _LONGEST})
    return found


def written(told: dict[int, bytes], width: int) -> bytes:
    """A character map for codes of ``width`` bytes."""
    digits = 2 * width
    lines = [f"<{code:0{digits}X}> <{said.hex().upper()}>" for code, said in sorted(told.items())]
    parts = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    space = f"<{'00' * width}> <{'FF' * width}>"
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange {space} endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode()


def _singles(section: bytes) -> Iterator[tuple[int, bytes]]:
    for match in _PAIR.finditer(section):
        yield _code(match.group(1)), _bytes(match.group(2))


def _ranges(section: bytes, codes: set[int]) -> Iterator[tuple[int, bytes]]:
    left = _MOST
    for match in _RANGE.finditer(section):
        low, high = _code(match.group(1)), min(_code(match.group(2)), 0xFFFF)
        if match.group(3) is not None:
            first = _bytes(match.group(3))
            span = range(low, high + 1) if high - low < len(codes) else [code for code in codes if low <= code <= high]
            left -= len(span) + 1
            if left < 0:
                raise unsafe()
            for code in span if len(first) >= 2 else ():
                last = int.from_bytes(first[-2:], "big") + code - low
                yield code, first[:-2] + (last & 0xFFFF).to_bytes(2, "big")
        else:
            for at, one in enumerate(_ONE.finditer(match.group(4))):
                yield low + at, _bytes(one.group(1))


def _code(digits: bytes) -> int:
    bare = b"".join(digits.split())
    return int(bare[:8] or b"0", 16)


def _bytes(digits: bytes) -> bytes:
    bare = b"".join(digits.split())[: 4 * _LONGEST + 4]
    return bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode())
