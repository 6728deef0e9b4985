"""What drawing a page needs of its resources, copied by whitelist into a new file (ISO 32000-1, 8.4 to 8.7).

Nothing is taken over as it is: every dictionary is written anew from keys that are known, names are replaced, strings
and comments are left out. What can not be told to be harmless raises Failed with ``Reason.UNSAFE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from evidencevault.documents.requests import Reason
from evidencevault.documents.worker.failed import Failed

DEPTH = 8
_DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_STATE = ("/LW", "/LC", "/LJ", "/ML", "/OP", "/op", "/OPM", "/FL", "/SM", "/SA", "/CA", "/ca", "/AIS", "/TK")
_BLENDS = frozenset(
    ("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn")
) | {"/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity"}
_TOKEN = re.compile(rb"[{}]|[^\s{}]+")
_CALCULATOR = frozenset(
    b"abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate and bitshift "
    b"eq false ge gt le lt ne not or true xor if ifelse copy dup exch index pop roll { }".split()
)
_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)")


def unsafe() -> Failed:
    """The refusal of everything that is not understood to its end."""
    return Failed(Reason.UNSAFE)


def number(value: Any) -> int | float | Decimal:
    """A number, or Failed."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise unsafe()
    return value


def numbers(value: Any, most: int = 64) -> Array:
    """An array of numbers, or Failed."""
    if not isinstance(value, Array) or len(value) > most:
        raise unsafe()
    return Array([number(one) for one in list(value)])


