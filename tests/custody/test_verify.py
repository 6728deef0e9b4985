"""Every stored kind, changed behind the program's back, is found and named."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.support import vaults
from tests.support.vaults import Made

from evidencevault.custody import access, casefile, membership, restore
from evidencevault.custody.casefile import Write
from evidencevault.custody.ledger import Ledger
from evidencevault.custody.verify import Report, verify
from evidencevault.errors import Damaged, HeadRefused, NotFound, NotPermitted, Refused
from evidencevault.progress import Progress

REFERENCE = "NL-2026-0001"


def checked(made: Made, name: str = "anna", *, full: bool = True) -> Report:
    office = made.open(name)
    try:
        return verify(office, None, full=full, progress=Progress())
    finally:
        office.close()


def said(made: Made) -> str:
    """All that verification (or the unlock before it) says is wrong."""
    try:
        return "\n".join(str(finding) for finding in checked(made).findings)
    except Damaged as error:
        return error.sentence


def raw(made: Made, *statements: tuple[str, tuple[object, ...]]) -> None:
    with sqlite3.connect(made.folder / "vault.db") as database:
        for statement, values in statements:
            assert database.execute(statement, values).rowcount > 0, statement
    database.close()


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes((data[middle] ^ 1,)) + data[middle + 1 :]


def test_an_untouched_vault_is_intact(made: Made) -> None:
    report = checked(made)
    assert report.findings == ()
    assert [ledger.name for ledger in report.ledgers] == ["vault ledger", REFERENCE]
    assert report.ledgers[1].records == 3 and report.ledgers[1].objects == 2
    assert {witness.name for witness in report.ledgers[1].witnesses} >= {"leo"}


BLOBS = [
    "vault.id",
    "member_key.key_id",
    "member_key.public",
    "member_key.salt",
    "member_key.seed",
    "epoch.commit",
    "epoch.chain",
    "epoch.link",
    "epoch.case",
    "grant.id",
    "grant.blob",
    "item.id",
    "item.case",
    "item.salt",
    "record.item",
    "record.sealed",
    "record.commitment",
    "duty.id",
    "duty.case",
    "duty.sealed",
    "duty.commitment",
    "entry.ledger",
    "entry.head",
    "entry.body",
    "entry.commitments",
    "entry.leaf",
    "checkpoint.note",
    "checkpoint.cosignatures",
    "checkpoint.ledger",
    "object.item",
    "object.blake3",
    "object.sealed",
    "object.payload",
    "case.id",
]


@pytest.mark.parametrize("where", BLOBS)
def test_a_flipped_bit_in_every_column_is_named(made: Made, where: str) -> None:
    table, column = where.split(".")
    with sqlite3.connect(made.folder / "vault.db") as database:
        rows = database.execute(f'SELECT rowid, "{column}" FROM "{table}" WHERE length("{column}") > 0').fetchall()
    database.close()
    assert rows
    rowid, value = rows[len(rows) // 2]
    raw(made, (f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (flip(value), rowid)))
    assert said(made), f"{table}.{column}"


SCALARS = [
    "vault.created=2001",
    "vault.format=9",
    "member.handle=eve",
    "member.state=retired",
    "member_key.generation=9",
    "member_key.state=retired",
    "member_key.memory=65537",
    "case.year=2001",
    "case.number=77",
    "epoch.n=99",
    "epoch.kind=9",
    "epoch.content_epoch=9",
    "record.kind=5",
    "record.revision=9",
    "duty.revision=9",
    "entry.sequence=999",
    "checkpoint.size=999",
    "object.state=erased",
    "item.id=not an id",
]


@pytest.mark.parametrize("change", SCALARS)
def test_a_changed_number_or_word_is_named(made: Made, change: str) -> None:
    place, value = change.split("=")
    table, column = place.split(".")
    where = f'rowid = (SELECT max(rowid) FROM "{table}" WHERE "{column}" IS NOT NULL)'
    raw(made, (f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', (value,)))
    with contextlib.suppress(NotFound, NotPermitted, Refused):  # where it is the unlock itself that refuses
        assert said(made)


@pytest.mark.parametrize(
    "table",
    ["member", "member_key", "case", "epoch", "grant", "item", "record", "duty", "entry", "checkpoint", "object"],
)
def test_a_dropped_row_of_every_table_is_named(made: Made, table: str) -> None:
    raw(made, (f'DELETE FROM "{table}" WHERE rowid = (SELECT max(rowid) FROM "{table}")', ()))
    assert said(made)


def test_two_records_swapped(made: Made) -> None:
    with sqlite3.connect(made.folder / "vault.db") as database:
        first, second = database.execute("SELECT rowid, sealed FROM record ORDER BY rowid LIMIT 2").fetchall()
    database.close()
    raw(
        made,
        ("UPDATE record SET sealed = ? WHERE rowid = ?", (second[1], first[0])),
        ("UPDATE record SET sealed = ? WHERE rowid = ?", (first[1], second[0])),
    )
    assert "table record" in said(made) and "entry" in said(made)


def test_entries_reordered_added_and_a_tail_cut(made: Made, tmp_path: Path) -> None:
    ledger = _case_ledger(made)
    for number, act in enumerate((_reorder, _add, _cut)):
        other = vaults.copy(made, tmp_path / f"copy{number}")
        raw(other, *act(ledger))
        assert said(other)


def _case_ledger(made: Made) -> bytes:
    with sqlite3.connect(made.folder / "vault.db") as database:
        return bytes(database.execute('SELECT id FROM "case"').fetchone()[0])


def _reorder(ledger: bytes) -> list[tuple[str, tuple[object, ...]]]:
    move = "UPDATE entry SET sequence = ? WHERE ledger = ? AND sequence = ?"
    return [(move, (-1, ledger, 5)), (move, (5, ledger, 6)), (move, (6, ledger, -1))]


def _add(ledger: bytes) -> list[tuple[str, tuple[object, ...]]]:
    last = f"(SELECT max(sequence) FROM entry WHERE ledger = x'{ledger.hex()}')"
    columns = "ledger, sequence + 1, head, body, commitments, leaf, NULL"
    return [(f"INSERT INTO entry SELECT {columns} FROM entry WHERE sequence = {last} AND ledger = ?", (ledger,))]


def _cut(ledger: bytes) -> list[tuple[str, tuple[object, ...]]]:
    return [
        ("DELETE FROM entry WHERE ledger = ? AND sequence >= 7", (ledger,)),
        ("DELETE FROM checkpoint WHERE ledger = ? AND size > 7", (ledger,)),
    ]


def test_a_stored_file_changed_cut_or_swapped(made: Made) -> None:
    file = made.folder / "objects" / made.large.hex()[:2] / made.large.hex()[2:4] / made.large.hex()
    whole = file.read_bytes()
    for changed in (flip(whole), whole[:-1], whole + b"\0", whole[:70000] + whole[4480:70000] + whole[135520:]):
        file.write_bytes(changed)
        assert made.large.hex() in said(made)
    file.unlink()
    assert made.large.hex() in said(made)
    file.write_bytes(whole)
    assert said(made) == ""


def test_an_old_copy_put_back_is_refused_with_both_heads_and_goes_on_when_declared(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made.folder, tmp_path / "old")
    office = made.open()
    vaults.write_note(casefile.open_case(office, REFERENCE), "written after the backup")
    newer = casefile.open_case(office, REFERENCE).ledger.ledger.tree.head
    membership.change_passphrase(office, vaults.PASSPHRASES["anna"])
    newest = office.head()
    office.close()
    shutil.rmtree(made.folder)
    shutil.copytree(tmp_path / "old", made.folder)
    with pytest.raises(HeadRefused) as refused:
        made.open()
    assert str(newest) in refused.value.sentence and refused.value.exit_code == 3
    accepted = restore.accept_head(
        made.folder, "anna", vaults.PASSPHRASES["anna"], "disk died; restored from Friday's backup"
    )
    assert [one.name for one in accepted] == ["vault ledger", REFERENCE]
    assert accepted[0].remembered == newest and accepted[1].remembered == newer
    report = checked(made)
    assert report.findings == ()
    assert all(ledger.restored_at for ledger in report.ledgers)
    with pytest.raises(Refused):
        restore.accept_head(made.folder, "anna", vaults.PASSPHRASES["anna"], "again")


def test_a_fork_is_refused(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = vaults.copy(made, tmp_path / "fork")
    for one, text in ((other, "another truth"), (made, "the truth")):
        monkeypatch.setenv("EVIDENCEVAULT_STATE", str(one.state))
        office = one.open()
        vaults.write_note(casefile.open_case(office, REFERENCE), text)
        office.close()
    (made.folder / "vault.db").write_bytes((other.folder / "vault.db").read_bytes())
    office = made.open()  # the vault ledger is the same in both
    with pytest.raises(HeadRefused):
        casefile.open_case(office, REFERENCE)
    assert any("set back, cut or rewritten" in str(one) for one in verify(office, None, progress=Progress()).findings)
    office.close()


def test_a_checkpoint_that_left_the_house_must_be_a_prefix(made: Made, tmp_path: Path) -> None:
    office = made.open()
    case = casefile.open_case(office, REFERENCE)
    note = case.ledger.ledger.note
    assert note is not None
    vaults.write_note(case, "later")
    assert verify(office, [case.id], checkpoint=note, progress=Progress()).findings == ()
    later = casefile.open_case(office, REFERENCE).ledger.ledger.note
    office.close()
    fork = vaults.copy(made, tmp_path / "f")
    ledger = case.id
    with sqlite3.connect(fork.folder / "vault.db") as database:
        size = database.execute("SELECT max(size) FROM checkpoint WHERE ledger = ?", (ledger,)).fetchone()[0]
    database.close()
    assert size and later is not None
    raw(
        fork,
        ("DELETE FROM checkpoint WHERE ledger = ? AND size = ?", (ledger, size)),
        ("DELETE FROM entry WHERE ledger = ? AND sequence = ?", (ledger, size - 1)),
    )
    shutil.rmtree(fork.state)
    shutil.copytree(made.state, fork.state)
    (made.folder / "vault.db").write_bytes((fork.folder / "vault.db").read_bytes())
    shutil.rmtree(made.state)  # a new laptop: nothing remembered, only the receipt
    office = made.open()
    assert any(
        "checkpoint given" in str(one) for one in verify(office, None, checkpoint=later, progress=Progress()).findings
    )
    office.close()


def test_what_is_written_without_permission_is_found(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member patches their own program to skip the checks; everybody else's verification names the entry."""
    office = made.open("leo")
    case = casefile.open_case(office, REFERENCE)
    with monkeypatch.context() as patch:
        patch.setattr(type(case.ledger.state), "refusal", lambda *_: None)
        write = case.write()
        record = write.record(casefile.Kind.DECISION, {"finding": "unsubstantiated"})
        write.entry("decided", records=[record], subject="D01")
        write.commit()
    office.close()
    assert "(decided): its author's roles do not allow it" in said(made)


def test_what_a_revoked_member_writes_under_an_old_epoch_is_found(made: Made, tmp_path: Path) -> None:
    """They keep their old keys and an old copy of the program's state, and write to the raw database with them."""
    before = vaults.copy(made, tmp_path / "before")
    leo = before.open("leo")
    stale, keys = casefile.open_case(leo, REFERENCE), leo.keychain
    leo.close()
    anna = made.open()
    access.revoke(casefile.open_case(anna, REFERENCE).ledger, "leo")
    anna.close()
    leo = made.open("leo")
    with pytest.raises(NotFound):
        casefile.open_case(leo, REFERENCE)
    stale.office.database, stale.office.keychain = leo.database, keys
    ledger = Ledger(leo.database, leo.heads, stale.office.keychain, stale.id)
    stale.ledger.ledger = ledger
    write = Write(stale.ledger)
    note = write.record(casefile.Kind.NOTE, {"text": "still here"})
    write.entry("noted", records=[note])
    with pytest.raises(NotPermitted):  # the rows are written; their program then fails to read the newest epoch
        write.commit()
    leo.close()
    assert "old epoch" in said(made)
