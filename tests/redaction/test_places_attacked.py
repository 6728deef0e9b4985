"""The attack is itself attacked: what is planted must be found, in each place, each encoding, and each broken rule."""

from __future__ import annotations

import base64
import codecs
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import ClassVar

import pikepdf
import pymupdf
import pytest
from PIL import Image
from tests.support import places_redacted as redacted
from tests.support.places import AREA, PLACES, SECRET
from tests.support.places_pdf import Pdf, sheet
from tests.support.places_pixels import jpeg, png

_PIXELS = {name for name in PLACES if name.startswith("pixels")}
_NO_LETTERS = _PIXELS | {"text in Type 3 without ToUnicode", "text as outlines"}
_ENCODED: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda s: s.encode(),
    "capitals": lambda s: s.upper().encode(),
    "other cases": lambda s: s.swapcase().encode(),
    "UTF-16": lambda s: s.encode("utf-16-le"),
    "UTF-16, big end first": lambda s: s.encode("utf-16-be"),
    "UTF-32": lambda s: s.encode("utf-32-le"),
    "hex": lambda s: s.encode().hex().encode(),
    "hex of UTF-16 in capitals": lambda s: s.encode("utf-16-be").hex().upper().encode(),
    "hex in lines": lambda s: b"\n".join(s.encode().hex().encode()[at : at + 6] for at in range(0, 60, 6)),
    "base64": lambda s: base64.b64encode(b"x" + s.encode() + b"tail"),
    "base64 in lines": lambda s: base64.encodebytes(b"long " * 9 + s.encode() + b" tail"),
    "base64 of UTF-16": lambda s: base64.b64encode(b"xy" + s.encode("utf-16-le") + b"tail"),
    "base64 for addresses": lambda s: base64.urlsafe_b64encode(s.encode() + b"\xff\xff"),
    "percent": lambda s: b"".join(b"%%%02X" % c for c in s.encode()),
    "octal": lambda s: b"".join(b"\\%03o" % c for c in s.encode()),
    "escapes": lambda s: b"".join(b"\\u%04x" % ord(c) for c in s),
    "entities": lambda s: b"".join(b"&#%d;" % ord(c) for c in s),
    "entities in hex": lambda s: b"".join(b"&#x%X;" % ord(c) for c in s),
    "backwards": lambda s: s[::-1].encode(),
    "ROT13": lambda s: codecs.encode(s, "rot13").encode(),
    "spaced": lambda s: " ".join(s).encode(),
    "accented": lambda s: s.replace("a", "ä").encode(),
    "hyphenated": lambda s: (s[:5] + "-\n" + s[5:]).encode(),
}


@pytest.mark.parametrize("name", [name for name in PLACES if name not in _NO_LETTERS])
def test_a_secret_is_found_in_every_place(name: str) -> None:
    assert [n for _, n in redacted.attacked(PLACES[name](SECRET), ["Zwartkruin", SECRET])].count(1)
    assert redacted.attacked(PLACES[name]("Zwartkruin"), [SECRET]) == []


