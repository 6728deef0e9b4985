"""A received bundle as its screens see it: no vault, two lanes of work, and the key for as long as it is open.

``reading`` checks the bundle and reads pages out of its seal, for only one thread may read an open file; ``working``
writes: notes, receipts, copies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from evidencevault.bundle import inside, notes, previous, receipts, receiving
from evidencevault.bundle.contents import Document
from evidencevault.bundle.continuity import Head
from evidencevault.bundle.inside import Inside, Key, Needs
from evidencevault.bundle.notes import Notes
from evidencevault.bundle.receiving import Received
from evidencevault.custody import extracts
from evidencevault.custody.extracts import Extract
from evidencevault.desktop import inbox_drafts, inbox_rows
from evidencevault.desktop.inbox_rows import DocumentRow
from evidencevault.desktop.jobs import Done, Failed, Job, Lane
from evidencevault.desktop.pages import About, image
from evidencevault.documents.requests import Bytes, ByteSource
from evidencevault.documents.workers import Workers
from evidencevault.errors import Damaged, NotPermitted, Refused, Unreadable, UsageError
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr

_SECRET = "AGE-SECRET-KEY-"


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that passed every check, and what was found of notes on it."""

    path: Path
    received: Received
    rows: list[DocumentRow]
    totals: str
    may_seal: bool  # whether there is a key to seal notes with
    signs_alike: bool  # whether every receipt of this receiver is signed with the same key
    notes: inbox_drafts.Found


