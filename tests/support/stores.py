"""Stores that fail the way disks do: a FolderStore whose files refuse, or lose their power, after n bytes."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType

from evidencevault.vault.durable import NewFile
from evidencevault.vault.stores import FolderStore


class PowerCut(BaseException):
    """The machine stopped here. No clean-up runs after it, so it is no Exception."""


class _FailingFile(NewFile):
    def __init__(self, temporary: Path, after: int, failure: int | None, settling: bool) -> None:
        super().__init__(temporary)
        self._left = after
        self._failure = failure
        self._settling = settling
        self._cut = False

    def write(self, chunk: bytes | memoryview) -> None:
        view = memoryview(chunk)
        if not self._settling and len(view) > self._left:
            super().write(view[: self._left])
            self._fail()
        super().write(view)
        self._left -= len(view)

    def settle(self, target: Path) -> None:
        if self._settling:
            self._fail()
        super().settle(target)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._cut:
            super().__exit__(kind, error, trace)
        else:
            self._close()

    def _fail(self) -> None:
        if self._failure is None:
            self._cut = True
            raise PowerCut
        raise OSError(self._failure, os.strerror(self._failure))


class FailingStore(FolderStore):
    """A real FolderStore that takes ``after`` bytes of each object and then fails.

    ``failure`` is an errno (ENOSPC, EIO), or None for a power cut: :class:`PowerCut` is raised and what was written
    stays as it lay. ``settling`` lets all bytes pass and fails where they should become durable.
    """

    def __init__(self, root: Path, after: int, failure: int | None = errno.ENOSPC, *, settling: bool = False) -> None:
        super().__init__(root, lambda temporary: _FailingFile(temporary, after, failure, settling))
