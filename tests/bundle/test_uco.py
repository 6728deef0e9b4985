"""What leaves as CASE/UCO and as a report: valid, the same ids everywhere, and no word more than the extract proves."""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from tests.bundle.test_assembly import KEY, SELECTION, ready
from tests.support.redactable import CHILD, Desk, bring

from evidencevault.bundle import assembly, receiving, releasing, uco_case
from evidencevault.casework import cases
from evidencevault.custody import extracts
from evidencevault.errors import NotPermitted, Refused
from evidencevault.redaction import approving, plans

CASE = "case-1.4.0"
"""The release of the ontology whose shapes the documents are held against."""

DESCRIBED = cases.Case(
    title="About a house", categories=("neglect",), severity="high", immediate_safety=cases.Safety(state="safe")
)


@pytest.fixture
def bag(desk: Desk, tmp_path: Path) -> Path:
    """A released bundle with a redacted copy, an original and a slip sheet, opened by its receiver."""
    ready(desk)
    plans.none(desk.case("anna"), "E002")
    approving.approve(desk.case("leo"), desk.burner, "E002")
    assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, withhold={}, originals=("E002",)))
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    return receiving.open_bundle(path, tmp_path / "in", identities=[KEY])[1]


def nodes(document: Any, kind: str) -> list[dict[str, Any]]:
    return [one for one in document["@graph"] if one["@type"].endswith(kind)]


def conforms(*paths: Path) -> tuple[bool, str]:
    from case_utils.case_validate import validate  # rdflib and its ontologies: only where they are asked

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = validate([str(one) for one in paths], case_version=CASE, inference="none")
    return said.conforms, said.text


def test_it_validates_against_the_ontology_and_a_wrong_one_does_not(bag: Path, desk: Desk, tmp_path: Path) -> None:
    cases.update(desk.case("anna"), DESCRIBED)
    bring(desk.case("anna"), "E004", "again.xlsx", b"PK no sheet", "application/vnd.ms-excel")  # the bytes of E002
    whole = uco_case.write(desk.case("anna"), tmp_path / "whole.jsonld").path
    ok, said = conforms(bag / "data/case.jsonld", whole)
    assert ok, said
    document = json.loads((bag / "data/case.jsonld").read_text())
    record, action = nodes(document, ":ProvenanceRecord")[0], nodes(document, ":InvestigativeAction")[0]
    record["case-investigation:exhibitNumber"] = 7
    action["uco-action:performer"] = "anna"
    wrong = tmp_path / "wrong.jsonld"
    wrong.write_text(json.dumps(document))
    ok, said = conforms(wrong)
    assert not ok and "exhibitNumber" in said and "performer" in said


def test_it_says_what_the_bundle_delivers_and_no_more(bag: Path, desk: Desk) -> None:
    text = (bag / "data/case.jsonld").read_text()
    document = json.loads(text)
    records = {one["case-investigation:exhibitNumber"] for one in nodes(document, ":ProvenanceRecord")}
    assert records == {"E001", "E002", "E003"}
    for word in ("anna", "leo", CHILD, "Okafor", "the school", "letter.pdf", "notebook", "safe 1"):
        assert word not in text, word
    (authorization,) = nodes(document, ":Authorization")
    assert authorization["case-investigation:authorizationIdentifier"] == SELECTION.legal_basis
    actions = [one["uco-core:name"] for one in nodes(document, ":InvestigativeAction")]
    assert {"imported", "received", "redacted", "approved", "created", "released"} <= set(actions)
    hashes = {one["uco-types:hashValue"]["@value"].lower() for one in nodes(document, ":Hash")}
    index = (bag / "data/index.csv").read_text().splitlines()[1:]
    assert all(any(one in row for row in index) for one in hashes) and len(hashes) == 4
    redacted = next(one for one in nodes(document, ":InvestigativeAction") if one["uco-core:name"] == "redacted")
    (made,) = redacted["uco-action:result"]
    assert made["@id"].startswith("kb:copy-") and made["@id"] in {one["@id"] for one in nodes(document, ":File")}
    original = desk.case("anna")
    imported = {one.subject: one.digest for one in original.entries() if one.action == "imported"}
    letter, sheet = imported["E001"], imported["E002"]
    assert isinstance(letter, bytes) and isinstance(sheet, bytes)
    assert letter.hex() not in text.lower() and sheet.hex() in hashes
    extract = extracts.check((bag / "data/custody/entries.json").read_bytes())
    assert {one.head["actor"] for one in extract.entries} <= set(_hex_words(text))


def _hex_words(text: str) -> Iterator[str]:
    return (word for word in text.replace('"', " ").split() if len(word) == 32)


def test_the_report_inside_names_hashes_gaps_and_keys_and_nobody(bag: Path, desk: Desk) -> None:
    report = bag / "data/custody/report.pdf"
    text = normalize("NFKC", subprocess.check_output(["pdftotext", "-layout", report, "-"], text=True))
    for word in ("officer", "legal", "imported", "redacted", "approved", "art. 6(1)(c)", "outside investigation"):
        assert word in text, word
    assert "When it was taken over is not recorded" in text and "Gaps in time and custody" in text
    for name in ("anna", "leo", *CHILD.split(), "Okafor", "Wies", "the school", "letter.pdf", "notebook", "safe 1"):
        assert name not in text, name
    imported = {one.subject: one.digest for one in desk.case("anna").entries() if one.action == "imported"}
    letter, sheet = imported["E001"], imported["E002"]
    assert isinstance(letter, bytes) and isinstance(sheet, bytes)
    assert letter.hex() not in text and sheet.hex() in text


def test_the_same_thing_has_the_same_id_in_every_document(bag: Path, desk: Desk, tmp_path: Path) -> None:
    assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, exhibits=("E001",), withhold={}))
    path = releasing.release(desk.case("leo"), desk.burner, "B02", tmp_path / "out")
    _, second = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    one, two = (json.loads((folder / "data/case.jsonld").read_text()) for folder in (bag, second))

    def imported(document: Any) -> dict[str, Any]:
        return next(
            one
            for one in nodes(document, ":InvestigativeAction")
            if one["uco-core:name"] == "imported" and one["uco-core:description"][0].endswith("E001")
        )

    assert imported(one) == imported(two)


def test_the_export_for_the_file_of_the_case_names_what_it_knows(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("anna")
    cases.update(case, DESCRIBED)
    before = len(list(case.entries()))
    made = uco_case.write(case, tmp_path / "case.jsonld")
    text = made.path.read_text()
    document = json.loads(text)
    for word in ("anna", "the school", "letter.pdf", "a red notebook", "safe 1", "About a house", "Nobody recorded"):
        assert word in text, word
    assert len(nodes(document, ":InvestigativeAction")) == before and len(nodes(document, ":ProvenanceRecord")) == 3
    assert len(nodes(document, ":Hash")) == 2
    last = list(case.entries())[-1]
    assert (last.action, last.digest, last.sequence) == ("exported", made.sha256, made.sequence)
    with pytest.raises(Refused, match="exists already"):
        uco_case.write(case, tmp_path / "case.jsonld")
    with pytest.raises(NotPermitted):
        uco_case.write(desk.case("olga"), tmp_path / "olga.jsonld")
