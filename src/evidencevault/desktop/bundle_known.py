"""What the assistant reads of a case, and the work it hands to the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidencevault.bundle import access, addressing, previewing, readiness
from evidencevault.bundle.access import Apart, Wanted
from evidencevault.bundle.assembly import Selection
from evidencevault.bundle.orders import Addressee, orders
from evidencevault.bundle.previewing import Preview
from evidencevault.bundle.readiness import Standing
from evidencevault.casework import recipients
from evidencevault.desktop import bundle_draft, drafting
from evidencevault.desktop.bundle_steps import OUT, PERSON, Choice, selection
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.items import EvidenceRow, evidence_row
from evidencevault.desktop.sheets import labels
from evidencevault.evidence import exhibits
from evidencevault.redaction import reasons
from evidencevault.session import Session


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the case in which a bundle is made: exhibits, reason codes, persons, earlier legal bases."""

    standings: tuple[Standing, ...] = ()
    seen: Mapping[str, EvidenceRow] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    prefix: str = ""


def known(opened: Opened, choice: Choice) -> Known:
    """Everything anew, as it is for whom the bundle is made. Raises Damaged."""
    case = opened.case
    receiver = choice.receiver(addressing.keys(addressees(opened.session, choice)))
    more, now = access.REASONS if choice.mode == PERSON else (), case.now()
    return Known(
        standings=tuple(readiness.standings(case, receiver)),
        seen={one.number: evidence_row(one, now) for one in exhibits.list_exhibits(case)},
        reasons=(*reasons.known(case), *more),
        persons=tuple(labels(case)),
        bases=tuple(dict.fromkeys(one.legal_basis for _, one in reversed(orders(case)))),
        prefix=case.reference.replace("-", ""),
    )


def addressees(session: Session, choice: Choice) -> tuple[Addressee, ...]:
    """For whom it is, as far as they are in the address book still."""
    there = {one.name for one in recipients.book(session.office)}
    return addressing.addressed(session.office, [one for one in choice.people if one in there])


def selected(opened: Opened, choice: Choice, found: Sequence[Standing]) -> Selection:
    """What the bundle is made of."""
    return selection(choice, found, addressees(opened.session, choice))


def preview(opened: Opened, choice: Choice, found: Sequence[Standing]) -> Preview:
    """What would leave. Raises as ``previewing.preview``."""
    return previewing.preview(opened.case, opened.workers, selected(opened, choice, found), opened.progress)


def search(opened: Opened, choice: Choice) -> Apart:
    """What is about the person. Raises as ``access.told_apart``."""
    aside = [exhibit for exhibit, one in choice.treated.items() if one.how == OUT]
    return access.told_apart(opened.case, opened.workers, Wanted(choice.person, aside=aside), opened.progress)


def load(session: Session, reference: str) -> Choice:
    """What was chosen before and not made, or nothing."""
    draft = session.drafts.load(bundle_draft.name(reference))
    return bundle_draft.from_body(draft.body) if draft is not None else Choice()


def keep(session: Session, reference: str, choice: Choice) -> None:
    """Keep what was chosen, sealed. Raises StorageFailed."""
    drafting.keep(session, bundle_draft.name(reference), bundle_draft.to_body(choice))
