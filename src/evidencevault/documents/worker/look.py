"""What a file is: media type by content, metadata, pages, and what the pages do not show."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import ExifTags

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker import hidden, media, opening, pages
from evidencevault.documents.worker.failed import Answer, Failed, Read


def look(question: Answer, limits: Limits, read: Read) -> Iterator[Answer]:
    """One answer: type, mismatch, pages, metadata, container, hidden, and why there is no preview."""
    data = read()
    found = media.media_of(question, data)
    pages_found, metadata, failed = 0, [], ""
    unseen: list[tuple[str, int]] = []
    try:
        with pages.opened(data, found, limits) as document:
            pages_found, metadata = document.count, document.metadata
            if found == "application/pdf":
                unseen = hidden.counted(document.mupdf, limits)
            elif document.picture is not None:
                metadata, unseen = _exif(data)
    except Failed as refusal:
        failed = refusal.reason.value
    yield {
        "media_type": found,
        "described": media.described(data),
        "mismatch": media.mismatch(found, str(question["suffix"])),
        "pages": pages_found,
        "metadata": [[str(name)[:200], str(value)[:2000]] for name, value in metadata[:500]],
        "hidden": [list(one) for one in unseen],
        "container": found in media.CONTAINERS,
        "failed": failed,
    }


def _exif(data: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
    """EXIF of a picture, its GPS part too, as text; and that it could not be read where it is damaged."""
    found: list[tuple[str, str]] = []
    try:
        with opening.picture(data) as picture:
            tags = picture.getexif()
            for number, value in tags.items():
                found.append((ExifTags.TAGS.get(number, hex(number)), str(value)))
            for number, value in tags.get_ifd(ExifTags.IFD.GPSInfo).items():
                found.append((ExifTags.GPSTAGS.get(number, hex(number)), str(value)))
    except MemoryError:
        raise
    except Exception:  # a damaged note beside a picture is said, and does not take the picture away
        return found, [(hidden.UNCOUNTED, 1)]
    return found, []
