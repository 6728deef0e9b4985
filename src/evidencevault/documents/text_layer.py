"""Invisible text for a page that is a picture: a font without outlines, and words stretched over their boxes.

ISO 32000-1, 9.3.6 (rendering mode 3), 9.7 (composite fonts), 9.10.3 (ToUnicode). Nothing is taken from any file.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence

from evidencevault.documents.requests import Word

_ADVANCE, _ASCENT, _DESCENT = 500, 800, -200  # thousandths of the size; all letters are the same
_CODES = 0x10000


def drawn(words: Sequence[Word], height: float) -> bytes:
    """Operators that lay the words over their boxes on a page ``height`` points high, from its top."""
    lines = [b"BT 3 Tr"]
    for word in words:
        text, box = kept(word.text), word.box
        size, wide = box.y1 - box.y0, box.x1 - box.x0
        stretch = 100 * wide / (len(text) * size * _ADVANCE / 1000)
        # Readers take letters as they stand from left to right, and turn what runs from the right themselves.
        shown = text[::-1] if _from_the_right(text) else text
        # Some readers find words by their spaces only.
        codes = f"{shown} ".encode("utf-16-be").hex().encode()
        place = size, stretch, box.x0, height - box.y1 - size * _DESCENT / 1000
        lines.append(b"/F0 %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm <%b> Tj" % (*place, codes))
    return b"\n".join([*lines, b"ET"])


def kept(text: str) -> str:
    """The letters that two bytes can name and that print."""
    return "".join(letter for letter in text if ord(letter) < _CODES and letter.isprintable())


def font(texts: Iterable[str], first: int) -> list[bytes]:
    """The objects of the font, numbered from ``first``, which is the one a page names; ``texts`` are all it shows."""
    letters = sorted({ord(letter) for text in texts for letter in f"{kept(text)} "})
    program, glyphs = _program(), b"\0\1" * (max(letters, default=0) + 1)
    return [
        b"<</Type/Font/Subtype/Type0/BaseFont/GlyphLessFont/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (first + 1, first + 5),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/GlyphLessFont/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/CIDToGIDMap %d 0 R/DW %d/FontDescriptor %d 0 R>>" % (first + 4, _ADVANCE, first + 2),
        b"<</Type/FontDescriptor/FontName/GlyphLessFont/Flags 4/FontBBox[0 %d %d %d]/Ascent %d/Descent %d/CapHeight %d"
        b"/ItalicAngle 0/StemV 80/FontFile2 %d 0 R>>"
        % (_DESCENT, _ADVANCE, _ASCENT, _ASCENT, _DESCENT, _ASCENT, first + 3),
        _stream(program, b"/Length1 %d" % len(program)),
        _stream(glyphs),
        _stream(_to_unicode(letters)),
    ]


def _from_the_right(text: str) -> bool:
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _to_unicode(letters: Sequence[int]) -> bytes:
    """Every code is its own UTF-16; in rows of one high byte, at most a hundred a block, as the format has it."""
    highs = sorted({letter >> 8 for letter in letters})
    blocks = []
    for at in range(0, len(highs), 100):
        rows = b"".join(b"<%02X00><%02XFF><%02X00>\n" % (high, high, high) for high in highs[at : at + 100])
        blocks.append(b"%d beginbfrange\n%bendbfrange\n" % (len(highs[at : at + 100]), rows))
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CMapType 2 def /CMapName /U def\n"
        b"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n" + b"".join(blocks) + b"endcmap end end\n"
    )


def _program() -> bytes:
    """The smallest TrueType program with two glyphs (the first is what is missing), both empty."""
    box = struct.pack(">4h", 0, _DESCENT, _ADVANCE, _ASCENT)
    tables = {
        b"glyf": b"\0",  # of no length it would be missing to some readers
        b"head": struct.pack(">4I2H16x", 0x10000, 0x10000, 0, 0x5F0F3CF5, 4, 1000)
        + box
        + struct.pack(">2H3h", 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _ADVANCE, *[0] * 11, 2),
        b"hmtx": struct.pack(">HhHh", _ADVANCE, 0, _ADVANCE, 0),
        b"loca": bytes(6),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, *[0] * 6, *[1], *[0] * 6),
    }
    out, body, place = struct.pack(">I4H", 0x10000, len(tables), 64, 2, 32), b"", 12 + 16 * len(tables)
    for name, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        check = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        out += name + struct.pack(">3I", check, place + len(body), len(table))
        body += padded
    return out + body


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode%b/Length %d>>\nstream\n%b\nendstream" % (more, len(packed), packed)
