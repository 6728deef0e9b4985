"""A folder with a vault, and the real program called from it, each time in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src"
_server: list[subprocess.Popen[str]] = []


def _started() -> subprocess.Popen[str]:
    """The process whose copies carry out the calls of this one; it ends with its input."""
    if not _server or _server[0].poll() is not None:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(TOP)])}
        command, pipe = [sys.executable, "-m", "tests.support.calling"], subprocess.PIPE
        _server[:] = [subprocess.Popen(command, cwd=TOP, env=env, stdin=pipe, stdout=pipe, text=True)]
    return _server[0]


def called(words: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the program with these words in a folder and an environment."""
    with tempfile.TemporaryDirectory() as said:
        files = {name: str(Path(said) / name) for name in ("out", "err")}
        server = _started()
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write(json.dumps({"argv": words, "cwd": str(folder), "env": env, **files}) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, err = (Path(file).read_text("utf-8", "replace") for file in files.values())
    return subprocess.CompletedProcess(words, code, out, err)


class Desk:
    """A folder with passphrases and a vault, and the program called from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("EVIDENCEVAULT_")}
        paths = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.env |= {
            "PYTHONPATH": os.pathsep.join(paths),
            "EVIDENCEVAULT_STATE": str(folder / "state"),
            "LANG": "C.UTF-8",
        }
        for name in ("anna", "leo", "ota"):
            (folder / name).write_text(f"words of {name}\n")

    def call(self, *words: object, member: str = "anna", expect: int = 0) -> subprocess.CompletedProcess[str]:
        access = ["--vault", "v", "--member", member, "--passphrase-file", member]
        done = called([*access, *map(str, words)], self.folder, self.env)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words: object, member: str = "anna", expect: int = 0) -> dict[str, Any]:
        found = json.loads(self.call("--json", *words, member=member, expect=expect).stdout)
        assert isinstance(found, dict)
        return found
