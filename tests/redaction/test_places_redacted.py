"""One secret in each place of a PDF, redacted by both modes: nothing finds it afterwards, no tool and no eye."""

from __future__ import annotations

import io

import pikepdf
import pymupdf
import pytest
from tests.support import places_redacted as redacted
from tests.support import places_seen
from tests.support.places import AREA, HARMLESS, PLACES, SECRET, Place
from tests.support.places_pdf import sheet
from tests.support.places_redacted import Rows
from tests.support.places_unseen import GLYPHS

from evidencevault.documents.requests import Bytes, DocumentFailed, Mark, Reason, Suspect
from evidencevault.documents.workers import Workers

REFUSED = {
    "text in Type 3 without ToUnicode",
    "text in a tiling pattern",
    "text invisible",
    "text covered",
    "text as a clipping path",
    "text as a soft mask",
    "text clipped away",
    "pixels in a tiling pattern",
    "pixels under a black area",
    "free text note",
    "font name",
    "bytes before the header",
    "unknown operator",
}
"""What mode C leaves to mode D. A place more here is a loss, a place less is a gain; a leak is neither."""
UNREAD = {"bytes before the header"}
"""Not taken for a PDF at all: nothing is burnt either."""
_Made = dict[str, tuple[Rows, bytes | None]]


@pytest.fixture(scope="module")
def sources() -> dict[str, tuple[bytes, Rows]]:
    made = {name: place(SECRET) for name, place in PLACES.items()}
    return {name: (data, redacted.marks(PLACES[name], data, SECRET)) for name, data in made.items()}


@pytest.fixture(scope="module")
def rebuilt(sources: dict[str, tuple[bytes, Rows]]) -> _Made:
    return {name: (rows, redacted.rebuilt(data, rows)) for name, (data, rows) in sources.items()}


@pytest.fixture(scope="module")
def burnt(sources: dict[str, tuple[bytes, Rows]]) -> _Made:
    return {name: (rows, redacted.burnt(data, rows)) for name, (data, rows) in sources.items() if name not in UNREAD}


def test_the_finder_marks_every_term(sources: dict[str, tuple[bytes, Rows]]) -> None:
    assert [name for name, (_, rows) in sources.items() if PLACES[name].how and not rows] == []


def test_a_rebuilt_file_holds_no_secret(rebuilt: _Made) -> None:
    clean = {name: (rows, data) for name, (rows, data) in rebuilt.items() if data is not None}
    leaks = {name: seen for name, (_, data) in clean.items() if (seen := places_seen.seen(data or b"", SECRET))}
    assert leaks == {}
    assert set(rebuilt) - set(clean) == REFUSED
    assert len(clean) == len(PLACES) - len(REFUSED)


def test_a_rebuilt_file_keeps_its_text(rebuilt: _Made) -> None:
    for name, (_, data) in rebuilt.items():
        if data is not None and name != "text as outlines":
            said = places_seen.extracted(data)
            assert all(places_seen.folded(HARMLESS) in places_seen.folded(one) for one in said.values()), (name, said)


def test_a_rebuilt_file_withstands_the_attack(rebuilt: _Made) -> None:
    for name, (rows, data) in rebuilt.items():
        if data is not None:
            assert redacted.attacked(data, [SECRET], "structural", rows) == [], name


def test_a_burnt_file_holds_no_secret_and_withstands_the_attack(burnt: _Made) -> None:
    leaks = {}
    for name, (rows, data) in burnt.items():
        found = (
            places_seen.seen(data or b"", SECRET, text=False),
            redacted.attacked(data or b"", [SECRET], "raster", rows),
        )
        if found != (set(), []):
            leaks[name] = found
    assert leaks == {}
    assert len(burnt) == len(PLACES) - len(UNREAD)


@pytest.mark.skipif(bool(places_seen.TOOLS), reason="poppler or tesseract is not installed")
@pytest.mark.parametrize("mode", ["rebuilt", "burnt"])
def test_no_eye_sees_the_secret(mode: str, request: pytest.FixtureRequest) -> None:
    made: _Made = request.getfixturevalue(mode)
    by_eye = [name for name in made if name.startswith("pixels") or PLACES[name].how]
    pictures = [(name, places_seen.drawn(data)) for name in by_eye if (data := made[name][1])]
    pictures += [(name, one) for name in by_eye if (data := made[name][1]) for one in places_seen.images(data)]
    texts = places_seen.read([picture for _, picture in pictures])
    named = [(name, text) for (name, _), text in zip(pictures, texts, strict=True)]
    assert [name for name, text in named if SECRET.casefold()[:6] in text.casefold()] == []
    assert sum("Report" in text for _, text in named) > len(by_eye) / 2  # the reader reads


