"""The forms of casework by name, and everything that reads or writes them: TOML, frozen dataclasses, stored bodies."""

from __future__ import annotations

from collections.abc import Mapping

from evidencevault.casework.cases import Case
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.decisions import Decision
from evidencevault.casework.interviews import Interview
from evidencevault.casework.people import Person
from evidencevault.casework.requests import Request
from evidencevault.casework.tasks import Action, Recommendation
from evidencevault.errors import UsageError
from evidencevault.forms.bodies import from_body, to_body
from evidencevault.forms.reading import Fault, check, from_values, parse
from evidencevault.forms.shapes import Form, PartialDate
from evidencevault.forms.writing import template_of, to_toml
from evidencevault.resources import tr

__all__ = [
    "FORMS",
    "Fault",
    "Form",
    "PartialDate",
    "check",
    "form_of",
    "from_body",
    "from_values",
    "parse",
    "template",
    "to_body",
    "to_toml",
]

FORMS: Mapping[str, type[Form]] = {
    "case": Case,
    "person": Person,
    "concern": Concern,
    "answer": Answer,
    "interview": Interview,
    "decision": Decision,
    "action": Action,
    "recommendation": Recommendation,
    "request": Request,
}


def form_of(kind: str) -> type[Form]:
    """The dataclass of a form by name. Raises UsageError."""
    if kind not in FORMS:
        raise UsageError(tr("There is no form “{kind}”. There are: {kinds}.").format(kind=kind, kinds=", ".join(FORMS)))
    return FORMS[kind]


def template(kind: str) -> str:
    """A commented form to fill in, as TOML. Raises UsageError where there is none of that name."""
    return template_of(form_of(kind), kind.capitalize())
