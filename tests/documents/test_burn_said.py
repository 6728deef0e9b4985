"""What a worker that was taken over may not say of a burnt page, and of how many there are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest

from evidencevault.documents import rasters
from evidencevault.documents.requests import DocumentFailed, Reason
from evidencevault.documents.said import Said

TRUE: dict[str, object] = {
    "page": 1, "pages": 1, "width": 10.0, "height": 10.0, "across": 8, "down": 8, "colours": 1, "bits": 8,
    "packed": "flate",
}  # fmt: skip
MOST = (20, 1000)


def burnt(*said: dict[str, object], data: bytes = b"") -> int:
    def ask(begun: Callable[[Callable[[], None]], None], **more: object) -> Iterator[Said]:
        return iter([Said("a.pdf", {**TRUE, **one}, data) for one in said])

    return len(rasters.burnt(ask, "a.pdf", [], 200, 1, MOST, None))


def test_the_truth_is_taken() -> None:
    assert burnt({}) == 1
    assert burnt({"page": 2, "pages": 2}, {"pages": 2}) == 2


@pytest.mark.parametrize(
    "lie",
    [
        {"across": 0}, {"down": 1 << 30}, {"colours": 2}, {"colours": 4}, {"bits": 16}, {"bits": True},
        {"packed": "jbig2"}, {"packed": "/FlateDecode/Evil"}, {"packed": "fax"}, {"packed": b"flate"},
        {"width": 0.0}, {"height": -1.0}, {"width": math.nan}, {"height": math.inf}, {"page": 0}, {"page": 2},
        {"page": -1}, {"pages": 2}, {"pages": 21},
    ],
    ids=str,
)  # fmt: skip
def test_a_lie_is_nonsense(lie: dict[str, object]) -> None:
    with pytest.raises(DocumentFailed) as caught:
        burnt(lie)
    assert caught.value.reason is Reason.NONSENSE


@pytest.mark.parametrize("said", [(), ({}, {}), ({"pages": 2}, {"page": 2, "pages": 3})], ids=str)
def test_pages_that_are_missing_or_come_twice_are_nonsense(said: tuple[dict[str, object], ...]) -> None:
    with pytest.raises(DocumentFailed) as caught:
        burnt(*said)
    assert caught.value.reason is Reason.NONSENSE


def test_more_bytes_than_may_be_are_refused() -> None:
    with pytest.raises(DocumentFailed) as caught:
        burnt({"pages": 2}, {"page": 2, "pages": 2}, data=bytes(501))
    assert caught.value.reason is Reason.TOO_LARGE
