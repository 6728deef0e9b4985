"""Signed notes against published examples, checkpoints and cosignatures against their specifications."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.errors import Damaged
from evidencevault.formats import signatures as sig
from evidencevault.formats.merkle import leaf_hash

SEED = bytes(range(32))
PUBLIC = sig.public_ed25519(SEED)
ORIGIN = "evidencevault.org/v1/aa/bb"
WITNESS = "evidencevault.org/v1/aa/witness/cc"
ROOT = leaf_hash(b"x")

# Published examples: golang.org/x/mod/sumdb/note and the reference libraries of c2sp.org/signed-note.
EXAMPLES = [
    (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    ),
    (
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "This is an example message.\n",
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        "\n",
    ),
]


@pytest.mark.parametrize(("vkey", "text", "line"), EXAMPLES)
def test_published_notes_open(vkey: str, text: str, line: str) -> None:
    name, hash_hex, encoded = vkey.split("+", 2)
    public = base64.b64decode(encoded)[1:]
    assert sig.key_id(name, public).hex() == hash_hex
    assert sig.verifier_key(name, public) == vkey
    note = f"{text}\n{line}".encode()
    assert sig.open_note(note, name, public) == text
    with pytest.raises(Damaged):
        sig.open_note(note.replace(b"is", b"Is", 1), name, public)


def test_rfc8032_vector() -> None:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert sig.public_ed25519(seed).hex() == public
    assert sig.sign_ed25519(seed, b"\x72").hex() == signature
    assert sig.verify_ed25519(bytes.fromhex(public), b"\x72", bytes.fromhex(signature))
    assert not sig.verify_ed25519(bytes.fromhex(public), b"\x73", bytes.fromhex(signature))
    assert not sig.verify_ed25519(b"short", b"\x72", bytes.fromhex(signature))


def test_checkpoint_to_the_byte() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    text = f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}\n"
    value = base64.b64encode(sig.key_id(ORIGIN, PUBLIC) + sig.sign_ed25519(SEED, text.encode())).decode()
    assert note.decode() == f"{text}\n— {ORIGIN} {value}\n"
    assert sig.open_checkpoint(note, ORIGIN, PUBLIC) == sig.Checkpoint(ORIGIN, 7, ROOT)


def test_published_checkpoint_reads() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = sig.parse_checkpoint_text(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ"
        "qhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    signature = sig.parse_signature(line)
    assert signature.name == "witness.example.com/w1"
    assert int.from_bytes(signature.value[:8], "big") == 1679315147
    assert len(signature.value) == 72


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_checkpoint_round_trip(size: int, root: bytes, seed: bytes) -> None:
    note = sig.sign_checkpoint(ORIGIN, size, root, seed)
    assert sig.open_checkpoint(note, ORIGIN, sig.public_ed25519(seed)) == sig.Checkpoint(ORIGIN, size, root)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_never_opens_as_something_else(at: int, change: int) -> None:
    note = bytearray(sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED))
    note[at % len(note)] ^= change
    with pytest.raises(Damaged):
        sig.open_checkpoint(bytes(note), ORIGIN, PUBLIC)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n07\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n-7\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n9223372036854775808\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}\nextension\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT[:31]).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode().rstrip('=')}\n",
        f"\n7\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN} x\n7\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n\u0667\n{base64.b64encode(ROOT).decode()}\n",
        "",
    ],
)
def test_other_checkpoint_texts_are_refused(text: str) -> None:
    with pytest.raises(Damaged):
        sig.parse_checkpoint_text(text)
    with pytest.raises(Damaged):
        sig.open_checkpoint(sig.sign_note(text, ORIGIN, SEED), ORIGIN, PUBLIC)


def test_another_origin_key_or_type_is_refused() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    with pytest.raises(Damaged):
        sig.open_checkpoint(note, ORIGIN + "x", PUBLIC)
    with pytest.raises(Damaged):
        sig.open_checkpoint(note, ORIGIN, sig.public_ed25519(bytes(32)))
    # The right key name over the text of another ledger.
    with pytest.raises(Damaged):
        sig.open_checkpoint(sig.sign_note(sig.checkpoint_text("other", 7, ROOT), ORIGIN, SEED), ORIGIN, PUBLIC)


def test_foreign_signatures_are_ignored_but_a_wrong_own_one_spoils() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    with_cosignature = note + sig.cosign(note, WITNESS, bytes(32), 1_700_000_000)
    assert sig.open_checkpoint(with_cosignature, ORIGIN, PUBLIC).size == 7
    wrong = sig.sign_checkpoint(ORIGIN, 8, ROOT, SEED).rpartition(b"\n\n")[2]
    with pytest.raises(Damaged):
        sig.open_checkpoint(note + wrong, ORIGIN, PUBLIC)
    with pytest.raises(Damaged):
        sig.parse_note(note + wrong * 64)
    with pytest.raises(Damaged):
        sig.parse_note(b"x" * 70_000 + note)


def test_base64_has_one_form_only() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    assert note.endswith(b"=\n")
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = alphabet[alphabet.index(note[-3:-2]) | 1 : (alphabet.index(note[-3:-2]) | 1) + 1]
    with pytest.raises(Damaged):
        sig.open_checkpoint(note[:-3] + spare + b"=\n", ORIGIN, PUBLIC)


def test_cosignature_to_the_byte() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    text = sig.parse_note(note).text
    line = sig.cosign(note, WITNESS, SEED, 1_679_315_147)
    assert line == sig.cosign(text, WITNESS, SEED, 1_679_315_147)
    signed = b"cosignature/v1\ntime 1679315147\n" + text.encode()
    value = (1_679_315_147).to_bytes(8, "big") + sig.sign_ed25519(SEED, signed)
    key_id = sig.key_id(WITNESS, PUBLIC, 0x04)
    assert line.decode() == f"— {WITNESS} {base64.b64encode(key_id + value).decode()}\n"
    assert key_id != sig.key_id(WITNESS, PUBLIC)
    assert sig.verify_cosignature(line, text, WITNESS, PUBLIC) == 1_679_315_147
    assert list(sig.cosignature_lines(note + line)) == [line]


def test_cosignatures_of_others_or_over_others_are_refused() -> None:
    note = sig.sign_checkpoint(ORIGIN, 7, ROOT, SEED)
    line = sig.cosign(note, WITNESS, SEED, 5)
    other = sig.checkpoint_text(ORIGIN, 8, ROOT)
    later = sig.parse_signature(line)
    moved = sig.cosign(note, WITNESS, SEED, 6)
    spliced = base64.b64encode(later.key_id + (6).to_bytes(8, "big") + later.value[8:])
    for bad in (
        lambda: sig.verify_cosignature(line, other, WITNESS, PUBLIC),
        lambda: sig.verify_cosignature(line, note, WITNESS + "x", PUBLIC),
        lambda: sig.verify_cosignature(line, note, WITNESS, sig.public_ed25519(bytes(32))),
        lambda: sig.verify_cosignature(f"— {WITNESS} ".encode() + spliced + b"\n", note, WITNESS, PUBLIC),
        lambda: sig.verify_cosignature(line[:-1], note, WITNESS, PUBLIC),
        lambda: sig.verify_cosignature(b"\xff\n", note, WITNESS, PUBLIC),
        lambda: sig.cosign("not a checkpoint", WITNESS, SEED, 5),
    ):
        with pytest.raises(Damaged):
            bad()
    assert sig.verify_cosignature(moved, note, WITNESS, PUBLIC) == 6
