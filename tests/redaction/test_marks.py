"""Marks and plans: nothing is lost on the way into a record and back, and boxes only ever grow."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.errors import Damaged, Refused
from evidencevault.redaction.marks import KINDS, NONE_TO_HIDE, REASONS, Box, Mark, Plan
from evidencevault.redaction.planfile import from_body, to_body

SIDE = st.floats(-1000, 5000)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y = sorted((draw(SIDE), draw(SIDE))), sorted((draw(SIDE), draw(SIDE)))
    return Box(x[0], y[0], x[1], y[1])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(0, 4))
    marks = tuple(
        Mark(
            id=f"m{number:04d}",
            page=draw(st.integers(1, 900)),
            boxes=tuple(draw(st.lists(boxes(), min_size=1, max_size=3))),
            kind=draw(st.sampled_from(KINDS)),
            reason=draw(st.sampled_from(REASONS)),
            label=draw(st.text(max_size=12)),
            author=draw(st.binary(min_size=16, max_size=16)).hex(),
            at="2026-11-22T19:30:00+01:00",
            term=draw(st.text(max_size=12)),
        )
        for number in range(1, count + 1)
    )
    state = NONE_TO_HIDE if not marks and draw(st.booleans()) else "draft"
    return Plan("E001", draw(st.binary(min_size=32, max_size=32)), marks, state, counter=count)


@given(plans())
def test_a_plan_survives_its_record(plan: Plan) -> None:
    stored = msgpack.packb(to_body(plan))
    assert from_body(msgpack.unpackb(stored)) == plan


@given(SIDE, SIDE)
def test_a_box_never_shrinks(a: float, b: float) -> None:
    low, high = sorted((a, b))
    box = Box(low, low, high, high)
    assert box.x0 <= low + 1e-9 and box.x1 >= high - 1e-9
    assert Box(box.x0, box.y0, box.x1, box.y1) == box


@given(boxes(), boxes())
def test_union_covers_both(one: Box, other: Box) -> None:
    assert one.union(other).covers(one) and one.union(other).covers(other)
    assert one.touches(other) == other.touches(one)


def mark(number: str = "m0001", **changes: Any) -> Mark:
    fields: dict[str, Any] = {
        "id": number, "page": 1, "boxes": (Box(1, 2, 3, 4),), "kind": "box", "reason": "child", "label": "Child A",
        "author": "00" * 16, "at": "2026-11-22T19:30:00+01:00",
    }  # fmt: skip
    return Mark(**{**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"page": 0}, {"boxes": ()}, {"kind": "blur"}, {"reason": "Not A Code"}, {"at": "2026-11-22T19:30:00"},
        {"number": "x1"},
    ],
)  # fmt: skip
def test_a_mark_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        mark(**changes)


@pytest.mark.parametrize("sides", [(3, 0, 1, 1), (0, 3, 1, 1), (float("nan"), 0, 1, 1), (0, 0, float("inf"), 1)])
def test_a_box_that_is_none_is_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(Refused):
        Box(*sides)


def test_numbers_are_never_given_twice() -> None:
    plan = Plan("E001", bytes(32)).with_marks((mark("m0001"), mark("m0002"))).without("m0002")
    assert plan.next_id() == "m0003" and plan.next_id(1) == "m0004"
    with pytest.raises(Refused):
        plan.without("m0002")


def test_marks_and_nothing_to_hide_exclude_each_other() -> None:
    with pytest.raises(Refused):
        Plan("E001", bytes(32), (mark(),), NONE_TO_HIDE)
    assert Plan("E001", bytes(32), (), NONE_TO_HIDE).with_marks((mark(),)).state == "draft"


@pytest.mark.parametrize("broken", [{"marks": [{}]}, {"exhibit_sha256": "x"}, {"counter": True}, {"state": "approved"}])
def test_a_broken_record_is_damage(broken: dict[str, Any]) -> None:
    with pytest.raises(Damaged):
        from_body({**to_body(Plan("E001", bytes(32))), **broken})
