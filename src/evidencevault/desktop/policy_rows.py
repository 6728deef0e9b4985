"""A policy as a list: what must happen, how soon, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from evidencevault.desktop import words
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.policy.model import Policy
from evidencevault.policy.periods import period
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a policy: ``name`` in the policy's own language."""

    id: str
    name: str
    within: str
    who: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.name}, {self.within}, {self.who}"


class PolicyDelegate(Painting):
    """A step, who answers for it, and how soon."""

    row_height = 46

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one step."""
        if not isinstance(row, StepRow):
            return
        t = brush.tokens
        if brush.selected:
            brush.fill(brush.place(0, 0, brush.width, brush.height), t.accent_soft, 6)
        time = brush.advance(row.within, 12, 600) + 6
        brush.text(brush.place(10, 5, brush.width - time - 30, 19), row.name, t.text, 13, 500)
        brush.text(brush.place(10, 24, brush.width - 20, 17), row.who, t.muted, 12)
        brush.text(brush.place(brush.width - time - 10, 5, time, 19), row.within, t.accent, 12, 600, end=True)
        if brush.focused and brush.selected:
            brush.ring(brush.rect)


def step_rows(policy: Policy) -> list[StepRow]:
    """Its steps, in its order."""
    roles = {one.id: one.name for one in policy.role}
    return [StepRow(one.id, one.name, span(one.within), roles[one.role]) for one in policy.step]


def counted(policy: Policy) -> str:
    """What it holds, in numbers."""
    return words.line(
        [
            tr("{n} steps with a deadline").format(n=len(policy.step)),
            tr("{n} kinds of violation").format(n=len(policy.violation)),
            tr("{n} measures").format(n=len(policy.measure)),
        ]
    )


def span(text: str) -> str:
    """``24h`` as people say it."""
    found = period(text)
    said = {
        "h": tr("within {n} h"),
        "d": tr("within {n} days"),
        "wd": tr("within {n} working days"),
        "w": tr("within {n} weeks"),
        "mo": tr("within {n} months"),
        "y": tr("within {n} years"),
    }[found.unit]
    return said.format(n=found.count)
