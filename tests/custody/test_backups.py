"""Copies of a vault: made, made anew, checked, and made into a vault again, on real folders."""

from __future__ import annotations

import errno
import io
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support import vaults
from tests.support.stopping import stopping_at

from evidencevault import session as sessions
from evidencevault.casework import recipients
from evidencevault.custody import casefile, restore
from evidencevault.custody.casefile import Kind
from evidencevault.custody.office import Office
from evidencevault.custody.verify import verify
from evidencevault.errors import Cancelled, HeadRefused, NotFound, Refused, StorageFailed
from evidencevault.progress import Progress, State
from evidencevault.vault import backup_check, backup_files, backup_objects, backup_renewal, backups
from evidencevault.vault.backup_parts import write_salts
from evidencevault.vault.backup_places import Places
from evidencevault.vault.backups import Copied
from evidencevault.vault.stores import OBJECTS

REFERENCE = "NL-2026-0001"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOP = Path(__file__).parents[2]


def copied(office: Office, folder: Path, progress: Progress | None = None, *, full: bool = False) -> Copied:
    return backups.create(
        office.database,
        office.store,
        folder,
        progress or Progress(),
        clock=lambda: AT,
        places=office.copies,
        full=full,
    )


def damage(folder: Path) -> tuple[str, ...]:
    return backup_check.verify(folder, Progress()).damage


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def salts(office: Office) -> list[bytes]:
    with sqlite3.connect(office.database.folder / "vault.db") as connection:
        found = [row[0] for row in connection.execute("SELECT salt FROM item WHERE salt IS NOT NULL")]
    connection.close()
    return found


def note(office: Office, text: str) -> bytes:
    return vaults.write_note(casefile.open_case(office, REFERENCE), text)


def test_a_copy_is_whole_and_holds_the_salts_in_one_file_alone(made: vaults.Made, tmp_path: Path) -> None:
    folder = tmp_path / "stick's نسخة" / "copy"
    office = made.open()
    counted: list[State] = []
    done = copied(office, folder, Progress(counted.append))
    assert (done.objects, done.brought, done.damaged) == (1, 1, ())
    assert counted[-1].total > 0 and counted[-1].done <= counted[-1].total * 1.1
    files = everything(folder)
    large = made.large.hex()
    assert sorted(files) == [
        "evidencevault.json", f"objects/{large[:2]}/{large[2:4]}/{large}", "salts-000001.bin", "vault-000001.db",
    ]  # fmt: skip
    every = salts(office)
    assert len(every) == 5
    for name, content in files.items():
        assert [salt in content for salt in every] == [name == "salts-000001.bin"] * len(every)
    assert damage(folder) == ()
    assert not any(vaults.SECRET.encode() in content for content in files.values())
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.rglob("*") if one.is_file())
    office.close()


def test_a_second_run_brings_what_is_new_and_leaves_one_generation(made: vaults.Made, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    office = made.open()
    copied(office, folder)
    old = everything(folder)
    note(office, "written later")
    again = copied(office, folder)
    assert again.brought == 0
    new = everything(folder)
    assert {"vault-000002.db", "salts-000002.bin"} <= set(new) and len(new) == len(old)
    assert [one.folder for one in office.copies.all()] == [str(folder)]
    assert office.copies.file.stat().st_mode & 0o777 == 0o600
    assert damage(folder) == ()
    office.close()


def test_a_restored_copy_is_the_vault_and_is_declared_where_it_is_older(made: vaults.Made, tmp_path: Path) -> None:
    folder, to = tmp_path / "copy", tmp_path / "again"
    office = made.open()
    copied(office, folder)
    newest = restore_of(folder, tmp_path / "newest")
    note(office, "after the copy")
    office.close()
    assert not newest.older and newest.damage == ()
    done = restore_of(folder, to)
    assert done.older and done.made == AT.isoformat(timespec="seconds")
    assert sorted(one.name for one in to.iterdir()) == ["objects", "vault.db"]
    office = Office.unlock(to, "anna", vaults.PASSPHRASES["anna"])  # the vault's own ledger is the same
    with pytest.raises(HeadRefused):
        casefile.open_case(office, REFERENCE)
    office.close()
    accepted = restore.accept_head(to, "anna", vaults.PASSPHRASES["anna"], "the laptop was stolen")
    assert [one.name for one in accepted] == [REFERENCE]
    office = Office.unlock(to, "anna", vaults.PASSPHRASES["anna"])
    assert verify(office, None, full=True, progress=Progress()).findings == ()
    assert not sessions.upkeep.check(office.database, office.store, full=True, progress=Progress()).damage
    case = casefile.open_case(office, REFERENCE)
    assert case.records(Kind.PERSON)[0].body["names"] == [vaults.SECRET]
    # What was lost is in no other place than this copy: a vault that goes on without it is not written over it.
    assert copied(office, folder).brought == 0
    later = tmp_path / "later"
    restore_of(folder, to.with_name("once more"))
    copied(office, later)
    note(office, "lost")
    copied(office, later)
    office.close()
    office = Office.unlock(to.with_name("once more"), "anna", vaults.PASSPHRASES["anna"])
    office.close()
    restore.accept_head(to.with_name("once more"), "anna", vaults.PASSPHRASES["anna"], "another try")
    office = Office.unlock(to.with_name("once more"), "anna", vaults.PASSPHRASES["anna"])
    for text in ("much", "more", "than", "before"):
        note(office, text)
    before = everything(later)
    with pytest.raises(Refused, match="does not"):
        copied(office, later)
    assert everything(later) == before
    assert copied(office, folder).brought == 0
    office.close()


def restore_of(folder: Path, to: Path) -> sessions.Restored:
    return sessions.restore_copy(folder, to, progress=Progress())


def test_folders_in_which_no_copy_is_made(made: vaults.Made, tmp_path: Path) -> None:
    office = made.open()
    other, link, full, file = tmp_path / "other", tmp_path / "link", tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "holiday.jpg").write_bytes(b"x")
    (full / "objects").mkdir()
    file.write_text("x")
    copied(office, other)
    link.symlink_to(other)
    for folder, why in (
        (made.folder, "is the vault's folder"), (made.folder / "objects" / "copy", "lies in it"),
        (tmp_path, "holds it"), (link, "is a link"), (full, "something else"), (file, "not a folder"),
    ):  # fmt: skip
        before = everything(tmp_path)
        with pytest.raises(Refused, match=why):
            copied(office, folder)
        assert everything(tmp_path) == before
    manifest = backup_files.finished_manifest(other)
    backup_files.write_manifest(other, replace(manifest, vault="ab" * 32))
    with pytest.raises(Refused, match="another vault"):
        copied(office, other)
    with pytest.raises(NotFound):
        backup_renewal.again(
            office.database, office.store, tmp_path / "none", Progress(), clock=lambda: AT, places=office.copies
        )
    assert not (tmp_path / "none").exists()
    office.close()