@dataclass(frozen=True, slots=True)
class Readable:
    """What a document turned out to be: its pages (0: none can be shown), and then why."""

    number: str
    pages: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding the bundle against an earlier one: which one it is ("" the same).

    ``needs``: first it has to be asked what opens that one; ``unread``: why it can not be read, and is held against
    nothing.
    """

    bundle: str = ""
    needs: Needs = Needs.NOTHING
    unread: str = ""


class InboxDesk(QObject):
    """Owns the open bundle and its key from opening to forgetting. ``checked`` tells of each check that was passed."""

    checked = Signal(object)

    def __init__(self, *, unconfined: bool) -> None:
        super().__init__()
        self._workers = Workers(unconfined)
        self._reading, self._working = Lane("inbox-reading"), Lane("inbox-working")
        self._path: Path | None = None
        self._key: Key | None = None
        # Of the reading lane alone:
        self._inside: Inside | None = None
        self._source: tuple[str, str, ByteSource] | None = None  # number, name, bytes of the document read last

    @property
    def working(self) -> bool:
        """Whether something is being written."""
        return self._working.busy

    def needs(self, path: Path, done: Done, failed: Failed) -> Job:
        """What must be asked for to open a file."""
        return self._reading.submit(lambda _: inside.needs(path), done, failed)

    def open(self, path: Path, secret: str, done: Done, failed: Failed) -> Job:
        """Check a bundle and keep it open; ``secret`` is its passphrase, an identity or the path of its file."""

        def work(progress: Progress) -> Opened:
            self._close_inside()
            key = key_of(inside.needs(path), secret)
            opened = self._inside = Inside.open(path, key, progress, self.checked.emit)
            self._path, self._key = path, key
            found = inbox_drafts.find(path, opened.received, key)
            rows, counted = inbox_rows.document_rows(opened.lists), inbox_rows.totals(opened.lists)
            return Opened(path, opened.received, rows, counted, bool(key.seals), bool(key.identities), found)

        return self._reading.submit(work, done, failed)

    def compare(self, earlier: Path, secret: str | None, done: Done, failed: Failed) -> Job:
        """Hold the open bundle against an earlier one, or its checkpoint; ``done`` gets :class:`Held`.

        Without a ``secret`` the key of the open bundle is tried. ``failed`` gets Damaged where it does not continue it.
        """

        def work(progress: Progress) -> Held:
            opened = self._opened()
            try:
                head = self._head_of(earlier, secret, progress)
            except NotPermitted as error:
                if secret is None:
                    return Held(needs=inside.needs(earlier))
                return Held(unread=error.sentence)
            except (Damaged, Unreadable, UsageError, Refused) as error:
                return Held(unread=error.sentence)
            return Held(opened.continues(head))

        return self._reading.submit(work, done, failed)

    def disclosed(self, path: Path, done: Done, failed: Failed) -> Job:
        """Check a disclosure for a court; ``done`` gets what it opens (Extract), ``failed`` Damaged, Refused."""

        def work(_: Progress) -> Extract:
            try:
                with path.open("rb") as stream:
                    data = stream.read(extracts.LARGEST + 1)
            except OSError as error:
                raise Refused(tr("{file} cannot be read: {why}.").format(file=path, why=error.strerror)) from error
            return extracts.check(data)

        return self._reading.submit(work, done, failed)

    def examine(self, document: Document, done: Done, failed: Failed) -> Job:
        """Find out whether a document has pages to show."""
        return self._reading.submit(lambda _: self._examined(document), done, failed)

    def page(self, about: About, page: int, width: int, done: Done, failed: Failed) -> Job:
        """Draw a page of the document that was examined last."""

        def work(_: Progress) -> QImage:
            if self._source is None or self._source[0] != about[1]:
                raise Refused(tr("Another document was chosen."))
            _number, name, source = self._source
            return image(self._workers.render(name, source, page, width))

        return self._reading.submit(work, done, failed)

    def save_document(self, document: Document, to: Path, done: Done, failed: Failed) -> Job:
        """Write a document in clear."""

        def work(_: Progress) -> Path:
            self._opened().save(document, to)
            return to

        return self._reading.submit(work, done, failed)

    def save_all(self, to: Path, done: Done, failed: Failed) -> Job:
        """Write everything in clear into a new folder in ``to``; it is checked once more on the way."""

        def work(path: Path, key: Key, progress: Progress) -> Path:
            made = receiving.open_bundle(
                path, to, identities=key.identities, passphrase=key.passphrase, progress=progress
            )
            return made[1]

        return self._write(work, done, failed)

    def save_notes(self, said: Notes, to: Path, received: Received, done: Done, failed: Failed) -> Job:
        """Seal notes into a file; a draft of them is not needed any more then."""

        def work(_path: Path, key: Key, _progress: Progress) -> Path:
            notes.save(said, to, received, key)
            inbox_drafts.drop(received)
            return to

        return self._write(work, done, failed)

    def load_notes(self, path: Path, received: Received, done: Done, failed: Failed) -> Job:
        """Notes from a file of this bundle."""
        return self._write(lambda _path, key, _: notes.load(path, received, key), done, failed)

    def write_receipt(self, received: Received, by: str, at: datetime, to: Path, done: Done, failed: Failed) -> Job:
        """Write a signed receipt; ``done`` gets the words to read over the telephone."""

        def work(_path: Path, key: Key, _progress: Progress) -> str:
            inside.write_whole(to, [receipts.make(received, by, at, key.identities)])
            return receipts.code(received.tag_manifest_sha256)

        return self._write(work, done, failed)

    def forget(self, unsaved: tuple[Notes, Received] | None = None) -> None:
        """Forget key and content; notes that are not saved are sealed as a draft first, beside the window."""
        key, self._key, self._path = self._key, None, None
        self._reading.drop()
        self._working.drop()
        if unsaved is not None and key is not None and key.seals:
            said, received = unsaved
            self._working.submit(lambda _: inbox_drafts.keep(said, received, key))
        self._reading.submit(lambda _: self._close_inside())

    def close(self) -> None:
        """Before the program ends. Waits until what is under way has stopped; a draft is finished."""
        self._working.finish()
        self._reading.close()
        self._close_inside()

    def _write(self, work: Callable[[Path, Key, Progress], Any], done: Done, failed: Failed) -> Job:
        path, key = self._path, self._key

        def run(progress: Progress) -> Any:
            if path is None or key is None:
                raise Refused(tr("The bundle was closed. Open it again."))
            return work(path, key, progress)

        return self._working.submit(run, done, failed)

    def _head_of(self, earlier: Path, secret: str | None, progress: Progress) -> Head:
        if previous.is_checkpoint(earlier):
            return previous.head_of(earlier)
        key = self._key if secret is None else key_of(inside.needs(earlier), secret)
        if key is None:
            raise Refused(tr("The bundle was closed. Open it again."))
        return previous.head_of(earlier, identities=key.identities, passphrase=key.passphrase, progress=progress)

    def _opened(self) -> Inside:
        if self._inside is None:
            raise Refused(tr("The bundle was closed. Open it again."))
        return self._inside

    def _examined(self, document: Document) -> Readable:
        self._source = None
        name, source = document.path.rpartition("/")[2], self._opened().source(document)
        found = self._workers.look(name, source)
        if found.pages is None and found.convertible:
            name, source = f"{name}.pdf", Bytes(self._workers.convert(name, source).data)
            found = self._workers.look(name, source)
        if not found.pages:
            return Readable(document.number, 0, found.reason)
        self._source = document.number, name, source
        return Readable(document.number, found.pages)

    def _close_inside(self) -> None:
        self._source, self._key, self._path = None, None, None
        opened, self._inside = self._inside, None
        if opened is not None:
            opened.close()


def key_of(needed: Needs, secret: str) -> Key:
    """The key from what was typed. Raises UsageError, AgeError."""
    if needed is Needs.NOTHING:
        return Key()
    if needed is Needs.PASSPHRASE:
        return Key(passphrase=secret)
    pasted = [word for word in secret.split() if word.startswith(_SECRET)]
    if pasted:
        return Key(tuple(age.parse_identities("\n".join(pasted))))
    try:
        return Key(tuple(age.parse_identities(Path(secret.strip()).read_text("utf-8"))))
    except OSError as error:
        raise UsageError(tr("The key file cannot be read: {why}.").format(why=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise UsageError(tr("This is no key file: an age identity file is text.")) from error
