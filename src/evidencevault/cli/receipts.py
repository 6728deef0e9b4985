"""``bundle view|acknowledge|receipt|register|notice``: what arrived, what ever left, who must be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import notices as telling
from evidencevault.bundle import receipts, receiving
from evidencevault.bundle import register as left
from evidencevault.casework.filing import normal
from evidencevault.cli import window
from evidencevault.cli.bundles import File, IdentityFile, PassphraseFile, bundle, keys
from evidencevault.cli.cases import Reference
from evidencevault.cli.custody import read_file, write_new
from evidencevault.cli.face import face_of, plain, table
from evidencevault.custody.office import system_clock
from evidencevault.errors import UsageError
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Nothing more to hang: the commands are those of the group ``bundle``."""


@bundle.command("view")
def view(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A .zip.age bundle.")] = None,
) -> None:
    """Open a bundle in the window: checks, documents, notes, a receipt. Needs no vault; unpacks nothing."""
    raise typer.Exit(window.open_received(face_of(ctx), file))


@bundle.command("acknowledge")
def acknowledge(
    ctx: typer.Context,
    file: File,
    by: Annotated[str, typer.Option(help="Who received it.")],
    to: Annotated[Path, typer.Option(help="A new file for the receipt.", metavar="FILE")],
    identity: IdentityFile = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check a bundle and write a signed receipt to send back. Needs no vault."""
    face = face_of(ctx)
    identities, passphrase = keys(identity, passphrase_file, file)
    with face.working(tr("Checking")) as progress:
        received = receiving.verify(file, identities=identities, passphrase=passphrase, progress=progress)
    write_new(to, receipts.make(received, by, system_clock(), identities))
    code = receipts.code(received.tag_manifest_sha256)
    face.show(
        {"bundle": received.name, "file": str(to), "code": code},
        tr("The receipt is in {file}. Send it back to where the bundle came from.").format(file=plain(to)),
        tr("Or read these words to them over the telephone: {code}").format(code=code),
    )


@bundle.command("receipt")
def receipt(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str | None, typer.Argument(metavar="B01", help="With --code only.")] = None,
    file: Annotated[Path | None, typer.Option(help="The receipt that came back.", metavar="F")] = None,
    code: Annotated[str | None, typer.Option(help="The words read over the telephone.", metavar="WORDS")] = None,
    by: Annotated[str, typer.Option(help="Who read them.")] = "",
) -> None:
    """Enter that a bundle arrived: its receipt, or the words of its code."""
    face = face_of(ctx)
    if (file is None) == (code is None) or (code is not None) != (number is not None):
        raise UsageError(tr("Give --file F, or B01 with --code WORDS and --by NAME."))
    with face.session() as session:
        case = session.case(reference)
        if file is not None:
            order = receipts.enter(case, read_file(file, receipts.LARGEST))
        else:
            order = receipts.enter_code(case, normal(str(number)), str(code), by)
    done = order.receipt
    assert done is not None
    face.show(
        {
            "case": case.reference,
            "bundle": order.number,
            "by": done.by,
            "at": done.at,
            "how": done.how,
            "signer": done.signer or None,
        },
        tr("{bundle} arrived: {by}, {at}.").format(bundle=order.number, by=plain(done.by), at=done.at),
    )


@bundle.command("register")
def show_register(
    ctx: typer.Context,
    reference: Annotated[str | None, typer.Argument(metavar="REF", help="One case; without it all of yours.")] = None,
) -> None:
    """Everything that ever left: to whom, what, when, and whether it arrived."""
    face = face_of(ctx)
    with face.session() as session:
        chosen = [session.case(reference)] if reference is not None else list(session.cases())
        found = [(case.reference, one) for case in chosen for one in left.left(case)]
        due = [(case.reference, one) for case in chosen for one in telling.notices(case)]
    rows = [
        (
            case,
            one.number or one.kind,
            one.at,
            plain(one.to),
            ", ".join(one.exhibits),
            _purpose(one),
            one.receipt.at if one.receipt else tr("none"),
        )
        for case, one in found
    ]
    titles = (tr("Case"), tr("What"), tr("When"), tr("To"), tr("Evidence"), tr("Purpose"), tr("Receipt"))
    face.show(
        {
            "left": [
                {
                    "case": case,
                    "kind": one.kind,
                    "number": one.number or None,
                    "to": one.to,
                    "at": one.at,
                    "purpose": one.purpose,
                    "legal_basis": one.legal_basis,
                    "subject_access": one.access or None,
                    "exhibits": list(one.exhibits),
                    "sha256": one.sha256.hex(),
                    "receipt": {"by": one.receipt.by, "at": one.receipt.at, "how": one.receipt.how}
                    if one.receipt
                    else None,
                }
                for case, one in found
            ],
            "notices": [
                {
                    "case": case,
                    "bundle": one.bundle,
                    "to": one.to,
                    "exhibit": one.exhibit,
                    "what": one.what,
                    "fields": list(one.fields),
                    "erased_at" if one.what == telling.ERASED else "corrected_at": one.at,
                }
                for case, one in due
            ],
        },
        *table(titles, rows),
        *([] if rows else [tr("Nothing has left.")]),
        *[
            _due(one).format(
                to=plain(one.to),
                exhibit=one.exhibit,
                bundle=f"{case}-{one.bundle}",
                what=", ".join(telling.words(one.fields)),
            )
            for case, one in due
        ],
    )


def _due(one: telling.Notice) -> str:
    if one.what == telling.ERASED:
        return tr("To be told to {to}: {exhibit}, sent in {bundle}, was erased.")
    if telling.MARKS in one.fields:
        return tr("To be told to {to}: {exhibit}, sent in {bundle}, was corrected ({what}). Send the new copy, too.")
    return tr("To be told to {to}: {exhibit}, sent in {bundle}, was corrected ({what}).")


def _purpose(one: left.Left) -> str:
    said = tr("{purpose} (access of {person})") if one.access else "{purpose}"
    return said.format(purpose=plain(one.purpose), person=plain(one.access))


@bundle.command("notice")
def notice(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="B01")],
    to: Annotated[Path, typer.Option(help="A new file (PDF).", metavar="FILE")],
) -> None:
    """Write the notice that evidence in a bundle was erased or corrected since (art. 19 GDPR). An entry says so."""
    face = face_of(ctx)
    with face.session() as session, face.working(tr("Writing the notice")):
        case = session.case(reference)
        told = telling.write_notice(case, session.workers_for(case), normal(number), to)
    face.show(
        {"case": case.reference, "file": str(to), "exhibits": [one.exhibit for one in told]},
        tr("The notice is in {file}. Send it to whoever received the bundle.").format(file=plain(to)),
    )
