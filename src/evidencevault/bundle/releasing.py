"""Releasing a bundle: built again, attacked, signed, sealed, and only then written out.

Nothing is outside the vault before the release: the sealed file is first stored in the vault as an object, the entry
``released`` names its SHA-256, recipient and totals, and after that commit the same bytes are written out. A release
that was cut off between the two is taken up again and writes the same file.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from evidencevault.bundle import access, originals, sealing, stages
from evidencevault.bundle.assembly import delivery, details
from evidencevault.bundle.building import Built, build
from evidencevault.bundle.contents import ORIGINAL
from evidencevault.bundle.orders import Order, Release, find, store
from evidencevault.bundle.receiving import NAMESPACE
from evidencevault.bundle.stages import Stage
from evidencevault.casework import policies
from evidencevault.custody.casefile import CaseFile, Record
from evidencevault.errors import NotPermitted, Refused, StorageFailed
from evidencevault.formats import bag, signatures
from evidencevault.progress import Progress
from evidencevault.redaction import subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import PRIVILEGE
from evidencevault.resources import tr
from evidencevault.vault.durable import NewFile


def release(
    case: CaseFile,
    workers: Burner,
    number: str,
    to: Path,
    alone_reason: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build, attack, sign and seal a bundle, enter the release, then write ``REF-B01.zip.age`` into ``to``.

    As a ZIP it is ``REF-B01.zip``. Whoever made the bundle may not release it, unless alone and with a reason. Raises
    NotPermitted, NotFound, Refused, StorageFailed.
    """
    case.require("officer", "legal")
    record, order = find(case, number)
    target = to / f"{case.reference}-{order.number}{order.seal.suffix}"
    if target.exists():
        raise Refused(tr("{path} is there already. Nothing was written.").format(path=target))
    progress = progress or Progress()
    if order.release is None:
        alone = _alone(case, order, alone_reason)
        _unchanged(case, order)
        order = _released(case, workers, record, order, alone, progress)
    progress.say(stages.told(Stage.WRITE))
    _write_out(case, order, target)
    return target


def _unchanged(case: CaseFile, order: Order) -> None:
    """Refused where an exhibit would leave in another way than when the bundle was made."""
    access.unchanged(case, order)
    whole = [one.exhibit for one in order.items if one.kind == ORIGINAL and one.exhibit not in order.unredacted]
    bare = originals.unredacted(case, whole, order.receiver)
    for item in order.items:
        subject = subjects.subject(case, item.exhibit)
        kind, revision, _ = delivery(case, subject, item.kind == ORIGINAL, order.receiver)
        if item.exhibit in bare or kind != item.kind or item.revision not in (0, revision):
            raise Refused(
                tr("{exhibit} has changed since bundle {bundle} was made; make a new bundle.").format(
                    exhibit=item.exhibit, bundle=order.number
                )
            )


def _released(case: CaseFile, workers: Burner, record: Record, order: Order, alone: str, progress: Progress) -> Order:
    built = build(case, workers, order, alone, progress).checked(progress)
    progress.say(stages.told(Stage.SEAL))
    write = case.write()
    at = case.now()
    signed: list[bytes] = []
    pieces = order.seal.stream(built.cover.name, at, lambda sink: signed.append(_fill(case, built, sink, at)))
    sealed = write.store_object(sealing.reader(pieces), progress)
    done = Release(
        sealed.item,
        sealed.sha256,
        sealed.size,
        case.member.key_id,
        at.isoformat(timespec="seconds"),
        alone,
        hashlib.sha256(signed[0]).digest(),
        built.head,
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
            **details(order),
            "checkpoint": [built.head[0], built.head[1].hex()],
            "size": sealed.size,
            "alone": bool(alone),
            "format": order.form,
        },
    )
    write.commit()
    return order


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
    policies.need_alone(case)
    if two := _two_needed(order):
        raise Refused(two)
    return reason.strip()


def why_not_alone(case: CaseFile, order: Order) -> str:
    """Why whoever made a bundle may not release it themselves, whatever reason they give; "" where they may."""
    try:
        policies.need_alone(case)
    except NotPermitted as error:
        return error.sentence
    return _two_needed(order)


def _two_needed(order: Order) -> str:
    if any(one.basis and one.reason == PRIVILEGE for one in order.withheld):
        return tr(
            "Bundle {bundle} withholds evidence as privileged. That takes a second member, who agrees by releasing "
            "it; it cannot be released alone."
        ).format(bundle=order.number)
    if order.unredacted:
        return tr(
            "Bundle {bundle} delivers unredacted originals ({exhibits}). That takes a second member, who agrees by "
            "releasing it; it cannot be released alone."
        ).format(bundle=order.number, exhibits=", ".join(order.unredacted))
    return ""


def _fill(case: CaseFile, built: Built, sink: bag.Sink, at: datetime) -> bytes:
    """Write the bag; returns its tag manifest."""

    def sign(tag_manifest: bytes) -> bytes:
        return signatures.sshsig_armor(case.sign(NAMESPACE, tag_manifest)).encode()

    return bag.write(sink, built.payload(), built.info(at), built.tags(), sign).tag_manifest


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
