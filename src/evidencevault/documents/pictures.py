"""A PDF of one picture a page, written here from pixels that a worker compressed: nothing else is in it.

The smallest that ISO 32000-1 allows: no metadata, no dates, and no font unless words are laid under the pictures; the
same pictures give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencevault.documents import text_layer
from evidencevault.documents.requests import Word

SPACES = {1: "DeviceGray", 3: "DeviceRGB"}
FILTERS = ("flate", "jpeg", "fax")
_FONT = 3
"""The object that is the font, where there is one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: width and height in points, its pixels, and how they are packed.

    ``colours`` is 1 (grey) or 3 (RGB), ``bits`` of each; ``packed`` is ``flate`` (PNG predictors, RFC 2083), ``jpeg``
    (ISO 10918-1) or ``fax`` (ITU-T T.6, one bit, 1 is white as TIFF has it).
    """

    page: int
    width: float
    height: float
    across: int
    down: int
    colours: int
    bits: int
    packed: str
    data: bytes


def pdf(pictures: Iterable[Picture], words: Mapping[int, Sequence[Word]] | None = None) -> bytes:
    """The file; pages in the order given. ``words`` by page number are laid under the pictures, invisible."""
    words = {page: said for page, said in (words or {}).items() if said}
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    if words:
        objects += text_layer.font((one.text for said in words.values() for one in said), _FONT)
    kids = []
    for one in pictures:
        first = len(objects) + 1
        kids.append(b"%d 0 R" % first)
        said = words.get(one.page, ())
        letters = b"/Font<</F0 %d 0 R>>" % _FONT if said else b""
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Resources<</XObject<</I %d 0 R>>%b>>/Contents %d 0 R>>"
            % (one.width, one.height, first + 1, letters, first + 2),
            _image(one),
            _contents(one, said),
        ]
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _contents(one: Picture, said: Sequence[Word]) -> bytes:
    drawn = b"q %.3f 0 0 %.3f 0 0 cm /I Do Q" % (one.width, one.height)
    if not said:
        return b"<</Length %d>>\nstream\n%b\nendstream" % (len(drawn), drawn)
    packed = zlib.compress(text_layer.drawn(said, one.height) + b"\n" + drawn, 9)
    return b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed)


def _image(one: Picture) -> bytes:
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%b/BitsPerComponent %d%b/Length %d>>" % (
        one.across,
        one.down,
        SPACES[one.colours].encode(),
        one.bits,
        _filter(one),
        len(one.data),
    )
    return head + b"\nstream\n" + one.data + b"\nendstream"


def _filter(one: Picture) -> bytes:
    if one.packed == "jpeg":
        return b"/Filter/DCTDecode"
    if one.packed == "fax":
        return b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d/BlackIs1 true>>" % (one.across, one.down)
    return b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>" % (
        one.colours,
        one.bits,
        one.across,
    )


def _file(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)
