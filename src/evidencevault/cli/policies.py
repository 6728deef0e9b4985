"""``policy …``: check a policy's file, show the one in force, adopt another."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework import policies
from evidencevault.casework.policies import Adopted
from evidencevault.cli.face import face_of, facts, table
from evidencevault.errors import FormError, Refused
from evidencevault.forms.bodies import to_body
from evidencevault.forms.reading import MAX_FORM
from evidencevault.policy.model import Policy
from evidencevault.resources import tr

policy = typer.Typer(help="The policy in force.", no_args_is_help=True)
PolicyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A policy (TOML).")]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(policy, name="policy")


def read_file(file: Path) -> str:
    """A policy's file. Raises Refused, FormError."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(tr("{file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    if len(data) > MAX_FORM:
        raise FormError(tr("{file} is larger than any policy is. Nothing was saved.").format(file=file))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormError(tr("{file} is not UTF-8 text. Nothing was saved.").format(file=file)) from error


@policy.command("check")
def check(ctx: typer.Context, file: PolicyFile) -> None:
    """Say what is wrong in a policy's file, each with its line. Needs no vault."""
    face = face_of(ctx)
    found = policies.read(read_file(file))
    face.show(_document(found, None), tr("{file} is a policy without a fault.").format(file=file), *_told(found, None))


@policy.command("show")
def show(
    ctx: typer.Context,
    template: Annotated[str, typer.Option(help="One of the templates that come with the program.")] = "",
    text: Annotated[bool, typer.Option("--text", help="The file itself, to be edited and adopted.")] = False,
) -> None:
    """The policy in force, or a template."""
    face = face_of(ctx)
    if template:
        chosen: Adopted | None = None
        file = policies.shipped_text(template)
        found = policies.read(file)
    else:
        with face.session() as session:
            known = policies.adopted(session.office)
            chosen = policies.in_force(known, session.office.clock().astimezone(UTC).date())
        file = chosen.text if chosen else policies.shipped_text(policies.DEFAULT)
        found = chosen.policy if chosen else policies.read(file)
    if text and not face.json:
        typer.echo(file, nl=False)
        return
    nothing = tr("No policy was adopted yet; until then what is due follows this template, which is nobody's policy.")
    face.show(
        {**_document(found, chosen), "text": file} if text else _document(found, chosen),
        *([] if chosen or template else [nothing]),
        *_told(found, chosen),
    )


@policy.command("templates")
def templates(ctx: typer.Context) -> None:
    """The templates that come with the program. None of them is any organisation's policy."""
    face = face_of(ctx)
    found = [(name, policies.read(policies.shipped_text(name))) for name in policies.shipped()]
    rows = [{"name": name, "country": one.country, "title": one.title, "version": one.version} for name, one in found]
    head = (tr("Template"), tr("Country"), tr("Title"))
    face.show({"templates": rows}, *table(head, [(one["name"], one["country"], one["title"]) for one in rows]))


@policy.command("adopt")
def adopt(ctx: typer.Context, file: PolicyFile) -> None:
    """Adopt a policy. Cases opened from now on are under it; those that are open stay under theirs."""
    face = face_of(ctx)
    text = read_file(file)
    with face.session() as session:
        made = policies.adopt(session.office, text)
    said = tr("“{title}”, version {version}, is adopted. Cases opened from now on are under it.")
    face.show(_document(made.policy, made), said.format(title=made.policy.title, version=made.policy.version))


def _document(found: Policy, adopted: Adopted | None) -> dict[str, object]:
    return {
        "policy": to_body(found),
        "adopted": None if adopted is None else {"at": adopted.at, "sha256": adopted.sha256},
    }


def _told(found: Policy, adopted: Adopted | None) -> list[str]:
    roles = {one.id: one.name for one in found.role}
    return [
        *facts(
            [
                (tr("Policy"), found.title),
                (tr("Version"), f"{found.id} {found.version}"),
                (tr("In force from"), found.in_force_from.isoformat()),
                (tr("Adopted"), adopted.at if adopted else None),
                (tr("Sources"), "\n".join(found.source)),
                (tr("Note"), found.note),
            ]
        ),
        "",
        *table(
            (tr("Step"), tr("Starts"), tr("Within"), tr("Who"), tr("Then"), tr("What")),
            [
                (one.id, one.starts, one.within, roles[one.role], ", ".join(one.escalate_to), one.name)
                for one in found.step
            ],
        ),
    ]
