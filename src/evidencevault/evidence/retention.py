"""Which closed cases have been kept as long as their policy says. It proposes; nothing is ever erased by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework import cases, duties
from evidencevault.casework.policies import Ruling, ruling
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.evidence import holds
from evidencevault.policy.duties import closed_at
from evidencevault.policy.model import Policy
from evidencevault.policy.periods import Calendar, period


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed case: until when it is kept (UTC), by which category and clause; ``held``: numbers of standing holds.

    ``until`` is None where the policy says nothing of its categories, or none was adopted.
    """

    case: str
    closed: datetime
    until: datetime | None
    category: str
    clause: str
    held: tuple[str, ...]
    exhibits: int

    def proposed(self, now: datetime) -> bool:
        """Whether the time has passed and nothing holds it."""
        return self.until is not None and self.until <= now and not self.held


def kept(opened: Iterable[CaseFile]) -> list[Kept]:
    """The closed ones of these cases, those first that are kept for the shortest time. Raises Damaged."""
    found = [one for case in opened if (one := _kept(case)) is not None]
    return sorted(found, key=lambda one: (one.until is None, one.until or one.closed, one.case))


def _kept(case: CaseFile) -> Kept | None:
    closed = closed_at(duties.history_of(case))
    if closed is None:
        return None
    held = tuple(one.number for one in holds.holds(case) if one.stands)
    erased = case.ledger.state.erased
    exhibits = sum(one.item not in erased for one in case.ledger.state.of_kind(Kind.EXHIBIT))
    until, category, clause = _until(ruling(case), cases.describe(case).categories, closed)
    return Kept(case.reference, closed, until, category, clause, held, exhibits)


def _until(ruled: Ruling, categories: Iterable[str], closed: datetime) -> tuple[datetime | None, str, str]:
    # A template binds nobody, and what is about two things is kept as long as the longer of the two.
    found = _ends(ruled.policy, set(categories), closed) if ruled.adopted else []
    return max(found, key=lambda one: one[0], default=(None, "", ""))


def _ends(policy: Policy, categories: set[str], closed: datetime) -> list[tuple[datetime, str, str]]:
    calendar = Calendar(policy.days)
    return [
        (calendar.ends(closed, period(one.keep)), one.category, one.clause)
        for one in policy.retention
        if one.category in categories
    ]
