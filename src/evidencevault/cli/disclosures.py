"""``custody disclose`` and ``custody verify-disclosure``: open single fields for a court, and check what was opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import disclosing
from evidencevault.bundle.continuity import Head
from evidencevault.bundle.previous import head_of, is_checkpoint
from evidencevault.casework.filing import normal
from evidencevault.cli.bundles import keys
from evidencevault.cli.cases import Reference
from evidencevault.cli.custody import custody
from evidencevault.cli.face import face_of, facts, plain
from evidencevault.custody import extracts
from evidencevault.custody.extracts import Disclosed
from evidencevault.errors import Damaged, Refused, UsageError
from evidencevault.formats import signatures
from evidencevault.resources import tr
from evidencevault.vault.registry import Field


def register(app: typer.Typer) -> None:
    """Hang the commands into the group ``custody``."""
    custody.command()(disclose)
    custody.command("verify-disclosure")(verify_disclosure)


def disclose(
    ctx: typer.Context,
    reference: Reference,
    purpose: Annotated[str, typer.Option(help="What for.")],
    legal_basis: Annotated[str, typer.Option(help="On which legal basis.")],
    to: Annotated[Path, typer.Option(help="A new file.", metavar="FILE.json")],
    entry: Annotated[list[int] | None, typer.Option(help="Number of an entry; repeatable.", metavar="N")] = None,
    exhibit: Annotated[
        list[str] | None, typer.Option(help="The entry that brought it in; repeatable.", metavar="E001")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(help="head, subject, purpose, place, digest, counterparty, details; repeatable.", metavar="FIELD"),
    ] = None,
    bundle: Annotated[
        str, typer.Option(help="Under the checkpoint that this bundle holds; else the newest.", metavar="B01")
    ] = "",
) -> None:
    """Open named fields of named entries for a court, and nothing else; an entry says so."""
    face = face_of(ctx)
    fields = disclosing.fields_named([word for one in field or [] for word in one.split(",")])
    if not entry and not exhibit:
        raise UsageError(tr("Which entries? Give --entry N or --exhibit E001."))
    if entry and not fields:
        raise UsageError(tr("Which fields? Give --field, for example --field digest."))
    with face.session() as session:
        case = session.case(reference)
        chosen = {number: fields for number in entry or []}
        for number in exhibit or []:
            chosen[disclosing.brought_in(case, normal(number))] = fields or disclosing.OF_EXHIBIT
        made = disclosing.disclose(case, disclosing.Wanted(chosen, purpose, legal_basis, normal(bundle)), to)
    face.show(
        {
            "case": case.reference,
            "file": str(to),
            "sha256": made.sha256.hex(),
            "entry": made.sequence,
            "disclosed": {str(number): disclosing.names(some) for number, some in sorted(chosen.items())},
        },
        tr("What was disclosed is in {file}. Entry {n} says so.").format(file=plain(to), n=made.sequence),
    )


def verify_disclosure(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A disclosure.")],
    against: Annotated[
        Path | None, typer.Option(help="The bundle it opens, or that bundle's checkpoint.", metavar="FILE")
    ] = None,
    identity: Annotated[Path | None, typer.Option(help="Your age identity file, for a bundle.", metavar="F")] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help="First line: the passphrase of the bundle.", metavar="F")
    ] = None,
) -> None:
    """Check a disclosure: every value against its commitment, every entry against the checkpoint. Needs no vault."""
    face = face_of(ctx)
    try:
        with file.open("rb") as stream:
            data = stream.read(extracts.LARGEST + 1)
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=plain(file), why=error.strerror)) from error
    found = extracts.check(data)
    if against is not None:
        _same(Head(found.origin, found.size, found.root), _held(against, identity, passphrase_file))
    entries = [_shown(one) for one in found.entries]
    face.show(
        {
            "intact": True,
            "origin": found.origin,
            "checkpoint_size": found.size,
            "checkpoint_root": found.root.hex(),
            "signer": signatures.ssh_fingerprint(found.signer),
            "compared": against is not None,
            "entries": entries,
        },
        *facts(
            [
                (tr("Ledger"), found.origin),
                (tr("Checkpoint"), f"{found.size}:{found.root.hex()}"),
                (tr("Signed by"), signatures.ssh_fingerprint(found.signer)),
            ]
        ),
        *(line for one in found.entries for line in _lines(one)),
        tr("Everything shown is proven to stand in this chain of custody; what is withheld is only committed to."),
        tr("It is the checkpoint of the file compared.")
        if against is not None
        else tr("Compare the checkpoint with that of the bundle (--against); only then is it proven to be the same."),
    )


def _held(path: Path, identity: Path | None, passphrase_file: Path | None) -> Head:
    if is_checkpoint(path):
        return head_of(path)
    identities, passphrase = keys(identity, passphrase_file, path)
    return head_of(path, identities=identities, passphrase=passphrase)


def _same(ours: Head, held: Head) -> None:
    if ours != held:
        raise Damaged(tr("The disclosure is not of the checkpoint in the file that it was compared with."))


def _shown(one: Disclosed) -> dict[str, object]:
    values = {_name(number): value for number, value in one.fields.items()}
    return {
        "sequence": one.sequence,
        "fields": {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()},
        "commitments": {_name(number): value.hex() for number, value in one.commitments.items()},
        "withheld": [_name(number) for number in sorted(one.commitments) if number not in one.fields],
    }


def _name(number: int) -> str:
    """A field's name; of one that this version does not know, its number."""
    return Field(number).name.lower() if number in list(Field) else str(number)


def _lines(one: Disclosed) -> list[str]:
    lines = [tr("Entry {n}").format(n=one.sequence)]
    for number in sorted(one.commitments):
        name, committed = _name(number), one.commitments[number].hex()
        value = one.fields.get(number)
        told = value.hex() if isinstance(value, bytes) else value
        shown = tr("(withheld)") if number not in one.fields else plain(told)
        lines.append(f"  {name}: {shown}  [{committed}]")
    return lines
