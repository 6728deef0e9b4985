"""The sample case as it is shipped in ``resources/sample``: people, statements and files, none of them real."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencevault.casework import forms
from evidencevault.casework.actions import Action
from evidencevault.casework.cases import Case
from evidencevault.casework.concerns import Concern
from evidencevault.casework.decisions import Decision
from evidencevault.casework.interviews import Interview
from evidencevault.casework.people import Person
from evidencevault.evidence.model import Acquisition
from evidencevault.redaction.marks import Box
from evidencevault.resources import find

_ACQUISITION = ("source", "acquired_by", "place", "method", "condition", "custody_before", "custody_known")


@dataclass(frozen=True, slots=True)
class User:
    """A member of the demo's vault."""

    handle: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark drawn by hand where no search finds text: pixels of a scan or photograph. ``page`` from 1."""

    page: int
    box: Box
    reason: str
    person: str


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file to bring in, and what is drawn on it."""

    path: Path
    acquisition: Acquisition
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class HeldThing:
    """An original that is no file."""

    description: str
    place: str
    seal: str | None
    acquisition: Acquisition


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything that the officer enters."""

    organisation: str
    country: str
    officer: User
    adviser: User
    case: Case
    persons: tuple[Person, ...]
    concerns: tuple[Concern, ...]
    files: tuple[SampleFile, ...]
    held: tuple[HeldThing, ...]
    interviews: tuple[Interview, ...]
    decisions: tuple[Decision, ...]
    actions: tuple[Action, ...]


def load() -> Sample:
    """Read the shipped sample. What is wrong with it is a fault of packaging and not caught."""
    folder = find("resources/sample")
    values = tomllib.loads((folder / "sample.toml").read_text("utf-8"))
    officer, adviser = (User(one["handle"], frozenset(one["roles"])) for one in values["member"])
    return Sample(
        organisation=values["organisation"]["name"],
        country=values["organisation"]["country"],
        officer=officer,
        adviser=adviser,
        case=forms.from_values(Case, values["case"]),
        persons=tuple(forms.from_values(Person, one) for one in values["person"]),
        concerns=tuple(forms.from_values(Concern, one) for one in values["concern"]),
        files=tuple(
            SampleFile(folder / one["name"], _acquisition(one), _drawn(one.get("box", ()))) for one in values["file"]
        ),
        held=tuple(
            HeldThing(one["description"], one["held_at"], one.get("seal"), _acquisition(one)) for one in values["held"]
        ),
        interviews=tuple(forms.from_values(Interview, one) for one in values["interview"]),
        decisions=tuple(forms.from_values(Decision, one) for one in values["decision"]),
        actions=tuple(forms.from_values(Action, one) for one in values["action"]),
    )


def _acquisition(one: Mapping[str, Any]) -> Acquisition:
    known = {key: one[key] for key in _ACQUISITION if key in one}
    return Acquisition(acquired_at=one["acquired_at"].isoformat(), **known)


def _drawn(boxes: Iterable[Mapping[str, Any]]) -> tuple[Drawn, ...]:
    return tuple(
        Drawn(int(one["page"]), Box(*map(float, one["at"])), one["reason"], one.get("person", "")) for one in boxes
    )