_HIDDEN = {
    "white letters under black ones": b"BT /F0 24 Tf 30 100 Td 1 g (Wolkenhaar) Tj 0 0 Td 0 g (Bolkenhoor) Tj ET",
    "white letters on noise": b"0 .6 400 .6 re f 0 140 m 400 60 l S 1 g BT /F0 24 Tf 30 100 Td (Wolkenhaar) Tj ET",
    "squeezed letters": b"BT 1 Tz /F0 24 Tf 30 100 Td (Wolkenhaar) Tj ET",
    "faint letters": b"/GS0 gs BT /F0 24 Tf 30 100 Td (Wolkenhaar) Tj ET",
    "grey letters under a white area": b".97 g BT /F0 24 Tf 30 100 Td (Wolkenhaar) Tj ET 1 g 20 85 360 45 re f",
    "letters before a dark area": b"BT /F0 24 Tf 30 100 Td (Wolkenhaar) Tj ET .2 g 20 85 360 45 re f",
}


@pytest.mark.parametrize("way", _HIDDEN)
def test_letters_that_nobody_sees_are_refused_or_gone(way: str) -> None:
    """Nobody marked them, for they can not be seen: their text must not be handed out."""
    made = sheet()
    made.drawn, made.resources = _HIDDEN[way] + b"\n", b"/ExtGState<</GS0<</ca .01>>>>"
    data = redacted.rebuilt(made.write(), [])
    assert data is None or places_seen.seen(data, SECRET) == set()


@pytest.mark.parametrize("steps", [1, 30])
def test_paths_that_nobody_sees_are_refused_or_gone(steps: int) -> None:
    """White strokes on white paper are left out before letters, refused behind them; so are strokes under an area."""
    strokes = b"".join(b"%d 100 m %d 120 l S\n" % (30 + 4 * n, 33 + 3 * n) for n in range(steps * 10))
    white, covered = sheet(), sheet()
    white.drawn, covered.drawn = b"1 G\n" + strokes, strokes + b"0 g 0 85 400 45 re f\n"
    assert steps == 1 or redacted.rebuilt(white.write(), []) is None
    with pikepdf.open(io.BytesIO(white.write())) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        pdf.pages[0].Contents = pdf.make_stream(strokes.join((b"1 G\n", content[: content.index(b"1 G")])))
        pdf.save(out := io.BytesIO())
    data = redacted.rebuilt(out.getvalue(), [])
    assert data is not None and all(b" l\n" not in stream and b"Tj" in stream for stream in _contents(data))
    assert steps == 1 or redacted.rebuilt(covered.write(), []) is None


def _contents(data: bytes) -> list[bytes]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return [page.read_contents() for page in document]


def test_letters_of_a_removed_name_are_not_left_in_a_font() -> None:
    data = redacted.rebuilt(GLYPHS(SECRET), [])
    assert data is not None and b"FontFile" not in data and places_seen.seen(GLYPHS(SECRET), SECRET) == set()


@pytest.mark.parametrize("name", ["text", "pixels of a JPEG", "text in an embedded font", "EXIF of a JPEG"])
def test_confined_and_the_same_again(name: str) -> None:
    source, mark = Bytes(PLACES[name](SECRET)), Mark(1, *AREA, "Child A")
    workers = Workers()
    made = workers.rebuild("letter.pdf", source, [mark])
    assert made == workers.rebuild("letter.pdf", source, [mark])
    report = workers.attack([Suspect("copy.pdf", Bytes(made), False, (mark,), "structural")], [SECRET])
    assert report.clean and "Child A" in places_seen.extracted(made)["poppler" if not places_seen.TOOLS else "pypdf"]


def test_a_refusal_names_its_reason() -> None:
    place: Place = PLACES["text in a tiling pattern"]
    for source, mark, reason in (
        (place(SECRET), Mark(1, *AREA), Reason.UNSAFE),
        (PLACES["text"](SECRET), Mark(2, *AREA), Reason.NO_SUCH_PAGE),
        (b"Plain text", Mark(1, *AREA), Reason.UNSUPPORTED),
    ):
        with pytest.raises(DocumentFailed) as caught:
            Workers().rebuild("letter.pdf", Bytes(source), [mark])
        assert caught.value.reason is reason
