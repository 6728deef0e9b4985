"""The heads this program saw, kept outside the vault: an old copy put back is recognised by them (formats.md §5)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from evidencevault.errors import StorageFailed
from evidencevault.resources import tr
from evidencevault.vault.keys import sha256


@dataclass(frozen=True, slots=True)
class Head:
    """Size (entries) and RFC 6962 root (32 bytes) of a ledger."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.size}:{self.root.hex()}"


def state_folder() -> Path:
    """The platform's state folder, or ``EVIDENCEVAULT_STATE``."""
    chosen = os.environ.get("EVIDENCEVAULT_STATE")
    return Path(chosen) if chosen else user_state_path("evidencevault", appauthor=False)


class RememberedHeads:
    """One small file per origin. Written after COMMIT, so it may lag by one commit and never lead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "heads"

    def _file(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hex()[:32]}.json"

    def get(self, origin: str) -> Head | None:
        """The head last seen, or None on a machine that never saw this ledger."""
        try:
            raw = json.loads(self._file(origin).read_text("utf-8"))
            if raw["origin"] == origin and isinstance(raw["size"], int) and raw["size"] >= 0:
                return Head(raw["size"], bytes.fromhex(raw["root"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, UnicodeDecodeError):
            pass
        except OSError as error:
            raise StorageFailed(self._sentence(error)) from error
        # A spoilt memory must not be taken for "never seen": that would let an old copy pass.
        raise StorageFailed(
            tr(
                "The file with the last seen state of the vault ({file}) is spoilt. The vault itself was not touched. "
                "Compare the vault with a receipt, then remove that file."
            ).format(file=self._file(origin))
        )

    def put(self, origin: str, head: Head) -> None:
        """Remember a head durably (temporary name, fsync, rename)."""
        target = self._file(origin)
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with temporary.open("w", encoding="utf-8") as file:
                json.dump({"origin": origin, "size": head.size, "root": head.root.hex()}, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except OSError as error:
            raise StorageFailed(self._sentence(error)) from error

    def _sentence(self, error: OSError) -> str:
        return tr("The last seen state of the vault cannot be kept in {folder}: {why}.").format(
            folder=self._folder, why=error.strerror
        )
