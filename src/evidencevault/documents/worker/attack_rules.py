# mypy: disable-error-code="no-untyped-call"
"""What a redacted PDF may be made of: allowed keys, one end of file, black areas where it was marked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pymupdf
from pikepdf import Array, Dictionary, Stream
from PIL import Image

from evidencevault.documents.worker.stamp import FONT, STRIP

RASTER, STRUCTURAL = "raster", "structural"
_PICTURES = frozenset(
    b"Type Catalog Pages Page Count Kids Parent MediaBox Resources XObject I Contents Subtype Image Width Height "
    b"ColorSpace DeviceGray DeviceRGB BitsPerComponent Filter FlateDecode DCTDecode Length Size Root DecodeParms "
    b"Predictor Colors Columns K BlackIs1 Rows CCITTFaxDecode".split()
)
_TEXT_LAYER = frozenset(
    b"Font F0 Type0 CIDFontType2 Identity-H Identity GlyphLessFont DescendantFonts BaseFont Encoding CIDSystemInfo "
    b"CIDToGIDMap DW FontDescriptor FontFile2 Length1 ToUnicode Registry Ordering Supplement FontBBox Flags Ascent "
    b"Descent CapHeight ItalicAngle StemV FontName".split()
)
"""What a layer of invisible text made from OCR of the redacted pixels needs."""
_STAMP = frozenset(b"Font Bates Type1 BaseFont Helvetica Encoding WinAnsiEncoding ID".split())
"""What numbers below the pages need."""
_REBUILT = {
    "Type", "Pages", "Page", "Catalog", "Count", "Kids", "Parent", "MediaBox", "Resources", "Contents",
    "Subtype", "Width", "Height", "ColorSpace", "Filter", "Length", "BitsPerComponent", "ImageMask", "SMask",
    "Size", "Root", "ID", "Font", "XObject", "ExtGState", "Pattern", "Shading", "DecodeParms", "Predictor",
    "Colors", "Columns", "BaseFont", "Encoding", "FirstChar", "LastChar", "Widths", "ToUnicode",
    "DescendantFonts", "CIDSystemInfo", "CIDToGIDMap", "DW", "DW2", "W", "FontDescriptor", "FontName",
    "FontFile2", "FontFile3", "Length1", "Registry", "Ordering", "Supplement", "FontBBox", "Flags", "Ascent",
    "Descent", "CapHeight", "XHeight", "ItalicAngle", "StemV", "StemH", "Leading", "AvgWidth", "MaxWidth",
    "MissingWidth", "BaseEncoding", "Differences", "LW", "LC", "LJ", "ML", "D", "OP", "op", "OPM", "FL", "SM",
    "SA", "CA", "ca", "AIS", "TK", "BM", "PatternType", "Matrix", "ShadingType", "Coords", "Domain",
    "Background", "BBox", "Extend", "Function", "FunctionType", "Functions", "C0", "C1", "N", "Encode",
    "Decode", "Bounds", "BitsPerSample", "Range", "WhitePoint", "BlackPoint",
}  # fmt: skip
_NAMED = re.compile(r"[A-Z][0-9]{1,6}")
_STREAM = re.compile(rb"stream\r?\n.*?\nendstream", re.S)
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
_RIM = 8  # JPEG blocks on the edge of a box mix with what lies beside it
_BLACK = 12
_ZOOM = 200 / 72
_DEEP = 64


def rules(data: bytes, mode: str, searchable: bool, marks: list[list[Any]], stamps: list[str]) -> Iterator[str]:
    """What is wrong with a redacted file. ``mode``: raster (pixels only) or structural. ``stamps``: a number a page."""
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        yield "more than one end of file"
    yield from _raster_keys(data, searchable, bool(stamps)) if mode == RASTER else _structural_keys(data, bool(stamps))
    with pymupdf.open(stream=data, filetype="pdf") as document:
        if stamps and len(stamps) != len(document):
            yield "not a number for each page"
            return
        for page in document:
            on_page = [mark for mark in marks if mark[0] == page.number + 1]
            area = page.rect
            if stamps:
                yield from _stamped(page, stamps[page.number])
                area = pymupdf.Rect(area.x0, area.y0, area.x1, area.y1 - STRIP)
            if mode == RASTER:
                yield from _raster_page(document, page, area, searchable, bool(stamps), on_page)
            else:
                yield from _black_areas(_drawn(page, area), "MuPDF", page, area, on_page)
            if searchable or mode == STRUCTURAL:
                yield from _text_under(page, area, on_page)


def _stamped(page: Any, number: str) -> Iterator[str]:
    """In the strip below stands the number and nothing else."""
    below = page.rect.y1 - STRIP
    if [word[4] for word in _words(page) if word[1] >= below] != [number]:
        yield f"page {page.number + 1}: not its number below it"


def _words(page: Any) -> list[Any]:
    """Words with their boxes, also of what lies outside the page."""
    return list(page.get_text("words", clip=pymupdf.INFINITE_RECT()))


def _raster_keys(data: bytes, searchable: bool, stamped: bool) -> Iterator[str]:
    allowed = _PICTURES | (_TEXT_LAYER if searchable else set()) | (_STAMP if stamped else set())
    for key in sorted(set(_NAME.findall(_STREAM.sub(b"", data))) - allowed):
        yield f"key {key.decode('latin-1')}"


def _structural_keys(data: bytes, stamped: bool) -> Iterator[str]:
    found: set[str] = set()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found |= set(_keys(pdf.trailer, 0))
            for one in pdf.objects:
                found |= set(_keys(one, 0))
    except pikepdf.PdfError:
        yield "a second reader can not open the file"
    allowed = _REBUILT | ({FONT} if stamped else set())
    for key in sorted(key for key in found if key not in allowed and not _NAMED.fullmatch(key)):
        yield f"key {key}"


def _keys(one: Any, depth: int) -> Iterator[str]:
    if depth > _DEEP or (depth and getattr(one, "is_indirect", False)):
        return
    if isinstance(one, Dictionary | Stream):
        for key, value in one.items():
            yield key[1:]
            yield from _keys(value, depth + 1)
    elif isinstance(one, Array):
        for value in list(one):
            yield from _keys(value, depth + 1)


def _raster_page(
    document: Any, page: Any, area: Any, searchable: bool, stamped: bool, marks: list[list[Any]]
) -> Iterator[str]:
    images, fonts = page.get_images(), {font[4] for font in page.get_fonts()}
    words = [word for word in _words(page) if not stamped or word[1] < area.y1]
    text = words or fonts - ({FONT} if stamped else set())
    if len(images) != 1 or (text and not searchable):
        yield f"page {page.number + 1} is not one picture"
        return
    yield from _black_areas(_drawn(page, area), "MuPDF", page, area, marks)
    yield from _black_areas(decoded(document, images[0]), "Pillow", page, area, marks)


def _drawn(page: Any, area: Any) -> Image.Image:
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(_ZOOM, _ZOOM), colorspace=pymupdf.csGRAY, alpha=False, clip=area)
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def decoded(document: Any, image: Any) -> Image.Image:
    """The picture of a page, decoded without MuPDF's renderer: JPEG by Pillow, fax by libtiff, flat by its filter."""
    xref, width, height, bits, space, kind = image[0], image[2], image[3], image[4], image[5], image[8]
    if kind == "DCTDecode":
        return Image.open(io.BytesIO(document.xref_stream_raw(xref))).convert("L")
    if kind == "CCITTFaxDecode":
        return _fax(document.xref_stream_raw(xref), width, height, "/BlackIs1 true" in document.xref_object(xref))
    body = document.xref_stream(xref)
    if bits == 1:
        return Image.frombytes("1", (width, height), body).convert("L")
    return Image.frombytes("L" if "Gray" in space else "RGB", (width, height), body).convert("L")


