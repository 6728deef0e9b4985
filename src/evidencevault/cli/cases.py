"""``case …``: open, list, show; who holds a case."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from evidencevault.casework import cases, closing, conflicts, opening, people
from evidencevault.casework.cases import Case
from evidencevault.casework.duties import called, until
from evidencevault.cli.face import face_of, facts, plain, say, table
from evidencevault.cli.forms import TemplateOption, body, form, from_options, wants_template
from evidencevault.custody import access
from evidencevault.custody.access import CaseLedger
from evidencevault.custody.casefile import CaseFile, Duty, Kind
from evidencevault.custody.casestate import RECOVERY
from evidencevault.errors import UsageError
from evidencevault.forms.writing import to_toml
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault.registry import KeyKind

case = typer.Typer(help="Cases, and who holds them.", no_args_is_help=True)
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A user with a conflict of interest, who is not to see it; repeatable."),
]
Reference = Annotated[str, typer.Argument(metavar="REF", help="Such as NL-2026-0001.")]


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(case, name="case")


def case_values(title: str | None, category: list[str] | None, severity: str | None) -> dict[str, object]:
    """The values of a case's form from the options of the call. Raises UsageError where one is missing."""
    if not (title and category and severity):
        raise UsageError(tr("A case needs --title, --category and --severity, or its form with --file."))
    categories = [one.strip() for word in category for one in word.split(",")]
    return {"title": title, "categories": categories, "severity": severity}


@case.command("create")
def create(
    ctx: typer.Context,
    title: Annotated[str | None, typer.Option(help="A title, without names.")] = None,
    category: Annotated[list[str] | None, typer.Option(help=", ".join(cases.CATEGORIES) + "; repeatable.")] = None,
    severity: Annotated[str | None, typer.Option(help=", ".join(cases.SEVERITIES))] = None,
    safety: Annotated[
        str, typer.Option(help="Whether whoever is affected is safe now: " + ", ".join(cases.SAFETY))
    ] = "unknown",
    safety_done: Annotated[str, typer.Option(help="What was done for their safety.")] = "",
    allegation: Annotated[str, typer.Option(help="In one sentence.")] = "",
    place: Annotated[str, typer.Option(help="Where.")] = "",
    programme: Annotated[str, typer.Option(help="Programme or project.")] = "",
    exclude: Exclude = None,
    file: Annotated[Path | None, typer.Option(help="The filled-in form instead of options.", metavar="F")] = None,
    template: TemplateOption = False,
) -> None:
    """Open a case. Prints its reference."""
    if wants_template(template, "case"):
        return
    face = face_of(ctx)
    if file is not None:
        record = form(Case, file)
    else:
        record = from_options(
            Case,
            {
                **case_values(title, category, severity),
                "immediate_safety": {"state": safety, "done": safety_done},
                "allegation": allegation,
                "place": place,
                "programme": programme,
            },
        )
    with face.session() as session:
        made = opening.create(session.office, record, exclude or ())
        excluded = list(made.ledger.state.walled)
        face.show({"case": made.reference, "excluded": excluded}, made.reference)
        if excluded:
            say(excluded_said(made.reference, excluded))


@case.command("list")
def list_cases(ctx: typer.Context) -> None:
    """The cases that you may follow. Oversight sees references and what is due, and no content."""
    face = face_of(ctx)
    with face.session() as session:
        rows = [_listed(session, ledger) for ledger in session.ledgers()]
    closed = tr("(not for you to read)")
    face.show(
        {"cases": rows},
        *table(
            (tr("Case"), tr("State"), tr("Severity"), tr("Evidence"), tr("Due"), tr("Title")),
            [
                (one["reference"], one["state"], one["severity"], one["exhibits"], one["due"], one["title"] or closed)
                for one in rows
            ],
        ),
        *([] if rows else [tr("You have not been given any case yet.")]),
    )


def _listed(session: Session, ledger: CaseLedger) -> dict[str, object]:
    due = sum(one.duty.state == "open" for one in session.duties_of(ledger))
    row: dict[str, object] = {"reference": ledger.reference, "entries": ledger.state.size, "due": due}
    if not session.reads(ledger):
        return {
            **row,
            "readable": False,
            "title": None,
            "state": None,
            "severity": None,
            "categories": None,
            "exhibits": None,
        }
    about = cases.describe(CaseFile(ledger))
    return {
        **row,
        "readable": True,
        "title": about.title,
        "state": about.state,
        "severity": about.severity,
        "categories": list(about.categories),
        "exhibits": len(ledger.state.of_kind(Kind.EXHIBIT)),
    }


