"""LibreOffice as a library in the confined process: what it makes, what it must not do, and that nothing stays."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from tests.documents.conftest import refused

from evidencevault.documents import libreoffice, privately
from evidencevault.documents.requests import Bytes, Limits, Reason
from evidencevault.documents.workers import Workers
from support import office

pytestmark = pytest.mark.skipif(not office.installed(), reason=office.NEEDED)
TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "rtf": "text/rtf",
}


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A part of the memory of its own for each test: others run beside it."""
    with privately.folder() as place:
        monkeypatch.setattr(privately, "MEMORY", place)
        yield


def left() -> list[Path]:
    return list(privately.MEMORY.glob("evidencevault-*"))


def long_letter() -> bytes:
    """What takes seconds to lay out."""
    many = "".join(f"<text:p>Paragraph {number} of a long letter.</text:p>" for number in range(20_000))
    return office.packed(TYPES["odt"], {}, many)


def words(data: bytes, name: str = "a.odt") -> list[str]:
    with pymupdf.open(stream=Workers().convert(name, Bytes(data)).data) as document:
        return [word for page in document for word in page.get_text().split()]


@pytest.mark.parametrize("ending", list(office.MADE))
def test_every_kind_becomes_pages(ending: str) -> None:
    data, name = office.document(ending), f"a.{ending}"
    found = Workers().look(name, Bytes(data))
    assert (found.media_type, found.mismatch, found.pages, found.convertible) == (TYPES[ending], "", None, True)
    made = Workers().convert(name, Bytes(data))
    assert made.by.startswith("LibreOffice ") and made.by[12].isdigit()
    assert Workers().look("made.pdf", Bytes(made.data)).media_type == "application/pdf"
    assert "Wietske" in Workers().text(name, Bytes(made.data))[0].text
    assert left() == []


def test_without_it_a_sentence_says_what_would_make_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    found = Workers().look("a.doc", Bytes(office.document("doc")))
    assert "LibreOffice" in found.reason and "“a.doc”" in found.reason
    assert refused(lambda: Workers().convert("a.doc", Bytes(office.document("doc")))).reason is Reason.NO_OFFICE


def test_a_program_that_is_not_whole_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libmergedlo.so").write_bytes(b"no library")
    monkeypatch.setattr(libreoffice, "program", lambda: tmp_path)
    assert refused(lambda: Workers().convert("a.doc", Bytes(office.document("doc")))).reason is Reason.NO_OFFICE
    assert left() == []


def test_nothing_is_written_where_no_file_system_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privately, "in_memory", lambda: False)
    error = refused(lambda: Workers().convert("a.odt", Bytes(office.document("odt"))))
    assert error.reason is Reason.NO_MEMORY and "/dev/shm" in error.sentence


