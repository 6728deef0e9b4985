"""Fonts written anew: no names of the source, no codes, widths, glyphs but of letters that are drawn (9.5 to 9.8).

Type 3 fonts, fonts with other character maps than Identity, and fonts that are neither embedded nor among the standard
fourteen raise Failed with ``Reason.UNSAFE``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pymupdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from evidencevault.documents.worker import structural_cff as cff
from evidencevault.documents.worker import structural_programs as programs
from evidencevault.documents.worker.structural_keys import number, numbers, unsafe
from evidencevault.documents.worker.structural_unicode import mapped, written

_STANDARD = frozenset(f"/{name}" for name in pymupdf.Base14_fontnames) | {
    f"/{family}{style}" for family in ("Arial", "TimesNewRoman", "CourierNew")
    for style in ("", ",Bold", ",Italic", ",BoldItalic", "-Bold", "-Italic", "-BoldItalic", "MT", "PSMT")
}  # fmt: skip
_ENCODINGS = frozenset(("/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding", "/StandardEncoding"))
_GLYPH = re.compile(r"/(uni[0-9A-F]{4,24}|u[0-9A-F]{4,6}|[A-Za-z]{1,5}[0-9]{1,5}|\.notdef)")
_MEASURES = ("/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/XHeight", "/StemV", "/StemH")
_MEASURES_MORE = ("/Leading", "/AvgWidth", "/MaxWidth", "/MissingWidth")
_COLLECTIONS = frozenset(("Japan1", "GB1", "CNS1", "Korea1", "KR"))
_MOST = 65_536


@dataclass(slots=True)
class _Used:
    source: Dictionary
    fresh: Dictionary
    wide: bool
    codes: set[int] = field(default_factory=set)


class Fonts:
    """The fonts of one document. ``final``: whether glyphs that are not drawn must be gone from their programs."""

    def __init__(self, out: pikepdf.Pdf, final: bool) -> None:
        self._out = out
        self._final = final
        self._known: dict[tuple[int, int], str] = {}
        self._used: dict[str, _Used] = {}

    def name(self, source: Object) -> str:
        """What a font is called from now on."""
        if not isinstance(source, Dictionary):
            raise unsafe()
        if source.is_indirect and source.objgen in self._known:
            return self._known[source.objgen]
        wide = source.get("/Subtype") == Name.Type0
        if not wide and source.get("/Subtype") not in (Name.Type1, Name.TrueType, Name.MMType1):
            raise unsafe()
        short = f"F{len(self._used)}"
        fresh = self._out.make_indirect(Dictionary(Type=Name.Font))
        self._used[short] = _Used(source, fresh, wide)
        if source.is_indirect:
            self._known[source.objgen] = short
        return short

    def made(self, short: str) -> Object:
        """The font under that name; whole only after ``finish``."""
        return self._used[short].fresh

    def use(self, short: str, text: bytes) -> None:
        """Note the codes of a string that is drawn."""
        used = self._used[short]
        if used.wide:
            if len(text) % 2:
                raise unsafe()
            used.codes.update(text[at] << 8 | text[at + 1] for at in range(0, len(text), 2))
        else:
            used.codes.update(text)

    def finish(self) -> None:
        """Write every font, when all pages were flattened."""
        for short, used in self._used.items():
            if used.wide:
                self._composite(used, short)
            else:
                self._simple(used, short)
            if "/ToUnicode" in used.source:
                told = mapped(used.source["/ToUnicode"], used.codes)
                used.fresh["/ToUnicode"] = self._out.make_stream(written(told, 2 if used.wide else 1))

    def _simple(self, used: _Used, short: str) -> None:
        source, fresh = used.source, used.fresh
        fresh["/Subtype"] = Name.Type1 if source["/Subtype"] == Name.MMType1 else Name(str(source["/Subtype"]))
        fresh["/BaseFont"] = self._base(source, short)
        if "/Encoding" in source:
            fresh["/Encoding"] = _encoding(source["/Encoding"], used.codes)
        if "/Widths" in source and used.codes:
            first, widths = int(number(source["/FirstChar"])), list(source["/Widths"])
            low, high = min(used.codes), max(used.codes)
            fresh["/FirstChar"], fresh["/LastChar"] = low, high
            fresh["/Widths"] = Array(
                [
                    number(widths[code - first]) if code in used.codes and 0 <= code - first < len(widths) else 0
                    for code in range(low, high + 1)
                ]
            )
        if "/FontDescriptor" in source:
            letters = _letters(fresh.get("/Encoding"), used.codes)
            fresh["/FontDescriptor"] = self._descriptor(source["/FontDescriptor"], short, used.codes, None, letters)

    def _composite(self, used: _Used, short: str) -> None:
        source, fresh = used.source, used.fresh
        encoding = str(source.get("/Encoding"))
        if encoding not in ("/Identity-H", "/Identity-V"):
            raise unsafe()
        inner: Any = source["/DescendantFonts"]
        below: Any = inner[0]
        kind = str(below.get("/Subtype"))
        if kind not in ("/CIDFontType0", "/CIDFontType2") or "/FontDescriptor" not in below:
            raise unsafe()
        fresh["/Subtype"], fresh["/BaseFont"], fresh["/Encoding"] = Name.Type0, Name(f"/{short}"), Name(encoding)
        child = Dictionary(Type=Name.Font, Subtype=Name(kind), BaseFont=Name(f"/{short}"))
        child["/CIDSystemInfo"] = _system(below.get("/CIDSystemInfo"))
        if "/DW" in below:
            child["/DW"] = number(below["/DW"])
        if "/W" in below:
            child["/W"] = _widths(below["/W"], used.codes)
        if "/DW2" in below:
            child["/DW2"] = numbers(below["/DW2"], 2)
        if "/W2" in below:
            raise unsafe()
        glyphs, drawn = below.get("/CIDToGIDMap", Name.Identity), used.codes
        if isinstance(glyphs, Stream):
            table = _glyph_map(glyphs.read_bytes(), used.codes)
            drawn = {table[2 * code] << 8 | table[2 * code + 1] for code in used.codes}
            child["/CIDToGIDMap"] = self._out.make_stream(table)
        elif kind == "/CIDFontType2":
            child["/CIDToGIDMap"] = Name.Identity
        child["/FontDescriptor"] = self._descriptor(below["/FontDescriptor"], short, used.codes, drawn, set())
        fresh["/DescendantFonts"] = Array([self._out.make_indirect(child)])

    def _base(self, source: Dictionary, short: str) -> Name:
        descriptor: Any = source.get("/FontDescriptor", Dictionary())
        if any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            return Name(f"/{short}")
        base = str(source.get("/BaseFont"))
        if base not in _STANDARD:
            raise unsafe()
        return Name(base)

    def _descriptor(
        self, source: Object, short: str, codes: set[int], glyphs: set[int] | None, letters: set[int]
    ) -> Object:
        """``glyphs`` are those of a composite font; None for a simple one, whose glyphs are found by ``letters``."""
        held: Any = source
        fresh = Dictionary(Type=Name.FontDescriptor, FontName=Name(f"/{short}"))
        for key in (*_MEASURES, *_MEASURES_MORE):
            if key in held:
                fresh[key] = number(held[key])
        if "/FontBBox" in held:
            fresh["/FontBBox"] = numbers(held["/FontBBox"], 4)
        if "/FontFile" in held:
            raise unsafe()  # Type 1 programs can not be cut down here
        if "/FontFile2" in held:
            body = held["/FontFile2"].read_bytes()
            if self._final:
                body = programs.truetype(body, glyphs, letters)
            fresh["/FontFile2"] = self._out.make_stream(body, Dictionary(Length1=len(body)))
        elif "/FontFile3" in held:
            kind = str(held["/FontFile3"].get("/Subtype"))
            body = held["/FontFile3"].read_bytes()
            if kind not in ("/Type1C", "/CIDFontType0C", "/OpenType"):
                raise unsafe()
            if self._final:
                body = cff.cleaned(programs.compact(body), len(codes), glyphs is not None)
                kind = "/Type1C" if glyphs is None else "/CIDFontType0C"
            fresh["/FontFile3"] = self._out.make_stream(body, Dictionary(Subtype=Name(kind)))
        elif glyphs is not None:
            raise unsafe()
        return self._out.make_indirect(fresh)


def _encoding(source: Object, codes: set[int]) -> Object:
    if isinstance(source, Name):
        if str(source) not in _ENCODINGS:
            raise unsafe()
        return Name(str(source))
    if not isinstance(source, Dictionary):
        raise unsafe()
    fresh = Dictionary(Type=Name.Encoding)
    if "/BaseEncoding" in source:
        fresh["/BaseEncoding"] = _encoding(source["/BaseEncoding"], codes)
    kept: list[object] = []
    code, last = 0, -2
    differences: Any = source.get("/Differences", Array())
    for one in list(differences)[:_MOST]:
        if not isinstance(one, Name):
            code = int(number(one))
            continue
        if code in codes:
            if not _GLYPH.fullmatch(str(one)) and not (str(one)[1:].isalnum() and _character(str(one)[1:])):
                raise unsafe()
            kept += [code] * (code != last + 1)
            kept.append(Name(str(one)))
            last = code
        code += 1
    fresh["/Differences"] = Array(kept)
    return fresh


def _letters(encoding: Object | None, codes: set[int]) -> set[int]:
    """Every code and character by which a viewer may look a glyph up (9.6.6.4): more than one way is usual."""
    found = {base + code for code in codes for base in (0, 0xF000, 0xF100, 0xF200)}
    for code in codes:
        for name in ("cp1252", "mac_roman", "latin-1"):
            found.update(map(ord, bytes([code]).decode(name, "ignore")))
    if isinstance(encoding, Dictionary):
        named: Any = encoding.get("/Differences", Array())
        for one in named:
            if isinstance(one, Name):
                found.add(_character(str(one)[1:]))
    return found


def _character(glyph: str) -> int:
    """What a glyph name of Adobe's list stands for; 0 where it is not in the list."""
    found = int(pymupdf.mupdf.fz_unicode_from_glyph_name(glyph))
    return 0 if found == 0xFFFD else found


