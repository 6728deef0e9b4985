"""Every file of the generator opens, shows its harmless line, and really holds the secret."""

from __future__ import annotations

import pymupdf
import pytest
from tests.support import places_seen
from tests.support.places import HARMLESS, PLACES, SECRET

_BY_EYE = [name for name in PLACES if name.startswith("pixels") or PLACES[name].how == "box"]
"""Seen in a picture of the page, or in an image that no page shows."""


@pytest.mark.parametrize("name", PLACES)
def test_opens_and_shows_its_line(name: str) -> None:
    with pymupdf.open(stream=PLACES[name](SECRET), filetype="pdf") as document:
        assert document.page_count == 1
        if name != "text as outlines":
            assert HARMLESS in document[0].get_text()


@pytest.mark.parametrize("name", [name for name in PLACES if name not in _BY_EYE])
def test_a_tool_sees_the_secret(name: str) -> None:
    assert places_seen.seen(PLACES[name](SECRET), SECRET)
    assert not places_seen.seen(PLACES[name]("Zwartkruin"), SECRET)


@pytest.mark.skipif(bool(places_seen.TOOLS), reason="poppler or tesseract is not installed")
def test_an_eye_sees_the_secret() -> None:
    pages = {name: PLACES[name](SECRET) for name in _BY_EYE}
    pictures = [(name, places_seen.drawn(data)) for name, data in pages.items()]
    pictures += [(name, picture) for name, data in pages.items() for picture in places_seen.images(data)]
    texts = places_seen.read([picture for _, picture in pictures])
    read = {name for (name, _), text in zip(pictures, texts, strict=True) if SECRET.casefold() in text.casefold()}
    assert set(_BY_EYE) - read == set()
