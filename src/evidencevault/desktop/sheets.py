"""What a screen of records offers: sheets to fill in, and acts on the record that is read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from evidencevault.casework.people import list_persons
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import StatementRow
from evidencevault.evidence.exhibits import list_exhibits
from evidencevault.forms.reading import from_values
from evidencevault.forms.shapes import Form as Record
from evidencevault.forms.shapes import shapes
from evidencevault.session import Session

FEW = 2000
"""Exhibits that are offered by number; nobody picks one of more from a list."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of what is filled in so far: answers that are missing besides the required ones, and remarks."""

    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


Adviser = Callable[[Mapping[str, Any]], Advice]
"""Judges the values of a form by key, as one types: quick, and without reading anything."""


def no_advice(values: Mapping[str, Any]) -> Advice:
    """Nothing to say."""
    return Advice()


class Pane(Form):
    """What stands beside a form and offers something to it: ``picked`` carries a field's key and a value to add."""

    picked = Signal(str, object)

    @abstractmethod
    def start(self, reference: str) -> None:
        """Show what belongs to a case."""

    @abstractmethod
    def heed(self, values: Mapping[str, Any]) -> None:
        """The form holds other values."""


class Editor(Form):
    """An editor of a shelf's own, in place of a sheet. ``saved`` carries a reference; ``left``: nothing was filed."""

    saved = Signal(str)
    left = Signal()
    undoable = Signal(str, object)

    @abstractmethod
    def start(self, reference: str, number: str) -> None:
        """Open it on a record of a case."""

    @abstractmethod
    def keep(self) -> None:
        """Keep what is typed, sealed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form to fill in. ``save`` files the record and returns its reference; ``load`` gives the one to correct.

    ``offers``, ``choices`` and ``adviser`` are asked in the reading lane; ``choices`` are codes and their words, in
    place of free text. ``goes_on``: when it is saved the shelf's own editor opens.
    """

    id: str
    title: str
    verb: str
    form: type[Record]
    save: Callable[[Opened, Any, str], str] = lambda opened, record, ref: ref
    load: Callable[[CaseFile, str], Record] | None = None
    skip: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()  # keys that are asked for first
    create: Callable[[Session, Any], str] | None = None  # in place of ``save``: opens a case, returns its reference
    offers: Callable[[CaseFile], Mapping[str, Sequence[str]]] = lambda case: {}
    choices: Callable[[CaseFile], Mapping[str, Sequence[tuple[str, str]]]] = lambda case: {}
    adviser: Callable[[CaseFile, str], Adviser] = lambda case, ref: no_advice
    begins: Callable[[CaseFile], Mapping[str, Any]] = lambda case: {}  # filled in at the beginning, by key
    pane: Callable[[Desk, Theme], Pane] | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """Something written to a file that is chosen first: the question, a name to offer, and the sheet for that file."""

    title: str
    offered: str
    sheet: Callable[[Path], Sheet]


@dataclass(frozen=True, slots=True)
class Act:
    """A button beside a record: it opens a sheet, or does something at once and says what it did."""

    name: str
    icon: str
    sheet: Sheet | None = None
    work: Callable[[Opened, str], str] | None = None
    wanted: tuple[str, str] | None = None  # a screen and a record to go to in its place
    own: bool = False  # it opens the shelf's own editor
    writing: Writing | None = None


@dataclass(frozen=True, slots=True)
class Bring:
    """Records out of a file: what the button says, and what files them and says how many."""

    name: str
    work: Callable[[Opened, Path], str]


@dataclass(frozen=True, slots=True)
class Page:
    """A record as read: its markup, and what can be done with it."""

    html: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one screen of records shows and offers. ``listed`` and ``page`` are called in the reading lane."""

    id: str
    title: str
    none: str
    how: str
    listed: Callable[[CaseFile], Sequence[StatementRow]]
    page: Callable[[CaseFile, str], Page]
    new: Sheet | None = None
    new_name: str = ""
    bring: Bring | None = None
    own: Callable[[Desk, Theme], Editor] | None = None


def made(sheet: Sheet, values: Mapping[str, Any], before: Record | None) -> Record:
    """The record of what was filled in; what the sheet does not ask for stays as it was. Raises FormError."""
    given = {one.key for one in shapes(sheet.form) if one.given}
    record = from_values(sheet.form, {key: value for key, value in values.items() if key not in given})
    if before is None:
        return record
    kept = {one.name: getattr(before, one.name) for one in shapes(sheet.form) if one.given or one.key in sheet.skip}
    return replace(record, extra=before.extra, **kept)


def labels(case: CaseFile) -> list[str]:
    """Labels of the persons of a case."""
    return [one.label for one in list_persons(case)]


def references(case: CaseFile) -> list[str]:
    """What can be referred to: evidence items and persons."""
    found = [one.number for one in list_exhibits(case)]
    return [*(found if len(found) <= FEW else []), *labels(case)]


def members(case: CaseFile) -> list[str]:
    """The users of the vault."""
    return sorted(case.office.standing.members)
