"""The secret in the pixels of images, in each kind of image, and in what images carry beside their pixels."""

from __future__ import annotations

import io
import zlib

from PIL import Image, ImageCms, ImageDraw, ImageFont, PngImagePlugin
from tests.support.places_pdf import Place, Sheet, sheet, string
from tests.support.places_text import LATIN

SIZE = (720, 90)
"""Pixels; drawn on ``AREA`` at two pixels a point."""
_GREY = b"/Type/XObject/Subtype/Image/Width 720/Height 90/ColorSpace/DeviceGray/BitsPerComponent 8"
_STENCIL = b"/Type/XObject/Subtype/Image/Width 720/Height 90/ImageMask true/BitsPerComponent 1"
_DRAW = b"q 360 0 0 45 20 85 cm /I0 Do Q\n"


def picture(text: str, paper: int = 255) -> Image.Image:
    """Dark letters on light paper, grey."""
    made = Image.new("L", SIZE, paper)
    ImageDraw.Draw(made).text((20, 14), text, 255 - paper, ImageFont.truetype(str(LATIN), 50))
    return made


def jpeg(text: str, **saving: object) -> bytes:
    """The picture as a JPEG file."""
    out = io.BytesIO()
    picture(text).save(out, "JPEG", quality=90, **saving)
    return out.getvalue()


def _with(made: Sheet, data: bytes, keys: bytes, flate: bool = True) -> bytes:
    made.xobjects, made.drawn = b"/I0 " + made.pdf.stream(data, keys, flate), made.drawn + _DRAW
    return made.write()


def _flate(secret: str) -> bytes:
    return _with(sheet(), picture(secret).tobytes(), _GREY)


def _jpeg(secret: str) -> bytes:
    return _with(sheet(), jpeg(secret), _GREY + b"/Filter/DCTDecode", False)


def _jpx(secret: str) -> bytes:
    out = io.BytesIO()
    picture(secret).save(out, "JPEG2000")
    return _with(sheet(), out.getvalue(), _GREY + b"/Filter/JPXDecode", False)


def _bits(secret: str) -> bytes:
    return picture(secret).convert("1", dither=Image.Dither.NONE).tobytes()


def _g4(secret: str) -> bytes:
    out = io.BytesIO()
    picture(secret).convert("1", dither=Image.Dither.NONE).save(out, "TIFF", compression="group4")
    with Image.open(io.BytesIO(out.getvalue())) as tiff:
        start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    keys = b"/Type/XObject/Subtype/Image/Width 720/Height 90/ColorSpace/DeviceGray/BitsPerComponent 1"
    keys += b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 720/Rows 90>>"
    return _with(sheet(), out.getvalue()[start : start + length], keys, False)


def _indexed(secret: str) -> bytes:
    keys = b"/Type/XObject/Subtype/Image/Width 720/Height 90/BitsPerComponent 1"
    keys += b"/ColorSpace[/Indexed/DeviceRGB 1<2040A0FFFFF0>]"
    return _with(sheet(), _bits(secret), keys)


def _predicted(secret: str) -> bytes:
    rows = picture(secret).tobytes()
    filtered = b"".join(b"\x00" + rows[at : at + 720] for at in range(0, len(rows), 720))
    keys = _GREY + b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/Columns 720>>"
    return _with(sheet(), zlib.compress(filtered), keys, False)


def _stencil(secret: str) -> bytes:
    made = sheet()
    made.drawn = b"0 .2 .6 rg\n"
    return _with(made, _bits(secret), _STENCIL)


def _soft_mask(secret: str) -> bytes:
    made = sheet()
    mask = made.pdf.stream(picture(secret, 0).tobytes(), _GREY)
    return _with(made, bytes(720 * 90), _GREY + b"/SMask " + mask)


def _mask(secret: str) -> bytes:
    made = sheet()
    mask = made.pdf.stream(_bits(secret), _STENCIL)
    return _with(made, bytes(720 * 90), _GREY + b"/Mask " + mask)


def _inline(secret: str) -> bytes:
    made = sheet()
    pixels = _bits(secret).hex().encode() + b">"
    made.drawn = b"q 360 0 0 45 20 85 cm BI /W 720 /H 90 /IM true /F /AHx ID " + pixels + b" EI Q\n"
    return made.write()


def _in_pattern(secret: str) -> bytes:
    made = sheet()
    image = made.pdf.stream(picture(secret).tobytes(), _GREY)
    cell = made.pdf.stream(
        b"q 360 0 0 45 20 85 cm /I0 Do Q",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 400 200]/XStep 400/YStep 200"
        b"/Resources<</XObject<</I0 %b>>>>" % image,
    )
    made.resources, made.drawn = b"/Pattern<</P0 %b>>" % cell, b"/Pattern cs /P0 scn 20 85 360 45 re f\n"
    return made.write()


def _drawn_twice(secret: str) -> bytes:
    """The same image a second time, off the page."""
    made = sheet()
    made.drawn = b"q 360 0 0 45 20 900 cm /I0 Do Q\n"
    return _with(made, picture(secret).tobytes(), _GREY)


def _alternate(secret: str) -> bytes:
    made = sheet()
    other = made.pdf.stream(picture(secret).tobytes(), _GREY)
    keys = _GREY + b"/Alternates[<</Image %b/DefaultForPrinting true>>]" % other
    return _with(made, picture("somebody").tobytes(), keys)


