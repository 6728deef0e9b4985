"""From evidence to finding to measure, with the reasons; drafted, signed, countersigned by somebody else."""

# ruff: noqa: RUF009 - asked() is dataclasses.field with a question
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from evidencevault.casework.filing import Drawer, Filed, Numbered, known_refs
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError
from evidencevault.forms.reading import check
from evidencevault.forms.shapes import Form, asked
from evidencevault.policy.words import NO_MEASURE
from evidencevault.resources import tr

FINDINGS = ("substantiated", "unsubstantiated", "inconclusive", "not-applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Form):
    """What a finding rests on."""

    ref: str = asked("Reference of an exhibit, interview or concern (E001, I02).", required=True)
    pages: tuple[int, ...] = asked("Pages, counted from 1.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent(Form):
    """Somebody who saw it otherwise."""

    who: str = asked("Who.", required=True)
    words: str = asked("In their own words.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Informed(Form):
    """Somebody who must be told of the decision."""

    who: str = asked("Who must be told.", required=True)
    told_at: datetime | None = asked("When they were told.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Numbered):
    """One decision. “No action” is a decision like any other."""

    question: str = asked("The question that is decided.", required=True)
    violation: str = asked("The clause of the policy that may have been violated.", default="")
    evidence: tuple[Evidence, ...] = asked("What the finding rests on.", default=())
    finding: str = asked("What was found.", required=True, choices=FINDINGS)
    measure: tuple[str, ...] = asked("Measures taken; “none” where nothing is done.", required=True)
    clause: str = asked("The clause of the policy that the measure rests on.", required=True)
    rationale: str = asked("Why: from the evidence to the finding to the measure.", required=True)
    alternatives: str = asked("What else was considered, and why not.", default="")
    proportionality: str = asked("Why the measure is neither more nor less than needed.", default="")
    effect_on_child: str = asked("What the decision means for the child.", default="")
    dissent: tuple[Dissent, ...] = asked("Who saw it otherwise.", default=())
    decided_by: str = asked("Who decides, if it is not the user who signs.", default="")
    informs: tuple[Informed, ...] = asked("Who must be told, and when they were.", default=())
    decided_at: datetime | None = asked("When it was decided, where that was before it was entered here.")
    signed_at: datetime | None = asked("When it was signed.", given=True)
    signed_by: str = asked("The user who signed.", given=True, default="")
    countersigned_by: str = asked("The user who countersigned.", given=True, default="")
    countersigned_at: datetime | None = asked("When it was countersigned.", given=True)

    @property
    def state(self) -> str:
        """``draft``, ``signed`` or ``countersigned``."""
        if self.signed_at is None:
            return "draft"
        return "countersigned" if self.countersigned_by else "signed"

    @property
    def idle(self) -> bool:
        """Whether it is the decision to do nothing."""
        return NO_MEASURE in self.measure


DRAWER = Drawer(Kind.DECISION, "decision", "D", Decision)


def add(case: CaseFile, decision: Decision) -> str:
    """File a draft. Returns its reference, such as D01. Raises FormError, NotFound (evidence), NotPermitted."""
    case.require("officer")
    return DRAWER.add(case, _unsigned(_fitting(case, decision)))


def correct(case: CaseFile, number: str, decision: Decision) -> Decision:
    """File a changed revision. It is a draft again: what was signed stays in the history. Raises FormError."""
    case.require("officer")
    return DRAWER.revise(case, DRAWER.get(case, number), _unsigned(_fitting(case, decision)), "corrected")


def list_decisions(case: CaseFile) -> list[Decision]:
    """All decisions as they stand, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Decision:
    """One decision. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Decision]]:
    """Every revision, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def _unsigned(decision: Decision) -> Decision:
    return replace(decision, signed_at=None, signed_by="", countersigned_by="", countersigned_at=None)


def _fitting(case: CaseFile, decision: Decision) -> Decision:
    decision = check(decision)
    if NO_MEASURE in decision.measure and len(decision.measure) > 1:
        raise FormError(tr("measure: “none” cannot stand beside other measures. Nothing was saved."))
    refs = known_refs(case, [one.ref for one in decision.evidence])
    evidence = tuple(replace(one, ref=ref) for one, ref in zip(decision.evidence, refs, strict=True))
    if any(page < 1 for one in evidence for page in one.pages):
        raise FormError(tr("evidence.pages: pages are counted from 1. Nothing was saved."))
    return replace(decision, evidence=evidence)
