"""Whole jobs through the real program in processes of their own."""

from __future__ import annotations

import os

import pytest
from tests.support.desk import Desk

CASE = ("--category", "neglect", "--severity", "high")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def reference(desk: Desk) -> str:
    """A vault with three users and one case that two of them hold; its reference."""
    made = desk.json("vault", "create", "v", "--organisation", "Harbour House", "--country", "NL", "--role", "officer")
    assert made["roles"] == ["admin", "officer"] and len(made["shares"]) == 3 and made["threshold"] == 2
    (desk.folder / "shares").write_text("\n".join(made["shares"][:2]))
    desk.call("member", "add", "leo", "--role", "legal", "--new-passphrase-file", "leo")
    desk.call("member", "add", "ota", "--role", "oversight", "--new-passphrase-file", "ota")
    opened = _open_case(desk)
    desk.call("case", "grant", opened, "leo")
    return opened


def _open_case(desk: Desk) -> str:
    return desk.call("case", "create", "--title", "Cold rooms", *CASE).stdout.strip()


def test_evidence_comes_in_and_is_proven(desk: Desk, reference: str) -> None:
    reference = _open_case(desk)  # its own: what is listed is counted
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


def test_oversight_verifies_without_reading(desk: Desk, reference: str) -> None:
    assert desk.json("custody", "verify", "--all", member="ota")["intact"] is True


def test_a_changed_object_exits_3(desk: Desk, reference: str) -> None:
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


def test_a_person_a_decision_and_its_signature(desk: Desk, reference: str) -> None:
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


def test_a_forgotten_passphrase_is_recovered(desk: Desk, reference: str) -> None:
    (desk.folder / "new").write_text("new words of leo\n")
    desk.call("vault", "recover", "--shares-file", "shares", "--new-passphrase-file", "new", member="leo")
    desk.call("case", "list", member="leo", expect=4)
    (desk.folder / "leo").write_text("new words of leo\n")
    assert desk.json("case", "list", member="leo")["cases"]


def test_an_existing_folder_is_not_overwritten(desk: Desk, reference: str) -> None:
    done = desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer", expect=1)
    assert "not empty" in done.stderr and done.stdout == ""
