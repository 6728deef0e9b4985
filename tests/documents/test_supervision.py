"""The confinement of real workers, and workers that lie: a sentence comes of it, never more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgpack
import pytest
from tests.documents.conftest import Watched, pdf, refused, zipped

from evidencevault.documents import supervision
from evidencevault.documents.frames import READ_MAX, frame, read_frame
from evidencevault.documents.names import child_name, shown_name
from evidencevault.documents.processes import Process
from evidencevault.documents.requests import Bytes, ByteSource, Limits, Reason, Suspect
from evidencevault.documents.supervision import Question
from evidencevault.documents.workers import Workers, confinement

CONFINED = {"network", "program", "process", "write", "read", "keys"}


ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


class TestConfinement:
    @pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
    def test_processor_time_that_is_over_is_told_from_a_crash(self) -> None:
        program = "from evidencevault.documents.worker.confine import limit\nlimit(1 << 33, 1)\nwhile True: pass\n"
        assert subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT).returncode == -signal.SIGXCPU

    def test_nothing_is_possible(self) -> None:
        here = Path("/tmp/evidencevault-probe")
        before = here.exists()
        assert Workers().probe() == dict.fromkeys(CONFINED, True)
        assert here.exists() == before

    def test_what_the_probe_tries_is_possible_elsewhere(self) -> None:
        """Outside a sandbox the same attempts succeed: a probe that is refused everywhere would prove nothing."""
        program = (
            "from evidencevault.documents.worker import probe\n"
            "print(*sorted(name for name in ('network', 'read', 'write', 'process')\n"
            "    if not all(probe._refused(attempt) for attempt in probe._ATTEMPTS[name])))\n"
        )
        try:
            told = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, check=True)
        finally:
            Path("/tmp/evidencevault-probe").unlink(missing_ok=True)
        assert told.stdout.split() == [b"network", b"process", b"read", b"write"]

    def test_settings_and_keys_of_the_program_stay_outside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EVIDENCEVAULT_PASSPHRASE_FILE", "/somewhere")
        assert Workers().probe()["keys"]
        # The environment is chosen by name: were one of the program's among them, the probe would see it.
        monkeypatch.setattr(supervision, "_KEPT", (*supervision._KEPT, "EVIDENCEVAULT_PASSPHRASE_FILE"))
        assert not Workers().probe()["keys"]

    def test_a_worker_hears_no_name_and_no_path(self) -> None:
        asked = Question("look", "/home/somebody/Mirelva Dornhoek.pdf", Bytes(b"12"), Limits(), {}).asked()
        assert asked["suffix"] == ".pdf" and "somebody" not in str(asked) and "Mirelva" not in str(asked)

    def test_no_process_is_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/no/such/program")
        error = refused(lambda: Workers().look("letter.pdf", Bytes(pdf())))
        assert "“letter.pdf”" in error.sentence and "could not be started" in error.sentence

    def test_worker_starts_where_posix_limits_are_missing_and_says_so(self) -> None:
        program = (
            "import sys\n"
            "sys.platform, sys.modules['resource'] = 'win32', None\n"
            "from evidencevault.documents.worker import confine, main, probe\n"
            "confine.limit(1, 1)\n"
            "print(confine.seal())\n"
        )
        told = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, check=True)
        assert told.stdout.strip() == b"[]"

    def test_confinement_tells_its_proofs(self) -> None:
        told = confinement()
        assert told.sandboxed and {name for name, _ in told.parts} == CONFINED

    @pytest.mark.parametrize(
        ("act", "reason", "limits"),
        [
            ("crash", Reason.CRASHED, Limits()),
            ("exhaust", Reason.MEMORY, Limits(memory=1 << 30)),
            ("hang", Reason.TIME, Limits(seconds=2)),
        ],
    )
    def test_a_worker_that_ends_badly_is_a_sentence(
        self, act: str, reason: Reason, limits: Limits, started: list[Process]
    ) -> None:
        error = refused(lambda: Workers(limits=limits).probe(act))
        assert error.reason is reason and error.document == "probe" and "“probe”" in error.sentence
        assert len(started) == 1
        assert Workers().probe() == dict.fromkeys(CONFINED, True)

    def test_no_byte_is_given_where_confinement_cannot_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supervision, "NEEDED", supervision.NEEDED | {"a-lock-of-no-system"})
        source = Watched(pdf(), [])
        for act in (Workers().look, Workers().text, Workers().thumbnail):
            error = refused(lambda act=act: act("letter.pdf", source))  # type: ignore[misc]
            assert error.reason is Reason.UNCONFINED and "--unconfined" in error.sentence
        assert source.said == []
        assert not confinement().sandboxed
        assert Workers(unconfined=True).look("letter.pdf", source).pages == 1
        assert "Page 1" in Workers(unconfined=True).text("letter.pdf", source)[0].text

    def test_bytes_are_asked_for_after_confinement_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []

        def noted(stream: BinaryIO) -> tuple[str, object]:
            tag, payload = read_frame(stream)
            said.append(tag)
            return tag, payload

        monkeypatch.setattr(supervision, "read_frame", noted)
        Workers().text("letter.pdf", Watched(pdf(), said))
        assert said[:3] == ["ready", "read", "given"] and said.count("ready") == 1

    def test_an_iterator_left_behind_leaves_no_process(self, started: list[Process]) -> None:
        inside = Workers().children("a.zip", Bytes(zipped(("one.txt", b"1"), ("two.txt", b"2"))))
        assert next(inside).name == "one.txt"
        assert started[0].poll() is None or started[0].returncode == 0
        inside.close()  # type: ignore[attr-defined]


LIAR = """
import sys
for part in sys.argv[1:]:
    sys.stdout.buffer.write(bytes.fromhex(part))
