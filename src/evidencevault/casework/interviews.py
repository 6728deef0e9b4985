"""Conversations with one person, in exact words: drafted while listening; once signed, only corrected beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidencevault.casework import people, signed
from evidencevault.casework.conduct import faults, whole
from evidencevault.casework.conversations import (
    CONSENTS,
    MODELS,
    PARTS,
    WAYS,
    Break,
    Consent,
    Correction,
    Interpreter,
    Interview,
    Line,
    Present,
    Signature,
)
from evidencevault.casework.filing import Drawer, Filed, known_refs
from evidencevault.casework.phases import phases
from evidencevault.casework.prompts import PROMPTS
from evidencevault.casework.questioning import suggested, unsuggested
from evidencevault.casework.revisions import Revision, told
from evidencevault.casework.signed import Signed
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.errors import FormError, Refused
from evidencevault.forms.bodies import to_body
from evidencevault.forms.reading import check
from evidencevault.resources import tr

__all__ = [
    "CONSENTS",
    "DRAWER",
    "MODELS",
    "PARTS",
    "PROMPTS",
    "WAYS",
    "Break",
    "Consent",
    "Correction",
    "Interpreter",
    "Interview",
    "Line",
    "Present",
    "Revision",
    "Signature",
    "Signed",
    "add",
    "as_form",
    "correct",
    "draft",
    "earlier",
    "edit",
    "faults",
    "get",
    "history",
    "list_interviews",
    "phases",
    "revisions",
    "sign",
    "signature",
]

DRAWER = Drawer(Kind.INTERVIEW, "interview", "I", Interview)


def add(case: CaseFile, interview: Interview) -> str:
    """File a draft; earlier interviews with the person are counted. Returns its reference, such as I01.

    Lines may still be missing. Raises FormError (also where a reason for another interview is missing), NotFound (a
    person or exhibit), NotPermitted.
    """
    case.require("officer")
    return DRAWER.add(case, _draft(case, replace(interview, number="")))


def edit(case: CaseFile, number: str, interview: Interview) -> Interview:
    """File the next revision of a draft, or nothing where nothing changed; corrections stay. Returns what is filed.

    Raises Refused where it is signed or a correction would go, FormError, NotFound, NotPermitted.
    """
    case.require("officer")
    old = _unsigned(case, number)
    before, after = old.record.corrections, interview.corrections or old.record.corrections
    if after[: len(before)] != before:
        raise Refused(tr("Corrections already written cannot be changed or taken away. Nothing was saved."))
    made = replace(
        interview,
        number=old.record.number,
        corrections=after,
        signed_by=interview.signed_by or old.record.signed_by,
        extra={**old.record.extra, **interview.extra},
    )
    made = _draft(case, made)
    # As stored: Python takes 10:00+01:00 and 09:00Z for the same.
    same = to_body(made) == to_body(old.record)
    return old.record if same else DRAWER.revise(case, old, made, "corrected")


def sign(case: CaseFile, number: str, signatures: Sequence[Signature] = ()) -> Interview:
    """Sign the newest revision, which locks it; the ledger says `signed`. ``signatures``: given outside the program.

    Raises Refused where it is signed, FormError where lines or its end are missing (unless the person refused to talk).
    """
    case.require("officer")
    old = DRAWER.get(case, number)
    if old.record.state == "signed":
        raise Refused(
            tr("{number} is signed already, by {name}. Nothing was changed.").format(
                number=old.record.number, name=old.record.signed_by
            )
        )
    made = _fitting(case, replace(old.record, signatures=(*old.record.signatures, *signatures)))
    whole(made)
    made = replace(made, signed_by=case.member.name, signed_at=case.now(), signed_digest=signed.digest(to_body(made)))
    return DRAWER.revise(case, old, made, "signed")


def correct(case: CaseFile, number: str, correction: Correction) -> Interview:
    """Append a correction as a new revision, before or after signing; the lines stay as written.

    Raises NotFound, FormError, NotPermitted.
    """
    case.require("officer")
    old = DRAWER.get(case, number)
    correction = check(correction)
    if correction.line is not None and not 1 <= correction.line <= len(old.record.lines):
        raise FormError(tr("line: the interview has no such line. Nothing was saved."))
    labels = {one.label.casefold(): one.label for one in people.list_persons(case)}
    correction = replace(correction, by=labels.get(correction.by.strip().casefold(), correction.by))
    made = replace(old.record, corrections=(*old.record.corrections, correction))
    # Not judged again: what is signed, and what an earlier version let pass, is corrected as it stands.
    write = case.write()
    stored = write.record(Kind.INTERVIEW, to_body(made), old.item)
    DRAWER.enter(write, "corrected", made.number, stored)
    write.commit()
    return made


def earlier(case: CaseFile, person: str, *, before: str = "") -> list[Interview]:
    """The interviews with a person (label or name) in this case, oldest first; those filed ``before`` another.

    Raises NotFound for the person. Other cases are not searched: persons are records of one case.
    """
    label = people.resolve(case, person)
    known = list_interviews(case)
    numbers = [one.number for one in known]
    known = known[: numbers.index(before)] if before in numbers else known
    return [one for one in known if one.with_ == label]


def list_interviews(case: CaseFile) -> list[Interview]:
    """All interviews as they stand, oldest first."""
    return [one.record for one in DRAWER.all(case)]


def get(case: CaseFile, number: str) -> Interview:
    """One interview. Raises NotFound."""
    return DRAWER.get(case, number).record


def history(case: CaseFile, number: str) -> list[Filed[Interview]]:
    """Every revision, oldest first. Raises NotFound."""
    return DRAWER.history(case, number)


def revisions(case: CaseFile, number: str) -> list[Revision]:
    """Every revision with what the ledger says of it, oldest first. Raises NotFound."""
    return told(case, history(case, number))


def signature(case: CaseFile, number: str) -> Signed | None:
    """Who signed which revision, and whether it still stands; None for a draft. Raises NotFound."""
    return signed.signature(case, case.history(DRAWER.get(case, number).item))


def draft(case: CaseFile, number: str) -> Interview:
    """An interview that may still be changed. Raises NotFound, Refused where it is signed."""
    return _unsigned(case, number).record


def _unsigned(case: CaseFile, number: str) -> Filed[Interview]:
    old = DRAWER.get(case, number)
    if old.record.state == "signed":
        raise Refused(
            tr(
                "{number} is signed by {name} and stays as it is. “interview correct” writes a correction beside it. "
                "Nothing was saved."
            ).format(number=old.record.number, name=old.record.signed_by)
        )
    return old


def as_form(interview: Interview) -> Interview:
    """A draft as a form to change: kinds of prompts that the program suggested are left out; it suggests them again."""
    return unsuggested(_on_paper(interview))


def _on_paper(interview: Interview) -> Interview:
    """What an earlier version kept as ``signed_by`` was a name on a form, not a user who signed."""
    name = interview.signed_by
    if not name or interview.signed_at is not None:
        return interview
    known = name in [one.who for one in interview.signatures]
    return replace(
        interview,
        signed_by="",
        signatures=interview.signatures if known else (*interview.signatures, Signature(who=name)),
    )


def _draft(case: CaseFile, interview: Interview) -> Interview:
    made = suggested(_fitting(case, replace(interview, signed_at=None, signed_digest="")))
    before = earlier(case, made.with_, before=made.number)
    if before and not made.reason_again.strip():
        raise FormError(
            tr(
                "reason_again: {person} was interviewed before in this case ({numbers}); write down why again. "
                "Nothing was saved."
            ).format(person=made.with_, numbers=", ".join(one.number for one in before))
        )
    return replace(made, prior_interviews=len(before))


def _fitting(case: CaseFile, interview: Interview) -> Interview:
    """Judged as a form, with labels and numbers as they are stored."""
    interview = check(_on_paper(interview), faults)
    return replace(
        interview,
        with_=people.resolve(case, interview.with_),
        recordings=known_refs(case, interview.recordings),
        drawings=known_refs(case, interview.drawings),
    )
