"""A reader written from docs/formats.md alone: standard library, `cryptography`, a MessagePack reader, nothing of ours.

It opens a vault with a passphrase and reads one record and one object. The vault itself is made by the real program, in
another process, so that nothing of it is imported here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAKE = """
import io, json, sys
from pathlib import Path
from evidencevault.custody import casefile, membership, access
from evidencevault.custody.casefile import Kind
from evidencevault.progress import Progress
folder = Path(sys.argv[1])
office = membership.found(folder, organisation="O", country="NL", name="anna", roles=frozenset({"officer"}),
                          passphrase="p\\u0061\\u0308ss").office
membership.invite(office, "leo", frozenset({"legal"}), "pw2")
case = casefile.create_case(office, {"title": "T"})
access.grant(case.ledger, "leo")
write = case.write()
person = write.record(Kind.PERSON, {"names": ["Jan O'Neill"]})
write.entry("recorded", records=[person])
small = write.store_object(io.BytesIO(b"small" * 100).readinto, Progress())
write.entry("imported", objects=[small])
write.commit()
access.revoke(case.ledger, "leo")  # a second epoch: the first is reached down the chain
write = case.write()
large = write.store_object(io.BytesIO(b"large" * 60000).readinto, Progress())
write.entry("imported", objects=[large])
write.commit()
office.close()
print(json.dumps([case.id.hex(), person.item.hex(), small.item.hex(), large.item.hex()]))
"""

SEAL = b"evidencevault/seal/v1\0"
RECORD, OBJECT, FILE, CHAIN, SEED = 1, 2, 3, 7, 9
LABEL = {RECORD: b"record\0", OBJECT: b"object\0", FILE: b"file\0", CHAIN: b"chain\0"}


def hkdf(key: bytes, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key)


def padme(length: int) -> int:
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    keep = exponent.bit_length()
    mask = (1 << max(0, exponent - keep)) - 1
    return (length + mask) & ~mask


def unseal(
    key: bytes,
    sealed: bytes,
    vault: bytes,
    purpose: int,
    case: bytes = bytes(16),
    item: bytes = bytes(16),
    kind: int = 0,
    revision: int = 0,
) -> tuple[int, bytes, bytes, dict[str, object]]:
    """Epoch, salt, MessagePack bytes and map of an envelope."""
    assert sealed[:2] == b"\1\1"
    place = purpose.to_bytes(2, "big") + item + kind.to_bytes(4, "big") + revision.to_bytes(8, "big")
    plain = AESGCM(key).decrypt(sealed[6:18], sealed[18:], SEAL + vault + case + place + sealed[:6])
    length = int.from_bytes(plain[:4], "big")
    assert len(plain) == max(256, padme(36 + length)) and not any(plain[36 + length :])
    packed = plain[36 : 36 + length]
    return int.from_bytes(sealed[2:6], "big"), plain[4:36], packed, msgpack.unpackb(packed)


class Reader:
    """One member's view of the raw files."""

    def __init__(self, folder: Path, handle: str, passphrase: str) -> None:
        self.folder = folder
        self.database = sqlite3.connect(f"file:{folder / 'vault.db'}?mode=ro", uri=True)
        self.vault = self.one("SELECT id FROM vault")[0]
        self.keys: dict[tuple[bytes, int, int], bytes] = {}
        self.unlock(handle, passphrase)
        self.open_grants()
        self.walk()

    def one(self, query: str, *values: object) -> tuple[bytes, ...]:
        return tuple(self.database.execute(query, values).fetchone())

    def unlock(self, handle: str, passphrase: str) -> None:
        generation, key_id, public, salt, memory, passes, lanes, sealed = self.one(
            "SELECT generation, key_id, public, salt, memory, passes, lanes, seed FROM member_key WHERE handle = ? "
            "AND state IN ('active', 'provisional') ORDER BY generation DESC LIMIT 1", handle
        )  # fmt: skip
        secret = unicodedata.normalize("NFC", passphrase).encode()
        kek = Argon2id(salt=salt, length=32, iterations=int(passes), lanes=int(lanes), memory_cost=int(memory)).derive(
            secret
        )
        seed = unseal(kek, sealed, self.vault, SEED, item=key_id, kind=int(generation))[3]["seed"]
        assert isinstance(seed, bytes)
        material = hkdf(seed, b"evidencevault/identity/v1\0kem", 96)
        x25519, mlkem = (
            X25519PrivateKey.from_private_bytes(material[:32]),
            MLKEM768PrivateKey.from_seed_bytes(material[32:]),
        )
        assert public[64:1248] == mlkem.public_key().public_bytes_raw()
        assert public[1248:] == x25519.public_key().public_bytes_raw()
        assert hashlib.sha256(public).digest()[:16] == key_id
        self.key_id, self.kem = key_id, hpke.MLKEM768X25519PrivateKey(mlkem, x25519)

    def open_grants(self) -> None:
        suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        for (blob,) in self.database.execute('SELECT blob FROM "grant"'):
            try:
                plain = suite.decrypt(blob, self.kem, b"evidencevault/grant/v1\0" + self.vault + self.key_id)
            except InvalidTag:
                continue
            body = msgpack.unpackb(plain[4 : 4 + int.from_bytes(plain[:4], "big")])
            self.keys[body["case"], body["kind"], body["epoch"]] = body["key"]

    def walk(self) -> None:
        query = 'SELECT "case", kind, n, chain, "commit" FROM epoch ORDER BY n DESC'
        for case, kind, n, chain, commit in self.database.execute(query):
            key = self.keys.get((case, kind, n))
            if key is None:
                continue
            assert hkdf(key, b"commit") == commit
            if n > 1:
                previous = unseal(hkdf(key, LABEL[CHAIN]), chain, self.vault, CHAIN, case, kind=kind, revision=n)[3][
                    "key"
                ]
                assert isinstance(previous, bytes)
                self.keys[case, kind, n - 1] = previous

    def item_key(self, case: bytes, epoch: int, purpose: int, salt: bytes) -> bytes:
        purpose_key = hkdf(self.keys[case, 2, epoch], LABEL[purpose])
        return hashlib.blake2b(salt, digest_size=32, key=purpose_key, person=b"evidencevault/i1").digest()

    def record(self, case: bytes, item: bytes) -> dict[str, object]:
        salt, kind, revision, sealed, commitment = self.one(
            "SELECT i.salt, r.kind, r.revision, r.sealed, r.commitment FROM record r JOIN item i ON i.id = r.item "
            "WHERE r.item = ? ORDER BY r.revision DESC", item
        )  # fmt: skip
        key = self.item_key(case, int.from_bytes(sealed[2:6], "big"), RECORD, salt)
        _, inner, packed, body = unseal(key, sealed, self.vault, RECORD, case, item, int(kind), int(revision))
        assert hashlib.sha256(b"evidencevault/record/v1\0" + inner + packed).digest() == commitment
        return body

    def object(self, case: bytes, item: bytes) -> bytes:
        salt, sealed, stored = self.one(
            "SELECT i.salt, o.sealed, o.payload FROM object o JOIN item i ON i.id = o.item WHERE o.item = ?", item
        )
        epoch = int.from_bytes(sealed[2:6], "big")
        body = unseal(self.item_key(case, epoch, OBJECT, salt), sealed, self.vault, OBJECT, case, item, 1, 1)[3]
        if stored is None:
            name = item.hex()
            stored = (self.folder / "objects" / name[:2] / name[2:4] / name).read_bytes()
        length, nonce = body["length"], body["nonce"]
        assert isinstance(length, int) and stored[:16] == nonce and len(stored) == padme(16 + length)
        file_key = self.item_key(case, epoch, FILE, salt)[:16]
        plain = stream(hkdf(file_key, b"payload", salt=stored[:16]), io.BytesIO(stored[16 : 16 + length]))
        assert hashlib.sha256(plain).digest() == body["sha256"]
        return plain


