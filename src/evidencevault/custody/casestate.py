"""What a case's ledger says: records, objects, holders, walls and epochs, replayed entry by entry with its
permissions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from evidencevault.custody.entry import NO_BASIS, Basis, Json, ReadEntry
from evidencevault.custody.revisions import Latest, take
from evidencevault.custody.revisions import listed as _list
from evidencevault.custody.standing import Finding, Register, Standing
from evidencevault.custody.wallstate import Wall, Walls
from evidencevault.vault.registry import Field, KeyKind, Kind

RECOVERY = "(recovery)"
"""Stands for the recovery key among the holders."""

_moment = datetime.fromisoformat
_BY_OFFICER = frozenset({"officer"})
_BY_READER = frozenset({"officer", "legal"})
RULES: dict[str, frozenset[str]] = {
    "opened": _BY_OFFICER,
    "imported": _BY_OFFICER,
    "received": _BY_OFFICER,
    "transferred": _BY_OFFICER,
    "recorded": _BY_OFFICER,
    "corrected": _BY_OFFICER,
    "answered": _BY_OFFICER,
    "decided": _BY_OFFICER,
    "created": _BY_OFFICER,
    "erased": _BY_OFFICER,
    "unwalling": _BY_OFFICER,
}
"""Roles by action; every other action of a granted member is open to officers and legal advisers."""


_RENEWING = frozenset({"opened", "granted", "revoked", "walled", "rekeyed"})
"""Entries of the one commit in which an epoch begins; its author need not hold the new key by a grant yet."""


@dataclass(slots=True)
class CaseState:
    """The replayed ledger of one case."""

    case: bytes
    size: int = 0
    year: int = 0
    number: int = 0
    epochs: dict[int, int] = field(default_factory=dict)  # KeyKind → newest n
    commits: dict[tuple[int, int], str] = field(default_factory=dict)  # (kind, n) → commit
    holders: dict[tuple[str, int], set[bytes]] = field(
        default_factory=dict
    )  # (handle, kind) → key ids since the last rekey
    walls: Walls = field(default_factory=Walls)
    records: dict[bytes, Latest] = field(default_factory=dict)
    revisions: dict[tuple[bytes, int], Latest] = field(default_factory=dict)
    duties: dict[bytes, Latest] = field(default_factory=dict)
    duty_revisions: dict[tuple[bytes, int], Latest] = field(default_factory=dict)
    objects: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # item → BLAKE3 hex, sequence
    grants: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # id → H(blob) hex, sequence
    viewed: dict[tuple[str, str], str] = field(default_factory=dict)  # (handle, subject) → time
    erased: set[bytes] = field(default_factory=set)
    opened_at: str = ""  # RFC 3339, as all times here
    newest_at: str = ""
    overdue: dict[tuple[bytes, int], int] = field(default_factory=dict)  # (duty, due in UTC seconds) → sequence
    reincarnations: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    basis: Basis = NO_BASIS
    _sorted: tuple[int, Mapping[int, Sequence[Latest]]] = (0, MappingProxyType({}))  # by kind, at so many revisions

    @property
    def walled(self) -> Mapping[str, Wall]:
        """Who is walled off, by user name."""
        return self.walls.up

    def holds(self, handle: str, kind: KeyKind = KeyKind.CASE) -> bool:
        """Whether a member was granted K (or A) and not revoked since."""
        return bool(self.holders.get((handle, int(kind))))

    def holder_names(self, kind: KeyKind) -> list[str]:
        """Everybody who holds K (or A alone)."""
        return sorted(handle for (handle, one), keys in self.holders.items() if one == kind and keys)

    def refusal(self, action: str, actor: bytes, standing: Standing) -> str | None:
        """Why this actor may not write this action now; None where they may."""
        if standing.recovery is not None and actor == standing.recovery.key_id:
            return (
                None
                if standing.recovering and action in ("recovered", "rekeyed", "granted")
                else "the recovery key may only recover"
            )
        roles, handle = standing.roles(actor), standing.handle(actor)
        if not roles:
            return "its author was no active user at its basis"
        if action == "opened":
            return None if self.size == 0 and "officer" in roles else "only an officer opens a case, once"
        if action == "overdue" and "oversight" in roles and self.holds(handle, KeyKind.AUDIT):
            return None
        if action in ("granted", "witnessed") and self.size and self.holds(handle, KeyKind.AUDIT):
            return None  # narrowed to their own next key in _granted
        if self.size and not self.holds(handle) and not self._founding(handle):
            return "its author was not granted the case"
        allowed = RULES.get(action, _BY_READER)
        return None if roles & allowed else "its author's roles do not allow it"

    def _founding(self, handle: str) -> bool:
        # Between `opened` and the first `granted`, and between `rekeyed` and its grants, nobody holds the newest epoch.
        return self._author == handle

    _author: str = ""
    _left: bool = False
    _owed: bool = False  # somebody was taken out, and the epoch that they hold goes on

    def apply(self, entry: ReadEntry, register: Register) -> None:
        """Count one entry in; what was not permitted is a finding and has no effect."""
        self.opened_at = self.opened_at or entry.head.time
        # What is written after something is later than it, whatever a clock says that was set back meanwhile.
        self.newest_at = max(self.newest_at or entry.head.time, entry.head.time, key=_moment)
        standing, readers = register.at(entry.head.basis.size), self._reader_count()
        if entry.action not in _RENEWING:
            self._author = ""
        where = f"case {self.year}-{self.number:04d}, entry {entry.sequence} ({entry.action})"
        if self._owed and entry.action not in ("rekeyed", "revoked", "walled"):
            self.findings.append(Finding(where, "somebody was taken out before it, and no new epoch was opened"))
            self._owed, self._left = False, True
        reason = (
            self._epoch_fault(entry)
            or self._basis_fault(entry, register)
            or self.refusal(entry.action, entry.head.actor, standing)
        )
        if reason is None and entry.fields is not None:
            try:
                reason = self._effect(entry, standing)
            except (KeyError, ValueError, TypeError, IndexError):
                reason = "its details are malformed"
        if reason is not None:
            self.findings.append(Finding(where, reason))
        self._note_times(entry, readers)
        self.size = entry.sequence + 1

    _readers: list[tuple[str, int]] = field(default_factory=list)
    _renewed: str = ""

    def readers(self) -> list[tuple[str, int]]:
        """How many users could read the case, from which time (RFC 3339) on."""
        return [*self._readers, (self._renewed, self._reader_count())] if self._renewed else list(self._readers)

    def _reader_count(self) -> int:
        return sum(name != RECOVERY for name in self.holder_names(KeyKind.CASE))

    def _note_times(self, entry: ReadEntry, before: int) -> None:
        if entry.action in _RENEWING:
            self._renewed = entry.head.time
        elif self._renewed:
            # A new epoch takes everybody out and grants them again in one commit: what counts is how it ends.
            self._readers.append((self._renewed, before))
            self._renewed = ""

    def _epoch_fault(self, entry: ReadEntry) -> str | None:
        audit, content = self.epochs.get(KeyKind.AUDIT, 1), self.epochs.get(KeyKind.CASE, 1)
        if entry.head_epoch != audit or (entry.body_epoch and entry.body_epoch != content):
            return "it is sealed under an old epoch's key"
        return None

    def _basis_fault(self, entry: ReadEntry, register: Register) -> str | None:
        basis = entry.head.basis
        if basis.size < self.basis.size:
            return "its basis is older than that of the entry before it"
        if basis.size > register.size:
            return "its basis is a vault ledger that does not exist"
        self.basis = basis
        return None

    def _effect(self, entry: ReadEntry, standing: Standing) -> str | None:
        details, handle = entry.details, standing.handle(entry.head.actor)
        effects = {
            "opened": self._opened,
            "granted": self._granted,
            "revoked": self._revoked,
            "walled": self._walled,
            "rekeyed": self._rekeyed,
        }
        reason = str((entry.fields or {}).get(Field.PURPOSE) or "")
        effect = effects.get(entry.action)
        if effect is not None:
            refused = effect(details, handle, standing)
            if refused is not None:
                return refused
        elif entry.action == "viewed" and entry.fields is not None:
            for subject in str(entry.fields.get(Field.SUBJECT) or "").split():
                self.viewed[handle, subject] = entry.head.time
        elif entry.action == "erased":
            self.erased.update(bytes.fromhex(str(one)) for one in _list(details["items"]))
        elif entry.action == "overdue":
            return self._overdue(details, entry)
        elif entry.action == "unwalling":
            return self.walls.propose(details, handle, self.newest_at, entry.sequence, reason)
        elif entry.action == "unwalled":
            return self.walls.lift(details, handle, frozenset(self.holder_names(KeyKind.CASE)), reason)
        elif entry.action == "reincarnated":
            self.reincarnations.append(entry.sequence)
        return self._written(details, entry.sequence, self.newest_at)

    def _written(self, details: dict[str, Json], sequence: int, time: str) -> str | None:
        content, audit = self.epochs.get(KeyKind.CASE, 1), self.epochs.get(KeyKind.AUDIT, 1)
        refused = take(details, sequence, content, self.records, self.revisions, time)
        if refused is not None:
            return refused
        for one in _list(details.get("duties", [])):
            item, revision, commitment = _list(one)
            key = bytes.fromhex(str(item))
            self.duties[key] = Latest(key, 0, int(str(revision)), bytes.fromhex(str(commitment)), sequence, audit)
            self.duty_revisions[key, int(str(revision))] = self.duties[key]
        for one in _list(details.get("objects", [])):
            item, digest = _list(one)
            self.objects[bytes.fromhex(str(item))] = (str(digest), sequence)
        return None

    def _overdue(self, details: dict[str, Json], entry: ReadEntry) -> str | None:
        duty, due = bytes.fromhex(str(details["duty"])), int(str(details["due"]))
        if (duty, due) in self.overdue:
            return "this missed deadline was noticed before"
        if _moment(self.newest_at).timestamp() <= due:
            return "it calls late what was not yet due"
        self.overdue[duty, due] = entry.sequence
        return None

    def _opened(self, details: dict[str, Json], handle: str, standing: Standing) -> str | None:
        self.year, self.number = int(str(details["year"])), int(str(details["number"]))
        self._author = handle
        self._take_epochs(details)
        return None

    def _take_epochs(self, details: dict[str, Json]) -> None:
        for one in _list(details["epochs"]):
            kind, n, commit = (int(str(part)) if place < 2 else str(part) for place, part in enumerate(_list(one)))
            if n != self.epochs.get(int(kind), 0) + 1:
                raise ValueError("epochs must follow each other")
            self.epochs[int(kind)] = int(n)
            self.commits[int(kind), int(n)] = str(commit)

    def _granted(self, details: dict[str, Json], handle: str, standing: Standing) -> str | None:
        recipient, kind = bytes.fromhex(str(details["recipient"])), int(str(details["kind"]))
        is_recovery = standing.recovery is not None and recipient == standing.recovery.key_id
        name = RECOVERY if is_recovery else standing.handle(recipient)
        roles = standing.members.get(name, frozenset())
        if name in self.walled:
            return "it grants the case to somebody who is walled off from it"
        if kind == KeyKind.CASE and not is_recovery and not roles & _BY_READER:
            return "it grants the case's content to somebody who may not read it"
        if not self.holds(handle) and not self._founding(handle) and name != handle and not standing.recovering:
            return "its author does not hold the case"
        if details["commit"] != self.commits.get((kind, int(str(details["epoch"])))):
            return "it grants a key that is not the epoch's"
        self.holders.setdefault((name, kind), set()).add(recipient)
        self.grants[bytes.fromhex(str(details["grant"]))] = (str(details["blob"]), self.size)
        return None

    def _revoked(self, details: dict[str, Json], handle: str, standing: Standing) -> str | None:
        self._take_out(str(details["member"]), handle)
        return None

    def _take_out(self, member: str, handle: str) -> None:
        held = [self.holders.pop((member, int(kind)), set()) for kind in (KeyKind.CASE, KeyKind.AUDIT)]
        if member == handle:
            # Who leaves of their own accord knows the newest key: whoever stays opens the next epoch.
            self._left, self._author = True, ""
        else:
            self._owed, self._author = self._owed or any(held), handle

    def _walled(self, details: dict[str, Json], handle: str, standing: Standing) -> str | None:
        if str(details["member"]) not in standing.members:
            return "nobody of that name is in the vault"
        made = self.walls.wall(details, handle, self.newest_at, self.size)
        self._take_out(made.member, handle)
        return None

    def _rekeyed(self, details: dict[str, Json], handle: str, standing: Standing) -> str | None:
        self._take_epochs(details)
        self._left = self._owed = False
        self.holders.clear()
        self._author = handle
        return None

    def stale(self, standing: Standing) -> bool:
        """Whether a new epoch must be opened first: a holder was retired, or a key that held the case was replaced."""
        if self._left or self._owed:
            return True
        for (name, _), keys in self.holders.items():
            if name == RECOVERY:
                continue
            newest = standing.newest(name)
            if newest is None or any(key != newest.public.key_id for key in keys):
                return True
        return False

    def of_kind(self, kind: Kind) -> Sequence[Latest]:
        """The newest revisions of a kind, in the order in which the records were made."""
        if self._sorted[0] != (count := len(self.revisions)):  # a record was written since
            kinds: dict[int, list[Latest]] = {}
            for one in self.records.values():
                kinds.setdefault(one.kind, []).append(one)
            self._sorted = count, kinds
        return self._sorted[1].get(kind, ())
