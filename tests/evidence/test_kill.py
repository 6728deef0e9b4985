"""kill -9 in the middle of an import, at random moments: what was committed is readable, nothing is doubled or half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from evidencevault.custody.office import Office
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.exhibits import Acquisition
from tests.evidence import importer
from tests.evidence.conftest import REFERENCE, Desk

ROUNDS = 20
FILES = 120


def make_tree(root: Path, round_: int) -> dict[str, bytes]:
    """Mostly small files, every tenth one large enough to lie in the store."""
    files = {f"brought-{round_}/{n:03d}.bin": os.urandom(300_000 if n % 10 == 0 else 2000) for n in range(FILES)}
    for name, content in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content)
    return files


def kill_one(desk: Desk, source: Path, passphrase: str, delay: float) -> bool:
    """Start the import, kill it ``delay`` seconds after it began; True if it was still running."""
    command = [sys.executable, str(Path(importer.__file__)), str(desk.folder), passphrase, REFERENCE, str(source)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        process.kill()
        process.wait()
    return process.returncode != 0


@pytest.mark.slow
def test_an_import_killed_at_random_moments_loses_and_doubles_nothing(desk: Desk, tmp_path: Path) -> None:
    chance = random.Random(20_260_301)
    desk.office.close()
    number, killed, partly = 0, 0, 0
    expected: dict[str, bytes] = {}
    files = make_tree(tmp_path, number)
    while killed < ROUNDS:
        killed += kill_one(desk, tmp_path / f"brought-{number}", "anna's words", chance.uniform(0, 0.35))
        desk.office = Office.unlock(desk.folder, "anna", "anna's words")
        desk._case = None
        case = desk.case
        there = exhibits.list_exhibits(case)
        assert case.ledger.state.findings == []
        assert [one.number for one in there] == [f"E{n:03d}" for n in range(1, len(there) + 1)]
        paths = Counter(one.path for one in there)
        assert all(count == 1 for count in paths.values())
        for one in there:
            with case.open_object(exhibits.of_object(one)) as reader:
                assert b"".join(reader.stream()) == {**expected, **files}[str(one.path)]
        now = sum(str(one.path).startswith(f"brought-{number}/") for one in there)
        partly += 0 < now < FILES
        if now == FILES and intake.unfinished(case) == []:
            expected |= files
            number += 1
            files = make_tree(tmp_path, number)
        desk.office.close()
    assert partly >= 3  # the moments were really in the middle
    desk.office = Office.unlock(desk.folder, "anna", "anna's words")
    desk._case = None
    report = intake.bring_in(desk.case, [tmp_path / f"brought-{number}"], Acquisition("the reporter"))
    assert report.failed == () and len(report.exhibits) == FILES
    paths = Counter(one.path for one in exhibits.list_exhibits(desk.case))
    assert set(paths) == set(expected) | set(files) and max(paths.values()) == 1