sys.stdout.buffer.flush()
sys.stdin.buffer.read()
"""
READY = frame("ready", ["landlock", "seccomp"])


def looked(**lie: object) -> bytes:
    """A whole answer to look, true but for these fields."""
    fields = {"media_type": "text/plain", "described": "", "pages": 1, "metadata": [], "hidden": [], "failed": ""}
    return READY + frame("item", {**fields, **lie}) + frame("done")


class TestLiars:
    """A parser that was taken over may say anything: a process of ours that says it."""

    @pytest.fixture
    def liar(self, monkeypatch: pytest.MonkeyPatch, started: list[Process]) -> Callable[..., None]:
        def say(*frames: bytes, ends: bool = True) -> None:
            def start(_name: str) -> Process:
                program = LIAR.replace("sys.stdin.buffer.read()", "") if ends else LIAR
                started.append(
                    subprocess.Popen(
                        [sys.executable, "-c", program, *(one.hex() for one in frames)],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                    )
                )
                return started[-1]

            monkeypatch.setattr(supervision, "_start", start)

        return say

    def test_reading_before_confinement_gets_nothing(self, liar: Callable[..., None]) -> None:
        source = Watched(pdf(), [])
        for first in (frame("read", [0, 10]), frame("ready", ["landlock"]), frame("ready", [["seccomp"], {}])):
            liar(first, frame("read", [0, 10]))
            refused(lambda: Workers().look("a.pdf", source))
        assert source.said == []

    @pytest.mark.parametrize(
        "lie",
        [
            b"",
            b"\xff" * 64,
            frame("item", {}),
            frame("ready", [["landlock"], ["seccomp"]]),
            frame("ready", 5),
            READY + frame("ready", [[1], {}]),
            READY + frame("read", [-1, 10]),
            READY + frame("read", [10**9, 10]),
            READY + frame("read", [0, READ_MAX + 1]),
            READY + frame("read", "all"),
            READY + frame("item", [1]),
            READY + frame("part", "text"),
            READY + frame("failed", "no reason"),
            READY + frame("done"),
            READY + frame("item", {}) + frame("done"),
            looked(pages=-5),
            looked(pages=1 << 60),
            looked(pages=True),
            looked(failed="no reason"),
            looked(failed=["encrypted"]),
            looked(failed="crashed"),
            looked(media_type=5),
            looked(metadata=[["one"]]),
            looked(metadata=[[1, 2]]),
            looked(metadata=[["a", "b"]] * 501),
            looked(hidden=[["no such kind", 1]]),
            looked(hidden=[["scripts", -1]]),
            looked(hidden=[["scripts", None]]),
            looked()[: -len(frame("done"))] + looked()[len(READY) :],
            READY + (5).to_bytes(4, "little") + msgpack.packb([[1], 2, 3]),
        ],
    )
    def test_look_says_a_sentence(self, liar: Callable[..., None], lie: bytes) -> None:
        liar(lie)
        error = refused(lambda: Workers().look("a.pdf", Bytes(pdf())))
        assert error.reason in (Reason.CRASHED, Reason.NONSENSE, Reason.UNCONFINED) and error.sentence

    def test_a_whole_answer_is_taken_and_made_fit_to_show(self, liar: Callable[..., None]) -> None:
        """The lies above are refused for what is false in them: without it the same answer is taken."""
        liar(looked(), ends=False)
        assert Workers().look("a.pdf", Bytes(pdf())).pages == 1
        liar(looked(media_type="a/\x1b[2J", described="\u202e", metadata=[["k\n", "v\x07"]]), ends=False)
        found = Workers().look("a.pdf", Bytes(pdf()))
        assert found.media_type == "a/<U+001B>[2J" and found.described == "<U+202E>"
        assert found.metadata == (("k<U+000A>", "v<U+0007>"),)

    @pytest.mark.parametrize(
        ("ask", "item"),
        [
            ("text", {"page": -1, "width": 1, "height": 1, "text": ""}),
            ("text", {"page": 1, "width": float("nan"), "height": 1, "text": ""}),
            ("text", {"page": 1, "width": 1, "height": 1, "text": "no boxes"}),
            ("render", {"width": 10, "height": 10, "pages": 1}),
            ("render", {"width": "10", "height": 10, "pages": 1}),
            ("thumbnail", {}),
            ("hidden", {}),
            ("hidden", {"items": [["no such kind", 1, "text"]]}),
            ("hidden", {"items": [["script", -1, "text"]]}),
            ("hidden", {"items": [["script", True, "text"]]}),
            ("hidden", {"items": [["script", 1, b"text"]]}),
            ("hidden", {"items": [["script", 1]]}),
            ("hidden", {"items": [["script", 1, "text"]] * 22}),
            ("burn", {}),
            ("typeset", {}),
            ("attack", {"methods": [], "findings": [["where", 7]]}),
            ("attack", {"methods": [[]], "findings": [["where", "x"]]}),
        ],
    )
    def test_other_answers_are_checked_too(self, liar: Callable[..., None], ask: str, item: dict[str, object]) -> None:
        liar(READY + frame("item", item) + frame("done"), ends=False)
        source, worker = Bytes(pdf()), Workers()
        acts: dict[str, Callable[[], object]] = {
            "hidden": lambda: Workers(limits=Limits(hidden=20)).hidden("a.pdf", source),
            "text": lambda: worker.text("a.pdf", source),
            "render": lambda: worker.render("a.pdf", source, 1, 100),
            "thumbnail": lambda: worker.thumbnail("a.pdf", source),
            "burn": lambda: worker.burn("a.pdf", source, []),
            "typeset": lambda: worker.typeset("<p>x</p>"),
            "attack": lambda: worker.attack([Suspect("a.pdf", source)], ["secret"]),
        }
        assert refused(acts[ask]).reason is Reason.NONSENSE

    def test_a_document_cannot_say_that_the_machine_is_unfit(self, liar: Callable[..., None]) -> None:
        liar(READY + frame("failed", "unconfined"), ends=False)
        assert refused(lambda: Workers().look("a.pdf", Bytes(pdf()))).reason is Reason.NONSENSE

    def test_answers_without_end_are_cut_off(self, liar: Callable[..., None]) -> None:
        item = frame("item", {"page": 1, "width": 1, "height": 1, "text": ""})
        liar(READY + item * 30, ends=False)
        error = refused(lambda: Workers(limits=Limits(pages=20, children=20)).text("a.pdf", Bytes(pdf())))
        assert error.reason is Reason.TOO_LARGE

    def test_silence_is_ended(self, liar: Callable[..., None]) -> None:
        liar(READY, ends=False)
        assert refused(lambda: Workers(limits=Limits(seconds=1)).look("a.pdf", Bytes(pdf()))).reason is Reason.TIME


def test_names_without_end_are_cut() -> None:
    assert len(shown_name("x" * 10_000)) <= 200 and len(child_name("a/" * 5000)) <= 4096
    assert child_name("\0/..//.") == "_"


def test_a_source_fits_the_protocol() -> None:
    source: ByteSource = Watched(b"abc", [])
    assert source.read(1, 5) == b"bc"