def test_stopped_in_the_middle_the_copy_of_before_is_whole(made: vaults.Made, tmp_path: Path) -> None:
    office, first = made.open(), tmp_path / "deep" / "first"
    write = casefile.open_case(office, REFERENCE).write()
    larger = write.store_object(io.BytesIO(bytes(300_000)).readinto, Progress())
    write.entry("imported", objects=[larger], subject="E003", digest=larger.sha256)
    write.commit()
    steps: list[State] = []
    kept = 0
    copied(office, tmp_path / "copy", Progress(steps.append))
    before = everything(tmp_path / "copy")
    note(office, "more")
    for place in range(1, len(steps) + 1):
        for folder in (first, tmp_path / "copy"):
            try:
                copied(office, folder, stopping_at(place))
            except Cancelled as stopped:
                if folder != first:
                    assert everything(folder) == before
                elif first.parent.exists():  # a file had come: it stays, without database and salts
                    assert "goes on from it" in stopped.sentence and not office.copies.all()[-1].finished
                    assert sorted(one.name for one in first.iterdir()) == ["evidencevault.json", "objects"]
                    assert copied(office, first).brought in (0, 1) and damage(first) == ()
                    kept += 1
                    shutil.rmtree(first.parent)
                    office.copies.forget(first)
            else:  # stopped behind the last step: it is made
                shutil.rmtree(first.parent, ignore_errors=True)
                before = everything(tmp_path / "copy")
            assert damage(tmp_path / "copy") == ()
    assert kept
    office.close()


