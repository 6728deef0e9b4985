"""``vault …`` and ``member …``: found, check, recover; who works in the vault."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evidencevault import session as sessions
from evidencevault.cli.face import Face, ask_new_passphrase, face_of, not_yet, plain, read_passphrase, say, table
from evidencevault.custody import managers, membership, restore
from evidencevault.errors import Damaged, Refused, UsageError
from evidencevault.resources import tr
from evidencevault.vault import keyfiles
from evidencevault.vault import shares as recovery
from evidencevault.vault.upkeep import Condition

vault = typer.Typer(help="Make, check, mend and recover a vault.", no_args_is_help=True)
member = typer.Typer(help="Who works in the vault.", no_args_is_help=True)

Roles = Annotated[list[str], typer.Option("--role", help="officer, legal, oversight or admin; repeatable.")]


def register(app: typer.Typer) -> None:
    """Hang the groups into the program."""
    app.add_typer(vault, name="vault", rich_help_panel=None)
    app.add_typer(member, name="member")


def _roles(given: list[str]) -> frozenset[str]:
    return frozenset(one.strip().lower() for word in given for one in word.split(","))


@vault.command("create")
def create(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    organisation: Annotated[str, typer.Option(help="Whose vault it is.")],
    country: Annotated[str, typer.Option(help="Two letters, such as NL; they begin every case reference.")],
    role: Roles,
    shares: Annotated[int, typer.Option(help="How many recovery shares to make.", min=1, max=16, metavar="N")] = 3,
    threshold: Annotated[int, typer.Option(help="How many of them are needed.", min=1, max=16, metavar="N")] = 2,
    database: Annotated[str | None, typer.Option(help="A team's database (not in this version yet).")] = None,
    objects: Annotated[str | None, typer.Option(help="A team's object store (not in this version yet).")] = None,
) -> None:
    """Make a vault with its first user (--member), who is also admin. The recovery shares are printed once."""
    face = face_of(ctx)
    if database or objects:
        raise not_yet("vault create --database --objects")
    if threshold > shares:
        raise UsageError(tr("--threshold cannot be larger than --shares."))
    name = face.name()
    founded = membership.found(
        folder,
        organisation=organisation,
        country=country.upper(),
        name=name,
        roles=_roles(role),
        passphrase=face.new_passphrase(name, face.passphrase_file),
        threshold=threshold,
        shares=shares,
        key_file=face.key_bytes(),
    )
    roles = sorted(founded.office.member.roles)
    vault_id = founded.office.vault_id.hex()
    founded.office.close()
    face.show(
        {
            "vault": str(folder),
            "id": vault_id,
            "member": name,
            "roles": roles,
            "shares": list(founded.shares),
            "threshold": founded.threshold,
        },
        tr("The vault is in {folder}. Its first user is {name} ({roles}).").format(
            folder=plain(folder), name=plain(name), roles=", ".join(roles)
        ),
        tr("Its id is {id}.").format(id=vault_id),
        "",
        tr(
            "Recovery shares. They are shown only now. Print each, give it to a trustee, and keep none of them here. "
            "Any {n} of the {m} together give a user new keys."
        ).format(n=founded.threshold, m=len(founded.shares)),
        *(f"\n{number}.  {share}" for number, share in enumerate(founded.shares, 1)),
    )


@vault.command("check")
def check(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Also read every stored object.")] = False,
) -> None:
    """Look whether the vault's structure and files are whole. Needs no passphrase."""
    face = face_of(ctx)
    with face.working(tr("Checking")) as progress:
        found = sessions.check(face.folder(), full=full, progress=progress)
    face.show(
        {**dataclasses.asdict(found), "full": full, "whole": not found.damage},
        *(plain(one) for one in found.damage),
        *_condition(found, full),
    )
    if found.damage:
        say(Damaged(tr("The vault is damaged; what is wrong is listed. Nothing was changed.")).sentence)
        raise typer.Exit(Damaged.exit_code)


def _condition(found: Condition, full: bool) -> list[str]:
    looked = tr("{n} stored objects, each read whole.") if full else tr("{n} stored objects, each in its place.")
    lines = [] if found.damage else [looked.format(n=found.objects)]
    left = len(found.orphans) + len(found.leftovers)
    if left:
        lines.append(tr("{n} files were left over by a crash; “vault repair” removes them after a day.").format(n=left))
    return lines


@vault.command("repair")
def repair(ctx: typer.Context) -> None:
    """Remove what a crash left behind a day ago or more. Nothing that the vault names is touched."""
    face = face_of(ctx)
    with face.working(tr("Repairing")) as progress:
        removed = sessions.repair(face.folder(), progress=progress)
    face.show({"removed": list(removed)}, tr("{n} left-over files removed.").format(n=len(removed)))


@vault.command("recover")
def recover(
    ctx: typer.Context,
    shares_file: Annotated[Path, typer.Option(help="One recovery share a line.", metavar="F")],
    new_passphrase_file: Annotated[Path | None, typer.Option(help="First line: the new passphrase.")] = None,
) -> None:
    """Give a user (--member) new keys and a new passphrase from the recovery shares."""
    face = face_of(ctx)
    name = face.name()
    shares = _shares(shares_file)
    passphrase = face.new_passphrase(name, new_passphrase_file or face.passphrase_file)
    membership.recover(face.folder(), name, shares, passphrase, key_file=face.key_bytes())
    face.show(
        {"member": name, "recovered": True}, tr("{name} has new keys and a new passphrase.").format(name=plain(name))
    )


