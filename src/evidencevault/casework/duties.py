"""What is due, kept beside the records: duty rows follow from policy and history with every write; late ones are
entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from evidencevault.casework import conflicts, policies
from evidencevault.casework.cases import Case
from evidencevault.casework.policies import RECORD_FORMS, Adopted, Ruling
from evidencevault.custody import overdue
from evidencevault.custody.access import CaseLedger, open_ledger, visible_cases
from evidencevault.custody.casefile import CaseFile, Duty, Kind, Value, Write, read_duties
from evidencevault.custody.casestate import CaseState
from evidencevault.custody.office import Office
from evidencevault.custody.overdue import Missed
from evidencevault.custody.revisions import Latest
from evidencevault.custody.rows import DueDuty, open_records
from evidencevault.errors import NotFound, VaultError
from evidencevault.forms.bodies import from_body
from evidencevault.policy.duties import duties
from evidencevault.policy.fixed import NAMES, Due
from evidencevault.policy.history import History, Revision
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.vault.registry import KeyKind

KINDS: Mapping[Kind, str] = {Kind[name.upper()]: name for name in RECORD_FORMS}
"""The records that policies ask about."""


def history_of(case: CaseFile, write: Write | None = None, *, others: bool = True) -> History:
    """What happened in a case, with what a write is about to add. Raises Damaged."""
    return _history(case.ledger, write, others)


def _history(ledger: CaseLedger, write: Write | None, others: bool) -> History:
    state, now = ledger.state, overdue.now_of(ledger)
    found = [_stored(kind, body, one) for kind, body, one in _bodies(ledger)]
    for added in write.written if write is not None else ():
        if added.stored.kind in KINDS:
            kind = Kind(added.stored.kind)
            found.append(_revision(kind, added.body, added.stored.revision, now))
    holders = tuple((datetime.fromisoformat(time), count) for time, count in state.readers())
    cases = [one for one in found if one.kind == "case"]
    about = max(cases, key=lambda one: one.revision).record if cases else None
    from_paper = isinstance(about, Case) and bool(about.from_paper)
    return History(datetime.fromisoformat(state.opened_at), tuple(found), holders, others, from_paper)


def _bodies(ledger: CaseLedger) -> Iterable[tuple[Kind, Mapping[str, Value], Latest]]:
    state = ledger.state
    wanted = [one for one in state.revisions.values() if one.kind in KINDS and one.item not in state.erased]
    for number in sorted({one.revision for one in wanted}):  # one revision of an item at a time
        several = [one for one in wanted if one.revision == number]
        for one, record in zip(several, open_records(ledger, several), strict=True):
            yield record.kind, record.body, one


def _stored(kind: Kind, body: Mapping[str, Value], one: Latest) -> Revision:
    return _revision(kind, body, one.revision, datetime.fromisoformat(one.time))


def _revision(kind: Kind, body: Mapping[str, Value], revision: int, at: datetime) -> Revision:
    ref = str(body.get("label" if kind is Kind.PERSON else "number", ""))
    return Revision(KINDS[kind], ref, revision, at, from_body(RECORD_FORMS[KINDS[kind]], body))


@dataclass(slots=True)
class Keeper:
    """Keeps the duty rows of a vault's cases. Called with a write, it adds to it what follows from what it writes."""

    office: Office
    _known: dict[int, Sequence[Adopted]] = field(default_factory=dict)

    def adopted(self) -> Sequence[Adopted]:
        """The policies of the vault; read again once its ledger has grown."""
        size = self.office.head().size
        if size not in self._known:
            self._known = {size: policies.adopted(self.office)}
        return self._known[size]

    def ruling(self, history: History) -> Ruling:
        """The policy that a case is under."""
        about = history.of("case")[-1].record
        assert isinstance(about, Case)
        return policies.of_case(self.adopted(), about, history.opened)

    def wanted(self, history: History) -> tuple[Due, ...]:
        """What the policy of a case asks of its history, done or not."""
        ruled = self.ruling(history)
        alone = ruled.adopted and ruled.policy.alone.allowed
        found = duties(ruled.policy, replace(history, others=not alone))
        if history.from_paper:  # what an old case owed before it was entered is a matter of its review
            return tuple(one for one in found if one.due > history.opened)
        return found

    def __call__(self, write: Write) -> None:
        """Add duty rows to a write of a case, and entries for deadlines that it moves after they were missed."""
        if write.written and not any(one.stored.kind in KINDS for one in write.written):
            return
        ledger = write.ledger
        history = _history(ledger, write, True)
        changes = _changes(read_duties(ledger), self.wanted(history))
        if not changes:
            return
        for row, changed in changes:
            missed = _left_behind(ledger, row, changed)
            if missed is not None:
                write.draft(overdue.draft(ledger, missed, self.line(ledger, missed.duty.duty)))
        write.entry("due", duties=[write.duty(changed, row.id if row else None) for row, changed in changes])

    def line(self, ledger: CaseLedger, duty: Duty) -> tuple[str, ...]:
        """To whom a late duty goes: the first role of the policy's line that is not walled off as a whole."""
        newest = self.adopted()
        roles = {one.id: one.members for one in newest[-1].policy.role} if newest else {}
        for role in duty.escalate_to:
            members = roles.get(role, ())
            left = tuple(one for one in members if one not in ledger.state.walled)
            if left or not members:
                return left or (role,)
        return ()

    def run_case(self, ledger: CaseLedger) -> list[tuple[str, Missed]]:
        """Bring walls and duties of one case up to date, and enter what was missed.

        Raises Damaged, StorageFailed, NotFound (a wall now keeps out the user at work).
        """
        # The window opens a case twice, to read and to write; both come here, and what one wrote the other must see.
        with self.office.database.one_writer:
            if _writes(ledger):
                case = CaseFile(ledger)
                conflicts.keep(case)
                case.follow_up()
            if not _enters(ledger):
                return []
            return [(ledger.reference, one) for one in overdue.enter(ledger, self.line)]


