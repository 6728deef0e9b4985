"""The users of a vault as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidencevault.custody.standing import Standing
from evidencevault.desktop import words
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.resources import tr
from evidencevault.session import Session

_ORDER = ("officer", "legal", "oversight", "admin")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A user. ``state`` active, provisional, retired or none; ``proposed`` says what another act waits for."""

    name: str
    roles: frozenset[str]
    state: str
    manager: str
    proposed: str = ""
    proposed_roles: frozenset[str] | None = None
    proposed_manager: str | None = None
    by_other: bool = False

    @property
    def id(self) -> str:
        """Its name in the list."""
        return self.name

    @property
    def active(self) -> bool:
        """Whether they can still unlock."""
        return self.state in ("active", "provisional")

    @property
    def state_words(self) -> str:
        """How they stand."""
        return {
            "active": tr("Active"),
            "provisional": tr("Has not unlocked yet"),
            "retired": tr("Retired"),
        }.get(self.state, tr("Without keys"))

    @property
    def tone(self) -> str:
        """The tone of that."""
        return {"active": "good", "provisional": "warn"}.get(self.state, "plain")

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.name}, {named(self.roles)}, {self.state_words}"


class MemberDelegate(Painting):
    """Name, roles, and a word where somebody is not simply active."""

    row_height = 50

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one user."""
        if not isinstance(row, MemberRow):
            return
        t = brush.tokens
        if brush.selected or brush.hovered:
            ground = t.accent_soft if brush.selected else t.hover
            brush.fill(brush.place(0, 0, brush.width, brush.height), ground, 6)
        said = tr("Proposed change") if row.proposed else "" if row.state == "active" else row.state_words
        wide = brush.advance(said, 11, 600) + 8 if said else 0
        brush.text(
            brush.place(12, 6, brush.width - 24 - wide, 20), row.name, t.text if row.active else t.muted, 13, 600
        )
        ink = t.tone("warn" if row.proposed else row.tone)[0]
        brush.text(brush.place(brush.width - wide - 12, 6, wide, 20), said, ink, 11, 600, end=True)
        brush.text(brush.place(12, 26, brush.width - 24, 18), named(row.roles), t.muted, 12)
        if brush.focused and brush.selected:
            brush.ring(brush.rect)


def named(roles: Iterable[str]) -> str:
    """Roles in words, side by side."""
    return ", ".join(words.role(one) for one in _ORDER if one in frozenset(roles))


def member_rows(session: Session) -> list[MemberRow]:
    """Everybody, those who can unlock first, by name."""
    session.office.refresh()
    standing, me = session.office.standing, session.member.name
    found = [_row(standing, name, me) for name in standing.members]
    return sorted(found, key=lambda one: (not one.active, one.name.casefold()))


def _row(standing: Standing, name: str, me: str) -> MemberRow:
    newest = standing.newest(name)
    state = "retired" if name in standing.retired else newest.state if newest else "none"
    roles: frozenset[str] | None = None
    manager: str | None = None
    said, by_other = list[str](), False
    for who, what in standing.proposals:
        match what:
            case {"member": str(member), "roles": [*listed]} if member == name:
                roles = frozenset(str(one) for one in listed)
                said.append(tr("{name} proposes: {roles}.").format(name=words.isolated(who), roles=named(roles)))
            case {"member": str(member), "manager": str(boss)} if member == name:
                manager = boss
                shown = words.isolated(boss) if boss else tr("nobody")
                said.append(tr("{name} proposes as line manager: {boss}.").format(name=words.isolated(who), boss=shown))
            case _:
                continue
        by_other = by_other or who != me
    held, above = standing.members[name], standing.managers.get(name, "")
    return MemberRow(name, held, state, above, " ".join(said), roles, manager, by_other)
