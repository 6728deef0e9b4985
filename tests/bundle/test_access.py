"""Subject access: all that is about one person goes to that person, and nothing of anybody else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from tests.support.burner import pdf
from tests.support.redactable import Desk, bring
from tests.support.vaults import PASSPHRASES

from evidencevault.bundle import access, assembly, page, receiving, register, releasing
from evidencevault.bundle.assembly import Selection
from evidencevault.bundle.contents import SLIP_SHEET
from evidencevault.bundle.inside import Inside, Key
from evidencevault.casework import people
from evidencevault.cli import main
from evidencevault.documents.workers import Workers, confinement
from evidencevault.errors import NotFound, Refused, UsageError
from evidencevault.evidence import erasure
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.redaction import approving, burning, marking, plans
from evidencevault.redaction.approvals import Receiver
from evidencevault.redaction.burning import Making
from evidencevault.redaction.marking import Wanted

KEY = age.X25519Identity.generate()
ASKED = Selection(
    exhibits=None,
    withhold={},
    originals=(),
    recipients=(str(KEY.recipient()),),
    passphrase=None,
    purpose="request of Anna Jansen",
    legal_basis="art. 15 GDPR",
    access="Child B",
    aside=("E002", "E003"),
)
"""E002 is a sheet that nobody can read here, E003 a thing."""
REPORT = "Anna Jansen told us on Monday.\nPiet Jansen was not at home.\nFamily Jansen lives there."
NAME = "NL-2026-0002-B01"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Two exhibits about Anna Jansen (one of them only in its name), one about others, two that cannot be read."""
    case = desk.case("anna")
    people.add(case, people.Person(role="child", names=("Anna Jansen",)))
    people.add(case, people.Person(role="family", names=("Piet Jansen",)))
    bring(case, "E004", "report.pdf", pdf(REPORT), "application/pdf")
    bring(case, "E005", "drawing of Anna.pdf", pdf("A house."), "application/pdf")
    marking.mark(case, desk.burner, "E004", Wanted(persons=("Child B", "Family A")), "child")
    plans.none(case, "E005")
    return desk


def approve(desk: Desk) -> None:
    leo = desk.case("leo")
    approving.approve(leo, desk.burner, "E004", making=Making(access="Child B"))
    approving.approve(leo, desk.burner, "E005")


def test_all_that_is_about_the_person_and_what_is_said_of_it(asked: Desk, tmp_path: Path) -> None:
    approve(asked)
    order = assembly.create(asked.case("anna"), asked.burner, ASKED)
    assert [(one.exhibit, one.kind) for one in order.items] == [("E004", "redacted"), ("E005", "redacted")]
    path = releasing.release(asked.case("leo"), asked.burner, "B01", tmp_path)
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    inside = Inside.open(path, Key((KEY,)), Progress())
    assert inside.lists.totals["documents about the person"] == 2
    inside.close()
    rows = {row[1]: row[2] for row in csv.reader(io.StringIO((folder / "data/withheld.csv").read_text()))}
    assert (rows["documents about the person"], rows["delivered to the person"]) == ("2", "2")
    assert (rows["items not about the person"], rows["exhibits in the case"]) == ("3", "5")
    marks = (folder / "data/redactions.csv").read_text()
    assert "Family A" in marks and "Child B" not in marks
    readme = (folder / "verify/README").read_text()
    assert "An answer to a request for access" in readme and '"Child B"' in readme and "art. 15 GDPR" in readme
    markup = (folder / "index.html").read_text()
    for key, count in (("a_about", 2), ("a_delivered", 2), ("a_refused", 0), ("a_rest", 3)):
        assert f'<dt data-t="{key}">' in markup and f"</dt><dd>{count}</dd>" in markup.partition(f'"{key}"')[2][:200]
    with pymupdf.open(folder / "data/index.pdf") as cover:
        text = " ".join("".join(one.get_text() for one in cover).split())
    assert "An answer to a request for access" in text and "not about the person" in text and "Child B" in text
    case = asked.case("leo")
    (left,) = register.left(case)
    assert (left.access, left.exhibits) == ("Child B", ("E004", "E005"))
    entry = list(case.entries())[-1]
    assert isinstance(entry.details, dict)
    assert (entry.details["access"], entry.details["about"], entry.details["not_about"]) == ("Child B", 2, 3)
    # Their own name may stand in what is written to them; nobody else's may.
    assert b"request of Anna Jansen" in (folder / "index.html").read_bytes()
    for file in folder.rglob("*"):
        assert not file.is_file() or b"piet" not in file.read_bytes().lower(), file


