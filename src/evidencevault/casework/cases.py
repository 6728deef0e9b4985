"""The case's own record: what it is about, how grave, and where it stands."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.custody.casefile import CaseFile, Kind, Record, create_case
from evidencevault.custody.entry import Json
from evidencevault.custody.office import Office
from evidencevault.errors import Damaged, Refused
from evidencevault.forms.bodies import from_body, to_body
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.policy.words import CATEGORIES, SEVERITIES
from evidencevault.resources import tr

STATES = ("reported", "assessing", "investigating", "deciding", "following-up", "closed")
SAFETY = ("safe", "at-risk", "unknown")
SUPPORT = ("psychological", "medical", "social", "legal", "other", "none")

__all__ = ["CATEGORIES", "SAFETY", "SEVERITIES", "STATES", "SUPPORT", "Case", "Safety"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety(Form):
    """Whether whoever is affected is safe now."""

    state: str = asked("Whether they are safe now.", required=True, choices=SAFETY)
    done: str = asked("What was done.", default="")
    at: datetime | None = asked("Since when that is known.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Form):
    """A kind of people, without names."""

    type: str = asked("Who: children, staff, parents.", required=True)
    count: int | None = asked("How many.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Form):
    """An authority that was informed."""

    authority: str = asked("Which authority.", required=True)
    informed_at: datetime | None = asked("When.")
    reference: str = asked("Their reference.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Support(Form):
    """Help that somebody affected was given, or was not."""

    kind: str = asked("Which kind of help.", required=True, choices=SUPPORT)
    to: str = asked("For whom: the label of a person of the case.", default="")
    since: datetime | None = asked("Since when.")
    note: str = asked("What was done, by whom; where there is none, why.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Form):
    """Who proposed that the case is closed, and who agreed."""

    proposed_by: str = asked("Who proposed it.", required=True)
    proposed_at: datetime = asked("When.", required=True)
    agreed_by: str = asked("Who agreed.", default="")
    agreed_at: datetime | None = asked("When.")
    alone: str = asked("Why nobody else was asked, where the policy allows that.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Form):
    """One matter."""

    title: str = asked("A title, without names.", required=True)
    categories: tuple[str, ...] = asked("What it is about.", required=True, choices=CATEGORIES)
    severity: str = asked("How grave it is.", required=True, choices=SEVERITIES)
    state: str = asked("Where it stands.", default="reported", choices=STATES)
    allegation: str = asked("The allegation in one sentence.", default="")
    reported_at: datetime | None = asked("When the report reached the organisation.")
    reported_by: str = asked("Who reported: the label of a person of the case, or anonymous.", default="")
    reported_to: str = asked("Who received the report.", default="")
    happened: str = asked("When it happened, as far as it was said.", default="")
    happened_to: str = asked("To whom it happened and what, in the words of the report.", default="")
    place: str = asked("Where.", default="")
    programme: str = asked("Programme or project.", default="")
    policy: str = asked("The policy that applies.", default="")
    version: str = asked("Its version.", default="")
    support_given: str = asked("Support given to those affected.", default="")
    support: tuple[Support, ...] = asked("Support by kind; none is a kind.", default=())
    immediate_safety: Safety = asked("Whether whoever is affected is safe now.", required=True)
    affected: tuple[Group, ...] = asked("Who is affected.", default=())
    respondents: tuple[Group, ...] = asked("Who is complained about.", default=())
    authorities_informed: tuple[Authority, ...] = asked("Authorities that were informed.", default=())
    from_paper: bool | None = asked("Whether it was entered from paper, after all was over.")
    closing: Closing | None = asked("Who proposed to close it, and who agreed.", given=True)


def create(office: Office, case: Case, excluded: Iterable[str] = ()) -> CaseFile:
    """Open a new case, granted to its creator and never to the excluded. Raises FormError, NotPermitted, Refused."""
    return create_case(office, to_body(check(case)), excluded)


def describe(case: CaseFile) -> Case:
    """The case's own record as it stands. Raises Damaged."""
    return from_body(Case, _record(case).body)


def history(case: CaseFile) -> list[Case]:
    """Every revision of it, oldest first."""
    return [from_body(Case, one.body) for one in case.history(_record(case).item)]


def update(case: CaseFile, changed: Case) -> Case:
    """File the next revision. Raises FormError, Refused (whether it is closed is changed by ``closing``)."""
    case.require("officer")
    before = from_body(Case, _record(case).body)
    changed = replace(check(changed), closing=before.closing)
    if (changed.state == "closed") != (before.state == "closed"):
        raise Refused(
            tr("{case} is closed with “case close” and opened again with “case reopen”. Nothing was changed.").format(
                case=case.reference
            )
        )
    return put(case, changed, "corrected")


def put(case: CaseFile, changed: Case, action: str, *, purpose: str | None = None) -> Case:
    """File a revision under an entry."""
    write = case.write()
    stored = write.record(Kind.CASE, to_body(changed), _record(case).item)
    details: dict[str, Json] = {"kind": "case", "revision": stored.revision}
    write.entry(action, records=(stored,), subject=case.reference, purpose=purpose, details=details)
    write.commit()
    return changed


def move(case: CaseFile, state: str) -> Case:
    """Move the case to another state. Raises as :func:`update`."""
    return update(case, replace(describe(case), state=state))


def _record(case: CaseFile) -> Record:
    records = case.records(Kind.CASE)
    if len(records) != 1:
        raise Damaged(tr("{case} has no record of its own, or more than one.").format(case=case.reference))
    return records[0]
