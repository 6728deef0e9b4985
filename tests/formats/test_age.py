"""Headers, recipients, identities and whole files."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencevault.formats import age, bech32

HYBRID = age.HybridIdentity(bytes(range(32)))
CURVE = age.X25519Identity(bytes(range(32)))
PASSPHRASE = age.ScryptRecipient("correct horse", 10)

# From the specification itself.
SPEC_IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
SPEC_RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


def opened(file: bytes, *identities: age.Identity) -> bytes:
    return b"".join(age.decrypt(io.BytesIO(file), identities))


def test_keys_of_the_specification() -> None:
    (identity,) = age.parse_identities(SPEC_IDENTITY)
    assert isinstance(identity, age.X25519Identity)
    assert str(identity) == SPEC_IDENTITY
    assert str(identity.recipient()) == SPEC_RECIPIENT
    assert age.parse_recipient(f" {SPEC_RECIPIENT}\n") == identity.recipient()


@pytest.mark.parametrize("identity", [HYBRID, CURVE])
def test_keys_as_text(identity: age.HybridIdentity | age.X25519Identity) -> None:
    assert age.parse_identities(f"# created: today\n# public key: …\n\n{identity}\r\n") == [identity]
    assert age.parse_recipient(str(identity.recipient())) == identity.recipient()


def test_generated_keys_differ_and_take_their_randomness_from_outside() -> None:
    assert age.X25519Identity.generate() != age.X25519Identity.generate()
    assert age.HybridIdentity.generate(lambda n: bytes(range(n))) == HYBRID


def test_secrets_are_not_in_a_repr() -> None:
    shown = repr((HYBRID, CURVE, PASSPHRASE, age.ScryptIdentity("correct horse")))
    assert "horse" not in shown
    assert repr(HYBRID.seed) not in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        SPEC_IDENTITY.lower(),
        SPEC_IDENTITY[:-1],
        SPEC_IDENTITY.replace("4EGAEX", "4EGAEY"),
        SPEC_RECIPIENT,
        "AGE-PLUGIN-YUBIKEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-pq-", bytes(33)).upper(),
        "hello",
        "Ä" * 70,
    ],
)
def test_other_identities_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(age.AgeError) as caught:
        age.parse_identities(f"{SPEC_IDENTITY}\n{text}" if text and text[0] != "#" else text)
    assert "GFPYYS" not in caught.value.sentence.upper()


@pytest.mark.parametrize(
    "text",
    [
        "",
        SPEC_RECIPIENT[:-1],
        SPEC_RECIPIENT.upper()[:-1] + "j",
        SPEC_IDENTITY,
        "age1",
        bech32.encode("age", bytes(33)),
        bech32.encode("age1pq", bytes(1215)),
        bech32.encode("age1tag", bytes(33)),
        "ssh-ed25519 AAAA",
    ],
)
def test_other_recipients_are_refused(text: str) -> None:
    with pytest.raises(age.AgeError):
        age.parse_recipient(text)


@given(st.binary(max_size=200))
def test_bech32_round_trip(data: bytes) -> None:
    assert bech32.decode(bech32.encode("age", data)) == ("age", data)
    assert bech32.decode(bech32.encode("age1pq", data).upper()) == ("age1pq", data)


@pytest.mark.parametrize("text", ["A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"])
def test_bech32_valid_strings_of_bip173(text: str) -> None:
    prefix, data = bech32.decode(text)
    assert bech32.encode(prefix, data) == text.lower()


@pytest.mark.parametrize("text", ["pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "a12UEL5L", ""])
def test_bech32_invalid_strings_of_bip173(text: str) -> None:
    with pytest.raises(ValueError, match=r"case|allowed|prefix|typing"):
        bech32.decode(text)


PLAIN = [b"", b"hello", bytes(age.CHUNK), bytes(200_000)]


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize(
    ("recipients", "identity"),
    [
        ([CURVE.recipient()], CURVE),
        ([age.X25519Identity.generate().recipient(), CURVE.recipient()], CURVE),
        ([HYBRID.recipient()], HYBRID),
        ([age.HybridIdentity.generate().recipient(), HYBRID.recipient()], HYBRID),
        ([PASSPHRASE], age.ScryptIdentity("correct horse")),
    ],
)
def test_whole_files(recipients: list[age.Recipient], identity: age.Identity, plain: bytes) -> None:
    file = b"".join(age.encrypt(recipients, [plain]))
    assert opened(file, identity) == plain
    assert opened(b"".join(age.armor([file[:100], file[100:]])), identity) == plain
    assert opened(file, age.X25519Identity.generate(), age.HybridIdentity.generate(), identity) == plain
    with pytest.raises(age.NoMatch):
        opened(file, age.X25519Identity.generate(), age.HybridIdentity.generate(), age.ScryptIdentity("wrong"))


def test_header_apart_from_payload() -> None:
    """An object's stored payload gets a new header for each recipient."""
    file_key, nonce = bytes(range(16)), bytes(range(16, 32))
    payload = b"".join(age.seal_stream(age.payload_key(file_key, nonce), [b"hello"]))
    for identity in (CURVE, HYBRID):
        head = age.header([identity.recipient()], file_key)
        assert opened(head + nonce + payload, identity) == b"hello"
        stream = io.BytesIO(head + nonce + payload)
        assert age.open_header(stream, [identity]) == file_key
        assert stream.read(16) == nonce


