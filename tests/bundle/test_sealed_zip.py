"""A bundle for those without age: an AES-256 ZIP that 7-Zip opens, whose one member hides the names inside."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.bundle.test_assembly import NAME, SELECTION, ready
from tests.bundle.test_receiving import AT, fill
from tests.support.redactable import Desk
from tests.support.vaults import Made

from evidencevault.bundle import assembly, orders, receiving, releasing, sealing
from evidencevault.cli.main import run
from evidencevault.custody import casefile, extracts
from evidencevault.errors import Damaged, NotPermitted, UsageError, WrongPassphrase
from evidencevault.formats import age
from evidencevault.vault.registry import Field

WORDS = "nineteen tall herons stand"
FOR_ZIP = replace(SELECTION, recipients=(), passphrase=WORDS, form="zip")


@pytest.fixture(scope="module")
def sealed(made_once: Made) -> bytes:
    office = made_once.open()
    extract = extracts.extract(casefile.open_case(office, "NL-2026-0001"), {0: (Field.HEAD,)})
    office.close()
    return b"".join(sealing.Seal("zip", (), WORDS).stream("NL-2026-0001-B01", AT, fill(extract)))


@pytest.fixture
def file(sealed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "b.zip"
    path.write_bytes(sealed)
    return path


@pytest.mark.skipif(not (shutil.which("7z") and shutil.which("unzip")), reason="7-Zip or unzip is not installed")
def test_the_whole_way_out_and_in_with_7zip(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    assembly.create(desk.case("anna"), desk.burner, FOR_ZIP)
    case = desk.case("leo")
    path = releasing.release(case, desk.burner, "B01", tmp_path)
    assert path.name == f"{NAME}.zip"
    for words in (("t",), ("x",)):
        done = subprocess.run(["7z", *words, f"-p{WORDS}", path.name], cwd=tmp_path, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout
    listed = subprocess.run(["7z", "l", "-slt", path.name], cwd=tmp_path, capture_output=True, timeout=60).stdout
    assert b"AES-256" in listed and b"manifest" not in listed and b"manifest" not in path.read_bytes()
    inner = tmp_path / f"{NAME}-bag.zip"
    subprocess.run(["unzip", "-tq", inner.name], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    found, folder = receiving.open_bundle(path, tmp_path / "in", passphrase=WORDS)
    assert receiving.verify(inner) == found
    assert f"7z x {NAME}.zip\n" in (folder / "verify/README").read_text()
    assert "age -d" not in (folder / "verify/README").read_text()
    (order,) = assembly.list_bundles(case)
    assert (order.form, order.counterparty, order.passphrase) == ("zip", "passphrase", "")
    assert list(case.entries())[-1].details["format"] == "zip"  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"passphrase": "nineteen characters"}, "at least 20"),
        ({"passphrase": "zwölf lange Wörter hier"}, "without accents"),
        ({"passphrase": "x" * 100}, "at most 99"),
        ({"passphrase": None, "recipients": SELECTION.recipients}, "format age"),
        ({"form": "rar"}, "age or zip"),
    ],
)
def test_what_a_zip_can_not_be_sealed_with(desk: Desk, change: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        assembly.create(desk.case("anna"), desk.burner, replace(FOR_ZIP, **change))  # type: ignore[arg-type]
    assert assembly.list_bundles(desk.case("anna")) == []


def test_a_wrong_passphrase_and_none(file: Path) -> None:
    assert receiving.verify(file, passphrase=WORDS).files == 3
    with pytest.raises(WrongPassphrase, match=r"b\.zip"):
        receiving.verify(file, passphrase="another passphrase, long")
    with pytest.raises(NotPermitted, match=r"b\.zip"):
        receiving.verify(file, identities=[age.X25519Identity.generate()])


@pytest.mark.parametrize("cut", [0.2, 0.95, 0.9999])
def test_a_cut_file(file: Path, sealed: bytes, cut: float, tmp_path: Path) -> None:
    file.write_bytes(sealed[: int(len(sealed) * cut)])
    _refused(file, tmp_path / "in")


@pytest.mark.parametrize("place", [0.1, 0.5, 0.99])
def test_a_changed_byte(file: Path, sealed: bytes, place: float, tmp_path: Path) -> None:
    changed = bytearray(sealed)
    changed[int(len(sealed) * place)] ^= 4
    file.write_bytes(changed)
    _refused(file, tmp_path / "in")


def _refused(file: Path, to: Path) -> None:
    for act in (receiving.verify, lambda path, **key: receiving.open_bundle(path, to, **key)):
        with pytest.raises(Damaged, match=r"b\.zip"):
            act(file, passphrase=WORDS)  # type: ignore[operator]
    assert not to.exists()


def test_the_command_line_and_its_exit_codes(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, cut = tmp_path / "good", tmp_path / "bad", tmp_path / "cut.zip"
    good.write_text(f"{WORDS}\n")
    bad.write_text("another passphrase, long\n")
    cut.write_bytes(file.read_bytes()[:-40])
    assert run(["--json", "bundle", "verify", str(file), "--passphrase-file", str(good)]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "NL-2026-0001-B01"
    assert run(["bundle", "verify", str(file), "--passphrase-file", str(bad)]) == 4
    assert run(["bundle", "open", str(cut), "--passphrase-file", str(good), "--to", str(tmp_path / "in")]) == 3
    assert "cut.zip" in capsys.readouterr().err and not (tmp_path / "in").exists()


def test_an_order_of_before_is_sealed_with_age(desk: Desk) -> None:
    ready(desk)
    body = orders.to_body(assembly.create(desk.case("anna"), desk.burner, FOR_ZIP))
    assert orders.from_body(body).seal.kind == "zip"
    assert orders.from_body({key: one for key, one in body.items() if key != "format"}).form == "age"
    with pytest.raises(Damaged):
        orders.from_body({**body, "format": "rar"})
