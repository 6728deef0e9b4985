"""What holds for every test: nothing is remembered outside its own folder, and no window is shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import argon

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"  # what is expected is expected in English
# A vault of the person who runs the tests is none of their business.
for name in ("EVIDENCEVAULT_VAULT", "EVIDENCEVAULT_MEMBER", "EVIDENCEVAULT_PASSPHRASE_FILE"):
    os.environ.pop(name, None)


argon.lighten()


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of remembered heads, fresh for each test."""
    folder = tmp_path / "state"
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(folder))
    return folder


# Tests never assert times: a slow or shared machine is no fault of the program.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_SLOW_FIRST = (
    "end_to_end/",
    "cli/test_bundle_walk",
    "evidence/test_kill",
    "bundle/test_crossing",
    "cli/",
    "documents/",
    "redaction/",
    "desktop/",
    "bundle/",
)
"""Where single tests take long: begun last, one process would work on alone while the other has nothing to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; within a file nothing changes its place."""

    def rank(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((n for n, part in enumerate(_SLOW_FIRST) if f"tests/{part}" in path), len(_SLOW_FIRST))

    items.sort(key=rank)
