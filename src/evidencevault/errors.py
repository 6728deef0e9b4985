"""Every error a person may meet, in one tree.

Each carries one finished sentence (already translated by whoever raises it) and the exit code of the command line
(0 done, 1 refused or failed, 2 usage, 3 damage or tampering, 4 wrong passphrase or not permitted). What is not in this
tree is a bug and is not caught.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from evidencevault.resources import tr


class VaultError(Exception):
    """A refusal or failure that a person can understand and act on; exit code 1."""

    exit_code = 1

    @property
    def sentence(self) -> str:
        """The sentence to show."""
        return str(self.args[0]) if self.args else self.__class__.__name__


class Refused(VaultError):
    """The request is understood and not carried out."""


class NotFound(Refused):
    """What was named does not exist, or is not visible to this member."""


class Unreadable(VaultError):
    """A file of somebody else's could not be read, parsed or opened."""


class StorageFailed(VaultError):
    """The disk, folder or database would not take or give bytes; nothing half-written counts."""


class Busy(Refused):
    """Another program holds the vault."""


class Cancelled(VaultError):
    """The person stopped the work; what was committed before stays."""


class UsageError(VaultError):
    """The words of the call are wrong; exit code 2."""

    exit_code = 2


class FormError(UsageError):
    """A form is wrong: says line and key. ``path`` leads to the field (keys, and places in lists), ``why`` is alone."""

    exit_code = 1
    path: tuple[str | int, ...] = ()
    why: str = ""


class Damaged(VaultError):
    """Stored bytes are not what they must be: damage or tampering; exit code 3."""

    exit_code = 3


class HeadRefused(Damaged):
    """The vault is older than, or forked from, the head remembered outside it."""


class NotPermitted(VaultError):
    """This member may not do this; exit code 4."""

    exit_code = 4


class WrongPassphrase(NotPermitted):
    """The passphrase (or key file) does not open this member's keys."""


def fault_sentence(error: BaseException) -> str:
    """What to say of a bug: its kind and place, and no word of the case."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return tr(
        "This is a fault of the program ({kind} at {where}), not of yours. What was committed before is safe. "
        "Please report it; EVIDENCEVAULT_DEBUG=1 shows more, which may name what is in the case."
    ).format(kind=type(error).__name__, where=where)
