"""Redaction and a bundle on the command line, opened by the receiver with other people's tools and with ours."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pymupdf
import pytest
from tests.support import traces
from tests.support.desk import Desk

LETTER = Path(__file__).parents[2] / "resources" / "sample" / "letter.pdf"
REFERENCE = "NL-2026-0001"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("bundles"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    desk.call("member", "add", "leo", "--role", "legal", "--new-passphrase-file", "leo")
    case = ("case", "create", "--title", "T", "--category", "neglect", "other", "--severity", "high")
    assert desk.call(*case).stdout.strip() == REFERENCE
    desk.call("case", "grant", REFERENCE, "leo")
    desk.call("person", "add", REFERENCE, "--role", "child", "--name", "Mirelva Dornhoek")
    (desk.folder / "note.txt").write_text("The store room has no window.\n")
    desk.call("evidence", "add", REFERENCE, LETTER, "note.txt", "--source", "The group leader")
    subprocess.run(["age-keygen", "-o", "key.txt"], cwd=desk.folder, check=True, capture_output=True)
    return desk


@pytest.fixture(scope="module")
def sealed(desk: Desk) -> Path:
    """A released bundle; on the way there, what must be refused is."""
    recipient = subprocess.check_output(["age-keygen", "-y", "key.txt"], cwd=desk.folder, text=True).strip()
    order = ("--recipient", recipient, "--purpose", "inquiry", "--legal-basis", "art. 6(1)(c)")
    assert "no redaction plan" in desk.call("bundle", "create", REFERENCE, "--all", *order, expect=1).stderr
    desk.call("redact", "mark", REFERENCE, "E001", "--person", "Child A", "--reason", "child")
    first = desk.json("redact", "show", REFERENCE, "E001")
    assert first["marks"]
    desk.call("redact", "remove", REFERENCE, "E001", first["marks"][0]["id"])
    desk.call("redact", "mark", REFERENCE, "E001", "--term", "Dornhoek", "--term", "Mirelva", "--reason", "child")
    desk.call("redact", "none", REFERENCE, "E002")
    assert "somebody else" in desk.call("redact", "approve", REFERENCE, "E001", expect=1).stderr
    for exhibit in ("E001", "E002"):
        desk.call("redact", "approve", REFERENCE, exhibit, member="leo")
    desk.call("bundle", "create", REFERENCE, "--exhibit", "E001", "E002", *order)
    out = desk.folder / "out"
    out.mkdir()
    assert "somebody else" in desk.call("bundle", "release", REFERENCE, "B01", "--to", "out", expect=1).stderr
    assert list(out.iterdir()) == []
    desk.call("bundle", "release", REFERENCE, "B01", "--to", "out", member="leo")
    (file,) = out.iterdir()
    return file


def test_a_stranger_checks_the_bundle_with_other_tools_and_finds_no_name(desk: Desk, sealed: Path) -> None:
    folder = desk.folder
    assert desk.json("bundle", "verify", sealed, "--identity", "key.txt")["name"] == f"{REFERENCE}-B01"
    (folder / "b.zip").write_bytes(subprocess.check_output(["age", "-d", "-i", "key.txt", sealed], cwd=folder))
    subprocess.run(["unzip", "-q", "b.zip", "-d", "bag"], cwd=folder, check=True)
    (bag,) = (folder / "bag").iterdir()
    subprocess.run(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=bag, check=True)
    _signed(bag)
    _says_nothing(bag, ("Dornhoek", "Mirelva"))


def test_the_chain_of_custody_knows_who_made_and_who_released(desk: Desk, sealed: Path) -> None:
    entries = desk.json("custody", "show", REFERENCE)["entries"]
    (made,) = (one for one in entries if one["action"] == "created")
    (released,) = (one for one in entries if one["action"] == "released")
    assert (made["actor"], released["actor"]) == ("anna", "leo")
    assert released["digest"] == hashlib.sha256(sealed.read_bytes()).hexdigest()
    (listed,) = desk.json("bundle", "list", REFERENCE)["bundles"]
    assert listed["bundle"] == "B01"
    received = desk.json("bundle", "verify", sealed, "--identity", "key.txt")
    assert listed["signer"] == {"fingerprint": received["signer"], "words": received["signer_words"]}
    said = desk.call("bundle", "list", REFERENCE).stdout
    assert received["signer_words"] in said and listed["fingerprints"][0]["words"] in said
    desk.call("custody", "verify", REFERENCE, "--full")


def test_a_court_is_shown_one_hash_and_nothing_else(desk: Desk, sealed: Path) -> None:
    order = ("--purpose", "order of 1 June", "--legal-basis", "art. 22", "--bundle", "B01")
    said = desk.json("custody", "disclose", REFERENCE, "--exhibit", "E001", *order, "--to", "court.json")
    assert list(said["disclosed"].values()) == [["head", "subject", "digest"]]
    shown = desk.json("custody", "verify-disclosure", "court.json", "--against", sealed, "--identity", "key.txt")
    (entry,) = shown["entries"]
    assert entry["fields"]["digest"] == hashlib.sha256(LETTER.read_bytes()).hexdigest()
    assert shown["compared"] and "place" in entry["withheld"] and "Dornhoek" not in str(shown)
    told = desk.call("custody", "verify-disclosure", "court.json").stdout
    assert "(withheld)" in told and "--against" in told
    data = (desk.folder / "court.json").read_text().replace(entry["fields"]["digest"], "00" * 32)
    (desk.folder / "forged.json").write_text(data)
    assert "reads otherwise" in desk.call("custody", "verify-disclosure", "forged.json", expect=3).stderr
    again = desk.call("custody", "disclose", REFERENCE, "--entry", 3, *order, "--to", "none.json", expect=2)
    assert "--field" in again.stderr and not (desk.folder / "none.json").exists()
    same = desk.call("bundle", "verify", sealed, "--identity", "key.txt", "--previous", sealed).stdout
    assert "this bundle's own" in same


def _signed(bag: Path) -> None:
    wanted = ["-f", "allowed_signers", "-I", "evidencevault-release", "-n", "evidencevault-bundle"]
    with (bag / "tagmanifest-sha256.txt").open("rb") as message:
        signature = ["-s", "tagmanifest-sha256.txt.sig"]
        subprocess.run(["ssh-keygen", "-Y", "verify", *wanted, *signature], cwd=bag, stdin=message, check=True)


def _says_nothing(bag: Path, names: tuple[str, ...]) -> None:
    files = [path for path in bag.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        data = path.read_bytes()
        if path.suffix == ".pdf":
            with pymupdf.open(stream=data) as document:
                streams = [document.xref_stream(number) or b"" for number in range(1, document.xref_length())]
                data = b"".join([data, *streams, *(page.get_text().encode() for page in document)])
        assert traces.found(data, names) == [], path


def test_a_wrong_key_a_cut_file_and_a_changed_byte_are_refused(desk: Desk, sealed: Path) -> None:
    subprocess.run(["age-keygen", "-o", "other.txt"], cwd=desk.folder, check=True, capture_output=True)
    desk.call("bundle", "verify", sealed, "--identity", "other.txt", expect=4)
    whole = sealed.read_bytes()
    for name, data in (("cut", whole[:-40]), ("changed", whole[:-9000] + bytes((whole[-9000] ^ 1,)) + whole[-8999:])):
        (desk.folder / name).write_bytes(data)
        target = desk.folder / f"{name}-opened"
        target.mkdir()
        desk.call("bundle", "open", name, "--identity", "key.txt", "--to", target, expect=3)
        assert not list(target.iterdir())
