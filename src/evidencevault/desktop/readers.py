"""Decisions and the details of an exhibit as text to read. All text of the case is escaped."""

from __future__ import annotations

from datetime import datetime

from evidencevault.casework.decisions import Decision
from evidencevault.desktop import words
from evidencevault.desktop.interview_reader import interview_html
from evidencevault.desktop.markup import body, escaped, facts, prepare, section, stamped, style
from evidencevault.evidence.exhibits import Exhibit, Findings
from evidencevault.resources import tr

__all__ = ["decision_html", "escaped", "exhibit_html", "interview_html", "prepare", "style"]


def exhibit_html(one: Exhibit, found: Findings | None) -> str:
    """Acquisition, digest, and what the program saw in the file."""
    parts = [f'<p class="warn"><b>{escaped(text)}</b></p>' for text in one.warnings]
    if one.restricted:
        parts.append(f'<p class="bad"><b>{escaped(tr("Restricted: {why}").format(why=one.restricted))}</b></p>')
    derived = one.derived_from
    before = {"known": tr("known"), "unknown": tr("unknown")}.get(one.custody_before or "", "")
    parts.append(
        facts(
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
        parts += [f"<p class='h2'>{escaped(tr('What the file says of itself'))}</p>", facts(found.metadata.items())]
    return body(parts)


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


def _acquired(text: str | None) -> str:
    """As it was said: a day, or a time with its distance from UTC."""
    return stamped(datetime.fromisoformat(text)) if text and len(text) > 10 else text or ""
