"""What is asked for when something is done with evidence items: one form for each act."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidencevault.evidence.model import CUSTODY, METHODS
from evidencevault.forms.shapes import Form, asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Form):
    """What may be corrected of an item. Its bytes, its number and how it came in never change."""

    name: str = asked("What it is called.", required=True)
    source: str = asked("From whom it comes.", required=True)
    acquired_at: str = asked("When it was acquired (2026-03-01, or with a time).")
    acquired_by: str = asked("Who took it over.")
    place: str = asked("Where it was taken over.")
    condition: str = asked("In what condition.")
    custody_before: str = asked("Whether it is known where it was before.", choices=CUSTODY)
    custody_known: str = asked("What is known of where it was before.")
    notes: str = asked("Anything else that is to be known of it.")
    reason: str = asked("Why it is corrected.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels(Form):
    """How an item is handled."""

    tags: tuple[str, ...] = asked("Tags.")
    restricted: str = asked("Why it is shown only for a stated purpose; empty: it is not restricted.")
    privileged: str = asked("On what its legal privilege rests; empty: there is none.")
    reason: str = asked("Why this changes.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreLabels(Form):
    """The same for several items at once: what is filled in is added, nothing is taken away."""

    tags: tuple[str, ...] = asked("Tags to add.")
    restricted: str = asked("Why they are shown only for a stated purpose.")
    reason: str = asked("Why this changes.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Form):
    """The thing itself went to somebody else."""

    to: str = asked("To whom it went.", required=True)
    purpose: str = asked("What for.", required=True)
    at: datetime | None = asked("When (now, if left out).")
    place: str = asked("Where.")
    condition: str = asked("In what condition.")
    seal: str = asked("Number of its seal.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Form):
    """Something that is no file: a paper original, a telephone, a garment."""

    what: str = asked("What it is, so that somebody else recognises it.", required=True)
    kept_at: str = asked("Where it is kept.", required=True)
    seal: str = asked("Number of its seal.")
    source: str = asked("From whom it comes.", required=True)
    acquired_at: str = asked("When it was acquired (2026-03-01, or with a time).")
    acquired_by: str = asked("Who took it over (you, if left out).")
    place: str = asked("Where it was taken over.")
    method: str = asked("How it came.", choices=METHODS, default="received")
    condition: str = asked("In what condition.")
    custody_before: str = asked("Whether it is known where it was before.", choices=CUSTODY)
    custody_known: str = asked("What is known of where it was before.")
    restricted: str = asked("Why it is shown only for a stated purpose; empty: it is not restricted.")
    tags: tuple[str, ...] = asked("Tags.")
    notes: str = asked("Anything else that is to be known of it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Form):
    """A legal hold."""

    reason: str = asked("Why it may not be erased.", required=True)
    order: str = asked("Court or authority, and its reference.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting(Form):
    """The end of a legal hold."""

    hold: str = asked("Which hold ends (H01).", required=True)
    reason: str = asked("Why it ends.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing(Form):
    """It cannot be taken back, so the number is typed."""

    number: str = asked("Type the number of the item: what is erased cannot be brought back.", required=True)
    reason: str = asked("Why it is erased.", required=True)
    alone: str = asked("Why nobody else is asked, where the policy allows it.")