def test_a_refusal_stands_with_its_reason(asked: Desk, tmp_path: Path) -> None:
    approving.approve(asked.case("leo"), asked.burner, "E005")
    selection = replace(ASKED, withhold={"E004": access.RIGHTS_OF_OTHERS}, aside=("E003",), exhibits=("E002",))
    with pytest.raises(Refused, match="E002 has no redaction plan"):
        assembly.create(asked.case("anna"), asked.burner, selection)
    selection = replace(selection, withhold={**selection.withhold, "E002": access.RESTRICTION}, basis="art. 23 Wjsg")
    order = assembly.create(asked.case("anna"), asked.burner, selection)
    assert [(one.exhibit, one.reason, one.basis) for one in order.withheld] == [
        ("E002", "restriction", "art. 23 Wjsg"),
        ("E004", "rights-of-others", ""),
    ]
    path = releasing.release(asked.case("leo"), asked.burner, "B01", tmp_path)
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    held = (folder / "data/withheld.csv").read_text()
    assert "TOTAL,refused to the person: rights-of-others,1" in held and "E002,restriction,art. 23 Wjsg," in held
    assert "TOTAL,documents about the person,3" in held and "TOTAL,delivered to the person,1" in held
    markup = (folder / "index.html").read_text()
    assert '<span data-t="r_restriction">a law restricts access (art. 23 GDPR)</span>: 1' in markup
    listed = csv.DictReader(io.StringIO((folder / "data/index.csv").read_text()))
    assert [one["note"] for one in listed if one["kind"] == SLIP_SHEET] == [
        "withheld: restriction",
        "withheld: rights-of-others",
    ]


def test_without_its_own_copy_nothing_is_made_and_each_is_named(asked: Desk) -> None:
    anna = asked.case("anna")
    bring(anna, "E006", "more.pdf", pdf("Again Anna."), "application/pdf")
    with pytest.raises(Refused) as refused:
        assembly.create(anna, asked.burner, ASKED)
    said = refused.value.sentence
    assert (
        "E006 has no redaction plan" in said and "E004 has no approved copy for the person" in said and "E005" in said
    )
    # The copy that everybody else gets hides the person's own name: it is not for them.
    approving.approve(asked.case("leo"), asked.burner, "E004")
    with pytest.raises(Refused, match="E004 has no approved copy for the person"):
        assembly.create(asked.case("anna"), asked.burner, ASKED)


def test_what_cannot_be_read_is_not_counted_as_about_somebody_else(asked: Desk) -> None:
    approve(asked)
    anna = asked.case("anna")
    with pytest.raises(Refused, match="E002, E003"):
        assembly.create(anna, asked.burner, replace(ASKED, aside=()))
    with pytest.raises(Refused, match=r"about Child B: E003\."):
        assembly.create(anna, asked.burner, replace(ASKED, aside=("E002",)))
    with pytest.raises(UsageError, match="E002 can not be about"):
        assembly.create(anna, asked.burner, replace(ASKED, exhibits=("E002",)))
    with pytest.raises(NotFound):
        assembly.create(anna, asked.burner, replace(ASKED, aside=("E009",)))
    with pytest.raises(NotFound, match="Child Z"):
        assembly.create(anna, asked.burner, replace(ASKED, access="Child Z"))
    assert assembly.list_bundles(anna) == []


def test_an_erased_exhibit_takes_its_own_copies_with_it(asked: Desk) -> None:
    approve(asked)
    leo = asked.case("leo")
    shown = plans.show(leo, "E004", Receiver(access="Child B"))
    assert shown is not None and shown.approval is not None and shown.approval.burnt is not None
    erasure.erase(leo, "E004", "asked for")
    anna = asked.case("anna")
    assert erasure.erase(anna, "E004", "asked for").state == erasure.DONE
    assert shown.approval.burnt in anna.ledger.state.erased


def test_no_originals_and_no_other_labels(asked: Desk) -> None:
    anna = asked.case("anna")
    for wrong in ({"originals": ("E005",)}, {"own_labels": True}):
        with pytest.raises(UsageError, match="no originals"):
            assembly.create(anna, asked.burner, replace(ASKED, **wrong))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="--subject-access"):
        assembly.create(anna, asked.burner, replace(ASKED, access=""))


def test_the_name_of_somebody_else_does_not_leave_with_it(asked: Desk) -> None:
    approve(asked)
    with pytest.raises(Refused, match=r"index\.(html|pdf)"):
        assembly.create(asked.case("anna"), asked.burner, replace(ASKED, purpose="complaint about Piet Jansen"))


def test_what_came_to_light_since_stops_the_release(asked: Desk, tmp_path: Path) -> None:
    approve(asked)
    assembly.create(asked.case("anna"), asked.burner, ASKED)
    bring(asked.case("anna"), "E006", "more.pdf", pdf("Again Anna."), "application/pdf")
    with pytest.raises(Refused, match="may have changed"):
        releasing.release(asked.case("leo"), asked.burner, "B01", tmp_path)
    assert list(tmp_path.glob("*.age")) == []


