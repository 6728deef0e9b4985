"""``bundle …``: make, release, list; verify and open what others sent, without a vault."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.bundle import addressing, assembly, receiving, releasing, unsealing
from evidencevault.bundle.crossing import Crossing
from evidencevault.bundle.orders import Order
from evidencevault.bundle.previous import head_of
from evidencevault.bundle.receiving import Received
from evidencevault.casework.filing import normal
from evidencevault.cli import shown
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import Face, ask_passphrase, face_of, facts, plain, read_passphrase, say, table
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused, UsageError
from evidencevault.formats import age, fingerprints
from evidencevault.resources import tr

bundle = typer.Typer(help="What leaves the house.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A .zip.age or .zip bundle.")]
IdentityFile = Annotated[Path | None, typer.Option(help="Your age identity file.", metavar="F")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="First line: the passphrase of the bundle.", metavar="F")
]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(bundle, name="bundle")


def _words(given: list[str] | None) -> tuple[str, ...]:
    return tuple(normal(one) for word in given or [] for one in word.split(","))


@bundle.command("create")
def create(
    ctx: typer.Context,
    reference: Reference,
    purpose: Annotated[str, typer.Option(help="What for.")],
    legal_basis: Annotated[str, typer.Option(help="On which legal basis.")],
    exhibit: Annotated[list[str] | None, typer.Option(help="What to put in; repeatable.", metavar="E001")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every evidence item.")] = False,
    withhold: Annotated[
        list[str] | None, typer.Option(help="Name it and keep it back; repeatable.", metavar="E003")
    ] = None,
    reason: Annotated[list[str] | None, typer.Option(help="Why it is kept back: one code for each --withhold.")] = None,
    basis: Annotated[str, typer.Option(help="Of --reason privilege or restriction; without it, the legal basis.")] = "",
    originals: Annotated[
        list[str] | None, typer.Option(help="Leaves as it is, unredacted; repeatable.", metavar="E001")
    ] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="Age key (age1…) or name in the address book; repeatable.")
    ] = None,
    recipient_passphrase_file: Annotated[
        Path | None, typer.Option(help="Seal with a passphrase instead.", metavar="F")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="age, or zip (needs a passphrase).")] = "age",
    bates_prefix: Annotated[str, typer.Option(help="Begins the document numbers.", metavar="X")] = "",
    own_labels: Annotated[
        bool, typer.Option("--own-labels", help="Only copies approved with labels of this recipient's own.")
    ] = False,
    access: Annotated[
        str,
        typer.Option(
            "--subject-access", help="All that is about this person, for that person (art. 15 GDPR).", metavar="LABEL"
        ),
    ] = "",
    aside: Annotated[
        list[str] | None,
        typer.Option("--not-about", help="Of --subject-access: not about them; repeatable.", metavar="E001"),
    ] = None,
) -> None:
    """Choose, number and check a bundle. Prints its number. Nothing leaves before its release."""
    face = face_of(ctx)
    if access and every:
        raise UsageError(tr("--subject-access finds what to put in; --all does not go with it."))
    if not access and every == bool(exhibit) and (every or not originals):
        raise UsageError(tr("Give --exhibit E001 (repeatable) or --all; one of the two."))
    if bool(recipient) == (recipient_passphrase_file is not None):
        raise UsageError(
            tr("For whom? Give --recipient (age1… or a name) or --recipient-passphrase-file F; one of the two.")
        )
    selection = assembly.Selection(
        exhibits=None if every else _words(exhibit),
        withhold=_withheld(_words(withhold), reason or []),
        originals=_words(originals),
        passphrase=read_passphrase(recipient_passphrase_file) if recipient_passphrase_file else None,
        recipients=(),
        purpose=purpose,
        legal_basis=legal_basis,
        prefix=bates_prefix,
        own_labels=own_labels,
        basis=basis,
        form=form,
        access=access.strip(),
        aside=_words(aside),
    )
    with face.session() as session, face.working(tr("Making the bundle")) as progress:
        to = addressing.addressed(session.office, recipient or ())
        selection = dataclasses.replace(selection, recipients=addressing.keys(to), to=to)
        case = session.case(reference)
        made = assembly.create(case, session.workers_for(case), selection, progress)
        crossed = assembly.crossings(case, made.number)
        document = shown.document(case, made)
        said = [*map(_warning, crossed), *map(_unchecked, shown.unchecked(made)), *_said(case, made)]
    for line in said:
        say(line)
    warnings = [dataclasses.asdict(one) for one in crossed]
    face.show({"case": case.reference, **document, "warnings": warnings}, made.number)


def _unchecked(whose: str) -> str:
    return tr(
        "Warning: nobody has entered that the key of {name} was checked. Compare its words with its holder by another "
        "way, then enter that with “recipient check”."
    ).format(name=plain(whose))


def _said(case: CaseFile, one: Order) -> list[str]:
    told = [*shown.answer(one), *shown.bare(case, one), shown.note(one), *shown.keys_in_words(case, one)]
    return [line for line in told if line]


def _warning(one: Crossing) -> str:
    here, there = (one.bundle, one.exhibit), (one.other, one.there)
    told = [tr("Warning: laid side by side, two bundles show what each hides.")]
    for marks, hiding, showing in ((one.hidden_here, here, there), (one.hidden_there, there, here)):
        if marks:
            said = tr("{marks} of {exhibit} are hidden in {bundle} and can be seen in {other} ({there}).")
            names = {"exhibit": hiding[1], "bundle": hiding[0], "other": showing[0], "there": showing[1]}
            told.append(said.format(marks=", ".join(marks), **names))
    return " ".join(told)


def _withheld(numbers: tuple[str, ...], reasons: list[str]) -> dict[str, str]:
    if len(numbers) != len(reasons) and not (numbers and len(reasons) == 1):
        raise UsageError(tr("Each --withhold needs its --reason."))
    return dict(zip(numbers, reasons if len(reasons) == len(numbers) else reasons * len(numbers), strict=True))


@bundle.command("release")
def release(
    ctx: typer.Context,
    reference: Reference,
    number: Annotated[str, typer.Argument(metavar="B01")],
    to: Annotated[Path, typer.Option(help="A folder.", metavar="DIR")],
    alone: Annotated[str | None, typer.Option(help="Release one's own bundle, and why.", metavar="REASON")] = None,
) -> None:
    """Check, sign, seal and write out a bundle. Prints the file's path. Somebody else than who made it."""
    face = face_of(ctx)
    if not to.is_dir():
        raise Refused(tr("There is no folder {folder}. Nothing left the vault.").format(folder=plain(to)))
    with face.session() as session, face.working(tr("Releasing")) as progress:
        case = session.case(reference)
        path = releasing.release(case, session.workers_for(case), normal(number), to, alone, progress)
        done = next(one for one in assembly.list_bundles(case) if one.number == normal(number))
        document, said = shown.document(case, done), _said(case, done)
    for line in said:
        say(line)
    face.show({"case": case.reference, "file": str(path), **document}, str(path))


