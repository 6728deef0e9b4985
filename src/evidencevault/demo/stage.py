"""Who plays where: the folder, the sample, the passphrases, and how one of the two unlocks the vault."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from evidencevault.custody.office import Clock
from evidencevault.demo.places import Places
from evidencevault.demo.sample import Sample, User
from evidencevault.demo.steps import Steps
from evidencevault.resources import tr
from evidencevault.session import Session

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Stage:
    """What every act of the demo needs."""

    places: Places
    sample: Sample
    passphrases: Mapping[str, str]
    steps: Steps
    unconfined: bool
    clock: Clock

    def unlock(self, user: User) -> Session:
        """The vault, unlocked by one of the two. Raises what :meth:`Session.unlock` does."""
        with self.steps.step(tr("Unlocked by “{name}”").format(name=user.handle)):
            return Session.unlock(
                self.places.vault,
                user.handle,
                self.passphrases[user.handle],
                unconfined=self.unconfined,
                clock=self.clock,
            )


def passphrase() -> str:
    """99 bits in four groups of five letters and digits that cannot be taken for each other."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
