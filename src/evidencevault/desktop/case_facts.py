"""The case in short, as markup for reading: what was alleged, who is affected, who is safe, who may read."""

from __future__ import annotations

from collections.abc import Iterable

from evidencevault.casework import cases
from evidencevault.casework.cases import Case, Group
from evidencevault.casework.codes import word
from evidencevault.casework.people import list_persons
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.casestate import RECOVERY
from evidencevault.desktop import words
from evidencevault.desktop.readers import escaped
from evidencevault.resources import tr
from evidencevault.vault.registry import KeyKind

_SAFE = {"safe": "good", "at-risk": "bad", "unknown": "warn"}


def facts_html(case: CaseFile) -> str:
    """Everything of the case's own record that is filled in, safety first."""
    about = cases.describe(case)
    return "".join(
        [
            _safety(about),
            _part(tr("Allegation"), [about.allegation]),
            _part(tr("What happened"), [about.happened, about.happened_to, about.place]),
            _part(tr("About"), [", ".join(word(one) for one in about.categories)]),
            _part(tr("Affected"), map(_group, about.affected)),
            _part(tr("Complained about"), map(_group, about.respondents)),
            _part(tr("Persons of the case"), (f"{one.label}" for one in list_persons(case))),
            _part(tr("Support"), [about.support_given, *(_support(one) for one in about.support)]),
            _part(tr("Authorities informed"), (one.authority for one in about.authorities_informed)),
            _part(tr("Programme"), [about.programme]),
            _part(tr("Policy"), [" ".join(filter(None, [about.policy, about.version]))]),
            _part(tr("Who may read it"), map(_holder, case.ledger.state.holder_names(KeyKind.CASE))),
        ]
    )


def _safety(about: Case) -> str:
    safe = about.immediate_safety
    told = {"safe": tr("Safe now"), "at-risk": tr("At risk now"), "unknown": tr("Not known whether safe")}[safe.state]
    done = f"<p>{escaped(safe.done)}</p>" if safe.done else ""
    return f'<p class="{_SAFE[safe.state]}"><b>{escaped(told)}</b></p>{done}'


def _part(title: str, lines: Iterable[str]) -> str:
    said = [one for one in lines if one]
    if not said:
        return ""
    return f'<p class="h2">{escaped(title)}</p>' + "".join(f"<p>{escaped(one)}</p>" for one in said)


def _holder(name: str) -> str:
    return tr("Whoever holds enough recovery shares") if name == RECOVERY else name


def _group(one: Group) -> str:
    return one.type if one.count is None else f"{one.type}: {one.count}"


def _support(one: cases.Support) -> str:
    return words.line(filter(None, [word(one.kind), one.to, one.note]))
