"""The content of one bundle: documents out of the vault, lists, custody entries with proofs, and the attack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault import __version__
from evidencevault.bundle import (
    contents,
    continuity,
    coversheet,
    leakcheck,
    load,
    originals,
    outside,
    outside_report,
    page,
    readme,
    stages,
    stamping,
    uco_bundle,
)
from evidencevault.bundle.contents import ORIGINAL, Cover, Document, Withheld
from evidencevault.bundle.orders import Order
from evidencevault.bundle.parts import Part, delivered, stamped, withheld
from evidencevault.bundle.receiving import EXTRACT, NAMESPACE, PRINCIPAL
from evidencevault.bundle.stages import Stage
from evidencevault.custody import extracts
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.entry import ReadEntry
from evidencevault.documents.requests import Bytes, ByteSource, Suspect
from evidencevault.errors import Damaged
from evidencevault.formats import bag, signatures
from evidencevault.progress import Progress
from evidencevault.redaction import attacking, burning, subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import PRIVILEGE
from evidencevault.resources import tr
from evidencevault.vault.registry import Field

_DISCLOSED = (Field.HEAD, Field.SUBJECT)
AGREED = "second member"
"""Of a privilege: whoever releases the bundle agrees to it, and that is never who made it (see releasing)."""
_AT_ONCE = 4
"""Numbered copies that are in memory at once."""
_ABOUT_EXHIBITS = frozenset({"imported", "received", "transferred", "redacted", "approved"})


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that a bundle holds, ready to be attacked and written; nothing of it is outside the vault."""

    case: CaseFile
    workers: Burner
    cover: Cover
    parts: tuple[Part, ...]
    files: tuple[tuple[str, bytes], ...]  # below data/
    beside: tuple[tuple[str, bytes], ...]  # beside the manifests
    secrets: tuple[str, ...]
    head: tuple[int, bytes]  # size and root of the checkpoint in it

    def payload(self) -> Iterator[tuple[str, bag.Content]]:
        """Paths below ``data/`` with their bytes."""
        for part in self.parts:
            yield part.document.path, self._bytes(part)
        yield from self.files

    def tags(self) -> Sequence[tuple[str, bytes]]:
        """Files beside the manifests."""
        return self.beside

    def info(self, at: datetime) -> list[tuple[str, str]]:
        """The lines of bag-info.txt."""
        return [
            ("External-Identifier", self.cover.name),
            ("Bagging-Date", at.date().isoformat()),
            ("Bag-Software-Agent", f"EvidenceVault {__version__}"),
        ]

    def checked(self, progress: Progress) -> Built:
        """The same with the report of the leak check in it. Refused where a secret is found."""
        progress.say(stages.told(Stage.CHECK))
        suspects, methods = self._attack(progress)
        copies = [part.checked for part in self.parts if part.checked is not None]
        bare = [(one.number, one.exhibit) for one in self._documents if one.kind == ORIGINAL]
        report = leakcheck.leak_check(copies, suspects, len(self.secrets), methods, bare)
        attacking.attack(self.workers, [Suspect(leakcheck.PATH, Bytes(leakcheck.told(report)))], self.secrets, progress)
        return replace(self, files=(*self.files, (leakcheck.PATH, report)))

    @property
    def _documents(self) -> list[Document]:
        return [part.document for part in self.parts]

    def _attack(self, progress: Progress) -> tuple[int, tuple[str, ...]]:
        """Attack every file but delivered originals: how many, and by which methods."""
        methods: dict[str, None] = {}
        copies = [part for part in self.parts if part.document.kind != ORIGINAL]
        for some in _some(copies):
            pixels = [part for part in some if not part.text]
            methods |= dict.fromkeys(self._attack_some(pixels, self.secrets, progress))
            for part in some:
                if part.text:
                    # It holds names that were never to be hidden: sought is what its own plan hides.
                    methods |= dict.fromkeys(self._attack_some([part], part.secrets, progress))
        files = [Suspect(path, Bytes(data)) for path, data in self.files]
        for path, data in self.beside:
            files.append(Suspect(path, Bytes(page.told(data) if path == page.PATH else data)))
        info = "\n".join(f"{label}: {value}" for label, value in self.info(self.case.now()))
        files.append(Suspect("bag-info.txt", Bytes(info.encode())))
        methods |= dict.fromkeys(attacking.attack(self.workers, files, self.secrets, progress))
        return len(copies) + len(files), tuple(methods)

    def _attack_some(self, parts: Sequence[Part], secrets: Sequence[str], progress: Progress) -> Sequence[str]:
        with ExitStack() as opened:
            suspects = [part.suspect(self.source(part, opened)) for part in parts]
            return attacking.attack(self.workers, suspects, secrets, progress) if suspects else ()

    def source(self, part: Part, opened: ExitStack) -> ByteSource:
        """The bytes of a document as they will lie in the bundle, until ``opened`` is closed."""
        if part.stored is None:
            return Bytes(part.made)
        if part.stamped:
            return Bytes(stamped(self.case, self.workers, part.stored, part.stamped))
        return opened.enter_context(self.case.open_object(part.stored))

    def _bytes(self, part: Part) -> bag.Content:
        if part.stored is None:
            return part.made
        return self._stamped(part) if part.stamped else self._stream(part.stored, part.document.sha256)

    def _stamped(self, part: Part) -> bytes:
        assert part.stored is not None
        data = stamped(self.case, self.workers, part.stored, part.stamped)
        if burning.sha256(data).hex() != part.document.sha256:
            raise _not_the_same()
        return data

    def _stream(self, item: bytes, sha256: str) -> Iterator[bytes]:
        with self.case.open_object(item) as reader:
            if reader.sha256.hex() != sha256:
                raise _not_the_same()
            yield from reader.stream()


