"""What the terminal tells of interviews: the dialogue, the kinds of questions, revisions, and what came before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from evidencevault.casework.interviews import Break, Correction, Interview, Line, Revision, Signed
from evidencevault.casework.people import Labelled
from evidencevault.casework.questioning import count
from evidencevault.cli.face import facts, plain, table
from evidencevault.resources import tr


def whole(one: Interview, signed: Signed | None, revision: int | None = None) -> Iterator[str]:
    """The whole record, for somebody who was not there; ``revision`` where an earlier one is shown."""
    yield tr("Interview {n}").format(n=one.number)
    if revision is not None:
        yield tr("Revision {n}").format(n=revision)
    yield from _standing(one, None if signed and revision and revision < signed.revision else signed)
    yield ""
    yield from facts(_head(one))
    yield from _block(tr("Plan"), one.plan.splitlines())
    yield from _block(tr("Ground rules"), [f"- {rule}" for rule in one.ground_rules])
    yield from ("", tr("Questions and answers in exact words"))
    yield from _dialogue(one)
    yield from _block(tr("Support offered"), one.support_offered.splitlines())
    yield from _block(tr("Put right afterwards"), [_correction(fix) for fix in one.corrections if fix.line is None])
    yield from _block(tr("Kinds of questions"), _questions(one))


def statistics(one: Interview) -> dict[str, object]:
    """The kinds of questions, for scripts; shares in per cent."""
    found = count(one)
    return {
        "questions": found.total,
        "counts": dict(found.counts),
        "shares": {kind: found.share(kind) for kind in found.counts},
        "unsaid": found.unsaid,
        "suggested": found.suggested,
        "first_leading": found.first_leading,
    }


def listed(found: Sequence[Interview]) -> list[str]:
    """Interviews in a table."""
    heads = (tr("Number"), tr("With"), tr("Led by"), tr("Began"), tr("Language"), tr("Lines"), tr("State"))
    return table(
        heads,
        [
            (one.number, one.with_, one.by, _stamp(one.started_at), one.language, len(one.lines), _state(one))
            for one in found
        ],
    )


def revisions(found: Sequence[Revision]) -> list[str]:
    """Revisions in a table."""
    said = {
        "filed": tr("filed"),
        "edited": tr("draft changed"),
        "signed": tr("signed"),
        "corrected": tr("correction added"),
    }
    heads = (tr("Revision"), tr("What"), tr("When"), tr("By"), tr("Lines"), tr("Corrections"))
    return table(
        heads,
        [
            (one.revision, said[one.what], one.at, one.by, len(one.record.lines), len(one.record.corrections))
            for one in found
        ],
    )


def plan(who: Labelled, before: Sequence[Interview]) -> Iterator[str]:
    """What to know before the next interview with somebody."""
    needs = who.person.needs
    yield from facts(
        [
            (tr("With"), who.label),
            (tr("Language"), who.person.language),
            (tr("Interpreter"), needs.interpreter if needs else ""),
            (tr("Disability"), needs.disability if needs else ""),
            (tr("Guardian"), needs.guardian if needs else ""),
            (tr("Interviewed before in this case"), str(len(before))),
        ]
    )
    yield from table(
        (tr("Number"), tr("Led by"), tr("Began"), tr("Language"), tr("State"), tr("Why again")),
        [(one.number, one.by, _stamp(one.started_at), one.language, _state(one), one.reason_again) for one in before],
    )
    if before:
        yield tr("Another interview needs a written reason: fill in reason_again.")
    yield tr("Only this case is counted.")


def _standing(one: Interview, signed: Signed | None) -> Iterator[str]:
    if signed is None:
        yield tr("Not signed: this is a draft")
    else:
        said = tr("Signed by {name}").format(name=plain(signed.by))
        yield ", ".join(filter(None, [said, _stamp(one.signed_at)]))
        yield tr("Revision {n} was signed, SHA-256 {digest}.").format(n=signed.revision, digest=signed.digest)
        yield tr("Unchanged since.") if signed.holds else "! " + tr("What was signed was changed afterwards.")
    for other in one.signatures:
        how = {"paper": tr("on paper"), "screen": tr("on a screen"), "recorded": tr("on a recording")}.get(
            other.how, ""
        )
        more = ", ".join(filter(None, [how, _stamp(other.at)]))
        yield tr("Signed by {name}").format(name=plain(other.who)) + (f" ({more})" if more else "")


def _head(one: Interview) -> list[tuple[str, object]]:
    return [
        (tr("With"), one.with_),
        (tr("Led by"), one.by),
        (tr("Began"), _stamp(one.started_at)),
        (tr("Ended"), _stamp(one.ended_at)),
        (tr("Where"), one.place),
        (tr("Language"), one.language),
        (tr("Interpreter"), _interpreter(one)),
        (tr("Present"), "\n".join(f"{who.who} ({who.part})" if who.part else who.who for who in one.present)),
        (tr("Consent"), ", ".join(filter(None, [one.consent.state, one.consent.by]))),
        (tr("Model"), one.model),
        (tr("Interviewed before in this case"), str(one.prior_interviews)),
        (tr("Why again"), one.reason_again),
        (tr("Recordings"), ", ".join(one.recordings)),
        (tr("Drawings"), ", ".join(one.drawings)),
    ]


def _interpreter(one: Interview) -> str:
    if one.interpreter is None:
        return ""
    known = {True: tr("accredited"), False: tr("not accredited"), None: tr("accreditation not known")}
    told = one.interpreter
    return ", ".join(filter(None, [told.who, known[told.accredited], told.register, told.language]))


def _dialogue(one: Interview) -> Iterator[str]:
    waiting = list(one.breaks)
    for place, line in enumerate(one.lines, 1):
        while waiting and line.at and (begun := _first(waiting[0])) and begun <= line.at:
            yield from _break(waiting.pop(0), one.started_at)
        yield from _line(place, line, one.started_at)
        yield from (f"        {_correction(fix)}" for fix in one.corrections if fix.line == place)
    for left in waiting:
        yield from _break(left, one.started_at)
    if not one.lines:
        yield "  " + tr("Nothing was written down yet.")


def _line(place: int, line: Line, began: datetime) -> Iterator[str]:
    kind = tr(line.prompt_kind) if line.prompt_kind else ""
    if kind and line.prompt_suggested:
        kind = tr("{kind} (suggested)").format(kind=kind)
    head = "  ".join(filter(None, [_clock(line.at, began), plain(line.phase), kind]))
    yield ""
    yield f"{place:>4}  {head}".rstrip()
    for mark, text in ((tr("Q"), line.question), (tr("A"), line.answer), ("", f"({line.note})" if line.note else "")):
        for number, row in enumerate(text.splitlines()):
            yield f"      {mark if number == 0 else '':<2} {plain(row)}".rstrip()


def _break(one: Break, began: datetime) -> Iterator[str]:
    span = " – ".join(filter(None, [_clock(one.started_at, began), _clock(one.ended_at, began)]))
    yield ""
    yield "      " + " ".join(filter(None, [tr("Break"), span, plain(one.reason)]))


def _correction(one: Correction) -> str:
    head = ", ".join(filter(None, [plain(one.by), _stamp(one.at)]))
    said = tr("Put right ({who}): {words}") if head else tr("Put right: {words}")
    return said.format(who=head, words=plain(" ".join(one.words.split())))


def _questions(one: Interview) -> Iterator[str]:
    found = count(one)
    if not found.total:
        yield tr("No question was written down.")
        return
    yield ", ".join(f"{tr(kind)} {number} ({found.share(kind)} %)" for kind, number in found.counts.items())
    if found.unsaid:
        yield tr("Questions without a kind: {n}").format(n=found.unsaid)
    if found.suggested:
        yield tr("Kinds suggested by the program, from the wording alone: {n}").format(n=found.suggested)
    if found.first_leading is None:
        yield tr("No question is marked as leading.")
    else:
        at = _clock(one.lines[found.first_leading - 1].at, one.started_at)
        said = tr("First leading question: line {n}").format(n=found.first_leading)
        yield f"{said}, {at}" if at else said


def _block(title: str, rows: Sequence[str] | Iterator[str]) -> Iterator[str]:
    found = [f"  {plain(row)}" for row in rows]
    if found:
        yield from ("", title, *found)


def _state(one: Interview) -> str:
    return tr("Signed") if one.state == "signed" else tr("Draft")


def _first(one: Break) -> datetime | None:
    return one.started_at or one.ended_at


def _stamp(at: datetime | None) -> str:
    return at.isoformat(" ", "minutes") if at else ""


def _clock(at: datetime | None, began: datetime) -> str:
    """The time of day; with its day or distance from UTC where these are not those of the beginning."""
    if at is None:
        return ""
    text = at.strftime("%H:%M:%S" if at.second else "%H:%M")
    if at.utcoffset() != began.utcoffset():
        text = at.isoformat(timespec="minutes")[11:]
    return text if at.date() == began.date() else f"{at.date().isoformat()} {text}"
