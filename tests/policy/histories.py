"""Histories and policies made by hand, without a vault."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.people import Person
from evidencevault.casework.policies import RECORD_FORMS
from evidencevault.forms.bodies import from_body
from evidencevault.forms.shapes import Form
from evidencevault.policy.checking import read_policy
from evidencevault.policy.fixed import Due
from evidencevault.policy.history import History, Revision
from evidencevault.policy.model import Category, Condition, Days, Policy, Role, Step

DATA = Path(__file__).parent / "data"
OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASE = Case(title="T", categories=("other",), severity="low", immediate_safety=Safety(state="unknown"))
CONCERN = Concern(number="C01", words="He hit me", channel="phone", to="Anna", heard_at=OPENED)
CHILD = Person(role="child", names=("Mia",), label="Child A")
READY = Condition(record="case", field="state", is_=("deciding",))


def answer(at: datetime, kind: str = "", outcome: str = "satisfied") -> Answer:
    return Answer(words="We look into it", at=at, by="Anna", outcome=outcome, kind=kind)


def history(*written: tuple[datetime, Form], opened: datetime = OPENED, from_paper: bool = False) -> History:
    """Revisions in the order given; each counted within its record."""
    count: dict[tuple[str, str], int] = {}
    revisions = []
    for at, record in written:
        kind = next(kind for kind, form in RECORD_FORMS.items() if isinstance(record, form))
        ref = str(getattr(record, "label", getattr(record, "number", "")))
        number = count[kind, ref] = count.get((kind, ref), 0) + 1
        revisions.append(Revision(kind, ref, number, at, record))
    return History(opened, tuple(revisions), others=False, from_paper=from_paper)


def step(id: str, starts: str, within: str, *done_when: Condition) -> Step:
    return Step(id=id, name=id, starts=starts, within=within, role="officer", done_when=done_when)


def policy(*steps: Step, zone: str = "UTC", categories: tuple[Category, ...] = ()) -> Policy:
    return Policy(
        id="p", version="1", country="ZZ", title="P", source=("s",), in_force_from=date(2020, 1, 1),
        days=Days(zone=zone), role=(Role(id="officer", name="O"),),
        category=categories or (Category(id="other", name="Other"),), step=steps,
    )  # fmt: skip


def read(text: str) -> Policy:
    return read_policy(text, RECORD_FORMS)


def by_name(found: Iterable[Due]) -> dict[str, Due]:
    """Duties by step and reference."""
    return {f"{one.step} {one.ref}".strip(): one for one in found}


def rules(name: str) -> Policy:
    """A policy of the tests' data: ``then`` (2014) or ``today`` (2026)."""
    return read((DATA / f"{name}.toml").read_text("utf-8"))


def old_case() -> tuple[History, datetime]:
    """A case of 2014 that was entered from paper, and when it is reviewed."""
    told = tomllib.loads((DATA / "old_case.toml").read_text("utf-8"))
    revisions: list[Revision] = []
    for one in told["revision"]:
        kind, ref = one["kind"], one.get("ref", "")
        number = 1 + sum((known.kind, known.ref) == (kind, ref) for known in revisions)
        revisions.append(Revision(kind, ref, number, one["at"], from_body(RECORD_FORMS[kind], one["body"])))
    return History(told["opened"], tuple(revisions), from_paper=True), told["reviewed"]
