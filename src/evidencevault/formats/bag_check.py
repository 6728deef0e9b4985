"""Checking a bag (RFC 8493) that came from somebody else: every fault named, nothing trusted, nothing written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evidencevault.errors import Refused
from evidencevault.formats.paths import Names
from evidencevault.progress import Progress
from evidencevault.resources import tr

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE_SUFFIX = ".sig"
MAX_TAG_FILE = 64 << 20
"""Largest manifest or info file that is read into memory: some 500,000 files."""

_DIGEST_HEX = {"sha256": 64, "sha512": 128}
_MANIFEST = re.compile(r"(?:tag)?manifest-([a-z0-9]+)\.txt")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_ESCAPED = re.compile(r"%(0[AaDd]|25)")

Read = Callable[[str], Iterable[bytes]]


class FaultKind(StrEnum):
    """What is wrong with one file of a bag."""

    UNSAFE = "unsafe"
    MALFORMED = "malformed"
    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the path inside the bag and what is wrong with it."""

    path: str
    kind: FaultKind

    @property
    def sentence(self) -> str:
        """The fault in words."""
        words = {
            FaultKind.UNSAFE: tr("{path!r} is not a safe name, or stands twice"),
            FaultKind.MALFORMED: tr("{path!r} is not written as BagIt wants it"),
            FaultKind.MISSING: tr("{path!r} is missing"),
            FaultKind.EXTRA: tr("{path!r} is in the bag but in no manifest"),
            FaultKind.CHANGED: tr("{path!r} was changed"),
            FaultKind.TOTALS: tr("{path!r} gives other totals than the files have"),
        }
        return words[self.kind].format(path=self.path)


@dataclass(frozen=True, slots=True)
class BagReport:
    """The outcome: payload files and bytes read, SHA-256 per path, bag-info, the tag manifest's bytes, faults."""

    files: int
    size: int
    sha256: Mapping[str, bytes]
    info: tuple[tuple[str, str], ...]
    tag_manifest: bytes
    faults: tuple[Fault, ...]


def check(names: Iterable[str], read: Read, progress: Progress | None = None) -> BagReport:
    """Check a bag of these paths (relative to its folder, files only); ``read`` gives a file's bytes in pieces.

    Each file that a manifest names is read once. Every payload file must stand in every payload manifest, and every
    other file but the tag manifest and its signature in the tag manifest. Faults are reported, not raised; unsafe names
    are never read.
    """
    return _Check(read, progress or Progress()).run(names)


