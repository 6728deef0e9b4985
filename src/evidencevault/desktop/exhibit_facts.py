"""Everything that is recorded of an exhibit, as text to read. Other exhibits in it are links to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.markup import body, escaped, facts, stamped
from evidencevault.evidence import exhibits, holds
from evidencevault.evidence.exhibits import Exhibit, Findings, Transfer
from evidencevault.evidence.holds import Hold
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an exhibit: numbers of what came inside of it, where it went, what keeps it."""

    members: tuple[str, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    holds: tuple[Hold, ...] = ()


def around(case: CaseFile, one: Exhibit) -> Around:
    """Read it; members as far as the list was read."""
    members, moves = exhibits.members_of(case, one.number), exhibits.transfers(case, one.number)
    return Around(members, tuple(moves), tuple(holds.standing(case, one.number)))


def exhibit_html(one: Exhibit, found: Findings | None, near: Around) -> str:
    """Acquisition, what it belongs to, where it went, digest, and what the program saw in the file."""
    parts = [f'<p class="warn"><b>{escaped(text)}</b></p>' for text in one.warnings]
    if one.restricted:
        parts.append(f'<p class="bad"><b>{escaped(tr("Restricted: {why}").format(why=one.restricted))}</b></p>')
    for hold in near.holds:
        told = tr("Kept from being erased by {hold}: {why}").format(hold=hold.number, why=hold.reason)
        parts.append(f'<p class="warn"><b>{escaped(told)}</b></p>')
    parts += [facts(_acquisition(one)), *_related(one, near)]
    if one.sha256 is not None:
        parts.append(f'<p><span class="name">SHA-256</span><br/><span class="mono">{one.sha256.hex()}</span></p>')
    if near.transfers:
        parts.append(f"<p class='h2'>{escaped(tr('Handed over'))}</p>")
        parts += [f"<p>{escaped(_handed(move))}</p>" for move in near.transfers]
    if found is not None and found.metadata:
        parts += [f"<p class='h2'>{escaped(tr('What the file says of itself'))}</p>", facts(found.metadata.items())]
    if found is not None and found.hidden:
        parts.append(f"<p class='h2'>{escaped(tr('What its pages do not show'))}</p>")
        parts += [f"<p>{escaped(text)}</p>" for text in found.hidden]
    return body(parts)


def _acquisition(one: Exhibit) -> Iterator[tuple[str, str]]:
    before = {"known": tr("known"), "unknown": tr("unknown")}.get(one.custody_before or "", "")
    yield tr("From"), one.source
    yield tr("Acquired"), _acquired(one.acquired_at)
    yield tr("By"), one.acquired_by or ""
    yield tr("Where"), one.place or ""
    yield tr("How"), words.method(one.method)
    yield tr("Condition"), one.condition or ""
    yield tr("Custody before"), ": ".join(filter(None, [before, one.custody_known or ""]))
    yield tr("Came with"), one.path or ""
    yield tr("Kept at"), one.held.place if one.held else ""
    yield tr("Seal"), one.held.seal or "" if one.held else ""
    yield tr("Privileged"), one.privileged or ""
    yield tr("Tags"), ", ".join(one.tags)
    yield tr("Notes"), one.notes or ""
    yield tr("Type"), one.media_type or ""
    yield tr("Last changed (by its own stamp)"), one.modified or ""


def _related(one: Exhibit, near: Around) -> Iterator[str]:
    derived = one.derived_from
    for name, numbers, more in (
        (tr("Part of"), (one.parent,), ""),
        (tr("Holds"), near.members, ""),
        (tr("Made from"), (derived.ref,) if derived else (), f" ({derived.relation})" if derived else ""),
        (tr("Same bytes as"), (one.duplicate_of,), ""),
    ):
        links = ", ".join(f'<a href="#{number}">{number}</a>' for number in numbers if number)
        if links:
            yield f'<p><span class="name">{escaped(name)}</span> {links}{escaped(more)}</p>'


def _handed(move: Transfer) -> str:
    told = tr("Handed to {who} at {when}: {why}").format(who=move.to, when=_acquired(move.at), why=move.purpose)
    more = (move.place, move.condition, tr("seal {n}").format(n=move.seal) if move.seal else "")
    return ", ".join([told, *(one for one in more if one)])


def _acquired(text: str | None) -> str:
    """As it was said: a day, or a time with its distance from UTC."""
    return stamped(datetime.fromisoformat(text)) if text and len(text) > 10 else text or ""
