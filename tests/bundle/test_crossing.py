"""Two bundles of a case laid side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.bundle.test_assembly import SELECTION
from tests.support.redactable import Desk, bring

from evidencevault.bundle import assembly
from evidencevault.bundle.crossing import Crossing, uncovered
from evidencevault.bundle.orders import Order
from evidencevault.errors import Refused, UsageError
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import of_object
from evidencevault.formats import age
from evidencevault.redaction import approving, marking, plans
from evidencevault.redaction.burning import Making
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box

ONLY = replace(SELECTION, exhibits=("E001",), withhold={})


def somebody() -> str:
    return str(age.X25519Identity.generate().recipient())


def mark(desk: Desk, exhibit: str = "E001", *persons: str) -> None:
    marking.mark(desk.case("anna"), desk.burner, exhibit, Wanted(persons=persons), "child")


def bundle(desk: Desk, *recipients: str, exhibits: tuple[str, ...] = ("E001",), own_labels: bool = False) -> Order:
    making = Making(audience=" ".join(recipients) if own_labels else "")
    for exhibit in exhibits:
        approving.approve(desk.case("leo"), desk.burner, exhibit, making=making)
    wanted = replace(ONLY, exhibits=exhibits, recipients=recipients, own_labels=own_labels)
    return assembly.create(desk.case("anna"), desk.burner, wanted)


def crossings(desk: Desk, order: Order) -> tuple[Crossing, ...]:
    return assembly.crossings(desk.case("anna"), order.number)


def test_what_one_hides_and_the_other_shows_is_told_both_ways(desk: Desk) -> None:
    mark(desk, "E001", "Child A", "Staff A")
    first = bundle(desk, somebody())
    assert crossings(desk, first) == ()
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None
    gone = shown.plan.marks[0]
    plans.remove(desk.case("anna"), "E001", gone.id)
    marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(pages=(2,)), "other")
    second = bundle(desk, somebody())
    (found,) = crossings(desk, second)
    assert (found.bundle, found.other) == ("B02", "B01") and found.hidden_there == (gone.id,)
    assert [shown.plan.marks[-1].id < one for one in found.hidden_here] == [True]
    again = bundle(desk, *second.recipients)
    assert {one.other for one in crossings(desk, again)} == {"B01"}


def test_the_same_bytes_under_another_number_are_the_same_place(desk: Desk) -> None:
    case = desk.case("anna")
    with case.open_object(of_object(exhibits.get(case, "E001"))) as reader:
        bring(case, "E004", "copy.pdf", b"".join(reader.stream()), "application/pdf")
    mark(desk, "E001", "Child A")
    mark(desk, "E004", "Staff A")
    (found,) = crossings(desk, bundle(desk, somebody(), exhibits=("E001", "E004")))
    assert (found.exhibit, found.there, found.other) == ("E001", "E004", "B01")


def test_labels_of_their_own(desk: Desk) -> None:
    mark(desk, "E001", "Child A", "Staff A")
    approving.approve(desk.case("leo"), desk.burner, "E001")
    first, second = somebody(), somebody()
    with pytest.raises(Refused, match="own"):
        assembly.create(desk.case("anna"), desk.burner, replace(ONLY, recipients=(first,), own_labels=True))
    with pytest.raises(UsageError):
        assembly.create(
            desk.case("anna"),
            desk.burner,
            replace(ONLY, recipients=(), passphrase="long enough to seal", own_labels=True),
        )
    seen = []
    for recipient in (first, second, first):
        order = bundle(desk, recipient, own_labels=True)
        shown = plans.show(desk.case("anna"), "E001", order.receiver)
        assert shown is not None and shown.approval is not None
        assert set(shown.approval.labels) == {"Child A", "Staff A"}
        seen.append(dict(shown.approval.labels))
    assert seen[0] == seen[2] and not set(seen[0].values()) & (set(seen[1].values()) | {"Child A", "Staff A"})


boxes = some.tuples(*[some.integers(0, 20)] * 4).map(
    lambda s: Box(min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]) + 1, max(s[1], s[3]) + 1)
)


@given(boxes, some.lists(boxes, max_size=6))
def test_uncovered_is_what_counting_squares_says(box: Box, by: list[Box]) -> None:
    squares = {(x, y) for x in range(int(box.x0), int(box.x1)) for y in range(int(box.y0), int(box.y1))}
    for one in by:
        squares -= {(x, y) for x in range(int(one.x0), int(one.x1)) for y in range(int(one.y0), int(one.y1))}
    assert uncovered(box, by) == bool(squares)
