"""Bundles of a case: select and number (create), then build, attack, sign, seal and only then write out (release).

Nothing is outside the vault before the release: the sealed file is first stored in the vault as an object, the entry
``released`` names its SHA-256, recipient and totals, and after that commit the same bytes are written out. A release
that was cut off between the two is taken up again and writes the same file.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evidencevault.bundle import sealing
from evidencevault.bundle.building import Built, build
from evidencevault.bundle.contents import ORIGINAL, REDACTED, SLIP_SHEET
from evidencevault.bundle.orders import Held, Item, Order, Release, find, next_document, orders, store
from evidencevault.bundle.receiving import NAMESPACE
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused, StorageFailed, UsageError
from evidencevault.formats import bag, signatures
from evidencevault.progress import Progress
from evidencevault.redaction import plans, subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import NONE_TO_HIDE, check_reason
from evidencevault.redaction.plans import APPROVED
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile

_PREFIX = re.compile(r"[A-Z0-9]{1,20}\Z")


@dataclass(frozen=True, slots=True)
class Selection:
    """What to put in a bundle. ``exhibits`` None means all; ``withhold`` maps exhibits to reason codes.

    ``originals`` leave unredacted, which their approved plan must allow ("nothing to hide"). ``recipients`` are age
    keys; ``passphrase`` seals instead. Purpose and legal basis are mandatory.
    """

    exhibits: tuple[str, ...] | None
    withhold: Mapping[str, str]
    originals: tuple[str, ...]
    recipients: tuple[str, ...]
    passphrase: str | None
    purpose: str
    legal_basis: str
    prefix: str = ""


def create(case: CaseFile, workers: Burner, selection: Selection, progress: Progress | None = None) -> Order:
    """Select, number, build once and attack; what passes is remembered as ``B01`` … and nothing has left the vault.

    Raises NotPermitted, NotFound, UsageError, Refused (a plan is missing or not approved, the attack found something).
    """
    case.require("officer")
    progress = progress or Progress()
    _check_words(selection)
    sealing.recipients(selection.recipients, selection.passphrase)
    existing = [order for _, order in orders(case)]
    prefix = selection.prefix or case.reference.replace("-", "")
    if not _PREFIX.match(prefix):
        raise UsageError(tr("A prefix of document numbers has 1 to 20 capital letters and digits."))
    chosen = _chosen(case, selection)
    start = next_document(existing, prefix)
    numbers = {one.number: f"{prefix}-{start + place:06d}" for place, one in enumerate(chosen)}
    order = Order(
        number=f"B{len(existing) + 1:02d}",
        items=tuple(
            Item(numbers[one.number], one.number, _kind(case, one, one.number in selection.originals))
            for one in chosen
            if one.number not in selection.withhold
        ),
        withheld=tuple(
            Held(numbers[one.number], one.number, selection.withhold[one.number])
            for one in chosen
            if one.number in selection.withhold
        ),
        recipients=selection.recipients,
        passphrase=selection.passphrase or "",
        purpose=selection.purpose.strip(),
        legal_basis=selection.legal_basis.strip(),
        prefix=prefix,
        by=case.member.key_id,
        at=case.now().isoformat(timespec="seconds"),
    )
    if not order.items and not order.withheld:
        raise Refused(tr("There is no exhibit to put into a bundle."))
    build(case, workers, order, "", progress).attack(workers, progress)
    write = case.write()
    stored = store(write, order, None)
    write.entry(
        "created",
        records=[stored],
        subject=order.number,
        purpose=order.purpose,
        counterparty=order.counterparty,
        details={"legal_basis": order.legal_basis, "documents": len(order.items), "withheld": len(order.withheld)},
    )
    write.commit()
    return order


def release(
    case: CaseFile,
    workers: Burner,
    number: str,
    to: Path,
    alone_reason: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build, attack, sign and seal a bundle, enter the release, then write ``REF-B01.zip.age`` into ``to``.

    Whoever made the bundle may not release it, unless alone and with a reason. Raises NotPermitted, NotFound, Refused,
    StorageFailed.
    """
    case.require("officer", "legal")
    progress = progress or Progress()
    record, order = find(case, number)
    target = to / f"{case.reference}-{order.number}.zip.age"
    if target.exists():
        raise Refused(tr("{path} is there already. Nothing was written.").format(path=target))
    if order.release is None:
        alone = _alone(case, order, alone_reason)
        for item in order.items:
            if _kind(case, subjects.subject(case, item.exhibit), item.kind == ORIGINAL) != item.kind:
                raise Refused(
                    tr("{exhibit} has changed since bundle {bundle} was made; make a new bundle.").format(
                        exhibit=item.exhibit, bundle=order.number
                    )
                )
        built = build(case, workers, order, alone, progress)
        built.attack(workers, progress)
        write = case.write()
        at = case.now()
        pieces = sealing.sealed_zip(
            sealing.recipients(order.recipients, order.passphrase or None),
            built.cover.name,
            at,
            lambda sink: _fill(case, built, sink, at),
        )
        sealed = write.store_object(sealing.reader(pieces), progress)
        done = Release(
            sealed.item, sealed.sha256, sealed.size, case.member.key_id, at.isoformat(timespec="seconds"), alone
        )
        order = replace(order, release=done, passphrase="")
        stored = store(write, order, record)
        write.entry(
            "released",
            records=[stored],
            objects=[sealed],
            subject=order.number,
            purpose=order.purpose,
            digest=sealed.sha256,
            counterparty=order.counterparty,
            details={
                "legal_basis": order.legal_basis,
                "documents": len(order.items),
                "withheld": len(order.withheld),
                "size": sealed.size,
                "alone": bool(alone),
            },
        )
        write.commit()
    _write_out(case, order, target)
    return target


