"""Copies that are cut, swapped, forged or out of room: named, never taken for whole, and nothing half-made left."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import blake3
import pytest
from tests.support import vaults
from tests.support.stopping import stopping_at

from evidencevault import session as sessions
from evidencevault.custody.office import Office, system_clock
from evidencevault.errors import Cancelled, Damaged, NotFound, Refused, StorageFailed, VaultError
from evidencevault.progress import Progress, State
from evidencevault.vault import backup_check, backups
from evidencevault.vault.backups import Copied


@dataclass(frozen=True)
class Copy:
    """A vault that is open, and a copy of it with one generation before the last kept aside."""

    office: Office
    folder: Path
    old: Path
    large: str

    @property
    def object(self) -> Path:
        return self.folder / "objects" / self.large[:2] / self.large[2:4] / self.large

    def make(self, folder: Path | None = None, *, full: bool = False) -> Copied:
        office = self.office
        return backups.create(
            office.database,
            office.store,
            folder or self.folder,
            Progress(),
            clock=system_clock,
            places=office.copies,
            full=full,
        )

    def damage(self) -> str:
        return "\n".join(backup_check.verify(self.folder, Progress()).damage)


@pytest.fixture
def copy(made: vaults.Made, tmp_path: Path) -> Iterator[Copy]:
    office = made.open()
    one = Copy(office, tmp_path / "copy", tmp_path / "old", made.large.hex())
    one.make()
    shutil.copytree(one.folder, one.old)
    case = vaults.casefile.open_case(office, "NL-2026-0001")
    vaults.write_note(case, "so that the salts are others")
    one.make()
    yield one
    office.close()


def flip(path: Path, at: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[at] ^= 1
    path.write_bytes(whole)


def cut_database(one: Copy) -> None:
    with (one.folder / "vault-000002.db").open("r+b") as file:
        file.truncate(8192)


def flip_database(one: Copy) -> None:
    flip(one.folder / "vault-000002.db", 20_000)


def swap_salts(one: Copy) -> None:
    shutil.copy(one.old / "salts-000001.bin", one.folder / "salts-000002.bin")


def no_salts(one: Copy) -> None:
    (one.folder / "salts-000002.bin").unlink()


def linked_database(one: Copy) -> None:
    os.rename(one.folder / "vault-000002.db", one.folder.parent / "elsewhere.db")
    (one.folder / "vault-000002.db").symlink_to(one.folder.parent / "elsewhere.db")


def lost_object(one: Copy) -> None:
    one.object.unlink()


def flipped_object(one: Copy) -> None:
    flip(one.object, 1000)


def cut_object(one: Copy) -> None:
    os.truncate(one.object, 1000)


def linked_object(one: Copy) -> None:
    os.rename(one.object, one.folder.parent / "elsewhere")
    one.object.symlink_to(one.folder.parent / "elsewhere")


def piped_object(one: Copy) -> None:
    one.object.unlink()
    os.mkfifo(one.object)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (cut_database, "vault-000002.db"), (flip_database, "vault-000002.db"), (swap_salts, "salts-000002.bin"),
        (no_salts, "salts-000002.bin"), (linked_database, "vault-000002.db"),
    ],
)  # fmt: skip
def test_what_belongs_together_is_refused_as_a_whole(
    copy: Copy, tmp_path: Path, spoil: Callable[[Copy], None], named: str
) -> None:
    spoil(copy)
    assert named in copy.damage()
    with pytest.raises(Damaged, match=named):
        sessions.restore_copy(copy.folder, tmp_path / "to", progress=Progress())
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("spoil", [lost_object, flipped_object, cut_object, linked_object, piped_object])
def test_a_spoilt_file_is_named_the_rest_comes_back_and_full_mends_it(
    copy: Copy, tmp_path: Path, spoil: Callable[[Copy], None]
) -> None:
    spoil(copy)
    assert copy.large in copy.damage()
    done = sessions.restore_copy(copy.folder, tmp_path / "to", progress=Progress())
    assert len(done.damage) == 1 and copy.large in done.damage[0]
    assert (tmp_path / "to" / "vault.db").is_file() and not list((tmp_path / "to").rglob(copy.large))
    if copy.object.is_symlink() or copy.object.is_fifo():
        copy.object.unlink()
    assert copy.make(full=True).brought == 1
    assert copy.damage() == ""


def forged(copy: Copy, statement: str) -> None:
    """Change the database of the copy, and its digest with it, as somebody would who has the copy."""
    file = copy.folder / "vault-000002.db"
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()
    manifest = json.loads((copy.folder / "evidencevault.json").read_text())
    content = file.read_bytes()
    manifest["database"] |= {"size": len(content), "blake3": blake3.blake3(content).hexdigest()}
    (copy.folder / "evidencevault.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TRIGGER t AFTER UPDATE ON item BEGIN DELETE FROM entry; END", "commands"),
        ("UPDATE item SET salt = x'00'", "salts lie in it"),
        ("DELETE FROM item", "not those of its items"),
        ("UPDATE vault SET id = x'00'", "another vault"),
        ("UPDATE object SET item = '../../../../etc/passwd' WHERE state = 'stored'", "no vault has"),
        ("UPDATE object SET payload = x'00' WHERE state = 'inline'", "bytes were changed"),
        ("UPDATE object SET payload = NULL WHERE state = 'inline'", "bytes were changed"),
    ],
)
def test_a_forged_database_is_damage(copy: Copy, tmp_path: Path, statement: str, named: str) -> None:
    forged(copy, statement)
    assert named in copy.damage()
    if "payload" not in statement:  # what a ledger names is checked when the vault is opened
        with pytest.raises(Damaged):
            sessions.restore_copy(copy.folder, tmp_path / "to", progress=Progress())
        assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["database"].update(name="../vault/vault.db"), lambda one: one.update(format="other/v1"),
        lambda one: one.update(generation=-1), lambda one: one["salts"].update(blake3="zz"), lambda one: one.clear(),
        lambda one: one.update(vault="../.."), lambda one: one["heads"].update({"..": [1, "ab" * 32]}),
    ],
)  # fmt: skip
def test_a_forged_manifest_is_damage_and_is_not_written_over(copy: Copy, change: Callable[[object], None]) -> None:
    file = copy.folder / "evidencevault.json"
    found = json.loads(file.read_text())
    change(found)
    file.write_text(json.dumps(found))
    for act in (copy.damage, copy.make):
        with pytest.raises(Damaged, match=r"evidencevault\.json"):
            act()
    file.write_text("[" * 100_000)
    with pytest.raises(Damaged):
        copy.damage()


def test_no_copy_and_one_that_was_only_begun(copy: Copy, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backup_check.verify(tmp_path / "nothing", Progress())
    found = json.loads((copy.folder / "evidencevault.json").read_text())
    (copy.folder / "evidencevault.json").write_text(json.dumps(found | {"database": None, "salts": None}))
    with pytest.raises(Damaged, match="never finished"):
        copy.damage()


def test_a_linked_folder_in_the_copy_is_not_followed(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "trap").mkdir()
    shutil.rmtree(copy.folder / "objects")
    (copy.folder / "objects").symlink_to(tmp_path / "trap")
    with pytest.raises(Refused, match="something else"):
        copy.make()
    (copy.folder / "objects").unlink()
    (copy.folder / "objects").mkdir()
    (copy.folder / "objects" / copy.large[:2]).symlink_to(tmp_path / "trap")
    with pytest.raises(Refused, match="link to somewhere else"):
        copy.make()
    assert list((tmp_path / "trap").iterdir()) == []


def test_a_disk_that_takes_no_more_leaves_the_old_copy(copy: Copy, tmp_path: Path) -> None:
    size = (copy.folder / "vault-000002.db").stat().st_size
    assert copy.object.stat().st_size > size  # so the limit strikes the file, then the database
    for limit in (size + 8192, size // 2, 100):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(StorageFailed, match="as they were"):
                copy.make(tmp_path / "new")
            with pytest.raises(VaultError):
                sessions.restore_copy(copy.folder, tmp_path / "to", progress=Progress())
            if limit < size:
                with pytest.raises(StorageFailed):
                    copy.make()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert not (tmp_path / "new").exists() and not (tmp_path / "to").exists()
        assert copy.damage() == ""


def test_too_little_room_is_said_with_sizes_before_anything_is_written(copy: Copy, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        with pytest.raises(Refused, match=r"needs 4\.\d MB more on that disk, and 0\.2 MB are free"):
            copy.make(small)
        assert list(small.iterdir()) == []
        with pytest.raises(Refused, match="on that disk"):
            sessions.restore_copy(copy.folder, small, progress=Progress())
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_vault_is_restored_only_where_nothing_is(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "holiday.jpg").write_bytes(b"x")
    for to, why in ((tmp_path / "full", "not an empty"), (copy.folder / "in", "lies in it"), (tmp_path, "holds it")):
        with pytest.raises(Refused, match=why):
            sessions.restore_copy(copy.folder, to, progress=Progress())
    steps: list[State] = []
    sessions.restore_copy(copy.folder, tmp_path / "whole", progress=Progress(steps.append))
    for place in range(1, len(steps)):
        try:
            sessions.restore_copy(copy.folder, tmp_path / "deep" / "to", progress=stopping_at(place))
        except Cancelled:
            assert not (tmp_path / "deep").exists()
        else:
            shutil.rmtree(tmp_path / "deep")
