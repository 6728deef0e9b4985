"""Originals for police and courts: as they came, with a second member's consent, and never unnoticed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.bundle.test_assembly import KEY, SELECTION, ready
from tests.bundle.test_crossing import bundle, mark, somebody
from tests.support.redactable import Desk, bring

from evidencevault.bundle import assembly, originals, receiving, releasing
from evidencevault.bundle.orders import from_body, to_body
from evidencevault.custody import extracts
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import Refused, UsageError
from evidencevault.evidence import exhibits
from evidencevault.evidence.exhibits import of_object
from evidencevault.redaction import approving, plans

ONE = replace(SELECTION, exhibits=("E001",), originals=("E001",), withhold={})


def original(case: CaseFile, number: str) -> bytes:
    with case.open_object(of_object(exhibits.get(case, number))) as reader:
        return b"".join(reader.stream())


def put_inside(case: CaseFile, number: str, parent: str, name: str, data: bytes) -> None:
    """Bring something in that was found inside another exhibit."""
    bring(case, number, name, data, "application/pdf")
    record = next(one for one in case.records(Kind.EXHIBIT) if one.body.get("number") == number)
    write = case.write()
    stored = write.record(Kind.EXHIBIT, {**record.body, "parent": parent}, record.item)
    write.entry("corrected", records=[stored], subject=number)
    write.commit()


def test_a_marked_exhibit_leaves_as_it_is_with_a_second_member(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    anna = desk.case("anna")
    order = assembly.create(anna, desk.burner, ONE)
    assert (order.unredacted, order.items[0].kind) == (("E001",), "original") and from_body(to_body(order)) == order
    data = original(anna, "E001")
    with pytest.raises(Refused, match="unredacted originals"):
        releasing.release(anna, desk.burner, "B01", tmp_path / "out", "office of one")
    leo = desk.case("leo")
    path = releasing.release(leo, desk.burner, "B01", tmp_path / "out")
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    (row,) = csv.DictReader(io.StringIO((folder / "data/index.csv").read_text()))
    assert (row["kind"], (folder / "data" / row["path"]).read_bytes()) == ("original", data)
    checked = extracts.check((folder / "data/custody/entries.json").read_bytes())
    imported = next(one for one in checked.entries if one.head["action"] == "imported")
    assert imported.fields[5].hex() == row["original_sha256"] == row["sha256"]  # type: ignore[union-attr]
    said = json.loads((folder / "data/leak-check.json").read_text())
    assert said["documents"] == [] and [one["exhibit"] for one in said["not_searched"]] == ["E001"]
    assert f"E001 {originals.AGREED}" in (folder / "index.html").read_text()
    assert "redactions" not in row and (folder / "data/redactions.csv").read_text().count("\n") == 1
    entries = [one for one in leo.entries() if one.subject == "B01"]
    assert [one.details["unredacted"] for one in entries if isinstance(one.details, dict)] == [["E001"], ["E001"]]
    assert {one.purpose for one in entries} == {"outside investigation"}


def test_nobody_needs_to_have_looked_at_it(desk: Desk, tmp_path: Path) -> None:
    wanted = replace(ONE, exhibits=("E001", "E002"), originals=("E001", "E002"))
    order = assembly.create(desk.case("anna"), desk.burner, wanted)
    assert order.unredacted == ("E001", "E002") and [one.revision for one in order.items] == [0, 0]
    releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")


def test_only_what_is_named_leaves_unredacted(desk: Desk) -> None:
    ready(desk)
    order = assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, originals=("E003",)))
    assert order.unredacted == () and [one.kind for one in order.items] == ["redacted", "slip-sheet"]


def test_what_is_inside_leaves_with_it(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    anna = desk.case("anna")
    put_inside(anna, "E004", "E002", "attachment.pdf", original(anna, "E001"))
    put_inside(anna, "E005", "E004", "deeper.pdf", b"%PDF")
    assert originals.inside(anna, ["E002", "E001"]) == {"E002": ("E004", "E005"), "E001": ()}
    plans.none(anna, "E002")
    approving.approve(desk.case("leo"), desk.burner, "E002")
    mail = replace(ONE, exhibits=("E002",), originals=("E002",))
    anna = desk.case("anna")
    # Nothing is hidden in the mail itself, but what is inside it was not looked at.
    assert assembly.create(anna, desk.burner, mail).unredacted == ("E002",)
    with pytest.raises(UsageError, match="inside E002"):
        assembly.create(anna, desk.burner, replace(mail, withhold={"E005": "third-party"}))


def test_a_mark_made_before_the_release_stops_it(desk: Desk, tmp_path: Path) -> None:
    """An original of which it was said that nothing is to be hidden in it, and of which it is not said any more."""
    plans.none(desk.case("anna"), "E001")
    approving.approve(desk.case("leo"), desk.burner, "E001")
    assert assembly.create(desk.case("anna"), desk.burner, ONE).unredacted == ()
    mark(desk, "E001", "Child A")
    with pytest.raises(Refused, match="has changed"):
        releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")


def test_another_bundle_that_hides_it_is_warned_of(desk: Desk) -> None:
    anna = desk.case("anna")
    put_inside(anna, "E004", "E002", "attachment.pdf", original(anna, "E001"))
    mark(desk, "E001", "Child A")
    hidden = bundle(desk, somebody())
    anna = desk.case("anna")
    marks = plans.show(anna, "E001")
    assert marks is not None
    for exhibit in ("E001", "E002"):
        order = assembly.create(anna, desk.burner, replace(ONE, exhibits=(exhibit,), originals=(exhibit,)))
        found = [one for one in assembly.crossings(anna, order.number) if one.other == hidden.number]
        assert [(one.exhibit, one.there) for one in found] == [(exhibit, "E001")]
        assert found[0].hidden_there == tuple(one.id for one in marks.plan.marks) and not found[0].hidden_here
