"""What lies beside the pixels of a picture: EXIF with its places, XMP, IPTC, comments, a smaller picture, frames."""

from __future__ import annotations

import io
from typing import Any

from PIL import ExifTags, Image, ImageCms, IptcImagePlugin

from evidencevault.documents.worker import markup
from evidencevault.documents.worker.found import Found

_IPTC = {(2, 5): "Title", (2, 25): "Keywords", (2, 40): "Instructions", (2, 55): "Date", (2, 80): "By-line",
         (2, 85): "By-line title", (2, 90): "City", (2, 92): "Place", (2, 95): "State", (2, 101): "Country",
         (2, 105): "Headline", (2, 110): "Credit", (2, 115): "Source", (2, 116): "Copyright", (2, 120): "Caption",
         (2, 122): "Writer"}  # fmt: skip
_SPOKEN = {ExifTags.Base.UserComment, ExifTags.Base.XPTitle, ExifTags.Base.XPComment, ExifTags.Base.XPAuthor,
           ExifTags.Base.XPKeywords, ExifTags.Base.XPSubject}  # fmt: skip
_POINTERS = {int(one) for one in ExifTags.IFD}
_APART = {"exif", "xmp", "XML:com.adobe.xmp", "icc_profile", "photoshop", "comment", "dpi", "jfif", "jfif_version",
          "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progressive", "progression", "mp", "mpoffset",
          "transparency", "gamma", "srgb", "chromaticity", "interlace", "background", "loop", "duration",
          "extension", "version", "compression", "timestamp", "blend", "disposal", "bbox", "default_image"}  # fmt: skip


def listed(picture: Any, data: bytes, found: Found) -> None:
    """Add all that an opened picture carries."""
    for name, part in (("EXIF", _exif), ("IPTC", _iptc), ("ICC", _profile), ("notes", _notes), ("frames", _frames)):
        with found.trying(name):
            part(picture, found)
    if picture.format == "HEIF":
        with found.trying("HEIF"):
            _heif(picture, found)
    with found.trying("XMP"):
        for packet in _packets(picture, data):
            xmp(packet, 0, found)


def embedded(data: bytes, page: int, found: Found) -> None:
    """The same for a picture inside a document, all under one kind."""
    own = found.within()
    with Image.open(io.BytesIO(data)) as picture:
        listed(picture, data, own)
    for _, _, text in own.items():
        found.add("picture-metadata", page, text)


def carries(data: bytes) -> bool:
    """Whether a JPEG has more than its pixels."""
    head = data[: 1 << 17]
    return any(sign in head for sign in (b"Exif\0\0", b"http://ns.adobe.com/xap", b"Photoshop 3.0", b"\xff\xfe"))


def xmp(packet: bytes, page: int, found: Found) -> None:
    """Every value of an XMP packet (ISO 16684-1); one that is not well-formed as the text that is left of it."""
    try:
        values = markup.leaves(markup.tree(packet.strip().strip(b"\0")))
    except markup.BadMarkup:
        found.long("xmp", page, markup.plain(packet))
        return
    for name, value in values:
        if name == "image":  # base64 of a small picture
            found.add("thumbnail", page, "XMP")
        else:
            found.long("xmp", page, f"{name}: {value}")


def _exif(picture: Any, found: Found) -> None:
    tags = picture.getexif()
    for number, value in tags.items():
        _tag(ExifTags.TAGS.get(number, hex(number)), number, value, found)
    for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.Interop):
        for number, value in tags.get_ifd(ifd).items():
            _tag(ExifTags.TAGS.get(number, hex(number)), number, value, found)
    places = tags.get_ifd(ExifTags.IFD.GPSInfo)
    where = _where(places)
    if where:
        found.add("place", 0, where)
    for number, value in places.items():
        _tag(ExifTags.GPSTAGS.get(number, hex(number)), -1, value, found)
    small = tags.get_ifd(ExifTags.IFD.IFD1)
    if ExifTags.Base.JpegIFOffset in small:
        found.add("thumbnail", 0, _small(picture.info.get("exif", b"").removeprefix(b"Exif\0\0"), small))


def _small(data: bytes, small: dict[int, Any]) -> str:
    """Width and height of the picture that the second IFD points to; places count from the TIFF header."""
    start, length = int(small[ExifTags.Base.JpegIFOffset]), int(small.get(ExifTags.Base.JpegIFByteCount, 0))
    with Image.open(io.BytesIO(data[start : start + length])) as inner:
        return f"{inner.width} × {inner.height}"


