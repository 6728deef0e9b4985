"""Bundles of a case: selected, numbered, built once and attacked. Nothing of it has left the vault (see releasing)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from evidencevault.bundle import access, crossing, originals, stages
from evidencevault.bundle.building import build
from evidencevault.bundle.contents import ORIGINAL, REDACTED, SLIP_SHEET
from evidencevault.bundle.crossing import Crossing
from evidencevault.bundle.orders import (
    Access,
    Addressee,
    Held,
    Item,
    Order,
    bates,
    counterparty,
    next_number,
    orders,
    store,
)
from evidencevault.bundle.sealing import AGE, Seal
from evidencevault.bundle.stages import Stage
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.entry import Json
from evidencevault.errors import Refused, UsageError
from evidencevault.progress import Progress
from evidencevault.redaction import plans, reasons, subjects
from evidencevault.redaction.approvals import Receiver
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.marks import PRIVILEGE
from evidencevault.redaction.plans import APPROVED
from evidencevault.redaction.subjects import Subject
from evidencevault.resources import tr

_WITH_BASIS = (PRIVILEGE, access.RESTRICTION)
_PREFIX = re.compile(r"[A-Z0-9]{1,20}\Z")


@dataclass(frozen=True, slots=True)
class Selection:
    """What to put in a bundle. ``exhibits`` None means all; ``withhold`` maps exhibits to reason codes.

    ``originals`` leave as they are; where no approved plan says "nothing to hide", only with a second member's release.
    ``recipients`` are age keys; ``passphrase`` seals instead. Purpose and legal basis are mandatory. ``own_labels``:
    only copies that were approved with labels of these recipients' own. ``basis`` is that of what is withheld as
    privileged or restricted by a law (the legal basis, where none is given). ``form``: age, or a ZIP for those without
    it. ``to`` says whose the keys are (see addressing). ``access`` is the label of the person whose request for access
    it answers: then ``exhibits`` are those about them that no search finds, and ``aside`` those that are not.
    """

    exhibits: tuple[str, ...] | None
    withhold: Mapping[str, str]
    originals: tuple[str, ...]
    recipients: tuple[str, ...]
    passphrase: str | None
    purpose: str
    legal_basis: str
    prefix: str = ""
    own_labels: bool = False
    basis: str = ""
    form: str = AGE
    to: tuple[Addressee, ...] = ()
    access: str = ""
    aside: tuple[str, ...] = ()


def create(case: CaseFile, workers: Burner, selection: Selection, progress: Progress | None = None) -> Order:
    """Select, number, build once and attack; what passes is remembered as ``B01`` … and nothing has left the vault.

    Raises NotPermitted, NotFound, UsageError, Refused (a plan is missing or not approved, the attack found something).
    """
    case.require("officer")
    progress = progress or Progress()
    order = draft(case, workers, selection, progress)
    build(case, workers, order, "", progress).checked(progress)
    progress.say(stages.told(Stage.KEEP))
    write = case.write()
    stored = store(write, order, None)
    write.entry(
        "created",
        records=[stored],
        subject=order.number,
        purpose=order.purpose,
        counterparty=order.counterparty,
        details=details(order),
    )
    write.commit()
    return order


def draft(case: CaseFile, workers: Burner, selection: Selection, progress: Progress) -> Order:
    """What :func:`create` would select and number now; nothing is built, checked for leaks or stored. Raises alike."""
    progress.say(stages.told(Stage.CHOOSE))
    _check_words(case, selection)
    Seal(selection.form, selection.recipients, selection.passphrase).check()
    if selection.access:
        selection = _about_the_person(case, workers, selection, progress)
    order = _order(case, selection)
    if not order.items and not order.withheld:
        raise Refused(tr("There is no exhibit to put into a bundle."))
    return order


def details(order: Order) -> dict[str, Json]:
    """What the entries of a bundle say of it."""
    said: dict[str, Json] = {
        "legal_basis": order.legal_basis,
        "documents": len(order.items),
        "withheld": len(order.withheld),
    }
    if order.access is not None:
        about = len(order.items) + len(order.withheld)
        said |= {"access": order.access.person, "about": about, "not_about": order.access.exhibits - about}
    return {**said, "unredacted": list(order.unredacted)} if order.unredacted else said


def crossings(case: CaseFile, number: str) -> tuple[Crossing, ...]:
    """Where a bundle and another of the case, made for somebody else, show what each hides. Raises NotFound."""
    every = [order for _, order in orders(case)]
    return crossing.crossings(case, next(one for one in every if one.number == number), every)


def list_bundles(case: CaseFile) -> list[Order]:
    """All bundles of the case, passphrases left out."""
    return [replace(order, passphrase="") for _, order in orders(case)]


def delivery(case: CaseFile, subject: Subject, as_original: bool, receiver: Receiver) -> tuple[str, int, int]:
    """How an exhibit leaves, by which revision of its plan, and with how many numbered pages.

    Refused unless that plan is approved; an original needs none (see originals).
    """
    if subject.object is None:
        return SLIP_SHEET, 0, 1
    if as_original:
        seen = plans.show(case, subject.number)
        return ORIGINAL, seen.revision if seen else 0, 0
    shown = plans.shown_to(case, subject.number, receiver)
    if shown is None:
        raise Refused(
            tr("{exhibit} has no redaction plan. Mark it, say that there is nothing to hide, or withhold it.").format(
                exhibit=subject.number
            )
        )
    if shown.state != APPROVED or shown.approval is None:
        raise Refused(_not_approved(receiver).format(exhibit=subject.number))
    if shown.approval.burnt is None:
        return SLIP_SHEET, shown.revision, 1
    return REDACTED, shown.revision, shown.approval.pages


def _not_approved(receiver: Receiver) -> str:
    if receiver.access:
        return tr(
            "{exhibit} has no approved copy for the person it is about. Have one approved (“redact approve --access”), "
            "or withhold it."
        )
    if receiver.audience:
        return tr(
            "{exhibit} is not approved with labels of this recipient's own. Have it approved for them, or withhold it."
        )
    return tr("The redaction plan of {exhibit} is not approved. Have it approved, or withhold the exhibit.")


def _about_the_person(case: CaseFile, workers: Burner, selection: Selection, progress: Progress) -> Selection:
    """With all that is about the person, once each of it can leave. Raises NotFound, UsageError, Refused (a list)."""
    person = subjects.person(case, selection.access).label
    named = (*(selection.exhibits or ()), *selection.withhold)
    about = access.about(case, workers, access.Wanted(person, named, selection.aside), progress)
    receiver, missing = Receiver(access=person), []
    for number in about:
        try:
            if number not in selection.withhold:
                delivery(case, subjects.subject(case, number), False, receiver)
        except Refused as error:
            missing.append(error.sentence)
    if missing:
        raise Refused(" ".join(missing))
    return replace(selection, access=person, exhibits=about)


def _order(case: CaseFile, selection: Selection) -> Order:
    existing = [order for _, order in orders(case)]
    prefix = selection.prefix or case.reference.replace("-", "")
    if not _PREFIX.match(prefix):
        raise UsageError(tr("A prefix of document numbers has 1 to 20 capital letters and digits."))
    receiver = Receiver(counterparty(selection.recipients) if selection.own_labels else "", selection.access)
    items, withheld = _numbered(case, selection, receiver, prefix, next_number(existing, prefix))
    return Order(
        number=f"B{len(existing) + 1:02d}",
        items=items,
        withheld=withheld,
        recipients=selection.recipients,
        passphrase=selection.passphrase or "",
        purpose=selection.purpose.strip(),
        legal_basis=selection.legal_basis.strip(),
        prefix=prefix,
        by=case.member.key_id,
        at=case.now().isoformat(timespec="seconds"),
        audience=receiver.audience,
        form=selection.form,
        to=selection.to,
        unredacted=originals.chosen(case, items, withheld, receiver),
        access=Access(selection.access, len(subjects.subjects(case)), selection.aside) if selection.access else None,
    )


def _numbered(
    case: CaseFile, selection: Selection, receiver: Receiver, prefix: str, number: int
) -> tuple[tuple[Item, ...], tuple[Held, ...]]:
    """Numbers from ``number`` on, a page each, in the order of the exhibits, whether delivered or withheld."""
    items, withheld = [], []
    for one in _chosen(case, selection):
        first, reason = bates(prefix, number), selection.withhold.get(one.number)
        if reason is not None:
            basis = (selection.basis.strip() or selection.legal_basis.strip()) if reason in _WITH_BASIS else ""
            withheld.append(Held(first, one.number, reason, basis))
            number += 1
            continue
        kind, revision, pages = delivery(case, one, one.number in selection.originals, receiver)
        items.append(Item(first, one.number, kind, revision, pages))
        number += max(1, pages)
    return tuple(items), tuple(withheld)


def _check_words(case: CaseFile, selection: Selection) -> None:
    if not selection.purpose.strip() or not selection.legal_basis.strip():
        raise UsageError(tr("A bundle needs a purpose and a legal basis; both enter the chain of custody."))
    if selection.basis.strip() and not {*_WITH_BASIS} & {*selection.withhold.values()}:
        raise UsageError(tr("A basis belongs to what is withheld as privileged, or because a law restricts access."))
    both = set(selection.originals) & set(selection.withhold)
    if both:
        raise UsageError(tr("{exhibit} can not be withheld and delivered.").format(exhibit=sorted(both)[0]))
    if selection.own_labels and not selection.recipients:
        raise UsageError(tr("Labels of their own need a recipient with a key."))
    if selection.access and (selection.originals or selection.own_labels):
        raise UsageError(
            tr("Who asks for access gets redacted copies with the labels of the case: no originals, no own labels.")
        )
    if selection.aside and not selection.access:
        raise UsageError(tr("--not-about goes with --subject-access."))
    for reason in selection.withhold.values():
        if reason not in access.REASONS:
            reasons.need(case, reason)


def _chosen(case: CaseFile, selection: Selection) -> list[Subject]:
    named = {*selection.withhold, *selection.originals, *(selection.exhibits or ())}
    for number in sorted(named):
        subjects.subject(case, number)
    return [one for one in subjects.subjects(case) if selection.exhibits is None or one.number in named]
