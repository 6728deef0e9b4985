"""The program as a process of its own, a copy of one that has imported it: what it does is the same, 0.7 s sooner.

    python -m tests.support.calling

reads one call a line (JSON: argv, cwd, env, out, err) and answers each with its exit code. That the program also starts
from nothing is shown in ``tests/cli/test_calls.py`` and ``tests/end_to_end``.
"""

from __future__ import annotations

import atexit
import io
import json
import os
import sys
from typing import Any, NoReturn

from tests.support import argon

from evidencevault import resources
from evidencevault.cli import main
from evidencevault.documents import supervision


def serve() -> None:
    """Answer calls until the input ends."""
    argon.lighten()
    warm: list[dict[str, str]] = []
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["env"] not in warm:
            warm.append(asked["env"])
            _warm(asked["env"])
        child = os.fork()
        if child == 0:
            _call(asked)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm(env: dict[str, str]) -> None:
    """One server of document processes for all calls of an environment, in place of one that each would start."""
    own = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        process = supervision._start("")
    finally:
        os.environ.clear()
        os.environ.update(own)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _call(asked: dict[str, Any]) -> NoReturn:
    code = 99
    try:
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = [os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for name in ("out", "err")]
        for place, file in enumerate((nothing, *files)):
            os.dup2(file, place)
        sys.stdin = io.TextIOWrapper(io.FileIO(0))
        sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(n, "w"), encoding="utf-8") for n in (1, 2))
        sys.argv = ["evidencevault", *asked["argv"]]
        resources.use_language(resources.system_language())
        code = main.run(asked["argv"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        atexit._run_exitfuncs()
        os._exit(code)


if __name__ == "__main__":
    serve()
