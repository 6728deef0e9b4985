"""``decision …``: from evidence to finding to measure, signed and countersigned."""

from __future__ import annotations

import typer

from evidencevault.casework import decisions, policies, signing
from evidencevault.cli.cases import Reference
from evidencevault.cli.face import face_of, facts, plain
from evidencevault.cli.forms import (
    FileOption,
    OptionalReference,
    TemplateOption,
    form,
    needed,
    show_record,
    show_records,
    wants_template,
)
from evidencevault.resources import tr

decision = typer.Typer(help="From evidence to finding to measure.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the group into the program."""
    app.add_typer(decision, name="decision")


@decision.command("add")
def decision_add(
    ctx: typer.Context, reference: OptionalReference = None, file: FileOption = None, template: TemplateOption = False
) -> None:
    """File the draft of a decision from its form. Prints its number."""
    if wants_template(template, "decision"):
        return
    face, reference, record = face_of(ctx), needed(reference), form(decisions.Decision, file)
    with face.session() as session:
        case = session.case(reference)
        number = decisions.add(case, record)
        face.show({"case": case.reference, "decision": number}, number)


@decision.command("sign")
def decision_sign(ctx: typer.Context, reference: Reference, number: str) -> None:
    """Sign a decision; where somebody else has signed it, countersign."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = decisions.get(case, number)
        second = found.state == "signed" and found.signed_by != case.member.name
        made = signing.countersign(case, number) if second else signing.sign(case, number)
        rule = policies.policy_of(case)
        waits = () if signing.final(rule, made) else signing.second_signature(rule, made)
        more = [tr("It counts once somebody else ({roles}) has countersigned it.").format(roles=" / ".join(waits))]
        face.show(
            {"case": case.reference, "decision": made.number, "state": made.state, "signed_by": made.signed_by,
             "countersigned_by": made.countersigned_by or None, "waits_for": list(waits)},
            tr("{number} is {state}.").format(number=made.number, state=made.state),
            *(more if waits else []),
        )  # fmt: skip


@decision.command("compare")
def decision_compare(ctx: typer.Context, reference: Reference, number: str) -> None:
    """What was decided about the same clause in the other cases that you can read; no names."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        made, rule = decisions.get(case, number), policies.policy_of(case)
        allowed = signing.span(rule, made)
        found = signing.compare(session.cases(), made.violation, case.reference)
    none = tr("No other case that you can read has a signed decision about {clause}.")
    limits = None if allowed is None else {"least": allowed.least, "most": allowed.most, "inside": allowed.inside}
    face.show(
        {"case": case.reference, "decision": made.number, "clause": found.clause, "cases": found.cases,
         "findings": dict(found.findings), "measures": dict(found.measures), "range": limits},
        *facts([
            (tr("Clause"), found.clause),
            (tr("Policy's range"), f"{allowed.least} – {allowed.most}" if allowed else None),
            (tr("Decided here"), ", ".join(made.measure)),
            (tr("Other cases"), found.cases or None),
            (tr("Findings"), ", ".join(f"{name} {count}" for name, count in found.findings.items())),
            (tr("Measures"), ", ".join(f"{name} {count}" for name, count in found.measures.items())),
        ]),
        *([] if found.cases else [none.format(clause=plain(made.violation))]),
    )  # fmt: skip


@decision.command("list")
def decision_list(ctx: typer.Context, reference: Reference) -> None:
    """The decisions of a case."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        found = decisions.list_decisions(case)
        show_records(
            face, case.reference, "decisions", found, ("number", "question", "finding", "measure", "signed_by")
        )


@decision.command("show")
def decision_show(ctx: typer.Context, reference: Reference, number: str) -> None:
    """One decision."""
    face = face_of(ctx)
    with face.session() as session:
        case = session.case(reference)
        show_record(face, case.reference, decisions.get(case, number))
