"""The age of JavaScript (npm's age-encryption), which knows hybrid recipients; Debian's age does not yet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent / "node"


class NodeAge:
    """The script in a folder with its packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: object) -> str:
        """Call the script; fails where it fails."""
        command = ["node", "age.js", *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def installed(folder: Path) -> NodeAge | str:
    """Its packages by the lock file, with their digests; or why there is none."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node or npm is not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        return "node is older than 20"
    for file in HERE.iterdir():
        shutil.copy(file, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=20000"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return NodeAge(folder) if done.returncode == 0 else "the npm registry cannot be reached"
