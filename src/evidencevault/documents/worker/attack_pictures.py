"""What a picture file says beside its pixels: EXIF, XMP, comments, texts, names of profiles."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from evidencevault.documents.worker import opening

_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"GIF8", b"RIFF", b"\0\0\0\x0cjP  ")


def noted(data: bytes) -> Iterator[bytes | str]:
    """The notes of a picture; nothing where the bytes are no picture."""
    if not data.startswith(_STARTS) and not opening.is_heif(data):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opening.picture(data) as picture:
                for key, value in picture.info.items():
                    yield str(key)
                    yield from _said(value)
                tags = picture.getexif()
                for held in (tags, *(tags.get_ifd(part) for part in (0x8769, 0x8825, 0xA005))):
                    for value in held.values():
                        yield from _said(value)
    except (OSError, SyntaxError, ValueError, TypeError):
        return  # damaged: its bytes are looked at all the same


def _said(value: object) -> Iterator[bytes | str]:
    if isinstance(value, bytes):
        yield value
        yield value.decode("utf-8", "ignore")
    elif isinstance(value, str):
        yield value
