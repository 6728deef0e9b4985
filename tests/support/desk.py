"""A folder with a vault, and the real program called from it in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[2] / "src"


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
        command = [sys.executable, "-m", "evidencevault.cli.main", *access, *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=600)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words: object, member: str = "anna", expect: int = 0) -> dict[str, Any]:
        found = json.loads(self.call("--json", *words, member=member, expect=expect).stdout)
        assert isinstance(found, dict)
        return found
