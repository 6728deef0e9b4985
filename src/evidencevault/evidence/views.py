"""A view is an entry first: durable before the first content shows, one per exhibit, member and 15 minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.evidence.exhibits import Exhibit
from evidencevault.resources import tr

WINDOW = timedelta(minutes=15)


def enter(case: CaseFile, numbers: Sequence[str], *, purpose: str | None = None, how: str = "view") -> int:
    """Write the ``viewed`` entries that are missing, in one commit; returns how many.

    ``how`` is ``view``, ``text``, ``thumbnail``, ``search`` … Raises StorageFailed, NotPermitted: then show nothing.
    """
    now = case.now()
    missing = [number for number in dict.fromkeys(numbers) if not _recent(case, number, now)]
    if missing:
        write = case.write()
        for number in missing:
            write.entry("viewed", subject=number, purpose=purpose, details={"how": how})
        write.commit()
    return len(missing)


def allow(exhibit: Exhibit, purpose: str | None) -> str | None:
    """The purpose without blanks. Raises Refused for a restricted item without one."""
    said = purpose.strip() if purpose else ""
    if exhibit.restricted and not said:
        raise Refused(
            tr(
                "{number} is restricted ({reason}). Say for which purpose you open it; "
                "that is entered in the chain of custody."
            ).format(number=exhibit.number, reason=exhibit.restricted)
        )
    return said or None


def _recent(case: CaseFile, number: str, now: datetime) -> bool:
    last = case.ledger.state.viewed.get((case.member.name, number))
    if last is None:
        return False
    # A clock that was set back must not make a view last longer: what lies ahead does not count.
    return timedelta(0) <= now - datetime.fromisoformat(last) < WINDOW