def _cropped(secret: str) -> bytes:
    """An image half of which lies outside the CropBox."""
    made = sheet()
    tall = Image.new("L", (720, 260), 255)
    tall.paste(picture(secret), (0, 160))
    keys = b"/Type/XObject/Subtype/Image/Width 720/Height 260/ColorSpace/DeviceGray/BitsPerComponent 8"
    made.xobjects = b"/I0 " + made.pdf.stream(tall.tobytes(), keys)
    made.drawn, made.page = b"q 360 0 0 130 20 20 cm /I0 Do Q\n", b"/CropBox[0 120 400 200]"
    return made.write()


def _clipped(secret: str) -> bytes:
    """An image of which a clipping path shows only the empty part."""
    made = sheet()
    wide = Image.new("L", (720, 200), 255)
    wide.paste(picture(secret), (0, 110))
    keys = b"/Type/XObject/Subtype/Image/Width 720/Height 200/ColorSpace/DeviceGray/BitsPerComponent 8"
    made.xobjects = b"/I0 " + made.pdf.stream(wide.tobytes(), keys)
    made.drawn = b"q 0 120 400 30 re W n 360 0 0 100 20 50 cm /I0 Do Q\n"
    return made.write()


def _covered(secret: str) -> bytes:
    made = sheet()
    made.xobjects = b"/I0 " + made.pdf.stream(picture(secret).tobytes(), _GREY)
    made.drawn = _DRAW + b"0 g 10 80 380 55 re f\n"
    return made.write()


def _never_drawn(secret: str) -> bytes:
    made = sheet()
    made.xobjects = b"/I0 " + made.pdf.stream(picture(secret).tobytes(), _GREY)
    return made.write()


def _thumbnail(secret: str) -> bytes:
    made = sheet()
    made.page = b"/Thumb " + made.pdf.stream(picture(secret).tobytes(), _GREY)
    return made.write()


def _exif(secret: str) -> bytes:
    tags = Image.Exif()
    tags[0x010E] = secret
    return _with(sheet(), jpeg("somebody", exif=tags), _GREY + b"/Filter/DCTDecode", False)


def _comment(secret: str) -> bytes:
    return _with(sheet(), jpeg("somebody", comment=secret.encode()), _GREY + b"/Filter/DCTDecode", False)


def _after_jpeg(secret: str) -> bytes:
    return _with(sheet(), jpeg("somebody") + secret.encode(), _GREY + b"/Filter/DCTDecode", False)


def _jpx_box(secret: str) -> bytes:
    """A comment marker in the code stream of a JPEG 2000."""
    out = io.BytesIO()
    picture("somebody").save(out, "JPEG2000", comment=secret)
    return _with(sheet(), out.getvalue(), _GREY + b"/Filter/JPXDecode", False)


def _after_pixels(secret: str) -> bytes:
    """Bytes in the stream behind the last row."""
    return _with(sheet(), picture("somebody").tobytes() + secret.encode(), _GREY)


def _image_key(secret: str, key: bytes = b"Name") -> bytes:
    return _with(sheet(), picture("somebody").tobytes(), _GREY + b"/" + key + string(secret))


def _image_metadata(secret: str) -> bytes:
    made = sheet()
    xmp = made.pdf.stream(b"<x>" + secret.encode() + b"</x>", b"/Type/Metadata/Subtype/XML", False)
    return _with(made, picture("somebody").tobytes(), _GREY + b"/Metadata " + xmp)


def _profile(secret: str) -> bytes:
    """The description of an ICC profile (ICC.1, desc tag), of no use to a renderer."""
    made = sheet()
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = made.pdf.stream(plain + secret.encode(), b"/N 3/Alternate/DeviceRGB")
    keys = b"/Type/XObject/Subtype/Image/Width 720/Height 90/ColorSpace[/ICCBased %b]/BitsPerComponent 8" % profile
    return _with(made, picture("somebody").convert("RGB").tobytes(), keys)


def png(text: str, note: str) -> bytes:
    """A PNG file with a text chunk."""
    out, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", note, zip=True)
    picture(text).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


PLACES = [
    Place("pixels of a flat image", _flate, "box"),
    Place("pixels of a JPEG", _jpeg, "box"),
    Place("pixels of a JPEG 2000", _jpx, "box"),
    Place("pixels of a fax image", _g4, "box"),
    Place("pixels of an indexed image", _indexed, "box"),
    Place("pixels with a predictor", _predicted, "box"),
    Place("pixels of a stencil", _stencil, "box"),
    Place("pixels of a soft mask", _soft_mask, "box"),
    Place("pixels of a mask", _mask, "box"),
    Place("pixels of an inline image", _inline, "box"),
    Place("pixels in a tiling pattern", _in_pattern, "box"),
    Place("pixels of an image drawn twice", _drawn_twice, "box"),
    Place("pixels under a black area", _covered, "box"),
    Place("pixels outside the CropBox", _cropped, ""),
    Place("pixels clipped away", _clipped, ""),
    Place("pixels of an alternate image", _alternate, ""),
    Place("pixels of an image never drawn", _never_drawn, ""),
    Place("pixels of a page thumbnail", _thumbnail, ""),
    Place("EXIF of a JPEG", _exif, ""),
    Place("comment in a JPEG", _comment, ""),
    Place("bytes after a JPEG", _after_jpeg, ""),
    Place("comment in a JPEG 2000", _jpx_box, ""),
    Place("bytes after the pixels", _after_pixels, ""),
    Place("name of an image", _image_key, ""),
    Place("metadata of an image", _image_metadata, ""),
    Place("bytes in an ICC profile", _profile, ""),
]
