"""One secret in each place of a PDF, redacted by both modes: nothing finds it afterwards, no tool and no eye."""

from __future__ import annotations

import pytest
from tests.support import places_redacted as redacted
from tests.support import places_seen
from tests.support.places import AREA, HARMLESS, PLACES, SECRET, Place
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
