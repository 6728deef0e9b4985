"""Plans as records (formats.md §3: no floats) and back; whatever a record says is checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from evidencevault.errors import Damaged, Refused
from evidencevault.redaction.marks import Box, Mark, Open, Plan, Span, Value
from evidencevault.resources import tr

_LARGEST = 10**9


def to_body(plan: Plan) -> dict[str, Value]:
    """The plan as a record's body; :func:`from_body` gives the same plan back."""
    return {
        "exhibit": plan.exhibit,
        "exhibit_sha256": plan.exhibit_sha256,
        "state": plan.state,
        "counter": plan.counter,
        "marks": [_mark_body(mark) for mark in plan.marks],
        "open": [_open_body(one) for one in plan.left_open],
        "before": plan.before,
        "undone": list(plan.undone),
        **({"sent": True} if plan.sent else {}),
    }


def from_body(body: Mapping[str, Value]) -> Plan:
    """The plan in a record's body; Damaged if it is none. Plans of before there were open places have none."""
    try:
        before = body.get("before")
        return Plan(
            exhibit=_text(body["exhibit"]),
            exhibit_sha256=_bytes(body["exhibit_sha256"]),
            marks=tuple(_mark(cast("dict[str, Value]", one)) for one in cast("list[Value]", body["marks"])),
            state=_text(body["state"]),
            counter=_whole(body["counter"]),
            left_open=tuple(_open(cast("dict[str, Value]", one)) for one in cast("list[Value]", body.get("open", []))),
            before=None if before is None else _whole(before),
            undone=tuple(_whole(one) for one in cast("list[Value]", body.get("undone", []))),
            sent=body.get("sent") is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError, Refused) as error:
        raise Damaged(tr("A stored redaction plan does not hold what it must.")) from error


def _mark_body(mark: Mark) -> dict[str, Value]:
    return {
        "id": mark.id,
        "page": mark.page,
        "boxes": [box.thousandths() for box in mark.boxes],
        "kind": mark.kind,
        "reason": mark.reason,
        "label": mark.label,
        "author": mark.author,
        "at": mark.at,
        "term": mark.term,
        "what": mark.what,
        "span": [mark.span.start, mark.span.end] if mark.span else None,
        "widened": mark.widened,
    }


def _mark(body: dict[str, Value]) -> Mark:
    return Mark(
        id=_text(body["id"]),
        page=_whole(body["page"]),
        boxes=_boxes(body["boxes"]),
        kind=_text(body["kind"]),
        reason=_text(body["reason"]),
        label=_text(body["label"]),
        author=_text(body["author"]),
        at=_text(body["at"]),
        term=_text(body["term"]),
        what=_text(body.get("what", "")),
        span=_span(body.get("span")),
        widened=body.get("widened") is True,
    )


def _open_body(one: Open) -> dict[str, Value]:
    return {
        "page": one.page,
        "boxes": [box.thousandths() for box in one.boxes],
        "kind": one.kind,
        "what": one.what,
        "author": one.author,
        "at": one.at,
    }


def _open(body: dict[str, Value]) -> Open:
    return Open(
        page=_whole(body["page"]),
        boxes=_boxes(body["boxes"]),
        kind=_text(body["kind"]),
        what=_text(body["what"]),
        author=_text(body["author"]),
        at=_text(body["at"]),
    )


def _boxes(value: Value) -> tuple[Box, ...]:
    boxes = []
    for one in cast("list[list[Value]]", value):
        x0, y0, x1, y1 = (_whole(side) / 1000 for side in one)
        boxes.append(Box(x0, y0, x1, y1))
    return tuple(boxes)


def _span(value: Value) -> Span | None:
    match value:
        case None:
            return None
        case [int(start), int(end)]:
            return Span(start, end)
        case _:
            raise TypeError("a stretch of time expected")


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("bytes expected")
    return value


def _whole(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise TypeError("whole number expected")
    return value