def test_only_their_own_copy_shows_what_others_do_not_see(asked: Desk) -> None:
    approve(asked)
    approving.approve(asked.case("leo"), asked.burner, "E004")
    other = replace(
        ASKED, access="", aside=(), exhibits=("E004",), recipients=(str(age.X25519Identity.generate().recipient()),)
    )
    anna = asked.case("anna")
    assembly.create(anna, asked.burner, replace(other, purpose="outside enquiry"))
    second = assembly.create(anna, asked.burner, ASKED)
    [crossed] = assembly.crossings(anna, second.number)
    assert (crossed.bundle, crossed.other, crossed.hidden_here) == ("B02", "B01", ())
    assert "m0001" in crossed.hidden_there


Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(asked: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line as a member gives it; its JSON document, and ``said``, what went to stderr."""

    def called(member: str, *words: object, expect: int = 0) -> dict[str, Any]:
        asked.close()
        (tmp_path / member).write_text(PASSPHRASES[member])
        access_ = ["--vault", str(asked.made.folder), "--member", member, "--passphrase-file", str(tmp_path / member)]
        code = main.run([*access_, "--json", *map(str, words)])
        shown = capsys.readouterr()
        assert code == expect, (words, shown)
        return {**json.loads(shown.out), "said": shown.err}

    return called


@pytest.mark.skipif(not confinement().sandboxed, reason="foreign files are not parsed here")
def test_on_the_command_line(call: Call, tmp_path: Path) -> None:
    case, order = "NL-2026-0002", ["--purpose", "request", "--legal-basis", "art. 15", "--recipient", KEY.recipient()]
    asking = ["bundle", "create", case, "--subject-access", "child b", "--not-about", "E002", "E003", *order]
    assert "for the person it is about" in call("anna", *asking, expect=1)["said"]
    call("anna", "bundle", "create", case, "--all", "--subject-access", "Child B", *order, expect=2)
    call("anna", "bundle", "create", case, "--all", "--not-about", "E002", *order, expect=2)
    every = call("leo", "redact", "approve", case, "--all", "--access", "Child B")["exhibits"]
    assert [one["exhibit"] for one in every if one["state"] == "approved"] == ["E004"]
    (done,) = [one for one in every if one["state"] == "approved"]
    assert (done["subject_access"], done["method"], done["report"]["readable"]) == ("Child B", "raster", {})
    shown = call("leo", "redact", "show", case, "E004")
    assert (shown["state"], shown["opened_for"]) == ("draft", ["Child B"])
    seen = tmp_path / "seen.pdf"
    call("leo", "redact", "preview", case, "E004", "--access", "Child B", "--to", seen)
    with pymupdf.open(seen) as document:
        assert not document[0].get_text().strip()
    call("leo", "redact", "approve", case, "E005")
    made = call("anna", *asking)
    assert made["subject_access"] == {
        "person": "Child B",
        "about": 2,
        "not_about": 3,
        "said_not_about": ["E002", "E003"],
    }
    (tmp_path / "out").mkdir()
    said = call("leo", "bundle", "release", case, "B01", "--to", tmp_path / "out")["said"]
    assert "B01 answers a request for access of Child B: 2 items about them, 0 of them refused; 3 items" in said
    (left,) = call("anna", "bundle", "register", case)["left"]
    assert (left["subject_access"], left["exhibits"]) == ("Child B", ["E004", "E005"])
    changed = call("anna", "evidence", "correct", case, "E004", "--reason", "she rang", "--condition", "torn")
    assert (changed["condition"], changed["revision"]) == ("torn", 2)
    assert [one["fields"] for one in changed["notices"]] == [["condition"]]
    (due,) = call("anna", "bundle", "register", case)["notices"]
    assert (due["what"], due["bundle"], due["exhibit"]) == ("corrected", "B01", "E004")
    assert call("anna", "bundle", "notice", case, "B01", "--to", tmp_path / "notice.pdf")["exhibits"] == ["E004"]
    assert call("anna", "bundle", "register", case)["notices"] == []


def test_the_page_tells_a_request_only_where_there_is_one() -> None:
    for answers in (False, True):
        pieces, places = page._shell("en", answers)
        assert ("a_about" in places) == ('id="answer"' in "".join(pieces)) == answers


@pytest.fixture
def real(desk: Desk) -> Iterator[Desk]:
    """The same two Jansens in a file that the confined workers draw, burn and read back."""
    case = desk.case("anna")
    people.add(case, people.Person(role="child", names=("Anna Jansen",)))
    people.add(case, people.Person(role="family", names=("Piet Jansen",)))
    bring(case, "E004", "report.pdf", pdf(REPORT.replace("\n", "\n\n")), "application/pdf")
    yield desk


@pytest.mark.skipif(not confinement().sandboxed, reason="foreign files are not parsed here")
def test_real_workers_read_the_subjects_name_and_nobody_elses_in_the_copy(real: Desk) -> None:
    workers = Workers()
    marking.mark(real.case("anna"), workers, "E004", Wanted(persons=("Child B", "Family A")), "child")
    leo = real.case("leo")
    approval = approving.approve(leo, workers, "E004", making=Making(access="Child B"))
    assert approval.burnt is not None and plans.show(leo, "E004", Receiver(access="Child B")) is not None
    with leo.open_object(approval.burnt) as reader:
        read = list(workers.ocr("copy.pdf", reader, [1], workers.languages(leo.country) or "eng"))
    text = " ".join(" ".join(one.text for one in read).split())
    assert "Anna Jansen told us on Monday" in text and "Piet" not in text
    assert approval.method == burning.RASTER and approval.report["read_back"] == 1
    assert text.count("Jansen") == 1