def _shares(file: Path) -> list[str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(tr("The file with the shares, {file}, cannot be read.").format(file=plain(file))) from error
    # As printed by “vault create”, a share may still carry its number.
    words = [recovery.plain(line) for line in lines]
    return [one for one in words if len(one.split()) >= 20]


@vault.command("accept-head")
def accept_head(
    ctx: typer.Context, reason: Annotated[str, typer.Option(help="Why; it is written down for ever.")]
) -> None:
    """Declare that a restored backup is the truth from now on."""
    face = face_of(ctx)
    accepted = restore.accept_head(face.folder(), face.name(), face.passphrase(), reason, key_file=face.key_bytes())
    face.show(
        {
            "accepted": [
                {"ledger": one.name, "remembered": str(one.remembered), "restored": str(one.restored)}
                for one in accepted
            ]
        },
        *(
            tr("{ledger}: was {old}, goes on from {new}.").format(ledger=one.name, old=one.remembered, new=one.restored)
            for one in accepted
        ),
    )


@member.command("add")
def add(
    ctx: typer.Context,
    name: str,
    role: Roles,
    new_passphrase_file: Annotated[Path | None, typer.Option(help="First line: their first passphrase.")] = None,
) -> None:
    """Add a user. At their first unlock their keys are made anew."""
    face = face_of(ctx)
    with face.session() as session:
        membership.invite(session.office, name, _roles(role), face.new_passphrase(name, new_passphrase_file))
        roles = sorted(session.office.standing.members[membership.check_handle(name)])
    face.show(
        {"member": name, "roles": roles},
        tr("{name} was added ({roles}).").format(name=plain(name), roles=", ".join(roles)),
    )


@member.command("list")
def list_members(ctx: typer.Context) -> None:
    """Everybody in the vault."""
    face = face_of(ctx)
    with face.session() as session:
        standing = session.office.standing
        rows, cells = [], []
        for name in sorted(standing.members):
            newest = standing.newest(name)
            state = "retired" if name in standing.retired else newest.state if newest else "none"
            roles, manager = sorted(standing.members[name]), standing.managers.get(name)
            rows.append({"name": name, "roles": roles, "state": state, "manager": manager})
            cells.append((name, ", ".join(roles), state, manager))
    face.show({"members": rows}, *table((tr("User"), tr("Roles"), tr("State"), tr("Line manager")), cells))


@member.command("passphrase")
def passphrase(
    ctx: typer.Context,
    new_passphrase_file: Annotated[Path | None, typer.Option(help="First line: the new passphrase.")] = None,
    new_key_file: Annotated[
        Path | None,
        typer.Option(help="Another key file from now on; without this the one given stays.", metavar="FILE"),
    ] = None,
    without_key_file: Annotated[
        bool, typer.Option("--without-key-file", help="From now on the passphrase alone is enough.")
    ] = False,
) -> None:
    """Change one's own passphrase, and the key file."""
    face = face_of(ctx)
    if without_key_file and new_key_file is not None:
        raise UsageError(tr("Give --new-key-file or --without-key-file, not both."))
    key_file = keyfiles.read(new_key_file) if new_key_file is not None else face.key_bytes()
    with face.session() as session:
        name = session.member.name
        new = read_passphrase(new_passphrase_file) if new_passphrase_file else ask_new_passphrase(name)
        membership.change_passphrase(session.office, new, None if without_key_file else key_file)
    face.show({"member": name, "changed": True}, tr("The passphrase of {name} was changed.").format(name=plain(name)))


@member.command("retire")
def retire(ctx: typer.Context, name: str) -> None:
    """End a user's access to the vault."""
    face = face_of(ctx)
    with face.session() as session:
        membership.retire(session.office, name)
    face.show(
        {"member": name, "state": "retired"},
        tr(
            "{name} was retired. What they have seen they have seen; what is written from now on is closed to them."
        ).format(name=plain(name)),
    )


@member.command("role")
def role(
    ctx: typer.Context,
    name: str,
    roles: Annotated[list[str] | None, typer.Argument(metavar="ROLE…", help="The roles they have from now on.")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="The same as an option; repeatable.")] = None,
) -> None:
    """Set a user's roles. With two admins, a second one confirms by the same call."""
    face = face_of(ctx)
    wanted = _roles([*(roles or []), *(role or [])])
    if not wanted:
        raise UsageError(tr("Which roles? Name at least one of officer, legal, oversight, admin."))
    with face.session() as session:
        in_effect = membership.set_roles(session.office, name, wanted)
    _say_role(face, name, wanted, in_effect)


def _say_role(face: Face, name: str, wanted: frozenset[str], in_effect: bool) -> None:
    said = (
        tr("{name} is now {roles}.")
        if in_effect
        else tr("Proposed: {name} is to be {roles}. Another admin confirms it by the same call.")
    )
    face.show(
        {"member": name, "roles": sorted(wanted), "in_effect": in_effect},
        said.format(name=plain(name), roles=", ".join(sorted(wanted))),
    )


@member.command("manager")
def manager(
    ctx: typer.Context,
    name: str,
    boss: Annotated[str, typer.Option("--is", metavar="NAME", help="Who manages them, or: none.")],
) -> None:
    """Say who is a user's line manager: excluded with them from cases. With two admins, a second one confirms."""
    face = face_of(ctx)
    wanted = "" if boss.strip().lower() == "none" else boss
    with face.session() as session:
        in_effect = managers.set_manager(session.office, name, wanted)
    said = (
        (tr("The line manager of {name} is now {manager}.") if wanted else tr("{name} has no line manager now."))
        if in_effect
        else tr("Proposed: the line manager of {name} is {manager}. Another admin confirms it by the same call.")
    )
    face.show(
        {"member": name, "manager": wanted or None, "in_effect": in_effect},
        said.format(name=plain(name), manager=plain(wanted or tr("nobody"))),
    )
