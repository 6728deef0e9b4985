"""What somebody typed to unlock a vault with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.vault import keyfiles

if TYPE_CHECKING:
    from evidencevault.session import Session


class OwnPassphraseWanted(VaultError):
    """The keys were made by somebody else: the member must choose a passphrase of their own first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Folder, user, passphrase, and the path of a key file (or nothing)."""

    folder: Path
    member: str
    passphrase: str = field(repr=False)
    key_file: str

    def unlock(self, own: Callable[[], str] | None, *, unconfined: bool) -> Session:
        """The unlocked vault. Raises OwnPassphraseWanted where ``own`` is needed and None, and as Session.unlock."""
        from evidencevault.session import Session  # with all services: the window is there before them

        key_file = keyfiles.read(Path(self.key_file)) if self.key_file else None
        return Session.unlock(
            self.folder,
            self.member,
            self.passphrase,
            key_file=key_file,
            own_passphrase=own or _ask_for_own,
            unconfined=unconfined,
        )


def _ask_for_own() -> str:
    raise OwnPassphraseWanted(tr("Choose your own passphrase."))
