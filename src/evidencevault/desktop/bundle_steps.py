"""The steps of making a bundle, without a window: what was chosen so far, what is lacking, what is made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from evidencevault.bundle.access import RESTRICTION
from evidencevault.bundle.assembly import Selection
from evidencevault.bundle.orders import Addressee, counterparty
from evidencevault.bundle.readiness import Standing
from evidencevault.bundle.sealing import AGE, SHORTEST, SHORTEST_OF_ZIP, ZIP
from evidencevault.redaction.approvals import Receiver
from evidencevault.redaction.marks import PRIVILEGE
from evidencevault.resources import tr


class Step(IntEnum):
    """In their order."""

    WHAT = 0
    WHOM = 1
    WHY = 2
    PREVIEW = 3
    MAKE = 4
    RELEASE = 5


EVERY, CHOSEN, PERSON = "every", "chosen", "person"
"""What goes in: everything but what is taken out, what is chosen, or what is about one person."""
COPY, WITHHELD, ORIGINAL, OUT = "copy", "withheld", "original", "out"
"""How an exhibit goes: as a redacted copy, held back with a slip sheet, as it came in, or not at all."""
WITH_BASIS = frozenset({PRIVILEGE, RESTRICTION})


@dataclass(frozen=True, slots=True)
class Going:
    """How one exhibit goes, and why it is withheld (a reason code)."""

    how: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen so far. ``treated`` are the exhibits of which somebody said how they go.

    Of a request for access: ``person`` is whose (a label), ``about`` what a search found about them, ``unknown`` of
    what a member has to say it. ``people`` are names in the address book.
    """

    mode: str = EVERY
    treated: Mapping[str, Going] = field(default_factory=dict)
    person: str = ""
    about: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    searched: bool = False
    basis: str = ""
    people: tuple[str, ...] = ()
    by_passphrase: bool = False
    passphrase: str = ""
    again: str = ""
    form: str = AGE
    own_labels: bool = False
    purpose: str = ""
    legal_basis: str = ""
    prefix: str = ""

    def treat(self, exhibits: Collection[str], going: Going) -> Choice:
        """The same with some exhibits going otherwise."""
        return replace(self, treated={**self.treated, **dict.fromkeys(exhibits, going)})

    def going(self, exhibit: str) -> Going:
        """How an exhibit goes."""
        by_itself = {EVERY: True, CHOSEN: False}.get(self.mode, exhibit in self.about)
        return self.treated.get(exhibit, Going(COPY if by_itself else OUT))

    def receiver(self, keys: Sequence[str]) -> Receiver:
        """For whom the copies are, given the keys of the people chosen."""
        if self.mode == PERSON:
            return Receiver(access=self.person)
        return Receiver(counterparty(keys)) if self.own_labels and keys and not self.by_passphrase else Receiver()


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps a bundle from being made: in words, and the exhibit it is about ("": none)."""

    words: str
    exhibit: str = ""


def is_ready(choice: Choice, one: Standing) -> bool:
    """Whether nothing keeps an exhibit from going as it is chosen to."""
    going = choice.going(one.exhibit)
    if choice.mode == PERSON and one.exhibit in choice.unknown and one.exhibit not in choice.treated:
        return False
    if going.how == COPY:
        return one.ready
    return bool(going.reason) if going.how == WITHHELD else True


def lacking(step: Step, choice: Choice, found: Sequence[Standing], book: Collection[str]) -> list[Lack]:
    """What a step still needs; nothing for those that only show."""
    match step:
        case Step.WHAT:
            return _lacking_what(choice, found)
        case Step.WHOM:
            return _lacking_whom(choice, book)
        case Step.WHY:
            named = {tr("What it is for"): choice.purpose, tr("On which legal basis"): choice.legal_basis}
            return [Lack(name) for name, said in named.items() if not said.strip()]
    return []


def hindrances(choice: Choice, found: Sequence[Standing], book: Collection[str]) -> list[Lack]:
    """Everything that keeps the bundle from being made, in the order of the steps."""
    return [one for step in (Step.WHAT, Step.WHOM, Step.WHY) for one in lacking(step, choice, found, book)]


def selection(choice: Choice, found: Sequence[Standing], to: Sequence[Addressee]) -> Selection:
    """What the bundle is made of: exactly the exhibits that were shown as going."""
    going = {one.exhibit: choice.going(one.exhibit) for one in found}
    named = [exhibit for exhibit, one in going.items() if one.how in (COPY, ORIGINAL)]
    aside: list[str] = []
    if choice.mode == PERSON:
        said = choice.treated
        named = [exhibit for exhibit in named if exhibit in said and exhibit not in choice.about]
        aside = [exhibit for exhibit in said if going[exhibit].how == OUT]
    withhold = {exhibit: one.reason for exhibit, one in going.items() if one.how == WITHHELD}
    keys = tuple(dict.fromkeys(key for one in to for key in one.keys))
    return Selection(
        exhibits=tuple(named),
        withhold=withhold,
        originals=tuple(exhibit for exhibit, one in going.items() if one.how == ORIGINAL),
        recipients=() if choice.by_passphrase else keys,
        passphrase=choice.passphrase if choice.by_passphrase else None,
        purpose=choice.purpose,
        legal_basis=choice.legal_basis,
        prefix=choice.prefix.strip(),
        own_labels=choice.own_labels and not choice.by_passphrase and choice.mode != PERSON,
        basis=choice.basis if WITH_BASIS & {*withhold.values()} else "",
        form=choice.form if choice.by_passphrase else AGE,
        to=() if choice.by_passphrase else tuple(to),
        access=choice.person if choice.mode == PERSON else "",
        aside=tuple(aside),
    )


def _lacking_what(choice: Choice, found: Sequence[Standing]) -> list[Lack]:
    if choice.mode == PERSON and not choice.person:
        return [Lack(tr("Whose request it is"))]
    if choice.mode == PERSON and not choice.searched:
        return [Lack(tr("Find what is about them"))]
    unsaid = [one for one in choice.unknown if one not in choice.treated] if choice.mode == PERSON else []
    lacks = [Lack(tr("{exhibit}: say whether it is about them").format(exhibit=one), one) for one in unsaid]
    inside = _held_inside(choice, found)
    for one in found:
        if one.exhibit not in unsaid and not is_ready(choice, one):
            lacks.append(Lack(_unready(choice, one), one.exhibit))
        elif one.exhibit in inside:
            said = tr("{child} is withheld, but lies inside {exhibit}, which would leave as it is")
            lacks.append(Lack(said.format(child=one.exhibit, exhibit=inside[one.exhibit]), one.exhibit))
    if not lacks and all(choice.going(one.exhibit).how == OUT for one in found):
        lacks.append(Lack(tr("At least one evidence item")))
    return lacks


def _held_inside(choice: Choice, found: Sequence[Standing]) -> dict[str, str]:
    """What is withheld and would leave all the same, inside an original."""
    whole = [one for one in found if choice.going(one.exhibit).how == ORIGINAL]
    return {child: one.exhibit for one in whole for child in one.inside if choice.going(child).how == WITHHELD}


def _unready(choice: Choice, one: Standing) -> str:
    if choice.going(one.exhibit).how == WITHHELD:
        return tr("{exhibit}: say why it is withheld").format(exhibit=one.exhibit)
    if choice.mode == PERSON or choice.own_labels:
        return tr("{exhibit}: no copy for this receiver is approved").format(exhibit=one.exhibit)
    said = tr("{exhibit}: waits for approval") if one.state == "waiting" else tr("{exhibit}: not reviewed")
    return said.format(exhibit=one.exhibit)


def _lacking_whom(choice: Choice, book: Collection[str]) -> list[Lack]:
    if not choice.by_passphrase:
        return [] if any(one in book for one in choice.people) else [Lack(tr("Somebody in the address book"))]
    shortest = SHORTEST_OF_ZIP if choice.form == ZIP else SHORTEST
    if len(choice.passphrase) < shortest:
        return [Lack(tr("A passphrase of at least {n} letters").format(n=shortest))]
    return [] if choice.passphrase == choice.again else [Lack(tr("The same passphrase a second time"))]
