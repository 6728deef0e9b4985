"""The content of one bundle: documents out of the vault, lists, custody entries with proofs, and the attack."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault import __version__
from evidencevault.bundle import contents, continuity, leakcheck, outside, outside_report, uco_bundle
from evidencevault.bundle.contents import ORIGINAL, SLIP_SHEET, Cover, Document, Redaction, Withheld
from evidencevault.bundle.leakcheck import Checked
from evidencevault.bundle.orders import Item, Order
from evidencevault.bundle.receiving import EXTRACT, NAMESPACE, PRINCIPAL
from evidencevault.custody import extracts
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.entry import ReadEntry
from evidencevault.documents.requests import Bytes, Suspect
from evidencevault.errors import Damaged, Refused
from evidencevault.formats import bag, signatures
from evidencevault.progress import Progress
from evidencevault.redaction import attacking, burning, plans, subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import Plan
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr
from evidencevault.vault.objects import ObjectReader
from evidencevault.vault.registry import Field

_DISCLOSED = (Field.HEAD, Field.SUBJECT)
_MEDIA = {".pdf": "application/pdf", ".wav": "audio/wav", ".flac": "audio/flac", ".mp4": "video/mp4"}
_ABOUT_EXHIBITS = frozenset({"imported", "received", "transferred", "redacted", "approved"})


@dataclass(frozen=True, slots=True)
class Part:
    """One document with its bytes: in the vault, or (slip sheets) made for this bundle."""

    document: Document
    stored: bytes | None  # the object's item
    made: bytes
    checked: Checked | None = None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that a bundle holds, ready to be attacked and written; nothing of it is outside the vault."""

    case: CaseFile
    cover: Cover
    parts: tuple[Part, ...]
    files: tuple[tuple[str, bytes], ...]  # below data/
    beside: tuple[tuple[str, bytes], ...]  # beside the manifests
    secrets: tuple[str, ...]
    root: bytes  # of the checkpoint in the extract

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

    def checked(self, workers: Burner, progress: Progress) -> Built:
        """The same with the report of the leak check in it. Refused where a secret is found."""
        suspects, methods = self._attack(workers, progress)
        copies = [part.checked for part in self.parts if part.checked is not None]
        report = leakcheck.leak_check(copies, suspects, len(self.secrets), methods)
        attacking.attack(workers, [Suspect(leakcheck.PATH, Bytes(report))], self.secrets, progress)
        return replace(self, files=(*self.files, (leakcheck.PATH, report)))

    def _attack(self, workers: Burner, progress: Progress) -> tuple[int, tuple[str, ...]]:
        """Attack every file but delivered originals: how many, and by which methods."""
        suspects: list[Suspect] = []
        methods: dict[str, None] = {}
        opened: list[ObjectReader] = []
        copies = 0
        try:
            for part in self.parts:
                path, burnt = part.document.path, part.document.media_type == _MEDIA[".pdf"]
                if part.document.kind == ORIGINAL:
                    continue
                if part.stored is None:
                    suspects.append(Suspect(path, Bytes(part.made)))
                    continue
                opened.append(self.case.open_object(part.stored))
                if part.checked is not None and part.checked.method in (burning.STRUCTURAL, burning.SEARCHABLE):
                    # It holds text, and so names that were never to be hidden: sought is what its own plan hides.
                    pixels = part.checked.method == burning.SEARCHABLE
                    mode = burning.RASTER if pixels else burning.STRUCTURAL
                    copy = Suspect(path, opened[-1], pixels, mode=mode, searchable=pixels)
                    methods |= dict.fromkeys(attacking.attack(workers, [copy], part.secrets, progress))
                    copies += 1
                else:
                    suspects.append(Suspect(path, opened[-1], burnt))
            suspects += [Suspect(path, Bytes(data)) for path, data in (*self.beside, *self.files)]
            info = "\n".join(f"{label}: {value}" for label, value in self.info(self.case.now()))
            suspects.append(Suspect("bag-info.txt", Bytes(info.encode())))
            methods |= dict.fromkeys(attacking.attack(workers, suspects, self.secrets, progress))
            return len(suspects) + copies, tuple(methods)
        finally:
            for reader in opened:
                reader.close()

    def _bytes(self, part: Part) -> bag.Content:
        return part.made if part.stored is None else self._stream(part.stored, part.document.sha256)

    def _stream(self, item: bytes, sha256: str) -> Iterator[bytes]:
        with self.case.open_object(item) as reader:
            if reader.sha256.hex() != sha256:
                raise Damaged(tr("A file of the bundle is not the one that was approved."))
            yield from reader.stream()


