"""The files of ``places`` redacted, in this process: by the structural rebuild (mode C) and by the raster burn (D)."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.places_pdf import Place

from evidencevault.documents import pictures, rasters
from evidencevault.documents.requests import LIMITS, PageText
from evidencevault.documents.said import Said
from evidencevault.documents.worker import attack, burn, pages, structural
from evidencevault.documents.worker.failed import Failed
from evidencevault.redaction.finding import Finder

Rows = list[list[object]]


def texts(data: bytes) -> list[PageText]:
    """The pages as redaction gets them."""
    said = pages.text({"suffix": ".pdf"}, LIMITS, lambda: data)
    return [PageText(one["page"], one["width"], one["height"], one["text"], one["data"]) for one in said]  # type: ignore[arg-type]


def marks(place: Place, data: bytes, secret: str) -> Rows:
    """What a reviewer marks: every place of the term, or the box that only the eye sees."""
    if place.how == "box":
        return [[1, *place.box, ""]]
    found = Finder(texts(data)).term(secret) if place.how == "term" else []
    return [[one.page, box.x0, box.y0, box.x1, box.y1, ""] for one in found for box in one.boxes]


def rebuilt(data: bytes, rows: Rows) -> bytes | None:
    """Mode C; None where it refuses."""
    try:
        (said,) = structural.rebuild({"suffix": ".pdf", "marks": rows}, LIMITS, lambda: data)
    except Failed:
        return None
    return bytes(said["data"])  # type: ignore[arg-type]


def burnt(data: bytes, rows: Rows, dpi: int = 150) -> bytes:
    """Mode D."""
    question = {"suffix": ".pdf", "marks": rows, "dpi": dpi, "first": 1, "step": 1}
    drawn = []
    for said in burn.burn(question, LIMITS, lambda: data):
        packed = said.pop("data")
        drawn.append(rasters.picture_of(Said("copy.pdf", said, packed)))  # type: ignore[arg-type]
    return pictures.pdf(drawn)


def attacked(
    data: bytes, secrets: Iterable[str], mode: str = "", rows: Rows | None = None, searchable: bool = False
) -> list[tuple[str, int | None]]:
    """What the attack finds."""
    question = {
        "size": len(data),
        "file": "copy.pdf",
        "secrets": list(secrets),
        "mode": mode,
        "searchable": searchable,
        "stamps": [],
        "marks": rows or [],
    }
    (said,) = attack.attack(question, LIMITS, lambda: data)
    return [(where, number) for where, number in said["findings"]]  # type: ignore[attr-defined]
