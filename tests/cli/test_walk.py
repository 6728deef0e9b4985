"""Whole jobs through the real program in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "src"


class Desk:
    """A folder with passphrases and a vault, and the program called from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("EVIDENCEVAULT_")}
        paths = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.env |= {
            "PYTHONPATH": os.pathsep.join(paths),
            "EVIDENCEVAULT_STATE": str(folder / "state"),
            "LANG": "C.UTF-8",
        }
        for name in ("anna", "leo", "ota"):
            (folder / name).write_text(f"words of {name}\n")

    def call(self, *words: object, member: str = "anna", expect: int = 0) -> subprocess.CompletedProcess[str]:
        access = ["--vault", "v", "--member", member, "--passphrase-file", member]
        command = [sys.executable, "-m", "evidencevault.cli.main", *access, *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words: object, member: str = "anna", expect: int = 0) -> dict[str, Any]:
        found = json.loads(self.call("--json", *words, member=member, expect=expect).stdout)
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


def _found(desk: Desk) -> str:
    """A vault with three users and one case; its reference."""
    if not (desk.folder / "v").exists():
        made = desk.json(
            "vault", "create", "v", "--organisation", "Harbour House", "--country", "NL", "--role", "officer"
        )
        assert made["roles"] == ["admin", "officer"] and len(made["shares"]) == 3 and made["threshold"] == 2
        (desk.folder / "shares").write_text("\n".join(made["shares"][:2]))
        desk.call("member", "add", "leo", "--role", "legal", "--new-passphrase-file", "leo")
        desk.call("member", "add", "ota", "--role", "oversight", "--new-passphrase-file", "ota")
        case = ["case", "create", "--title", "Cold rooms", "--category", "neglect", "--severity", "high"]
        desk.call("case", "grant", desk.call(*case).stdout.strip(), "leo")
    return str(desk.json("case", "list")["cases"][0]["reference"])


def test_evidence_comes_in_and_is_proven(desk: Desk) -> None:
    reference = _found(desk)
    tree = desk.folder / "in" / "deep"
    tree.mkdir(parents=True)
    (tree / "note.txt").write_text("The boiler broke on Monday.\n")
    (tree / "copy.txt").write_text("The boiler broke on Monday.\n")
    (tree / "a\nb\u202egpj.txt").write_bytes(b"odd name")
    first = desk.json("evidence", "add", reference, "in", "nothing-here.txt", "--source", "Reporter", expect=1)
    assert {one["status"] for one in first["exhibits"]} == {"imported"} and len(first["exhibits"]) == 3
    assert [one["path"].endswith("nothing-here.txt") for one in first["failed"]] == [True]
    assert [one["duplicate_of"] for one in first["exhibits"]].count(None) == 2
    assert all(set(one) >= {"exhibit", "name", "sha256", "size", "media_type", "parent"} for one in first["exhibits"])

    held = desk.call("evidence", "add", reference, "--held", "Diary", "--held-at", "Safe 2", "--source", "Reporter")
    assert held.stdout.strip() == "E004"
    desk.call("evidence", "transfer", reference, "E004", "--to", "Police", "--purpose", "investigation")

    listed = desk.call("evidence", "list", reference).stdout
    assert "E004" in listed and "\u202e" not in listed and listed.count("\n") == 5
    shown = desk.json("evidence", "show", reference, "E004")
    assert shown["held"]["place"] == "Safe 2" and shown["transfers"][0]["to"] == "Police"

    verified = desk.json("custody", "verify", reference, "--full")
    assert verified["intact"] is True and verified["ledgers"][1]["objects"] >= 3
    entries = desk.json("custody", "show", reference, "--exhibit", "E001")["entries"]
    assert entries[0]["action"] == "imported" and entries[0]["digest"] == first["exhibits"][0]["sha256"]


def test_oversight_verifies_without_reading(desk: Desk) -> None:
    _found(desk)
    assert desk.json("custody", "verify", "--all", member="ota")["intact"] is True


def test_a_changed_object_exits_3(desk: Desk) -> None:
    reference = _found(desk)
    big = desk.folder / "big.bin"
    big.write_bytes(os.urandom(200_000))
    assert desk.json("evidence", "add", reference, "big.bin", "--source", "Reporter")["failed"] == []
    (stored,) = [
        one for one in (desk.folder / "v" / "objects").rglob("*") if one.is_file() and one.stat().st_size > 200_000
    ]
    whole = stored.read_bytes()
    try:
        stored.chmod(0o600)
        stored.write_bytes(whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:])
        found = desk.json("custody", "verify", reference, "--full", expect=3)
        assert found["intact"] is False and any(one["findings"] for one in found["ledgers"])
        assert desk.json("vault", "check", "--full", expect=3)["whole"] is False
    finally:
        stored.write_bytes(whole)
    assert desk.json("vault", "check", "--full")["whole"] is True


def test_a_person_a_decision_and_its_signature(desk: Desk) -> None:
    reference = _found(desk)
    assert (
        desk.call("person", "add", reference, "--role", "child", "--name", "Maya Example").stdout.strip() == "Child A"
    )
    form = desk.call("decision", "add", "--template").stdout
    filled = {
        "question": '"Was the house cold?"',
        "finding": '"substantiated"',
        "measure": '["none"]',
        "clause": '"4"',
        "rationale": '"So."',
    }
    lines = [
        line.split(" = ")[0] + " = " + filled[line.split(" = ")[0]] if line.split(" = ")[0] in filled else line
        for line in form.splitlines()
    ]
    (desk.folder / "decision.toml").write_text("\n".join(lines))
    assert desk.call("decision", "add", reference, "--file", "decision.toml").stdout.strip() == "D01"
    assert desk.json("decision", "sign", reference, "D01")["state"] == "signed"
    assert desk.json("decision", "sign", reference, "D01", member="leo")["state"] == "countersigned"


def test_a_forgotten_passphrase_is_recovered(desk: Desk) -> None:
    _found(desk)
    (desk.folder / "new").write_text("new words of leo\n")
    desk.call("vault", "recover", "--shares-file", "shares", "--new-passphrase-file", "new", member="leo")
    desk.call("case", "list", member="leo", expect=4)
    (desk.folder / "leo").write_text("new words of leo\n")
    assert desk.json("case", "list", member="leo")["cases"]


def test_an_existing_folder_is_not_overwritten(desk: Desk) -> None:
    _found(desk)
    done = desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer", expect=1)
    assert "not empty" in done.stderr and done.stdout == ""
