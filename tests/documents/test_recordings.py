"""Sound is silent over its spans and film black over its areas, in the file that leaves; all else stays."""

from __future__ import annotations

import io
import os
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.documents.conftest import refused

from evidencevault.documents.requests import LIMITS, Area, Bytes, ByteSource, Reason, Span
from evidencevault.documents.said import Said
from evidencevault.documents.sentences import sentence
from evidencevault.documents.worker import main
from evidencevault.documents.worker.failed import Failed
from evidencevault.documents.workers import Workers, recordings_available
from support import recordings
from support.recordings import RATE

SECRET = "Mirelva Dornhoek"
CORPUS = os.environ.get("EVIDENCEVAULT_CORPUS", "")


def loudness(data: bytes, start: int, end: int) -> float:
    """Root mean square between two milliseconds."""
    part = recordings.samples(data)[start * RATE // 1000 : end * RATE // 1000].astype(float)
    assert part.size
    return float(np.sqrt((part**2).mean()))


@pytest.mark.parametrize(
    ("kind", "codec"),
    [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("ogg", "libopus"), ("mp4", "aac"), ("flac", "flac")],
)
def test_a_span_is_silent_and_the_rest_is_as_loud_as_before(kind: str, codec: str) -> None:
    assert recordings_available()
    rate = 48_000 if codec == "libopus" else RATE
    data = recordings.sound(3000, kind, codec, SECRET, rate=rate)
    made = Workers().silence(f"voice.{kind}", Bytes(data), [Span(1000, 2000)])
    assert made.suffix == ".wav"
    with wave.open(io.BytesIO(made.data)) as file:
        assert (file.getsampwidth(), file.getnchannels(), file.getframerate()) == (2, 1, rate)
    left = recordings.samples(made.data)
    assert abs(len(left) / RATE - 3) < 0.1
    assert not left[round(0.951 * RATE) : round(2.049 * RATE)].any()
    for start, end in ((100, 940), (2060, 2900)):
        assert loudness(made.data, start, end) == pytest.approx(loudness(data, start, end), rel=0.05)
    assert SECRET.encode() in data and SECRET.encode() not in made.data
    assert Workers().attack_recording("voice.wav", Bytes(made.data), [Span(1000, 2000)]).clean


def test_the_sample_recording_stays_as_it_is_outside_its_span() -> None:
    data = Path("resources/sample/voice.wav").read_bytes()
    said = Workers().recording("voice.wav", Bytes(data))
    assert (said.kind, said.width, said.streams) == ("sound", 0, ("audio: pcm_s16le",))
    made = Workers().silence("voice.wav", Bytes(data), [Span(500, 700)]).data
    with wave.open(io.BytesIO(data)) as before, wave.open(io.BytesIO(made)) as after:
        assert before.getparams() == after.getparams()
        assert said.milliseconds == before.getnframes() * 1000 // before.getframerate()
        old, new = (np.frombuffer(file.readframes(file.getnframes()), "<i2").copy() for file in (before, after))
    assert old[3600:6000].any()
    old[3600:6000] = 0
    assert (old == new).all()


def test_what_would_be_too_large_as_wav_comes_as_flac() -> None:
    data = recordings.sound(12_000, channels=2, rate=48_000)
    workers = Workers(limits=replace(LIMITS, answer=2 << 20))
    told: list[int] = []
    made = workers.silence("voice.wav", Bytes(data), [Span(0, 9000)], told.append)
    assert made.suffix == ".flac"
    assert told and told == sorted(told) and told[-1] == 12_000
    assert not recordings.samples(made.data, 2, 48_000)[: 9 * 48_000].any()
    assert recordings.samples(made.data, 2, 48_000)[10 * 48_000 :].any()
    assert Workers().attack_recording("voice.flac", Bytes(made.data), [Span(0, 9000)]).clean
    small = Workers(limits=replace(LIMITS, answer=1 << 16))
    assert refused(lambda: small.silence("voice.wav", Bytes(data), [])).reason is Reason.TOO_LARGE


def test_an_area_is_black_in_every_frame_of_its_time_and_the_rest_is_seen() -> None:
    data = recordings.film(50, title=SECRET)
    said = Workers().recording("film.mp4", Bytes(data))
    assert (said.kind, said.milliseconds, said.width, said.height) == ("video", pytest.approx(2000, abs=80), 160, 96)
    assert ("title", SECRET) in said.metadata and ("chapter", SECRET) in said.metadata
    area, span = Area(600, 1200, 20, 12, 120, 52), Span(500, 1000)
    made = Workers().blacken("film.mp4", Bytes(data), [area], [span])
    assert made.suffix == ".mp4" and SECRET.encode() in data and SECRET.encode() not in made.data
    before, after = recordings.pictures(data), recordings.pictures(made.data)
    assert [at for at, _ in after] == pytest.approx([at for at, _ in before], abs=0.001)
    black = 0
    for (at, old), (_, new) in zip(before, after, strict=True):
        assert old[12:52, 20:120].max() > 80
        if 0.56 <= at <= 1.2:
            assert new[16:48, 24:116].max() < 15
            black += 1
        elif not 0.5 < at < 1.3:
            assert np.abs(old.astype(int) - new).mean() < 6
        assert np.abs(old[60:].astype(int) - new[60:]).mean() < 6
    assert black >= 16
    assert loudness(made.data, 510, 990) < 4
    assert loudness(made.data, 1200, 1800) == pytest.approx(loudness(data, 1200, 1800), rel=0.1)
    report = Workers().attack_recording("film.mp4", Bytes(made.data), [span], [area])
    assert report.clean and len(report.methods) == 3
    assert Workers().recording("film.mp4", Bytes(made.data)).streams == ("video: h264", "audio: aac")


def test_the_attack_finds_what_was_not_redacted() -> None:
    film, voice = Bytes(recordings.film(25, title=SECRET)), recordings.sound(1000)
    found = {
        one.where
        for one in Workers().attack_recording("f.mp4", film, [Span(0, 900)], [Area(0, 900, 0, 10, 80, 60)]).findings
    }
    assert {"chapters", "tag of the file: title", "user data in the index", "sound within 0 to 900 ms"} <= found
    assert any(one.startswith("a picture in an area") for one in found)
    found = {one.where for one in Workers().attack_recording("v.wav", Bytes(voice + b"more"), [Span(0, 10)]).findings}
    assert "sound within 0 to 10 ms" in found and "a part b'rest' of the file" in found
    assert not Workers().attack_recording("v.mp3", Bytes(recordings.sound(500, "mp3", "libmp3lame")), []).clean
    cut = recordings.sound(500, "flac", "flac")
    assert not Workers().attack_recording("v.flac", Bytes(cut[: len(cut) // 2] + bytes(999)), []).clean
    assert not Workers().attack_recording("v.wav", Bytes(b"RIFF\0\0\0\0WAVE"), []).clean


def test_the_attack_believes_no_redaction_it_could_not_see() -> None:
    plain = Workers().silence("v.wav", Bytes(recordings.sound(500)), [])
    assert len(Workers().attack_recording("v.wav", Bytes(plain.data), [Span(600, 900)]).findings) == 1
    film = Bytes(recordings.film(10))
    outside = Workers().attack_recording(
        "f.mp4", film, [], [Area(0, 200, 200, 0, 300, 50), Area(9000, 9900, 0, 0, 9, 9)]
    )
    assert sum(one.where.startswith("nothing was found") for one in outside.findings) == 2


def test_without_its_packages_a_worker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.startswith("evidencevault.documents.worker.")]:
        monkeypatch.delitem(sys.modules, name)
    for ask, package in (("blacken", "av"), ("faces", "onnxruntime")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(Failed) as caught:
            list(main._optional(ask)({}, LIMITS, bytes))
        assert caught.value.reason is Reason.NOT_INSTALLED
    assert "is not installed" in sentence("film.mp4", Reason.NOT_INSTALLED)


def test_a_film_of_a_telephone_is_turned_upright_before_areas_are_measured() -> None:
    data = recordings.turned(recordings.film(10, voice=False))
    said = Workers().recording("phone.mp4", Bytes(data))
    assert (said.width, said.height) == (96, 160)
    before = Workers().still("phone.mp4", Bytes(data), 0, 96)
    upright = np.frombuffer(before.data, np.uint8).reshape(160, 96, 3)
    assert upright[4:20, 56:72].min() > 200  # the square, which lies at the top left of the film as it is stored
    made = Workers().blacken("phone.mp4", Bytes(data), [Area(0, 1000, 40, 0, 96, 60)], [])
    after = Workers().still("phone.mp4", Bytes(made.data), 0, 96)
    assert (after.width, after.height) == (96, 160)
    assert np.frombuffer(after.data, np.uint8).reshape(160, 96, 3)[4:50, 46:90].max() < 20


def test_a_still_shows_the_moment_asked_for() -> None:
    data = Bytes(recordings.film(40, voice=False))
    for number in (0, 7, 25, 39):
        still = Workers().still("film.mp4", data, number * 40 + 10, 4000)
        picture = np.frombuffer(still.data, np.uint8).reshape(still.height, still.width, 3)
        bright = np.nonzero(picture[32].min(axis=1) > 220)[0]
        assert (bright[0], bright[-1]) == (pytest.approx(2 * number, abs=1), pytest.approx(2 * number + 23, abs=1))
    assert Workers().still("film.mp4", data, 10**9, 80).width == 80


def test_damage_and_lies_end_in_a_sentence_or_in_what_is_left() -> None:
    film, voice = recordings.film(50), recordings.sound(2000)
    assert refused(lambda: Workers().recording("a.mp3", Bytes(b"no sound at all" * 99))).reason is Reason.UNSUPPORTED
    assert refused(lambda: Workers().blacken("a.wav", Bytes(voice), [], [])).reason is Reason.UNSUPPORTED
    assert (
        refused(lambda: Workers().silence("a.mp4", Bytes(recordings.film(5, voice=False)), [])).reason
        is Reason.UNSUPPORTED
    )
    short = Workers(limits=replace(LIMITS, recording=1000))
    assert refused(lambda: short.silence("a.wav", Bytes(voice), [])).reason is Reason.TOO_LARGE
    assert refused(lambda: short.blacken("a.mp4", Bytes(film), [], [])).reason is Reason.TOO_LARGE
    holed = bytearray(film)
    at = holed.index(b"mdat")
    holed[at + 3000 : at + 3200] = bytes(200)
    made = Workers().blacken("a.mp4", Bytes(bytes(holed)), [Area(0, 9000, 0, 0, 160, 96)], [Span(0, 9000)])
    assert Workers().attack_recording("a.mp4", Bytes(made.data), [Span(0, 9000)], [Area(0, 9000, 0, 0, 160, 96)]).clean
    # A length in the header of ten hours, and a sound of two seconds.
    lying = voice.replace(b"data" + (len(voice) - 44).to_bytes(4, "little"), b"data\xff\xff\xff\x7f")
    assert abs(Workers().recording("a.wav", Bytes(lying)).milliseconds - 2000) < 100


def test_a_film_that_changes_its_size_keeps_the_first() -> None:
    """Two streams, one after the other, the clock set anew between them: areas hold in both."""
    both = Bytes(b"".join(recordings.film(20, size, voice=False, kind="mpegts") for size in ((160, 96), (320, 240))))
    area = Area(0, 5000, 0, 0, 160, 96)
    made = Workers().blacken("film.ts", both, [area], [])
    frames = recordings.pictures(made.data)
    assert len(frames) >= 38 and all(picture.shape == (96, 160) and picture.max() < 20 for _, picture in frames)
    assert frames[-1][0] == pytest.approx(1.56, abs=0.1)
    assert Workers().attack_recording("film.mp4", Bytes(made.data), [], [area]).clean


def test_a_film_larger_than_memory_is_read_in_parts_and_leaves_less_sharp_rather_than_too_large() -> None:
    data = recordings.film(100, (320, 240), noise=True)
    large = Workers().blacken("film.mp4", Bytes(data), [], []).data
    assert len(large) > 700_000 and not any(name in large for name in (b"x264", b"Lavc", b"Lavf"))
    small = Workers(limits=replace(LIMITS, whole=1000, answer=500_000))
    assert small.recording("film.mp4", Bytes(data)).height == 240
    assert small.still("film.mp4", Bytes(data), 3000, 32).width == 32
    assert len(recordings.pictures(small.blacken("film.mp4", Bytes(data), [], []).data)) == 100
    tiny = Workers(limits=replace(LIMITS, answer=100_000))
    assert refused(lambda: tiny.blacken("film.mp4", Bytes(data), [], [])).reason is Reason.TOO_LARGE


def test_a_frame_that_is_displayed_into_a_time_is_black_in_it() -> None:
    """Two frames a second: the one from 500 to 1000 ms is what is seen at 900."""
    data = recordings.film(4, rate=2, voice=False)
    made = Workers().blacken("film.mp4", Bytes(data), [Area(900, 950, 0, 0, 160, 96)], [])
    assert [picture.max() < 20 for _, picture in recordings.pictures(made.data)] == [False, True, False, False]
    assert Workers().attack_recording("film.mp4", Bytes(made.data), [], [Area(900, 950, 0, 0, 160, 96)]).clean
    assert not Workers().attack_recording("film.mp4", Bytes(made.data), [], [Area(400, 450, 0, 0, 160, 96)]).clean


def test_a_hole_in_the_sound_keeps_what_comes_after_it_in_its_place() -> None:
    data = recordings.sound(1000, "matroska", "libopus", rate=48_000, hole=2000)
    made = Workers().silence("voice.mkv", Bytes(data), [Span(3200, 3400)]).data
    loud = [bool(part.max() > 4000) for part in np.array_split(recordings.samples(made)[: 4 * RATE], 40)]
    assert loud[:10] == [True] * 10 and not any(loud[11:30]) and loud[30] and not any(loud[32:34]) and loud[36]


class Lying(Workers):
    """Workers whose process says what it is told to say."""

    def __init__(self, data: bytes = b"", **fields: object) -> None:
        super().__init__()
        self._said = fields, data

    def _ask(self, name: str, kind: str, source: ByteSource, **more: object) -> Iterator[Said]:
        yield Said(name, *self._said)


TRUE = {"kind": "video", "milliseconds": 5, "width": 2, "height": 2, "streams": [["video: h264", ""]], "metadata": []}
ANY = Bytes(b"any")


@pytest.mark.parametrize(
    ("ask", "lie", "data"),
    [
        *[
            (lambda one: one.recording("a", ANY), {**TRUE, **lie}, b"")
            for lie in ({"kind": "text"}, {"width": 0}, {"milliseconds": -1}, {"streams": ["h264"]}, {"metadata": None})
        ],
        (lambda one: one.silence("a", ANY, []), {"at": 5, "suffix": ".exe"}, b"RIFF"),
        (lambda one: one.silence("a", ANY, []), {"at": 5, "suffix": ".wav"}, b"MZ"),
        (lambda one: one.silence("a", ANY, []), {"at": "5", "suffix": ".wav"}, b"RIFF"),
        (lambda one: one.blacken("a", ANY, [], []), {"at": 5, "suffix": ".wav"}, b"RIFF"),
        (lambda one: one.still("a", ANY, 0, 10), {"width": 11, "height": 1}, bytes(33)),
        (lambda one: one.still("a", ANY, 0, 10), {"width": 10, "height": 1}, bytes(29)),
        (lambda one: one.attack_recording("a", ANY, []), {"methods": [], "findings": [["x", 1]]}, b""),
        (lambda one: list(one.faces("a", ANY)), {"page": 1, "faces": [[0, 0, 5, 5]]}, b""),
        (lambda one: list(one.faces("a", ANY)), {"page": 1, "faces": [[5, 0, 5, 5, 0.5]]}, b""),
        (lambda one: list(one.faces("a", ANY)), {"page": 1, "faces": [[0, 0, 5, 5, float("nan")]]}, b""),
        (lambda one: list(one.faces("a", ANY)), {"page": 1, "faces": [[0, 0, 5, 5, 0.5]] * 2001}, b""),
    ],
)
def test_what_cannot_be_is_not_believed(ask: Callable[[Workers], object], lie: dict[str, object], data: bytes) -> None:
    assert refused(lambda: ask(Lying(data, **lie))).reason is Reason.NONSENSE


def test_the_same_answers_without_their_lie_are_believed() -> None:
    assert Lying(**TRUE).recording("a", ANY).width == 2
    assert Lying(b"RIFF", at=5, suffix=".wav").silence("a", ANY, []).suffix == ".wav"
    assert Lying(bytes(30), width=10, height=1).still("a", ANY, 0, 10).height == 1
    assert [one.score for one in Lying(page=1, faces=[[0, 0, 5, 5, 0.5]]).faces("a", ANY)] == [0.5]
    with pytest.raises(ValueError, match="ends before"):
        Workers().silence("a", ANY, [Span(5, 4)])


@pytest.mark.skipif(not CORPUS, reason="no corpus here")
def test_recordings_of_others_are_silenced_or_refused() -> None:
    for path in sorted((Path(CORPUS) / "tika-test-documents").glob("*")):
        if path.suffix not in (".mp3", ".mp4", ".m4a", ".flac", ".ogg"):
            continue
        if any(word in path.name for word in ("truncated", "drm", "udtaLocation", "esdsFlags", "twoCovers.m4a")):
            assert refused(lambda one=path: Workers().silence(one.name, Bytes(one.read_bytes()), [])).reason
            continue
        made = Workers().silence(path.name, Bytes(path.read_bytes()), [Span(0, 100)])
        assert Workers().attack_recording("a" + made.suffix, Bytes(made.data), [Span(0, 100)]).clean
