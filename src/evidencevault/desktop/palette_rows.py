"""What the palette finds: acts of the window, cases, and in the cases persons, evidence items and their text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidencevault.casework.people import list_persons
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.commands import Command
from evidencevault.desktop.rows import CaseRow
from evidencevault.errors import VaultError
from evidencevault.evidence import exhibits, search
from evidencevault.progress import Progress
from evidencevault.resources import tr
from evidencevault.session import Session

MOST = 40  # rows of a kind


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the palette. ``case``, ``screen`` and ``ref`` say where it leads; ``command`` is an act instead."""

    id: str
    icon: str
    title: str
    sub: str = ""
    keys: str = ""
    case: str = ""
    screen: str = ""
    ref: str = ""
    command: Command | None = None
    seek: str = ""  # a search that begins when the line is taken: "case" or "vault"

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.title, self.sub, self.keys) if part)

    def holds(self, sought: Sequence[str]) -> bool:
        """Whether every word occurs."""
        text = f"{self.title} {self.sub}".casefold()
        return all(word in text for word in sought)


@dataclass(frozen=True, slots=True)
class Searched:
    """Hits of a search through text, and the cases that could not be searched."""

    hits: tuple[Found, ...]
    failed: tuple[str, ...]


def of_commands(commands: Iterable[Command]) -> list[Found]:
    """Every act of the window."""
    return [
        Found(f"act {place}", "keyboard", one.title, keys=one.shown_keys, command=one)
        for place, one in enumerate(commands)
    ]


def of_cases(listed: Iterable[CaseRow]) -> list[Found]:
    """The cases that can be opened."""
    return [
        Found(f"case {one.id}", "folder-open", one.title, words.line([one.id, one.state]), case=one.id, screen="case")
        for one in listed
        if not one.problem
    ]


def of_case(case: CaseFile) -> list[Found]:
    """Persons and evidence items of a case, by name. Names stand in lists anyway: nothing is viewed by this."""
    persons = [
        Found(
            f"person {one.label}",
            "user",
            one.label,
            words.line([*one.person.names, *one.person.aliases]),
            case=case.reference,
            screen="persons",
            ref=one.label,
        )
        for one in list_persons(case)
    ]
    items = [
        Found(
            f"exhibit {one.number}",
            "file-text",
            words.one_line(one.name),
            words.line([one.number, words.one_line(one.source)]),
            case=case.reference,
            screen="evidence",
            ref=one.number,
        )
        for one in exhibits.list_exhibits(case)
    ]
    return persons + items


def offers(query: str, case: str) -> list[Found]:
    """The searches that a query offers: they are begun on purpose, because each text that is shown is a view."""
    if len(query.strip()) < 2:
        return []
    said = words.isolated(query.strip())
    here = Found("seek case", "search", tr("Search the text of this case for {words}").format(words=said), seek="case")
    everywhere = Found(
        "seek vault", "search", tr("Search the text of all cases for {words}").format(words=said), seek="vault"
    )
    return [here, everywhere] if case else [everywhere]


def searched(cases: Iterable[tuple[str, CaseFile | VaultError]], query: str, progress: Progress) -> Searched:
    """Look through the text of cases; what is shown is entered as viewed. Raises UsageError, Cancelled."""
    hits: list[Found] = []
    failed: list[str] = []
    for reference, case in cases:
        progress.check()
        if isinstance(case, VaultError):
            failed.append(reference)
        else:
            hits += _hits(case, query, progress)
    return Searched(tuple(hits), tuple(failed))


def _hits(case: CaseFile, query: str, progress: Progress) -> Iterator[Found]:
    for place, one in enumerate(search.search(case, query, limit=MOST, progress=progress)):
        at = tr("page {n}").format(n=one.page) if one.page else ""
        text = one.snippet if one.snippet is not None else tr("Restricted: open it with a purpose first.")
        yield Found(
            f"hit {one.case} {place}",
            "file-text",
            words.one_line(text),
            words.line([one.case, one.exhibit, words.one_line(one.name), at]),
            case=one.case,
            screen="evidence",
            ref=f"{one.exhibit}#{one.page}" if one.page else one.exhibit,
        )


def every_case(session: Session) -> Iterable[tuple[str, CaseFile | VaultError]]:
    """Each case of the vault that this member reads."""
    return session.openings()
