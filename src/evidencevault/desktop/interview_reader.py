"""An interview as text to read: how it stands, who signed, how it was asked, and every word. All of it is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from evidencevault.casework.codes import word
from evidencevault.casework.interviews import Break, Correction, Interview, Line, Signed
from evidencevault.casework.prompts import LEADING
from evidencevault.casework.questioning import count, suggestions
from evidencevault.desktop import words
from evidencevault.desktop.markup import body, clock, escaped, facts, section, stamped
from evidencevault.resources import later, tr

_WAYS = {"paper": later("on paper"), "screen": later("on a screen"), "recorded": later("on a recording")}


def interview_html(one: Interview, signed: Signed | None = None) -> str:
    """The whole record, questions and answers in exact words. ``signed`` is what the ledger says of its signature."""
    parts = [f"<p class='h1'>{escaped(tr('Interview {n}').format(n=one.number))}</p>"]
    parts += [f'<p class="{tone}">{escaped(text)}</p>' for text, tone in _standing(one, signed)]
    parts.append(facts(_head(one)))
    parts += section(tr("Plan"), one.plan)
    if one.ground_rules:
        rules = "".join(f"<li>{escaped(rule)}</li>" for rule in one.ground_rules)
        parts += [_title(tr("Ground rules")), f"<ul>{rules}</ul>"]
    if count(one).total:
        parts += [_title(tr("How the questions were asked")), facts(_asked(one))]
    parts += [_title(tr("Questions and answers in exact words")), *dialogue(one)]
    parts += section(tr("Support offered"), one.support_offered)
    general = [fix for fix in one.corrections if not _about_line(one, fix)]
    if general:
        parts += [_title(tr("Put right afterwards")), *map(_correction, general)]
    return body(parts)


def state(one: Interview) -> tuple[str, str]:
    """How an interview stands in a word or two, and its tone."""
    if one.state == "draft":
        return tr("Draft"), "warn"
    return (tr("Signed, corrected beside it"), "good") if one.corrections else (tr("Signed"), "good")


def _standing(one: Interview, signed: Signed | None) -> Iterator[tuple[str, str]]:
    if one.signed_at is None:
        yield tr("Not signed: this is a draft"), "warn"
    else:
        yield state(one)
        by = tr("Signed by {name}").format(name=one.signed_by)
        yield ", ".join([by, stamped(one.signed_at)]), "muted"
    if signed is not None:
        if signed.holds:
            yield tr("Unchanged since."), "muted"
        else:
            yield tr("What was signed was changed afterwards."), "bad"
    for other in one.signatures:
        how = _WAYS.get(other.how)
        more = ", ".join(filter(None, [tr(how) if how else "", stamped(other.at)]))
        yield tr("Signed by {name}").format(name=other.who) + (f" ({more})" if more else ""), "muted"


def _head(one: Interview) -> list[tuple[str, str]]:
    return [
        (tr("With"), one.with_),
        (tr("Led by"), one.by),
        (tr("Began"), stamped(one.started_at)),
        (tr("Ended"), stamped(one.ended_at)),
        (tr("Where"), one.place),
        (tr("Language"), one.language),
        (tr("Interpreter"), _interpreter(one)),
        (tr("Present"), ", ".join(f"{who.who} ({who.part})" if who.part else who.who for who in one.present)),
        (tr("Consent"), ", ".join(filter(None, [words.consent(one.consent.state), one.consent.by]))),
        (tr("Model"), one.model),
        (tr("Interviewed before in this case"), str(one.prior_interviews)),
        (tr("Why again"), one.reason_again),
        (tr("Recordings"), ", ".join(one.recordings)),
        (tr("Drawings"), ", ".join(one.drawings)),
    ]


def _interpreter(one: Interview) -> str:
    told = one.interpreter
    if told is None:
        return ""
    known = {True: tr("accredited"), False: tr("not accredited"), None: tr("accreditation not known")}
    return ", ".join(filter(None, [told.who, known[told.accredited], told.register, told.language]))


def _asked(one: Interview) -> list[tuple[str, str]]:
    """The kinds of questions, counted, with the first leading one."""
    found = count(one)
    rows = [
        (words.prompt(kind), tr("{n} ({share} %)").format(n=number, share=found.share(kind)))
        for kind, number in found.counts.items()
        if number
    ]
    rows.append((tr("Without a kind"), str(found.unsaid or "")))
    rows.append((tr("Kinds suggested by the program"), str(found.suggested or "")))
    first = found.first_leading
    at = "" if first is None else clock(one.lines[first - 1].at)
    leading = tr("none") if first is None else ", ".join(filter(None, [tr("line {n}").format(n=first), at]))
    return [*rows, (tr("First leading question"), leading)]


def dialogue(one: Interview, beside: Callable[[int], str] = lambda place: "", after: int = 0) -> Iterator[str]:
    """The lines ``after`` so many, with the breaks between them, and under each what was put right.

    ``beside`` adds markup to a line's head by its place, counted from 1.
    """
    shown = one.lines[after:]
    since = next((line.at for line in shown if line.at is not None), None) if after else None
    waiting = [each for each in one.breaks if since is None or (_first(each) or since) >= since]
    for place, (line, suggested) in enumerate(
        zip(shown, suggestions(replace(one, lines=shown)), strict=True), after + 1
    ):
        while waiting and line.at is not None and (begun := _first(waiting[0])) is not None and begun < line.at:
            yield _break(waiting.pop(0))
        yield _line(place, line, suggested, beside(place))
        yield from (_correction(fix) for fix in one.corrections if fix.line == place)
    yield from map(_break, waiting)
    if not one.lines:
        yield f'<p class="muted">{escaped(tr("Nothing was written down yet."))}</p>'


def _line(place: int, line: Line, suggested: str, beside: str) -> str:
    head = words.DOT.join(filter(None, [str(place), clock(line.at), word(line.phase), *_kind(line, suggested)]))
    warn = ' class="warn"' if line.prompt_kind == LEADING else ' class="muted"'
    said = [f"<span{warn}>{escaped(head)}</span>{beside}"]
    said += [f'<span class="question">{escaped(line.question)}</span>'] if line.question else []
    said += [f'<span class="answer">{escaped(line.answer)}</span>'] if line.answer else []
    said += [f'<span class="muted"><i>{escaped(line.note)}</i></span>'] if line.note else []
    return f"<p class='line'>{'<br/>'.join(said)}</p>"


def _kind(line: Line, suggested: str) -> Sequence[str]:
    """What kind of question it is, who said so, and what the program would say from its words."""
    if not line.prompt_kind:
        return ()
    kind = words.prompt(line.prompt_kind)
    if line.prompt_suggested:
        return (tr("{kind} (suggested)").format(kind=kind),)
    if suggested in ("", line.prompt_kind):
        return (kind,)
    return kind, tr("by its words: {kind}").format(kind=words.prompt(suggested))


def _break(one: Break) -> str:
    span = " – ".join(filter(None, [clock(one.started_at), clock(one.ended_at)]))
    return f'<p class="line"><span class="muted">{_beside(tr("Break"), span, one.reason)}</span></p>'


def _correction(one: Correction) -> str:
    head = _beside(tr("Put right"), one.by, stamped(one.at))
    return f'<p><span class="muted">{head}</span><br/>{escaped(one.words)}</p>'


def _beside(*parts: str) -> str:
    # Escaped first: the signs that keep each part's direction are ours, those within a part are shown.
    return words.line(escaped(one) for one in parts if one)


def _about_line(one: Interview, fix: Correction) -> bool:
    return fix.line is not None and 1 <= fix.line <= len(one.lines)


def _first(one: Break) -> datetime | None:
    return one.started_at or one.ended_at


def _title(text: str) -> str:
    return f"<p class='h2'>{escaped(text)}</p>"
