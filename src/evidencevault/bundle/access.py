"""Subject access (GDPR art. 15): which exhibits of a case are about one person, for a bundle that goes to them.

About a person is every exhibit in which the matcher finds them (names, aliases, initials; on the pages, in what is read
in the pixels, in what was written down of the exhibit), whose plan holds a mark for them, or of which a member says so.
Of what can not be read a member has to say: nothing counts as "not about the person" because a program could not look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.bundle.orders import Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.requests import DocumentFailed
from evidencevault.errors import Refused, UsageError
from evidencevault.evidence import exhibits
from evidencevault.progress import Progress
from evidencevault.redaction import burning, plans, recordings, subjects
from evidencevault.redaction.burning import Burner
from evidencevault.redaction.finding import mentions
from evidencevault.redaction.subjects import Named, Subject
from evidencevault.resources import tr

RIGHTS_OF_OTHERS = "rights-of-others"
RESTRICTION = "restriction"
REASONS = (RIGHTS_OF_OTHERS, RESTRICTION)
"""Reason codes of refusals besides those of marks: art. 15(4), and a law as of art. 23."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose request it is (a label), what a member says is about them, and what is not."""

    person: str
    about: Sequence[str] = ()
    aside: Sequence[str] = ()


def about(case: CaseFile, workers: Burner, wanted: Wanted, progress: Progress) -> tuple[str, ...]:
    """The exhibits about a person, in order; each that is read is entered as viewed.

    Raises NotFound, UsageError (said both of one exhibit), Refused (of some it can not be told), Cancelled.
    """
    found = told_apart(case, workers, wanted, progress)
    if found.unknown:
        raise Refused(
            tr(
                "It can not be read whether these are about {person}: {exhibits}. Look at them, then name each with "
                "--exhibit if it is, or with --not-about. Nothing was made."
            ).format(person=subjects.person(case, wanted.person).label, exhibits=", ".join(found.unknown))
        )
    return found.about


@dataclass(frozen=True, slots=True)
class Apart:
    """Exhibits about a person, and those of which a member has to say whether they are."""

    about: tuple[str, ...]
    unknown: tuple[str, ...]


def told_apart(case: CaseFile, workers: Burner, wanted: Wanted, progress: Progress) -> Apart:
    """Which exhibits are about a person; each that is read is entered as viewed.

    Raises NotFound, UsageError (said both of one exhibit), Cancelled.
    """
    person = subjects.person(case, wanted.person)
    for number in (*wanted.about, *wanted.aside):
        subjects.subject(case, number)
    both = set(wanted.about) & set(wanted.aside)
    if both:
        raise UsageError(
            tr("{exhibit} can not be about the person and not about them.").format(exhibit=sorted(both)[0])
        )
    chosen, unknown = [], []
    for one in subjects.subjects(case):
        progress.check()
        if one.number in wanted.aside:
            continue
        found = one.number in wanted.about or _is_about(case, workers, one, person, progress)
        if found is None:
            unknown.append(one.number)
        elif found:
            chosen.append(one.number)
    return Apart(tuple(chosen), tuple(unknown))


def unchanged(case: CaseFile, order: Order) -> None:
    """Refused where more is known since a bundle was made: other exhibits, or a mark for the person in another one."""
    if order.access is None:
        return
    inside = {one.exhibit for one in order.items} | {one.exhibit for one in order.withheld} | {*order.access.aside}
    every = subjects.subjects(case)
    more = [one.number for one in every if one.number not in inside and _marked(case, one, order.access.person)]
    if more or len(every) != order.access.exhibits:
        raise Refused(
            tr("What is about {person} may have changed since bundle {bundle} was made; make a new bundle.").format(
                person=order.access.person, bundle=order.number
            )
        )


def _is_about(case: CaseFile, workers: Burner, one: Subject, person: Named, progress: Progress) -> bool | None:
    """None where it can not be told."""
    if _marked(case, one, person.label) or mentions(_written_of(case, one), person.names, person.aliases):
        return True
    if not burning.burnable(one) or recordings.kind_of(one):
        return None
    try:
        finder = burning.finder(case, workers, one, progress)
    except DocumentFailed:
        return None
    if finder.person(person.names, person.aliases):
        return True
    unread = any(page.pictured for page in finder.sheets) and not workers.languages(case.country)
    return None if unread or finder.misread(person.names, person.aliases) else False


def _marked(case: CaseFile, one: Subject, label: str) -> bool:
    shown = plans.show(case, one.number)
    return shown is not None and shown.plan.concerns(label)


def _written_of(case: CaseFile, one: Subject) -> str:
    """What was written down of an exhibit, a line each."""
    known = exhibits.get(case, one.number)
    said = (known.name, known.path, known.source, known.notes, known.custody_known, known.condition, *known.tags)
    return "\n".join(filter(None, said))
