"""One entry of the chain of custody, all of it, in words; and the answer to a missed deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from evidencevault.bundle.report_page import counterparty
from evidencevault.casework.duties import called_as
from evidencevault.custody import overdue
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.entries import subjects_of
from evidencevault.desktop.markup import body, escaped, facts
from evidencevault.desktop.sheets import Sheet
from evidencevault.errors import NotFound
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr

OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry to read: its markup, the item it is about (or nothing), whether it is a deadline still unanswered."""

    sequence: int
    html: str
    item: str
    unanswered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Form):
    """For a missed deadline; it stays, with the answer beside it."""

    words: str = asked("Why it was missed, and what is done about it.", required=True)


def answer_sheet() -> Sheet:
    """Answers for the missed deadline of the entry whose number is the sheet's reference."""
    title = tr("Answer for the missed deadline of entry")
    return Sheet("overdue-answer", title, tr("Save the answer"), Answer, _answer)


def _answer(opened: Opened, record: Answer, ref: str) -> str:
    overdue.answer(opened.case.ledger, int(ref), record.words)
    return tr("The answer stands beside entry {n}.").format(n=ref)


def entry_page(case: CaseFile, sequence: int) -> EntryPage:
    """Read one entry anew, with everything in it. Raises NotFound, Damaged."""
    one = next(iter(case.entries(sequence)), None)
    if one is None:
        raise NotFound(tr("The chain of custody has no entry {n}.").format(n=sequence))
    details = one.details if isinstance(one.details, Mapping) else {}
    act = words.act(one.action, str(details.get("kind", "")))
    missed = next((each for each in overdue.entries(case.ledger) if each.sequence == sequence), None)
    subjects = subjects_of(one)
    parts = [
        f'<p class="h1">{escaped(act.words)}</p>',
        f'<p class="muted">{escaped(tr("Entry {n}").format(n=sequence))}</p>',
        facts(_told(case, one, details, subjects)),
    ]
    if missed is not None:
        parts += _missed(missed)
    if isinstance(one.digest, bytes):
        parts.append(f'<p><span class="name">SHA-256</span><br/><span class="mono">{one.digest.hex()}</span></p>')
    unanswered = missed is not None and missed.duty is not None and not missed.duty.duty.answered
    item = next((ref for ref in subjects if ref[:1] == "E" and ref[1:].isdecimal()), "")
    return EntryPage(sequence, body(parts), item, unanswered)


def _told(
    case: CaseFile, one: SeenEntry, details: Mapping[str, object], subjects: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    place = one.place if isinstance(one.place, Mapping) else {}
    yield tr("When"), words.stamp(datetime.fromisoformat(one.time))
    yield tr("Zone"), one.zone
    yield tr("Who"), one.actor_name
    yield tr("On"), ", ".join(subjects)
    yield tr("Why"), str(one.purpose or "")
    yield tr("With whom"), counterparty(case, one) or ""
    yield tr("Kind"), words.kind(str(details.get("kind", "")))
    yield tr("What was corrected"), str(details.get("fields", ""))
    yield tr("Device"), str(place.get("device", ""))
    yield tr("Signed with key"), one.actor.hex()


def _missed(one: overdue.Overdue) -> Iterator[str]:
    yield f'<p class="h2">{escaped(tr("The missed deadline"))}</p>'
    answered = one.duty.duty.answered if one.duty is not None else None
    yield facts(
        [
            (tr("What"), called_as(one.step, one.name)),
            (tr("For"), one.ref),
            (tr("Accountable"), words.role(one.role)),
            (tr("Due"), words.stamp(one.due.astimezone())),
            (tr("Noticed"), words.stamp(one.noticed.astimezone())),
            (tr("Went to"), ", ".join(one.escalated)),
            (tr("Answered"), words.stamp(datetime.fromtimestamp(answered).astimezone()) if answered else ""),
        ]
    )
    if not answered:
        yield f'<p class="bad"><b>{escaped(tr("Nobody has answered for it yet."))}</b></p>'