def _tag(name: str, number: int, value: Any, found: Found) -> None:
    if number in _POINTERS:
        return
    if number in _SPOKEN and isinstance(value, (bytes, tuple)):
        raw = bytes(value)
        if number != ExifTags.Base.UserComment:
            text = raw.decode("utf-16-le", "replace").rstrip("\0")
        else:  # eight bytes name the character set (EXIF 2.32, 4.6.5)
            text = raw[8:].decode("utf-16" if raw.startswith(b"UNICODE") else "utf-8", "replace")
    elif isinstance(value, bytes):
        printable = sum(32 <= one < 127 for one in value[:200])
        text = value.decode("latin-1") if printable > 0.9 * len(value[:200]) else f"{len(value)} B"
    else:
        text = _utf8(value) if isinstance(value, str) else str(value)
    if text.strip(" \0"):
        found.add("exif", 0, f"{name}: {text}")


def _utf8(text: str) -> str:
    """EXIF text is ASCII by its standard and UTF-8 in practice; Pillow takes its bytes one by one."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:  # then it is what Pillow took it for
        return text


def _where(places: dict[int, Any]) -> str:
    """Latitude and longitude in degrees, empty where they are not both there."""
    parts = []
    for side, at in ((1, 2), (3, 4)):
        if at not in places:
            return ""
        degrees = sum(float(one) / 60**power for power, one in enumerate(places[at]))
        parts.append(f"{-degrees if str(places.get(side, ''))[:1] in ('S', 'W') else degrees:.6f}")
    return ", ".join(parts)


def _iptc(picture: Any, found: Found) -> None:
    for key, value in (IptcImagePlugin.getiptcinfo(picture) or {}).items():
        for one in value if isinstance(value, list) else [value]:
            if key in _IPTC or key[0] == 2:
                found.add("iptc", 0, f"{_IPTC.get(key, f'2:{key[1]}')}: {bytes(one).decode('utf-8', 'replace')}")


def _profile(picture: Any, found: Found) -> None:
    profile = picture.info.get("icc_profile")
    if profile:
        found.add("colour-profile", 0, ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))))


def _notes(picture: Any, found: Found) -> None:
    comment = picture.info.get("comment")
    if comment:
        found.long("comment", 0, comment.decode("utf-8", "replace") if isinstance(comment, bytes) else str(comment))
    if picture.format == "PNG":
        picture.load()  # notes may stand behind the pixels
    for key, value in picture.info.items():
        if key not in _APART and isinstance(value, str) and not key.lower().startswith("raw profile"):
            found.long("comment", 0, f"{key}: {value}")


def _frames(picture: Any, found: Found) -> None:
    frames = int(getattr(picture, "n_frames", 1))
    if frames > 1:
        found.add("frame", 0, str(frames - 1))


def _heif(picture: Any, found: Found) -> None:
    """Each picture of the file has EXIF, XMP, small pictures, depth and masks of its own."""
    for number in range(int(getattr(picture, "n_frames", 1))):
        picture.seek(number)
        _exif(picture, found)
        if picture.info.get("xmp"):
            xmp(picture.info["xmp"], 0, found)
        for longer in picture.info.get("thumbnails", ()):
            found.add("thumbnail", 0, longer)
        for depth in picture.info.get("depth_images", ()):
            found.add("alternate-image", 0, "depth" if depth is None else f"depth: {depth.size[0]} × {depth.size[1]}")
        for kind in picture.info.get("aux", ()):
            found.add("alternate-image", 0, kind)
        for block in picture.info.get("metadata", ()):
            found.long("private", 0, f"{block.get('type', '')} {block.get('content_type', '')}: " + _plain(block))


def _plain(block: dict[str, Any]) -> str:
    data = block.get("data", b"")
    return markup.plain(data) if isinstance(data, bytes) else ""


def _packets(picture: Any, data: bytes) -> list[bytes]:
    known = [picture.info.get("xmp"), picture.info.get("XML:com.adobe.xmp")]
    packets = [one.encode() if isinstance(one, str) else bytes(one) for one in known if one]
    if not packets:
        start = data.find(b"<x:xmpmeta")
        end = data.find(b"</x:xmpmeta>", start)
        if 0 <= start < end:
            packets.append(data[start : end + 12])
    return packets
