"""Every form in which a person of the register may stand on a page: whole, in parts, turned round, by initials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidencevault.redaction.matching import Pattern, Word, fold, words_of

PARTICLES = frozenset(
    [
        "de",
        "den",
        "der",
        "het",
        "'t",
        "ter",
        "ten",
        "te",
        "op",
        "aan",
        "in",
        "van",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "la",
        "le",
        "les",
        "las",
        "los",
        "du",
        "des",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "dello",
        "y",
        "e",
        "i",
        "al",
        "el",
        "ul",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abu",
        "umm",
        "ould",
        "mac",
        "af",
        "av",
        "und",
    ]
)
"""Words within a family name that single nobody out and are not marked alone."""
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "drs",
        "ir",
        "ing",
        "prof",
        "mevrouw",
        "mevr",
        "mw",
        "meneer",
        "dhr",
        "sr",
        "sra",
        "señor",
        "señora",
        "jr",
        "mme",
        "mlle",
        "m",
        "madame",
        "monsieur",
    ]
)
SHORT = 3
"""Parts up to this many letters count only with a capital: the name “An” is also an article."""


@dataclass(frozen=True, slots=True)
class _Name:
    given: tuple[str, ...]
    particles: tuple[str, ...]
    family: tuple[str, ...]


def person_patterns(names: Iterable[str], aliases: Iterable[str] = ()) -> list[Pattern]:
    """The patterns of one person: whole names and aliases, each part of at least two letters, turned forms, initials.

    Aliases are found whole as they are; their single words only with a capital ("the Bear" does not hide every bear).
    """
    found: dict[Pattern, None] = {}
    for name in names:
        for pattern in _forms(name):
            found[pattern] = None
    for alias in aliases:
        whole = tuple(Word(word) for word in words_of(alias))
        if whole:
            found[Pattern(whole, genitive=True)] = None
        if len(alias.split()) > 1:
            for part in _parts(_split(alias)):
                found[Pattern((Word(part[0].text, capital=True), *part[1:]), genitive=True)] = None
    return list(found)


def _split(name: str) -> _Name:
    tokens = [token for token in name.replace(",", " , ").split() if fold(token.rstrip(".")) not in TITLES]
    if "," in tokens:  # "Vries, Jan de"
        at = tokens.index(",")
        family, rest = tokens[:at], [token for token in tokens[at + 1 :] if token != ","]
        particles = [token for token in rest if fold(token) in PARTICLES]
        given = [token for token in rest if fold(token) not in PARTICLES]
        lead = [token for token in family[:-1] if fold(token) in PARTICLES]
        return _Name(tuple(given), (*particles, *lead), tuple(family[len(lead) :]))
    if len(tokens) < 2:
        return _Name((), (), tuple(tokens))
    first = next((i for i, token in enumerate(tokens) if i and fold(token) in PARTICLES), len(tokens) - 1)
    last = first
    while last < len(tokens) - 1 and fold(tokens[last]) in PARTICLES:
        last += 1
    return _Name(tuple(tokens[:first]), tuple(tokens[first:last]), tuple(tokens[last:]))


def _forms(name: str) -> Iterable[Pattern]:
    split = _split(name)
    given, particles, family = (_words(part) for part in (split.given, split.particles, split.family))
    whole = given + particles + family
    if not whole:
        return
    if len("".join(word.text for word in whole)) >= 2:
        yield Pattern(whole, genitive=True)
    for part in _parts(split):
        yield _alone(part)
    if not given:
        return
    surname = particles + family
    if len(surname) > 1 and len(family) >= 1:
        yield Pattern(surname, genitive=True)
    yield Pattern((*family, *given, *particles), genitive=True)
    yield Pattern((*surname, *given), genitive=True)
    yield Pattern((*family, given[0], *particles), genitive=True)
    yield Pattern((*surname, given[0]), genitive=True)
    yield Pattern((given[0], *surname), genitive=True)
    if len(given) > 1:
        yield Pattern(given, genitive=True)
    initials = tuple(Word(word.text[0]) for word in given)
    for short in ((initials[0],), initials, (given[0], *initials[1:])):
        yield Pattern((*short, *surname), genitive=True)
        yield Pattern((*short, *family), genitive=True)
        yield Pattern((*surname, *short), genitive=False)
        yield Pattern((*family, *short, *particles), genitive=False)
    last = Word(family[0].text[0], capital=True)
    yield Pattern((given[0], last))
    yield Pattern((given[0], *particles, last))
    yield from _initials(given, particles, family)


def _initials(given: tuple[Word, ...], particles: tuple[Word, ...], family: tuple[Word, ...]) -> Iterable[Pattern]:
    firsts = tuple(Word(word.text[0], capital=True) for word in given)
    small = tuple(Word(word.text[0]) for word in particles)
    lasts = tuple(Word(word.text[0], capital=True) for word in family)
    for letters in {(*firsts, *lasts), (*firsts, *small, *lasts), (firsts[0], *lasts), (firsts[0], *small, *lasts)}:
        # Two bare capitals are too often a word of a headline; with dots, or from three on, they are initials.
        yield Pattern(letters, apart=len(letters) == 2)


def _parts(split: _Name) -> list[tuple[Word, ...]]:
    found: dict[tuple[Word, ...], None] = {}
    for token in (*split.given, *split.family):
        words = tuple(Word(word) for word in words_of(token))
        letters = sum(len(word.text) for word in words)
        if letters >= 2 and fold(token) not in PARTICLES:
            found[words] = None
        if len(words) > 1:
            for word in words:
                if len(word.text) > 2 and word.text not in PARTICLES:
                    found[(word,)] = None
    return list(found)


def _alone(part: tuple[Word, ...]) -> Pattern:
    letters = sum(len(word.text) for word in part)
    has_case = part[0].text[0].upper() != part[0].text[0]
    if letters <= SHORT and has_case:
        part = (Word(part[0].text, capital=True), *part[1:])
    return Pattern(part, genitive=letters > 2)


def _words(tokens: Iterable[str]) -> tuple[Word, ...]:
    return tuple(Word(word) for token in tokens for word in words_of(token))
