"""What a court is shown: exactly the named fields, each against the commitment that left before; nothing can change."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.bundle.test_assembly import KEY, SELECTION, ready
from tests.support.redactable import CHILD, Desk

from evidencevault.bundle import assembly, disclosing, receiving, releasing
from evidencevault.bundle.disclosing import Wanted, disclose
from evidencevault.cli.main import run
from evidencevault.custody import extracts
from evidencevault.errors import Damaged, NotFound, NotPermitted, UsageError
from evidencevault.vault.registry import Field


@pytest.fixture
def bag(desk: Desk, tmp_path: Path) -> Path:
    ready(desk)
    assembly.create(desk.case("anna"), desk.burner, SELECTION)
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    return receiving.open_bundle(path, tmp_path / "in", identities=[KEY])[1]


def opened(desk: Desk, to: Path, *fields: Field, bundle: str = "B01") -> bytes:
    case = desk.case("anna")
    chosen = {disclosing.brought_in(case, "E001"): fields}
    return disclose(case, Wanted(chosen, "order of 1 June", "art. 22", bundle), to).path.read_bytes()


def test_the_sha256_opened_is_the_one_that_the_bundle_committed_to(bag: Path, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "opened.json"
    data = opened(desk, file, *disclosing.OF_EXHIBIT)
    found = extracts.check(data)
    (entry,) = found.entries
    imported = next(one for one in desk.case("anna").entries() if one.subject == "E001" and one.action == "imported")
    assert entry.fields[Field.DIGEST] == imported.digest
    rows = {row["exhibit"]: row for row in csv.DictReader(io.StringIO((bag / "data/index.csv").read_text()))}
    assert rows["E001"]["original_commitment"] == entry.commitments[Field.DIGEST].hex()
    inside = extracts.check((bag / "data/custody/entries.json").read_bytes())
    assert (found.origin, found.size, found.root) == (inside.origin, inside.size, inside.root)
    said = list(desk.case("anna").entries())[-1]
    assert (said.action, said.subject, said.purpose) == ("exported", "B01", "order of 1 June")
    assert isinstance(said.details, dict) and said.details["legal_basis"] == "art. 22"
    assert said.details["fields"] == f"{entry.sequence}: head subject digest"
    against = bag / "data/custody/checkpoint"
    assert run(["custody", "verify-disclosure", str(file), "--against", str(against)]) == 0
    (tmp_path / "now").write_bytes(desk.case("anna").ledger.ledger.note or b"")
    assert run(["custody", "verify-disclosure", str(file), "--against", str(tmp_path / "now")]) == 3


def test_an_entry_with_every_personal_field_withheld_is_still_proven(bag: Path, desk: Desk, tmp_path: Path) -> None:
    data = opened(desk, tmp_path / "opened.json", Field.SUBJECT)
    (entry,) = extracts.check(data).entries
    assert set(entry.fields) == {Field.SUBJECT} and len(entry.commitments) > 3
    digest = next(one.digest for one in desk.case("anna").entries() if one.action == "imported")
    assert isinstance(digest, bytes) and digest.hex().encode() not in data
    for secret in ("anna", CHILD, "evidencevault 0"):
        assert secret.encode() not in data and base64.b64encode(secret.encode())[:-4] not in data


def flip(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]


CHANGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "value": lambda entry, shown: shown.update(value=base64.b64encode(b"\3" + bytes(32)).decode(), reads="00" * 32),
    "reads": lambda entry, shown: shown.update(reads=flip(shown["reads"])),
    "salt": lambda entry, shown: shown.update(salt=flip(shown["salt"])),
    "commitment": lambda entry, shown: entry["commitments"].update({"5": flip(entry["commitments"]["5"])}),
    "withheld": lambda entry, shown: entry["commitments"].update({"4": flip(entry["commitments"]["4"])}),
    "dropped": lambda entry, shown: entry["commitments"].pop("4"),
    "place": lambda entry, shown: entry.update(sequence=entry["sequence"] + 1),
    "proof": lambda entry, shown: entry.update(proof=[flip(entry["proof"][0]), *entry["proof"][1:]]),
    "moved": lambda entry, shown: entry["disclosed"].update({"7": entry["disclosed"].pop("5")}),
}


@pytest.fixture(scope="module")
def disclosure(made_once: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from tests.support import vaults

    from evidencevault.custody import casefile

    root = tmp_path_factory.mktemp("disclosure")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        office = vaults.copy(made_once, root).open("anna")
        case = casefile.open_case(office, "NL-2026-0001")
        chosen = {disclosing.brought_in(case, "E001"): (Field.DIGEST,)}
        data = disclose(case, Wanted(chosen, "p", "l"), root / "d.json").path.read_bytes()
        office.close()
    return data


@pytest.mark.parametrize("how", CHANGES)
def test_any_change_is_refused(disclosure: bytes, how: str) -> None:
    document = json.loads(disclosure)
    assert extracts.check(json.dumps(document).encode())
    CHANGES[how](document["entries"][0], document["entries"][0]["disclosed"]["5"])
    with pytest.raises(Damaged):
        extracts.check(json.dumps(document).encode())


def test_what_is_not_there_or_not_allowed_is_refused_and_nothing_written(bag: Path, desk: Desk, tmp_path: Path) -> None:
    to = tmp_path / "no.json"
    case = desk.case("anna")
    before = len(list(case.entries()))
    for wanted, error in (
        (Wanted({0: (Field.HEAD,)}, " ", "l"), UsageError),
        (Wanted({0: (Field.HEAD,)}, "p", ""), UsageError),
        (Wanted({}, "p", "l"), UsageError),
        (Wanted({0: ()}, "p", "l"), UsageError),
        (Wanted({0: (Field.HEAD,)}, "p", "l", "B09"), NotFound),
        (Wanted({before - 1: (Field.HEAD,)}, "p", "l", "B01"), NotFound),
        (Wanted({0: (Field.COUNTERPARTY,)}, "p", "l"), NotFound),
        (Wanted({before + 9: (Field.HEAD,)}, "p", "l"), NotFound),
    ):
        with pytest.raises(error):
            disclose(case, wanted, to)
    with pytest.raises(NotFound):
        disclosing.brought_in(case, "E099")
    with pytest.raises(UsageError, match="digest"):
        disclosing.fields_named(["hash"])
    assert len(list(case.entries())) == before and not to.exists()
    with pytest.raises(NotPermitted):
        disclose(desk.case("olga"), Wanted({0: (Field.HEAD,)}, "p", "l"), to)
