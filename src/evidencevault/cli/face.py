"""What every command shares: the global options, the passphrase, output for people and for scripts, and progress."""

from __future__ import annotations

import getpass
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

import typer

from evidencevault.errors import Refused, UsageError
from evidencevault.progress import Progress, State
from evidencevault.resources import tr, use_language
from evidencevault.session import Session
from evidencevault.vault import keyfiles

SHOW_AFTER = 1.0
"""Seconds of work before a bar is shown."""


class NotYet(UsageError):
    """A command of the contract that this version does not carry out."""


def not_yet(command: str) -> NotYet:
    """The error that says so."""
    return NotYet(tr("“{command}” is not in this version yet. Nothing was changed.").format(command=command))


@dataclass(slots=True)
class Face:
    """The global options, wherever in the call they stood."""

    vault: str | None = None
    member: str | None = None
    passphrase_file: Path | None = None
    key_file: Path | None = None
    json: bool = False
    lang: str | None = None
    unconfined: bool = False
    printed: bool = False

    def take(self, name: str, value: object) -> None:
        """A global option given; one that was left out changes nothing."""
        if value not in (None, False):
            setattr(self, name, value)
        if name == "lang" and isinstance(value, str):
            use_language(value)

    # --- the vault

    def folder(self) -> Path:
        """The vault's folder. Raises UsageError where none was named."""
        if not self.vault:
            raise UsageError(tr("Which vault? Give --vault DIR (or set EVIDENCEVAULT_VAULT)."))
        if "://" in self.vault:
            raise not_yet("--vault URL")
        return Path(self.vault)

    def name(self) -> str:
        """The member at work. Raises UsageError where none was named."""
        if not self.member:
            raise UsageError(tr("Who are you? Give --member NAME (or set EVIDENCEVAULT_MEMBER)."))
        return self.member

    def passphrase(self) -> str:
        """The member's passphrase, from the file given or from a prompt."""
        if self.passphrase_file is not None:
            return read_passphrase(self.passphrase_file)
        return ask_passphrase(tr("Passphrase of {name}: ").format(name=plain(self.name())))

    def new_passphrase(self, name: str, file: Path | None) -> str:
        """A passphrase to be set for ``name``: from a file, else asked for twice."""
        return read_passphrase(file) if file is not None else ask_new_passphrase(name)

    def key_bytes(self) -> bytes | None:
        """The bytes of the key file, where one was given. Raises Refused."""
        return keyfiles.read(self.key_file) if self.key_file is not None else None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The unlocked vault, closed again whatever happens."""
        folder, name = self.folder(), self.name()
        by_prompt = self.passphrase_file is None
        session = Session.unlock(
            folder,
            name,
            self.passphrase(),
            key_file=self.key_bytes(),
            own_passphrase=self._own_passphrase if by_prompt else None,
            unconfined=self.unconfined,
        )
        try:
            yield session
        finally:
            session.close()

    def _own_passphrase(self) -> str:
        say(tr("Somebody else set your passphrase. Choose one now that only you know."))
        return ask_new_passphrase(self.name())

    # --- output

    def show(self, document: Mapping[str, object], *lines: str) -> None:
        """The result, once: as one JSON document, or as lines for a person."""
        self.printed = True
        if self.json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(line)

    @contextmanager
    def working(self, what: str) -> Iterator[Progress]:
        """Progress for long work: a bar on the terminal, and Ctrl+C as a stop between two steps."""
        bar = Bar(sys.stderr, what)
        progress = Progress(bar.draw)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            if progress_stopped.is_set():
                raise KeyboardInterrupt
            progress_stopped.set()
            progress.cancel()

        progress_stopped = threading.Event()
        main_thread = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, stop) if main_thread else None
        try:
            yield progress
        finally:
            if main_thread:
                signal.signal(signal.SIGINT, before)
            bar.clear()


def face_of(ctx: typer.Context) -> Face:
    """The face of this call."""
    face = ctx.find_object(Face)
    if face is None:
        raise AssertionError("the root callback makes the face")
    return face


def say(text: str) -> None:
    """A message for the person, on stderr."""
    print(text, file=sys.stderr)


def plain(text: object) -> str:
    """Text that is safe on a terminal: control characters and direction marks are shown as escapes."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode() for one in str(text)
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Aligned columns under a heading; empty for no rows."""
    cells = [[plain("" if cell is None else cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(len(row[n]) for row in [list(head), *cells]) for n in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *cells]
    ]


def facts(pairs: Iterable[tuple[str, object]]) -> list[str]:
    """“name  value” lines; what is empty is left out, and lines of a text stand under each other."""
    known = [(name, str(value)) for name, value in pairs if value not in (None, "", (), [])]
    width = max((len(name) for name, _ in known), default=0)
    lines = []
    for name, value in known:
        first, *more = [plain(one) for one in value.splitlines()] or [""]
        lines += [f"{name.ljust(width)}  {first}", *(" " * (width + 2) + one for one in more)]
    return lines


def read_passphrase(file: Path) -> str:
    """The first line of a file, without its end. Raises Refused."""
    try:
        with file.open("rb") as stream:
            first = stream.readline(4096).rstrip(b"\r\n").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else tr("it is not UTF-8 text")
        raise Refused(tr("The passphrase file {file} cannot be read: {why}.").format(file=file, why=why)) from error
    if not first:
        raise Refused(tr("The first line of the passphrase file {file} is empty.").format(file=file))
    return first


def ask_passphrase(prompt: str) -> str:
    """Ask without echo. Raises UsageError where there is nobody to ask, Refused for an empty answer."""
    if not sys.stdin.isatty():
        raise UsageError(tr("There is no terminal to ask for a passphrase. Give --passphrase-file FILE."))
    try:
        answer = getpass.getpass(prompt, sys.stderr)
    except EOFError:
        answer = ""
    if not answer:
        raise Refused(tr("No passphrase was given. Nothing was changed."))
    return answer


def ask_new_passphrase(name: str) -> str:
    """Ask twice. Raises Refused where the answers differ."""
    first = ask_passphrase(tr("New passphrase of {name}: ").format(name=plain(name)))
    if ask_passphrase(tr("The same again: ")) != first:
        raise Refused(tr("The two passphrases differ. Nothing was changed."))
    return first


class Bar:
    """One line on a terminal, drawn at most ten times a second; elsewhere nothing."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream = stream
        self._what = what
        self._seen = stream.isatty()
        self._next = time.monotonic() + SHOW_AFTER
        self._shown = False
        self._lock = threading.Lock()

    def draw(self, state: State) -> None:
        """Show where the work stands."""
        if not self._seen or time.monotonic() < self._next:
            return
        with self._lock:
            self._next = time.monotonic() + 0.1
            self._shown = True
            self._write(self._line(state))

    def _line(self, state: State) -> str:
        room = max(_columns() - 1, 20)
        if not state.total:
            return f"{self._what}  {state.done:,}  {plain(state.said)}"[:room]
        part = min(state.done / state.total, 1.0)
        return f"{self._what}  [{'#' * int(part * 24):<24}] {part:4.0%}  {plain(state.said)}"[:room]

    def clear(self) -> None:
        """Take the line away again."""
        with self._lock:
            if self._shown:
                self._write("")

    def _write(self, text: str) -> None:
        self._stream.write(f"\r\x1b[2K{text}")
        self._stream.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return 80
