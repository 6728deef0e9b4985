"""Receipts: that a bundle arrived and was opened, signed by who opened it, or read over the telephone.

Both prove knowledge of the bag's tag manifest, which nobody has who did not open the seal. The receiver needs no
account and no key of their own for it: the signing key is made from the age identity (or, for a passphrase, by chance).
A receipt also names the checkpoint that the bundle proves from, so that a ledger rewritten since is found out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.bundle.orders import Order, Receipt, Release, find, store
from evidencevault.bundle.receiving import Received
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Damaged, Refused, UsageError
from evidencevault.formats import age, signatures
from evidencevault.resources import tr
from evidencevault.vault.keys import fingerprint_words, hkdf

NAMESPACE = "evidencevault-receipt"
FIRST = "evidencevault-receipt/v1"
LARGEST = 64 * 1024
_KEY_LABEL = b"evidencevault/receipt-key/v1\0"
_CODE_LABEL = b"evidencevault/receipt-code/v1\0"
_WORDS = 5
_ARMOR = "-----BEGIN SSH SIGNATURE-----"
_FIELDS = ("bundle", "tag-manifest", "checkpoint", "opened", "by")


@dataclass(frozen=True, slots=True)
class Read:
    """A receipt as read, its signature checked: what it says, and the fingerprint of the key that signed it."""

    bundle: str
    tag_manifest: bytes
    size: int
    root: bytes
    at: str
    by: str
    signer: str


def code(tag_manifest: bytes) -> str:
    """Five words to read over the telephone, of the SHA-256 of a tag manifest."""
    return " ".join(fingerprint_words(_CODE_LABEL + tag_manifest).split()[:_WORDS])


def make(received: Received, by: str, at: datetime, identities: Sequence[age.Identity] = ()) -> bytes:
    """The signed receipt of a bundle that was opened. ``by`` is who opened it, on one line. Raises UsageError."""
    if not by.strip() or not by.isprintable():
        raise UsageError(tr("Say who received it, on one line."))
    said = (
        received.name,
        received.tag_manifest_sha256.hex(),
        f"{received.checkpoint_size} {received.checkpoint_root.hex()}",
        at.isoformat(timespec="seconds"),
        by.strip(),
    )
    lines = [FIRST, *(f"{name} {value}" for name, value in zip(_FIELDS, said, strict=True))]
    text = "\n".join(lines) + "\n"
    return (
        text.encode()
        + signatures.sshsig_armor(signatures.sshsig_sign(_seed(identities), text.encode(), NAMESPACE)).encode()
    )


def read(data: bytes) -> Read:
    """A receipt, its signature checked. Raises Damaged for what is none, or was changed."""
    try:
        text, mark, armored = data.decode("utf-8").partition(_ARMOR)
        blob = signatures.sshsig_dearmor(mark + armored)
        signer = signatures.sshsig_parse(blob).public
    except (UnicodeDecodeError, Damaged) as error:
        raise _no_receipt() from error
    if not signatures.sshsig_verify(blob, text.encode(), NAMESPACE, signer):
        raise Damaged(tr("The receipt was changed after it was signed. Nothing was entered."))
    first, *lines = text.rstrip("\n").split("\n")
    said = dict(line.partition(" ")[::2] for line in lines)
    head = re.fullmatch(r"([0-9]{1,18}) ([0-9a-f]{64})", said.get("checkpoint", ""))
    digest = re.fullmatch(r"[0-9a-f]{64}", said.get("tag-manifest", ""))
    if first != FIRST or tuple(said) != _FIELDS or head is None or digest is None:
        raise _no_receipt()
    fingerprint = signatures.ssh_fingerprint(signer)
    size, root = int(head[1]), bytes.fromhex(head[2])
    return Read(said["bundle"], bytes.fromhex(digest[0]), size, root, said["opened"], said["by"], fingerprint)


def enter(case: CaseFile, data: bytes) -> Order:
    """Enter a receipt that came back. Raises NotPermitted, NotFound, Damaged, Refused (another bundle, entered)."""
    said = read(data)
    reference, _, number = said.bundle.rpartition("-")
    if reference != case.reference:
        raise Refused(
            tr("The receipt is of {bundle}, which is none of {case}.").format(bundle=said.bundle, case=case.reference)
        )
    release = _release(case, number)
    if said.tag_manifest != release.tag_manifest or (said.size, said.root) != release.checkpoint:
        raise Damaged(tr("The receipt is not of the bundle that was released. Nothing was entered."))
    return _enter(case, number, Receipt(said.by, said.at, "file", said.signer))


def enter_code(case: CaseFile, number: str, words: str, by: str) -> Order:
    """Enter that ``by`` read the code of a bundle over the telephone. Raises as :func:`enter`; UsageError."""
    if not by.strip():
        raise UsageError(tr("Say who read the code to you."))
    release = _release(case, number)
    if " ".join(words.lower().split()) != code(release.tag_manifest):
        raise Refused(tr("These are not the words of bundle {bundle}. Nothing was entered.").format(bundle=number))
    return _enter(case, number, Receipt(by.strip(), case.now().isoformat(timespec="seconds"), "code", ""))


def _release(case: CaseFile, number: str) -> Release:
    _, order = find(case, number)
    if order.release is None or not order.release.tag_manifest:
        raise Refused(tr("Bundle {bundle} was not released, so there can be no receipt of it.").format(bundle=number))
    if order.receipt is not None:
        raise Refused(tr("There is a receipt of bundle {bundle} already.").format(bundle=number))
    return order.release


def _enter(case: CaseFile, number: str, receipt: Receipt) -> Order:
    case.require("officer", "legal")
    record, order = find(case, number)
    release, order = order.release, replace(order, receipt=receipt)
    assert release is not None  # _release has just looked
    write = case.write()
    stored = store(write, order, record)
    size, root = release.checkpoint
    write.entry(
        "acknowledged",
        records=[stored],
        subject=order.number,
        digest=release.sha256,
        counterparty=receipt.by,
        details={"kind": "receipt", "how": receipt.how, "signer": receipt.signer, "size": size, "root": root.hex()},
    )
    write.commit()
    return order


def _seed(identities: Sequence[age.Identity]) -> bytes:
    """32 bytes: the same for the same identity, so that two receipts of one receiver are seen to be theirs."""
    secrets = [str(one) for one in identities]
    return hkdf(secrets[0].encode(), _KEY_LABEL, 32) if secrets else os.urandom(32)


def _no_receipt() -> Damaged:
    return Damaged(tr("This is no receipt of a bundle. Nothing was entered."))