def test_killed_at_any_file_operation_the_copy_is_whole_and_the_next_run_goes_on(
    made: vaults.Made, tmp_path: Path
) -> None:
    call = [sys.executable, "-m", "tests.support.killed_copy", str(made.folder), str(tmp_path / "work")]
    env = {"PYTHONPATH": f"{TOP / 'src'}:{TOP}", "EVIDENCEVAULT_STATE": str(made.state), "LC_ALL": "C.UTF-8"}
    said = subprocess.run(call, env=env, cwd=TOP, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    first, later = (int(one) for one in said.stdout.split())
    assert first > 8 and later > 8


def test_what_is_erased_leaves_every_copy_that_can_be_reached(made: vaults.Made, tmp_path: Path) -> None:
    office = made.open()
    near, away = tmp_path / "near", tmp_path / "away"
    recipients.add(office, "Ombudsman", ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"])
    for folder in (near, away):
        copied(office, folder)
    before = set(salts(office))
    away.rename(tmp_path / "unplugged")
    _, renewal = recipients.remove(office, "Ombudsman")
    (gone,) = before - set(salts(office))
    assert renewal.renewed == (str(near),) and [one.folder for one in renewal.held] == [str(away)]
    assert "Plug in" in renewal.held[0].why and not away.exists()
    assert [(one.folder, one.stale) for one in office.copies.all()] == [(str(near), False), (str(away), True)]
    assert not any(gone in content for content in everything(near).values())
    assert any(gone in content for content in everything(tmp_path / "unplugged").values())
    (tmp_path / "unplugged").rename(away)
    copied(office, away)
    assert not any(gone in content for content in everything(away).values())
    assert not any(one.stale for one in office.copies.all())
    assert office.copies.forget(away) is not None and office.copies.forget(away) is None
    office.close()


def test_an_erasure_waits_for_the_copy_that_is_being_made(made: vaults.Made, tmp_path: Path) -> None:
    office = made.open()
    begun, go_on = threading.Event(), threading.Event()

    def hold(state: State) -> None:
        begun.set()
        assert go_on.wait(20)

    recipients.add(office, "Ombudsman", ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"])
    before = set(salts(office))
    copying = threading.Thread(target=lambda: copied(office, tmp_path / "copy", Progress(hold)))
    copying.start()
    assert begun.wait(20)
    impatient = Progress()
    impatient.cancel()
    with pytest.raises(Cancelled):
        recipients.remove(office, "Ombudsman", impatient)
    note(office, "writing goes on meanwhile")
    erasing = threading.Thread(target=lambda: recipients.remove(office, "Ombudsman"))
    erasing.start()
    go_on.set()
    copying.join(20)
    erasing.join(20)
    (gone,) = before - set(salts(office))
    assert not any(gone in content for content in everything(tmp_path / "copy").values())
    assert damage(tmp_path / "copy") == ()
    office.close()


def test_a_spoilt_list_of_copies_keeps_from_erasing_and_is_said(made: vaults.Made, tmp_path: Path) -> None:
    office = made.open()
    recipients.add(office, "Ombudsman", ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"])
    copied(office, tmp_path / "copy")
    office.copies.file.write_text("{")
    with pytest.raises(StorageFailed, match="spoilt"):
        recipients.remove(office, "Ombudsman")
    assert [one.name for one in recipients.book(office)] == ["Ombudsman"]
    office.close()


def test_the_vault_lacks_a_file_that_the_copy_keeps(made: vaults.Made, tmp_path: Path) -> None:
    office = made.open()
    copied(office, tmp_path / "copy")
    stored = made.folder / OBJECTS / made.large.hex()[:2] / made.large.hex()[2:4] / made.large.hex()
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1])  # another size: it would be brought
    done = copied(office, tmp_path / "copy")
    assert done.damaged == (made.large.hex(),) and damage(tmp_path / "copy") == ()
    stored.unlink()
    assert copied(office, tmp_path / "copy").damaged == (made.large.hex(),)
    assert copied(office, tmp_path / "second").damaged == (made.large.hex(),)
    assert damage(tmp_path / "copy") == () and made.large.hex() in damage(tmp_path / "second")[0]
    office.close()


def test_places_of_another_vault_are_apart(tmp_path: Path) -> None:
    one, other = Places(tmp_path, bytes(32)), Places(tmp_path, bytes([1]) * 32)
    one.remember(tmp_path / "a", "2026-01-01T00:00:00+00:00")
    other.checked(tmp_path / "a", "2026-02-01T00:00:00+00:00", whole=True)
    assert len(one.all()) == 1 and other.all() == ()


def test_salts_come_last_and_never_into_a_folder_that_an_erasure_does_not_ask_for(
    made: vaults.Made, tmp_path: Path
) -> None:
    office, folder = made.open(), tmp_path / "copy"
    gone = OSError(errno.EIO, "Input/output error")

    def without_salts(*_: object, **__: object) -> None:
        assert not list(folder.glob("salts-*"))
        raise gone

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup_objects, "bring", without_salts)
        with pytest.raises(OSError, match="Input/output"):
            copied(office, folder)
    assert office.copies.all() == () and not folder.exists()

    def unplugged(*given: Any) -> None:
        write_salts(*given)
        raise gone

    def unreachable(*_: object) -> None:
        raise gone

    sweep = backups._sweep

    def swept(*given: Any) -> None:
        (unreachable if list(folder.glob("salts-*")) else sweep)(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups, "write_salts", unplugged)
        patch.setattr(backups, "_sweep", swept)
        with pytest.raises(OSError, match="Input/output"):
            copied(office, folder)
    assert list(folder.glob("salts-*"))  # they lie there now, and an erasure knows of the folder
    with backup_renewal.erasing(office.database, office.copies, Progress()):
        pass
    assert [one.stale for one in office.copies.all()] == [True]
    renewed = backup_renewal.renew(office.database, office.store, Progress(), clock=lambda: AT, places=office.copies)
    assert renewed.renewed == (str(folder.resolve()),) and damage(folder) == ()
    assert len(list(folder.glob("salts-*"))) == 1 and not office.copies.all()[0].stale
    office.close()


def test_two_lanes_that_change_the_list_of_copies_lose_nothing(tmp_path: Path) -> None:
    places = Places(tmp_path, b"v" * 32)
    folders = [tmp_path / str(n) for n in range(40)]

    def enter(some: list[Path]) -> None:
        for folder in some:
            places.remember(folder, "2026-11-20T12:00:00+00:00")

    threads = [threading.Thread(target=enter, args=(folders[n::4],)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(places.all()) == 40
