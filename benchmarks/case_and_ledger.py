"""A case of many exhibits: opening, listing and sorting it, and verifying its ledger, beside the parts that bound them.

    python benchmarks/case_and_ledger.py [--exhibits 100000] [--json]

The peers run in the same call: the RFC 6962 root of as many leaves, and as many AES-GCM openings, in plain Python.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidencevault.custody import casefile, membership
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.custody.office import Office
from evidencevault.custody.verify import verify
from evidencevault.formats import merkle
from evidencevault.progress import Progress

BATCH = 500
T = TypeVar("T")


def fill(case: CaseFile, count: int) -> None:
    """Exhibits without files: what is measured is the list and the ledger."""
    for start in range(0, count, BATCH):
        write = case.write()
        for number in range(start, min(count, start + BATCH)):
            body = {"number": f"E{number + 1:03d}", "name": f"photograph {number * 7919 % count}.jpg", "size": number}
            stored = write.record(Kind.EXHIBIT, body)
            write.entry("imported", records=[stored], subject=f"E{number + 1:03d}", digest=os.urandom(32))
        write.commit()


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds and the result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peers(count: int) -> dict[str, float]:
    """The same amount of bare work."""
    leaves = [os.urandom(32) for _ in range(count)]
    key, nonce = AESGCM(os.urandom(32)), os.urandom(12)
    sealed = key.encrypt(nonce, bytes(256), None)
    return {
        "peer: RFC 6962 root": timed(lambda: merkle.root(leaves))[0],
        "peer: AES-GCM openings": timed(lambda: [key.decrypt(nonce, sealed, None) for _ in range(count)])[0],
    }


def measure(folder: Path, count: int) -> dict[str, float]:
    """Seconds by work."""
    office = membership.found(
        folder / "vault", organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="p"
    ).office
    case = casefile.create_case(office, {"title": "T"})
    figures = {"write": timed(lambda: fill(case, count))[0]}
    office.close()
    figures["unlock"], office = timed(lambda: Office.unlock(folder / "vault", "anna", "p"))
    figures["open the case"], case = timed(lambda: next(iter(casefile.cases(office))))
    figures["read all exhibits"], records = timed(lambda: case.records(Kind.EXHIBIT))
    figures["sort by name"], _ = timed(lambda: sorted(records, key=lambda one: str(one.body["name"])))
    figures["verify"], report = timed(lambda: verify(office, None, progress=Progress()))
    assert len(records) == count and report.findings == ()
    office.close()
    return figures | peers(count)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exhibits", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EVIDENCEVAULT_STATE"] = str(Path(folder) / "state")
        figures = measure(Path(folder), chosen.exhibits)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if chosen.json:
        print(json.dumps({"exhibits": chosen.exhibits, "seconds": figures, "peak_mib": memory}))
        return
    for name, seconds in figures.items():
        print(f"{name:24} {seconds:8.2f} s {chosen.exhibits / max(seconds, 1e-9):12,.0f} a second")
    print(f"{'peak memory':24} {memory:8.0f} MiB")


if __name__ == "__main__":
    main()
