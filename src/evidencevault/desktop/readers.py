"""Interviews, decisions and the details of an exhibit as text to read. All text of the case is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from evidencevault.casework.decisions import Decision
from evidencevault.casework.interviews import Interview, Line
from evidencevault.desktop import scale, words
from evidencevault.desktop.look import Tokens
from evidencevault.evidence.exhibits import Exhibit, Findings
from evidencevault.resources import tr


def prepare(shown: QTextBrowser, t: Tokens) -> None:
    """Give a browser the style of what is read, and the direction of the language."""
    document = shown.document()
    document.setDefaultStyleSheet(style(t))
    option = document.defaultTextOption()
    right = words.reads_from_right()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
    document.setDefaultTextOption(option)


def style(t: Tokens) -> str:
    """The style of what is read, for QTextDocument."""
    return scale.sheet(
        f"body {{ color: {t.text}; }} .h1 {{ font-size: 20px; font-weight: 600; }} "
        f".h2 {{ font-size: 12px; font-weight: 600; color: {t.muted}; margin-top: 18px; }} "
        ".line { margin-top: 12px; } "
        f"p {{ margin-top: 3px; margin-bottom: 3px; }} td {{ padding: 3px 14px 3px 0; }} "
        f".name {{ color: {t.muted}; font-size: 12px; }} .muted {{ color: {t.muted}; font-size: 12px; }} "
        f".question {{ color: {t.muted}; }} .answer {{ font-weight: 500; }} .bad {{ color: {t.bad}; }} "
        f".warn {{ color: {t.warn}; }} .good {{ color: {t.good}; }} "
        ".mono { font-family: 'DejaVu Sans Mono'; font-size: 11px; }"
    )


def escaped(text: str) -> str:
    """Text of a case within markup; line ends are kept, what cannot be seen is shown as such."""
    shown = words.visible(text.replace("\r\n", "\n"))
    if words.reads_from_right():  # each line keeps its own direction
        shown = "\n".join(words.isolated(line) for line in shown.split("\n"))
    return html.escape(shown).replace("\n", "<br/>")


def exhibit_html(one: Exhibit, found: Findings | None) -> str:
    """Acquisition, digest, and what the program saw in the file."""
    parts = [f'<p class="warn"><b>{escaped(text)}</b></p>' for text in one.warnings]
    if one.restricted:
        parts.append(f'<p class="bad"><b>{escaped(tr("Restricted: {why}").format(why=one.restricted))}</b></p>')
    derived = one.derived_from
    before = {"known": tr("known"), "unknown": tr("unknown")}.get(one.custody_before or "", "")
    parts.append(
        _facts(
            [
                (tr("From"), one.source),
                (tr("Acquired"), _acquired(one.acquired_at)),
                (tr("By"), one.acquired_by or ""),
                (tr("Where"), one.place or ""),
                (tr("How"), words.method(one.method)),
                (tr("Condition"), one.condition or ""),
                (tr("Custody before"), ": ".join(filter(None, [before, one.custody_known or ""]))),
                (tr("Came with"), one.path or ""),
                (tr("Part of"), one.parent or ""),
                (tr("Made from"), f"{derived.ref} ({derived.relation})" if derived else ""),
                (tr("Same bytes as"), one.duplicate_of or ""),
                (tr("Kept at"), one.held.place if one.held else ""),
                (tr("Seal"), one.held.seal or "" if one.held else ""),
                (tr("Privileged"), one.privileged or ""),
                (tr("Tags"), ", ".join(one.tags)),
                (tr("Notes"), one.notes or ""),
                (tr("Type"), one.media_type or ""),
                (tr("Last changed (by its own stamp)"), one.modified or ""),
            ]
        )
    )
    if one.sha256 is not None:
        parts.append(f'<p><span class="name">SHA-256</span><br/><span class="mono">{one.sha256.hex()}</span></p>')
    if found is not None and found.metadata:
        parts += [f"<p class='h2'>{escaped(tr('What the file says of itself'))}</p>", _facts(found.metadata.items())]
    return _body(parts)


def interview_html(one: Interview) -> str:
    """The whole record, questions and answers in exact words."""
    signed = tr("Signed by {name}").format(name=one.signed_by) if one.signed_by else tr("Not signed")
    parts = [
        f"<p class='h1'>{escaped(tr('Interview {n}').format(n=one.number))}</p>",
        f'<p class="{"good" if one.signed_by else "warn"}">{escaped(signed)}</p>',
        _facts(
            [
                (tr("With"), one.with_),
                (tr("Led by"), one.by),
                (tr("Began"), _at(one.started_at)),
                (tr("Ended"), _at(one.ended_at)),
                (tr("Where"), one.place),
                (tr("Language"), one.language),
                (tr("Interpreter"), _interpreter(one)),
                (tr("Present"), ", ".join(f"{who.who} ({who.part})" if who.part else who.who for who in one.present)),
                (tr("Consent"), ", ".join(filter(None, [words.consent(one.consent.state), one.consent.by]))),
                (tr("Model"), one.model),
                (tr("Interviewed before in this case"), str(one.prior_interviews)),
                (tr("Why again"), one.reason_again),
                (tr("Recordings"), ", ".join(one.recordings)),
            ]
        ),
    ]
    parts += _section(tr("Plan"), one.plan)
    if one.ground_rules:
        rules = "".join(f"<li>{escaped(rule)}</li>" for rule in one.ground_rules)
        parts += [f"<p class='h2'>{escaped(tr('Ground rules'))}</p>", f"<ul>{rules}</ul>"]
    parts.append(f"<p class='h2'>{escaped(tr('Questions and answers in exact words'))}</p>")
    parts += [_line(place, line) for place, line in enumerate(one.lines, 1)]
    for pause in one.breaks:
        span = " – ".join(filter(None, [_clock(pause.started_at), _clock(pause.ended_at)]))
        parts.append(f'<p class="muted">{escaped(tr("Break"))} {escaped(span)} {escaped(pause.reason)}</p>')
    parts += _section(tr("Support offered"), one.support_offered)
    if one.corrections:
        parts.append(f"<p class='h2'>{escaped(tr('Put right afterwards'))}</p>")
    for fix in one.corrections:
        head = ", ".join(filter(None, [tr("line {n}").format(n=fix.line) if fix.line else "", fix.by, _at(fix.at)]))
        parts.append(f'<p><span class="muted">{escaped(head)}</span><br/>{escaped(fix.words)}</p>')
    return _body(parts)


def decision_html(one: Decision) -> str:
    """From question to measure, with its signatures."""
    found, tone = words.finding(one.finding)
    parts = [
        f"<p class='h1'>{escaped(one.question)}</p>",
        f'<p><span class="muted">{escaped(one.number)}</span> <b class="{tone}">{escaped(found)}</b></p>',
        _facts(
            [
                (tr("Violation"), one.violation),
                (tr("Rests on"), ", ".join(_evidence(ref.ref, ref.pages) for ref in one.evidence)),
                (tr("Measure"), ", ".join(tr("none") if m == "none" else m for m in one.measure)),
                (tr("Clause"), one.clause),
                (tr("Decided by"), one.decided_by),
            ]
        ),
    ]
    for title, text in (
        (tr("Why"), one.rationale),
        (tr("Alternatives considered"), one.alternatives),
        (tr("Proportionality"), one.proportionality),
        (tr("Effect on the child"), one.effect_on_child),
    ):
        parts += _section(title, text)
    for who in one.dissent:
        parts += _section(tr("Dissent: {who}").format(who=who.who), who.words)
    if one.informs:
        told = [(who.who, _at(who.told_at) or f"{tr('not told yet')}") for who in one.informs]
        parts += [f"<p class='h2'>{escaped(tr('Who must be told'))}</p>", _facts(told)]
    parts.append(f"<p class='h2'>{escaped(tr('Signatures'))}</p>")
    first = tr("Signed by {name}").format(name=one.signed_by) if one.signed_by else tr("Not signed: this is a draft")
    second = (
        tr("Countersigned by {name}").format(name=one.countersigned_by)
        if one.countersigned_by
        else tr("Not countersigned")
    )
    parts.append(f'<p class="{"good" if one.signed_by else "warn"}">{escaped(first)} {escaped(_at(one.signed_at))}</p>')
    good = "good" if one.countersigned_by else "warn"
    parts.append(f'<p class="{good}">{escaped(second)} {escaped(_at(one.countersigned_at))}</p>')
    return _body(parts)


def _body(parts: Iterable[str]) -> str:
    return f"<body>{''.join(parts)}</body>"


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    cells = [(escaped(name), escaped(value)) for name, value in pairs if value]
    named = '<td class="name" width="150">'
    if words.reads_from_right():  # Qt mirrors no table
        rows = [f'<tr><td align="right">{value}</td>{named}{name}</td></tr>' for name, value in cells]
        return f'<table width="100%">{"".join(rows)}</table>'
    return f"<table>{''.join(f'<tr>{named}{name}</td><td>{value}</td></tr>' for name, value in cells)}</table>"


def _section(title: str, text: str) -> list[str]:
    return [f"<p class='h2'>{escaped(title)}</p>", f"<p>{escaped(text)}</p>"] if text else []


def _line(place: int, line: Line) -> str:
    kind = words.prompt(line.prompt_kind) if line.prompt_kind else ""
    head = words.DOT.join(filter(None, [str(place), _clock(line.at), line.phase, kind]))
    warn = ' class="warn"' if line.prompt_kind == "leading" else ' class="muted"'
    said = [f"<span{warn}>{escaped(head)}</span>"]
    said += [f'<span class="question">{escaped(line.question)}</span>'] if line.question else []
    said += [f'<span class="answer">{escaped(line.answer)}</span>'] if line.answer else []
    said += [f'<span class="muted"><i>{escaped(line.note)}</i></span>'] if line.note else []
    return f"<p class='line'>{'<br/>'.join(said)}</p>"


def _interpreter(one: Interview) -> str:
    if one.interpreter is None:
        return ""
    accredited = {True: tr("accredited"), False: tr("not accredited")}.get(bool(one.interpreter.accredited), "")
    known = accredited if one.interpreter.accredited is not None else ""
    return ", ".join(filter(None, [one.interpreter.who, known, one.interpreter.language]))


def _evidence(ref: str, pages: tuple[int, ...]) -> str:
    return f"{ref} ({tr('p.')} {', '.join(map(str, pages))})" if pages else ref


def _at(at: datetime | None) -> str:
    return words.stamp(at) if at else ""


def _acquired(text: str | None) -> str:
    """As it was said: a day, or a time with its distance from UTC."""
    return _at(datetime.fromisoformat(text)) if text and len(text) > 10 else text or ""


def _clock(at: datetime | None) -> str:
    return at.strftime("%H:%M") if at else ""