def _writes(ledger: CaseLedger) -> bool:
    return ledger.office.keychain.holds(ledger.id, KeyKind.CASE) and _may(ledger, "due")


def _enters(ledger: CaseLedger) -> bool:
    return _may(ledger, "overdue")


def _may(ledger: CaseLedger, action: str) -> bool:
    state: CaseState = ledger.state
    return state.refusal(action, ledger.office.identity.key_id, ledger.office.standing) is None


def _changes(rows: Sequence[DueDuty], wanted: Sequence[Due]) -> list[tuple[DueDuty | None, Duty]]:
    """Which rows must be written: new ones, changed ones, and those that are due no more."""
    known = {(one.duty.step, one.duty.ref): one for one in rows}
    found: list[tuple[DueDuty | None, Duty]] = []
    for due in wanted:
        row = known.pop((due.step, due.ref), None)
        duty = _duty(due, row.duty if row else None)
        if row is None or row.duty != duty:
            found.append((row, duty))
    for row in known.values():
        if row.duty.state == "open":
            found.append((row, replace(row.duty, state="dropped")))
    return found


def _duty(due: Due, before: Duty | None) -> Duty:
    when = int(due.due.timestamp())
    moved = None if before is None else before.before
    if before is not None and before.due is not None and before.due < when:
        moved = min(before.due, moved if moved is not None else before.due)
    done = None if due.done is None else int(due.done.timestamp())
    state = "open" if done is None else "done"
    answered = None if before is None else before.answered
    return Duty(due.step, due.role, when, state, due.ref, due.name, done, moved, due.escalate_to, answered)


def _left_behind(ledger: CaseLedger, row: DueDuty | None, changed: Duty) -> Missed | None:
    """The deadline that passed unmet before a write moves or drops it; what was missed is not corrected away."""
    later = row is not None and (changed.state == "dropped" or (changed.due or 0) > (row.duty.due or 0))
    return overdue.miss(ledger, row) if row is not None and later else None


def until(due: int, zone: tzinfo | None) -> datetime:
    """The last moment at which a duty is in time, as people read it: a day ends at 23:59, not at 0:00 of the next."""
    return datetime.fromtimestamp(due - 1, UTC).astimezone(zone)


def called(duty: Duty) -> str:
    """A duty's step as people call it: in their language where it is the program's own."""
    return called_as(duty.step, duty.name)


def called_as(step: str, name: str) -> str:
    """The same from a step's id and stored name."""
    return tr(NAMES[step]) if step in NAMES else name or step


Watched = tuple[list[tuple[str, Missed]], list[tuple[bytes, VaultError]]]
"""What was entered as missed, by reference; and the cases (ids) that could not be opened, with why."""


def run_all(keeper: Keeper, progress: Progress | None = None) -> Watched:
    """Every case brought up to date, with what was missed, by reference; and those that cannot be opened, with why.

    A case that only the audit key opens is taken as its rows are. Raises Cancelled.
    """
    found, failed = list[tuple[str, Missed]](), list[tuple[bytes, VaultError]]()
    for case in visible_cases(keeper.office, KeyKind.AUDIT):
        if progress is not None:
            progress.check()
        try:
            found += keeper.run_case(open_ledger(keeper.office, case))
        except NotFound:
            continue  # excluded by now: the case is not theirs, and is not named to them
        except VaultError as error:
            failed.append((case, error))
    return found, failed