def build(case: CaseFile, workers: Burner, order: Order, alone: str, progress: Progress) -> Built:
    """Collect a bundle's content as the case stands now; ``alone`` is the reason of a release by its maker."""
    case.ledger.refresh()
    entries = list(case.raw_entries())
    imported = _imports(entries)
    parts, redactions, held = [], [], []
    alone_said = ["released alone"] if alone else []
    for item in order.items:
        subject = subjects.subject(case, item.exhibit)
        part, marks, approved_alone = _part(case, workers, item, subject, imported, order.audience)
        parts.append(part)
        redactions += marks
        alone_said += [f"{item.exhibit} approved alone"] if approved_alone else []
    for one in order.withheld:
        parts.append(_slip(workers, one.number, one.exhibit, f"withheld: {one.reason}", imported))
        held.append(Withheld(one.number, one.exhibit, one.reason))
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
    )
    documents = [part.document for part in parts]
    seen = [case.seen(one) for one in entries]
    told = outside.collect(case, cover, documents, [one.exhibit for one in held], checked, seen)
    files = (
        ("index.csv", contents.index_csv(documents)),
        ("redactions.csv", contents.redactions_csv(redactions)),
        ("withheld.csv", contents.withheld_csv(cover, documents, held)),
        (EXTRACT.removeprefix("data/"), extract),
        ("custody/checkpoint", _note(case)),
        (continuity.PATH, continuity.document(checked, entries, continuity.earlier_bundles(seen))),
        (outside_report.PATH, workers.typeset(outside_report.report_html(told))),
        (uco_bundle.PATH, uco_bundle.document(told)),
    )
    beside = (
        ("index.html", contents.index_html(cover, documents, redactions, held)),
        ("allowed_signers", signatures.allowed_signers_line(PRINCIPAL, public.sign, NAMESPACE).encode()),
        ("verify/README", contents.readme(cover)),
    )
    progress.check()
    return Built(case, cover, tuple(parts), files, beside, attacking.all_secrets(case), checked.root)


def _part(
    case: CaseFile, workers: Burner, item: Item, subject: Subject, imported: dict[str, ReadEntry], audience: str
) -> tuple[Part, list[Redaction], bool]:
    shown = plans.shown_to(case, item.exhibit, audience)
    approval = shown.approval if shown else None
    if item.kind == SLIP_SHEET:
        why = "held as a thing, no file" if subject.object is None else "this kind of file cannot be redacted yet"
        return _slip(workers, item.number, item.exhibit, why, imported), [], bool(approval and approval.alone)
    if shown is None or approval is None:
        raise Refused(tr("The redaction plan of {exhibit} is not approved.").format(exhibit=item.exhibit))
    stored = subject.object if item.kind == ORIGINAL else approval.burnt
    if stored is None:
        raise Refused(tr("{exhibit} has no redacted copy.").format(exhibit=item.exhibit))
    with case.open_object(stored) as reader:
        size, sha256 = reader.size, reader.sha256
    if sha256 != (subject.sha256 if item.kind == ORIGINAL else approval.burnt_sha256):
        raise Damaged(
            tr("The redacted copy of {exhibit} is not the one that was approved.").format(exhibit=item.exhibit)
        )
    original = item.kind == ORIGINAL
    suffix = (mimetypes.guess_extension(subject.media_type) or ".bin") if original else approval.suffix
    document = Document(
        number=item.number,
        path=f"documents/{item.number}{suffix}",
        exhibit=item.exhibit,
        kind=item.kind,
        media_type=subject.media_type if original else _MEDIA.get(suffix, "application/octet-stream"),
        pages=0 if original else approval.pages,
        size=size,
        sha256=sha256.hex(),
        original_sha256=sha256.hex() if original else "",
        original_commitment=_commitment(imported, item.exhibit),
        note="",
    )
    if original:
        return Part(document, stored, b""), [], bool(approval.alone)
    report = attacking.report_of(approval.report)
    checked = Checked(item.number, item.exhibit, approval.method, approval.pages, approval.narrow, report)
    marks = _redactions(item.number, shown.plan, approval.labels)
    secrets = attacking.named_secrets(case, shown.plan)
    return Part(document, stored, b"", checked, secrets), marks, bool(approval.alone)


def _redactions(number: str, plan: Plan, labels: Mapping[str, object]) -> list[Redaction]:
    return [
        Redaction(
            document=number,
            exhibit=plan.exhibit,
            mark=one.id,
            page=one.page,
            kind=one.kind,
            reason=one.reason,
            label=str(labels.get(one.label, one.label)),
            boxes="; ".join(f"{b.x0:g} {b.y0:g} {b.x1:g} {b.y1:g}" for b in one.boxes),
        )
        for one in sorted(plan.marks, key=lambda mark: (mark.page, mark.boxes))
    ]


def _slip(workers: Burner, number: str, exhibit: str, why: str, imported: dict[str, ReadEntry]) -> Part:
    page = (
        "<html><body style='font-family: sans-serif'>"
        f"<h1>{html.escape(number)}</h1><h2>Exhibit {html.escape(exhibit)}</h2>"
        f"<p>This sheet stands in the place of an exhibit that is not delivered.</p><p>Reason: {html.escape(why)}</p>"
        "</body></html>"
    )
    data = workers.typeset(page)
    document = Document(
        number=number,
        path=f"documents/{number}.pdf",
        exhibit=exhibit,
        kind=SLIP_SHEET,
        media_type="application/pdf",
        pages=1,
        size=len(data),
        sha256=burning.sha256(data).hex(),
        original_sha256="",
        original_commitment=_commitment(imported, exhibit),
        note=why,
    )
    return Part(document, None, data)


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


def _commitment(imported: dict[str, ReadEntry], exhibit: str) -> str:
    entry = imported.get(exhibit)
    found = entry.commitments.get(int(Field.DIGEST)) if entry else None
    return found.hex() if found else ""


def _note(case: CaseFile) -> bytes:
    note = case.ledger.ledger.note
    assert note is not None  # extracts.extract has just used it
    return note
