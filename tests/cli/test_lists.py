"""Lists written as `--exhibit E001 E002`."""

from __future__ import annotations

import pytest

from evidencevault.cli.lists import spread


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("bundle create R --exhibit E001 E002 --all", "bundle create R --exhibit E001 --exhibit E002 --all"),
        (
            "bundle create --exhibit E001 NL-2026-0001 --purpose p",
            "bundle create --exhibit E001 NL-2026-0001 --purpose p",
        ),
        ("--category neglect other --severity low", "--category neglect --category other --severity low"),
        ("--exhibit E001 --exhibit E002", "--exhibit E001 --exhibit E002"),
        ("redact mark R E001 --term E002", "redact mark R E001 --term E002"),
        ("bundle create R --originals E001 E002", "bundle create R --originals E001 --originals E002"),
        ("--exhibit=E001 E002", "--exhibit=E001 E002"),
        ("--exhibit E001 E002 --to out E003", "--exhibit E001 --exhibit E002 --to out E003"),
        ("bundle create R --exhibit", "bundle create R --exhibit"),
        ("--category a-title neglect", "--category a-title --category neglect"),
        ("", ""),
    ],
)
def test_values_are_spread(given: str, meant: str) -> None:
    assert spread(given.split()) == meant.split()
