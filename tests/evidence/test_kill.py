"""kill -9 in the middle of an import, at random moments: what was committed is readable, nothing is doubled or half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.office import Office
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.exhibits import Acquisition, Exhibit
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


class Importer:
    """Imports that are killed: the program's, each in a process of its own."""

    def __init__(self, desk: Desk) -> None:
        command = [sys.executable, str(Path(importer.__file__)), str(desk.folder), "anna's words", REFERENCE]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )

    def kill_one(self, source: Path, delay: float) -> bool:
        """Start the import, kill it ``delay`` seconds after it began; True if it was still running."""
        words, said = self._process.stdin, self._process.stdout
        assert words is not None and said is not None
        words.write(f"{source}\n")
        words.flush()
        told = [said.readline().split(), said.readline().split()]  # whoever is quicker
        (number,) = (int(one) for (one,) in told if one != "ready")
        assert ["ready"] in told
        time.sleep(delay)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        word, code = said.readline().split()
        assert (word, code) in (("ended", "0"), ("ended", str(-signal.SIGKILL)))
        return code != "0"

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture
def killed_imports(desk: Desk) -> Iterator[Importer]:
    made = Importer(desk)
    yield made
    made.close()


@pytest.mark.slow
def test_an_import_killed_at_random_moments_loses_and_doubles_nothing(
    desk: Desk, killed_imports: Importer, tmp_path: Path
) -> None:
    chance = random.Random(20_260_301)
    desk.office.close()
    number, killed, partly = 0, 0, 0
    expected: dict[str, bytes] = {}
    read: set[str] = set()
    files = make_tree(tmp_path, number)
    while killed < ROUNDS:
        killed += killed_imports.kill_one(tmp_path / f"brought-{number}", chance.uniform(0, 0.35))
        desk.office = Office.unlock(desk.folder, "anna", "anna's words")
        desk._case = None
        case = desk.case
        there = exhibits.list_exhibits(case)
        assert case.ledger.state.findings == []
        assert [one.number for one in there] == [f"E{n:03d}" for n in range(1, len(there) + 1)]
        paths = Counter(one.path for one in there)
        assert all(count == 1 for count in paths.values())
        for one in there:
            if one.number not in read:
                assert content(case, one) == {**expected, **files}[str(one.path)]
        read |= {one.number for one in there}
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
    there = exhibits.list_exhibits(desk.case)
    assert {str(one.path): content(desk.case, one) for one in there} == expected | files
    assert len(there) == len(expected | files)


def content(case: CaseFile, one: Exhibit) -> bytes:
    with case.open_object(exhibits.of_object(one)) as reader:
        return b"".join(reader.stream())
