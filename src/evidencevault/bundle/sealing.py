"""A bag as a ZIP as an age file or in an AES-256 ZIP, in one stream: nothing of it lies in clear anywhere."""

from __future__ import annotations

import queue
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from evidencevault.errors import Cancelled, UsageError
from evidencevault.formats import aezip, age
from evidencevault.formats.bag import Sink
from evidencevault.resources import tr

PIECE = 256 * 1024
"""Bytes gathered before they go on to be encrypted."""
AHEAD = 8
"""Pieces that may wait between the two threads."""
AGE = "age"
ZIP = "zip"
SHORTEST = 12
SHORTEST_OF_ZIP = 20
LONGEST_OF_ZIP = 99
"""What 7-Zip takes."""
_FILE_MODE = 0o100644 << 16
_STORED = frozenset({"pdf", "png", "jpg", "jpeg", "zip", "docx", "xlsx", "mp3", "mp4", "m4a", "gz"})


@dataclass(frozen=True, slots=True)
class Seal:
    """How a bundle is closed: ``form`` age or zip; to public age ``keys`` (``age1…``), or with a ``passphrase``."""

    form: str
    keys: tuple[str, ...] = ()
    passphrase: str | None = None

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return ".zip" if self.form == ZIP else ".zip.age"

    @property
    def kind(self) -> str:
        """What opens it: ``x25519``, ``hybrid``, ``passphrase`` or ``zip``."""
        if self.form == ZIP:
            return ZIP
        if not self.keys:
            return "passphrase"
        return "hybrid" if is_hybrid(self.keys) else "x25519"

    def check(self) -> None:
        """Raise UsageError or AgeError unless a bundle can be closed so."""
        if self.form == ZIP:
            _passphrase_of_zip(self.keys, self.passphrase)
        elif self.form == AGE:
            recipients(self.keys, self.passphrase)
        else:
            raise UsageError(tr("--format is age or zip."))

    def stream(self, folder: str, at: datetime, fill: Callable[[Sink], object]) -> Iterator[bytes]:
        """The sealed file of what ``fill`` writes into the sink it is given, all below ``folder``.

        ``fill`` runs in a second thread; what it raises is raised here, and then the stream did not end.
        """
        if self.form == ZIP:
            passphrase = _passphrase_of_zip(self.keys, self.passphrase)
            # Not named as the file around it: whoever unpacks it in place would write over what they unpack.
            return aezip.write(passphrase, f"{folder}-bag.zip", at, zip_stream(folder, at, fill))
        return sealed_zip(recipients(self.keys, self.passphrase), folder, at, fill)


def is_hybrid(keys: Sequence[str]) -> bool:
    """Whether keys are post-quantum ones (``age1pq…``), which age 1.3 and newer can use."""
    return any(isinstance(age.parse_recipient(key), age.HybridRecipient) for key in keys)


def _passphrase_of_zip(keys: Sequence[str], passphrase: str | None) -> bytes:
    if keys or passphrase is None:
        raise UsageError(tr("A ZIP is sealed with a passphrase; a key (age1…) needs --format age."))
    if len(passphrase) < SHORTEST_OF_ZIP:
        raise UsageError(
            tr(
                "The passphrase of a ZIP needs at least {count} characters: this format slows guessing down so little "
                "(1000 rounds) that a shorter one can be guessed."
            ).format(count=SHORTEST_OF_ZIP)
        )
    if len(passphrase) > LONGEST_OF_ZIP or not (passphrase.isascii() and passphrase.isprintable()):
        raise UsageError(
            tr(
                "The passphrase of a ZIP has at most {count} letters without accents, digits, signs and spaces: "
                "programs disagree on how to write others, so the receiver might not open it."
            ).format(count=LONGEST_OF_ZIP)
        )
    return passphrase.encode("ascii")