class _Check:
    def __init__(self, read: Read, progress: Progress) -> None:
        self._read = read
        self._progress = progress
        self._faults: dict[Fault, None] = {}
        self._tag_bytes: dict[str, bytes] = {}
        self._digests: dict[str, dict[str, bytes]] = {}
        self._payload = [0, 0]

    def run(self, names: Iterable[str]) -> BagReport:
        safe = self._safe(names)
        manifests = sorted(path for path in safe if _MANIFEST.fullmatch(path))
        self._progress.expect(len(safe))
        kept = {*manifests, *safe & {"bagit.txt", "bag-info.txt"}}
        for path in sorted(kept):
            self._progress.advance()
            self._hash(path, keep=True)
        # What no list names is a fault whatever it holds, and may unpack to terabytes: it is not read.
        named = {name for manifest in manifests for name in self._named(manifest)} | {TAG_MANIFEST + SIGNATURE_SUFFIX}
        for path in sorted(safe - kept):
            self._progress.advance()
            if path in named:
                self._hash(path, keep=False)
        self._declaration(safe)
        # The lists first: a changed one accuses files that were not changed.
        self._listed(safe, manifests, payload=False)
        self._listed(safe, manifests, payload=True)
        info = self._info(safe)
        return BagReport(
            self._payload[0],
            self._payload[1],
            {path: digests["sha256"] for path, digests in self._digests.items()},
            info,
            self._tag_bytes.get(TAG_MANIFEST, b""),
            tuple(self._faults),
        )

    def _fault(self, path: str, kind: FaultKind) -> None:
        self._faults[Fault(path, kind)] = None

    def _safe(self, names: Iterable[str]) -> set[str]:
        known, safe = Names(), set()
        for path in names:
            try:
                known.add(path)
            except Refused:
                self._fault(path, FaultKind.UNSAFE)
            else:
                safe.add(path)
        return safe

    def _hash(self, path: str, *, keep: bool) -> None:
        hashers = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
        size, kept = 0, bytearray()
        for piece in self._read(path):
            self._progress.check()  # a film may have gigabytes: nobody waits for its end
            size += len(piece)
            for hasher in hashers.values():
                hasher.update(piece)
            if keep and size <= MAX_TAG_FILE:
                kept += piece
        if keep and size > MAX_TAG_FILE:
            self._fault(path, FaultKind.MALFORMED)
            kept.clear()
        if keep:
            self._tag_bytes[path] = bytes(kept)
        if path.startswith("data/"):
            self._payload[0] += 1
            self._payload[1] += size
        self._digests[path] = {algorithm: hasher.digest() for algorithm, hasher in hashers.items()}

    def _declaration(self, safe: Collection[str]) -> None:
        if "bagit.txt" not in safe:
            self._fault("bagit.txt", FaultKind.MISSING)
        elif self._tag_bytes["bagit.txt"].replace(b"\r\n", b"\n").rstrip(b"\n") != DECLARATION.rstrip(b"\n"):
            self._fault("bagit.txt", FaultKind.MALFORMED)
        if "fetch.txt" in safe:
            # It tells readers to fetch the rest from elsewhere: this bag would not be whole.
            self._fault("fetch.txt", FaultKind.EXTRA)

    def _listed(self, safe: Collection[str], manifests: Collection[str], *, payload: bool) -> None:
        prefix, wanted = ("manifest-", "manifest-sha256.txt") if payload else ("tagmanifest-", TAG_MANIFEST)
        ours = [path for path in manifests if path.startswith(prefix)]
        if wanted not in ours:
            self._fault(wanted, FaultKind.MISSING)
        expected = {path for path in safe if path.startswith("data/") == payload}
        if not payload:
            expected -= {path for path in manifests if path.startswith("tagmanifest-")}
            expected.discard(TAG_MANIFEST + SIGNATURE_SUFFIX)
        for manifest in ours:
            listed = self._entries(manifest, payload=payload)
            for path in sorted(expected - listed):
                self._fault(path, FaultKind.EXTRA)

    def _entries(self, manifest: str, *, payload: bool) -> set[str]:
        """The paths that a manifest lists; compares each on the way."""
        match = _MANIFEST.fullmatch(manifest)
        algorithm = match[1] if match else ""
        listed: set[str] = set()
        if algorithm not in ALGORITHMS:
            # A digest that is not computed here proves nothing and must not seem to.
            self._fault(manifest, FaultKind.MALFORMED)
            return listed
        for line in self._lines(manifest):
            entry = _LINE.fullmatch(line)
            path = _unescaped(entry[2]) if entry else ""
            if entry is None or path in listed or len(entry[1]) != _DIGEST_HEX[algorithm]:
                self._fault(manifest, FaultKind.MALFORMED)
            elif path.startswith("data/") != payload:
                self._fault(path, FaultKind.MALFORMED)
            elif path not in self._digests:
                self._fault(path, FaultKind.MISSING)
            elif self._digests[path][algorithm] != bytes.fromhex(entry[1]):
                self._fault(path, FaultKind.CHANGED)
            listed.add(path)
        return listed

    def _named(self, manifest: str) -> set[str]:
        entries = (_LINE.fullmatch(line) for line in self._lines(manifest))
        return {_unescaped(entry[2]) for entry in entries if entry}

    def _lines(self, path: str) -> list[str]:
        try:
            text = self._tag_bytes[path].decode("utf-8")
        except UnicodeDecodeError:
            self._fault(path, FaultKind.MALFORMED)
            return []
        return re.sub(r"\r\n?", "\n", text).removesuffix("\n").split("\n") if text else []

    def _info(self, safe: Collection[str]) -> tuple[tuple[str, str], ...]:
        if "bag-info.txt" not in safe:
            return ()
        try:
            info = parse_info(self._tag_bytes["bag-info.txt"])
        except ValueError:
            self._fault("bag-info.txt", FaultKind.MALFORMED)
            return ()
        oxums = [value for label, value in info if label.casefold() == "payload-oxum"]
        if any(oxum != f"{self._payload[1]}.{self._payload[0]}" for oxum in oxums):
            self._fault("bag-info.txt", FaultKind.TOTALS)
        return info


def parse_info(data: bytes) -> tuple[tuple[str, str], ...]:
    """The labels and values of bag-info.txt in order, folded lines joined; raises ValueError (also for not UTF-8)."""
    text = re.sub(r"\r\n?", "\n", data.decode("utf-8"))
    found: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and found:
            label, value = found[-1]
            found[-1] = (label, f"{value} {line.strip()}")
        elif line.strip():
            label, separator, value = line.partition(":")
            if not separator or not label.strip():
                raise ValueError("a line without a label")
            found.append((label.strip(), value.strip()))
    return tuple(found)


def _unescaped(path: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), path)
