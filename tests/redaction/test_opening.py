"""A copy for the person it is about: their own name can be read in it, and of nobody else anything."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pymupdf
import pytest
from tests.support.burner import page_text, pdf
from tests.support.redactable import Desk, bring

from evidencevault.casework import people
from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import PageText
from evidencevault.errors import Damaged, NotFound, Refused
from evidencevault.redaction import approvals, approving, burning, marking, plans, subjects
from evidencevault.redaction.approvals import EVERYBODY, Receiver
from evidencevault.redaction.burning import Making
from evidencevault.redaction.finding import Finder, mentions
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box, Plan
from evidencevault.redaction.opening import Opener, opened, readable
from evidencevault.redaction.subjects import Named

ANNA = Named("Child A", "child", ("Anna Jansen",), ())
PIET = Named("Family A", "family", ("Piet Jansen",), ("Pietje",))
KEY, AT = "ab" * 16, "2026-05-04T12:00:00+02:00"


def finder(*pages: str, read: bool = False) -> Finder:
    """The pages; with what text recognition would read there, a little beside the letters."""
    with pymupdf.open(stream=pdf(*pages), filetype="pdf") as document:
        written = [page_text(page) for page in document]
    beside = [
        replace(one, boxes=array("f", [side + 0.4 for side in array("f", one.boxes)]).tobytes()) for one in written
    ]
    return Finder(written, beside if read else ())


def marked(pages: Finder, *persons: Named, widen: bool = True) -> Plan:
    """As ``redact mark --person`` does it for each."""
    plan = Plan("E001", bytes(32))
    for person in persons:
        places = [
            marking.Place(one, "person", person.label, what=person.label, widened=widen)
            for one in pages.person(person.names, person.aliases, widen)
        ]
        plan = plan.with_marks(marking._marks(plan, [(one, "child") for one in places], KEY, AT))
    return plan


def seen(pages: Finder, plan: Plan) -> str:
    """What can still be read: the letters under no mark."""
    lines = []
    for sheet in pages.sheets:
        boxes = [box for mark in plan.marks if mark.page == sheet.page for box in mark.boxes]
        for place, sign in enumerate(sheet.text):
            found = sheet.box(place)
            hidden = any(box.holds_middle(Box(*found)) for box in boxes) if sign != "\n" else False
            lines.append("█" if hidden and sign != " " else sign)
    return "".join(lines)


def opener(*others: Named, by_hand: tuple[str, ...] = ()) -> Opener:
    return Opener(ANNA, others, "NL", KEY, AT, by_hand)


def opened_text(*lines: str, others: tuple[Named, ...] = (PIET,), marks: tuple[Named, ...] = (ANNA, PIET)) -> list[str]:
    pages = finder("\n".join([*lines, "Nothing more."]))  # a line alone would be hidden to both sides
    made = opened(marked(pages, *marks), opener(*others), pages)
    return seen(pages, made).strip().split("\n")


class TestOneFamilyName:
    def test_the_full_name_is_theirs_and_the_family_name_alone_is_in_doubt(self) -> None:
        told = opened_text(
            "Anna Jansen told us on Monday.",
            "Piet Jansen was not at home.",
            "Family Jansen lives there.",
            "A. Jansen wrote, P. Jansen did not.",
            "Jansen, Anna signed.",
        )
        assert told[0] == "Anna Jansen told us on Monday."
        assert told[1] == "████ ██████ ███ ███ ██ █████"
        assert told[2].startswith("Family ██████")
        assert told[3] == "A. Jansen wrote, ██ ██████ ███ ████"
        assert told[4] == "Jansen, Anna signed."
        assert "Piet" not in " ".join(told)

    def test_both_in_one_line(self) -> None:
        assert opened_text("Anna Jansen and Piet Jansen came.")[0] == "Anna Jansen and ████ ██████ █████"
        assert opened_text("Piet Jansen and Anna Jansen came.")[0] == "████ ██████ ███ ████ ██████ █████"
        assert opened_text("Anna and Piet Jansen came.")[0] == "Anna and ████ ██████ █████"

    def test_a_name_that_fits_the_other_wholly_is_in_doubt(self) -> None:
        other = Named("Child B", "child", ("Anna Jansen-de Vries",), ())
        told = opened_text("Anna Jansen came.", "And then she left.", others=(other,), marks=(ANNA, other))
        assert told[:2] == ["████ ██████ █████", "And then she left."]

    def test_without_a_mark_of_the_other_nothing_of_theirs_comes_to_light(self) -> None:
        # Whoever marked saw a line that was hidden to its end, and had no need to mark what lies in it.
        assert opened_text("Anna Jansen saw Piet there.", marks=(ANNA,))[0] == "Anna Jansen saw ████ ██████"
        assert opened_text("Anna, mail p@example.org", marks=(ANNA,))[0] == "Anna, mail █████████████"
        assert opened_text("Anna came on 4 May 2026.", marks=(ANNA,))[0] == "Anna came on 4 May 2026."

    def test_a_place_left_open_because_it_was_hidden_anyway_is_hidden(self) -> None:
        pages = finder("Anna Jansen saw Piet there.\nPiet is here.")
        plan = marked(pages, ANNA)
        piets = pages.person(PIET.names, PIET.aliases, widen=False)
        left = tuple(marking_open(one.page, one.boxes, PIET.label) for one in piets)
        made = opened(plan.leaving_open(left), opener(PIET), pages)
        assert seen(pages, made).split("\n")[:2] == ["Anna Jansen saw ████ ██████", "Piet is here."]
        assert readable(made, opener(PIET), pages) == {"Family A": 1}


def marking_open(page: int, boxes: tuple[Box, ...], label: str) -> plans.Open:
    return plans.Open(page, boxes, "person", label, KEY, AT)


def test_letters_that_are_read_in_pixels_too_change_nothing() -> None:
    lines = "Anna Jansen and Piet Jansen came.\nAnna Jansen saw Piet there.\nFamily Jansen lives there."
    pages = finder(lines, read=True)
    made = opened(marked(pages, ANNA, PIET), opener(PIET), pages)
    told = seen(pages, made).split("\n")
    assert told[:2] == ["Anna Jansen and ████ ██████ █████", "Anna Jansen saw ████ ██████"]
    assert told[2].startswith("Family ██████")
    bare = opened(marked(pages, ANNA), opener(PIET), pages)
    assert len([mark for mark in bare.marks if mark.what == "Family A"]) == 3  # one a place, not one a reading


def placed(*words: tuple[float, float, str]) -> list[PageText]:
    """A page with words at their places, in this order."""
    with pymupdf.open() as document:
        page = document.new_page()
        for x, y, word in words:
            page.insert_text((x, y), word, fontsize=12)
        return [page_text(page)]


def test_a_name_broken_within_a_cell_is_one_and_over_two_cells_it_is_two() -> None:
    cell = placed((72, 100, "Anna"), (72, 116, "Jansen"), (300, 100, "came"), (300, 116, "late"))
    read = placed((72.5, 100, "Anna"), (300.5, 100, "came"), (72.5, 116, "Jansen"), (300.5, 116, "late"))
    for pages in (Finder(cell), Finder(cell, read)):
        made = opened(marked(pages, ANNA, PIET), opener(PIET), pages)
        assert seen(pages, made).split() == ["Anna", "Jansen", "came", "late"]
    beside = Finder(placed((72, 100, "Anna"), (300, 100, "Jansen"), (72, 130, "one"), (300, 130, "two")))
    made = opened(marked(beside, ANNA, PIET), opener(PIET), beside)
    assert seen(beside, made).split() == ["Anna", "██████", "one", "two"]


class TestByHand:
    def test_what_was_marked_by_hand_opens_only_by_its_number(self) -> None:
        pages = finder("Anna Jansen wrote this.\nHer drawing: a house.")
        plan = marked(pages, ANNA)
        drawn = marking.Place(pages.line(1, 114), "line", "Child A")
        other = marking.Place(pages.line(1, 100), "line", "Child A, Family A")
        plan = plan.with_marks(marking._marks(plan, [(drawn, "image"), (other, "other")], KEY, AT))
        shut, shown = opened(plan, opener(), pages), opened(plan, opener(by_hand=("m0002",)), pages)
        assert "drawing" not in seen(pages, shut) and "drawing" in seen(pages, shown)
        assert "Anna" not in seen(pages, shown)  # a mark of several persons lies over it
        with pytest.raises(Refused, match="m0003"):
            opened(plan, opener(by_hand=("m0003",)), pages)
        with pytest.raises(Refused, match="m0009"):
            opened(plan, opener(by_hand=("m0009",)), pages)

    def test_a_term_that_is_their_name_opens_and_no_other(self) -> None:
        pages = finder("Anna was here.\nAt the Elms she slept.")
        terms = [
            (marking.Place(one, "term", "Child A", term), "child")
            for term in ("Anna", "Elms")
            for one in pages.term(term)
        ]
        plan = Plan("E001", bytes(32))
        made = opened(plan.with_marks(marking._marks(plan, terms, KEY, AT)), opener(), pages)
        assert seen(pages, made).strip() == "Anna was here.\nAt the ████ she slept."

    def test_a_recording_opens_only_by_hand(self) -> None:
        place = marking.Place(marking.Found(1, ()), "span", "Child A", span=marking.Span(0, 900))
        plan = Plan("E001", bytes(32))
        plan = plan.with_marks(marking._marks(plan, [(place, "child")], KEY, AT))
        assert opened(plan, opener(PIET), None).marks == plan.marks
        assert opened(plan, opener(PIET, by_hand=("m0001",)), None).marks == ()


def test_what_is_written_down_of_an_exhibit_is_searched_too() -> None:
    assert mentions("mail\nletter_anna_jansen.pdf", ANNA.names)
    assert not mentions("johanna\nletter.pdf", ANNA.names)


@pytest.fixture
def jansens(desk: Desk) -> Desk:
    case = desk.case("anna")
    people.add(case, people.Person(role="child", names=("Anna Jansen",)))
    people.add(case, people.Person(role="family", names=("Piet Jansen",)))
    text = "Anna Jansen told us on Monday.\nPiet Jansen was not at home.\nFamily Jansen lives there."
    bring(case, "E004", "report.pdf", pdf(text), "application/pdf")
    marking.mark(case, desk.burner, "E004", Wanted(persons=("Child B", "Family A")), "child")
    return desk


OPEN = Making(access="child b")


def drawn(case: CaseFile, approval: approvals.Approval) -> bytes:
    assert approval.burnt is not None
    with case.open_object(approval.burnt) as reader:
        return bytes(reader.read(0, reader.size))


class TestApproval:
    def test_what_stays_hidden_of_theirs_is_named(self, jansens: Desk) -> None:
        drawn_ = Wanted(boxes=((1, Box(300, 300, 320, 320)),), label="Child B")
        (made,) = marking.mark(jansens.case("anna"), jansens.burner, "E004", drawn_, "image")
        leo = jansens.case("leo")
        assert approvals.shut(approving.approve(leo, jansens.burner, "E004", making=OPEN)) == (made.id,)
        by_hand = Making(access="Child B", by_hand=(made.id,))
        assert approvals.shut(approving.approve(leo, jansens.burner, "E004", making=by_hand)) == ()
        assert approvals.shut(approving.approve(leo, jansens.burner, "E004")) == ()

    def test_it_is_a_copy_of_its_own_with_a_plan_of_its_own(self, jansens: Desk) -> None:
        leo = jansens.case("leo")
        approval = approving.approve(leo, jansens.burner, "E004", making=OPEN)
        assert approval.receiver == Receiver(access="Child B") and approval.plan_digest != approval.commitment
        shown = plans.show(leo, "E004", approval.receiver)
        assert shown is not None and shown.state == plans.APPROVED
        assert {mark.label for mark in shown.plan.marks} == {"Family A"}
        # For everybody else nothing is approved by it.
        plain = plans.show(leo, "E004")
        assert (
            plain is not None
            and plain.state == "draft"
            and {m.label for m in plain.plan.marks} == {"Child B", "Family A"}
        )
        entry = list(leo.entries())[-1]
        assert entry.action == "approved" and isinstance(entry.details, dict) and entry.details["access"] == "Child B"
        usual = approving.approve(leo, jansens.burner, "E004")
        assert usual.burnt_sha256 != approval.burnt_sha256
        light = dark(drawn(leo, approval)), dark(drawn(leo, usual))
        assert light[0] < light[1]

    def test_the_signature_holds_the_plan_of_the_copy(self, jansens: Desk) -> None:
        leo = jansens.case("leo")
        approval = approving.approve(leo, jansens.burner, "E004", making=OPEN)
        bare: dict[str, approvals.Value] = {**approval.opened, "marks": []}
        for forged in (replace(approval, opened=bare), replace(approval, access="Family A")):
            write = leo.write()
            write.entry("approved", records=[write.record(plans.Kind.APPROVAL, forged.to_body())], subject="E004")
            write.commit()
            with pytest.raises(Damaged, match="wrong signature"):
                plans.show(leo, "E004", forged.receiver)

    def test_nobody_approves_their_own_and_nobody_unknown(self, jansens: Desk) -> None:
        with pytest.raises(Refused, match="yourself"):
            approving.approve(jansens.case("anna"), jansens.burner, "E004", making=OPEN)
        with pytest.raises(NotFound, match="Child Z"):
            approving.approve(jansens.case("leo"), jansens.burner, "E004", making=Making(access="Child Z"))
        for wrong in ({"searchable": True}, {"method": burning.STRUCTURAL}, {"audience": "age1"}):
            with pytest.raises(Refused, match="pictures only"):
                Making(access="Child B", **wrong)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="Single marks"):
            Making(by_hand=("m0001",))

    def test_a_changed_plan_takes_its_approval_away(self, jansens: Desk) -> None:
        approving.approve(jansens.case("leo"), jansens.burner, "E004", making=OPEN)
        anna = jansens.case("anna")
        plans.remove(anna, "E004", "m0001")
        shown = plans.show(anna, "E004", Receiver(access="Child B"))
        assert shown is not None and shown.approval is None

    def test_who_has_no_mark_gets_what_everybody_gets(self, jansens: Desk) -> None:
        leo = jansens.case("leo")
        done = approving.approve(leo, jansens.burner, "E004")
        for receiver, expected in ((Receiver(access="Staff A"), done), (Receiver(access="Child B"), None)):
            shown = plans.shown_to(leo, "E004", receiver)
            assert shown is not None and shown.approval == expected
        assert plans.shown_to(leo, "E004", EVERYBODY) == plans.show(leo, "E004")


def dark(data: bytes) -> int:
    """Black pixels of the first page."""
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return bytes(document[0].get_pixmap(dpi=72, colorspace=pymupdf.csGRAY).samples).count(0)


def test_terms_are_compared_as_the_matcher_reads_them() -> None:
    assert subjects.spelling("  Ánna   JANSEN ") == "anna jansen" in ANNA.spelt