@case.command("show")
def show(ctx: typer.Context, reference: Reference) -> None:
    """One case: what it is about, its persons, who holds it, what is due."""
    face = face_of(ctx)
    with face.session() as session:
        ledger = session.ledger(reference)
        opened = CaseFile(ledger) if session.reads(ledger) else None
        document, pairs = _audit(session, ledger, opened)
        if opened is not None:
            content, said = _content(opened)
            document, pairs = {**document, **content}, [pairs[0], *said, *pairs[1:]]
    face.show(document, *facts(pairs))


Pairs = list[tuple[str, object]]


def _audit(session: Session, ledger: CaseLedger, opened: CaseFile | None) -> tuple[dict[str, object], Pairs]:
    state = ledger.state
    holders = [name for name in state.holder_names(KeyKind.CASE) if name != RECOVERY]
    oversight = [name for name in state.holder_names(KeyKind.AUDIT) if name not in (*holders, RECOVERY)]
    duties = [one.duty for one in session.duties_of(ledger) if one.duty.state == "open"]
    duties.sort(key=lambda one: (one.due or 0, one.step, one.ref))
    excluded = conflicts.excluded(ledger, opened)
    missing = [one.member for one in conflicts.missing(ledger, opened)]
    document: dict[str, object] = {
        "reference": ledger.reference,
        "readable": session.reads(ledger),
        "entries": state.size,
        "holders": holders,
        "oversight": oversight,
        "excluded": [dataclasses.asdict(one) for one in excluded],
        "to_exclude": missing,
        "due": [dataclasses.asdict(one) for one in duties],
    }
    return document, [
        (tr("Case"), ledger.reference),
        (tr("Held by"), ", ".join(holders)),
        (tr("Oversight"), ", ".join(oversight)),
        (tr("Excluded"), "\n".join(_excluded_line(one) for one in excluded)),
        (tr("To be excluded"), ", ".join(missing)),
        (tr("Entries"), state.size),
        (tr("Due"), "\n".join(_due(one) for one in duties)),
    ]


def _excluded_line(one: conflicts.Excluded) -> str:
    return "; ".join(part for part in (f"{one.name} ({one.why}, {one.since[:10]})", one.ending) if part)


def _due(one: Duty) -> str:
    day = "–" if one.due is None else until(one.due, UTC).date().isoformat()
    return f"{day}  {called(one)}" + (f" ({one.ref})" if one.ref else "")


def _content(case: CaseFile) -> tuple[dict[str, object], Pairs]:
    about = cases.describe(case)
    persons = people.list_persons(case)
    counts = {kind.name.lower() + "s": len(case.ledger.state.of_kind(kind)) for kind in _COUNTED}
    hindrances = () if about.state == "closed" else closing.hindrances(case)
    document: dict[str, object] = {
        **body(about),
        "persons": [{"label": one.label, **body(one.person)} for one in persons],
        "counts": counts,
        "hindrances": list(hindrances),
    }
    safety = about.immediate_safety
    return document, [
        (tr("Title"), about.title),
        (tr("State"), about.state),
        (tr("Categories"), ", ".join(about.categories)),
        (tr("Severity"), about.severity),
        (tr("Allegation"), about.allegation),
        (tr("Place"), about.place),
        (tr("Programme"), about.programme),
        (tr("Safety"), ": ".join(one for one in (safety.state, safety.done) if one)),
        (tr("Persons"), ", ".join(one.label for one in persons)),
        *((name.capitalize(), count) for name, count in counts.items() if count),
        (tr("Still open"), "; ".join(hindrances)),
    ]


_COUNTED = (Kind.EXHIBIT, Kind.CONCERN, Kind.INTERVIEW, Kind.DECISION, Kind.ACTION, Kind.RECOMMENDATION)


