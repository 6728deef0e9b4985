"""The smallest packing of a finished page that keeps what can be seen of it: fax, PNG predictors, or JPEG."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageChops

from evidencevault.documents.worker.failed import Answer

QUALITY = 85
_CRISP = 0.4
"""Share of a page's two most frequent levels from which it is text or drawing, on whatever ground: JPEG would smear it.

Of 70 pages of as many PDFs 69 were; without loss they took 0.05 to 0.93 of their JPEG, one 1.95. Noise stays below.
"""
_WORTH = 1.5
"""How much larger a crisp page may be than its JPEG."""


def packed(picture: Any) -> Answer:
    """Size, colours, bits, packing and bytes of an RGB picture, as ``pictures.Picture`` takes them."""
    picture = _grey_if_grey(picture)
    told: Answer = {"across": picture.width, "down": picture.height, "colours": len(picture.getbands()), "bits": 8}
    grey = picture if picture.mode == "L" else picture.convert("L")
    levels = grey.histogram()
    total = picture.width * picture.height
    if picture.mode == "L" and levels[0] + levels[255] == total:
        return _bilevel(picture, told)
    jpeg = _saved(picture, "JPEG", quality=QUALITY, subsampling=0)
    if sum(sorted(levels)[-2:]) >= _CRISP * total:
        flat = _flat(picture)
        if len(flat) <= _WORTH * len(jpeg):
            return {**told, "packed": "flate", "data": flat}
    return {**told, "packed": "jpeg", "data": jpeg}


def _grey_if_grey(picture: Any) -> Any:
    red, green, blue = picture.split()
    if ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox():
        return picture
    return red


def _bilevel(picture: Any, told: Answer) -> Answer:
    """Black and white only: as fax, or where that is larger as PNG with one bit."""
    bits = picture.convert("1", dither=Image.Dither.NONE)
    fax, flat = _fax(bits), _flat(bits)
    if len(fax) <= len(flat):
        return {**told, "bits": 1, "packed": "fax", "data": fax}
    return {**told, "bits": 1, "packed": "flate", "data": flat}


def _fax(bits: Any) -> bytes:
    """ITU-T T.6 out of a TIFF of one strip."""
    # Otherwise Pillow parts the picture in strips of 64 KiB, which are faxes of their own.
    data = _saved(bits, "TIFF", compression="group4", strip_size=bits.width * bits.height)
    with Image.open(io.BytesIO(data)) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (offset,), (length,) = tags[273], tags[279]
    return data[offset : offset + length]


def _flat(picture: Any) -> bytes:
    """The pixel data of a PNG: filtered rows in one zlib stream, which PDF calls Flate with predictor 15."""
    data = _saved(picture, "PNG", compress_level=6)
    at, found = 8, bytearray()
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"IDAT":
            found += data[at + 8 : at + 8 + length]
        at += length + 12
    return bytes(found)


def _saved(picture: Any, form: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()