def recipients(keys: Sequence[str], passphrase: str | None = None) -> list[age.Recipient]:
    """The age recipients of a bundle: public keys of one kind, or a passphrase alone. Raises UsageError or AgeError."""
    if passphrase is not None and keys:
        raise UsageError(tr("A bundle is sealed either to keys or with a passphrase, not both."))
    if passphrase is not None:
        if len(passphrase) < SHORTEST:
            raise UsageError(tr("The passphrase of a bundle needs at least 12 characters."))
        return [age.ScryptRecipient(passphrase)]
    if not keys:
        raise UsageError(tr("A bundle needs a recipient: an age key (age1…) or a passphrase."))
    found = [age.parse_recipient(key) for key in keys]
    age.check_mix(found)
    return found


def sealed_zip(
    to: Sequence[age.Recipient], folder: str, at: datetime, fill: Callable[[Sink], object]
) -> Iterator[bytes]:
    """The ``.zip.age`` file; see :meth:`Seal.stream`."""
    return age.encrypt(to, zip_stream(folder, at, fill))


def zip_stream(folder: str, at: datetime, fill: Callable[[Sink], object]) -> Iterator[bytes]:
    """The ZIP itself, in pieces as they are made."""
    pipe = _Pipe()
    worker = threading.Thread(target=_run, args=(pipe, folder, at, fill), name="bundle-zip", daemon=True)
    worker.start()
    try:
        yield from pipe.pieces()
    finally:
        pipe.abandon()
        worker.join()


def reader(pieces: Iterable[bytes]) -> Callable[[memoryview], int]:
    """A ``readinto`` over pieces: 0 at the end."""
    source, left = iter(pieces), memoryview(b"")

    def readinto(target: memoryview) -> int:
        nonlocal left
        while not left:
            piece = next(source, None)
            if piece is None:
                return 0
            left = memoryview(piece)
        count = min(len(target), len(left))
        target[:count] = left[:count]
        left = left[count:]
        return count

    return readinto


def _run(pipe: _Pipe, folder: str, at: datetime, fill: Callable[[Sink], object]) -> None:
    try:
        # Without seeking: sizes follow each file in a data descriptor, as the format provides.
        with zipfile.ZipFile(cast(BinaryIO, pipe), "w", allowZip64=True) as archive:

            def sink(path: str, pieces: Iterator[bytes]) -> None:
                info = zipfile.ZipInfo(f"{folder}/{path}", (max(at.year, 1980), *at.timetuple()[1:6]))
                stored = path.rpartition(".")[2].lower() in _STORED
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                info.external_attr = _FILE_MODE
                with archive.open(info, "w", force_zip64=True) as file:
                    for piece in pieces:
                        file.write(piece)

            fill(sink)
        pipe.end(None)
    except BaseException as error:  # carried whole into the thread that reads
        pipe.end(error)


class _Pipe:
    """What the ZIP writes to in one thread and the cipher reads from in another."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | BaseException | None] = queue.Queue(AHEAD)
        self._waiting = bytearray()
        self._abandoned = threading.Event()

    def write(self, data: bytes) -> int:
        """Take bytes from the ZIP."""
        self._waiting += data
        if len(self._waiting) >= PIECE:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        return len(data)

    def flush(self) -> None:
        """Nothing to do: pieces go on when they are large enough."""

    def end(self, error: BaseException | None) -> None:
        """The last of it, or what went wrong."""
        try:
            if error is None and self._waiting:
                self._put(bytes(self._waiting))
            self._put(error)
        except Cancelled:
            return

    def pieces(self) -> Iterator[bytes]:
        """What was written, in order; raises what the writer raised."""
        while (piece := self._queue.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def abandon(self) -> None:
        """Nobody reads on."""
        self._abandoned.set()

    def _put(self, piece: bytes | BaseException | None) -> None:
        while True:
            if self._abandoned.is_set():
                raise Cancelled(tr("Stopped. Nothing of the bundle was written."))
            try:
                self._queue.put(piece, timeout=0.2)
                return
            except queue.Full:
                continue
