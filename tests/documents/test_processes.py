"""Processes for questions are copies of one that never reads a document; that one may end, wear out or never start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.documents.conftest import pdf, refused

from evidencevault.documents import processes
from evidencevault.documents.processes import Process
from evidencevault.documents.requests import Bytes, Reason
from evidencevault.documents.workers import Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies of a process are made on Linux only")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[object, processes._Server]]:
    """Servers of this test only, ended with it."""
    servers: dict[object, processes._Server] = {}
    monkeypatch.setattr(processes, "_servers", servers)
    yield servers
    for one in servers.values():
        one.end()


def pages() -> int | None:
    return Workers().look("a.pdf", Bytes(pdf())).pages


def test_one_server_makes_every_process(alone: dict[object, processes._Server], started: list[Process]) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: pages(), range(12))) == [1] * 12
    assert len(alone) == 1 and len({one.pid for one in started}) == 12


def test_a_process_holds_no_pipe_of_another() -> None:
    first, second = (processes.start({"PATH": os.environ["PATH"], **path()}) for _ in range(2))
    try:
        until(lambda: not held(first) & held(second) - {"/dev/null"})
        until(lambda: len(held(first)) == 3 and "/dev/null" in held(first))
        assert len([one for one in held(first) if one.startswith("pipe")]) == 2
    finally:
        for one in (first, second):
            one.kill()
            one.wait()
            for stream in (one.stdin, one.stdout):
                assert stream is not None
                stream.close()


def path() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(os.path.abspath(one) for one in sys.path if one), "PYTHONUTF8": "1"}


def held(process: Process) -> set[str]:
    return {os.readlink(one) for one in Path(f"/proc/{process.pid}/fd").iterdir()}


def until(true: object) -> None:
    end = time.monotonic() + 20
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_server_that_was_killed_is_replaced(alone: dict[object, processes._Server]) -> None:
    assert pages() == 1
    (server,) = alone.values()
    server._process.kill()
    server._process.wait()
    assert pages() == 1
    assert list(alone.values()) != [server]


def test_a_server_killed_while_its_copy_works_is_a_sentence(
    alone: dict[object, processes._Server], started: list[Process]
) -> None:
    def worked() -> None:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(lambda: Workers().probe("hang"))
            until(lambda: started)
            (server,) = alone.values()
            server._process.kill()
            server._process.wait()
            os.kill(started[0].pid, signal.SIGKILL)
            asked.result()

    assert refused(worked).reason is Reason.CRASHED


def test_a_worn_server_is_followed_by_another(
    alone: dict[object, processes._Server], monkeypatch: pytest.MonkeyPatch, started: list[Process]
) -> None:
    monkeypatch.setattr(processes, "_MOST", 2)
    assert [pages() for _ in range(5)] == [1] * 5
    assert len(started) == 5
    assert len(processes._retired) >= 1
    until(lambda: all(one.poll() is not None for one in processes._retired))


def test_a_server_ends_with_the_program(alone: dict[object, processes._Server]) -> None:
    assert pages() == 1
    (server,) = alone.values()
    server.end()
    assert server._process.returncode == 0
    alone.clear()


def test_elsewhere_each_question_starts_a_process_of_its_own(
    alone: dict[object, processes._Server], monkeypatch: pytest.MonkeyPatch, started: list[Process]
) -> None:
    monkeypatch.setattr(processes.sys, "platform", "darwin")
    assert pages() == 1
    assert not alone and isinstance(started[0], subprocess.Popen)
