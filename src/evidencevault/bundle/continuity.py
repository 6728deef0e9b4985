"""``data/custody/consistency.json``: that the ledger in a bundle continues the ledgers in the case's earlier bundles.

For each bundle that was released before it holds number, size and root of the checkpoint in it and the consistency
proof of RFC 6962 §2.1.2 to this bundle's checkpoint (docs/formats.md, appendix C). Who has an earlier bundle can so see
that nothing in it was rewritten since, without seeing an entry more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.custody.entry import Json, ReadEntry
from evidencevault.custody.extracts import Extract
from evidencevault.custody.timestamps import Stamped
from evidencevault.errors import Damaged
from evidencevault.formats.merkle import HASH, Tree, verify_consistency
from evidencevault.resources import tr

PATH = "custody/consistency.json"
FORMAT = "evidencevault.org/consistency/v1"
LARGEST = 16 * 1024 * 1024
STAMP = "timestamp"
"""In place of a bundle's number: the checkpoint that an authority stamped."""
MOST = 10_000
"""Earlier bundles that a file may name."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The checkpoint that an earlier bundle (``B01``) of the same ledger holds: entries and root (32 bytes)."""

    bundle: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint as a receiver holds it against a bundle: the ledger's origin, entries, root (32 bytes)."""

    origin: str
    size: int
    root: bytes


def released_checkpoints(case: CaseFile) -> list[Earlier]:
    """The checkpoints in the bundles released so far, by the ledger; bundles of before it was noted are left out."""
    return earlier_bundles(case.entries())


def earlier_bundles(entries: Iterable[SeenEntry]) -> list[Earlier]:
    """The same of entries that were read already."""
    found = []
    for one in entries:
        match one:
            case SeenEntry(action="released", subject=str(bundle), details={"checkpoint": [int(size), str(root)]}):
                found.append(Earlier(bundle, size, bytes.fromhex(root)))
            case _:
                pass
    return found


def document(
    extract: Extract, entries: Sequence[ReadEntry], earlier: Iterable[Earlier], stamped: Iterable[Stamped] = ()
) -> bytes:
    """The file for a bundle with this extract; ``entries`` are all of its ledger. Raises Damaged.

    The checkpoint of a time stamp in the bundle stands among the earlier ones under :data:`STAMP`.

    An earlier checkpoint that the ledger does not continue is damage, and stops the bundle.
    """
    tree = Tree([entry.leaf for entry in entries[: extract.size]])
    shown: list[Json] = []
    for one in (*earlier, *(Earlier(STAMP, one.size, one.root) for one in stamped)):
        if one.size > extract.size or tree.root(one.size) != one.root:
            raise _denied(one.bundle)
        proof: list[Json] = [step.hex() for step in tree.consistency_proof(one.size)]
        shown.append({"bundle": one.bundle, "size": one.size, "root": one.root.hex(), "proof": proof})
    told: dict[str, Json] = {
        "format": FORMAT,
        "origin": extract.origin,
        "size": extract.size,
        "root": extract.root.hex(),
        "earlier": shown,
    }
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def check(data: bytes, extract: Extract) -> tuple[Earlier, ...]:
    """The earlier bundles that the checkpoint of this (checked) extract is proven to continue. Raises Damaged."""
    malformed = Damaged(tr("The proof that this bundle continues earlier ones is malformed."))
    try:
        told = json.loads(data) if len(data) <= LARGEST else None
        if not isinstance(told, dict) or told["format"] != FORMAT:
            raise malformed
        said = (told["origin"], told["size"], bytes.fromhex(told["root"]))
        untrusted = told["earlier"]
        if said != (extract.origin, extract.size, extract.root):
            raise Damaged(tr("The proof that this bundle continues earlier ones is of another checkpoint."))
        if not isinstance(untrusted, list) or len(untrusted) > MOST:
            raise malformed
        return tuple(_checked(one, extract) for one in untrusted)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise malformed from error


def _checked(one: dict[str, object], extract: Extract) -> Earlier:
    size = one["size"]
    if not isinstance(size, int) or isinstance(size, bool):
        raise TypeError("size")
    found = Earlier(str(one["bundle"]), size, bytes.fromhex(str(one["root"])))
    proof = [bytes.fromhex(step) for step in cast("list[str]", one["proof"])]
    if not size > 0 or not verify_consistency(size, found.root, extract.size, extract.root, proof):
        raise _denied(found.bundle)
    return found


def continues(extract: Extract, earlier: Sequence[Earlier], previous: Head) -> str:
    """Which earlier bundle ("" the same checkpoint) ``previous`` is of, once this bundle is proven to continue it.

    Raises Damaged where it is of another ledger, younger, or denied; of an unnamed checkpoint nothing can be proven.
    """
    if previous.origin != extract.origin:
        raise Damaged(tr("The earlier checkpoint is of another chain of custody than this bundle's."))
    if len(previous.root) != HASH or previous.size > extract.size:
        raise Damaged(
            tr("The earlier checkpoint has {n} entries and this bundle's only {size}: the chain was set back.").format(
                n=previous.size, size=extract.size
            )
        )
    if (previous.size, previous.root) == (extract.size, extract.root):
        return ""
    for one in earlier:
        if one.size == previous.size:
            if one.root != previous.root:
                raise _denied(one.bundle)
            return one.bundle
    raise Damaged(
        tr(
            "This bundle holds no proof for a checkpoint at {n} entries, so it is not shown that it continues it."
        ).format(n=previous.size)
    )


def _denied(bundle: str) -> Damaged:
    said = tr("The chain of custody in this bundle does not continue that of {bundle}: history was rewritten.")
    return Damaged(said.format(bundle=bundle))
