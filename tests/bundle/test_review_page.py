"""The review as a PDF: what it says, its picture, and that nothing is filed where it is not written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date
from pathlib import Path

import pymupdf
import pytest
from tests.policy.histories import CASE, OPENED, READY, history, old_case, policy, rules, step
from tests.support.redactable import Desk

from evidencevault.bundle import review_page, review_timeline, review_words
from evidencevault.casework import actions, reviews
from evidencevault.casework.actions import From, Recommendation, Refusal
from evidencevault.casework.reviews import Advice, Earlier, Finding, Numbers, Opinion, Review, Reviewed
from evidencevault.documents.requests import DocumentFailed, Reason
from evidencevault.errors import NotPermitted, Refused
from evidencevault.policy.words import OPEN
from evidencevault.resources import use_language

SVG = "{http://www.w3.org/2000/svg}"
OPINION = Opinion(
    finding=(Finding(words="The second parent was never heard.", about="C02"),),
    recommendation=(
        Advice(words="Write to her.", owner="Director", due=date(2099, 12, 31)),
        Advice(words="Read <b>it</b>"),
    ),
)


NUMBERS = Numbers("V01", ("R01", "R02"))


def old_review() -> Review:
    known, reviewed = old_case()
    return reviews.of("NL-2026-0001", "Beaten <i>", "anna", reviewed, rules("then"), rules("today"), known)


def words(data: bytes) -> str:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        text = " ".join(page.get_text() for page in document)
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").split())


def test_it_says_both_policies_the_evidence_and_what_the_reviewer_adds() -> None:
    page = review_page.html(old_review(), OPINION, NUMBERS)
    for said in (
        "Review of NL-2026-0001", "Beaten &lt;i&gt;", "Integrity rules 2014", "Safeguarding policy 2026",
        "late by 3 d 9 h", "late by 9 h 0 min", "not required then", "not required now", "done, nobody knows when",
        "outside the range: Warning", "not done: C02", "Second signature under D01", "A second user agreed",
        "The second parent was never heard. (C02)", "Read &lt;b&gt;it&lt;/b&gt;", "2099-12-31", "R02",
        "until 2014-03-10\u00a023:59", "2014-03-14\u00a009:00", "written down 2026-10-05\u00a009:20",
        "entered from paper",
    ):  # fmt: skip
        assert said in page, said
    assert "<script" not in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_what_claims_another_time_than_it_was_written_says_so() -> None:
    """Of a case that was worked on here."""
    known, _ = old_case()
    later = replace(known, from_paper=False, opened=known.revisions[0].at.replace(year=2013))
    review = reviews.of("NL-2026-0001", "T", "anna", OPENED, rules("then"), rules("today"), later)
    page = review_page.html(review, Opinion(), Numbers("", ()))
    assert "written down 2026-10-05\u00a009:20<br/>it says 2014-03-14\u00a009:00" in page
    assert "entered from paper" not in page


def test_every_state_and_condition_has_words() -> None:
    assert set(review_words.CONDITIONS) == set(OPEN)
    review = old_review()
    assert {one.state for row in review.rows for one in (row.then, row.now)} <= set(review_words.STATES)


def test_the_picture_holds_a_line_for_each_step_with_a_clock_inside_its_frame() -> None:
    review = old_review()
    (picture,) = review_timeline.pictures(review)
    tree = ElementTree.fromstring(picture)
    assert not [one for one in tree.iter() if one.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}a")]
    numbers = [one.text for one in tree.iter(f"{SVG}text") if not re.fullmatch(r"\d{4}-\d\d-\d\d", one.text or "")]
    # 9 never had a clock; 15 began when the case was closed here, twelve years later.
    assert numbers == [str(number) for number in range(1, 15) if number != 9]
    assert next(one.text for one in tree.iter(f"{SVG}text")) == "2014-03-03"
    for one in tree.iter(f"{SVG}rect"):
        assert float(one.attrib["x"]) >= review_timeline.LEFT and float(one.attrib["width"]) > 0
        assert float(one.attrib["x"]) + float(one.attrib["width"]) <= review_timeline.WIDTH
        assert float(one.attrib["y"]) < float(tree.attrib["height"])
    late = sum(row.then.state == "late" for row in review.rows[:15]) + sum(
        row.now.state == "late" for row in review.rows[:15]
    )
    assert len(list(tree.iter(f"{SVG}polygon"))) == late == 7


def test_many_steps_take_several_pictures_and_none_takes_none() -> None:
    many = policy(*(step(f"s{number}", "reported", "1d", READY) for number in range(85)))
    known = history((OPENED, CASE))
    review = reviews.of("X", "T", "anna", OPENED, many, many, known)
    assert len(review_timeline.pictures(review)) == 3
    none = policy(step("never", "closed", "1d", READY))
    assert review_timeline.pictures(reviews.of("X", "T", "anna", OPENED, none, none, known)) == []


def test_it_is_written_entered_and_its_recommendations_filed(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("anna")
    written = review_page.write(case, desk.burner, reviews.make(case), OPINION, tmp_path / "review.pdf")
    data = (tmp_path / "review.pdf").read_bytes()
    assert (written.number, written.recommendations) == ("V01", ("R01", "R02"))
    text = words(data)
    assert "Write to her." in text and "R01" in text and "Review of" in text and "V01" in text
    entries = list(case.entries())
    (said,) = [one for one in entries if one.sequence == written.reported.sequence]
    assert said.action == "exported" and said.digest == written.reported.sha256 and said.subject == "V01"
    assert said.details == {"kind": "review", "format": "clear", "then": "international 1", "now": "international 1"}
    assert [one.number for one in actions.list_recommendations(case)] == ["R01", "R02"]
    (kept,) = reviews.list_reviews(case)
    assert (kept.finding, kept.recommendations) == (OPINION.finding, ("R01", "R02"))


def test_where_it_cannot_be_written_nothing_is_filed(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("anna")
    review, size = reviews.make(case), len(list(case.entries()))
    there = tmp_path / "there.pdf"
    there.write_text("mine")
    for target in (there, tmp_path / "no" / "r.pdf", case.office.database.folder / "r.pdf"):
        with pytest.raises(Refused):
            review_page.write(case, desk.burner, review, OPINION, target)

    class Broken(type(desk.burner)):  # type: ignore[misc]
        def typeset(self, html: str) -> bytes:
            raise DocumentFailed("not here", "report.html", Reason.CRASHED)

    with pytest.raises(DocumentFailed):
        review_page.write(case, Broken(), review, OPINION, tmp_path / "r.pdf")
    assert there.read_text() == "mine" and not (tmp_path / "r.pdf").exists()
    assert len(list(case.entries())) == size
    assert actions.list_recommendations(case) == [] and reviews.list_reviews(case) == []


def test_a_legal_adviser_reviews_and_an_officer_recommends(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("leo")
    with pytest.raises(NotPermitted):
        review_page.write(case, desk.burner, reviews.make(case), OPINION, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()
    said = replace(OPINION, recommendation=())
    written = review_page.write(case, desk.burner, reviews.make(case), said, tmp_path / "r.pdf")
    assert (written.number, written.recommendations) == ("V01", ())
    silent = review_page.write(case, desk.burner, reviews.make(case), Opinion(), tmp_path / "s.pdf")
    assert silent.number == "" and len(reviews.list_reviews(case)) == 1


def test_what_was_found_before_stands_in_the_next_one() -> None:
    record = Reviewed(
        number="V01", finding=(Finding(words="Nobody <i>asked</i>", about="C02"),), then="a 1", now="b 2",
        made_at=OPENED, made_by="anna", recommendations=("R01", "R02", "R03"),
    )  # fmt: skip
    body = From(body="Review")
    advice = (
        Recommendation(number="R01", from_=body, words="Ask", proof=("E001",)),
        Recommendation(number="R02", from_=body, words="Train", refused=Refusal(reason="No money", signed_by="A")),
        Recommendation(number="R03", from_=body, words="Move"),
    )
    page = review_page.html(replace(old_review(), earlier=(Earlier(record, advice),)), Opinion(), Numbers("", ()))
    for said in (
        "Earlier reviews", "V01, 2026-03-02, by anna, under a 1 and b 2", "Nobody &lt;i&gt;asked&lt;/i&gt; (C02)",
        "followed: E001", "refused: No money", "not done",
    ):  # fmt: skip
        assert said in page, said


def test_times_keep_their_order_beside_words_from_the_right() -> None:
    use_language("ar")
    try:
        page = review_page.html(old_review(), OPINION, NUMBERS)
    finally:
        use_language("en")
    assert "\u200e2014-03-10\u00a023:59\u200e" in page
