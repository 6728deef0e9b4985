"""Opens pictures: every reader of Pillow's own, and HEIC where pillow-heif is there (the extra ``heic``).

pillow-heif turns pixels as the file says (irot, imir; ISO/IEC 23008-12, 6.5.10) and then sets EXIF's orientation to
1, as Pillow's own reader of AVIF puts it into EXIF and turns nothing: transposing by EXIF once is right for both.
"""

from __future__ import annotations

import io

from PIL import Image

try:
    # At import, before the worker is confined, and before Pillow's readers: its reader of AVIF claims every "mif1".
    import pillow_heif
except ModuleNotFoundError as _error:
    if _error.name != "pillow_heif":
        raise
    HEIC = False
else:
    pillow_heif.register_heif_opener(thumbnails=True)
    HEIC = True
"""Whether HEIC can be read here."""
HEIC_KINDS = frozenset(f"image/{name}{more}" for name in ("heic", "heif") for more in ("", "-sequence"))
_AVIF = (b"avif", b"avis")


def picture(data: bytes) -> Image.Image:
    """The picture, not yet decoded. Raises what Pillow raises where it is none."""
    return Image.open(io.BytesIO(data), formats=("AVIF",) if _is_avif(data) else None)


def is_heif(data: bytes) -> bool:
    """Whether these are the first bytes of a HEIC or AVIF file, and of no film (ISO/IEC 14496-12, 4.3)."""
    return data[4:8] == b"ftyp" and (data[8:11] in (b"hei", b"hev") or data[8:12] in (b"mif1", b"msf1", *_AVIF))


def _is_avif(data: bytes) -> bool:
    """By all its brands: the first may be that of any HEIF."""
    if not is_heif(data):
        return False
    length = min(int.from_bytes(data[:4], "big"), 256)
    return any(data[at : at + 4] in _AVIF for at in (8, *range(16, length - 3, 4)))
