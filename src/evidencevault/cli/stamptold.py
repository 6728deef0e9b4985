"""What ``custody verify`` tells of a case's time stamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evidencevault.cli.face import plain
from evidencevault.custody import timestamps
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import VaultError
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class StampTold:
    """One stamp: which case, at how many entries, when, whether its authority was checked, and what is wrong."""

    case: str
    size: int
    time: str
    authority: bool
    wrong: str | None

    @property
    def line(self) -> str:
        """For a person."""
        if self.wrong is not None:
            return f"  ! {plain(self.case)}: {plain(self.wrong)}"
        said = tr("{case}: stamped at {n} entries on {time}")
        if not self.authority:
            said = tr("{case}: stamped at {n} entries on {time}, by an authority that was not checked")
        return "  " + said.format(case=plain(self.case), n=self.size, time=plain(self.time))


def stamps_of(case: CaseFile) -> Iterator[StampTold]:
    """Each stamp of a case, verified."""
    try:
        kept = timestamps.kept(case)
    except VaultError as error:
        yield StampTold(case.reference, 0, "", False, error.sentence)
        return
    for one in kept:
        wrong = None
        try:
            timestamps.verify(case, one)
        except VaultError as error:
            wrong = error.sentence
        yield StampTold(case.reference, one.size, one.time, bool(one.roots), wrong)