def _not_the_same() -> Damaged:
    return Damaged(tr("A file of the bundle is not the one that was approved."))


def _some(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """As many as are held in memory at once."""
    for first in range(0, len(parts), _AT_ONCE):
        yield parts[first : first + _AT_ONCE]


def build(case: CaseFile, workers: Burner, order: Order, alone: str, progress: Progress) -> Built:
    """Collect a bundle's content as the case stands now; ``alone`` is the reason of a release by its maker."""
    progress.say(stages.told(Stage.COLLECT))
    case.ledger.refresh()
    entries = list(case.raw_entries())
    imported = _imports(entries)
    parts, redactions, held = [], [], []
    alone_said = [*(["released alone"] if alone else []), *originals.remark(order)]
    for item in order.items:
        subject = subjects.subject(case, item.exhibit)
        document, marks, approved_alone = delivered(case, workers, order, item, subject, imported)
        parts.append(document)
        redactions += marks
        alone_said += [f"{item.exhibit} approved alone"] if approved_alone else []
        progress.check()
    for one in order.withheld:
        parts.append(withheld(workers, one, subjects.subject(case, one.exhibit), imported))
        agreed = AGREED if one.basis and one.reason == PRIVILEGE else ""
        held.append(Withheld(one.number, one.exhibit, one.reason, one.basis, agreed))
    extract = extracts.extract(case, _chosen(entries, order, imported))
    checked = extracts.check(extract)
    public = case.public_keys(case.member.key_id)
    if public is None:
        raise Damaged(tr("The vault does not know the key of who is working."))
    cover = Cover(
        name=f"{case.reference}-{order.number}",
        case=case.reference,
        bundle=order.number,
        made=order.at,
        purpose=order.purpose,
        legal_basis=order.legal_basis,
        approval="; ".join(alone_said),
        fingerprint=signatures.ssh_fingerprint(public.sign),
        origin=checked.origin,
        checkpoint_size=checked.size,
        exhibits_total=len(subjects.subjects(case)),
        seal=order.seal.kind,
        access=order.receiver.access,
    )
    parts.sort(key=lambda one: one.document.number)
    documents = [one.document for one in parts]
    seen, stamps = [case.seen(one) for one in entries], stamping.newest(case)
    told = outside.collect(case, cover, documents, [one.exhibit for one in held], checked, seen)
    files = (
        ("index.csv", contents.index_csv(documents)),
        ("redactions.csv", contents.redactions_csv(redactions)),
        ("withheld.csv", contents.withheld_csv(cover, documents, held)),
        ("index.pdf", coversheet.made(workers, cover, documents, redactions, held)),
        ("load/bundle.dat", load.concordance(documents, redactions, held)),
        ("load/bundle.opt", load.opticon(documents, cover.name)),
        (EXTRACT.removeprefix("data/"), extract),
        ("custody/checkpoint", _note(case)),
        (continuity.PATH, continuity.document(checked, entries, continuity.earlier_bundles(seen), stamps)),
        *stamping.files(stamps),
        (outside_report.PATH, workers.typeset(outside_report.report_html(told))),
        (uco_bundle.PATH, uco_bundle.document(told)),
    )
    beside = (
        (page.PATH, page.index_html(cover, documents, redactions, held)),
        ("allowed_signers", signatures.allowed_signers_line(PRINCIPAL, public.sign, NAMESPACE).encode()),
        (readme.PATH, readme.readme(cover)),
    )
    progress.check()
    secrets = attacking.all_secrets(case, order.receiver.access)
    return Built(case, workers, cover, tuple(parts), files, beside, secrets, (checked.size, checked.root))


def _imports(entries: Sequence[ReadEntry]) -> dict[str, ReadEntry]:
    """The entry by which each exhibit came in."""
    found: dict[str, ReadEntry] = {}
    for entry in entries:
        subject = _subject(entry)
        if subject and entry.action in ("imported", "received"):
            found.setdefault(subject, entry)
    return found


def _chosen(entries: Sequence[ReadEntry], order: Order, imported: dict[str, ReadEntry]) -> dict[int, tuple[Field, ...]]:
    """Which fields of which entries are shown: heads and subjects, and digests only of what is delivered as it is."""
    originals = {one.exhibit for one in order.items if one.kind == ORIGINAL}
    ours = {one.exhibit for one in order.items} | {one.exhibit for one in order.withheld}
    chosen: dict[int, tuple[Field, ...]] = {}
    for entry in entries:
        subject = _subject(entry)
        if entry.action in ("reincarnated", "rekeyed"):
            chosen[entry.sequence] = (Field.HEAD,)
        elif entry.action == "created" and subject == order.number:
            chosen[entry.sequence] = _DISCLOSED
        elif entry.action in _ABOUT_EXHIBITS and subject in ours:
            digest = (subject in originals and entry is imported.get(subject)) or entry.action == "redacted"
            tell = digest and int(Field.DIGEST) in entry.values
            chosen[entry.sequence] = (*_DISCLOSED, Field.DIGEST) if tell else _DISCLOSED
    return chosen


def _subject(entry: ReadEntry) -> str:
    value = entry.fields.get(Field.SUBJECT) if entry.fields else None
    return value if isinstance(value, str) else ""


def _note(case: CaseFile) -> bytes:
    note = case.ledger.ledger.note
    assert note is not None  # extracts.extract has just used it
    return note
