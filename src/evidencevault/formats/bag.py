"""BagIt 1.0 (RFC 8493): write a bag into anything that takes named streams, and check one from anything that gives.

Nothing here touches a disk but :func:`folder_sink`: a bag may go straight into a ZIP inside an age stream.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencevault.errors import Damaged, Refused, StorageFailed
from evidencevault.formats.bag_check import (
    ALGORITHMS,
    DECLARATION,
    SIGNATURE_SUFFIX,
    TAG_MANIFEST,
    BagReport,
    Fault,
    FaultKind,
    check,
    parse_info,
)
from evidencevault.formats.paths import Names, safe_path
from evidencevault.resources import tr

__all__ = [
    "ALGORITHMS",
    "TAG_MANIFEST",
    "BagReport",
    "Content",
    "Fault",
    "FaultKind",
    "Sink",
    "WrittenBag",
    "check",
    "folder_sink",
    "parse_info",
    "require",
    "safe_path",
    "write",
]

Content = bytes | Iterable[bytes]
Sink = Callable[[str, Iterator[bytes]], None]
"""Takes a path inside the bag and its bytes in pieces; must read them all before it returns."""

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_RESERVED = re.compile(r"(bagit|bag-info|fetch|(tag)?manifest-[^/]*)\.txt(\.sig)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenBag:
    """What a written bag holds: payload files and bytes, SHA-256 of each path in the bag, the tag manifest's bytes."""

    files: int
    size: int
    sha256: Mapping[str, bytes]
    tag_manifest: bytes


def write(
    sink: Sink,
    payload: Iterable[tuple[str, Content]],
    info: Sequence[tuple[str, str]],
    tags: Iterable[tuple[str, Content]] = (),
    sign: Callable[[bytes], bytes] | None = None,
) -> WrittenBag:
    """Write a whole bag through ``sink``, each file once and in one pass.

    ``payload`` paths are relative to ``data/``; ``tags`` are further files beside the manifests; ``info`` are the lines
    of bag-info.txt in order (Payload-Oxum is added). ``sign`` gets the bytes of tagmanifest-sha256.txt and returns
    the signature file's. Raises Refused for unsafe, reserved or colliding paths, before that file is written.
    """
    writer = _Writer(sink)
    info_lines = [_info_line(label, value) for label, value in info]
    writer.file("bagit.txt", DECLARATION)
    for path, content in payload:
        writer.file(f"data/{path}", content)
    files, size = writer.count("data/")
    for algorithm in ALGORITHMS:
        writer.file(f"manifest-{algorithm}.txt", writer.manifest(algorithm, payload=True))
    writer.file("bag-info.txt", "".join([*info_lines, f"Payload-Oxum: {size}.{files}\n"]).encode("utf-8"))
    for path, content in tags:
        if _RESERVED.fullmatch(path) or path.split("/")[0].casefold() == "data":
            raise Refused(
                tr("The name {path!r} belongs to the bag itself. Choose another; no bag was finished.").format(
                    path=path
                )
            )
        writer.file(path, content)
    tag_manifest = writer.manifest("sha256", payload=False)
    writer.file(TAG_MANIFEST, tag_manifest)
    if sign is not None:
        writer.file(TAG_MANIFEST + SIGNATURE_SUFFIX, sign(tag_manifest))
    return WrittenBag(files, size, writer.digests("sha256"), tag_manifest)


class _Writer:
    """Hashes what passes through to the sink and remembers it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._names = Names()
        self._seen: dict[str, tuple[int, dict[str, bytes]]] = {}

    def file(self, path: str, content: Content) -> None:
        self._names.add(path)
        hashers = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
        size, done = 0, False

        def pieces() -> Iterator[bytes]:
            nonlocal size, done
            for piece in (content,) if isinstance(content, bytes) else content:
                for hasher in hashers.values():
                    hasher.update(piece)
                size += len(piece)
                yield piece
            done = True

        self._sink(path, pieces())
        if not done:
            raise RuntimeError("the sink of a bag must read every file to its end")
        self._seen[path] = (size, {algorithm: hasher.digest() for algorithm, hasher in hashers.items()})

    def count(self, prefix: str) -> tuple[int, int]:
        sizes = [size for path, (size, _) in self._seen.items() if path.startswith(prefix)]
        return len(sizes), sum(sizes)

    def manifest(self, algorithm: str, *, payload: bool) -> bytes:
        lines = [
            f"{digests[algorithm].hex()}  {path}\n"
            for path, (_, digests) in sorted(self._seen.items())
            if path.startswith("data/") == payload
        ]
        return "".join(lines).encode("utf-8")

    def digests(self, algorithm: str) -> dict[str, bytes]:
        return {path: digests[algorithm] for path, (_, digests) in self._seen.items()}


def _info_line(label: str, value: str) -> str:
    if not _LABEL.fullmatch(label) or label.casefold() == "payload-oxum":
        raise ValueError("not a label of bag-info.txt")
    # A line break in a value would begin another element.
    return f"{label}: {' '.join(value.split())}\n"


def require(report: BagReport) -> BagReport:
    """The report of a bag without fault; raises Damaged naming the first fault otherwise."""
    if report.faults:
        first = report.faults[0]
        raise Damaged(
            tr("The bag is not as it was made: {count} faults, the first: {fault}. Do not rely on it.").format(
                count=len(report.faults), fault=first.sentence
            )
        )
    return report


def folder_sink(root: Path) -> Sink:
    """A sink that creates the files below ``root``, never replacing one; raises StorageFailed."""

    def sink(path: str, pieces: Iterator[bytes]) -> None:
        target = root.joinpath(*safe_path(path).split("/"))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageFailed(
                tr("{path} could not be written ({why}). The bag is not complete; remove its folder.").format(
                    path=path, why=error.strerror
                )
            ) from error

    return sink
