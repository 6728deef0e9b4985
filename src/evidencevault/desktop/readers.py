"""Decisions and the details of an exhibit as text to read. All text of the case is escaped."""

from __future__ import annotations

from evidencevault.casework.decisions import Decision
from evidencevault.desktop import words
from evidencevault.desktop.interview_reader import interview_html
from evidencevault.desktop.markup import body, escaped, facts, prepare, section, stamped, style
from evidencevault.resources import tr

__all__ = ["decision_html", "escaped", "interview_html", "prepare", "style"]


def decision_html(one: Decision) -> str:
    """From question to measure, with its signatures."""
    found, tone = words.finding(one.finding)
    parts = [
        f"<p class='h1'>{escaped(one.question)}</p>",
        f'<p><span class="muted">{escaped(one.number)}</span> <b class="{tone}">{escaped(found)}</b></p>',
        facts(
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
        parts += section(title, text)
    for who in one.dissent:
        parts += section(tr("Dissent: {who}").format(who=who.who), who.words)
    if one.informs:
        told = [(who.who, stamped(who.told_at) or f"{tr('not told yet')}") for who in one.informs]
        parts += [f"<p class='h2'>{escaped(tr('Who must be told'))}</p>", facts(told)]
    parts.append(f"<p class='h2'>{escaped(tr('Signatures'))}</p>")
    first = tr("Signed by {name}").format(name=one.signed_by) if one.signed_by else tr("Not signed: this is a draft")
    second = (
        tr("Countersigned by {name}").format(name=one.countersigned_by)
        if one.countersigned_by
        else tr("Not countersigned")
    )
    good = "good" if one.signed_by else "warn"
    parts.append(f'<p class="{good}">{escaped(first)} {escaped(stamped(one.signed_at))}</p>')
    good = "good" if one.countersigned_by else "warn"
    parts.append(f'<p class="{good}">{escaped(second)} {escaped(stamped(one.countersigned_at))}</p>')
    return body(parts)


def _evidence(ref: str, pages: tuple[int, ...]) -> str:
    return f"{ref} ({tr('p.')} {', '.join(map(str, pages))})" if pages else ref