@bundle.command("list")
def list_bundles(ctx: typer.Context, reference: Reference) -> None:
    """The bundles of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = assembly.list_bundles(case)
        rows = [
            (
                one.number,
                one.state,
                len(one.items),
                len(one.withheld),
                one.release.at if one.release else one.at,
                one.purpose,
            )
            for one in found
        ]
        face.show(
            {"case": case.reference, "bundles": [shown.document(case, one) for one in found]},
            *table((tr("Bundle"), tr("State"), tr("Documents"), tr("Withheld"), tr("When"), tr("Purpose")), rows),
            *(line for one in found for line in shown.answer(one)),
            *(line for one in found for line in (*shown.bare(case, one), *shown.keys_in_words(case, one))),
            *([] if rows else [tr("{case} has no bundles yet.").format(case=case.reference)]),
        )


def keys(identity: Path | None, passphrase_file: Path | None, file: Path) -> tuple[list[age.Identity], str | None]:
    """What opens a received bundle. Raises UsageError, Refused (the key file cannot be read)."""
    if identity is not None and passphrase_file is not None:
        raise UsageError(tr("Give --identity or --passphrase-file; one of the two."))
    if identity is not None:
        try:
            return age.parse_identities(identity.read_text("utf-8")), None
        except OSError as error:
            raise Refused(
                tr("The key file {file} cannot be read: {why}.").format(file=plain(identity), why=error.strerror)
            ) from error
        except UnicodeDecodeError as error:
            raise Refused(
                tr("The key file {file} is not an age identity file.").format(file=plain(identity))
            ) from error
    if passphrase_file is not None:
        return [], read_passphrase(passphrase_file)
    return [], ask_passphrase(tr("Passphrase of the bundle: ")) if unsealing.needs_key(file) else None


@bundle.command("verify")
def verify(
    ctx: typer.Context,
    file: File,
    identity: IdentityFile = None,
    passphrase_file: PassphraseFile = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            help="An earlier bundle of the case, or its checkpoint: this one must continue it.", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Check a bundle whole: seal, manifests, signature, proofs. Needs no vault; writes nothing."""
    face = face_of(ctx)
    identities, passphrase = keys(identity, passphrase_file, file)
    with face.working(tr("Checking")) as progress:
        head = head_of(previous, identities=identities, passphrase=passphrase) if previous else None
        received = receiving.verify(
            file, identities=identities, passphrase=passphrase, progress=progress, previous=head
        )
    _show_received(face, received, {}, [])


