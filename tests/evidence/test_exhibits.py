from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencevault.errors import Damaged, NotFound, NotPermitted, Refused, StorageFailed, UsageError
from evidencevault.evidence import exhibits, intake, leaving
from evidencevault.formats import age
from tests.evidence.conftest import SAID, Desk

Tree = Callable[[dict[str, bytes]], Path]
DATA = os.urandom(200_000)


@pytest.fixture
def brought(desk: Desk, tree: Tree) -> Desk:
    intake.bring_in(desk.case, [tree({"a.bin": DATA, "b.txt": b"small"})], SAID)
    return desk


def test_something_that_is_no_file_is_held_and_handed_over(desk: Desk) -> None:
    held = exhibits.hold(desk.case, "a diary", SAID, place="safe 2", seal="S-17", tags=("paper",))
    assert held.number == "E001" and held.held == exhibits.Held("safe 2", "S-17") and held.object is None
    done = exhibits.transfer(desk.case, "E001", to="the police", purpose="investigation", at="2026-05-01", seal="S-18")
    assert exhibits.transfers(desk.case, "E001") == [done] and done.at == "2026-05-01"
    entries = list(desk.case.entries())[-2:]
    assert [(one.action, one.subject) for one in entries] == [("received", "E001"), ("transferred", "E001")]
    assert (entries[1].counterparty, entries[1].purpose) == ("the police", "investigation")
    with pytest.raises(Refused):
        exhibits.export(desk.case, "E001", Path("x"), purpose="p", legal_basis="l", in_clear=True)
    with pytest.raises(UsageError):
        exhibits.transfer(desk.case, "E001", to=" ", purpose="p")


def test_numbers_are_found_in_any_spelling_and_others_are_not(brought: Desk) -> None:
    assert exhibits.get(brought.case, " e2 ").name == "b.txt"
    for wrong in ("E003", "E000", "X1", ""):
        with pytest.raises(NotFound):
            exhibits.get(brought.case, wrong)


def test_a_sealed_original_opens_with_the_recipients_key(brought: Desk, tmp_path: Path) -> None:
    identity = age.X25519Identity.generate()
    target = tmp_path / "out.age"
    done = exhibits.export(
        brought.case,
        "E001",
        target,
        purpose="investigation",
        legal_basis="art. 6",
        recipient=str(identity.recipient()),
        to="Bureau X",
    )
    assert b"".join(age.decrypt(io.BytesIO(target.read_bytes()), [identity])) == DATA
    assert done.size == target.stat().st_size and done.sealed
    entry = list(brought.case.entries())[-1]
    assert (entry.sequence, entry.action, entry.subject, entry.purpose) == (
        done.sequence,
        "exported",
        "E001",
        "investigation",
    )
    assert (
        entry.counterparty == "Bureau X"
        and isinstance(entry.details, dict)
        and entry.details["legal_basis"] == "art. 6"
    )
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_in_clear_only_when_said_and_never_over_another_file(brought: Desk, tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    before = brought.actions()
    target.write_bytes(b"mine")
    with pytest.raises(Refused):
        exhibits.export(brought.case, "E001", target, purpose="p", legal_basis="l", in_clear=True)
    assert target.read_bytes() == b"mine"
    target.unlink()
    for wrong in (
        {"purpose": "", "legal_basis": "l", "in_clear": True},
        {"purpose": "p", "legal_basis": " ", "in_clear": True},
        {"purpose": "p", "legal_basis": "l"},
        {"purpose": "p", "legal_basis": "l", "recipient": "age1nonsense"},
    ):
        with pytest.raises(UsageError):
            exhibits.export(brought.case, "E001", target, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        exhibits.export(brought.case, "E001", brought.folder / "x", purpose="p", legal_basis="l", in_clear=True)
    assert not target.exists() and brought.actions() == before
    exhibits.export(brought.case, "E001", target, purpose="p", legal_basis="l", in_clear=True)
    assert target.read_bytes() == DATA


def test_the_entry_is_durable_before_the_first_byte(
    brought: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    plain = leaving.NewFile.write

    def write(self: leaving.NewFile, chunk: bytes | memoryview) -> None:
        seen.append(brought.actions())
        plain(self, chunk)

    monkeypatch.setattr(leaving.NewFile, "write", write)
    exhibits.export(brought.case, "E002", tmp_path / "o", purpose="p", legal_basis="l", in_clear=True)
    assert seen and all(actions[-1] == "exported" for actions in seen)


def test_a_full_disk_leaves_no_half_file_and_the_chain_says_so(
    brought: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: leaving.NewFile, chunk: bytes | memoryview) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(leaving.NewFile, "write", write)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(StorageFailed):
        exhibits.export(brought.case, "E001", out / "o", purpose="p", legal_basis="l", in_clear=True)
    assert list(out.iterdir()) == [] and brought.actions()[-2:] == ["exported", "noted"]


def test_a_changed_object_never_leaves_as_whole(brought: Desk, tmp_path: Path) -> None:
    (path,) = [one for one in (brought.folder / "objects").rglob("*") if one.is_file()]
    data = bytearray(path.read_bytes())
    data[100_000] ^= 1
    path.write_bytes(data)
    for way in ({"in_clear": True}, {"recipient": str(age.X25519Identity.generate().recipient())}):
        with pytest.raises(Damaged):
            exhibits.export(brought.case, "E001", tmp_path / "o", purpose="p", legal_basis="l", **way)  # type: ignore[arg-type]
        assert not (tmp_path / "o").exists()


def test_amending_writes_a_revision_and_a_legal_adviser_may_set_privilege_only(brought: Desk) -> None:
    changed = exhibits.amend(brought.case, "E001", reason="medical", restricted="medical file", tags=("a", "b"))
    assert (changed.restricted, changed.tags, changed.revision) == ("medical file", ("a", "b"), 2)
    assert exhibits.amend(brought.case, "E001", reason="mistake", restricted=None).restricted is None
    case = brought.as_("leo")
    assert (
        exhibits.amend(case, "E002", reason="advice", privileged="lawyer and client").privileged == "lawyer and client"
    )
    with pytest.raises(Refused):
        exhibits.amend(case, "E002", reason="x", restricted="y")
    with pytest.raises(NotPermitted):
        exhibits.hold(case, "x", SAID, place="y")
    assert exhibits.list_exhibits(case)[1].privileged == "lawyer and client"
