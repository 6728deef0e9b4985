"""Opening a case: under the policy in force, with what is due from its first moment on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from evidencevault.casework import cases, policies
from evidencevault.casework.cases import Case
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office


def create(office: Office, case: Case, excluded: Iterable[str] = ()) -> CaseFile:
    """Open a new case, granted to its creator, under the policy in force then; ``excluded`` users never see it.

    Raises FormError, NotPermitted, NotFound, Refused.
    """
    found = policies.in_force(policies.adopted(office), office.clock().astimezone(UTC).date())
    if found is not None and not case.policy:
        case = replace(case, policy=found.policy.id, version=found.policy.version)
    made = cases.create(office, case, excluded)
    made.follow_up()
    return made
