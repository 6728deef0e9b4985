from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from tests.support import chromium, vaults
from tests.support.redactable import Desk, make_desk


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[vaults.Made]:
    root = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "state"))
        yield vaults.make(root)


@pytest.fixture
def made(made_once: vaults.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> vaults.Made:
    """A fresh copy of the vault, with its own remembered heads."""
    fresh = vaults.copy(made_once, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    return fresh


@pytest.fixture
def desk(made_once: vaults.Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A case with persons and exhibits, seen by anna (officer) and leo (legal)."""
    fresh = vaults.copy(made_once, tmp_path)
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(fresh.state))
    desk = make_desk(fresh)
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Chrome]:
    """One browser for all pages: starting it takes longer than most tests."""
    with chromium.browser() as driver:
        yield driver
