"""How deadlines are kept: each one's outcome, and each step's times against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Response:
    """One deadline that was met, missed, or is still open.

    ``margin``: days from its end back to when it was done (negative: late); ``took``: days from the beginning of its
    clock until then. Both None where it was not done.
    """

    case: str
    step: str
    name: str
    outcome: str  # met, late, open
    due: datetime
    margin: float | None
    took: float | None


@dataclass(frozen=True, slots=True)
class Speed:
    """How a step is kept: counts, the cases in which it was done, and days of the median and of the slowest tenth.

    ``median`` and ``slowest`` are days left of the deadline (negative: late), ``took`` and ``longest`` those from its
    beginning.
    """

    step: str
    name: str
    met: int
    late: int
    open: int
    cases: int
    median: float | None
    slowest: float | None
    took: float | None
    longest: float | None


def speeds(responses: Sequence[Response], names: dict[str, str]) -> list[Speed]:
    """Each step's response times against its deadline, by ``names`` (of steps)."""
    by_step: dict[str, list[Response]] = {}
    for one in responses:
        by_step.setdefault(one.step, []).append(one)
    return sorted((_speed(step, names[step], found) for step, found in by_step.items()), key=lambda one: one.name)


def _speed(step: str, name: str, found: Sequence[Response]) -> Speed:
    counts = Counter(one.outcome for one in found)
    left = _tenths([one.margin for one in found if one.margin is not None])
    took = _tenths([one.took for one in found if one.took is not None])
    return Speed(
        step=step,
        name=name,
        met=counts["met"],
        late=counts["late"],
        open=counts["open"],
        cases=len({one.case for one in found if one.margin is not None}),
        median=left[4] if left else None,
        slowest=left[0] if left else None,
        took=took[4] if took else None,
        longest=took[8] if took else None,
    )


def _tenths(days: list[float]) -> list[float]:
    # Deciles need two values; of one, every quantile is itself.
    return quantiles(days, n=10, method="inclusive") if len(days) > 1 else days * 9


def named(steps: Sequence[tuple[datetime, str, str]]) -> dict[str, str]:
    """What each step is called, from when, step and name: as the newest calls it; two of one name say which they are.

    Policies are rewritten: one step may have had several names, and several steps one.
    """
    newest = {step: name for _, step, name in sorted(steps)}
    often = Counter(newest.values())
    return {step: name if often[name] == 1 else f"{name} ({step})" for step, name in newest.items()}
