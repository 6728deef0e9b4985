"""What is stored can be read only by those who were granted it: tried with real keys on the raw rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.support import vaults
from tests.support.vaults import Made

from evidencevault.custody import access, casefile, membership, walls
from evidencevault.custody.casefile import Kind
from evidencevault.custody.office import Office
from evidencevault.custody.verify import verify
from evidencevault.errors import Damaged, NotFound, NotPermitted, Refused, WrongPassphrase
from evidencevault.progress import Progress
from evidencevault.vault import shares
from evidencevault.vault.envelope import Place, epoch_of, unseal
from evidencevault.vault.grants import open_grant
from evidencevault.vault.registry import KeyKind, Purpose

REFERENCE = "NL-2026-0001"


def every_key(office: Office) -> list[tuple[bytes, KeyKind, int]]:
    """All epoch keys that a member's identity opens from the raw grants, chains walked down."""
    chain = office.keychain
    return [
        (case, kind, n)
        for kind in KeyKind
        for case in chain.cases(kind)
        for n in range(1, chain.newest(case, kind) + 1)
        if chain.holds(case, kind, n)
    ]


def opens(office: Office, case: bytes, item: bytes, sealed: bytes, salt: bytes, kind: int, revision: int) -> bool:
    """Whether any key the member has opens a record's envelope."""
    for held, key_kind, n in every_key(office):
        for purpose in Purpose:
            key = vaults.item_key_of(office, held, key_kind, n, purpose, salt)
            try:
                unseal(key, Place(office.vault_id, Purpose.RECORD, case, item, kind, revision), sealed)
            except Damaged:
                continue
            return True
    return False


def record_rows(made: Made) -> list[tuple[bytes, bytes, bytes, bytes, int, int]]:
    with sqlite3.connect(made.folder / "vault.db") as database:
        query = (
            'SELECT i."case", r.item, r.sealed, i.salt, r.kind, r.revision FROM record r JOIN item i ON i.id = r.item'
        )
        rows = database.execute(query).fetchall()
    database.close()
    return rows


