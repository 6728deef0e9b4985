"""What a file is: media type by content, metadata, pages."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Callable, Iterator

# isort: off
import pylibmagic  # noqa: F401  (must come before magic: it brings libmagic)
import magic

# isort: on
from PIL import ExifTags, Image

from evidencevault.documents.requests import Limits
from evidencevault.documents.worker import pages
from evidencevault.documents.worker.main import Failed

_MAGIC, _DESCRIBED = magic.Magic(mime=True), magic.Magic()
CONTAINERS = {
    "message/rfc822", "application/mbox", "application/zip",
    "application/x-tar", "application/gzip", "application/vnd.ms-outlook",
}  # fmt: skip
_SAME = {
    "text/plain": ("text/", "application/json", "application/xml", "message/rfc822"),
    "application/zip": ("application/vnd", "application/java-archive", "application/epub+zip"),
}


def media_type(data: bytes, suffix: str) -> str:
    """By content; the name's ending decides only between kinds of text, where content says little."""
    found = str(_MAGIC.from_buffer(data[: 1 << 20]))
    named = mimetypes.types_map.get(suffix.lower(), "")
    if suffix.lower() == ".msg" and found in (
        "application/CDFV2",
        "application/x-ole-storage",
        "application/vnd.ms-outlook",
    ):
        return "application/vnd.ms-outlook"
    if suffix.lower() == ".mbox" and found.startswith("text/"):
        return "application/mbox"
    if found in ("text/plain", "application/octet-stream") and data[:5] == b"From ":
        return "application/mbox"
    if found == "text/plain" and named.startswith(("text/", "message/")):
        return named
    if found in ("application/zip", "application/octet-stream") and data[:2] == b"PK" and "openxml" in named:
        return named
    return found


def mismatch(found: str, suffix: str) -> bool:
    """Whether the ending promises another kind than the content is."""
    named = mimetypes.types_map.get(suffix.lower(), "")
    if not named or named == found or found in ("application/octet-stream", "inode/x-empty"):
        return False
    if named.split("/")[0] == found.split("/")[0] == "text" or found.startswith(_SAME.get(named, ("\0",))):
        return False
    return named.split("/")[0] != found.split("/")[0] or "pdf" in named + found or named.startswith("image/")


def look(question: dict[str, object], limits: Limits, read: Callable[[], bytes]) -> Iterator[dict[str, object]]:
    """One answer: type, mismatch, pages, metadata, container, and why there is no preview."""
    suffix = str(question["suffix"])
    data = read()
    found = media_type(data, suffix)
    count, metadata, failed = 0, [], ""
    try:
        with pages.opened(data, found, limits) as document:
            count, metadata = document.count, document.metadata
    except Failed as reason:
        failed = str(reason)
    if found.startswith("image/") and not failed:
        metadata = exif(data)
    yield {
        "media_type": found,
        "described": str(_DESCRIBED.from_buffer(data[: 1 << 16])),
        "mismatch": mismatch(found, suffix),
        "pages": count,
        "metadata": [[str(a)[:200], str(b)[:2000]] for a, b in metadata[:500]],
        "container": found in CONTAINERS,
        "failed": failed,
    }


def exif(data: bytes) -> list[tuple[str, str]]:
    """EXIF of a picture, its GPS part too, as text."""
    found: list[tuple[str, str]] = []
    with Image.open(io.BytesIO(data)) as picture:
        tags = picture.getexif()
        for number, value in tags.items():
            found.append((ExifTags.TAGS.get(number, hex(number)), str(value)))
        for number, value in tags.get_ifd(ExifTags.IFD.GPSInfo).items():
            found.append((ExifTags.GPSTAGS.get(number, hex(number)), str(value)))
    return found
