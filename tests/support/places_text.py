"""The secret drawn as text on the page, in each way that text can be drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pymupdf
from tests.support.places_pdf import Pdf, Place, Sheet, form, line, name, sheet, string

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "NotoSansArabic-Regular.ttf"
LATIN = FONT.with_name("Inter-Regular.otf")


def _plain(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret)
    return made.write()


def _in_a_sentence(secret: str) -> bytes:
    made = sheet()
    made.drawn = b"BT /F0 16 Tf 30 100 Td [(Then ) -50 " + string(secret) + b" 20 ( came.)] TJ ET\n"
    return made.write()


def _form(secret: str) -> bytes:
    made = sheet()
    inner = form(made.pdf, line(secret))
    outer = made.pdf.stream(
        b"q 1 0 0 1 0 0 cm /In Do Q",
        b"/Type/XObject/Subtype/Form/BBox[0 0 400 200]/Resources<</XObject<</In %b>>>>" % inner,
    )
    made.xobjects, made.drawn = b"/Out " + outer, b"/Out Do\n"
    return made.write()


def _hyphenated(secret: str) -> bytes:
    made, half = sheet(), len(secret) // 2
    made.drawn = b"BT /F0 16 Tf 30 105 Td 18 TL %b Tj T* %b Tj ET\n" % (
        string(secret[:half] + "-"),
        string(secret[half:]),
    )
    return made.write()


def _spaced(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(" ".join(secret))
    return made.write()


def _char_spacing(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret, b"9 Tc")
    return made.write()


def _accented(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret.translate(str.maketrans("aeou", "äéöü")))
    return made.write()


def _capitals(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret.upper())
    return made.write()


def _ligature(secret: str) -> bytes:
    """Two letters of the secret are one glyph, as ToUnicode says; the glyph drawn is that of fi."""
    made, at = sheet(), len(secret) // 2
    pair = secret[at : at + 2].encode("utf-16-be").hex().encode()
    letters = b"".join(b"<%02X> <%04X>\n" % (ord(c), ord(c)) for c in sorted(set(secret)))
    count = len(set(secret)) + 1
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"%d beginbfchar\n%b<80> <%b>\nendbfchar\nendcmap end end" % (count, letters, pair)
    )
    made.fonts = b"/F1 " + made.pdf.add(
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[128/fi]>>/ToUnicode %b>>"
        % made.pdf.stream(cmap)
    )
    made.drawn = b"BT /F1 24 Tf 30 100 Td <%b80%b> Tj ET\n" % (
        secret[:at].encode().hex().encode(),
        secret[at + 2 :].encode().hex().encode(),
    )
    return made.write()


def _actual_text_over(secret: str) -> bytes:
    """The letters are the secret, ActualText says otherwise."""
    made = sheet()
    made.drawn = b"/Span<</ActualText(somebody)>>BDC\n" + line(secret) + b"EMC\n"
    return made.write()


def _actual_text(secret: str) -> bytes:
    """The letters are harmless, ActualText says the secret."""
    made = sheet()
    made.drawn = b"/Span<</ActualText%b>>BDC\n" % string(secret) + line("somebody") + b"EMC\n"
    return made.write()


def _backwards(secret: str) -> bytes:
    """Each letter alone, the last one first, on their places."""
    made, font = sheet(), pymupdf.Font("helv")
    for at in reversed(range(len(secret))):
        before = font.text_length(secret[:at], 24)
        made.drawn += b"BT /F0 24 Tf %.3f 100 Td %b Tj ET\n" % (30 + before, string(secret[at]))
    return made.write()


def _type3(secret: str) -> bytes:
    """Codes from 1 on, glyph procedures drawing outlines, no ToUnicode: no extractor reads it."""
    return _type3_of(sheet(), secret, b"")


def _type3_of(made: Sheet, secret: str, more: bytes) -> bytes:
    letters = sorted(set(secret))
    font = pymupdf.Font("helv")
    procedures, widths = b"", b""
    for number, letter in enumerate(letters, 1):
        width = round(font.glyph_advance(ord(letter)) * 1000)
        drawn = b"%d 0 d0 BT /H 1000 Tf %b Tj ET" % (width, string(letter))
        procedures += b"/g%d %b " % (number, made.pdf.stream(drawn))
        widths += b"%d " % width
    names = b"".join(b"/g%d" % n for n in range(1, len(letters) + 1))
    made.fonts = b"/T3 " + made.pdf.add(
        b"<</Type/Font/Subtype/Type3/FontBBox[0 -300 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1/LastChar %d"
        b"/Widths[%b]/CharProcs<<%b>>/Encoding<</Differences[1%b]>>"
        b"/Resources<</Font<</H<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%b>>"
        % (len(letters), widths, procedures, names, more)
    )
    codes = "".join(f"{letters.index(c) + 1:02X}" for c in secret).encode()
    made.drawn = b"BT /T3 24 Tf 30 100 Td <%b> Tj ET\n" % codes
    return made.write()


def _pattern(secret: str) -> bytes:
    made = sheet()
    cell = made.pdf.stream(
        line(secret),
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 400 200]/XStep 400/YStep 200"
        b"/Resources<</Font<</F0<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
    )
    made.resources, made.drawn = b"/Pattern<</P0 %b>>" % cell, b"/Pattern cs /P0 scn 20 85 360 45 re f\n"
    return made.write()


def _invisible(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret, b"3 Tr")
    return made.write()


def _white(secret: str) -> bytes:
    made = sheet()
    made.drawn = b"1 g\n" + line(secret)
    return made.write()


def _tiny(secret: str) -> bytes:
    made = sheet()
    made.drawn = b"BT /F0 0.05 Tf 30 100 Td %b Tj ET\n" % string(secret)
    return made.write()


def _covered(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret) + b"0 g 20 85 360 45 re f\n"
    return made.write()


def _clipped(secret: str) -> bytes:
    made = sheet()
    made.drawn = b"q 0 0 400 40 re W n\n" + line(secret) + b"Q\n"
    return made.write()


def _clipping(secret: str) -> bytes:
    """Letters as a clipping path, filled through."""
    made = sheet()
    made.drawn = b"q\n" + line(secret, b"7 Tr") + b"0 0 1 rg 20 85 360 45 re f Q\n"
    return made.write()


def _stroked(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret, b"1 Tr .5 w")
    return made.write()


def _outside_crop(secret: str) -> bytes:
    made = sheet()
    made.drawn, made.page = line(secret), b"/CropBox[0 140 400 200]"
    return made.write()


def _outside_media(secret: str) -> bytes:
    made = sheet()
    made.drawn, made.box = line(secret), (0, 140, 400, 200)
    return made.write()


def _rotated(secret: str) -> bytes:
    made = sheet()
    made.drawn, made.page = line(secret), b"/Rotate 90"
    return made.write()


def _other_origin(secret: str) -> bytes:
    """A media box that does not begin at nought, in units of half a point."""
    made = sheet()
    made.drawn, made.box, made.page = line(secret), (-50, -20, 400, 200), b"/UserUnit 0.5"
    return made.write()


def _hidden_layer(secret: str, state: bytes = b"/OFF[%b]") -> bytes:
    made = sheet()
    group = made.pdf.add(b"<</Type/OCG/Name(extra)>>")
    made.resources = b"/Properties<</MC0 %b>>" % group
    made.drawn = b"/OC/MC0 BDC\n" + line(secret) + b"EMC\n"
    made.catalog = b"/OCProperties<</OCGs[%b]/D<<%b>>>>" % (group, state % group)
    return made.write()


def _hidden_layer_of_form(secret: str) -> bytes:
    made = sheet()
    group = made.pdf.add(b"<</Type/OCG/Name(extra)>>")
    made.xobjects = b"/X0 " + form(made.pdf, line(secret), b"/OC " + group)
    made.drawn, made.catalog = b"/X0 Do\n", b"/OCProperties<</OCGs[%b]/D<</OFF[%b]>>>>" % (group, group)
    return made.write()


def _shown_layer(secret: str) -> bytes:
    return _hidden_layer(secret, b"/ON[%b]")


def _layer_for_print(secret: str) -> bytes:
    made = sheet()
    group = made.pdf.add(b"<</Type/OCG/Name(extra)/Usage<</View<</ViewState/OFF>>/Print<</PrintState/ON>>>>>>")
    made.resources, made.drawn = b"/Properties<</MC0 %b>>" % group, b"/OC/MC0 BDC\n" + line(secret) + b"EMC\n"
    made.catalog = b"/OCProperties<</OCGs[%b]/D<</AS[<</Event/View/Category[/View]/OCGs[%b]>>]/OFF[%b]>>>>" % (
        group,
        group,
        group,
    )
    return made.write()


def _embedded_font(secret: str) -> bytes:
    """Text in an embedded font that is kept whole, Identity-H."""
    made = pymupdf.open()
    page = made.new_page(width=400, height=200)
    page.insert_text((30, 40), "Report of the day", fontsize=16)
    page.insert_font("Inter", fontfile=str(LATIN))
    page.insert_text((30, 100), secret, fontsize=24, fontname="Inter")
    return bytes(made.tobytes())


def _soft_masked(secret: str) -> bytes:
    """Text as the soft mask of a filled area."""
    made = sheet()
    group = b"/Group<</S/Transparency/CS/DeviceGray>>"
    mask = form(made.pdf, b"0 g 0 0 400 200 re f 1 g\n" + line(secret), group)
    made.resources = b"/ExtGState<</GS0<</SMask<</S/Luminosity/G %b>>>>>>" % mask
    made.drawn = b"q /GS0 gs 20 85 360 45 re f Q\n"
    return made.write()


def _resource_name(secret: str) -> bytes:
    made = sheet()
    made.xobjects = name(secret) + b" " + form(made.pdf, line("somebody"))
    made.drawn = name(secret) + b" Do\n"
    return made.write()


def _shared_form(secret: str) -> bytes:
    """One form drawn twice, the second time off the page."""
    made = sheet()
    made.xobjects, made.drawn = b"/X0 " + form(made.pdf, line(secret)), b"/X0 Do q 1 0 0 1 900 0 cm /X0 Do Q\n"
    return made.write()


def _outlines(secret: str) -> bytes:
    """Letters as filled paths."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.insert_text((30, 40), "Report of the day", fontsize=16)
        page.insert_text((30, 100), secret, fontsize=24)
        drawn = page.get_svg_image(text_as_path=True)
    with pymupdf.open(stream=drawn.encode(), filetype="svg") as document:
        return bytes(document.convert_to_pdf())


