"""An extract proves exactly what it shows: nothing undisclosed can be read, nothing shown can be changed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tests.support.vaults import SECRET, Made

from evidencevault.custody import casefile, extracts
from evidencevault.errors import Damaged, NotFound
from evidencevault.formats import signatures
from evidencevault.vault.registry import Field


@pytest.fixture
def extract(made: Made) -> bytes:
    office = made.open()
    case = casefile.open_case(office, "NL-2026-0001")
    imported = [entry.sequence for entry in case.entries() if entry.action == "imported"]
    data = extracts.extract(
        case, {imported[0]: (Field.HEAD, Field.SUBJECT), imported[1]: (Field.HEAD, Field.SUBJECT, Field.DIGEST)}
    )
    office.close()
    return data


def test_what_is_shown_is_proven(extract: bytes) -> None:
    checked = extracts.check(extract)
    first, second = checked.entries
    assert first.head["action"] == second.head["action"] == "imported"
    assert first.fields[Field.SUBJECT] == "E001" and Field.DIGEST not in first.fields
    digest = second.fields[Field.DIGEST]
    assert isinstance(digest, bytes) and len(digest) == 32
    assert checked.size > second.sequence and SECRET.encode() not in extract
    assert extracts.check(extract, checked.signer) == checked


def test_another_key_is_refused(extract: bytes) -> None:
    with pytest.raises(Damaged):
        extracts.check(extract, bytes(32))


def changed(extract: bytes, how: str) -> bytes:
    document: dict[str, Any] = json.loads(extract)
    entry = document["entries"][0]
    subject = entry["disclosed"]["2"]
    if how == "value":
        subject.update(value=base64.b64encode(b"\1E009").decode(), reads="E009")
    elif how == "reads":
        subject["reads"] = "E009"
    elif how == "salt":
        subject["salt"] = bytes(32).hex()
    elif how == "sequence":
        entry["sequence"] += 1
    elif how == "proof":
        entry["proof"] = entry["proof"][:-1]
    elif how == "commitment":
        entry["commitments"]["5"] = bytes(32).hex()
    elif how == "left out":
        del entry["commitments"]["5"]
    elif how == "checkpoint":
        document["checkpoint"] = document["checkpoint"].replace("\n", "\n1", 1)
    elif how == "ledger":
        document["ledger"] = bytes(16).hex()
    elif how == "signer":
        document["signer"] = signatures.ssh_public_key(signatures.public_ed25519(bytes(32)))
    elif how == "format":
        document["format"] = "else"
    elif how == "shape":
        document["entries"] = [[]]
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "how",
    [
        "value",
        "reads",
        "salt",
        "sequence",
        "proof",
        "commitment",
        "left out",
        "checkpoint",
        "ledger",
        "signer",
        "format",
        "shape",
    ],
)
def test_what_was_changed_is_refused(extract: bytes, how: str) -> None:
    assert extracts.check(changed(extract, "nothing"))
    with pytest.raises(Damaged):
        extracts.check(changed(extract, how))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_extract_is_refused(data: bytes) -> None:
    with pytest.raises(Damaged):
        extracts.check(data)


def test_what_is_not_there_is_not_found(made: Made) -> None:
    office = made.open()
    case = casefile.open_case(office, "NL-2026-0001")
    with pytest.raises(NotFound):
        extracts.extract(case, {999: (Field.HEAD,)})
    with pytest.raises(NotFound):
        extracts.extract(case, {0: (Field.COUNTERPARTY,)})
    office.close()
