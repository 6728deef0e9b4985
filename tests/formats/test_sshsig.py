"""SSH signatures, in both directions with the real ssh-keygen."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.errors import Damaged
from evidencevault.formats import signatures as sig

SEED = bytes(range(1, 33))
PUBLIC = sig.public_ed25519(SEED)
NAMESPACE = "evidencevault-bundle"
PRINCIPAL = "evidencevault-release"
MESSAGE = b"0123456789abcdef  data/index.csv\n"


@pytest.fixture
def keygen() -> str:
    program = shutil.which("ssh-keygen")
    assert program, "install openssh-client: the promise is that ssh-keygen verifies our signatures"
    return program


def verify(keygen: str, folder: Path, message: bytes, namespace: str = NAMESPACE) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [keygen, "-Y", "verify", "-f", "allowed_signers", "-I", PRINCIPAL, "-n", namespace, "-s", "message.sig"],
        cwd=folder,
        input=message,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_ssh_keygen_verifies_ours(keygen: str, tmp_path: Path) -> None:
    blob = sig.sshsig_sign(SEED, MESSAGE, NAMESPACE)
    (tmp_path / "message.sig").write_text(sig.sshsig_armor(blob))
    (tmp_path / "allowed_signers").write_text(sig.allowed_signers_line(PRINCIPAL, PUBLIC, NAMESPACE))
    good = verify(keygen, tmp_path, MESSAGE)
    assert good.returncode == 0
    assert sig.ssh_fingerprint(PUBLIC).encode() in good.stdout
    assert verify(keygen, tmp_path, MESSAGE + b" ").returncode != 0
    assert verify(keygen, tmp_path, MESSAGE, "other").returncode != 0
    (tmp_path / "allowed_signers").write_text(
        sig.allowed_signers_line(PRINCIPAL, sig.public_ed25519(bytes(32)), NAMESPACE)
    )
    assert verify(keygen, tmp_path, MESSAGE).returncode != 0


def test_we_verify_theirs(keygen: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(
        [keygen, "-q", "-t", "ed25519", "-N", "", "-C", "Ms Example", "-f", str(key)], check=True, timeout=60
    )
    private = load_ssh_private_key(key.read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    public = private.public_key().public_bytes_raw()
    (tmp_path / "message").write_bytes(MESSAGE)
    subprocess.run(
        [keygen, "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, "message"],
        cwd=tmp_path,
        check=True,
        timeout=60,
        capture_output=True,
    )
    text = (tmp_path / "message.sig").read_text()
    blob = sig.sshsig_dearmor(text)
    assert sig.sshsig_armor(blob) == text
    assert sig.sshsig_verify(blob, MESSAGE, NAMESPACE, public)
    assert not sig.sshsig_verify(blob, MESSAGE + b" ", NAMESPACE, public)
    assert not sig.sshsig_verify(blob, MESSAGE, "other", public)
    assert not sig.sshsig_verify(blob, MESSAGE, NAMESPACE, PUBLIC)
    assert sig.sshsig_parse(blob).public == public
    # Ed25519 is deterministic: the same seed gives the same file.
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    assert sig.sshsig_sign(seed, MESSAGE, NAMESPACE) == blob
    line = (tmp_path / "key.pub").read_text()
    assert sig.parse_ssh_public_key(line) == public
    assert line.startswith(sig.ssh_public_key(public) + " ")


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_never_verifies(at: int, change: int) -> None:
    blob = bytearray(sig.sshsig_sign(SEED, MESSAGE, NAMESPACE))
    blob[at % len(blob)] ^= change
    assert not sig.sshsig_verify(bytes(blob), MESSAGE, NAMESPACE, PUBLIC)


@given(st.binary(max_size=200))
def test_garbage_is_refused(junk: bytes) -> None:
    assert not sig.sshsig_verify(junk, MESSAGE, NAMESPACE, PUBLIC)
    assert not sig.sshsig_verify(b"SSHSIG\0\0\0\1" + junk, MESSAGE, NAMESPACE, PUBLIC)
    for read in (sig.sshsig_dearmor, sig.parse_ssh_public_key):
        with pytest.raises(Damaged):
            read(junk.decode("latin-1"))


def test_cut_and_extended_signatures_are_refused() -> None:
    blob = sig.sshsig_sign(SEED, MESSAGE, NAMESPACE)
    assert sig.sshsig_verify(blob, MESSAGE, NAMESPACE, PUBLIC)
    assert not any(sig.sshsig_verify(blob[:size], MESSAGE, NAMESPACE, PUBLIC) for size in range(len(blob)))
    assert not sig.sshsig_verify(blob + b"\0", MESSAGE, NAMESPACE, PUBLIC)


@pytest.mark.parametrize("word", ["", 'a"b', "a b", "a\nb", "a,b"])
def test_words_that_would_change_the_line_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match="plain words"):
        sig.allowed_signers_line(word, PUBLIC, NAMESPACE)
    with pytest.raises(ValueError, match="plain words"):
        sig.allowed_signers_line(PRINCIPAL, PUBLIC, word)
