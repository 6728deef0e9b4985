"""What an overview of the office shows: cases, deadlines, decisions, voices and what was missed, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework.speeds import Response, Speed, named, speeds

BANDS = ((7, "0-7"), (30, "8-30"), (90, "31-90"), (365, "91-365"))
OLDER = "over-365"
"""Ages of open cases in days since they were reported."""
OTHER = "other"
"""Stands for a measure in words that no policy has."""


def band(days: int) -> str:
    """The band of an age in days."""
    return next((name for most, name in BANDS if days <= most), OLDER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something due today, or late: the case, the record (or empty), step, name, accountable role, until when (UTC)."""

    case: str
    ref: str
    step: str
    name: str
    role: str
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is not closed: its state, severity, age in days since the report, and band of :data:`BANDS`."""

    case: str
    state: str
    severity: str
    days: int
    band: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, in the order of signing: clause, finding, measures, when it was signed (None: a draft).

    ``listed``: the measures by the policy's words; what is written freely is “other” there. ``days``: from the report
    until it was signed, of a draft until now; ``final``: every signature is there.
    """

    case: str
    number: str
    clause: str
    finding: str
    measures: tuple[str, ...]
    listed: tuple[str, ...]
    signed: datetime | None
    days: int
    final: bool

    @property
    def state(self) -> str:
        """Whether every signature is there (``yes``, ``no``), or it is a ``draft``."""
        return "draft" if self.signed is None else "yes" if self.final else "no"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voiced concern that nobody has answered: when it was heard, and days since."""

    case: str
    number: str
    heard: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed deadline: year of its last moment (in the policy's zone), step, and whether somebody answered for it."""

    case: str
    year: int
    step: str
    name: str
    due: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A case (its reference, or the beginning of its id) that could not be read, and why.

    ``counted``: it could, and only its missed deadlines could not be entered.
    """

    case: str
    why: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """What was counted, as of ``at``; ``reported``: each case's categories with the year of its report."""

    at: datetime
    cases: int
    today: tuple[Waiting, ...]
    open: tuple[OpenCase, ...]
    responses: tuple[Response, ...]
    reported: tuple[tuple[int, str], ...]
    decided: tuple[Decided, ...]
    voices: tuple[Voice, ...]
    missed: tuple[Missed, ...]
    faults: tuple[Fault, ...] = ()

    def names(self) -> dict[str, str]:
        """What each step is called that was due or missed."""
        kept = [(one.due, one.step, one.name) for one in self.responses]
        return named([*kept, *((one.due, one.step, one.name) for one in self.missed)])

    def speeds(self) -> list[Speed]:
        """Each step's response times against its deadline, by name."""
        return speeds(self.responses, self.names())
