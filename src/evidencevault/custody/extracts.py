"""Extracts of a case's ledger that leave the house: chosen entries, chosen fields, and the proof that they stand there.

An extract is one JSON document. Every entry in it carries the commitments of all its fields, and value and salt of
those disclosed; with the ledger's id and its sequence they give the leaf (formats.md §5), which the RFC 6962 path leads
to the root in the signed checkpoint. Whoever holds an extract and the signer's public key can check it without us.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.entry import (
    FieldValue,
    Json,
    ReadEntry,
    decode_value,
    field_commitment,
    leaf_data,
    pack_commitments,
)
from evidencevault.errors import Damaged, NotFound
from evidencevault.formats import signatures
from evidencevault.formats.merkle import Tree, leaf_hash, verify_inclusion
from evidencevault.resources import tr
from evidencevault.vault.registry import Field

FORMAT = "evidencevault.org/extract/v1"
LARGEST = 64 * 1024 * 1024
MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One entry as its extract shows it: the fields disclosed, and the commitments of all of them, by field number."""

    sequence: int
    leaf: bytes
    fields: Mapping[int, FieldValue]
    commitments: Mapping[int, bytes]

    @property
    def head(self) -> dict[str, Json]:
        """Time, zone, actor, action and basis where the head was disclosed, else empty."""
        value = self.fields.get(int(Field.HEAD))
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Extract:
    """A checked extract: which ledger, at what size and root, under whose key, and its entries."""

    origin: str
    ledger: bytes
    size: int
    root: bytes
    signer: bytes
    entries: tuple[Disclosed, ...]


def extract(case: CaseFile, chosen: Mapping[int, Collection[Field]], size: int | None = None) -> bytes:
    """The extract of a case's ledger: ``chosen`` names the fields to disclose by sequence.

    Under the newest checkpoint, or under the one at ``size`` entries. Raises NotFound for a sequence, field or
    checkpoint that is not there, Damaged where the ledger is.
    """
    case.ledger.refresh()
    entries = list(case.raw_entries())[:size]
    note = case.ledger.ledger.note if size is None else case.ledger.ledger.note_at(size)
    signer = case.public_keys(entries[-1].head.actor) if entries else None
    if note is None or signer is None:
        raise NotFound(tr("This case has no checkpoint yet, so there is nothing to prove."))
    return build(case.ledger.ledger.tree.origin, case.id, entries, note, signer.sign, chosen)


def build(
    origin: str,
    ledger: bytes,
    entries: Sequence[ReadEntry],
    note: bytes,
    signer: bytes,
    chosen: Mapping[int, Collection[Field]],
) -> bytes:
    """The extract of ``entries`` (all of a ledger, in order) under the signed checkpoint ``note``."""
    tree = Tree([entry.leaf for entry in entries])
    found = signatures.open_checkpoint(note, origin, signer)
    if (found.size, found.root) != (tree.size, tree.root()):
        raise Damaged(tr("The newest checkpoint and the chain of custody disagree; nothing was extracted."))
    shown: list[Json] = []
    for sequence in sorted(chosen):
        if not 0 <= sequence < len(entries):
            raise NotFound(tr("The chain of custody has no entry {n}.").format(n=sequence))
        shown.append(_shown(entries[sequence], chosen[sequence], tree.inclusion_proof(sequence)))
    document: dict[str, Json] = {
        "format": FORMAT,
        "origin": origin,
        "ledger": ledger.hex(),
        "checkpoint": note.decode(),
        "signer": signatures.ssh_public_key(signer),
        "entries": shown,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _shown(entry: ReadEntry, fields: Collection[Field], proof: Sequence[bytes]) -> Json:
    disclosed: dict[str, Json] = {}
    for field in sorted({int(one) for one in fields}):
        if field not in entry.values:
            raise NotFound(
                tr("Entry {n} has no field {field} that can be disclosed.").format(n=entry.sequence, field=field)
            )
        value = entry.values[field]
        disclosed[str(field)] = {
            "salt": entry.salts[field].hex(),
            "value": base64.b64encode(value).decode(),
            "reads": _readable(decode_value(value)),
        }
    return {
        "sequence": entry.sequence,
        "commitments": {str(number): entry.commitments[number].hex() for number in sorted(entry.commitments)},
        "disclosed": disclosed,
        "proof": [step.hex() for step in proof],
    }


def _readable(value: FieldValue) -> Json:
    return value.hex() if isinstance(value, bytes) else value


def check(data: bytes, signer: bytes | None = None) -> Extract:
    """Check every part of an extract; ``signer`` is the 32-byte key expected, None takes the one it names.

    Raises Damaged with what is wrong. The key an extract names proves nothing until it is compared out of band.
    """
    try:
        document = json.loads(data) if len(data) <= LARGEST else None
        if not isinstance(document, dict) or document["format"] != FORMAT:
            raise Damaged(tr("This is not an extract of a chain of custody."))
        named = signatures.parse_ssh_public_key(str(document["signer"]))
        if signer is not None and named != signer:
            raise Damaged(tr("The extract is signed by another key than the one expected."))
        origin, ledger = str(document["origin"]), bytes.fromhex(str(document["ledger"]))
        head = signatures.open_checkpoint(str(document["checkpoint"]).encode(), origin, named)
        if not origin.endswith("/" + ledger.hex()) or len(ledger) != 16:
            raise Damaged(tr("The extract names one ledger and its checkpoint another."))
        untrusted = document["entries"]
        if not isinstance(untrusted, list) or len(untrusted) > MOST_ENTRIES:
            raise Damaged(tr("The extract is malformed."))
        entries = tuple(_checked(one, ledger, head.size, head.root) for one in untrusted)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, binascii.Error) as error:
        raise Damaged(tr("The extract is malformed.")) from error
    return Extract(origin, ledger, head.size, head.root, named, entries)


def _checked(one: dict[str, object], ledger: bytes, size: int, root: bytes) -> Disclosed:
    sequence = one["sequence"]
    if not isinstance(sequence, int) or isinstance(sequence, bool):
        raise TypeError("sequence")
    raw = cast("dict[str, str]", one["commitments"])
    commitments = {int(number): bytes.fromhex(value) for number, value in raw.items()}
    proof = [bytes.fromhex(step) for step in cast("list[str]", one["proof"])]
    leaf = leaf_hash(leaf_data(ledger, sequence, pack_commitments(commitments)))
    if not verify_inclusion(leaf, sequence, size, proof, root):
        raise Damaged(tr("Entry {n} is not proven to stand in the chain of custody.").format(n=sequence))
    fields: dict[int, FieldValue] = {}
    for number, shown in cast("dict[str, dict[str, Json]]", one["disclosed"]).items():
        value = base64.b64decode(str(shown["value"]), validate=True)
        salt = bytes.fromhex(str(shown["salt"]))
        if field_commitment(int(number), salt, value) != commitments.get(int(number)):
            raise Damaged(tr("Entry {n}: field {field} is not what was committed.").format(n=sequence, field=number))
        fields[int(number)] = decode_value(value)
        if shown["reads"] != _readable(fields[int(number)]):
            raise Damaged(tr("Entry {n}: field {field} reads otherwise than it is.").format(n=sequence, field=number))
    return Disclosed(sequence, leaf, fields, commitments)
