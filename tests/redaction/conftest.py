from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import vaults
from tests.support.redactable import Desk, make_desk


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[vaults.Made]:
    root = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        yield vaults.make(root)


@pytest.fixture
def desk(made_once: vaults.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A case with persons and exhibits, seen by anna (officer) and leo (legal)."""
    fresh = vaults.copy(made_once, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    desk = make_desk(fresh)
    yield desk
    desk.close()
