"""Writing down at once what somebody said: into a case, or into one that is opened for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evidencevault.casework import cases, concerns, opening
from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.concerns import Concern
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.errors import FormError
from evidencevault.resources import tr


def title_of(concern: Concern) -> str:
    """What a case is called that is opened for a voice: its day, and no word of it."""
    return tr("Concern heard on {day}").format(day=concern.heard_at.date().isoformat())


def open_for(office: Office, concern: Concern, about: Case, excluded: Iterable[str] = ()) -> tuple[CaseFile, str]:
    """Open a case and file the voice in it; who is named is filed as a reporter. Returns the case and the reference.

    Raises FormError (a voice that opens a case cannot refer to anything in it), and as :func:`opening.create` does.
    """
    if concern.about:
        raise FormError(tr("about: a concern that opens a case cannot refer to anything in it yet. Nothing was saved."))
    case = opening.create(office, about, excluded)
    return case, concerns.add(case, concern, name_reporter=True)


def heard(office: Office, concern: Concern, safety: str) -> tuple[CaseFile, str]:
    """A case for a voice of which nothing else is known yet; ``safety`` is one of :data:`cases.SAFETY`."""
    about = Case(
        title=title_of(concern),
        categories=("other",),
        severity="high" if safety == "at-risk" else "medium",
        reported_at=concern.heard_at,
        immediate_safety=Safety(state=safety, at=concern.heard_at),
    )
    return open_for(office, concern, about)


def heard_in(case: CaseFile, concern: Concern, safety: str) -> str:
    """File a voice in a case, and whether a child is safe now where that is known. Returns its reference, as C01.

    Who is named and not known to the case yet is filed as a reporter.
    """
    number = concerns.add(case, concern, name_reporter=True)
    about = cases.describe(case)
    if safety != "unknown" and about.immediate_safety.state != safety:
        now = replace(about.immediate_safety, state=safety, at=concern.heard_at)
        cases.update(case, replace(about, immediate_safety=now))
    return number
