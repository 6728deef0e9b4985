"""The address book: sealed records of the vault, who checked a key and how, and what damage to them looks like."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support import vaults

from evidencevault.bundle import addressing
from evidencevault.casework import recipients
from evidencevault.custody import membership, verify
from evidencevault.custody.office import Draft, Office
from evidencevault.custody.vaultfile import VaultFile
from evidencevault.errors import NotFound, NotPermitted, Refused, UsageError
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.vault.change import Change

ONE, TWO = (str(age.X25519Identity.generate().recipient()) for _ in range(2))
HYBRID = str(age.HybridIdentity.generate().recipient())
NAME = "J. Verhoeven-Quist"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[vaults.Made]:
    root = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        yield vaults.make(root)


@pytest.fixture
def made(made_once: vaults.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> vaults.Made:
    fresh = vaults.copy(made_once, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    return fresh


@pytest.fixture
def anna(made: vaults.Made) -> Iterator[Office]:
    office = made.open()
    yield office
    office.close()


def findings(office: Office) -> list[str]:
    return [str(one) for one in verify.verify(office, [], progress=Progress()).findings]


def test_added_checked_and_found_again_by_somebody_else(anna: Office, made: vaults.Made) -> None:
    recipients.add(anna, NAME, [ONE.upper()], "Inspectorate")
    recipients.check(anna, NAME.lower(), "telephone", "her secretary")
    anna.close()
    leo = made.open("leo")
    (found,) = recipients.book(leo)
    assert (found.name, found.organisation, found.keys) == (NAME, "Inspectorate", (ONE,))
    (check,) = found.checks
    assert (check.how, check.whom, leo.standing.handle(check.by)) == ("telephone", "her secretary", "anna")
    report = verify.verify(leo, [], progress=Progress())
    assert (report.findings, report.ledgers[0].records) == ((), 2)
    leo.close()
    stored = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert b"Verhoeven" not in stored and ONE.encode() not in stored


def test_other_keys_clear_the_checks_and_the_same_do_not(anna: Office) -> None:
    recipients.add(anna, NAME, [ONE])
    recipients.check(anna, NAME, "in-person")
    with pytest.raises(Refused, match="already"):
        recipients.add(anna, NAME, [ONE])
    changed, cleared = recipients.add(anna, NAME, [ONE], "Inspectorate")
    assert len(changed.checks) == 1 and cleared == 0
    changed, cleared = recipients.add(anna, NAME, [ONE, TWO])
    assert (changed.checks, cleared, changed.organisation) == ((), 1, "Inspectorate")
    assert recipients.find(anna, NAME) == changed and findings(anna) == []


@pytest.mark.parametrize(
    ("name", "keys", "error"),
    [
        (" ", [ONE], UsageError),
        ("two\nlines", [ONE], UsageError),
        ("age1 and more", [ONE], UsageError),
        (NAME, ["age1nonsense"], age.AgeError),
        (NAME, [ONE, HYBRID], age.AgeError),
        (NAME, [], age.AgeError),
    ],
)
def test_what_is_no_recipient(anna: Office, name: str, keys: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        recipients.add(anna, name, keys)
    assert recipients.book(anna) == []


def test_a_check_says_how(anna: Office) -> None:
    recipients.add(anna, NAME, [HYBRID])
    with pytest.raises(UsageError, match="letter"):
        recipients.check(anna, NAME, "by feeling")
    with pytest.raises(NotFound, match="nobody"):
        recipients.check(anna, "nobody", "letter")


def test_removing_destroys_what_was_said(anna: Office, made: vaults.Made) -> None:
    recipients.add(anna, NAME, [ONE])
    recipients.check(anna, NAME, "video")
    recipients.remove(anna, NAME)
    assert recipients.book(anna) == [] and findings(anna) == []
    with pytest.raises(NotFound):
        recipients.remove(anna, NAME)
    recipients.add(anna, NAME, [TWO])
    assert recipients.find(anna, NAME).keys == (TWO,) and findings(anna) == []
    anna.close()
    with closing(sqlite3.connect(next(made.folder.glob("*.db")))) as base:
        rows = base.execute('SELECT salt, sealed FROM record JOIN item ON id = item WHERE item."case" = zeroblob(16)')
        kept = rows.fetchall()
    assert [(salt is None, sealed == b"") for salt, sealed in kept] == [(True, True)] * 2 + [(False, False)]


def test_oversight_reads_and_does_not_write(made: vaults.Made, anna: Office) -> None:
    recipients.add(anna, NAME, [ONE])
    anna.close()
    olga = made.open("olga")
    assert recipients.book(olga)[0].name == NAME
    for act in (lambda: recipients.add(olga, "another", [ONE]), lambda: recipients.remove(olga, NAME)):
        with pytest.raises(NotPermitted):
            act()
    olga.close()


def test_a_program_that_asks_nobody_is_found_out_and_has_no_effect(
    made: vaults.Made, anna: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipients.add(anna, NAME, [ONE])
    anna.close()
    olga = made.open("olga")
    monkeypatch.setattr(Office, "require", lambda *_: None)
    recipients.add(olga, NAME, [TWO])
    assert recipients.find(olga, NAME).keys == (ONE,)
    assert any("roles do not allow" in one for one in findings(olga))
    olga.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE record SET sealed = (SELECT sealed FROM record r WHERE r.kind = 9 AND r.revision = 1) WHERE kind = 9"
         " AND revision = 2", "changed"),
        ("DELETE FROM record WHERE kind = 9 AND revision = 2", "missing"),
        ("UPDATE item SET salt = NULL WHERE id = (SELECT item FROM record WHERE kind = 9)", "salt"),
        ("INSERT INTO item VALUES (randomblob(16), zeroblob(16), zeroblob(32))", "belongs to nothing"),
        ("UPDATE record SET revision = 3 WHERE kind = 9 AND revision = 2", "no entry names it"),
    ],
)  # fmt: skip
def test_damage_is_named(made: vaults.Made, anna: Office, statement: str, words: str) -> None:
    recipients.add(anna, NAME, [ONE])
    recipients.check(anna, NAME, "video")
    anna.close()
    with closing(sqlite3.connect(next(made.folder.glob("*.db")))) as base, base:
        assert base.execute(statement).rowcount == 1
    again = made.open()
    assert any(words in one and "vault ledger" in one for one in findings(again)), findings(again)
    again.close()


def test_a_renewed_vault_key_changes_nothing_for_those_who_stay(made: vaults.Made, anna: Office) -> None:
    recipients.add(anna, NAME, [ONE])
    membership.retire(anna, "ben")
    recipients.check(anna, NAME, "letter")
    assert len(recipients.find(anna, NAME).checks) == 1 and findings(anna) == []
    anna.close()
    leo = made.open("leo")
    assert recipients.find(leo, NAME).keys == (ONE,)
    leo.close()


def test_a_malformed_entry_is_a_finding(anna: Office) -> None:
    anna.commit([Draft("recorded", details={"records": [["zz", 9, 1, "00"]]})], Change())
    assert any("malformed" in one for one in findings(anna)) and VaultFile(anna).state.records == {}


def test_names_and_keys_of_a_call(anna: Office) -> None:
    recipients.add(anna, NAME, [ONE])
    (named,) = addressing.addressed(anna, [NAME])
    assert (named.keys, named.how) == ((ONE,), "")
    recipients.check(anna, NAME, "telephone")
    by_name, by_key, bare = addressing.addressed(anna, [NAME, ONE.upper(), TWO])
    assert by_name == by_key and (by_name.name, by_name.how) == (NAME, "telephone")
    assert (bare.name, bare.keys, bare.how) == ("", (TWO,), "")
    assert addressing.keys((by_name, by_key, bare)) == (ONE, TWO)
    assert addressing.audience(anna, NAME) == ONE and addressing.audience(anna, "somebody") == "somebody"
    with pytest.raises(NotFound):
        addressing.addressed(anna, ["nobody"])