@pytest.mark.parametrize("encoding", _ENCODED)
def test_a_secret_is_found_in_every_encoding(encoding: str) -> None:
    leak = b"before " + _ENCODED[encoding](SECRET) + b" after"
    made = sheet()
    made.pdf.stream(leak)
    with zipfile.ZipFile(archive := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr("inside.txt", leak)
    for data in (leak, made.write(), archive.getvalue()):
        assert redacted.attacked(data, [SECRET])


@pytest.mark.parametrize(
    "filters", [b"/ASCIIHexDecode", b"/ASCII85Decode", b"/LZWDecode", b"[/ASCIIHexDecode/FlateDecode]"]
)
def test_a_secret_is_found_under_every_filter(filters: bytes) -> None:
    plain = f"a note on {SECRET}".encode()
    bodies = {
        b"/ASCIIHexDecode": plain.hex().encode() + b">",
        b"/ASCII85Decode": base64.a85encode(plain) + b"~>",
        b"/LZWDecode": _lzw(plain),
        b"[/ASCIIHexDecode/FlateDecode]": zlib.compress(plain).hex().encode() + b">",
    }
    made = sheet()
    held = made.pdf.stream(bodies[filters], b"/Filter" + filters, flate=False)
    made.catalog = b"/Private " + held
    assert redacted.attacked(made.write(), [SECRET])


def _lzw(data: bytes) -> bytes:
    """Codes of nine bits, cleared before the table grows (ISO 32000-1, 7.4.4)."""
    bits = "".join(f"{256:09b}{byte:09b}" for byte in data) + f"{257:09b}"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def test_notes_of_pictures_are_read() -> None:
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + SECRET.encode("utf-16-le")
    tags[0x010E] = "nothing"
    with zipfile.ZipFile(archive := io.BytesIO(), "w") as writing:
        writing.writestr("photo.png", png("somebody", SECRET))
    for data in (png("somebody", SECRET), jpeg("x", exif=tags), jpeg("x", comment=SECRET.encode()), archive.getvalue()):
        assert redacted.attacked(data, [SECRET])
    assert redacted.attacked(png(SECRET, "nothing"), [SECRET]) == []


class TestRules:
    """A redacted file that breaks a rule is found, though no secret is in it."""

    mark: ClassVar[list[object]] = [1, *AREA, ""]

    def test_a_clean_file_breaks_none(self) -> None:
        data = PLACES["text"](SECRET)
        assert redacted.attacked(redacted.burnt(data, [self.mark]), [SECRET], "raster", [self.mark]) == []
        rebuilt = redacted.rebuilt(data, [self.mark])
        assert rebuilt and redacted.attacked(rebuilt, [SECRET], "structural", [self.mark]) == []

    def test_a_second_end(self) -> None:
        data = redacted.burnt(PLACES["text"](SECRET), [self.mark])
        assert ("more than one end of file", None) in redacted.attacked(data + b"%%EOF\n", [], "raster")

    def test_text_among_pixels(self) -> None:
        with pymupdf.open(stream=redacted.burnt(PLACES["text"](SECRET), []), filetype="pdf") as document:
            document[0].insert_text((20, 20), "x")
            data = bytes(document.tobytes())
        found = redacted.attacked(data, [], "raster")
        assert {"key Font", "page 1 is not one picture"} <= {where for where, _ in found}
        assert ("key Helvetica", None) in redacted.attacked(data, [], "raster", searchable=True)

    @pytest.mark.parametrize("mode", ["raster", "structural"])
    def test_an_area_that_is_not_black(self, mode: str) -> None:
        data = redacted.burnt(PLACES["pixels of a flat image"](SECRET), [])
        assert [where for where, _ in redacted.attacked(data, [], mode, [self.mark]) if "not black (MuPDF)" in where]

    def test_text_under_a_mark(self) -> None:
        made = sheet()
        made.drawn = b"BT /F0 24 Tf 30 100 Td (somebody) Tj ET 0 g 20 85 360 45 re f"
        found = redacted.attacked(made.write(), [], "structural", [self.mark])
        assert ("page 1: text under a marked area", None) in found
        labelled = redacted.rebuilt(PLACES["text"](SECRET), [[1, *AREA, "Child A"]])
        assert labelled and redacted.attacked(labelled, [], "structural", [[1, *AREA, "Child A"]]) == []

    @pytest.mark.parametrize(
        "key", [b"/Annots[]", b"/PieceInfo<<>>", b"/AA<<>>", b"/Metadata 1 0 R", b"/LastModified(x)"]
    )
    def test_a_key_that_drawing_does_not_need(self, key: bytes) -> None:
        made = sheet()
        made.page = key
        name = key[1:].split(b"[")[0].split(b"<")[0].split(b" ")[0].split(b"(")[0].decode()
        assert (f"key {name}", None) in redacted.attacked(made.write(), [], "structural")

    @pytest.mark.parametrize("black", [True, False])
    @pytest.mark.parametrize("bits", [1, 8])
    def test_pixels_of_every_filter_are_compared(self, black: bool, bits: int) -> None:
        """A page as the raster burn may write it: fax for one bit a pixel, or predicted rows."""
        picture = Image.new("1" if bits == 1 else "L", (800, 400), 0 if black else 255)
        if bits == 1:
            picture.save(out := io.BytesIO(), "TIFF", compression="group4")
            with Image.open(io.BytesIO(out.getvalue())) as tiff:
                start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
                flip = tiff.tag_v2[262] == 1
            body = out.getvalue()[start : start + length]
            keys = b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 800/Rows 400%b>>"
            keys %= b"/BlackIs1 true" if flip else b""
        else:
            body = zlib.compress(b"".join(b"\0" + picture.tobytes()[at : at + 800] for at in range(0, 320_000, 800)))
            keys = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/Columns 800>>"
        found = [where for where, _ in redacted.attacked(_page_of(body, keys, bits), [], "raster", [self.mark])]
        assert found == (
            [] if black else [f"page 1: a marked area is not black ({who})" for who in ("MuPDF", "Pillow")]
        )


def _page_of(body: bytes, keys: bytes, bits: int) -> bytes:
    pdf = Pdf()
    pdf.add(b"<</Type/Catalog/Pages 2 0 R>>")
    pdf.add(b"<</Type/Pages/Count 1/Kids[3 0 R]>>")
    pdf.add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>")
    image = b"/Type/XObject/Subtype/Image/Width 800/Height 400/ColorSpace/DeviceGray/BitsPerComponent %d" % bits
    pdf.stream(body, image + keys, flate=False)
    pdf.stream(b"q 400 0 0 200 0 0 cm /I Do Q", flate=False)
    return pdf.write(b"1 0 R")


def test_a_file_that_a_second_reader_can_not_open_is_no_reason_to_look_less() -> None:
    broken = PLACES["Info author"](SECRET).replace(b"/Type/Pages", b"/Type/Pagez").replace(b"/Root", b"/Rood")
    assert SECRET.encode("utf-16-be").hex().upper().encode() in broken
    assert redacted.attacked(broken, [SECRET])


def test_strings_are_read_through_their_character_map() -> None:
    """Text that only ToUnicode makes readable, and whose glyphs MuPDF draws nowhere."""
    with pikepdf.open(io.BytesIO(PLACES["text in an embedded font"](SECRET))) as pdf:
        pdf.save(out := io.BytesIO())
    assert ("operands of page 1", 0) in redacted.attacked(out.getvalue(), [SECRET])