def _with_ledger(ctx: typer.Context, reference: str, act: Callable[[CaseLedger], None], name: str, said: str) -> None:
    face = face_of(ctx)
    with face.session() as session:
        ledger = session.ledger(reference)
        act(ledger)
        document = {
            "case": ledger.reference,
            "member": name,
            "holders": [one for one in ledger.state.holder_names(KeyKind.CASE) if one != RECOVERY],
        }
        face.show(document, said.format(name=plain(name), case=ledger.reference))


@case.command("grant")
def grant(ctx: typer.Context, reference: Reference, name: str) -> None:
    """Give a user access to a case."""
    _with_ledger(
        ctx, reference, lambda ledger: access.grant(ledger, name), name, tr("{name} has access to {case} now.")
    )


@case.command("revoke")
def revoke(ctx: typer.Context, reference: Reference, name: str) -> None:
    """End a user's access. What is written from now on is closed to them."""
    said = tr("{name} has no access to {case} any more. What they have seen they have seen.")
    _with_ledger(ctx, reference, lambda ledger: access.revoke(ledger, name), name, said)


@case.command("handover")
def handover(ctx: typer.Context, reference: Reference, name: str) -> None:
    """Give a case to another officer and end one's own access."""
    said = tr("{case} is with {name} now; you have no access to it any more.")
    _with_ledger(ctx, reference, lambda ledger: access.hand_over(ledger, name), name, said)


def excluded_said(reference: str, names: Sequence[str]) -> str:
    """Who was excluded just now."""
    said = tr("Excluded from {case}: {names}. They can be given no access, and are not shown that the case exists.")
    return said.format(case=reference, names=plain(", ".join(names)))


@case.command("close")
def close(
    ctx: typer.Context,
    reference: Reference,
    alone: Annotated[str, typer.Option(help="Why nobody else is asked, where the policy allows it.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back the proposal to close it.")] = False,
) -> None:
    """Propose that a case is closed, or agree with whoever proposed it. Refused while something in it is open."""
    face = face_of(ctx)
    with face.session() as session:
        opened = session.case(reference)
        made = closing.withdraw(opened) if withdraw else closing.close(opened, alone=alone)
        if withdraw:
            said = tr("The proposal to close {case} is taken back.")
        elif made.state == "closed":
            said = tr("{case} is closed now.")
        else:
            said = tr("It is proposed to close {case}. It is closed once somebody else calls the same command.")
        document = {"case": opened.reference, "state": made.state, "proposed": made.closing is not None}
        face.show(document, said.format(case=opened.reference))


@case.command("reopen")
def reopen(
    ctx: typer.Context,
    reference: Reference,
    state: Annotated[str, typer.Option(help=", ".join(cases.STATES[:-1]))] = "investigating",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Open a closed case again."""
    if state == "closed":
        raise UsageError(tr("A reopened case is not closed; choose another --state."))
    face = face_of(ctx)
    with face.session() as session:
        opened = session.case(reference)
        made = closing.reopen(opened, state, reason)
        said = tr("{case} is {state} now.").format(case=opened.reference, state=made.state)
        face.show({"case": opened.reference, "state": made.state}, said)


@case.command("move")
def move(
    ctx: typer.Context,
    reference: Reference,
    state: Annotated[str, typer.Argument(metavar="STATE", help=", ".join(cases.STATES))],
) -> None:
    """Move a case to another state."""
    face = face_of(ctx)
    with face.session() as session:
        opened = session.case(reference)
        before = cases.describe(opened).state
        after = cases.move(opened, state).state if before != state else before
        said = tr("{case} is {state} now.").format(case=opened.reference, state=after)
        face.show({"case": opened.reference, "state": after}, said)


@case.command("edit")
def edit(
    ctx: typer.Context,
    reference: Reference,
    file: Annotated[Path | None, typer.Option(metavar="F", help="The case's form as it shall be.")] = None,
) -> None:
    """Correct what a case says. Without --file its form is printed, to be edited."""
    face = face_of(ctx)
    with face.session() as session:
        opened = session.case(reference)
        before = cases.describe(opened)
        if file is None:
            typer.echo(to_toml(before), nl=False)
            return
        made = cases.update(opened, form(Case, file))
        said = tr("{case} is corrected; what it said before stays in its history.").format(case=opened.reference)
        face.show({"case": opened.reference, **body(made)}, said)