def test_randomness_from_outside() -> None:
    counter = itertools.count()
    file = b"".join(age.encrypt([CURVE.recipient()], [b"x"], lambda n: bytes([next(counter)]) * n))
    assert age.open_header(io.BytesIO(file), [CURVE]) == bytes(16)
    assert file.split(b"\n---")[1].split(b"\n", 1)[1][:16] == b"\x01" * 16


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [PASSPHRASE, CURVE.recipient()],
        [PASSPHRASE, PASSPHRASE],
        [HYBRID.recipient(), CURVE.recipient()],
        [CURVE.recipient()] * 257,
        [age.X25519Recipient(bytes(32))],
        [age.HybridRecipient(HYBRID.recipient().public[:1184] + bytes(32))],
        [age.HybridRecipient(b"\xff" * 1216)],
    ],
)
def test_recipients_that_do_not_go_together_are_refused_before_anything_is_read(
    recipients: list[age.Recipient],
) -> None:
    def source() -> object:
        raise AssertionError("read too early")
        yield b""

    with pytest.raises(age.AgeError):
        age.encrypt(recipients, source())  # type: ignore[arg-type]


def test_work_factor_is_capped() -> None:
    file = b"".join(age.encrypt([PASSPHRASE], [b"x"]))
    assert opened(file, age.ScryptIdentity("correct horse", 10)) == b"x"
    with pytest.raises(age.HeaderError):
        opened(file, age.ScryptIdentity("correct horse", 9))
    with pytest.raises(age.HeaderError):
        opened(file.replace(b" 10\n", b" 23\n", 1), age.ScryptIdentity("correct horse"))


def test_bounds_of_the_header() -> None:
    stanza = b"-> grease\n\n"
    for flood in (stanza * 300, b"-> " + b"x" * 9000 + b"\n\n", b"-> x\n" + (b"A" * 64 + b"\n") * 20_000):
        with pytest.raises(age.HeaderError):
            opened(b"age-encryption.org/v1\n" + flood + b"--- " + b"A" * 43 + b"\n" + bytes(40), CURVE)
    with pytest.raises(age.HeaderError):
        opened(b"a" * 1_000_000, CURVE)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_never_opens(at: int, change: int) -> None:
    file = bytearray(FILE)
    file[at % len(file)] ^= change
    with pytest.raises(age.AgeError):
        opened(bytes(file), CURVE)


FILE = b"".join(age.encrypt([CURVE.recipient()], [b"hello"]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_never_opens(junk: bytes) -> None:
    for file in (junk, b"age-encryption.org/v1\n" + junk, b"-----BEGIN AGE ENCRYPTED FILE-----\n" + junk):
        with pytest.raises(age.AgeError):
            opened(file, CURVE, HYBRID)


@given(st.binary(max_size=400), st.integers(1, 100))
def test_armor_round_trip(data: bytes, step: int) -> None:
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    text = b"".join(age.armor(pieces))
    assert age.dearmor(io.BytesIO(text)).read() == data
    assert age.dearmor(io.BytesIO(text.replace(b"\n", b"\r\n"))).read() == data
    assert all(len(line) <= 64 for line in text.splitlines())
