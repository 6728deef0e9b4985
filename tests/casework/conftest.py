from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidencevault.casework import cases
from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.duties import Keeper
from evidencevault.custody import access, casefile, membership
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office

Become = Callable[[str], CaseFile]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    founded = membership.found(
        tmp_path / "v", organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw-anna"
    )
    founded.office.keeper = Keeper(founded.office)
    yield founded.office
    founded.office.close()


@pytest.fixture
def case(office: Office) -> CaseFile:
    record = Case(title="T", categories=("neglect",), severity="high", immediate_safety=Safety(state="unknown"))
    return cases.create(office, record)


@pytest.fixture
def become(tmp_path: Path, office: Office, case: CaseFile) -> Iterator[Become]:
    """Invites and grants the case to a member the first time, then opens the case as that member."""
    opened: list[Office] = []

    def as_member(name: str) -> CaseFile:
        (opened[-1] if opened else office).close()
        opened.append(Office.unlock(tmp_path / "v", name, f"pw-{name}"))
        opened[-1].keeper = Keeper(opened[-1])
        if membership.is_provisional(opened[-1]):
            membership.replace_keys(opened[-1], f"pw-{name}")
        return casefile.open_case(opened[-1], case.reference)

    for name, role in (("leo", "legal"), ("olga", "officer")):
        membership.invite(office, name, frozenset({role}), f"pw-{name}")
        access.grant(case.ledger, name)
    yield as_member
    for one in opened:
        one.close()
