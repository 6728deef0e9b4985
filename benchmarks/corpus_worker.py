"""Every file of a folder through real confined workers, two at a time: what can be shown, and why the rest cannot.

    EVIDENCEVAULT_CORPUS=FOLDER python benchmarks/corpus_worker.py [--quick] [--only WORD]

Asks look, thumbnail, text and children of each file (--quick: look and thumbnail only; --only: files with WORD in
their path) and prints counts. Which files are damaged is a property of the corpus and no failure. A line "BUG" is an
error of the program itself, one that is no DocumentFailed: then it ends with 1. About a second a file.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from evidencevault.documents.names import shown_name
from evidencevault.documents.requests import Bytes, DocumentFailed, Findings, Reason
from evidencevault.documents.sentences import sentence
from evidencevault.documents.workers import Workers

AT_ONCE = 2
SLOW = 10.0
QUESTIONS = ("look", "thumbnail", "text", "children")
ENDED_BADLY = (Reason.TIME, Reason.MEMORY, Reason.CRASHED, Reason.NONSENSE)
"""Outcomes that say more about the worker than about the document."""


@dataclass
class Told:
    """What came of one file: one word for each question."""

    name: str
    media: str = "(none)"
    mismatch: str = ""
    hidden: tuple[str, ...] = ()
    seconds: float = 0.0
    asked: dict[str, str] = field(default_factory=dict)
    bugs: list[str] = field(default_factory=list)


def ask(told: Told, kind: str, act: Callable[[], str]) -> None:
    """Put one question; the outcome is a word or the reason of the failure."""
    try:
        told.asked[kind] = act()
    except DocumentFailed as error:
        told.asked[kind] = str(error.reason)
    except Exception:  # the run is to end, and a bug is to be seen in its report
        told.asked[kind] = "BUG"
        told.bugs.append(f"{kind} of {told.name}: {traceback.format_exc(limit=-2)}")


def looked(told: Told, name: str, found: Findings) -> str:
    """Note what look found; the outcome is a word, for what has no pages the reason."""
    told.media, told.mismatch = found.media_type, found.mismatch
    told.hidden = tuple(one.kind for one in found.hidden)
    if found.previewable:
        return "previewable"
    reason = next((one for one in Reason if sentence(name, one) == found.reason), "no pages")
    return "container of other files" if found.container and reason == Reason.UNSUPPORTED else str(reason)


def visit(path: Path, folder: Path, quick: bool) -> Told:
    """All questions about one file."""
    workers, source = Workers(), Bytes(path.read_bytes())
    told = Told(shown_name(str(path.relative_to(folder))))
    started = time.perf_counter()
    ask(told, "look", lambda: looked(told, path.name, workers.look(path.name, source)))
    ask(told, "thumbnail", lambda: "made" if workers.thumbnail(path.name, source) else "empty")
    if not quick:
        ask(told, "text", lambda: "text" if any(p.text for p in workers.text(path.name, source)) else "pages, no text")
        ask(told, "children", lambda: "given" if sum(1 for _ in workers.children(path.name, source)) else "none inside")
    told.seconds = time.perf_counter() - started
    return told


def table(title: str, rows: Counter[str], whole: int) -> None:
    """One table of counts, most first, with its share of all files."""
    print(f"\n{title}")
    for name, count in rows.most_common():
        print(f"{count:6} {count / whole:7.1%}  {name}")


def report(results: Sequence[Told], seconds: float) -> int:
    """Print all counts; 1 if the program itself failed somewhere."""
    whole = len(results)
    outcomes = [word for told in results for word in told.asked.values()]
    badly = Counter(word for word in outcomes if word in ENDED_BADLY)
    bugs = [bug for told in results for bug in told.bugs]
    print(f"\n{whole} files, {len(outcomes)} workers in {seconds:.0f} s, {AT_ONCE} at a time")
    for kind in QUESTIONS:
        table(kind, Counter(told.asked[kind] for told in results if kind in told.asked), whole)
    table("media types", Counter(told.media for told in results), whole)
    table("files with hidden content", Counter(kind for told in results for kind in told.hidden), whole)
    print()
    for told in results:
        if told.mismatch:
            print(f"ending: {told.mismatch}  {told.name}")
        if told.seconds > SLOW:
            print(f"slow: {told.seconds:.1f} s  {told.name}")
        for kind, word in told.asked.items():
            if word in ENDED_BADLY:
                print(f"{word}: {kind} of {told.name}")
    print("\nworkers that ended badly: " + (", ".join(f"{count} {word}" for word, count in badly.items()) or "none"))
    for bug in bugs:
        print(f"BUG {bug}")
    print(f"errors of the program itself: {len(bugs)}")
    return 1 if bugs else 0


def main() -> int:
    """Run over EVIDENCEVAULT_CORPUS."""
    corpus = os.environ.get("EVIDENCEVAULT_CORPUS", "")
    if not corpus or not Path(corpus).is_dir():
        print("EVIDENCEVAULT_CORPUS names no folder.", file=sys.stderr)
        return 2
    words = sys.argv[1:]
    only = words[words.index("--only") + 1] if "--only" in words[:-1] else ""
    folder, quick = Path(corpus), "--quick" in words
    files = sorted(one for one in folder.rglob("*") if one.is_file() and only in str(one.relative_to(folder)))
    if not files:
        print("No file there.", file=sys.stderr)
        return 2
    started, results = time.perf_counter(), []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for told in pool.map(lambda path: visit(path, folder, quick), files):
            results.append(told)
            outcome = ", ".join(f"{kind}: {word}" for kind, word in told.asked.items())
            print(f"{told.seconds:7.2f}s  {told.name}  {told.media}  {outcome}", flush=True)
    return report(results, time.perf_counter() - started)


if __name__ == "__main__":
    raise SystemExit(main())
