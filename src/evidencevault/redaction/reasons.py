"""For which reasons something is hidden: the program's own codes, and those of the case's policy."""

from __future__ import annotations

from evidencevault.casework import policies
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import Refused
from evidencevault.redaction.marks import REASONS
from evidencevault.resources import tr


def known(case: CaseFile) -> tuple[str, ...]:
    """The codes that a mark or a withheld item of this case may have."""
    more = (one.id for one in policies.policy_of(case).reason_codes)
    return tuple(dict.fromkeys((*REASONS, *more)))


def need(case: CaseFile, code: str) -> None:
    """Raise Refused for a code that neither the program nor the policy knows."""
    codes = known(case)
    if code not in codes:
        raise Refused(
            tr("“{code}” is not a reason code; use one of: {known}.").format(code=code, known=", ".join(codes))
        )
