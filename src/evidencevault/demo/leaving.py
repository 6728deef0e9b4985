"""From marks to the investigator's desk: the officer marks and makes the bundle, the adviser approves and releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from evidencevault.bundle import assembly, receiving, releasing, report
from evidencevault.casework import decisions, signing
from evidencevault.custody.casefile import CaseFile
from evidencevault.demo.places import write_private
from evidencevault.demo.sample import SampleFile
from evidencevault.demo.stage import Stage
from evidencevault.documents.workers import Workers
from evidencevault.formats import age
from evidencevault.redaction import approving, burning, marking, plans, subjects
from evidencevault.redaction.marks import Mark
from evidencevault.resources import tr

PURPOSE = "Outside investigation of the concern (demo)"
LEGAL_BASIS = "Sample: GDPR art. 6(1)(f), art. 9(2)(f)"
WITHHELD = "third-party"
"""Why a file stays back that can not be redacted yet: it names several people."""
_REASONS = {"child": "child", "reporter": "reporter", "witness": "witness", "respondent": "respondent"}
_PATTERNS = {"contact": ("email", "phone"), "other": ("iban", "national-id")}


def mark(stage: Stage, case: CaseFile, workers: Workers, brought: Mapping[str, SampleFile]) -> None:
    """Mark every exhibit that can be burnt: persons and patterns are searched, boxes drawn where there is no text."""
    for one in subjects.subjects(case):
        if not burning.burnable(one):
            continue
        with stage.steps.step(tr("Marked {exhibit} {name}").format(exhibit=one.number, name=one.name)) as more:
            for reason, wanted in [*_everywhere(stage), *_drawn(brought.get(one.number))]:
                marking.mark(case, workers, one.number, wanted, reason)
            _tidy(case, one.number)
            count = _marks(case, one.number)
            if not count:
                plans.none(case, one.number)
            more.append(_counted(count, tr("1 mark"), tr("{n} marks")) if count else tr("nothing to hide"))


def approve(stage: Stage, case: CaseFile, workers: Workers) -> None:
    """Countersign what the officer decided, and approve each plan: burnt, attacked, signed."""
    with stage.steps.step(tr("Countersigned the decision")):
        for decision in decisions.list_decisions(case):
            signing.countersign(case, decision.number)
    for one in subjects.subjects(case):
        if burning.burnable(one):
            with stage.steps.step(tr("Burnt, attacked and approved {exhibit}").format(exhibit=one.number)) as more:
                pages = approving.approve(case, workers, one.number).pages
                more.append(_counted(pages, tr("1 page"), tr("{n} pages")))


def make_key(stage: Stage) -> str:
    """The investigator's age identity, as age-keygen writes it; gives its public key."""
    with stage.steps.step(tr("The investigator's key")) as more:
        key = age.X25519Identity.generate()
        at, public = stage.clock().isoformat(timespec="seconds"), str(key.recipient())
        write_private(stage.places.identity, f"# created: {at}\n# public key: {public}\n{key}\n")
        more.append(public)
    return public


def make_bundle(stage: Stage, case: CaseFile, workers: Workers, recipient: str) -> str:
    """The bundle for that key; its number. What can not be redacted yet is withheld."""
    chosen = subjects.subjects(case)
    withhold = {one.number: WITHHELD for one in chosen if one.object and not burning.burnable(one)}
    selection = assembly.Selection(
        exhibits=None,
        withhold=withhold,
        originals=(),
        recipients=(recipient,),
        passphrase=None,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
    )
    with stage.steps.step(tr("Bundle made by the officer")) as more:
        order = assembly.create(case, workers, selection)
        more += [order.number, tr("{n} documents").format(n=len(order.items))]
        if withhold:
            kept = " ".join(withhold)
            more.append(tr("withheld because this version can not redact such files: {kept}").format(kept=kept))
    return order.number


def release(stage: Stage, case: CaseFile, workers: Workers, number: str) -> Path:
    """The sealed file, attacked once more and signed by the adviser."""
    with stage.steps.step(tr("Released by the legal adviser")) as more:
        bundle = releasing.release(case, workers, number, stage.places.out)
        more.append(bundle.name)
    return bundle


def receive(stage: Stage, bundle: Path) -> Path:
    """Check and open the bundle with nothing but the file and the key; the folder of the opened bag."""
    with stage.steps.step(tr("Checked and opened by the investigator")) as more:
        received, opened = receiving.open_bundle(bundle, stage.places.opened, identities=stage.places.identities())
        more += [tr("{n} files").format(n=received.files), tr("signed by {key}").format(key=received.signer)]
    return opened


def write_report(stage: Stage, case: CaseFile, workers: Workers) -> None:
    """The custody report, for the file of the case."""
    with stage.steps.step(tr("Custody report")) as more:
        more.append(report.write(case, workers, stage.places.report).path.name)


def _everywhere(stage: Stage) -> Iterator[tuple[str, marking.Wanted]]:
    """What is looked for in every document: the persons of the case by reason, and patterns."""
    by_reason: dict[str, list[str]] = {}
    for one in stage.sample.persons:
        by_reason.setdefault(_REASONS.get(one.role, "third-party"), []).append(one.label)
    for reason, labels in by_reason.items():
        yield reason, marking.Wanted(persons=tuple(labels))
    for reason, names in _PATTERNS.items():
        yield reason, marking.Wanted(patterns=names)


def _drawn(file: SampleFile | None) -> Iterator[tuple[str, marking.Wanted]]:
    for one in file.drawn if file else ():
        yield one.reason, marking.Wanted(boxes=((one.page, one.box),), label=one.person)


def _tidy(case: CaseFile, exhibit: str) -> None:
    """Take away marks that lie wholly under another: two persons with one family name would put two labels there."""
    shown = plans.show(case, exhibit)
    kept = list(shown.plan.marks) if shown else []
    for one in reversed(kept[:]):
        if any(other is not one and _under(one, other) for other in kept):
            kept.remove(one)
            plans.remove(case, exhibit, one.id)


def _under(one: Mark, other: Mark) -> bool:
    return one.page == other.page and all(any(wide.covers(box) for wide in other.boxes) for box in one.boxes)


def _marks(case: CaseFile, exhibit: str) -> int:
    shown = plans.show(case, exhibit)
    return len(shown.plan.marks) if shown else 0


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(n=count)
