"""Fingerprints: the same that stock tools compute, as words of which none stands for two keys, as QR that is read."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from shamir_mnemonic.wordlist import WORDLIST

from evidencevault.formats import age, fingerprints, signatures
from evidencevault.formats.fingerprints import Fingerprint
from evidencevault.vault.keys import fingerprint_words

KEY = str(age.X25519Identity(bytes(range(32))).recipient())
VECTOR = (
    "SHA256:bRUvqcARBbuLClgVWJB01a3zLZ/8dqGe6I/gfAC0FsQ",
    "hesitate fiber western husband beard boring regular salon",
)
HYBRID = str(age.HybridIdentity(bytes(range(32))).recipient())


def test_the_words_are_the_first_eighty_bits() -> None:
    digest = hashlib.sha256(KEY.encode()).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)[:80]
    expected = [WORDLIST[int(bits[at : at + 10], 2)] for at in range(0, 80, 10)]
    assert fingerprints.of_recipient(KEY).words.split() == expected
    assert len(set(WORDLIST)) == 1024 and len({word[:4] for word in WORDLIST}) == 1024
    assert fingerprint_words(KEY.encode()) == fingerprints.of_recipient(KEY).words


def test_a_vector_that_may_never_change() -> None:
    assert KEY == "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh"
    found = fingerprints.of_recipient(KEY)
    assert (str(found), found.words) == VECTOR


def test_every_bit_of_the_eighty_counts() -> None:
    seen = {fingerprints.words((1 << bit).to_bytes(10, "big") + bytes(22)) for bit in range(80)}
    assert len(seen) == 80


def test_how_a_key_is_written_does_not_matter() -> None:
    assert fingerprints.of_recipient(f" {KEY.upper()} ") == fingerprints.of_recipient(KEY)
    assert fingerprints.of_recipient(HYBRID) != fingerprints.of_recipient(KEY)
    with pytest.raises(age.AgeError):
        fingerprints.of_recipient(KEY[:-1] + "q")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_openssh_computes_the_same(tmp_path: Path) -> None:
    public = signatures.public_ed25519(bytes(32))
    (tmp_path / "k.pub").write_text(signatures.ssh_public_key(public) + "\n")
    shown = subprocess.run(["ssh-keygen", "-lf", "k.pub"], cwd=tmp_path, capture_output=True, text=True, check=True)
    said = signatures.ssh_fingerprint(public)
    assert said in shown.stdout and str(fingerprints.of_ssh(said)) == said


@pytest.mark.parametrize("text", ["", "SHA256:", "SHA256:abc", "MD5:" + "A" * 43, "SHA256:" + "!" * 43])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        fingerprints.of_ssh(text)


@pytest.mark.parametrize("key", [KEY, HYBRID])
def test_a_reader_of_qr_codes_reads_it(key: str) -> None:
    found = fingerprints.of_recipient(key)
    with Image.open(io.BytesIO(fingerprints.qr_file(found.told, "png"))) as picture:
        (read,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert read.text.split("\n") == [str(found), found.words]


def test_the_terminal_shows_the_same_modules() -> None:
    told = Fingerprint(bytes(32)).told
    rows = fingerprints.qr_terminal(told).splitlines()
    light = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    pixels = [[light[sign][half] for sign in row] for row in rows for half in (0, 1)]
    picture = Image.new("L", (len(rows[0]), len(pixels)), 255)
    picture.putdata([255 * one for row in pixels for one in row])
    (read,) = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST))
    assert read.text == told


def test_a_page_takes_the_svg_as_it_is() -> None:
    drawn = fingerprints.qr_svg("x")
    assert drawn.startswith("<svg") and "script" not in drawn and "http" not in drawn
    assert b"<svg" in fingerprints.qr_file("x", "svg")
