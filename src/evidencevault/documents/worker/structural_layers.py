"""Optional content: which layers are shown, as MuPDF shows them, so that what a reviewer saw is what stays."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object

from evidencevault.documents.worker.structural_keys import unsafe

_MOST = 10_000


class Layers:
    """The state of each layer in the default configuration (ISO 32000-1, 8.11)."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        held: Any = pdf.Root.get("/OCProperties", Dictionary())
        default: Any = held.get("/D", Dictionary())
        self._off_at_first = default.get("/BaseState") == pikepdf.Name.OFF
        self._on = _references(default.get("/ON"))
        self._off = _references(default.get("/OFF"))

    def shown(self, content: Object | None, depth: int = 0) -> bool:
        """Whether what belongs to this group (OCG) or membership (OCMD) is drawn. Failed for expressions."""
        if content is None:
            return True
        if depth > 4 or not isinstance(content, Dictionary) or "/VE" in content:
            raise unsafe()
        if content.get("/Type") != pikepdf.Name.OCMD:
            return self._group(content)
        members: Any = content.get("/OCGs", Array())
        groups = list(members) if isinstance(members, Array) else [members]
        states = [self.shown(one, depth + 1) for one in groups[:_MOST] if isinstance(one, Dictionary)]
        policy = str(content.get("/P", "/AnyOn"))
        decided = {
            "/AllOn": all(states),
            "/AnyOn": any(states),
            "/AnyOff": not all(states),
            "/AllOff": not any(states),
        }
        if policy not in decided:
            raise unsafe()
        return decided[policy] if states else True

    def _group(self, group: Dictionary) -> bool:
        shown = not self._off_at_first or group.objgen in self._on
        if group.objgen in self._off:
            shown = False
        usage: Any = group.get("/Usage", Dictionary())
        view: Any = usage.get("/View", Dictionary())
        return shown and view.get("/ViewState") != pikepdf.Name.OFF


def _references(held: Any) -> set[tuple[int, int]]:
    if held is None:
        return set()
    if not isinstance(held, Array) or len(held) > _MOST:
        raise unsafe()
    return {one.objgen for one in held if isinstance(one, Dictionary)}
