"""Every PDF of a folder burnt in mode D and attacked, two at a time: what came of each, and pages a second.

    EVIDENCEVAULT_CORPUS=FOLDER python benchmarks/corpus_burn.py [--only WORD] [--most PAGES]

On each page the middle is marked. Counts: burnt and clean; refused, with the reason; found by the attack. A file that
is refused is a property of the corpus and no failure; a crash, a hang over the limit, or a copy that the attack does
not find clean is one: then it ends with 1. ``--most`` leaves out files with more pages. Half an hour.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from evidencevault.documents.names import shown_name
from evidencevault.documents.requests import Bytes, DocumentFailed, Mark, Reason, Suspect
from evidencevault.documents.workers import Workers

AT_ONCE = 2
BURNT, NOT_CLEAN, LEFT_OUT = "burnt and clean", "found by the attack", "left out: too many pages"
BAD = {NOT_CLEAN, *(str(one) for one in (Reason.TIME, Reason.CRASHED, Reason.NONSENSE))}


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one file."""

    name: str
    outcome: str
    pages: int = 0
    size: int = 0
    seconds: float = 0.0


def visit(path: Path, folder: Path, most: int) -> Told:
    """Burn one file and attack the copy."""
    name, source, workers = shown_name(str(path.relative_to(folder))), Bytes(path.read_bytes()), Workers()
    started = time.perf_counter()
    try:
        pages = workers.text(path.name, source)
        if len(pages) > most:
            return Told(name, LEFT_OUT)
        marks = [Mark(one.page, one.width / 3, one.height / 3, one.width / 1.5, one.height / 1.5) for one in pages]
        copy = workers.burn(path.name, source, marks)
        report = workers.attack([Suspect("copy.pdf", Bytes(copy), True, tuple(marks))], ["Zwartkruin Vermeulen"])
    except DocumentFailed as error:
        return Told(name, str(error.reason), seconds=time.perf_counter() - started)
    outcome = BURNT if report.clean else NOT_CLEAN
    return Told(name, outcome, len(pages), len(copy), time.perf_counter() - started)


def main() -> int:
    """Visit all and print the counts."""
    folder = Path(os.environ["EVIDENCEVAULT_CORPUS"])
    words = sys.argv[1:]
    only = words[words.index("--only") + 1] if "--only" in words else ""
    most = int(words[words.index("--most") + 1]) if "--most" in words else 10_000
    files = sorted(one for one in folder.rglob("*.pdf") if only in str(one))
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(lambda path: visit(path, folder, most), files))
    taken = time.perf_counter() - started
    counts = Counter(one.outcome for one in told)
    pages, size = sum(one.pages for one in told), sum(one.size for one in told)
    print(f"{len(told)} PDFs in {taken:.0f} s, {AT_ONCE} at a time")
    for outcome, count in counts.most_common():
        print(f"  {count:5} {outcome}")
    each = size / max(pages, 1) / 1024
    print(f"{pages} pages, {pages / taken:.1f} a second (read, burnt, attacked), {each:.0f} KiB each")
    for one in sorted(told, key=lambda one: -one.seconds)[:5]:
        print(f"  {one.seconds:6.1f} s  {one.pages:5} pages  {one.outcome}: {one.name}")
    bad = [one for one in told if one.outcome in BAD]
    for one in bad:
        print(f"BAD {one.outcome}: {one.name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
