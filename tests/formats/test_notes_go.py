"""The checkpoint of a ledger is accepted by the code that made the format: Go's sumdb/note."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from evidencevault.formats import notes, signatures

SOURCE = Path(__file__).parent.parent / "support" / "go" / "checkpoint.go"
MODULES = Path("/usr/share/gocode")
SEED, NAME = bytes(range(32)), "evidencevault.org/v1/ab/cd"
NOTE = signatures.sign_checkpoint(NAME, 7, bytes(range(32)), SEED)

pytestmark = pytest.mark.skipif(
    not (shutil.which("go") and MODULES.is_dir()), reason="Debian's golang-go and golang-golang-x-mod-dev are missing"
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    told = {**os.environ, "GO111MODULE": "off", "GOPATH": str(MODULES), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    command = ["go", "build", "-o", str(folder / "checkpoint"), str(SOURCE)]
    subprocess.run(command, env=told, check=True, capture_output=True, timeout=300)
    return folder / "checkpoint"


def verifier(name: str = NAME, seed: bytes = SEED) -> str:
    return notes.verifier_key(name, signatures.public_ed25519(seed))


def opened(program: Path, note: bytes, key: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([program, key], input=note, capture_output=True, timeout=60, check=False)


def test_go_opens_our_checkpoint(program: Path) -> None:
    done = opened(program, NOTE, verifier())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == NOTE.decode().partition("\n\n")[0] + "\n"


def test_go_opens_it_with_cosignatures_beside_it(program: Path) -> None:
    line = notes.cosign(NOTE, NAME + "/witness/ef", bytes(32), 1_800_000_000)
    assert opened(program, NOTE + line, verifier()).returncode == 0


@pytest.mark.parametrize("change", [(b"\n7\n", b"\n8\n"), (b"/ab/", b"/ac/"), (b"AAEC", b"BAEC")])
def test_go_refuses_what_was_changed(program: Path, change: tuple[bytes, bytes]) -> None:
    assert change[0] in NOTE
    assert opened(program, NOTE.replace(*change, 1), verifier()).returncode == 1


def test_go_refuses_another_key(program: Path) -> None:
    assert opened(program, NOTE, verifier(seed=bytes(32))).returncode == 1