@pytest.mark.parametrize("ending", ["doc", "odt", "xls"])
def test_damaged_ones_are_refused_or_read_and_leave_nothing(ending: str) -> None:
    whole = office.document(ending)
    try:
        Workers().convert(f"a.{ending}", Bytes(whole[: len(whole) // 2]))
    except Exception as error:
        assert getattr(error, "reason", None) in (Reason.DAMAGED, Reason.UNSUPPORTED, Reason.NO_OFFICE, Reason.CRASHED)
    assert left() == []


def test_what_is_no_office_file_is_not_given_to_it() -> None:
    assert refused(lambda: Workers().convert("a.odt", Bytes(b"%PDF-1.7 none"))).reason is Reason.UNSUPPORTED


def test_time_ends_it_and_nothing_is_left() -> None:
    data = long_letter()
    slow = Workers(limits=Limits(seconds_office=1.0))
    assert refused(lambda: slow.convert("a.odt", Bytes(data))).reason is Reason.TIME
    assert left() == []


def test_memory_ends_it_and_nothing_is_left() -> None:
    small = Workers(limits=Limits(memory=400 << 20))
    assert refused(lambda: small.convert("a.odt", Bytes(office.document("odt"))))
    assert left() == []


def test_when_the_program_is_killed_the_worker_empties_the_folder_and_the_next_start_removes_it() -> None:
    code = (
        "import sys; from pathlib import Path; from evidencevault.documents import privately; "
        "privately.MEMORY = Path(sys.argv[1]); from evidencevault.documents.workers import Workers; "
        "from evidencevault.documents.requests import Bytes; "
        "Workers().convert('a.odt', Bytes(sys.stdin.buffer.read()))"
    )
    data = long_letter()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    command = [sys.executable, "-c", code, str(privately.MEMORY)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    folder = _soon(lambda: next((one for one in left() if (one / "document.odt").exists()), None))
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700 and privately.sweep() == 0  # its maker lives
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert _soon(lambda: not any(folder.iterdir()) or None), "the worker did not empty its folder"
    assert privately.sweep() == 1 and left() == []


def _soon(act):  # type: ignore[no-untyped-def]
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (found := act()) is not None:
            return found
        time.sleep(0.02)
    return None


class TestLinks:
    @pytest.fixture
    def asked(self) -> Iterator[tuple[int, list[str]]]:
        """A server on this machine, and what it was asked for."""
        paths: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                self.send_error(404)

            do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

            def log_message(self, *_: object) -> None:
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield server.server_address[1], paths
            server.shutdown()

    def test_a_picture_of_the_network_is_not_fetched(self, asked: tuple[int, list[str]]) -> None:
        port, paths = asked
        picture = (
            '<text:p>Seen <draw:frame draw:name="i" svg:width="3cm" svg:height="3cm"><draw:image xlink:type="simple" '
            f'xlink:href="http://127.0.0.1:{port}/pic.png"/></draw:frame></text:p>'
        )
        source = office.flat("fodt", picture)
        office.written(source, "fodt", "pdf")
        assert paths, "LibreOffice as anybody starts it asks for the picture, else this test shows nothing"
        data = office.written(source, "fodt", "odt")
        del paths[:]
        assert "Seen" in words(data) and paths == []

    def test_files_of_the_machine_are_not_drawn_in(self, tmp_path: Path) -> None:
        (tmp_path / "linked.txt").write_text("linkedwords")
        with pymupdf.open() as drawn:
            drawn.new_page(width=60, height=60).draw_rect((0, 0, 60, 60), fill=(1, 0, 0))
            drawn[0].get_pixmap().save(tmp_path / "linked.png")
        links = "".join(
            f'<text:section text:name="S{number}"><text:section-source xlink:type="simple" xlink:href="{target}"/>'
            "<text:p>kept</text:p></text:section>"
            for number, target in enumerate(["file:///etc/passwd", (tmp_path / "linked.txt").as_uri()])
        )
        picture = (
            '<text:p><draw:frame draw:name="i" svg:width="3cm" svg:height="3cm"><draw:image xlink:type="simple" '
            f'xlink:href="{(tmp_path / "linked.png").as_uri()}"/></draw:frame></text:p>'
        )
        part = {"META-INF/manifest.xml": (
            f'<manifest:manifest {office.SPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type='
            f'"{TYPES["odt"]}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>"
        )}  # fmt: skip
        data = office.packed(TYPES["odt"], part, "<text:p>Seen</text:p>" + links + picture)
        made = Workers().convert("a.odt", Bytes(data))
        with pymupdf.open(stream=made.data) as document:
            said = " ".join(page.get_text() for page in document)
            reds = [
                pixel
                for page in document
                for pixel in page.get_pixmap().color_count(colors=True)  # type: ignore[attr-defined]
                if pixel[0] > 200 and pixel[1] < 60
            ]
        assert "Seen" in said and "linkedwords" not in said and "root:" not in said and reds == []

    def test_a_macro_does_not_run(self) -> None:
        before = (
            '<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries><ooo:library-embedded '
            'ooo:name="Standard"><ooo:module ooo:name="M"><ooo:source-code>Sub Opened\n'
            'ThisComponent.Text.String = "macrowords"\nEnd Sub</ooo:source-code></ooo:module></ooo:library-embedded>'
            "</ooo:libraries></office:script><office:event-listeners>"
            '<script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:type="simple" '
            'xlink:href="vnd.sun.star.script:Standard.M.Opened?'
            'language=Basic&amp;location=document"/></office:event-listeners></office:scripts>'
        )
        data = office.written(office.flat("fodt", "<text:p>Seen</text:p>", before), "fodt", "odt")
        assert b"Basic/Standard/M.xml" in data
        assert words(data) == ["Seen"]


_TRIES = """
import os, socket, subprocess, sys
from pathlib import Path
from evidencevault.documents.worker import confine, office
folder = Path(sys.argv[1])
confine.limit(3 << 30, 60, 1 << 20)
held = confine.seal(office.readable("/usr/lib/libreoffice/program"), str(folder))
def tried(name, act):
    try:
        act()
    except (PermissionError, FileNotFoundError):
        return
    except OSError as error:
        print(name, error)
    else:
        print(name)
assert sorted(held) == ["landlock", "seccomp"], held
(folder / "own").write_bytes(b"ours"); (folder / "own").write_bytes(b"o"); (folder / "sub").mkdir()
(folder / "own").unlink(); Path("/usr/bin/env").read_bytes()
tried("socket", socket.socket)
tried("unix", lambda: socket.socket(socket.AF_UNIX))
tried("fork", os.fork)
tried("program", lambda: subprocess.run(["/usr/bin/env"]))
tried("execv", lambda: os.execv("/usr/bin/env", ["env"]))
tried("passwd", lambda: Path("/etc/passwd").read_bytes())
tried("home", lambda: os.listdir(os.path.expanduser("~")))
tried("beside", lambda: (folder.parent / "beside").write_bytes(b"x"))
tried("tmp", lambda: Path("/tmp/evidencevault-office-probe").write_bytes(b"x"))
tried("symlink", lambda: (folder / "link").symlink_to("/etc/passwd"))
tried("fifo", lambda: os.mkfifo(folder / "pipe"))
tried("kill", lambda: os.kill(os.getppid(), 0))
tried("chmod", lambda: os.chmod(folder, 0o777))
print("end")
"""


def test_beyond_the_other_workers_it_may_only_read_the_system_and_write_in_its_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    with privately.folder() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _TRIES, str(folder)], capture_output=True, text=True, env=environment, check=False
        )
    assert (done.stdout.split(), done.stderr) == (["end"], "")
