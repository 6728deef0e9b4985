"""Originals that leave as they are although a plan hides something in them, or nobody looked: for police and courts.

What an approved plan says of an original ("nothing to hide") is the second member's consent already. Where there is no
such plan, whoever releases the bundle consents, and that is never who made it (see releasing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidencevault.bundle.contents import ORIGINAL
from evidencevault.bundle.orders import Held, Item, Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.errors import UsageError
from evidencevault.redaction import plans, subjects
from evidencevault.redaction.approvals import EVERYBODY, Receiver
from evidencevault.redaction.marks import NONE_TO_HIDE
from evidencevault.redaction.plans import APPROVED
from evidencevault.resources import tr

AGREED = "unredacted, agreed by a second member"


def unredacted(case: CaseFile, exhibits: Sequence[str], receiver: Receiver = EVERYBODY) -> tuple[str, ...]:
    """Those of which, with all that is inside them, no approved plan says that there is nothing to hide.

    Raises NotFound, Damaged.
    """

    def clean(number: str) -> bool:
        shown = plans.shown_to(case, number, receiver)
        return shown is not None and shown.state == APPROVED and shown.plan.state == NONE_TO_HIDE

    within = inside(case, exhibits)
    return tuple(one for one in exhibits if not all(map(clean, (one, *within[one]))))


def chosen(case: CaseFile, items: Sequence[Item], withheld: Sequence[Held], receiver: Receiver) -> tuple[str, ...]:
    """The delivered originals that are unredacted.

    Raises UsageError where one of them has something inside that the same bundle withholds.
    """
    delivered = [one.exhibit for one in items if one.kind == ORIGINAL]
    held = {one.exhibit for one in withheld}
    for exhibit, within in inside(case, delivered).items():
        for child in within:
            if child in held:
                raise UsageError(
                    tr("{child} is withheld, but lies inside {exhibit}, which would leave as it is.").format(
                        child=child, exhibit=exhibit
                    )
                )
    return unredacted(case, delivered, receiver)


def inside(case: CaseFile, exhibits: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Of each exhibit what was found inside it at any depth (attachments, members of archives), in their order.

    An original delivers all of it.
    """
    if not exhibits:
        return {}
    parents = {one.number: one.parent for one in subjects.subjects(case)}

    def within(number: str, container: str) -> bool:
        seen: set[str] = set()
        while (number := parents.get(number, "")) and number not in seen:
            if number == container:
                return True
            seen.add(number)
        return False

    return {one: tuple(number for number in parents if within(number, one)) for one in exhibits}


def remark(order: Order) -> list[str]:
    """What the cover says of them: they leave only with a second member's consent."""
    return [f"{', '.join(order.unredacted)} {AGREED}"] if order.unredacted else []
