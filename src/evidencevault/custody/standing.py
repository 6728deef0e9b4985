"""Who was who, and with which roles, at every size of the vault ledger: replayed from its entries, never asked of
tables.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from evidencevault.custody.entry import Json, ReadEntry
from evidencevault.errors import Damaged
from evidencevault.formats import signatures
from evidencevault.vault.keys import PublicKeys, sha256
from evidencevault.vault.registry import REPLACED_LABEL, KeyKind

ROLES = frozenset({"officer", "legal", "oversight", "admin"})
KEEPERS = frozenset({"officer", "legal", "admin"})
"""Who may write records of the vault itself, such as its address book."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, named to the entry (or row)."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class MemberKey:
    """One generation of a member's keys: ``provisional``, ``active``, ``replaced`` or ``retired``."""

    public: PublicKeys
    generation: int
    state: str
    row_digest: str  # of the stored key row, so that a changed row is found without its passphrase


@dataclass(frozen=True, slots=True)
class Standing:
    """All members at one moment."""

    members: Mapping[str, frozenset[str]]  # handle → roles; retired members have none
    keys: Mapping[bytes, tuple[str, MemberKey]]  # key id → handle, key
    retired: frozenset[str]
    recovery: PublicKeys | None
    epochs: Mapping[int, str]  # V epoch → commit hex
    proposals: tuple[tuple[str, Json], ...]  # (proposer, what) not yet confirmed
    recovering: frozenset[str] = frozenset()
    managers: Mapping[str, str] = field(default_factory=dict)  # handle → handle of their line manager

    def handle(self, key_id: bytes) -> str:
        """The member behind a key, or its hex where nobody is."""
        known = self.keys.get(key_id)
        return known[0] if known else key_id.hex()

    def roles(self, key_id: bytes) -> frozenset[str]:
        """Roles of the member behind a usable key; empty for a replaced, retired or unknown one."""
        known = self.keys.get(key_id)
        if known is None or known[1].state not in ("active", "provisional"):
            return frozenset()
        return self.members.get(known[0], frozenset())

    def newest(self, handle: str) -> MemberKey | None:
        """The key to grant to."""
        usable = [key for name, key in self.keys.values() if name == handle and key.state in ("active", "provisional")]
        return max(usable, key=lambda key: key.generation, default=None)

    def holders(self, role: str) -> list[str]:
        """Active members with a role."""
        return sorted(handle for handle, roles in self.members.items() if role in roles and handle not in self.retired)


NOBODY = Standing({}, {}, frozenset(), None, {}, ())


