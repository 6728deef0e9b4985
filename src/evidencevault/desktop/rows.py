"""The frozen rows that lists show, made in the reading lane from what the services return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from evidencevault.casework import actions, cases, concerns, decisions, interviews
from evidencevault.casework.duties import called, until
from evidencevault.casework.people import list_persons
from evidencevault.custody.casefile import CaseFile, SeenEntry, read_duties
from evidencevault.desktop import words
from evidencevault.desktop.entries import entries_of, subjects_of
from evidencevault.errors import VaultError
from evidencevault.evidence import exhibits
from evidencevault.resources import tr

DOT = words.DOT


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as listed: what it is, where it stands, what is due next (or overdue), how many voices wait."""

    id: str
    title: str
    state: str
    severity: str
    tone: str
    exhibits: int
    due: str
    overdue: bool
    unanswered: int
    problem: str = ""  # why it cannot be opened

    @property
    def spoken(self) -> str:
        """As read out."""
        told = (self.id, self.title, self.problem, self.state, self.severity, self.due)
        return ", ".join(part for part in told if part)


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What stands above an opened case, and beside its screens: ``counts`` by their ids."""

    row: CaseRow
    counts: Mapping[str, int]
    may_import: bool
    unfinished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """One entry of the chain of custody. ``digest`` is hex."""

    id: str
    sequence: int
    act: words.Act
    sub: str
    when: str
    stamp: str
    digest: str
    subjects: tuple[str, ...]
    actor: str
    action: str
    at: datetime

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.sequence}, {self.act.words}, {self.sub}, {self.when}"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An interview or decision in its list."""

    id: str
    title: str
    sub: str
    when: str
    state: str
    tone: str
    icon: str
    state_icon: str = ""

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.id}, {self.title}, {self.sub}, {self.state}, {self.when}"


def damaged(reference: str, why: VaultError) -> CaseRow:
    """A case that cannot be opened, with the reason."""
    return CaseRow(
        id=reference,
        title=tr("This case cannot be opened"),
        state="",
        severity="",
        tone="bad",
        exhibits=0,
        due="",
        overdue=False,
        unanswered=0,
        problem=why.sentence,
    )


def case_row(case: CaseFile) -> CaseRow:
    """One case."""
    about, now = cases.describe(case), case.now()
    waiting = [one.duty for one in read_duties(case.ledger) if one.duty.state == "open" and one.duty.due is not None]
    due, overdue = "", False
    if waiting:
        first = min(waiting, key=lambda one: one.due or 0)
        at = until(first.due or 0, now.tzinfo)
        overdue = at < now
        text = tr("Overdue since {when}: {step}") if overdue else tr("Due {when}: {step}")
        due = text.format(when=words.isolated(words.when(at, now)), step=called(first))
    told, tone = words.severity(about.severity)
    return CaseRow(
        id=case.reference,
        title=about.title,
        state=words.state(about.state),
        severity=told,
        tone=tone,
        exhibits=exhibits.count_exhibits(case),
        due=due,
        overdue=overdue,
        unanswered=sum(not one.answered for one in concerns.list_concerns(case)),
    )


def case_head(case: CaseFile, unfinished: Iterable[str]) -> CaseHead:
    """The head of an opened case."""
    row = case_row(case)
    return CaseHead(
        row=row,
        counts={
            "persons": len(list_persons(case)),
            "concerns": len(concerns.list_concerns(case)),
            "evidence": row.exhibits,
            "interviews": len(interviews.list_interviews(case)),
            "decisions": len(decisions.list_decisions(case)),
            "actions": len(actions.list_actions(case)),
            "recommendations": len(actions.list_recommendations(case)),
            "custody": case.ledger.state.size,
        },
        may_import="officer" in case.member.roles,
        unfinished=tuple(unfinished),
    )


def custody_rows(case: CaseFile, exhibit: str | None = None) -> list[CustodyRow]:
    """The entries of a case, or those about one exhibit; newest first."""
    now = case.now()
    return [_custody_row(one, now) for one in reversed(entries_of(case).about(exhibit))]


def _custody_row(one: SeenEntry, now: datetime) -> CustodyRow:
    at = datetime.fromisoformat(one.time)
    subjects = subjects_of(one)
    device = str(one.place.get("device", "")) if isinstance(one.place, Mapping) else ""
    kind = str(one.details.get("kind", "")) if isinstance(one.details, Mapping) else ""
    said = [
        one.actor_name,
        ", ".join(subjects),
        words.kind(kind),
        str(one.purpose or ""),
        tr("with {whom}").format(whom=_shortened(str(one.counterparty))) if one.counterparty else "",
        _whom(one.details),
        device,
    ]
    return CustodyRow(
        id=str(one.sequence),
        sequence=one.sequence,
        act=words.act(one.action, kind),
        sub=DOT.join(words.isolated(part) for part in said if part),
        when=words.moment(at, now),
        stamp=words.stamp(at),
        digest=one.digest.hex() if isinstance(one.digest, bytes) else "",
        subjects=subjects,
        actor=one.actor_name,
        action=one.action,
        at=at,
    )


def _shortened(recipient: str) -> str:
    """A key's beginning is enough to tell receivers apart on the screen; ``custody log`` has the whole."""
    return f"{recipient[:12]}…" if recipient.startswith("age1") else recipient


def _whom(details: object) -> str:
    match details:
        case {"member": str(name)}:
            return name
        case _:
            return ""


def interview_rows(case: CaseFile) -> list[StatementRow]:
    """All interviews, oldest first."""
    now = case.now()
    labels = {one.label for one in list_persons(case)}
    return [
        StatementRow(
            id=one.number,
            title=tr("With {person}").format(person=words.isolated(one.with_)) if one.with_ in labels else one.with_,
            sub=DOT.join([one.number, tr("by {name}").format(name=words.isolated(one.by)), one.language]),
            when=words.when(one.started_at, now),
            state=tr("Signed") if one.signed_by else tr("Not signed"),
            tone="good" if one.signed_by else "warn",
            icon="message-square-text",
        )
        for one in interviews.list_interviews(case)
    ]


def decision_rows(case: CaseFile) -> list[StatementRow]:
    """All decisions, oldest first."""
    now = case.now()
    shown = []
    for one in decisions.list_decisions(case):
        told, _ = words.finding(one.finding)
        state, tone = {
            "draft": (tr("Draft"), "warn"),
            "signed": (tr("Signed"), "accent"),
            "countersigned": (tr("Countersigned"), "good"),
        }[one.state]
        when = words.when(one.signed_at, now) if one.signed_at else ""
        shown.append(StatementRow(one.number, one.question, DOT.join([one.number, told]), when, state, tone, "scale"))
    return shown
