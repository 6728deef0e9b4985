"""Both directions with the real ``age`` and ``age-keygen``: what we write they read, what they write we read."""

from __future__ import annotations

import io
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidencevault.formats import age

PLAIN = bytes(range(256)) * 1000


@pytest.fixture
def program() -> str:
    found = shutil.which("age")
    assert found, "install age: the promise is that it opens what we write"
    return found


@pytest.fixture
def identity(tmp_path: Path) -> age.X25519Identity:
    keygen = shutil.which("age-keygen")
    assert keygen, "install age: the promise is that its keys work here"
    file = tmp_path / "key.txt"
    subprocess.run([keygen, "-o", str(file)], check=True, capture_output=True, timeout=60)
    (identity,) = age.parse_identities(file.read_text())
    assert isinstance(identity, age.X25519Identity)
    shown = subprocess.run([keygen, "-y", str(file)], check=True, capture_output=True, timeout=60).stdout
    assert shown.decode().strip() == str(identity.recipient())
    return identity


def run(program: str, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([program, *arguments], input=data, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("size", [0, 5, age.CHUNK, len(PLAIN)])
def test_age_reads_ours(program: str, identity: age.X25519Identity, tmp_path: Path, size: int, armored: bool) -> None:
    other = age.X25519Identity.generate()
    pieces = age.encrypt([other.recipient(), identity.recipient()], [PLAIN[:size]])
    file = b"".join(age.armor(pieces) if armored else pieces)
    done = run(program, "-d", "-i", str(tmp_path / "key.txt"), data=file)
    assert (done.returncode, done.stdout) == (0, PLAIN[:size])
    assert run(program, "-d", "-i", str(tmp_path / "key.txt"), data=file[:-3]).returncode != 0


def test_age_takes_our_identity(program: str, tmp_path: Path) -> None:
    ours = age.X25519Identity.generate()
    (tmp_path / "ours.txt").write_text(f"# ours\n{ours}\n")
    file = b"".join(age.encrypt([ours.recipient()], [PLAIN]))
    assert run(program, "-d", "-i", str(tmp_path / "ours.txt"), data=file).stdout == PLAIN


@pytest.mark.parametrize("options", [[], ["-a"]])
@pytest.mark.parametrize("size", [0, 5, age.CHUNK, len(PLAIN)])
def test_we_read_theirs(program: str, identity: age.X25519Identity, options: list[str], size: int) -> None:
    done = run(program, *options, "-r", str(identity.recipient()), data=PLAIN[:size])
    assert done.returncode == 0, done.stderr
    assert b"".join(age.decrypt(io.BytesIO(done.stdout), [identity])) == PLAIN[:size]
    if not options:
        stream = io.BytesIO(done.stdout)
        key = age.payload_key(age.open_header(stream, [identity]), stream.read(16))
        sealed = stream.read()
        opener = age.Opener(key, lambda at, n: sealed[at : at + n], len(sealed))
        assert opener.read(3, size) == PLAIN[:size][3:]


# age asks on the controlling terminal, whatever its standard input is.
TAKE_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def at_a_terminal(arguments: list[str], answers: list[str]) -> int:
    """Run a program that asks for a passphrase on its terminal; returns its exit code."""
    terminal, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, *arguments], stdin=inner, stdout=inner, stderr=inner
    )
    os.close(inner)
    waiting, seen, end = list(answers), b"", time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 1)
        try:
            more = os.read(terminal, 4096) if ready else b""
        except OSError:
            # The terminal is gone when the program has ended.
            break
        seen += more
        if waiting and b"passphrase" in seen.lower() and seen.rstrip().endswith(b":"):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
            seen = b""
        if ready and not more:
            break
    code = process.wait(60)
    os.close(terminal)
    return code


def test_we_read_their_passphrase_file(program: str, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(PLAIN)
    out = tmp_path / "out.age"
    code = at_a_terminal([program, "-p", "-o", str(out), str(tmp_path / "plain")], ["grüne Wiese 7"] * 2)
    assert code == 0
    file = out.read_bytes()
    assert b"".join(age.decrypt(io.BytesIO(file), [age.ScryptIdentity("grüne Wiese 7")])) == PLAIN
    with pytest.raises(age.NoMatch):
        age.decrypt(io.BytesIO(file), [age.ScryptIdentity("grüne Wiese 8")])


def test_they_read_our_passphrase_file(program: str, tmp_path: Path) -> None:
    sealed = tmp_path / "in.age"
    sealed.write_bytes(b"".join(age.encrypt([age.ScryptRecipient("grüne Wiese 7", 12)], [PLAIN])))
    out = tmp_path / "out"
    assert at_a_terminal([program, "-d", "-o", str(out), str(sealed)], ["grüne Wiese 7"]) == 0
    assert out.read_bytes() == PLAIN
    assert at_a_terminal([program, "-d", "-o", str(tmp_path / "no"), str(sealed)], ["wrong"]) != 0
