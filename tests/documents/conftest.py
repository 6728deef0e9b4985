"""What tests of the document workers share: small documents, and that no process outlives a test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from evidencevault.documents import supervision
from evidencevault.documents.processes import Process
from evidencevault.documents.requests import DocumentFailed


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Process]]:
    """The processes that a test started. Whatever happened in it, none of them is left."""
    found: list[Process] = []
    start = supervision._start

    def noted(name: str) -> Process:
        found.append(start(name))
        return found[-1]

    monkeypatch.setattr(supervision, "_start", noted)
    yield found
    for process in found:
        assert process.returncode is not None
        assert not runs(process.pid)


def runs(pid: int) -> bool:
    """Whether there is such a process, and not only what its parent has not asked for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def refused(act: Callable[[], object]) -> DocumentFailed:
    with pytest.raises(DocumentFailed) as caught:
        act()
    return caught.value


def pdf(pages: int = 1, **saving: object) -> bytes:
    with pymupdf.open() as document:
        for number in range(pages):
            document.new_page().insert_text((72, 100), f"Page {number + 1} of a letter")
        return bytes(document.tobytes(**saving))


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


class Watched:
    """A source that notes in ``said`` when it is read."""

    def __init__(self, data: bytes, said: list[str]) -> None:
        self._data, self.said = data, said

    @property
    def size(self) -> int:
        return len(self._data)

    def read(self, offset: int, n: int) -> bytes:
        self.said.append("given")
        return self._data[offset : offset + n]


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, the first its catalog: for trees that no library would write."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)
