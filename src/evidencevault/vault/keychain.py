"""The epoch keys one member holds, walked down their chains (formats.md §2)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, select

from evidencevault.errors import Damaged, NotPermitted
from evidencevault.resources import tr
from evidencevault.vault import schema
from evidencevault.vault.canonical import Value
from evidencevault.vault.change import Change
from evidencevault.vault.envelope import Place, seal, unseal
from evidencevault.vault.grants import Grant, commit_of, open_grant
from evidencevault.vault.keys import Identity, item_key, purpose_key
from evidencevault.vault.registry import ZERO_ID, KeyKind, Purpose


def content_kind(case: bytes) -> KeyKind:
    """The kind of key that seals content: V for the vault itself, K for a case."""
    return KeyKind.VAULT if case == ZERO_ID else KeyKind.CASE


def audit_kind(case: bytes) -> KeyKind:
    """The kind of key that seals entry heads and duties: V for the vault itself, A for a case."""
    return KeyKind.VAULT if case == ZERO_ID else KeyKind.AUDIT


class Keychain:
    """Epoch keys by case and kind. Lives in memory only."""

    def __init__(self, vault_id: bytes) -> None:
        self.vault_id = vault_id
        self._keys: dict[tuple[bytes, KeyKind], dict[int, bytes]] = {}
        self._derived: dict[tuple[bytes, KeyKind, int, Purpose], bytes] = {}
        self.grants: dict[bytes, Grant] = {}
        self._opened: set[bytes] = set()
        self._foreign: set[bytes] = set()
        self._newest_in_vault: dict[tuple[bytes, KeyKind], int] = {}
        self._proposed: set[tuple[bytes, KeyKind, int]] = set()

    def load(self, connection: Connection, identity: Identity, keyring: bytes | None) -> bool:
        """Take keys from the keyring cache, try grants not yet tried, walk the chains. True if anything is new."""
        if keyring is not None:
            # A cache, and rewritable: without it every grant is tried again, which costs 0.3 ms each.
            with suppress(Damaged):
                self._restore(unseal(identity.keyring_key, self._keyring_place(identity), keyring).body)
        tried = self._opened | self._foreign
        fresh = False
        for row in connection.execute(select(schema.grant)):
            if row.id in tried:
                continue
            fresh = True
            grant = open_grant(self.vault_id, identity, row.blob)
            if grant is None:
                self._foreign.add(row.id)
            else:
                self._opened.add(row.id)
                self.grants[row.id] = grant
                self.put(grant.case, grant.kind, grant.epoch, grant.key)
        self.walk(connection)
        return fresh

    def _keyring_place(self, identity: Identity) -> Place:
        return Place(self.vault_id, Purpose.KEYRING, item=identity.key_id)

    def keyring(self, identity: Identity) -> bytes:
        """The sealed cache to store: keys and grants so far."""
        keys: list[Value] = [
            [case, int(kind), n, key]
            for (case, kind), by_epoch in sorted(self._keys.items())
            for n, key in sorted(by_epoch.items())
            if (case, kind, n) not in self._proposed
        ]
        opened: list[Value] = list(sorted(self._opened))
        foreign: list[Value] = list(sorted(self._foreign))
        return seal(
            identity.keyring_key, self._keyring_place(identity), 0, {"keys": keys, "grants": opened, "foreign": foreign}
        )

    def _restore(self, body: dict[str, Value]) -> None:
        match body:
            case {"keys": list(keys), "grants": list(opened), "foreign": list(foreign)}:
                for one in keys:
                    match one:
                        case [bytes(case), int(kind), int(n), bytes(key)]:
                            self.put(case, KeyKind(kind), n, key)
                self._opened.update(one for one in opened if isinstance(one, bytes))
                self._foreign.update(one for one in foreign if isinstance(one, bytes))

    def walk(self, connection: Connection) -> None:
        """Open all earlier epochs from the ones held, and A from K. Raises Damaged where a key denies its
        commitment.
        """
        table = schema.epoch
        rows = connection.execute(select(table).order_by(table.c.case, table.c.kind, table.c.n.desc())).all()
        newest: dict[tuple[bytes, KeyKind], int] = {}
        for row in rows:  # K (2) before A (3): the link needs the K epoch, whose chain is open by then
            if row.kind not in {int(kind) for kind in KeyKind}:
                raise Damaged(
                    tr("The row of a key (table epoch, case {case}) is damaged: its kind was changed.").format(
                        case=row.case.hex()
                    )
                )
            kind = KeyKind(row.kind)
            newest[row.case, kind] = max(row.n, newest.get((row.case, kind), 0))
            try:
                self._walk_row(row, kind)
            except Damaged as error:
                raise Damaged(
                    tr("The row of a key (table epoch, kind {kind}, number {n}, case {case}) is damaged: {why}").format(
                        kind=int(kind), n=row.n, case=row.case.hex(), why=error.sentence
                    )
                ) from error
            if kind is KeyKind.AUDIT and not 1 <= (row.content_epoch or 0) <= newest.get((row.case, KeyKind.CASE), 0):
                raise Damaged(
                    tr(
                        "The row of a key (table epoch, case {case}) is damaged: it links to a key that does not exist."
                    ).format(case=row.case.hex())
                )
        self._newest_in_vault = newest

    def _walk_row(self, row: Row[Any], kind: KeyKind) -> None:
        if kind is KeyKind.AUDIT and row.link is not None and self.holds(row.case, KeyKind.CASE, row.content_epoch):
            self._open_link(row.case, row.n, row.content_epoch, row.link)
        if not self.holds(row.case, kind, row.n):
            return
        key = self._keys[row.case, kind][row.n]
        if commit_of(key) != row.commit:
            raise Damaged(tr("A key of the vault does not match its public commitment."))
        if row.n > 1:
            place = Place(self.vault_id, Purpose.CHAIN, row.case, ZERO_ID, int(kind), row.n)
            self.put(
                row.case,
                kind,
                row.n - 1,
                _key_in(unseal(purpose_key(key, Purpose.CHAIN), place, row.chain or b"").body),
            )

    def _open_link(self, case: bytes, n: int, content_epoch: int, link: bytes) -> None:
        key = self.purpose(case, KeyKind.CASE, content_epoch, Purpose.LINK)
        place = Place(self.vault_id, Purpose.LINK, case, ZERO_ID, int(KeyKind.AUDIT), n)
        self.put(case, KeyKind.AUDIT, n, _key_in(unseal(key, place, link).body))

    def put(self, case: bytes, kind: KeyKind, n: int, key: bytes) -> None:
        """Hold one epoch key."""
        held = self._keys.setdefault((case, kind), {})
        if held.get(n, key) != key:
            self._underive(case, kind, n)
        held[n] = key
        self._newest_in_vault[case, kind] = max(n, self._newest_in_vault.get((case, kind), 0))

    def propose(self, case: bytes, kind: KeyKind, n: int, key: bytes) -> None:
        """Hold the key of an epoch that a commit is to open; it is not kept beyond memory before :meth:`settle`."""
        self._proposed.add((case, kind, n))
        self.put(case, kind, n, key)

    def settle(self, case: bytes) -> None:
        """The epochs proposed for a case stand in the vault now."""
        self._proposed = {one for one in self._proposed if one[0] != case}

    def forget(self, case: bytes, kind: KeyKind, n: int) -> None:
        """Hold an epoch key no more: its epoch goes on without this member."""
        self._keys.get((case, kind), {}).pop(n, None)
        self._underive(case, kind, n)

    def _underive(self, case: bytes, kind: KeyKind, n: int) -> None:
        for one in [one for one in self._derived if one[:3] == (case, kind, n)]:
            del self._derived[one]

    def holds(self, case: bytes, kind: KeyKind, n: int | None = None) -> bool:
        """Whether any, or this, epoch's key is held."""
        held = self._keys.get((case, kind), {})
        return bool(held) if n is None else n in held

    def current(self, case: bytes, kind: KeyKind) -> bool:
        """Whether the newest epoch is held: after a revocation only older ones are."""
        return self.holds(case, kind, max(1, self._newest_in_vault.get((case, kind), 0)))

    def newest(self, case: bytes, kind: KeyKind) -> int:
        """The newest epoch held (0: none)."""
        return max(self._keys.get((case, kind), {0: b""}))

    def cases(self, kind: KeyKind) -> list[bytes]:
        """The cases of which a key of this kind is held."""
        return sorted(case for case, one in self._keys if one is kind)

    def key(self, case: bytes, kind: KeyKind, n: int) -> bytes:
        """An epoch key; raises NotPermitted where it was never granted."""
        try:
            return self._keys[case, kind][n]
        except KeyError:
            raise NotPermitted(
                tr("You have not been given access to this. Ask the officer who holds the case.")
            ) from None

    def purpose(self, case: bytes, kind: KeyKind, n: int, purpose: Purpose) -> bytes:
        """The purpose key under an epoch, derived once."""
        wanted = (case, kind, n, purpose)
        if wanted not in self._derived:
            self._derived[wanted] = purpose_key(self.key(case, kind, n), purpose)
        return self._derived[wanted]

    def item(self, case: bytes, n: int, purpose: Purpose, salt: bytes) -> bytes:
        """The key of one item's records (or object) in a content epoch."""
        return item_key(self.purpose(case, content_kind(case), n, purpose), salt)


def _key_in(body: dict[str, Value]) -> bytes:
    key = body.get("key")
    if not isinstance(key, bytes) or len(key) != 32:
        raise Damaged(tr("A chain of keys is malformed."))
    return key


def add_epoch(
    change: Change,
    vault_id: bytes,
    case: bytes,
    kind: KeyKind,
    n: int,
    key: bytes,
    previous: bytes | None,
    content: tuple[int, bytes] | None = None,
) -> None:
    """The row of a new epoch: its chain to the previous key and, for A, the link from K's epoch ``content`` = (n,
    key).
    """
    chain = None
    if previous is not None:
        place = Place(vault_id, Purpose.CHAIN, case, ZERO_ID, int(kind), n)
        chain = seal(purpose_key(key, Purpose.CHAIN), place, n, {"key": previous})
    link = None
    if content is not None:
        place = Place(vault_id, Purpose.LINK, case, ZERO_ID, int(kind), n)
        link = seal(purpose_key(content[1], Purpose.LINK), place, content[0], {"key": key})
    change.add(
        schema.epoch,
        case=case,
        kind=int(kind),
        n=n,
        chain=chain,
        commit=commit_of(key),
        content_epoch=content[0] if content else None,
        link=link,
    )
