"""What kind a file is: by its content, and whether the ending of its name promises another."""

from __future__ import annotations

import mimetypes

# isort: off
import pylibmagic  # noqa: F401  (must come before magic: it brings libmagic)
import magic

# isort: on

from evidencevault.documents.worker.failed import Answer

_MAGIC, _DESCRIBED = magic.Magic(mime=True), magic.Magic()
CONTAINERS = {
    "message/rfc822", "application/mbox", "application/zip",
    "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz", "application/vnd.ms-outlook",
}  # fmt: skip
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
# The standard library's table as it is shipped: what a system adds to it would make the same file another thing there.
_ENDINGS = mimetypes.types_map | {
    ".docx": _OPEN_XML + "wordprocessingml.document",
    ".xlsx": _OPEN_XML + "spreadsheetml.sheet",
    ".pptx": _OPEN_XML + "presentationml.presentation",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".avif": "image/avif",
}
_ODF = "application/vnd.oasis.opendocument."
OPEN_DOCUMENT = {
    _ODF + "text": ".odt", _ODF + "text-template": ".ott", _ODF + "text-master": ".odm",
    _ODF + "spreadsheet": ".ods", _ODF + "spreadsheet-template": ".ots",
    _ODF + "presentation": ".odp", _ODF + "presentation-template": ".otp",
}  # fmt: skip
_RTF = ("text/rtf", "application/rtf")
OFFICE = {
    **OPEN_DOCUMENT, "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt", **dict.fromkeys(_RTF, ".rtf"),
}  # fmt: skip
"""What has pages only through LibreOffice, and the ending by which it knows the kind."""
_SAME = {
    "text/plain": ("text/", "application/json", "application/xml", "message/rfc822"),
    "image/heic": ("image/hei",),
    "image/heif": ("image/hei",),
    "application/rtf": _RTF,
    "application/zip": ("application/vnd", "application/java-archive", "application/epub+zip"),
}
_OUTLOOK = ("application/CDFV2", "application/x-ole-storage", "application/vnd.ms-outlook")
_UNKNOWN = "application/octet-stream"


def media_of(question: Answer, data: bytes) -> str:
    """The media type of the document that the question is about."""
    return media_type(data, str(question["suffix"]))


def media_type(data: bytes, suffix: str) -> str:
    """By content; the name's ending decides only between kinds of text, where content says little."""
    found = str(_MAGIC.from_buffer(data[: 1 << 20]))
    named = _ENDINGS.get(suffix.lower(), "")
    if suffix.lower() == ".msg" and found in _OUTLOOK:
        return "application/vnd.ms-outlook"
    if found in _OUTLOOK and named in OFFICE:
        return named
    if suffix.lower() == ".mbox" and found.startswith("text/"):
        return "application/mbox"
    if found in ("text/plain", _UNKNOWN) and data[:5] == b"From ":
        return "application/mbox"
    if found == "text/plain" and named.startswith(("text/", "message/")):
        return named
    if found in ("application/zip", _UNKNOWN) and data[:2] == b"PK" and named.startswith(_OPEN_XML):
        return named
    return found


def described(data: bytes) -> str:
    """What libmagic says about it, in its own words; these may hold words of the document."""
    return str(_DESCRIBED.from_buffer(data[: 1 << 16]))


def mismatch(found: str, suffix: str) -> bool:
    """Whether the ending promises another kind than the content is."""
    named = _ENDINGS.get(suffix.lower(), "")
    if not named or named == found or found == "inode/x-empty":
        return False
    if found == _UNKNOWN:  # says nothing, except where the promised kind has a signature that is always seen
        return named == "application/pdf" or named.startswith("image/")
    if named.split("/")[0] == found.split("/")[0] == "text" or found.startswith(_SAME.get(named, ("\0",))):
        return False
    return named.split("/")[0] != found.split("/")[0] or "pdf" in named + found or named.startswith("image/")
