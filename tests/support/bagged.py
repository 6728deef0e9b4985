"""A bundle's folder as a receiver has it, quickly made: small files, a real bag, a real signature, the real page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pymupdf

from evidencevault.bundle import contents, page, readme
from evidencevault.bundle.contents import Cover, Document, Redaction, Withheld
from evidencevault.bundle.receiving import NAMESPACE, PRINCIPAL
from evidencevault.formats import bag, signatures

SEED = hashlib.sha256(b"a releasing key for tests").digest()
PUBLIC = signatures.public_ed25519(SEED)
COVER = Cover(
    name="NL-2026-0007-B03",
    case="NL-2026-0007",
    bundle="B03",
    made="2026-11-20T14:05:09+01:00",
    purpose="Investigation by the police, unit West",
    legal_basis="Art. 6(1)(c) GDPR; art. 5.2.6 Jeugdwet",
    approval="",
    fingerprint=signatures.ssh_fingerprint(PUBLIC),
    origin="evidencevault.org/v1/" + "5f" * 16 + "/" + "a1" * 16,
    checkpoint_size=148,
    exhibits_total=16,
)


BASIS = "Counsel and client, art. 218 Sv"


@dataclass(frozen=True)
class Bag:
    """What a folder is made of; each document's bytes are made from its number unless they are given."""

    cover: Cover = COVER
    documents: tuple[Document, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    content: dict[str, bytes] = field(default_factory=dict)

    def bytes_of(self, one: Document) -> bytes:
        return self.content.get(one.path) or pdf(one.number)

    def page(self) -> bytes:
        return page.index_html(self.cover, self.documents, self.redactions, self.withheld)

    def write(self, root: Path, extra: Sequence[tuple[str, bytes]] = ()) -> Path:
        """The folder, in ``root``."""
        folder = root / self.cover.name
        payload = [(one.path, self.bytes_of(one)) for one in self.documents]
        payload += [("index.csv", contents.index_csv(self.documents)), *extra]
        tags = [
            ("index.html", self.page()),
            ("allowed_signers", signatures.allowed_signers_line(PRINCIPAL, PUBLIC, NAMESPACE).encode()),
            (readme.PATH, readme.readme(self.cover)),
        ]
        info = [("External-Identifier", self.cover.name), ("Bagging-Date", "2026-11-20")]
        bag.write(bag.folder_sink(folder), payload, info, tags, sign)
        return folder


def sign(message: bytes) -> bytes:
    return signatures.sshsig_armor(signatures.sshsig_sign(SEED, message, NAMESPACE)).encode()


def pdf(text: str) -> bytes:
    with pymupdf.open() as made:
        made.new_page(width=420, height=595).insert_text((40, 80), text, fontsize=24)
        return bytes(made.tobytes(no_new_id=True))


def document(number: str, exhibit: str, kind: str = contents.REDACTED, **more: object) -> Document:
    path = f"documents/{number}.pdf"
    made = Document(number, number, path, exhibit, "", kind, "application/pdf", 1, 0, "", "", "", "c0" * 32, "")
    made = replace(made, **more)  # type: ignore[arg-type]
    data = pdf(number)
    return made if made.sha256 else replace(made, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def mark(number: str, exhibit: str, reason: str, label: str, page_number: int = 1) -> Redaction:
    return Redaction(number, exhibit, "m0001", page_number, "person", reason, label, "10 10 50 20")


def usual(count: int = 6) -> Bag:
    """Some documents of every kind, with marks, one of them withheld."""
    numbers = [f"NLSOS-{place:06d}" for place in range(1, count + 1)]
    documents, redactions = [], []
    for place, number in enumerate(numbers):
        exhibit = f"E{place + 1:03d}"
        if place % 5 == 4:
            documents.append(document(number, exhibit, contents.SLIP_SHEET, note="withheld: privilege"))
            continue
        documents.append(document(number, exhibit, pages=place % 7 + 1))
        redactions += [mark(number, exhibit, "child", "Child A")] * (place % 3 + 1)
        redactions += [mark(number, exhibit, "reporter", "Reporter")] if place % 2 else []
    held = [
        Withheld(one.number, one.exhibit, "privilege", BASIS, "second member")
        for one in documents
        if one.kind == contents.SLIP_SHEET
    ]
    return Bag(documents=tuple(documents), redactions=tuple(redactions), withheld=tuple(held))
