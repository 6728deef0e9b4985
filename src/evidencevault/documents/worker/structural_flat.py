"""A page's content written anew (ISO 32000-1, 8 and 9): only operators that draw, forms drawn in place, hidden layers
left out, every resource under a new name. What is not understood to its end raises Failed with ``Reason.UNSAFE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Stream

from evidencevault.documents.worker.structural_fonts import Fonts
from evidencevault.documents.worker.structural_images import Box, Images, Matrix, Window
from evidencevault.documents.worker.structural_keys import Copier, number, numbers, unsafe
from evidencevault.documents.worker.structural_layers import Layers
from evidencevault.documents.worker.structural_state import (
    COMPLEX,
    UNIT,
    Painted,
    Path,
    State,
    area,
    clipped,
    coloured,
    matrix,
    moved,
    shared,
    times,
    touching,
)

_DEPTH = 12
_MOST = 2_000_000
"""Operators of one document: forms drawn in place multiply."""
_PATHS = {"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4, "h": 0}
_PAINTS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"))
_PLAIN = {"w": 1, "J": 1, "j": 1, "M": 1, "i": 1, "G": 1, "g": 1, "RG": 3, "rg": 3, "K": 4, "k": 4}
_COLOURS = frozenset(("G", "g", "RG", "rg", "K", "k"))
_OTHER_COLOURS = frozenset(("cs", "CS", "sc", "SC", "scn", "SCN"))
_TEXT = {"Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Ts": 1, "Td": 2, "TD": 2, "Tm": 6, "T*": 0, "BT": 0, "ET": 0}
_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_PLACES = frozenset(("Td", "TD", "Tm", "T*", "BT"))
_LEFT_OUT = frozenset(("MP", "DP", "BX", "EX", "ri", "d0", "d1"))


@dataclass(slots=True)
class Tools:
    """What the pages of one document share while they are flattened. ``left`` counts operators down."""

    copier: Copier
    fonts: Fonts
    images: Images
    layers: Layers
    left: int = _MOST


@dataclass(slots=True)
class Flat:
    """One page, flattened: its content and resources, and what was painted on it."""

    content: bytes
    resources: Dictionary
    painted: list[Painted] = field(default_factory=list)


def flatten(page: Object, tools: Tools, upright: Matrix, shown: Box, hidden: tuple[Box, ...]) -> Flat:
    """Flatten a page. ``upright`` turns its space into that of ``shown``, the page, and ``hidden``, the marks."""
    page_resources = inherited(page, "/Resources") or Dictionary()
    flattener = _Flattener(tools, hidden)
    parts: Any = page.get("/Contents", Array())
    streams = list(parts) if isinstance(parts, Array) else [parts]
    whole = b"\n".join(one.read_bytes() for one in streams if isinstance(one, Stream))
    flattener.start(upright)
    flattener.run(tools.copier.scratch(whole), page_resources, State(upright, shown), 0)
    return Flat(pikepdf.unparse_content_stream(flattener.out), flattener.resources(), flattener.painted)


def inherited(page: Object, key: str) -> Object | None:
    """The value of a page's key, its own or that of a node above it."""
    node: Any = page
    for _ in range(64):
        if key in node:
            return node[key]  # type: ignore[no-any-return]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    raise unsafe()


