"""The officer's first act: a vault, a case, its persons and statements, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evidencevault.casework import actions, concerns, decisions, interviews, opening, people, signing
from evidencevault.custody import access, membership
from evidencevault.custody.casefile import CaseFile
from evidencevault.demo.sample import SampleFile
from evidencevault.demo.stage import Stage
from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits, intake
from evidencevault.resources import tr
from evidencevault.session import Session


def found(stage: Stage) -> Session:
    """A new vault with both members, unlocked by the officer; the recovery shares are told once."""
    officer, adviser = stage.sample.officer, stage.sample.adviser
    with stage.steps.step(tr("Vault with an officer and a legal adviser")) as more:
        founded = membership.found(
            stage.places.vault,
            organisation=stage.sample.organisation,
            country=stage.sample.country,
            name=officer.handle,
            roles=officer.roles,
            passphrase=stage.passphrases[officer.handle],
            clock=stage.clock,
        )
        session = Session(founded.office, unconfined=stage.unconfined)
        with _closed_on_error(session):
            membership.invite(founded.office, adviser.handle, adviser.roles, stage.passphrases[adviser.handle])
        more.append(stage.sample.organisation)
    stage.steps.tell(tr("Recovery shares (any {n} of them):").format(n=founded.threshold))
    for share in founded.shares:
        stage.steps.tell(f"  {share}")
    return session


def open_case(stage: Stage, session: Session) -> CaseFile:
    """The case with its persons and the concern, granted to the adviser."""
    with stage.steps.step(tr("Case, its persons and the concern")) as more:
        case = opening.create(session.office, stage.sample.case)
        for person in stage.sample.persons:
            people.add(case, person)
        for concern in stage.sample.concerns:
            concerns.add(case, concern)
        access.grant(case.ledger, stage.sample.adviser.handle)
        more.append(case.reference)
    return case


def bring_in(stage: Stage, case: CaseFile, workers: Workers) -> dict[str, SampleFile]:
    """Every file, with what is found inside it, and every held original. The files by exhibit number."""
    brought: dict[str, SampleFile] = {}
    for one in stage.sample.files:
        with stage.steps.step(tr("Brought in {name}").format(name=one.path.name)) as more:
            done = intake.bring_in(case, [one.path], one.acquisition, workers=workers)
            if done.failed or done.not_looked:
                why = done.failed[0].reason if done.failed else done.not_looked
                raise Refused(tr("{name} could not be brought in: {why}").format(name=one.path.name, why=why))
            brought[done.exhibits[0].exhibit] = one
            more.extend(f"{line.exhibit} {line.media_type or ''}".strip() for line in done.exhibits)
    for thing in stage.sample.held:
        with stage.steps.step(tr("Recorded an original that is no file")) as more:
            more.append(
                exhibits.hold(case, thing.description, thing.acquisition, place=thing.place, seal=thing.seal).number
            )
            more.append(thing.place)
    return brought


def file_statements(stage: Stage, case: CaseFile) -> None:
    """Interviews, decisions (signed) and actions."""
    with stage.steps.step(tr("Interview, decision (signed) and action")) as more:
        more += [interviews.add(case, one) for one in stage.sample.interviews]
        for decision in stage.sample.decisions:
            number = decisions.add(case, decision)
            signing.sign(case, number)
            more.append(number)
        more += [actions.add(case, one) for one in stage.sample.actions]


@contextmanager
def _closed_on_error(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.close()
        raise
