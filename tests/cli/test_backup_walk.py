"""Copies on the command line: made, made anew, spoilt and found out, restored, and what an erasure does to them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.support.desk import Desk

CASE = ("--category", "neglect", "--severity", "high")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    made.call("vault", "create", "v", "--organisation", "Harbour House", "--country", "NL", "--role", "officer")
    made.call("case", "create", "--title", "Cold rooms", *CASE)
    return made


@pytest.fixture(scope="module")
def reference(desk: Desk) -> str:
    return str(desk.json("case", "list")["cases"][0]["reference"])


def bring(desk: Desk, reference: str, name: str) -> str:
    (desk.folder / name).write_bytes(os.urandom(200_000))
    return str(desk.json("evidence", "add", reference, name, "--source", "Reporter")["exhibits"][0]["exhibit"])


def stored(folder: Path) -> list[Path]:
    return [one for one in (folder / "objects").rglob("*") if one.is_file()]


def test_create_change_create_again_spoil_restore(desk: Desk, reference: str) -> None:
    nothing = desk.json("backup", "list")
    assert nothing == {"copies": []} and "backup create" in desk.call("backup", "list").stdout
    bring(desk, reference, "one.bin")
    assert desk.json("backup", "create", "b's نسخة")["new"] == 1
    bring(desk, reference, "two.bin")
    again = desk.json("backup", "create", "b's نسخة")
    assert (again["new"], again["objects"], again["damaged"]) == (1, 2, [])
    assert desk.json("backup", "verify", "b's نسخة")["whole"] is True
    assert "is whole" in desk.call("backup", "verify", "b's نسخة").stdout

    (spoilt, _) = stored(desk.folder / "b's نسخة")
    whole = spoilt.read_bytes()
    spoilt.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    found = desk.json("backup", "verify", "b's نسخة", expect=3)
    assert found["whole"] is False and [spoilt.name in one for one in found["damage"]] == [True]
    (known,) = desk.json("backup", "list")["copies"]
    assert known["whole"] is False and "damaged on" in desk.call("backup", "list").stdout
    assert desk.json("backup", "restore", "b's نسخة", "--to", "lacking", expect=3)["whole"] is False
    desk.call("backup", "create", "b's نسخة", "--full")
    assert desk.json("backup", "verify", "b's نسخة")["whole"] is True

    bring(desk, reference, "later.bin")
    restored = desk.call("backup", "restore", "b's نسخة", "--to", "again").stdout
    assert "refuses to open it as older" in restored and "accept-head" in restored
    assert desk.json("backup", "restore", "b's نسخة", "--to", "same")["older"] is True
    assert "accept-head" in desk.call("--vault", "again", "case", "show", reference, expect=3).stderr
    desk.call("--vault", "again", "vault", "accept-head", "--reason", "the laptop was stolen")
    assert desk.json("--vault", "again", "custody", "verify", "--all", "--full")["intact"] is True
    assert desk.json("--vault", "again", "vault", "check", "--full")["objects"] >= 2
    shutil.rmtree(desk.folder / "v")
    (desk.folder / "again").rename(desk.folder / "v")


def test_an_erasure_reaches_the_copies(desk: Desk, reference: str) -> None:
    number = bring(desk, reference, "three.bin")
    for folder in ("near", "away"):
        desk.call("backup", "create", folder)
    count = len(stored(desk.folder / "near"))
    (desk.folder / "away").rename(desk.folder / "unplugged")
    erase = ("evidence", "erase", reference, number, "--reason", "asked for", "--alone", "office of one")
    said = desk.json(*erase)
    assert said["state"] == "done"
    assert str(desk.folder / "near") in said["copies"]["renewed"]
    assert [one["folder"] for one in said["copies"]["held"]] == [str(desk.folder / "away")]
    assert len(stored(desk.folder / "near")) == count - 1
    assert desk.json("backup", "verify", "near")["whole"] is True
    listed = desk.call("backup", "list").stdout
    assert listed.count("holds what was erased since") == 1
    number = bring(desk, reference, "four.bin")
    told = desk.call(*erase[:3], number, *erase[4:]).stdout
    assert "were made anew without it" in told and f"until they are made anew: {desk.folder / 'away'}" in told
    desk.call("backup", "forget", "away")
    assert "not on the list" in desk.call("backup", "forget", "away", expect=1).stderr


def test_refusals(desk: Desk) -> None:
    assert "lies in it or holds it" in desk.call("backup", "create", "v/objects/b", expect=1).stderr
    assert "no copy of a vault" in desk.call("backup", "verify", "nowhere", expect=1).stderr
    assert "no copy of a vault" in desk.call("backup", "restore", "v", "--to", "x", expect=1).stderr
    assert "no vault in" in desk.call("--vault", "nowhere", "backup", "create", "x", expect=1).stderr
    desk.call("backup", "restore", "near", expect=2)
    assert not (desk.folder / "x").exists()
