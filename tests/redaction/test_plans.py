"""From mark to approval: what was marked is gone, who may approve, and what a later change undoes."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest
from tests.support.redactable import CHILD, Desk

from evidencevault.custody.casefile import Kind
from evidencevault.documents.requests import Bytes
from evidencevault.errors import Damaged, NotFound, Refused
from evidencevault.redaction import approvals, approving, marking, plans
from evidencevault.redaction.burning import Making
from evidencevault.redaction.finding import Finder
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box


def mark_child(desk: Desk, **more: object) -> int:
    wanted = replace(Wanted(persons=("Child A",)), **more)  # type: ignore[arg-type]
    return len(marking.mark(desk.case("anna"), desk.burner, "E001", wanted, "child"))


def test_a_person_is_gone_from_the_burnt_copy(desk: Desk) -> None:
    assert mark_child(desk) == 3
    case = desk.case("leo")
    approval = approving.approve(case, desk.burner, "E001")
    assert approval.alone == "" and approval.pages == 2 and approval.burnt is not None
    with case.open_object(approval.burnt) as reader:
        data = b"".join(reader.stream())
        assert reader.sha256 == approval.burnt_sha256
    with pymupdf.open(stream=data) as document:
        assert [page.get_text() for page in document] == ["", ""]
        pixels = document[0].get_pixmap(dpi=144)
        shown = plans.show(case, "E001")
        assert shown is not None
        for mark in shown.plan.marks:
            for box in mark.boxes:
                x, y = int(box.x0 + box.x1), int(box.y0 + box.y1)  # the middle at two pixels a point
                assert pixels.pixel(x, y) == (0, 0, 0)
    assert shown.state == "approved" and shown.approved_by == "leo"
    assert [e.action for e in case.entries() if e.subject == "E001"][-2:] == ["redacted", "approved"]


def test_no_letter_of_the_child_survives_outside_the_marks(desk: Desk) -> None:
    mark_child(desk)
    case = desk.case("anna")
    shown = plans.show(case, "E001")
    assert shown is not None
    boxes = [box for mark in shown.plan.marks for box in mark.boxes]
    with case.open_object(case_object(desk)) as reader:
        left = Finder(desk.burner.text("x", Bytes(b"".join(reader.stream()))))
    for found in left.person([CHILD], ["Wies"], widen=False):
        assert all(any(box.covers(one) for box in boxes) for one in found.boxes)
    assert "Okafor" in left.text_under(1, [Box(0, 0, 600, 800)])


def case_object(desk: Desk) -> bytes:
    body = desk.case("anna").records(Kind.EXHIBIT)[0].body
    item = body["object"]
    assert isinstance(item, bytes)
    return item


def test_marking_twice_doubles_nothing(desk: Desk) -> None:
    assert mark_child(desk) == 3 and mark_child(desk) == 0


def test_terms_patterns_boxes_lines_and_pages(desk: Desk) -> None:
    wanted = Wanted(
        terms=("okafor",), patterns=("phone",), boxes=((2, Box(10, 10, 5000, 30)),), lines=((1, 96.0),), pages=(2,)
    )
    marks = marking.mark(desk.case("anna"), desk.burner, "E001", wanted, "other")
    assert [mark.kind for mark in marks] == ["term", "pattern", "box", "line", "page"]
    assert marks[2].boxes[0].x1 <= 600 and marks[0].term == "okafor"
    with pytest.raises(Refused):
        marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(pages=(9,)), "other")
    with pytest.raises(Refused):
        marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(patterns=("shoe size",)), "other")
    with pytest.raises(NotFound):
        marking.mark(desk.case("anna"), desk.burner, "E001", Wanted(persons=("Nobody",)), "other")
    with pytest.raises(Refused):
        marking.mark(desk.case("anna"), desk.burner, "E003", Wanted(pages=(1,)), "other")


def test_ones_own_plan_is_approved_alone_only_with_a_reason(desk: Desk) -> None:
    mark_child(desk)
    case = desk.case("anna")
    for reason in (None, "  "):
        with pytest.raises(Refused):
            approving.approve(case, desk.burner, "E001", reason)
    assert approving.approve(case, desk.burner, "E001", "nobody else here").alone == "nobody else here"


def test_a_plan_changed_after_its_approval_is_a_draft(desk: Desk) -> None:
    mark_child(desk)
    approving.approve(desk.case("leo"), desk.burner, "E001")
    plans.remove(desk.case("anna"), "E001", "m0001")
    shown = plans.show(desk.case("anna"), "E001")
    assert shown is not None and (shown.state, shown.approval) == ("draft", None)


def test_what_still_shows_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mark_child(desk)
    monkeypatch.setattr(desk.burner, "burn", lambda name, source, *_: source.read(0, source.size))
    with pytest.raises(Refused, match=r"E001\.pdf"):
        approving.approve(desk.case("leo"), desk.burner, "E001")
    shown = plans.show(desk.case("leo"), "E001")
    assert shown is not None and shown.state == "draft"


def test_nothing_to_hide(desk: Desk) -> None:
    with pytest.raises(NotFound):
        approving.approve(desk.case("leo"), desk.burner, "E002")
    plans.none(desk.case("anna"), "E002")
    approval = approving.approve(desk.case("leo"), desk.burner, "E002")
    assert approval.burnt is None and approval.burnt_sha256 == bytes(32)
    mark_child(desk)
    with pytest.raises(Refused):
        plans.none(desk.case("anna"), "E001")


def test_an_empty_plan_is_not_approved(desk: Desk) -> None:
    mark_child(desk)
    for number in ("m0001", "m0002", "m0003"):
        plans.remove(desk.case("anna"), "E001", number)
    with pytest.raises(Refused, match="empty"):
        approving.approve(desk.case("leo"), desk.burner, "E001")


def test_the_signature_covers_everything(desk: Desk) -> None:
    mark_child(desk)
    case = desk.case("leo")
    approval = approving.approve(case, desk.burner, "E001")
    assert len(approval.message(case)) == 261
    record = next(one for one in case.records(Kind.PLAN))
    forged = replace(approval, burnt_sha256=bytes(32))
    write = case.write()
    write.entry("approved", records=[write.record(Kind.APPROVAL, forged.to_body())], subject="E001")
    write.commit()
    with pytest.raises(Damaged):
        approvals.standing(case, record)


def test_a_searchable_copy_needs_text_recognition(desk: Desk) -> None:
    mark_child(desk)
    with pytest.raises(Refused, match="text recognition"):
        approving.approve(desk.case("leo"), desk.burner, "E001", making=Making(searchable=True))