@bundle.command("open")
def open_bundle(
    ctx: typer.Context,
    file: File,
    to: Annotated[Path, typer.Option(help="A folder; the bundle becomes a new one in it.", metavar="DIR")],
    identity: IdentityFile = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check a bundle whole, then unpack it. Needs no vault."""
    face = face_of(ctx)
    identities, passphrase = keys(identity, passphrase_file, file)
    with face.working(tr("Opening")) as progress:
        received, folder = receiving.open_bundle(
            file, to, identities=identities, passphrase=passphrase, progress=progress
        )
    _show_received(face, received, {"folder": str(folder)}, [tr("It is in {folder}.").format(folder=plain(folder))])


def _continued(one: Received) -> list[str]:
    lines = []
    if one.earlier:
        lines.append(tr("It continues the chain of custody in {bundles}.").format(bundles=", ".join(one.earlier)))
    if one.stamped is not None:
        told = tr("A time stamp says that it had begun before {time}; verify/README tells how to check its authority.")
        lines.append(told.format(time=plain(one.stamped)))
    if one.previous is not None:
        said = tr("The earlier checkpoint given is that of {bundle}, and this bundle continues it.")
        same = tr("The earlier checkpoint given is this bundle's own.")
        lines.append(said.format(bundle=plain(one.previous)) if one.previous else same)
    return lines


def _show_received(face: Face, one: Received, more: dict[str, object], lines: list[str]) -> None:
    document = {
        key: value.hex() if isinstance(value, bytes) else value for key, value in dataclasses.asdict(one).items()
    }
    words = fingerprints.of_ssh(one.signer).words
    face.show(
        {"intact": True, **document, "signer_words": words, **more},
        tr(
            "The bundle is whole: every file, the signature and {n} entries of the chain of custody were checked."
        ).format(n=one.entries),
        *facts(
            [
                (tr("Bundle"), one.name),
                (tr("Files"), one.files),
                (tr("Signed by"), one.signer),
                (tr("In words"), words),
                (tr("Ledger"), one.origin),
                (tr("Checkpoint"), f"{one.checkpoint_size}:{one.checkpoint_root.hex()}"),
            ]
        ),
        *_continued(one),
        tr("Compare the signing key with the sender by another way; only then is it proven who made the bundle."),
        *lines,
    )
