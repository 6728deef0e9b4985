"""Real vaults for tests: made once a session (Argon2 costs), copied for each test."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from evidencevault.custody import access, casefile, membership
from evidencevault.custody.casefile import CaseFile, Duty, Kind
from evidencevault.custody.office import Office
from evidencevault.progress import Progress
from evidencevault.vault.keys import item_key
from evidencevault.vault.registry import KeyKind, Purpose

PASSPHRASES = {"anna": "anna's long passphrase", "leo": "leo's long passphrase", "olga": "olga's", "ben": "ben's"}
CASE = {"severity": "high", "categories": ["neglect"], "immediate_safety": {"state": "unknown"}}
SECRET = "Wilhelmina van Zonneveld-Karsten"


@dataclass(frozen=True)
class Made:
    """A vault on disk with its recovery shares and what lies in it."""

    folder: Path
    state: Path
    shares: tuple[str, ...]
    small: bytes
    large: bytes

    def open(self, name: str = "anna") -> Office:
        return Office.unlock(self.folder, name, PASSPHRASES[name])


def make(root: Path) -> Made:
    """A case with a person, a duty, an inline and a stored object; granted to leo (legal); olga verifies."""
    founded = membership.found(
        root / "vault",
        organisation="Fictional Aid",
        country="NL",
        name="anna",
        roles=frozenset({"officer"}),
        passphrase=PASSPHRASES["anna"],
    )
    office = founded.office
    for name, role in (("leo", "legal"), ("olga", "oversight"), ("ben", "officer")):
        membership.invite(office, name, frozenset({role}), PASSPHRASES[name])
    case = casefile.create_case(office, {"title": f"About {SECRET}", **CASE})
    access.grant(case.ledger, "leo")
    small, large = write_some(case)
    office.close()
    for name in ("leo", "olga", "ben"):
        office = Office.unlock(root / "vault", name, PASSPHRASES[name])
        membership.replace_keys(office, PASSPHRASES[name])
        office.close()
    office = Office.unlock(root / "vault", "anna", PASSPHRASES["anna"])
    write_note(casefile.open_case(office, "NL-2026-0001"), "after the first unlocks: a new epoch")
    office.close()
    office = Office.unlock(root / "vault", "leo", PASSPHRASES["leo"])  # cosigns what anna wrote
    casefile.open_case(office, "NL-2026-0001")
    office.close()
    return Made(root / "vault", root / "state", founded.shares, small, large)


def write_some(case: CaseFile) -> tuple[bytes, bytes]:
    write = case.write()
    person = write.record(Kind.PERSON, {"names": [SECRET], "role": "child"})
    duty = write.duty(Duty("answer the concern", "officer", 1_800_000_000, "open", "C01"))
    write.entry("recorded", records=[person], duties=[duty], subject="C01")
    small = write.store_object(io.BytesIO(SECRET.encode() * 50).readinto, Progress())
    write.entry("imported", objects=[small], subject="E001", digest=small.sha256)
    large = write.store_object(io.BytesIO(SECRET.encode() * 9000).readinto, Progress())
    write.entry("imported", objects=[large], subject="E002", digest=large.sha256)
    write.commit()
    return small.item, large.item


def write_note(case: CaseFile, text: str) -> bytes:
    write = case.write()
    note = write.record(Kind.NOTE, {"text": text})
    write.entry("noted", records=[note])
    write.commit()
    return note.item


def copy(made: Made, to: Path) -> Made:
    shutil.copytree(made.folder, to / "vault")
    shutil.copytree(made.state, to / "state")
    return Made(to / "vault", to / "state", made.shares, made.small, made.large)


def item_key_of(office: Office, case: bytes, kind: KeyKind, n: int, purpose: Purpose, salt: bytes) -> bytes:
    """The item key under any epoch key that a member holds."""
    return item_key(office.keychain.purpose(case, kind, n, purpose), salt)