def test_nothing_of_a_case_stands_in_clear(made: Made) -> None:
    # Long words only: three letters turn up in random bytes by themselves.
    words = [part for part in vaults.SECRET.split() if len(part) > 6]
    needles = [part.encode(code) for part in words for code in ("utf-8", "utf-16-le", "utf-16-be")]
    assert len(needles) == 6
    files = [path for root in (made.folder, made.state) for path in root.rglob("*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        data = path.read_bytes().lower()
        assert not [needle for needle in needles if needle.lower() in data], path


def test_grants_show_neither_case_nor_member(made: Made) -> None:
    with sqlite3.connect(made.folder / "vault.db") as database:
        grants = database.execute('SELECT * FROM "grant"').fetchall()
        ids = {bytes(row[0]) for row in database.execute('SELECT key_id FROM member_key UNION SELECT id FROM "case"')}
    database.close()
    assert len({len(blob) for _, blob in grants}) == 1, "all blobs have one size"
    for grant_id, blob in grants:
        assert not [one for one in ids if one in blob or one == grant_id]


def test_a_grant_opens_for_its_recipient_alone(made: Made) -> None:
    ben, anna = made.open("ben"), None
    with sqlite3.connect(made.folder / "vault.db") as database:
        blobs = [row[0] for row in database.execute('SELECT blob FROM "grant"')]
    database.close()
    opened = [grant for blob in blobs if (grant := open_grant(ben.vault_id, ben.identity, blob))]
    assert {grant.kind for grant in opened} == {KeyKind.VAULT}
    ben.close()
    anna = made.open()
    case = casefile.open_case(anna, REFERENCE)
    granted = [
        grant for blob in blobs if (grant := open_grant(anna.vault_id, anna.identity, blob)) and grant.case == case.id
    ]
    assert {grant.kind for grant in granted} == {KeyKind.CASE}
    for grant in granted:
        public = anna.public_keys(grant.granter)
        assert public is not None and grant.signed_by(anna.vault_id, anna.identity.key_id, public)
    anna.close()


def test_a_case_not_granted_is_not_even_named(made: Made) -> None:
    ben = made.open("ben")
    with pytest.raises(NotFound, match="no case"):
        casefile.open_case(ben, REFERENCE)
    assert access.visible_cases(ben) == []
    ben.close()


def test_a_revoked_member_reads_nothing_written_after(made: Made) -> None:
    anna = made.open()
    case = casefile.open_case(anna, REFERENCE)
    access.revoke(case.ledger, "leo")
    item = vaults.write_note(case, "for the others only")
    sealed = next(row for row in record_rows(made) if row[1] == item)
    before = next(row for row in record_rows(made) if row[4] == Kind.PERSON)
    anna.close()
    leo = made.open("leo")
    assert opens(leo, *_args(before)), "what they could read, they could read"
    assert not opens(leo, *_args(sealed))
    leo.close()
    anna = made.open()
    assert opens(anna, *_args(sealed))
    anna.close()


def _args(row: tuple[bytes, bytes, bytes, bytes, int, int]) -> tuple[bytes, bytes, bytes, bytes, int, int]:
    case, item, sealed, salt, kind, revision = row
    return case, item, sealed, salt, kind, revision


def test_oversight_verifies_and_sees_what_is_due_and_opens_no_content(made: Made) -> None:
    olga = made.open("olga")
    report = verify(olga, None, full=True, progress=Progress())
    assert report.findings == () and report.others == 0
    ledger = access.open_ledger(olga, access.find_case(olga, REFERENCE))
    assert [due.duty.step for due in casefile.read_duties(ledger)] == ["answer the concern"]
    with pytest.raises(NotPermitted):
        casefile.CaseFile(ledger)
    rows = record_rows(made)
    assert rows and not any(opens(olga, *_args(row)) for row in rows)
    with sqlite3.connect(made.folder / "vault.db") as database:
        bodies = database.execute(
            "SELECT sequence, body FROM entry WHERE ledger = ? AND length(body) > 0", (ledger.id,)
        ).fetchall()
        objects = database.execute("SELECT item, sealed FROM object").fetchall()
    database.close()
    assert bodies and objects
    for sequence, body in bodies:
        place = Place(olga.vault_id, Purpose.BODY, ledger.id, ledger.id, int(Purpose.BODY), sequence)
        for case, kind, n in every_key(olga):
            with pytest.raises(Damaged):
                unseal(olga.keychain.purpose(case, kind, n, Purpose.BODY), place, body)
    assert all(not olga.keychain.holds(ledger.id, KeyKind.CASE, epoch_of(sealed)) for _, sealed in objects)
    olga.close()


def test_an_item_whose_salt_is_destroyed_is_gone_and_the_ledger_still_verifies(made: Made) -> None:
    anna = made.open()
    case = casefile.open_case(anna, REFERENCE)
    item = vaults.write_note(case, "to be erased")
    sealed = next(row for row in record_rows(made) if row[1] == item)
    write = case.write()
    write.entry("erased", details={"items": [item.hex()]})
    write.commit()
    anna.close()
    with sqlite3.connect(made.folder / "vault.db") as database:
        database.execute("UPDATE item SET salt = NULL WHERE id = ?", (item,))
    database.close()
    anna = made.open()
    guess = bytes(32)
    assert opens(anna, *_args(sealed)) and not opens(anna, sealed[0], sealed[1], sealed[2], guess, sealed[4], sealed[5])
    assert verify(anna, None, full=True, progress=Progress()).findings == ()
    with pytest.raises(NotFound):
        casefile.open_case(anna, REFERENCE).record(item)
    anna.close()


def test_wrong_passphrase_unknown_user_and_two_programs_at_once(made: Made) -> None:
    with pytest.raises(WrongPassphrase) as wrong:
        Office.unlock(made.folder, "anna", "not it")
    assert wrong.value.exit_code == 4
    with pytest.raises(NotFound):
        Office.unlock(made.folder, "nobody", "x")
    first = made.open()
    with pytest.raises(Refused, match="another program"):
        made.open("leo")
    first.close()
    made.open("leo").close()


def test_recovery_with_enough_shares_and_not_with_fewer(made: Made, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        membership.recover(made.folder, "anna", [made.shares[0]], "new one")
    other = membership.found(
        tmp_path / "other", organisation="O", country="BE", name="x", roles=frozenset({"officer"}), passphrase="p"
    )
    other.office.close()
    with pytest.raises(NotPermitted):
        membership.recover(made.folder, "anna", list(other.shares[:2]), "new one")
    membership.recover(made.folder, "anna", [made.shares[2], made.shares[0]], "new one")
    with pytest.raises(WrongPassphrase):
        made.open()
    anna = Office.unlock(made.folder, "anna", "new one")
    case = casefile.open_case(anna, REFERENCE)
    assert case.records(Kind.PERSON)[0].body["names"] == [vaults.SECRET]
    vaults.write_note(case, "after the recovery")
    assert verify(anna, None, full=True, progress=Progress()).findings == ()
    assert shares.combine(made.shares[1:])
    anna.close()
    leo = made.open("leo")
    assert len(casefile.open_case(leo, REFERENCE).records(Kind.NOTE)) == 2
    leo.close()


def test_retiring_opens_new_epochs_before_the_next_write(made: Made) -> None:
    anna = made.open()
    membership.retire(anna, "leo")
    case = casefile.open_case(anna, REFERENCE)
    before = case.ledger.epoch(KeyKind.CASE)
    item = vaults.write_note(case, "without leo")
    assert case.ledger.epoch(KeyKind.CASE) == before + 1
    assert verify(anna, None, full=True, progress=Progress()).findings == ()
    assert case.record(item).body["text"] == "without leo"
    anna.close()
    with pytest.raises(NotFound):
        made.open("leo")


def test_walls_handover_and_the_last_reader(made: Made) -> None:
    anna = made.open()
    case = casefile.open_case(anna, REFERENCE)
    walls.wall(case.ledger, "leo")
    with pytest.raises(Refused, match="excluded"):
        access.grant(case.ledger, "leo")
    with pytest.raises(Refused, match="only one"):
        access.revoke(case.ledger, "anna")
    access.hand_over(case.ledger, "ben")
    assert verify(anna, None, progress=Progress()).findings == ()
    anna.close()
    ben = made.open("ben")
    handed = casefile.open_case(ben, REFERENCE)
    assert handed.records(Kind.CASE)[0].body["severity"] == "high"
    item = vaults.write_note(handed, "mine now")
    assert verify(ben, None, full=True, progress=Progress()).findings == ()
    ben.close()
    anna = made.open()
    assert not opens(anna, *_args(next(row for row in record_rows(made) if row[1] == item)))
    with pytest.raises(NotFound):
        casefile.open_case(anna, REFERENCE)
    anna.close()


def test_roles_with_two_admins_need_both(made: Made) -> None:
    anna = made.open()
    with pytest.raises(Refused, match="only admin"):
        membership.set_roles(anna, "anna", frozenset({"officer"}))
    assert membership.set_roles(anna, "ben", frozenset({"officer", "admin"}))
    assert not membership.set_roles(anna, "leo", frozenset({"officer"}))
    assert anna.standing.members["leo"] == {"legal"}
    anna.close()
    ben = made.open("ben")
    assert membership.set_roles(ben, "leo", frozenset({"officer"}))
    assert ben.standing.members["leo"] == {"officer"}
    with pytest.raises(NotPermitted):
        membership.invite(made_member(made, ben), "eve", frozenset({"officer"}), "pw")


def made_member(made: Made, before: Office) -> Office:
    """Leo's office, once the one before is closed."""
    before.close()
    return made.open("leo")


def test_a_damaged_keyring_is_only_a_lost_cache(made: Made) -> None:
    with sqlite3.connect(made.folder / "vault.db") as database:
        database.execute("UPDATE member_key SET keyring = x'00112233'")
    database.close()
    anna = made.open()
    assert casefile.open_case(anna, REFERENCE).records(Kind.PERSON)
    anna.close()
