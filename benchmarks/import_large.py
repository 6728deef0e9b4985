"""Import of one large file, durable, beside what the processor allows and beside `sha256sum & age`.

    python benchmarks/import_large.py [--size MIB] [--rounds N] [--folder FOLDER] [--json]

Every round runs all rows, each time beginning with another, and the median is kept, so that a noisy neighbour and a
disk with a burst allowance hit them alike:

- *limit*: SHA-256 and ChaCha20-Poly1305 over memory in two threads, nothing read, nothing written;
- *disk*: as many bytes put into a FolderStore, durable, nothing computed;
- *import*: `seal_object` into a FolderStore, from the file to the fsynced folder;
- *peer*: `sha256sum F & age -r … -o OUT F; wait`, then `sync` of its output, as ours is durable too.

Prints MB/s (10^6 bytes of plaintext a second) and the ratios; with --json the same as JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.vault.objects import open_object, seal_object
from evidencevault.vault.stores import FolderStore

MEBIBYTE = 1024 * 1024


def make_file(path: Path, mebibytes: int) -> None:
    """A file of random bytes: nothing sparse, nothing that compresses; written out and in the page cache."""
    with path.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MEBIBYTE))
        file.flush()
        os.fsync(file.fileno())


def limit(mebibytes: int) -> None:
    """SHA-256 in one thread, ChaCha20-Poly1305 of 64 KiB chunks in another, over one MiB of memory each."""
    plain = bytearray(os.urandom(MEBIBYTE))
    digest = hashlib.sha256()

    def hash_all() -> None:
        for _ in range(mebibytes):
            digest.update(plain)

    hashing = threading.Thread(target=hash_all)
    hashing.start()
    cipher = ChaCha20Poly1305(bytes(32))
    view, out = memoryview(plain), bytearray(age.CHUNK + 16)
    for _ in range(mebibytes):
        for start in range(0, MEBIBYTE, age.CHUNK):
            cipher.encrypt_into(bytes(12), view[start : start + age.CHUNK], None, out)
    hashing.join()


def put_only(folder: Path, mebibytes: int) -> None:
    """As many bytes put into the store, nothing computed."""
    block = os.urandom(MEBIBYTE)
    FolderStore(folder).put(bytes(16).hex(), (block for _ in range(mebibytes)))


def bring_in(source: Path, folder: Path) -> None:
    """Ours: from the file to the durable object."""
    with source.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        seal_object(FolderStore(folder), bytes(16), bytes(16), file.readinto, Progress(), expected=size)


def peer(source: Path, out: Path, recipient: str) -> None:
    """Hash and encrypt side by side with the tools of the system."""
    file, result = shlex.quote(str(source)), shlex.quote(str(out))
    command = f"sha256sum {file} >/dev/null & age -r {recipient} -o {result} {file}; status=$?; wait; exit $status"
    subprocess.run(["sh", "-c", command], check=True)
    subprocess.run(["sync", str(out)], check=True)


def timed(work: Callable[[], None]) -> float:
    """Seconds the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def check(folder: Path, source: Path) -> None:
    """The imported object is the file: otherwise the figures mean nothing."""
    with source.open("rb") as file:
        expected = hashlib.file_digest(file, "sha256").digest()
    with source.open("rb", buffering=0) as file:
        store = FolderStore(folder)
        sealed = seal_object(store, bytes(16), bytes(16), file.readinto, Progress())
    with open_object(store, sealed, bytes(16)) as reader:
        reader.verify(Progress())
    if sealed.sha256 != expected:
        raise SystemExit("the imported object is not the file")


def measure(mebibytes: int, rounds: int, folder: Path) -> dict[str, list[float]]:
    """Seconds of each row in each round."""
    source, place, out = folder / "source.bin", folder / "vault", folder / "peer.age"
    make_file(source, mebibytes)
    recipient = str(age.X25519Identity.generate().recipient())
    rows: dict[str, Callable[[], None]] = {
        "limit": lambda: limit(mebibytes),
        "disk": lambda: put_only(place, mebibytes),
        "import": lambda: bring_in(source, place),
        "peer": lambda: peer(source, out, recipient),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for number in range(rounds):
        first = number % len(rows)
        for name in [*rows, *rows][first : first + len(rows)]:  # a disk with a burst allowance must not favour a place
            seconds[name].append(timed(rows[name]))
            FolderStore(place).delete(bytes(16).hex())
            out.unlink(missing_ok=True)
    check(folder / "vault-check", source)
    return seconds


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=512, metavar="MIB")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="measure on this disk (default: the system's temporary folder)")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        seconds = measure(chosen.size, chosen.rounds, Path(folder))
    rates = {name: chosen.size * MEBIBYTE / 1e6 / statistics.median(all_rounds) for name, all_rounds in seconds.items()}
    result = {
        "benchmark": "import_large",
        "size_mib": chosen.size,
        "rounds": chosen.rounds,
        "mb_per_s": {name: round(rate, 1) for name, rate in rates.items()},
        "import_to_limit": round(rates["import"] / rates["limit"], 3),
        "import_to_peer": round(rates["import"] / rates["peer"], 3),
        "peak_memory_over_idle_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - idle, 1),
    }
    if chosen.json:
        json.dump(result, sys.stdout, indent=2)
        print()
        return
    print(f"one file of {chosen.size} MiB, {chosen.rounds} rounds, medians")
    for name, rate in rates.items():
        print(f"  {name:<8}{rate:9.1f} MB/s   import is {rates['import'] / rate:5.2f} times this")
    print(f"  peak memory over idle {result['peak_memory_over_idle_mib']} MiB")


if __name__ == "__main__":
    main()