def stream(key: bytes, sealed: io.BytesIO) -> bytes:
    """The STREAM of age v1: 64 KiB chunks, an 11-byte counter and a last-chunk flag as nonce."""
    out, counter = b"", 0
    while True:
        chunk = sealed.read(65536 + 16)
        last = sealed.tell() == len(sealed.getbuffer())
        out += ChaCha20Poly1305(key).decrypt(counter.to_bytes(11, "big") + bytes((last,)), chunk, None)
        counter += 1
        if last:
            return out


def test_a_stranger_reads_a_record_and_an_object_from_the_raw_files(tmp_path: Path) -> None:
    environment = {**os.environ, "EVIDENCEVAULT_STATE": str(tmp_path / "state")}
    made = subprocess.run(
        [sys.executable, "-c", MAKE, str(tmp_path / "vault")],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    case, person, small, large = (bytes.fromhex(one) for one in json.loads(made.stdout))
    reader = Reader(tmp_path / "vault", "anna", "p\u00e4ss")
    assert reader.record(case, person) == {"v": 1, "names": ["Jan O'Neill"]}
    assert reader.object(case, small) == b"small" * 100
    assert reader.object(case, large) == b"large" * 60000
    reader.database.close()
    assert not [one for one in globals().values() if str(getattr(one, "__module__", "")).startswith("evidencevault")]
