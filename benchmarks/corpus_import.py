"""Bring a folder of foreign files into a vault, once, as an officer would, and count what came of each.

    EVIDENCEVAULT_CORPUS=FOLDER python benchmarks/corpus_import.py [--json]

Every file goes through the program's own door: sealed, numbered, entered, looked at by the confined worker, mails and
archives opened, texts indexed. Then the whole chain of custody is verified, every stored file decrypted and compared.
Ends with 0 only if every file is imported (or refused with a sentence), the program did not fall, and all is intact.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from evidencevault.custody import casefile, membership, verify
from evidencevault.documents.workers import Workers
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.exhibits import Acquisition, Exhibit
from evidencevault.progress import Progress


def outcome(one: Exhibit) -> str:
    """What can be done with an exhibit, in the program's own words without the name."""
    if not one.looked_at:
        return "not looked at"
    if one.previewable:
        return "previewable"
    return (one.failure or "not previewable").replace(f"“{one.name}”", "it")


def measure(corpus: Path, folder: Path) -> dict[str, object]:
    """Import, list, verify; the counts."""
    os.environ["EVIDENCEVAULT_STATE"] = str(folder / "state")
    founded = membership.found(
        folder / "vault", organisation="O", country="NL", name="a", roles=frozenset({"officer"}), passphrase="benchmark"
    )
    case = casefile.create_case(founded.office, {"title": "T", "severity": "low", "categories": ["other"]})
    start = time.perf_counter()
    report = intake.bring_in(case, [corpus], Acquisition("benchmark"), workers=Workers())
    seconds = time.perf_counter() - start
    found = exhibits.list_exhibits(case)
    of_parents = Counter("child" if one.parent else "file" for one in found)
    start = time.perf_counter()
    intact = verify.verify(founded.office, None, full=True, progress=Progress())
    verified = time.perf_counter() - start
    founded.office.close()
    return {
        "files": sum(1 for path in corpus.rglob("*") if path.is_file() and not path.is_symlink()),
        "imported": of_parents["file"],
        "members of mails and archives": of_parents["child"],
        "refused": Counter(one.reason for one in report.failed),
        "outcomes": Counter(outcome(one) for one in found),
        "duplicates": sum(one.duplicate_of is not None for one in found),
        "warned of": sum(bool(one.warnings) for one in found),
        "seconds": round(seconds, 1),
        "seconds to verify all": round(verified, 1),
        "findings": [f"{one.where}: {one.what}" for one in intact.findings],
    }


def main() -> int:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    corpus = os.environ.get("EVIDENCEVAULT_CORPUS")
    if not corpus or not Path(corpus).is_dir():
        sys.exit("Name the folder of files in EVIDENCEVAULT_CORPUS.")
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(corpus), Path(folder))
    if asked.json:
        print(json.dumps(told, indent=1, default=dict))
    else:
        for name, value in told.items():
            if isinstance(value, Counter):
                print(name)
                for text, count in value.most_common():
                    print(f"  {count:6d}  {text}")
            else:
                print(f"{name}: {value}")
    return 1 if told["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