class Copier:
    """Copies resources into ``out``, each once."""

    def __init__(self, out: pikepdf.Pdf) -> None:
        self._out = out
        self._known: dict[tuple[str, tuple[int, int]], Object] = {}

    def once(self, kind: str, source: Object, copy: Callable[[], Object]) -> Object:
        """The copy of an indirect object, made when it is first asked for."""
        key = (kind, source.objgen)
        if not source.is_indirect:
            return self._out.make_indirect(copy())
        if key not in self._known:
            self._known[key] = self._out.make_indirect(copy())
        return self._known[key]

    def scratch(self, content: bytes) -> Stream:
        """A stream to be read, not written: nothing refers to it."""
        return self._out.make_stream(content)

    def state(self, source: Object) -> Dictionary:
        """A graphics state: numbers and switches only; a soft mask is not understood."""
        if not isinstance(source, Dictionary) or "/Font" in source:
            raise unsafe()
        fresh = Dictionary()
        for key in _STATE:
            if key in source:
                value: Any = source[key]
                fresh[key] = value if isinstance(value, bool) else number(value)
        if "/D" in source:
            dashes: Any = source["/D"]
            fresh["/D"] = Array([numbers(dashes[0]), number(dashes[1])])
        if source.get("/SMask", Name.None_) != Name.None_:
            raise unsafe()
        fresh["/SMask"] = Name.None_
        blend: Any = source.get("/BM", Name.Normal)
        if str(blend) not in _BLENDS:
            raise unsafe()
        fresh["/BM"] = Name(str(blend))
        return fresh

    def space(self, source: Object, depth: int = 0) -> Object:
        """A colour space; ICC profiles give way to the device space of as many colours."""
        if depth > DEPTH:
            raise unsafe()
        if isinstance(source, Name):
            if str(source) in _DEVICE:
                return Name(str(source))
            raise unsafe()
        if not isinstance(source, Array) or not len(source):
            raise unsafe()
        kind = str(source[0])
        if kind == "/ICCBased":
            return _device(source[1].get("/N"))
        if kind in ("/CalGray", "/CalRGB", "/Lab"):
            return {"/CalGray": Name.DeviceGray, "/CalRGB": Name.DeviceRGB}.get(kind) or Array(
                [Name.Lab, _of_numbers(source[1], ("/WhitePoint", "/BlackPoint", "/Range"))]
            )
        if kind == "/Indexed":
            return self._indexed(source, depth)
        if kind == "/Separation":
            tint = self.function(source[3], depth + 1)
            colorant = Name.None_ if source[1] == Name.None_ else Name.C
            return Array([Name.Separation, colorant, self.space(source[2], depth + 1), tint])
        raise unsafe()

    def _indexed(self, source: Array, depth: int) -> Array:
        base = self.space(source[1], depth + 1)
        high = int(number(source[2]))
        width = _DEVICE.get(str(base), 0) if isinstance(base, Name) else 0
        table: Any = source[3]
        colours = table.read_bytes() if isinstance(table, Stream) else bytes(table)
        if not width or not 0 <= high <= 255:
            raise unsafe()
        return Array([Name.Indexed, base, high, pikepdf.String(colours[: (high + 1) * width])])

    def shading(self, source: Object) -> Dictionary:
        """A shading by functions (types 1 to 3); meshes are not understood."""
        if not isinstance(source, Dictionary) or source.get("/ShadingType") not in (1, 2, 3):
            raise unsafe()
        fresh = _of_numbers(source, ("/Coords", "/Domain", "/Matrix", "/BBox", "/Background"))
        fresh["/ShadingType"] = int(number(source["/ShadingType"]))
        fresh["/ColorSpace"] = self.space(source["/ColorSpace"])
        held: Any = source["/Function"]
        parts = list(held) if isinstance(held, Array) else [held]
        if len(parts) > 32:
            raise unsafe()
        made = [self.function(one, 0) for one in parts]
        fresh["/Function"] = Array(made) if isinstance(held, Array) else made[0]
        if "/Extend" in source:
            extend: Any = source["/Extend"]
            fresh["/Extend"] = Array([bool(extend[0]), bool(extend[1])])
        return fresh

    def function(self, source: Object, depth: int) -> Object:
        """A function of any type (7.10)."""
        if depth > DEPTH or not isinstance(source, Dictionary | Stream):
            raise unsafe()
        kind = source.get("/FunctionType")
        keys = ("/Domain", "/Range", "/C0", "/C1", "/Encode", "/Decode", "/Bounds", "/Size")
        fresh = _of_numbers(source, keys)
        fresh["/FunctionType"] = int(number(kind))
        if kind == 2:
            fresh["/N"] = number(source["/N"])
        elif kind == 3:
            parts: Any = source["/Functions"]
            if len(parts) > 256:
                raise unsafe()
            fresh["/Functions"] = Array([self.function(one, depth + 1) for one in parts])
        elif kind == 0 and isinstance(source, Stream):
            bits = int(number(source["/BitsPerSample"]))
            fresh["/BitsPerSample"] = bits
            return self._out.make_stream(_samples(source, fresh, bits), fresh)
        elif kind == 4 and isinstance(source, Stream):
            return self._out.make_stream(_calculated(source.read_bytes()), fresh)
        else:
            raise unsafe()
        return self._out.make_indirect(fresh)


def _device(count: Any) -> Name:
    for space, colours in _DEVICE.items():
        if count == colours:
            return Name(space)
    raise unsafe()


def _of_numbers(source: Object, keys: Iterable[str]) -> Dictionary:
    return Dictionary({key: numbers(source[key], 1024) for key in keys if key in source})


def _samples(source: Stream, fresh: Dictionary, bits: int) -> bytes:
    """No more bytes than there are samples."""
    count = len(fresh["/Range"]) // 2
    for size in list(fresh["/Size"]):
        count *= max(0, int(number(size)))
    if not 0 < count * bits <= 8 << 20:
        raise unsafe()
    return source.read_bytes()[: (count * bits + 7) // 8]


def _calculated(program: bytes) -> bytes:
    """A PostScript calculator function, token by token, without its comments."""
    tokens = _TOKEN.findall(re.sub(rb"%[^\r\n]*", b" ", program))
    if not all(token in _CALCULATOR or _NUMBER.fullmatch(token) for token in tokens):
        raise unsafe()
    return b" ".join(tokens)