class _Flattener:
    def __init__(self, tools: Tools, hidden: tuple[Box, ...]) -> None:
        self._tools, self._hidden = tools, hidden
        self.out: list[tuple[Sequence[Any], Operator]] = []
        self.painted: list[Painted] = []
        self._named: dict[str, dict[str, Object]] = {}
        self._short: dict[tuple[str, tuple[int, int]], str] = {}
        self._path = Path()
        self._clips = False
        self._skipped = False
        self._marks: list[bool] = []
        self._font = ""
        self._lettered = False  # a white area may hide the letters before it: then it must stay

    def start(self, upright: Matrix) -> None:
        """Turn the page upright."""
        if upright != UNIT:
            self._put("cm", *[round(one, 6) for one in upright])

    def resources(self) -> Dictionary:
        """What the content written so far names."""
        return Dictionary({kind: Dictionary(held) for kind, held in self._named.items()})

    def run(self, content: Stream, resources: Object, state: State, depth: int) -> None:
        """Interpret one content stream; what it saved is restored at its end."""
        if depth > _DEPTH:
            raise unsafe()
        base, stack, outer, self._marks = state.ctm, [], self._marks, []
        for one in pikepdf.parse_content_stream(content):
            self._tools.left -= 1
            if self._tools.left < 0:
                raise unsafe()
            operator, operands = str(one.operator), list(one.operands)
            if operator == "q":
                stack.append(state)
                self._put("q")
            elif operator == "Q":
                if stack:
                    state = stack.pop()
                    self._put("Q")
            elif operator == "Do":
                self._do(_held(resources, "/XObject", operands), resources, state, depth)
            elif operator in ("BDC", "BMC"):
                self._marks.append(self._hides(operator, operands, resources))
            elif operator == "EMC":
                if self._marks:
                    self._marks.pop()
            elif operator not in _LEFT_OUT:
                state = self._one(operator, operands, resources, state, base, any(self._marks) or any(outer))
        for _ in stack:
            self._put("Q")
        self._marks = outer

    def _one(self, op: str, args: list[Any], resources: Object, state: State, base: Matrix, unseen: bool) -> State:
        if op == "cm":
            self._put(op, *args)
            return replace(state, ctm=times(matrix(args), state.ctm))
        if op in _PATHS:
            self._numbers(args, _PATHS[op])
            self._path.add(op, [float(one) for one in args], state.ctm)
            self._put(op, *args)
        elif op in ("W", "W*"):
            self._clips = True
            self._put(op)
        elif op in _PAINTS or op == "n":
            return self._paint(op, state, unseen)
        elif op in _PLAIN or op in _TEXT:
            self._numbers(args, {**_PLAIN, **_TEXT}[op])
            self._skipped = self._skipped and op not in _PLACES
            self._put(op, *args)
            if op in _COLOURS:
                return coloured(state, op, [float(one) for one in args])
        elif op == "d":
            self._put(op, numbers(args[0]), number(args[1]))
        elif op == "Tr":
            self._numbers(args, 1)
            self._put(op, *args)
            return replace(state, mode=int(args[0]))
        elif op == "Tf":
            self._font = self._tools.fonts.name(_held(resources, "/Font", args[:1]))
            self._put(op, self._name("/Font", self._font, self._tools.fonts.made(self._font)), number(args[1]))
        elif op in _SHOWS:
            self._show(op, args, state, unseen)
        else:
            self._paint_by_name(op, args, resources, state, base, unseen)
            if op in _OTHER_COLOURS:
                return coloured(state, op, [])
        return state

    def _paint_by_name(
        self, op: str, args: list[Any], resources: Object, state: State, base: Matrix, unseen: bool
    ) -> None:
        copier = self._tools.copier
        if op == "gs":
            source = _held(resources, "/ExtGState", args)
            self._put(op, self._once("/ExtGState", source, copier.once("gs", source, lambda: copier.state(source))))
        elif op in ("cs", "CS"):
            self._put(op, self._space(args, resources))
        elif op in ("sc", "SC", "scn", "SCN"):
            if args and isinstance(args[-1], Name):
                self._put(op, self._pattern(_held(resources, "/Pattern", args[-1:]), base))
            else:
                self._numbers(args, len(args))
                self._put(op, *args)
        elif op == "sh":
            source = _held(resources, "/Shading", args)
            if not unseen:
                self.painted.append(Painted("cover", state.clip))
                fresh = copier.once("sh", source, lambda: copier.shading(source))
                self._put(op, self._once("/Shading", source, fresh))
        else:
            raise unsafe()

    def _paint(self, op: str, state: State, unseen: bool) -> State:
        box = shared(self._path.box, state.clip)
        seen = op != "n" and not unseen and bool(self._path.points)
        white = seen and self._is_white_on_white(op, box, state)
        seen = seen and not (white and not self._lettered)
        if seen or self._clips:
            self._put(op if seen else "n")
        elif self._path.points:
            self._forget_path()
        if seen:
            kind = "white" if white else "path" if self._path.segments > COMPLEX else "line"
            self.painted.append(Painted(kind, box))
            if op not in ("S", "s") and not white:
                self.painted.append(Painted("cover", box))
        if self._clips:
            state = clipped(state, self._path, self._hidden)
        self._path, self._clips = Path(), False
        return state

    def _is_white_on_white(self, op: str, box: Box, state: State) -> bool:
        """Whether a path is white on bare paper: nobody sees it, so nobody could have marked it."""
        fills, draws = op not in ("S", "s"), op not in ("f", "F", "f*")
        if (fills and not state.white_fill) or (draws and not state.white_line):
            return False
        self._tools.left -= len(self.painted) // 8
        return not any(touching(box, one.box) for one in self.painted if one.kind != "white")

    def _forget_path(self) -> None:
        """Take back the construction of a path that is not painted: its shape is not seen."""
        while self.out and str(self.out[-1][1]) in _PATHS:
            self.out.pop()

    def _show(self, op: str, args: list[Any], state: State, unseen: bool) -> None:
        if unseen:
            self._skipped = True  # what follows on the same line would move
            return
        shown = list(args[0]) if op == "TJ" and isinstance(args[0], Array) else args[-1:]
        texts = [bytes(one) for one in shown if isinstance(one, pikepdf.String)]
        if not all(isinstance(one, pikepdf.String) for one in shown if op != "TJ"):
            raise unsafe()
        # Without letters a TJ only moves what follows: so MuPDF closes the gap of letters that were taken out.
        if any(texts) and (self._skipped or state.mode not in (0, 1, 2) or not self._font):
            raise unsafe()
        self._lettered = True
        for text in texts:
            self._tools.fonts.use(self._font, text)
        if op == "TJ":
            fresh = [one if isinstance(one, pikepdf.String) else number(one) for one in shown]
            self._put(op, Array(fresh))
        else:
            self._put(op, *[number(one) for one in args[:-1]], args[-1])

    def _do(self, source: Object, resources: Object, state: State, depth: int) -> None:
        if any(self._marks) or not self._tools.layers.shown(source.get("/OC")):
            return
        kind = str(source.get("/Subtype"))
        if kind == "/Image":
            box = shared(_unit_box(state.ctm), state.clip)
            if area(box) <= 0:
                return
            if not state.plain:
                raise unsafe()
            fresh = self._tools.images.rewritten(source, state.ctm, Window(state.clip, self._hidden))
            if fresh is not None:
                self.painted += [Painted("image", box), Painted("cover", box)]
                self._put("Do", self._name("/XObject", f"I{fresh.objgen[0]}", fresh))
        elif kind == "/Form":
            self._form(source, resources, state, depth)
        elif kind != "/PS":  # no viewer of today draws PostScript
            raise unsafe()

    def _form(self, source: Object, resources: Object, state: State, depth: int) -> None:
        if not isinstance(source, Stream):
            raise unsafe()
        inner: Any = source.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))
        state = replace(state, ctm=times(matrix(list(inner)), state.ctm))
        edges: Any = source["/BBox"]
        x0, y0, x1, y1 = (float(number(one)) for one in list(edges))
        self._put("q")
        self._put("cm", *[number(one) for one in list(inner)])
        for op, args in (("re", [x0, y0, x1 - x0, y1 - y0]), ("W", []), ("n", [])):
            state = self._one(op, args, resources, state, state.ctm, False)
        self.run(source, source.get("/Resources", resources), state, depth + 1)
        self._put("Q")

    def _space(self, args: list[Any], resources: Object) -> Name:
        if str(args[0]) in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK"):
            return Name(str(args[0]))
        if str(args[0]) == "/Pattern":
            return Name.Pattern
        source = _held(resources, "/ColorSpace", args)
        if source == Name.Pattern or (isinstance(source, Array) and source[0] == Name.Pattern and len(source) == 1):
            return Name.Pattern
        copier = self._tools.copier
        return self._once("/ColorSpace", source, copier.once("cs", source, lambda: copier.space(source)))

    def _pattern(self, source: Object, base: Matrix) -> Name:
        """A shading as a pattern; cells that are repeated could hold anything, seen or not."""
        if source.get("/PatternType") != 2:
            raise unsafe()
        inner: Any = source.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))
        held: Any = source["/Shading"]
        fresh = Dictionary(PatternType=2)
        fresh["/Shading"] = self._tools.copier.once("sh", held, lambda: self._tools.copier.shading(held))
        fresh["/Matrix"] = Array([round(one, 6) for one in times(matrix(list(inner)), base)])
        return self._name("/Pattern", f"P{len(self._named.get('/Pattern', {}))}", fresh)

    def _hides(self, op: str, args: list[Any], resources: Object) -> bool:
        if op != "BDC" or len(args) != 2 or args[0] != Name.OC or not isinstance(args[1], Name):
            return False
        held: Any = resources.get("/Properties", Dictionary())
        return not self._tools.layers.shown(held.get(str(args[1])))

    def _once(self, kind: str, source: Object, fresh: Object) -> Name:
        key = (kind, fresh.objgen)
        short = self._short.setdefault(key, f"{kind[1]}{len(self._short)}")
        return self._name(kind, short, fresh)

    def _name(self, kind: str, short: str, fresh: Object) -> Name:
        self._named.setdefault(kind, {})[f"/{short}"] = fresh
        return Name(f"/{short}")

    def _numbers(self, args: list[Any], count: int) -> None:
        if len(args) != count:
            raise unsafe()
        for one in args:
            number(one)

    def _put(self, operator: str, *operands: Any) -> None:
        self.out.append((operands, Operator(operator)))


def _held(resources: Object, kind: str, args: list[Any]) -> Object:
    held: Any = resources.get(kind)
    if not isinstance(held, Dictionary) or len(args) != 1 or not isinstance(args[0], Name) or str(args[0]) not in held:
        raise unsafe()
    return held[str(args[0])]


def _unit_box(ctm: Matrix) -> Box:
    corners = [moved(point, ctm) for point in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))
