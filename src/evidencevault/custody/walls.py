"""Walls: whoever has a conflict of interest gets no key of a case, nor does their line manager; two members end it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from evidencevault.custody import epochs
from evidencevault.custody.access import ready, require_holder
from evidencevault.custody.caseledger import CaseLedger, unseen
from evidencevault.custody.casestate import RECOVERY
from evidencevault.custody.office import Draft, Office
from evidencevault.custody.wallstate import Wall, Walls
from evidencevault.errors import NotFound, Refused
from evidencevault.resources import tr
from evidencevault.vault.change import Change
from evidencevault.vault.registry import KeyKind


def wall(ledger: CaseLedger, name: str) -> tuple[Wall, ...]:
    """Keep a member and their line manager out of a case for good. Returns whom, without those who were out before.

    Naming oneself is leaving: somebody else must hold the case. Raises Refused, NotFound, NotPermitted.
    """
    ready(ledger)
    require_holder(ledger)
    state, office = ledger.state.walls, ledger.office
    # A member is named anew in spite of an override; their line manager follows by themselves, so it holds for them.
    planned = tuple(one for one in _planned(office, state, name) if not one.manages or not state.answered(one))
    me = office.name
    if name != me:
        planned = _unbiased(office, state, planned)
    elif not _officers(ledger, without=[one.member for one in planned]):
        raise Refused(
            tr("“{name}” is the only one who can read this case. Grant it to somebody else first.").format(name=name)
        )
    if not planned:
        raise Refused(tr("“{name}” is excluded from this case already. Nothing was changed.").format(name=name))
    _raise(ledger, planned)
    return planned


def raised_by(ledger: CaseLedger, name: str) -> tuple[Wall, ...]:
    """The walls that follow from a member's being complained about or in conflict; for ``Write.exclude``.

    None that stands already, nor one that an override has answered. Raises NotFound, and Refused where whoever is at
    work would be walled off by it.
    """
    state = ledger.state.walls
    if name not in state.up and state.answered(Wall(name)):
        return ()
    planned = tuple(one for one in _planned(ledger.office, state, name) if not state.answered(one))
    return _unbiased(ledger.office, state, planned)


def first(office: Office, names: Iterable[str]) -> tuple[Wall, ...]:
    """The walls with which a case begins. Raises NotFound, and Refused as :func:`raised_by`."""
    state = Walls()
    chosen = list(names)
    managers = [one for name in chosen for one in _planned(office, state, name) if one.member not in chosen]
    return _unbiased(office, state, tuple({one.member: one for one in (*map(Wall, chosen), *managers)}.values()))


def drafts(ledger: CaseLedger, change: Change, walls: Sequence[Wall]) -> list[Draft]:
    """What raises walls: where somebody behind them holds the case, a new epoch without them comes first, so that what
    is said of them is sealed under it.
    """
    names = {one.member for one in walls}
    said = [Draft("walled", details=one.details) for one in walls]
    held = any(ledger.state.holds(name, kind) for name in names for kind in (KeyKind.CASE, KeyKind.AUDIT))
    if not held:
        return said
    holders = [one for one in ledger.state.holder_names(KeyKind.CASE) if one not in (*names, RECOVERY)]
    return [*epochs.renew(ledger, change, [*holders, RECOVERY], names), *said]


def keep(ledger: CaseLedger, conflicted: Iterable[str] = ()) -> tuple[Wall, ...]:
    """Raise the walls that should stand: of those in conflict, and of whoever has become a line manager since.

    Called at each opening of a case; does nothing where the member at work may not write walls. Raises NotFound where
    it is they who are walled off.
    """
    office = ledger.office
    if "officer" not in office.member.roles or not ledger.state.holds(office.name):
        return ()
    missing = ledger.state.walls.missing(office.standing, conflicted)
    if not _officers(ledger, without=[one.member for one in missing]):
        missing = tuple(one for one in missing if one.member != office.name)  # the vault never loses a case
    if not missing:
        return ()
    ready(ledger)
    _raise(ledger, missing)
    if any(one.member == office.name for one in missing):
        raise unseen(ledger.reference)
    return missing


def unwall(ledger: CaseLedger, name: str, reason: str) -> bool:
    """Propose to end a member's exclusion, or confirm what another holder proposed. True once in effect.

    Raises NotFound, Refused (no reason; nobody who could confirm), NotPermitted.
    """
    ready(ledger)
    office, state = ledger.office, ledger.state
    if name not in state.walled:
        raise NotFound(tr("“{name}” is not excluded from this case.").format(name=name))
    if not reason.strip():
        raise Refused(tr("Say why the exclusion ends; the chain of custody keeps it. Nothing was saved."))
    holders = frozenset(state.holder_names(KeyKind.CASE)) - {RECOVERY}
    if not holders - {office.name}:
        raise Refused(
            tr(
                "It takes two who hold the case to end an exclusion, and you hold it alone. Grant the case to somebody "
                "else first. Nothing was saved."
            )
        )
    other = state.walls.proposed_by_other(name, office.name, holders)
    if other is None:
        office.require("officer")
        ledger.commit([Draft("unwalling", purpose=reason.strip(), details={"member": name})], Change())
        return False
    said = Draft("unwalled", purpose=reason.strip(), details={"member": name, "proposed": other.sequence})
    ledger.commit([said], Change())
    return True


def _planned(office: Office, state: Walls, name: str) -> tuple[Wall, ...]:
    if name not in office.standing.members:
        raise NotFound(tr("There is no user “{name}” in this vault.").format(name=name))
    return state.due(office.standing, name)


def _officers(ledger: CaseLedger, *, without: Collection[str]) -> list[str]:
    """The officers who hold the case, but for some."""
    officers = ledger.office.standing.holders("officer")
    return [name for name in officers if ledger.state.holds(name) and name not in without]


def _unbiased(office: Office, state: Walls, walls: tuple[Wall, ...]) -> tuple[Wall, ...]:
    """The walls, if whoever is at work may raise them. Raises Refused where they would stand behind one themselves.

    A line manager whom nobody could take the case from keeps it: a wall that loses the case protects nobody.
    """
    me = office.name
    own = next((one for one in walls if one.member == me), None)
    if own is None:
        return walls
    if not own.manages:
        raise Refused(
            tr(
                "What you enter is about yourself, and excludes you from this case. Grant the case to somebody else, "
                "who then enters it. Nothing was saved."
            )
        )
    closed = {one.member for one in walls} | state.up.keys()
    if any(name not in closed for name in office.standing.holders("officer")):
        raise Refused(
            tr(
                "You are the line manager of “{name}”, so this excludes you from the case, too. Grant the case to "
                "somebody else, who then enters it. Nothing was saved."
            ).format(name=own.manages)
        )
    return tuple(one for one in walls if one.member != me)


def _raise(ledger: CaseLedger, walls: Sequence[Wall]) -> None:
    change = Change()
    ledger.commit(drafts(ledger, change, walls), change)
    if any(one.member == ledger.office.name for one in walls):
        epochs.leave(ledger)
    else:
        ledger.office.store_keyring()
