"""Named fields of named entries opened for a court: what is asked, and before it is written what will be open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencevault.bundle import disclosing
from evidencevault.bundle.continuity import released_checkpoints
from evidencevault.custody.casefile import CaseFile, SeenEntry
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.entries import entries_of, subjects_of
from evidencevault.desktop.field_words import field_words
from evidencevault.desktop.sheets import Advice, Adviser, Sheet
from evidencevault.errors import FormError
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr
from evidencevault.vault.registry import Field

_NUMBERS = re.compile(r"(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?")
SHOWN = 12
"""Entries that are named one by one in the preview; of more only how many they are."""
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Form):
    """What a court is given of the chain of custody."""

    entries: tuple[str, ...] = asked("Which entries are opened: their numbers, such as 12 or 15-17.")
    exhibits: tuple[str, ...] = asked("Or evidence items: what brought them in is opened.")
    fields: tuple[str, ...] = asked("What is opened of each entry.")
    purpose: str = asked("What for.", required=True)
    legal_basis: str = asked("On which legal basis.", required=True)
    bundle: str = asked("Under the checkpoint of a bundle that the court has; else under the newest.")


def disclosure_sheet(to: Path) -> Sheet:
    """Asks for entries and fields, and writes the file."""

    def save(opened: Opened, record: Disclosure, ref: str) -> str:
        wanted = disclosing.Wanted(_chosen(opened.case, record), record.purpose, record.legal_basis, record.bundle)
        made = disclosing.disclose(opened.case, wanted, to)
        told = tr("What was disclosed is in {file}. Entry {n} says so.")
        return told.format(file=words.isolated(to.name), n=made.sequence)

    return Sheet(
        "disclosure", tr("Disclose for a court"), tr("Write the disclosure"), Disclosure, save,
        choices=_choices, adviser=_adviser,
    )  # fmt: skip


def _choices(case: CaseFile) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {
        "fields": [(one.name.lower(), said) for one, said in field_words().items()],
        "bundle": [(one.bundle, one.bundle) for one in released_checkpoints(case)],
    }


def _chosen(case: CaseFile, record: Disclosure) -> dict[int, tuple[Field, ...]]:
    """Fields by entry. Raises FormError at the field that is wrong."""
    fields = disclosing.fields_named(record.fields)
    numbers = _numbers(", ".join(record.entries))
    if not numbers and not record.exhibits:
        raise _wrong("entries", tr("Name an entry or an evidence item. Nothing was disclosed."))
    if numbers and not fields:
        raise _wrong("fields", tr("Tick what is opened of these entries. Nothing was disclosed."))
    chosen = dict.fromkeys(numbers, fields)
    for said in record.exhibits:
        chosen[disclosing.brought_in(case, said.strip().upper())] = fields or disclosing.OF_EXHIBIT
    return chosen


def _numbers(said: str) -> list[int]:
    found = [_NUMBERS.fullmatch(part.strip()) for part in said.replace(";", ",").split(",") if part.strip()]
    if not all(found):
        raise _wrong("entries", tr("Write numbers of entries, such as 12 or 15-17. Nothing was disclosed."))
    spans = [(int(one[1]), int(one[2] or one[1])) for one in found if one]
    if sum(max(0, last - first + 1) for first, last in spans) > MOST:
        raise _wrong("entries", tr("These are more entries than one disclosure holds. Nothing was disclosed."))
    return [n for first, last in spans for n in range(first, last + 1)]


def _wrong(key: str, why: str) -> FormError:
    error = FormError(why)
    error.path, error.why = (key,), why
    return error


def _adviser(case: CaseFile, ref: str) -> Adviser:
    """Tells entry by entry what will be open and what stays closed."""
    every = {one.sequence: one for one in entries_of(case).about(None)}
    brought = {
        subject: one.sequence
        for one in reversed(list(every.values()))
        if one.action in ("imported", "received")
        for subject in subjects_of(one)
    }
    named, sizes = field_words(), {one.bundle: one.size for one in released_checkpoints(case)}

    def advise(values: Mapping[str, Any]) -> Advice:
        fields = [one for one in named if one.name.lower() in (values.get("fields") or ())]
        try:
            numbers = _numbers(", ".join(values.get("entries") or ()))
        except FormError as error:
            return Advice((), (error.why,))
        lines = [_line(every.get(n), n, fields, named) for n in numbers[:SHOWN]]
        exhibits, bundle = list(values.get("exhibits") or ()), values.get("bundle") or ""
        for said in exhibits[:SHOWN]:
            n = brought.get(said.strip().upper())
            if n is None:
                lines.append(tr("No entry of this case brought {exhibit} in.").format(exhibit=words.isolated(said)))
            else:
                lines.append(_line(every.get(n), n, fields or list(disclosing.OF_EXHIBIT), named))
        more = max(0, len(numbers) - SHOWN) + max(0, len(exhibits) - SHOWN)
        if more:
            lines.append(tr("And {n} more entries, alike.").format(n=more))
        chosen = [*numbers, *(brought.get(said.strip().upper(), 0) for said in exhibits)]
        if bundle in sizes and max(chosen, default=0) >= sizes[bundle]:
            late = tr("Entry {n} is younger than bundle {bundle}, which has {size} entries. Nothing was disclosed.")
            lines.append(late.format(n=max(chosen), bundle=bundle, size=sizes[bundle]))
        return Advice((), tuple(lines))

    return advise


def _line(one: SeenEntry | None, n: int, fields: Sequence[Field], named: Mapping[Field, str]) -> str:
    if one is None:
        return tr("The chain of custody has no entry {n}.").format(n=n)
    opened = ", ".join(named[field] for field in fields) or tr("nothing yet")
    closed = ", ".join(said for field, said in named.items() if field not in fields) or tr("nothing")
    told = tr("Entry {n}: opened: {opened}. Stays closed: {closed}.")
    return told.format(n=n, opened=opened, closed=closed)
