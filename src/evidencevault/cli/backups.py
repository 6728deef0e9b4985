"""``backup …``: copies of the vault made, checked, listed, made into a vault again. None takes a passphrase."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evidencevault import session as sessions
from evidencevault.cli.documents import size_text
from evidencevault.cli.face import face_of, plain, say, table
from evidencevault.errors import Damaged, NotFound
from evidencevault.resources import tr
from evidencevault.vault.backup_places import Place
from evidencevault.vault.backup_restore import Restored

backup = typer.Typer(help="Copies of the vault.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the copy.")]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(backup, name="backup")


@backup.command("create")
def create(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="An empty folder on another disk, or that of an earlier copy.")
    ],
    full: Annotated[
        bool, typer.Option("--full", help="Also read the files that are there already; damaged ones come anew.")
    ] = False,
) -> None:
    """Copy the vault into a folder; a second time only what is new. Needs no passphrase."""
    face = face_of(ctx)
    with face.working(tr("Copying")) as progress:
        made = sessions.back_up(face.folder(), folder, full=full, progress=progress)
    face.show(
        {
            "folder": str(made.folder),
            "made": made.made,
            "objects": made.objects,
            "size": made.size,
            "new": made.brought,
            "damaged": list(made.damaged),
        },
        tr("The copy is in {folder} ({size}); new files: {new}.").format(
            folder=plain(made.folder), size=size_text(made.size), new=made.brought
        ),
        tr("It is sealed as the vault is: nobody reads it without the passphrase of a user."),
        *made.damaged,
    )
    if made.damaged:
        say(
            tr(
                "The vault itself does not have these files whole; they were not copied, and what an earlier copy "
                "has of them was kept. “vault check --full” says more."
            )
        )
        raise typer.Exit(Damaged.exit_code)


@backup.command("verify")
def verify(ctx: typer.Context, folder: Folder) -> None:
    """Read all of a copy and say whether it is whole. Needs neither the vault nor a passphrase."""
    face = face_of(ctx)
    with face.working(tr("Checking")) as progress:
        found = sessions.check_copy(folder, progress=progress)
    whole = tr("The copy of {made} is whole: all {size} of it were read.").format(
        made=found.made, size=size_text(found.size)
    )
    left = tr("{n} files are left over from a run that was broken off; the next one removes them.")
    face.show(
        {**dataclasses.asdict(found), "folder": str(folder), "whole": not found.damage},
        *(plain(one) for one in found.damage),
        *([] if found.damage else [whole]),
        *([left.format(n=len(found.leftovers))] if found.leftovers else []),
    )
    if found.damage:
        say(
            tr(
                "The copy is damaged; what is wrong is listed. “backup create {folder} --full” mends it from the vault."
            ).format(folder=plain(folder))
        )
        raise typer.Exit(Damaged.exit_code)


@backup.command("restore")
def restore(
    ctx: typer.Context,
    folder: Folder,
    to: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder: the vault will be there.")],
) -> None:
    """Make a vault from a copy. Needs no passphrase."""
    face = face_of(ctx)
    with face.working(tr("Restoring")) as progress:
        made = sessions.restore_copy(folder, to, progress=progress)
    face.show(
        {**dataclasses.asdict(made), "folder": str(made.folder), "whole": not made.damage},
        tr("The vault as of {made} is in {folder} ({size}).").format(
            made=made.made, folder=plain(made.folder), size=size_text(made.size)
        ),
        *_next(made),
        *made.damage,
    )
    if made.damage:
        say(tr("The copy does not have these files whole; the vault is without them. Everything else is there."))
        raise typer.Exit(Damaged.exit_code)


def _next(made: Restored) -> list[str]:
    if made.older:
        seen = tr(
            "This computer saw a later state of it, and refuses to open it as older until the restore is declared:"
        )
    else:
        seen = tr("A computer that saw a later state of it refuses to open it as older until the restore is declared:")
    return [seen, tr("“vault accept-head --reason …”, once. It is written down for ever.")]


@backup.command("list")
def list_copies(ctx: typer.Context) -> None:
    """Where copies were made from this computer, and when."""
    face = face_of(ctx)
    found = sessions.copies(face.folder()).all()
    rows = [(one.folder, one.made, _condition(one)) for one in found]
    face.show(
        {"copies": [dataclasses.asdict(one) for one in found]},
        *table((tr("Folder"), tr("Made"), tr("State")), rows),
        *([] if rows else [tr("No copy was made from this computer. “backup create DIR” makes one.")]),
    )


def _condition(one: Place) -> str:
    if not one.finished:
        return tr("not finished; “backup create” goes on")
    said = [tr("holds what was erased since; make it anew")] if one.stale else []
    if not one.checked:
        return "; ".join([*said, tr("not checked yet")])
    checked = tr("whole on {date}") if one.whole else tr("damaged on {date}")
    return "; ".join([*said, checked.format(date=one.checked)])


@backup.command("forget")
def forget(ctx: typer.Context, folder: Folder) -> None:
    """Take a copy off the list, because it was destroyed. The folder itself is not touched."""
    face = face_of(ctx)
    if sessions.copies(face.folder()).forget(folder) is None:
        raise NotFound(tr("{folder} is not on the list of copies.").format(folder=folder))
    face.show({"forgotten": str(folder)}, tr("{folder} is off the list.").format(folder=plain(folder)))