class Register:
    """Replays the vault ledger. ``findings`` collects what was written by one who was not permitted; it has no
    effect.
    """

    def __init__(self, vault_id: bytes) -> None:
        self._vault_id = vault_id
        self._sizes: list[int] = []
        self._states: list[Standing] = []
        self.findings: list[Finding] = []
        self.size = 0

    @property
    def now(self) -> Standing:
        """The standing after the newest entry."""
        return self._states[-1] if self._states else NOBODY

    def at(self, size: int) -> Standing:
        """The standing that an actor saw whose basis has this many entries."""
        place = bisect_right(self._sizes, size)
        return self._states[place - 1] if place else NOBODY

    def extend(self, entries: Iterable[ReadEntry]) -> None:
        """Apply further entries in order."""
        for entry in entries:
            before = self.now
            try:
                after = self._apply(before, entry)
            except _NotAllowed as reason:
                self.findings.append(Finding(f"vault ledger, entry {entry.sequence} ({entry.action})", str(reason)))
                after = before
            except (KeyError, ValueError, TypeError, Damaged):
                self.findings.append(
                    Finding(f"vault ledger, entry {entry.sequence} ({entry.action})", "its details are malformed")
                )
                after = before
            self.size = entry.sequence + 1
            if after is not before:
                self._sizes.append(self.size)
                self._states.append(after)

    def _apply(self, state: Standing, entry: ReadEntry) -> Standing:
        details, actor = entry.details, entry.head.actor
        if entry.sequence == 0 or entry.action == "created":
            return self._created(state, entry)
        acts = {
            "invited": self._invited,
            "replaced": self._replaced,
            "roles": self._roles,
            "manager": self._manager,
            "retired": self._retired,
            "resealed": self._resealed,
            "proposed": self._proposed,
            "confirmed": self._confirmed,
            "recovered": self._recovered,
            "rekeyed": self._rekeyed,
            "granted": self._granted,
        }
        if entry.action in ("recorded", "erased"):
            _need(bool(state.roles(actor) & KEEPERS), "its author's roles do not allow it")
        act = acts.get(entry.action)
        if act is not None:
            return act(state, actor, details)
        _need(bool(state.roles(actor)), "its author was no active user at its basis")
        return state

    def _created(self, state: Standing, entry: ReadEntry) -> Standing:
        details = entry.details
        _need(entry.sequence == 0 and entry.action == "created", "a vault is created once, by its first entry")
        public, recovery = _public(details["public"]), _public(details["recovery"])
        expected = sha256(bytes.fromhex(str(details["random"])), public.data, recovery.data)
        _need(expected == self._vault_id, "the vault's id does not follow from its first entry")
        _need(entry.head.actor == public.key_id, "its author is not the first user")
        key = MemberKey(public, 1, "active", str(details["row"]))
        handle = str(details["member"])
        roles = _role_set(details["roles"])
        return Standing(
            {handle: roles}, {public.key_id: (handle, key)}, frozenset(), recovery, {1: str(details["commit"])}, ()
        )

    def _invited(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may add a user")
        handle = str(details["member"])
        _need(handle not in state.members, "that user exists already")
        key = MemberKey(_public(details["public"]), 1, "provisional", str(details["row"]))
        members = {**state.members, handle: _role_set(details["roles"])}
        return replace(state, members=members, keys={**state.keys, key.public.key_id: (handle, key)})

    def _replaced(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        handle, old = state.keys.get(actor, ("", None))
        _need(old is not None and old.state in ("active", "provisional"), "its author's key was not usable")
        assert old is not None
        public = _public(details["public"])
        message = replaced_message(self._vault_id, actor, public)
        signed = [base64.b64decode(str(one)) for one in _list(details["signatures"])]
        _need(
            len(signed) == 2
            and signatures.sshsig_verify(signed[0], message, "evidencevault-replaced", old.public.sign)
            and signatures.sshsig_verify(signed[1], message, "evidencevault-replaced", public.sign),
            "a new key must be signed by the old and the new one",
        )
        return self._with_key(state, handle, MemberKey(public, old.generation + 1, "active", str(details["row"])))

    def _with_key(self, state: Standing, handle: str, key: MemberKey) -> Standing:
        keys = {
            key_id: (name, replace(one, state="replaced") if name == handle and one.state != "retired" else one)
            for key_id, (name, one) in state.keys.items()
        }
        keys[key.public.key_id] = (handle, key)
        return replace(state, keys=keys)

    def _roles(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may change roles")
        _need(len(state.holders("admin")) < 2, "with two admins, roles are changed by both")
        return self._with_roles(state, details)

    def _with_roles(self, state: Standing, details: Mapping[str, Json]) -> Standing:
        handle = str(details["member"])
        _need(handle in state.members and handle not in state.retired, "there is no such user")
        return replace(state, members={**state.members, handle: _role_set(details["roles"])})

    def _manager(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may say who manages whom")
        _need(len(state.holders("admin")) < 2, "with two admins, line managers are named by both")
        return self._with_manager(state, details)

    def _with_manager(self, state: Standing, details: Mapping[str, Json]) -> Standing:
        handle, manager = str(details["member"]), str(details["manager"])
        active = state.members.keys() - state.retired
        _need(handle in active and (not manager or manager in active), "there is no such user")
        _need(handle not in (manager, *bosses(state.managers, manager)), "it makes a circle of managers")
        others = {name: boss for name, boss in state.managers.items() if name != handle}
        return replace(state, managers={**others, handle: manager} if manager else others)

    def _retired(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may retire a user")
        handle = str(details["member"])
        _need(handle in state.members, "there is no such user")
        keys = {
            key_id: (name, replace(one, state="retired") if name == handle else one)
            for key_id, (name, one) in state.keys.items()
        }
        members = {**state.members, handle: frozenset[str]()}
        return replace(state, members=members, keys=keys, retired=state.retired | {handle})

    def _resealed(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        handle, key = state.keys.get(actor, ("", None))
        _need(key is not None and bool(state.roles(actor)), "its author was no active user")
        assert key is not None
        return replace(state, keys={**state.keys, actor: (handle, replace(key, row_digest=str(details["row"])))})

    def _proposed(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may propose this")
        return replace(state, proposals=(*state.proposals, (state.handle(actor), dict(details))))

    def _confirmed(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need("admin" in state.roles(actor), "only an admin may confirm this")
        others = [one for one in state.proposals if one[1] == dict(details) and one[0] != state.handle(actor)]
        _need(bool(others), "nobody else proposed it")
        left = tuple(one for one in state.proposals if one is not others[0])
        act = self._with_manager if "manager" in details else self._with_roles
        return replace(act(state, details), proposals=left)

    def _recovered(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need(state.recovery is not None and actor == state.recovery.key_id, "only the recovery key may recover a user")
        handle = str(details["member"])
        old = [key.generation for name, key in state.keys.values() if name == handle]
        _need(bool(old) and handle not in state.retired, "there is no such user")
        key = MemberKey(_public(details["public"]), max(old) + 1, "active", str(details["row"]))
        return replace(self._with_key(state, handle, key), recovering=state.recovering | {handle})

    def _rekeyed(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        _need(
            "admin" in state.roles(actor) or self._is_recovery(state, actor), "only an admin may renew the vault's key"
        )
        epochs = dict(state.epochs)
        for one in _list(details["epochs"]):
            kind, n, commit = _list(one)
            _need(kind == int(KeyKind.VAULT) and n == max(epochs) + 1, "epochs must follow each other")
            epochs[int(str(n))] = str(commit)
        return replace(state, epochs=epochs)

    def _own_next(self, state: Standing, actor: bytes, recipient: bytes) -> bool:
        # A key just replaced may still pass on what it held, to its direct successor: the two entries are one commit.
        handle, generation = _own(state.keys.get(actor))
        to_handle, to_generation = _own(state.keys.get(recipient))
        return bool(handle) and handle == to_handle and (bool(state.roles(actor)) or to_generation == generation + 1)

    def _is_recovery(self, state: Standing, actor: bytes) -> bool:
        return state.recovery is not None and actor == state.recovery.key_id

    def _granted(self, state: Standing, actor: bytes, details: Mapping[str, Json]) -> Standing:
        recipient = bytes.fromhex(str(details["recipient"]))
        own = self._own_next(state, actor, recipient)
        allowed = own or "admin" in state.roles(actor) or self._is_recovery(state, actor)
        _need(allowed, "only an admin may grant the vault's key")
        return state


def bosses(managers: Mapping[str, str], name: str) -> list[str]:
    """The managers above somebody, nearest first."""
    above: list[str] = []
    while (name := managers.get(name, "")) and name not in above:
        above.append(name)
    return above


def _own(known: tuple[str, MemberKey] | None) -> tuple[str, int]:
    return (known[0], known[1].generation) if known else ("", 0)


def replaced_message(vault_id: bytes, old: bytes, public: PublicKeys) -> bytes:
    """What both keys sign when one replaces the other."""
    return REPLACED_LABEL + vault_id + old + public.data


def encode_public(public: PublicKeys) -> str:
    """Public keys as they stand in details."""
    return base64.b64encode(public.data).decode()


class _NotAllowed(Exception):
    """An entry has no effect, for this reason."""


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise _NotAllowed(reason)


def _public(value: Json) -> PublicKeys:
    return PublicKeys(base64.b64decode(str(value)))


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _role_set(value: Json) -> frozenset[str]:
    roles = frozenset(str(one) for one in _list(value))
    if not roles <= ROLES:
        raise ValueError("unknown role")
    return roles
