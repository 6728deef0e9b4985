"""Who is walled off from a case, as its ledger says: walls, and overrides that one proposes and another confirms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evidencevault.custody.entry import Json
from evidencevault.custody.standing import Standing


@dataclass(frozen=True, slots=True)
class Wall:
    """A member walled off. ``manages`` names the excluded member whose line manager this one is; empty: excluded in
    their own right. ``by`` (a user name), ``at`` (RFC 3339) and ``sequence`` are of the entry.
    """

    member: str
    manages: str = ""
    by: str = ""
    at: str = ""
    sequence: int = 0

    @property
    def details(self) -> dict[str, Json]:
        """As the entry `walled` says it."""
        return {"member": self.member, "manages": self.manages} if self.manages else {"member": self.member}

    @property
    def cause(self) -> tuple[str, str]:
        """What an override answers for: member, and whom they manage."""
        return self.member, self.manages


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a wall be taken down, by one member; it has no effect alone."""

    member: str
    by: str
    at: str
    reason: str
    sequence: int


@dataclass(slots=True)
class Walls:
    """The walls of one case, replayed."""

    up: dict[str, Wall] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    lifted: set[tuple[str, str]] = field(default_factory=set)  # causes that an override has answered

    def wall(self, details: Mapping[str, Json], by: str, at: str, sequence: int) -> Wall:
        """Count an entry `walled` in; what was proposed about the member before is void."""
        made = Wall(str(details["member"]), str(details.get("manages", "")), by, at, sequence)
        before = self.up.get(made.member)
        if before is None or not made.manages:
            self.up[made.member] = made
        self._settle(made.member)
        return made

    def propose(self, details: Mapping[str, Json], by: str, at: str, sequence: int, reason: str) -> str | None:
        """Count an entry `unwalling` in; why it has no effect, or None."""
        member = str(details["member"])
        if member not in self.up:
            return "nobody of that name is walled off"
        if not reason.strip():
            return "it says no reason"
        self.proposals = [one for one in self.proposals if (one.member, one.by) != (member, by)]
        self.proposals.append(Proposal(member, by, at, reason, sequence))
        return None

    def lift(self, details: Mapping[str, Json], by: str, holders: frozenset[str], reason: str) -> str | None:
        """Count an entry `unwalled` in; why it has no effect, or None. ``holders`` can read the case now."""
        member = str(details["member"])
        if member not in self.up:
            return "nobody of that name is walled off"
        if not reason.strip():
            return "it says no reason"
        if self.proposed_by_other(member, by, holders) is None:
            return "nobody else who holds the case proposed it"
        self.lifted.add(self.up.pop(member).cause)
        self._settle(member)
        return None

    def proposed_by_other(self, member: str, by: str, holders: frozenset[str]) -> Proposal | None:
        """The proposal that ``by`` can confirm: of somebody else, who still holds the case."""
        for one in self.proposals:
            if one.member == member and one.by != by and one.by in holders:
                return one
        return None

    def answered(self, wall: Wall) -> bool:
        """Whether an override stands against what would raise this wall: it then does not come back by itself."""
        return wall.cause in self.lifted or (wall.member, "") in self.lifted

    def due(self, standing: Standing, name: str) -> tuple[Wall, ...]:
        """The walls that a conflict of a member's asks for and that do not stand: theirs, and their line manager's."""
        manager = line_manager(standing, name)
        asked = (Wall(name),) if manager is None else (Wall(name), manager)
        return tuple(one for one in asked if not self._stands(one))

    def missing(self, standing: Standing, conflicted: Iterable[str] = ()) -> tuple[Wall, ...]:
        """The walls that do not stand although they should, by who is walled off and who is in conflict besides.

        None of which an override says that it need not be.
        """
        named = dict.fromkeys([*(one.member for one in self.up.values() if not one.manages), *conflicted])
        lacking = dict[str, Wall]()
        for name in named:
            if name in self.up or not self.answered(Wall(name)):
                for one in self.due(standing, name):
                    if not self.answered(one) and (one.member not in lacking or not one.manages):
                        lacking[one.member] = one
        return tuple(lacking.values())

    def _stands(self, wall: Wall) -> bool:
        before = self.up.get(wall.member)
        return before is not None and not (before.manages and not wall.manages)

    def _settle(self, member: str) -> None:
        self.proposals = [one for one in self.proposals if one.member != member]


def line_manager(standing: Standing, name: str) -> Wall | None:
    """The wall of a member's line manager, if they have one who is not retired."""
    manager = standing.managers.get(name)
    return Wall(manager, name) if manager is not None and manager not in standing.retired else None