def _system(source: Any) -> Dictionary:
    ordering = str(source.get("/Ordering", "")) if isinstance(source, Dictionary) else ""
    known = ordering if ordering in _COLLECTIONS else "Identity"
    supplement = int(number(source.get("/Supplement", 0))) if known == ordering else 0
    return Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String(known), Supplement=supplement)


def _widths(source: Any, codes: set[int]) -> Array:
    """The W array (9.7.4.3) for the codes in use, each on its own."""
    found: dict[int, Any] = {}
    parts, at = list(source), 0
    if len(parts) * len(codes) > 64 * _MOST:
        raise unsafe()
    while at < len(parts):
        first = int(number(parts[at]))
        if at + 1 < len(parts) and isinstance(parts[at + 1], Array):
            widths = list(parts[at + 1])
            found.update({first + n: number(one) for n, one in enumerate(widths) if first + n in codes})
            at += 2
        elif at + 2 < len(parts):
            last, width = int(number(parts[at + 1])), number(parts[at + 2])
            found.update({code: width for code in codes if first <= code <= last})
            at += 3
        else:
            raise unsafe()
    return Array([part for code in sorted(found) for part in (code, Array([found[code]]))])


def _glyph_map(table: bytes, codes: set[int]) -> bytes:
    """CIDToGIDMap with noughts where no code is used."""
    fresh = bytearray(2 * (max(codes, default=0) + 1))
    for code in codes:
        fresh[2 * code : 2 * code + 2] = table[2 * code : 2 * code + 2].ljust(2, b"\0")
    return bytes(fresh)
