"""``recipient …``: the address book of the vault, and the words and QR codes by which keys are compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework import recipients
from evidencevault.casework.recipients import Recipient
from evidencevault.cli import shown
from evidencevault.cli.custody import write_new
from evidencevault.cli.face import face_of, facts, plain, say, table
from evidencevault.custody.office import Office
from evidencevault.errors import UsageError
from evidencevault.formats import fingerprints
from evidencevault.resources import tr
from evidencevault.vault import backup_renewal

recipient = typer.Typer(help="The address book: who receives bundles.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME")]
_KINDS = {".png": "png", ".svg": "svg"}


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(recipient, name="recipient")


@recipient.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    keys: Annotated[list[str], typer.Argument(metavar="KEY…", help="Age keys (age1…), all of one kind.")],
    organisation: Annotated[str | None, typer.Option(help="Whom they work for.", metavar="O")] = None,
) -> None:
    """Put a recipient into the book. For a name that is there, these keys take the place of the old ones."""
    face = face_of(ctx)
    with face.session() as session:
        done, cleared = recipients.add(session.office, name, keys, organisation)
        document, lines = _document(session.office, done), _lines(session.office, done)
    if cleared:
        say(
            tr(
                "The keys of {name} are others now, so the checks entered before ({count}) do not count any more. "
                "Check the new keys."
            ).format(name=plain(done.name), count=cleared)
        )
    face.show({**document, "cleared": cleared}, *lines)


@recipient.command("check")
def check(
    ctx: typer.Context,
    name: Name,
    how: Annotated[str, typer.Option(help="telephone, in-person, video or letter", metavar="HOW")],
    whom: Annotated[str, typer.Option("--with", help="With whom you compared.", metavar="WHOM")] = "",
) -> None:
    """Enter that you compared the words of the keys with their holder."""
    face = face_of(ctx)
    with face.session() as session:
        done = recipients.check(session.office, name, how, whom)
        document, lines = _document(session.office, done), _lines(session.office, done)
    face.show(document, *lines)


@recipient.command("show")
def show(
    ctx: typer.Context,
    name: Name,
    qr: Annotated[
        Path | None, typer.Option(help="Write the QR code of the key; - shows it here.", metavar="FILE.png|.svg")
    ] = None,
) -> None:
    """A recipient with the keys in words, and as a QR code."""
    face = face_of(ctx)
    with face.session() as session:
        one = recipients.find(session.office, name)
        document, lines = _document(session.office, one), _lines(session.office, one)
    if qr is not None and str(qr) != "-":
        document["qr"] = [str(file) for file in _write_qr(one, qr)]
    elif str(qr) == "-" or sys.stdout.isatty():
        for key in one.keys:
            lines += [shown.short(key), *fingerprints.qr_terminal(fingerprints.of_recipient(key).told).splitlines()]
    face.show(document, *lines)


@recipient.command("list")
def list_recipients(ctx: typer.Context) -> None:
    """Everybody in the book, and whose keys were checked."""
    face = face_of(ctx)
    with face.session() as session:
        found = recipients.book(session.office)
        documents = [_document(session.office, one) for one in found]
    rows = [(one.name, one.organisation, len(one.keys), _last(one)) for one in found]
    face.show(
        {"recipients": documents},
        *table((tr("Name"), tr("Organisation"), tr("Keys"), tr("Checked")), rows),
        *([] if rows else [tr("The address book is empty.")]),
    )


@recipient.command("remove")
def remove(ctx: typer.Context, name: Name) -> None:
    """Take a recipient out of the book. Bundles keep for whom they were made."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Erasing")) as progress:
        gone, renewal = recipients.remove(session.office, name, progress)
    face.show(
        {"removed": gone.name, "copies": backup_renewal.document(renewal)},
        tr("{name} is not in the address book any more.").format(name=plain(gone.name)),
        *(plain(one) for one in backup_renewal.sentences(renewal)),
    )


def _last(one: Recipient) -> str:
    return f"{one.checks[-1].how} {one.checks[-1].at}" if one.checks else tr("not checked")


def _document(office: Office, one: Recipient) -> dict[str, object]:
    return {
        "name": one.name,
        "organisation": one.organisation or None,
        "keys": [{"key": key, **shown.fingerprint(fingerprints.of_recipient(key))} for key in one.keys],
        "added_by": office.standing.handle(one.by),
        "added_at": one.at,
        "checks": [
            {"by": office.standing.handle(done.by), "at": done.at, "how": done.how, "with": done.whom or None}
            for done in one.checks
        ],
    }


def _lines(office: Office, one: Recipient) -> list[str]:
    pairs: list[tuple[str, object]] = [(tr("Name"), one.name), (tr("Organisation"), one.organisation)]
    for key in one.keys:
        found = fingerprints.of_recipient(key)
        pairs += [(tr("Key"), shown.short(key)), (tr("Fingerprint"), found), (tr("In words"), found.words)]
    pairs.append((tr("Added"), f"{one.at} {office.standing.handle(one.by)}"))
    for done in one.checks:
        pairs.append((tr("Checked"), " ".join([done.how, done.at, office.standing.handle(done.by), done.whom]).strip()))
    if not one.checks:
        pairs.append((tr("Checked"), tr("not checked")))
    return facts(pairs)


def _write_qr(one: Recipient, file: Path) -> list[Path]:
    """One file a key; the second is NAME-2, and so on."""
    kind = _KINDS.get(file.suffix.lower())
    if kind is None:
        raise UsageError(tr("The QR code is written as .png or .svg."))
    written = []
    for number, key in enumerate(one.keys, 1):
        target = file if number == 1 else file.with_name(f"{file.stem}-{number}{file.suffix}")
        write_new(target, fingerprints.qr_file(fingerprints.of_recipient(key).told, kind))
        written.append(target)
    return written
