"""From an approved plan to a file on the investigator's desk; nothing leaves before the release, no name is in it."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from selenium.webdriver import Chrome
from tests.support import chromium, pages
from tests.support.redactable import CHILD, Desk

from evidencevault.bundle import assembly, receiving, releasing
from evidencevault.bundle.assembly import Selection
from evidencevault.custody import extracts
from evidencevault.documents.workers import Workers, confinement
from evidencevault.errors import NotFound, Refused, StorageFailed, UsageError
from evidencevault.formats import age
from evidencevault.redaction import approving, marking, plans
from evidencevault.redaction.marking import Wanted

KEY = age.X25519Identity.generate()
SELECTION = Selection(
    exhibits=None,
    withhold={"E002": "privilege"},
    originals=(),
    recipients=(str(KEY.recipient()),),
    passphrase=None,
    purpose="outside investigation",
    legal_basis="art. 6(1)(c)",
)
NAME = "NL-2026-0002-B01"


def ready(desk: Desk) -> None:
    anna = desk.case("anna")
    marking.mark(anna, desk.burner, "E001", Wanted(persons=("Child A", "Staff A"), patterns=("phone",)), "child")
    approving.approve(desk.case("leo"), desk.burner, "E001")


def test_the_whole_way_out(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    order = assembly.create(desk.case("anna"), desk.burner, SELECTION)
    assert [one.number for one in order.items] == ["NL20260002-000001", "NL20260002-000004"]
    assert (order.number, order.state) == ("B01", "created") and not (tmp_path / "out").exists()
    case = desk.case("leo")
    path = releasing.release(case, desk.burner, "B01", tmp_path / "out")
    assert path.name == f"{NAME}.zip.age" and [one.name for one in path.parent.iterdir()] == [path.name]
    found, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    assert found.name == NAME and found.signer in (folder / "verify/README").read_text()
    everything = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    names = [part for name in (CHILD, "Chinelo Okafor") for part in name.split()] + ["Wies", "letter.pdf", "notebook"]
    for where, data in everything.items():
        for name in names:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert name.casefold().encode(encoding) not in data.lower(), (where, name)
    with pymupdf.open(stream=everything["data/documents/NL20260002-000001.pdf"]) as document:
        assert [page.get_text().strip() for page in document] == ["NL20260002-000001", "NL20260002-000002"]
    rows = list(csv.DictReader(io.StringIO(everything["data/index.csv"].decode())))
    assert [row["kind"] for row in rows] == ["redacted", "slip-sheet", "slip-sheet"]
    assert [row["original_sha256"] for row in rows] == ["", "", ""] and len(rows[0]["original_commitment"]) == 64
    marks = list(csv.DictReader(io.StringIO(everything["data/redactions.csv"].decode())))
    assert {mark["label"] for mark in marks} >= {"Child A", "Staff A"} and "phone" not in str(marks)
    assert b"E002,privilege,art. 6(1)(c),second member" in everything["data/withheld.csv"]
    assert b"exhibits in the case,3" in everything["data/withheld.csv"]
    checked = extracts.check(everything["data/custody/entries.json"])
    actions = [entry.head["action"] for entry in checked.entries]
    assert {"imported", "received", "redacted", "approved", "created"} <= set(actions)
    redacted = next(entry for entry in checked.entries if entry.head["action"] == "redacted")
    assert redacted.fields[5].hex() == rows[0]["copy_sha256"] != rows[0]["sha256"]  # type: ignore[union-attr]
    assert all(5 not in entry.fields for entry in checked.entries if entry.head["action"] == "imported")
    page = everything["index.html"].decode()
    assert "default-src 'none'" in page and "art. 6(1)(c)" in page and found.signer in page
    released = list(case.entries())[-1]
    assert (released.action, released.subject, released.purpose) == ("released", "B01", "outside investigation")
    assert released.counterparty == str(KEY.recipient()) and isinstance(released.digest, bytes)
    bagit = [sys.executable, "-m", "bagit", "--validate", str(folder)]
    done = subprocess.run(bagit, capture_output=True, env={**os.environ, "PYTHONPATH": ""}, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(bool(chromium.missing()), reason="Chromium or its driver is not installed")
def test_a_browser_finds_a_released_bundle_right(chrome: Chrome, desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    assembly.create(desk.case("anna"), desk.burner, SELECTION)
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    found, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    pages.opened(chrome, folder)
    assert pages.give(chrome, folder) == "good" and found.signer in pages.one(chrome, "#signature").text
    assert set(pages.texts(chrome, "#rows td:last-child")) == {"right"}
    assert pages.texts(chrome, "#held td:nth-child(2)") == ["legal privilege"]


def test_refused_without_an_approved_plan(desk: Desk) -> None:
    with pytest.raises(Refused, match="no redaction plan"):
        assembly.create(desk.case("anna"), desk.burner, SELECTION)
    plans.none(desk.case("anna"), "E001")
    with pytest.raises(Refused, match="not approved"):
        assembly.create(desk.case("anna"), desk.burner, SELECTION)


def test_a_plan_changed_before_the_release_stops_it(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    assembly.create(desk.case("anna"), desk.burner, SELECTION)
    plans.remove(desk.case("anna"), "E001", "m0001")
    with pytest.raises(Refused, match="not approved"):
        releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_name_in_the_purpose_is_found(desk: Desk) -> None:
    ready(desk)
    with pytest.raises(Refused, match=r"index\.(html|pdf)"):
        assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, purpose=f"about {CHILD}"))


def test_whoever_made_it_does_not_release_it(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    anna = desk.case("anna")
    assembly.create(anna, desk.burner, replace(SELECTION, withhold={"E002": "third-party"}))
    with pytest.raises(Refused, match="yourself"):
        releasing.release(anna, desk.burner, "B01", tmp_path / "out")
    path = releasing.release(anna, desk.burner, "B01", tmp_path / "out", "office of one")
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    assert "released alone" in (folder / "index.html").read_text()


def test_a_privilege_takes_a_second_member_and_a_basis(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    anna = desk.case("anna")
    assembly.create(anna, desk.burner, replace(SELECTION, basis="art. 11a Advocatenwet"))
    with pytest.raises(Refused, match="privileged"):
        releasing.release(anna, desk.burner, "B01", tmp_path / "out", "office of one")
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    held = (folder / "data/withheld.csv").read_text()
    assert "NL20260002-000003,E002,privilege,art. 11a Advocatenwet,second member" in held
    assert "TOTAL,exhibits withheld,1" in held
    with pytest.raises(UsageError, match="privileged"):
        assembly.create(anna, desk.burner, replace(SELECTION, withhold={"E002": "third-party"}, basis="art. 11a"))


def test_numbers_run_on_and_a_release_can_be_written_again(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    anna = desk.case("anna")
    assembly.create(anna, desk.burner, SELECTION)
    second = assembly.create(anna, desk.burner, replace(SELECTION, exhibits=("E001",), withhold={}))
    assert second.number == "B02" and second.items[0].number == "NL20260002-000005"
    leo = desk.case("leo")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="again"):
        releasing.release(leo, desk.burner, "B01", tmp_path / "file")
    one = releasing.release(leo, desk.burner, "B01", tmp_path / "one")
    two = releasing.release(leo, desk.burner, "B01", tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(Refused, match="there already"):
        releasing.release(leo, desk.burner, "B01", tmp_path / "two")
    assert [order.state for order in assembly.list_bundles(leo)] == ["released", "created"]


def test_an_original_with_nothing_to_hide_takes_no_second_consent(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    plans.none(desk.case("anna"), "E002")
    approving.approve(desk.case("leo"), desk.burner, "E002")
    chosen = replace(
        SELECTION, exhibits=("E002",), withhold={}, originals=("E002",), recipients=(), passphrase="x" * 12
    )
    assert assembly.create(desk.case("anna"), desk.burner, chosen).unredacted == ()
    path = releasing.release(desk.case("anna"), desk.burner, "B01", tmp_path, "office of one")
    _, folder = receiving.open_bundle(path, tmp_path / "in", passphrase="x" * 12)
    original = next((folder / "data/documents").iterdir())
    assert original.read_bytes() == b"PK no sheet"
    rows = list(csv.DictReader(io.StringIO((folder / "data/index.csv").read_text())))
    imported = next(
        entry
        for entry in extracts.check((folder / "data/custody/entries.json").read_bytes()).entries
        if entry.head["action"] == "imported"
    )
    assert imported.fields[5].hex() == rows[0]["original_sha256"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"purpose": " "}, UsageError),
        ({"legal_basis": ""}, UsageError),
        ({"prefix": "no/path"}, UsageError),
        ({"recipients": ()}, UsageError),
        ({"withhold": {"E009": "other"}}, NotFound),
        ({"withhold": {"E002": "Not A Code"}}, Refused),
        ({"originals": ("E002",)}, UsageError),
    ],
)
def test_a_selection_that_is_none(desk: Desk, change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, **change))  # type: ignore[arg-type]


def test_with_the_real_document_workers(desk: Desk, tmp_path: Path) -> None:
    workers = Workers(unconfined=not confinement().sandboxed)
    wanted = Wanted(persons=("Child A", "Staff A"))
    assert marking.mark(desk.case("anna"), workers, "E001", wanted, "child")
    approving.approve(desk.case("leo"), workers, "E001")
    assembly.create(desk.case("anna"), workers, SELECTION)
    path = releasing.release(desk.case("leo"), workers, "B01", tmp_path / "out")
    assert receiving.verify(path, identities=[KEY]).name == NAME
