"""Import of many small files, with ledger, beside `7z a -p` (or `sha256sum`, where 7z is not installed).

    python benchmarks/small_files.py [--files N] [--size KIB] [--folder FOLDER] [--json]

The tree is made once and read once before anything is timed. Ours hashes, seals, numbers and enters every file in the
chain of custody, durable at the end; no document worker looks at it. Prints files a second and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from evidencevault.custody import casefile, membership
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.exhibits import Acquisition


def make_tree(root: Path, files: int, size: int) -> None:
    """Folders of 500 files of random bytes each, in the page cache."""
    for number in range(files):
        folder = root / f"{number // 500:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06d}.bin").write_bytes(os.urandom(size))
    os.sync()


def ours(root: Path, folder: Path, files: int) -> tuple[float, float]:
    """Seconds to import, and to list all exhibits of the case opened again."""
    os.environ["EVIDENCEVAULT_STATE"] = str(folder / "state")
    founded = membership.found(
        folder / "vault", organisation="O", country="NL", name="a", roles=frozenset({"officer"}), passphrase="benchmark"
    )
    case = casefile.create_case(founded.office, {"title": "T", "severity": "low", "categories": ["other"]})
    start = time.perf_counter()
    report = intake.bring_in(case, [root], Acquisition("benchmark"))
    seconds = time.perf_counter() - start
    if report.failed or len(report.exhibits) != files:
        raise SystemExit("not every file came in")
    start = time.perf_counter()
    listed = len(exhibits.list_exhibits(casefile.open_case(founded.office, case.reference)))
    opened = time.perf_counter() - start
    founded.office.close()
    if listed != files:
        raise SystemExit("not every file is listed")
    return seconds, opened


def peer(root: Path, folder: Path) -> tuple[str, float]:
    """Seconds of the peer over the same tree."""
    tool = shutil.which("7z") or shutil.which("7zz")
    start = time.perf_counter()
    if tool:
        subprocess.run(
            [tool, "a", "-mx=0", "-mhe=on", "-pbenchmark", str(folder / "peer.7z"), str(root)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        subprocess.run(["sync", str(folder / "peer.7z")], check=True)
        return "7z a -p -mx=0, sync", time.perf_counter() - start
    subprocess.run(
        ["sh", "-c", 'find "$1" -type f -print0 | xargs -0 sha256sum >/dev/null', "sh", str(root)], check=True
    )
    return "sha256sum", time.perf_counter() - start


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=20, metavar="KIB")
    parser.add_argument("--folder", type=Path, help="measure on this disk (default: the system's temporary folder)")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        make_tree(folder / "tree", chosen.files, chosen.size * 1024)
        tool, theirs = peer(folder / "tree", folder)
        seconds, opened = ours(folder / "tree", folder, chosen.files)
    result = {
        "benchmark": "small_files",
        "files": chosen.files,
        "size_kib": chosen.size,
        "import_files_per_s": round(chosen.files / seconds),
        "peer": tool,
        "peer_files_per_s": round(chosen.files / theirs),
        "import_to_peer": round(theirs / seconds, 3),
        "open_and_list_seconds": round(opened, 2),
    }
    if chosen.json:
        json.dump(result, sys.stdout, indent=2)
        print()
        return
    for key, value in result.items():
        print(f"  {key:<24}{value}")


if __name__ == "__main__":
    main()