def _fax(body: bytes, width: int, height: int, inverted: bool) -> Image.Image:
    """Group 4 in the smallest TIFF that holds it (TIFF 6.0, section 11)."""
    tags = [(256, 4, width), (257, 4, height), (258, 3, 1), (259, 3, 4), (262, 3, 0), (273, 4, 0), (277, 3, 1)]
    tags += [(278, 4, height), (279, 4, len(body))]
    start = 8 + 2 + 12 * len(tags) + 4
    tags = [(tag, kind, start if tag == 273 else value) for tag, kind, value in tags]
    entries = b"".join(
        tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + b"\1\0\0\0" + value.to_bytes(4, "little")
        for tag, kind, value in tags
    )
    tiff = b"II*\0\x08\0\0\0" + len(tags).to_bytes(2, "little") + entries + bytes(4) + body
    picture = Image.open(io.BytesIO(tiff)).convert("L")
    return picture.point(lambda value: 255 - value) if inverted else picture


def _black_areas(picture: Image.Image, who: str, page: Any, area: Any, marks: list[list[Any]]) -> Iterator[str]:
    plain = [mark for mark in marks if not mark[5]]
    if plain and len(plain) < len(marks):
        picture = _without_labels(picture, area, [mark for mark in marks if mark[5]])
    for mark in plain:
        if not _black(picture, mark, area):
            yield f"page {page.number + 1}: a marked area is not black ({who})"


def _without_labels(picture: Image.Image, page: Any, labelled: list[list[Any]]) -> Image.Image:
    """Where a mark with a label overlaps one without, its letters are white there."""
    covered = picture.copy()
    for mark in labelled:
        box = _pixels(picture, mark, page, 0)
        if box[2] > box[0] and box[3] > box[1]:
            covered.paste(0, (box[0], box[1], box[2] + 1, box[3] + 1))
    return covered


def _pixels(picture: Image.Image, mark: list[Any], page: Any, rim: int) -> tuple[int, int, int, int]:
    across, down = picture.width / page.width, picture.height / page.height
    return (
        int(max(0, mark[1] * across) + rim),
        int(max(0, mark[2] * down) + rim),
        int(min(picture.width, mark[3] * across) - rim),
        int(min(picture.height, mark[4] * down) - rim),
    )


def _black(picture: Image.Image, mark: list[Any], page: Any) -> bool:
    box = _pixels(picture, mark, page, _RIM)
    return box[2] <= box[0] or box[3] <= box[1] or int(picture.crop(box).getextrema()[1]) <= _BLACK  # type: ignore[arg-type]


def _text_under(page: Any, area: Any, marks: list[list[Any]]) -> Iterator[str]:
    """Letters whose middle lies under a mark, other than those of its label and of those that overlap it."""
    words = page.get_text("words")
    for mark in marks:
        box = pymupdf.Rect(mark[1:5]).normalize() & area
        under = "".join(word[4] for word in words if _middle(word) in box)
        # A label is not longer than its box, but that may overlap this one.
        labels = [str(one[5]) for one in marks if pymupdf.Rect(one[1:5]).normalize().intersects(box)]
        if set(under) - set("".join(labels)):
            yield f"page {page.number + 1}: text under a marked area"


def _middle(word: Any) -> Any:
    return pymupdf.Point((word[0] + word[2]) / 2, (word[1] + word[3]) / 2)
