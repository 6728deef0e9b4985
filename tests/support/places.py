"""A PDF for every place in which a secret can stand: ``PLACES[name](secret)`` is a file with it in that place only.

The places are those that common redaction leaves behind (see the threat model), and those that every tool knows.
"""

from __future__ import annotations

from tests.support import places_notes, places_pixels, places_text, places_unseen
from tests.support.places_pdf import AREA, HARMLESS, HEIGHT, WIDTH, Place

SECRET = "Wolkenhaar"
PLACES: dict[str, Place] = {
    one.name: one for one in (*places_text.PLACES, *places_pixels.PLACES, *places_notes.PLACES, *places_unseen.PLACES)
}
__all__ = ["AREA", "HARMLESS", "HEIGHT", "PLACES", "SECRET", "WIDTH", "Place"]