def _content_in_parts(secret: str) -> bytes:
    """The content is two streams, the secret's string on either side of the border."""
    made = Pdf()
    half = len(secret) // 2
    helvetica = made.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    first = made.stream(
        b"BT /F0 16 Tf 30 160 Td (Report of the day) Tj ET BT /F0 24 Tf 30 100 Td [" + string(secret[:half])
    )
    second = made.stream(string(secret[half:]) + b"] TJ ET")
    made.add(
        b"<</Type/Page/Parent 5 0 R/MediaBox[0 0 400 200]/Contents[%b %b]/Resources<</Font<</F0 %b>>>>>>"
        % (first, second, helvetica)
    )
    made.add(b"<</Type/Pages/Count 1/Kids[4 0 R]>>")
    return made.write(made.add(b"<</Type/Catalog/Pages 5 0 R>>"))


def _object_streams(secret: str) -> bytes:
    with pymupdf.open(stream=_plain(secret), filetype="pdf") as document:
        out = io.BytesIO()
        document.save(out, use_objstms=1, deflate=True)
        return out.getvalue()


PLACES = [
    Place("text", _plain, "term"),
    Place("text in a sentence", _in_a_sentence, "term"),
    Place("text in forms in forms", _form, "term"),
    Place("text hyphenated", _hyphenated, "term"),
    Place("text spaced by blanks", _spaced, "term"),
    Place("text spaced by state", _char_spacing, "term"),
    Place("text accented", _accented, "term"),
    Place("text in capitals", _capitals, "term"),
    Place("text with a ligature", _ligature, "term"),
    Place("text under another ActualText", _actual_text_over, "box"),
    Place("text drawn backwards", _backwards, "term"),
    Place("text in Type 3 without ToUnicode", _type3, "box"),
    Place("text in a tiling pattern", _pattern, "box"),
    Place("text invisible", _invisible, "term"),
    Place("text white", _white, "term"),
    Place("text too small to see", _tiny, "term"),
    Place("text covered", _covered, "term"),
    Place("text stroked", _stroked, "term"),
    Place("text on a turned page", _rotated, "term"),
    Place("text with another origin", _other_origin, "term"),
    Place("text on a shown layer", _shown_layer, "term"),
    Place("text in an embedded font", _embedded_font, "term"),
    Place("text in a form drawn twice", _shared_form, "term"),
    Place("text in two content streams", _content_in_parts, "term"),
    Place("text in object streams", _object_streams, "term"),
    Place("text as a clipping path", _clipping, "box"),
    Place("text as a soft mask", _soft_masked, "box"),
    Place("text as outlines", _outlines, "box"),
    Place("text clipped away", _clipped, ""),
    Place("text outside the CropBox", _outside_crop, ""),
    Place("text outside the MediaBox", _outside_media, ""),
    Place("text on a hidden layer", _hidden_layer, ""),
    Place("text on a hidden layer of a form", _hidden_layer_of_form, ""),
    Place("text on a layer for print", _layer_for_print, ""),
    Place("ActualText", _actual_text, ""),
    Place("resource name", _resource_name, ""),
]