def list_bundles(case: CaseFile) -> list[Order]:
    """All bundles of the case, passphrases left out."""
    return [replace(order, passphrase="") for _, order in orders(case)]


def _check_words(selection: Selection) -> None:
    if not selection.purpose.strip() or not selection.legal_basis.strip():
        raise UsageError(tr("A bundle needs a purpose and a legal basis; both enter the chain of custody."))
    for reason in selection.withhold.values():
        check_reason(reason)
    both = set(selection.originals) & set(selection.withhold)
    if both:
        raise UsageError(tr("{exhibit} can not be withheld and delivered.").format(exhibit=sorted(both)[0]))


def _chosen(case: CaseFile, selection: Selection) -> list[Subject]:
    named = {*selection.withhold, *selection.originals, *(selection.exhibits or ())}
    for number in sorted(named):
        subjects.subject(case, number)
    return [one for one in subjects.subjects(case) if selection.exhibits is None or one.number in named]


def _kind(case: CaseFile, subject: Subject, as_original: bool) -> str:
    """How an exhibit leaves; Refused unless its plan is approved and allows that."""
    if subject.object is None:
        return SLIP_SHEET
    shown = plans.show(case, subject.number)
    if shown is None:
        raise Refused(
            tr("{exhibit} has no redaction plan. Mark it, say that there is nothing to hide, or withhold it.").format(
                exhibit=subject.number
            )
        )
    if shown.state != APPROVED or shown.approval is None:
        raise Refused(
            tr("The redaction plan of {exhibit} is not approved. Have it approved, or withhold the exhibit.").format(
                exhibit=subject.number
            )
        )
    if as_original:
        if shown.plan.state != NONE_TO_HIDE:
            raise Refused(
                tr("{exhibit} has marks, so its original can not be delivered.").format(exhibit=subject.number)
            )
        return ORIGINAL
    return REDACTED if shown.approval.burnt is not None else SLIP_SHEET


def _alone(case: CaseFile, order: Order, reason: str | None) -> str:
    if case.member.name != case.handle(order.by):
        return ""
    if reason is None or not reason.strip():
        raise Refused(
            tr(
                "You made bundle {bundle} yourself, so somebody else has to release it. Where there is nobody, release "
                "it alone and give the reason; ledger and bundle will say so."
            ).format(bundle=order.number)
        )
    return reason.strip()


def _fill(case: CaseFile, built: Built, sink: bag.Sink, at: datetime) -> None:
    def sign(tag_manifest: bytes) -> bytes:
        return signatures.sshsig_armor(case.sign(NAMESPACE, tag_manifest)).encode()

    bag.write(sink, built.payload(), built.info(at), built.tags(), sign)


def _write_out(case: CaseFile, order: Order, target: Path) -> None:
    assert order.release is not None
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        with case.open_object(order.release.object) as source, NewFile(partial) as file:
            for piece in source.stream():
                file.write(piece)
            file.settle(target)
    except FileExistsError as error:
        raise Refused(tr("{path} is there already. Nothing was written.").format(path=target)) from error
    except OSError as error:
        raise StorageFailed(
            tr(
                "{path} could not be written ({why}). The release stands in the chain of custody; release the bundle "
                "again to a folder that can be written, and the same file is written."
            ).format(path=target, why=error.strerror)
        ) from error
