"""The whole job from an empty folder to an opened bundle, or a finished demo opened and verified again."""

from __future__ import annotations

from pathlib import Path

from evidencevault.bundle import receiving
from evidencevault.custody import verify
from evidencevault.custody.office import Clock, system_clock
from evidencevault.demo import entering, leaving
from evidencevault.demo.places import Demo, Places
from evidencevault.demo.sample import load
from evidencevault.demo.stage import Stage, passphrase
from evidencevault.demo.steps import Steps, Tell
from evidencevault.documents.workers import confinement
from evidencevault.errors import Cancelled, Damaged, Refused
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session

__all__ = ["Demo", "run"]


def run(folder: Path, tell: Tell, *, unconfined: bool = False, clock: Clock = system_clock) -> Demo:
    """Make the demo in ``folder`` (new or empty), or reopen and verify a finished one there; ``tell`` gets each step.

    Raises Refused for any other folder, Cancelled on Ctrl+C, Damaged where a finished demo is not intact, and what the
    services raise. A demo that was not finished stays where it is and says so when it is called again.
    """
    places, steps = Places(folder), Steps(tell, clock)
    if places.is_finished():
        return _reopen(places, steps, unconfined)
    places.check_new()
    if not unconfined and not confinement().sandboxed:
        raise Refused(
            tr(
                "The demo reads documents, and this machine can not confine that (“evidencevault doctor” says why). "
                "“--unconfined” makes it all the same. Nothing was changed."
            )
        )
    places.begin()
    try:
        return _walk(places, steps, unconfined)
    except KeyboardInterrupt as stop:
        raise Cancelled(tr("Stopped.") + " " + places.stopped().sentence) from stop


def _walk(places: Places, steps: Steps, unconfined: bool) -> Demo:
    sample = load()
    passphrases = {user.handle: passphrase() for user in (sample.officer, sample.adviser)}
    for name, words in passphrases.items():
        steps.tell(tr("Passphrase of “{name}”: {words}").format(name=name, words=words))
    stage = Stage(places, sample, passphrases, steps, unconfined, steps.clock)
    with entering.found(stage) as session:
        case = entering.open_case(stage, session)
        reference, workers = case.reference, session.workers_for(case)
        brought = entering.bring_in(stage, case, workers)
        entering.file_statements(stage, case)
        leaving.mark(stage, case, workers, brought)
    with stage.unlock(sample.adviser) as session:
        case = session.case(reference)
        leaving.approve(stage, case, session.workers_for(case))
    recipient = leaving.make_key(stage)
    with stage.unlock(sample.officer) as session:
        case = session.case(reference)
        number = leaving.make_bundle(stage, case, session.workers_for(case), recipient)
    with stage.unlock(sample.adviser) as session:
        case = session.case(reference)
        bundle = leaving.release(stage, case, session.workers_for(case), number)
    opened = leaving.receive(stage, bundle)
    with stage.unlock(sample.officer) as session:
        case = session.case(reference)
        leaving.write_report(stage, case, session.workers_for(case))
        _verify(session, steps)
    places.finish(passphrases)
    return _demo(places, reference, bundle, opened, reopened=False)


def _reopen(places: Places, steps: Steps, unconfined: bool) -> Demo:
    """Unlock and verify a finished demo and its bundle. Raises Refused where something of it is gone, Damaged."""
    passphrases = places.passphrases()
    bundle = next(iter(sorted(places.out.glob("*.zip.age"))), places.out / "*.zip.age")
    opened = next(iter(sorted(places.opened.glob("*"))), places.opened)
    for needed in (places.vault, bundle, places.identity, opened / "bagit.txt", places.report):
        if not needed.exists():
            raise places.gone(needed)
    name = next(iter(passphrases))
    with steps.step(tr("Unlocked by “{name}”").format(name=name)):
        session = Session.unlock(places.vault, name, passphrases[name], unconfined=unconfined, clock=steps.clock)
    with session:
        _verify(session, steps)
        case = next(iter(session.cases()), None)
        if case is None:
            raise places.gone(places.vault)
        reference = case.reference
    with steps.step(tr("Checked the bundle again")) as more:
        received = receiving.verify(bundle, identities=places.identities())
        more.append(tr("{n} files").format(n=received.files))
    return _demo(places, reference, bundle, opened, reopened=True)


def _verify(session: Session, steps: Steps) -> None:
    with steps.step(tr("Verified every ledger, record and file")) as more:
        found = verify.verify(session.office, None, full=True, progress=Progress())
        if found.findings:
            first = found.findings[0]
            raise Damaged(
                tr("The vault of the demo is not intact: {where}: {what}").format(where=first.where, what=first.what)
            )
        more += [tr("{name}: {n} entries").format(name=one.name, n=one.entries) for one in found.ledgers]


def _demo(places: Places, case: str, bundle: Path, opened: Path, *, reopened: bool) -> Demo:
    return Demo(
        case=case,
        vault=places.vault,
        bundle=bundle,
        identity=places.identity,
        opened=opened,
        report=places.report,
        passphrase_file=places.passphrase_file,
        passphrases=places.passphrases(),
        reopened=reopened,
    )
