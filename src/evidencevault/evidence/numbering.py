"""Exhibit numbers: E001 is the first exhibit that the chain of custody names, and so on, never used twice."""

from __future__ import annotations

import re

from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.custody.revisions import Latest
from evidencevault.errors import NotFound
from evidencevault.resources import tr

_NUMBER = re.compile(r"[Ee]0*([1-9][0-9]{0,8})")


def number_text(n: int) -> str:
    """``E001`` of 1."""
    return f"E{n:03d}"


def next_number(case: CaseFile) -> int:
    """One more than were ever recorded; what was erased keeps its number."""
    return len(case.ledger.state.of_kind(Kind.EXHIBIT)) + 1


def said_number(text: str) -> str:
    """The number as stored, of ``E001``, ``e1`` … Raises NotFound for what is none."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise NotFound(tr("“{text}” is no exhibit number; they look like E001.").format(text=text))
    return number_text(int(match.group(1)))


def latest_of(case: CaseFile, number: str) -> Latest:
    """The newest revision of an exhibit by its number. Raises NotFound, also for what was erased."""
    every = case.ledger.state.of_kind(Kind.EXHIBIT)
    n = int(number[1:])
    if n <= len(every) and every[n - 1].item in case.ledger.state.erased:
        raise NotFound(tr("{number} was erased; the chain of custody says when and why.").format(number=number))
    if n > len(every):
        raise NotFound(tr("There is no exhibit {number} in {case}.").format(number=number, case=case.reference))
    return every[n - 1]
