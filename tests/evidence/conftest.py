"""A real vault with one empty case, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evidencevault.custody import access, casefile, membership
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office, system_clock
from evidencevault.evidence.exhibits import Acquisition
from tests.support import vaults

REFERENCE_YEAR = system_clock().year
REFERENCE = f"NL-{REFERENCE_YEAR}-0001"
SAID = Acquisition("the reporter", custody_before="unknown", custody_known="lay in a drawer")


@dataclass
class Desk:
    """An open office with its case; ``later`` moves its clock, ``as_`` changes who sits at it."""

    folder: Path
    office: Office
    ahead: timedelta = timedelta(0)

    @property
    def case(self) -> CaseFile:
        if self._case is None:
            self._case = casefile.open_case(self.office, REFERENCE)
        return self._case

    _case: CaseFile | None = None

    def now(self) -> datetime:
        return system_clock() + self.ahead

    def as_(self, name: str = "anna") -> CaseFile:
        """Close and open again."""
        self.office.close()
        self.office, self._case = Office.unlock(self.folder, name, f"{name}'s words", clock=self.now), None
        return self.case

    def actions(self) -> list[str]:
        return [one.action for one in self.case.entries()]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        founded = membership.found(
            root / "vault",
            organisation="Fictional Aid",
            country="NL",
            name="anna",
            roles=frozenset({"officer"}),
            passphrase="anna's words",
        )
        office = founded.office
        membership.invite(office, "leo", frozenset({"legal"}), "leo's words")
        case = casefile.create_case(office, {"title": "T", **vaults.CASE})
        access.grant(case.ledger, "leo")
        office.close()
        office = Office.unlock(root / "vault", "leo", "leo's words")
        membership.replace_keys(office, "leo's words")
        office.close()
    return root


@pytest.fixture
def desk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    shutil.copytree(template / "vault", tmp_path / "vault")
    shutil.copytree(template / "state", tmp_path / "state")
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    made = Desk(tmp_path / "vault", Office.unlock(tmp_path / "vault", "anna", "anna's words"))
    made.office.clock = made.now
    yield made
    made.office.close()


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Make a folder ``brought`` with these files."""

    def make(files: dict[str, bytes]) -> Path:
        root = tmp_path / "brought"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return root

    return make
