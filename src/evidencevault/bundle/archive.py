"""A received ZIP whose names were found harmless: read in pieces, whole, or at random; never unpacked for reading."""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from evidencevault.documents.requests import Bytes, ByteSource
from evidencevault.errors import Damaged, Refused, Unreadable
from evidencevault.formats import bag
from evidencevault.resources import tr

MOST_FILES = 100_000
PIECE = 1 << 20
HELD = 64 << 20
"""Bytes of one file that are held in memory for reading."""
_SMALL = 1 << 20
_LOCAL = 30
"""Bytes of a local header before its name; the lengths of name and extra field are its last four."""


class Archive:
    """A ZIP whose names were all found harmless, below one folder."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._infos: dict[str, zipfile.ZipInfo] = {}
        infos = archive.infolist()
        if len(infos) > MOST_FILES:
            raise Damaged(tr("The bundle says it holds {count} files: that is no bundle.").format(count=len(infos)))
        folders = set()
        for info in infos:
            if info.is_dir() and not info.file_size:
                _safe(info.filename.rstrip("/"))
                continue
            folder, _, inner = _safe(info.filename).partition("/")
            if not inner or _is_special(info) or info.flag_bits & 0x1:
                raise Damaged(tr("The bundle holds {name!r}, which does not belong there.").format(name=info.filename))
            if inner in self._infos:
                raise Damaged(tr("The bundle holds {name!r} twice.").format(name=info.filename))
            folders.add(folder)
            self._infos[inner] = info
        if len(folders) != 1:
            raise Damaged(tr("A bundle is one folder; this file holds {count}.").format(count=len(folders)))
        self.name = folders.pop()

    @property
    def names(self) -> list[str]:
        """Paths relative to the bag's folder."""
        return list(self._infos)

    def read(self, path: str) -> Iterator[bytes]:
        """A file's bytes in pieces."""
        try:
            with self._zip.open(self._infos[path]) as file:
                while piece := file.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Damaged(tr("{name!r} in the bundle is damaged.").format(name=path)) from error

    def small(self, path: str, limit: int = _SMALL) -> bytes:
        """A whole file of at most ``limit`` bytes; Damaged if it is missing or larger."""
        if path not in self._infos:
            raise Damaged(tr("The bundle has no {name!r}.").format(name=path))
        found = bytearray()
        for piece in self.read(path):
            found += piece
            if len(found) > limit:
                raise Damaged(tr("{name!r} in the bundle is larger than it can be.").format(name=path))
        return bytes(found)

    def source(self, path: str, sha256: bytes) -> ByteSource:
        """A file to be read at random, which has the ``sha256`` that was checked.

        Up to :data:`HELD` bytes are held in memory; more are read where they lie. Raises Damaged, and Unreadable for
        what is large and compressed.
        """
        info = self._infos.get(path)
        if info is None:
            raise Damaged(tr("The bundle has no {name!r}.").format(name=path))
        if info.file_size <= HELD:
            data = self.small(path, HELD)
            self._same(path, (data,), sha256)
            return Bytes(data)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise Unreadable(
                tr("{name!r} is too large to be shown from within its seal. Save a copy.").format(name=path)
            )
        self._same(path, self.read(path), sha256)
        return _Stored(self._zip, info)

    def _same(self, path: str, pieces: Iterable[bytes], sha256: bytes) -> None:
        """The file may have been exchanged since it was checked, where its seal does not notice."""
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
        if digest.digest() != sha256:
            raise Damaged(tr("{name!r} is not what was checked: the file was exchanged.").format(name=path))


class _Stored:
    """A file that lies uncompressed in a ZIP."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.size = info.file_size
        self._zip, self._name = archive, info.filename
        lengths = self._at(info.header_offset, _LOCAL)[-4:]
        if len(lengths) != 4:
            raise self._damaged()
        self._begin = info.header_offset + _LOCAL + sum(struct.unpack("<HH", lengths))

    def read(self, offset: int, n: int) -> bytes:
        """Up to ``n`` bytes from ``offset``; fewer only at the end."""
        return self._at(self._begin + offset, max(0, min(n, self.size - offset)))

    def _at(self, place: int, count: int) -> bytes:
        if self._zip.fp is None:
            raise self._damaged()
        try:
            self._zip.fp.seek(place)
            return self._zip.fp.read(count)
        except OSError as error:
            raise self._damaged() from error

    def _damaged(self) -> Damaged:
        return Damaged(tr("{name!r} in the bundle is damaged.").format(name=self._name))


def _safe(name: str) -> str:
    try:
        return bag.safe_path(name)
    except Refused as error:
        raise Damaged(
            tr(
                "The bundle holds the path {name!r}, which would leave its folder or harm. Nothing was unpacked."
            ).format(name=name)
        ) from error


def _is_special(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return bool(mode) and stat.S_IFMT(mode) not in (0, stat.S_IFREG)
