"""The secret in what no page shows: metadata, structure, scripts, fonts, other bytes of the file."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Callable

import pikepdf
import pymupdf
from tests.support.places_pdf import HARMLESS, Place, Sheet, form, line, name, sheet, string, wide
from tests.support.places_text import LATIN

_Adding = Callable[[Sheet, str], bytes]


def _catalog(keys: _Adding) -> Callable[[str], bytes]:
    def make(secret: str) -> bytes:
        made = sheet()
        made.catalog = keys(made, secret)
        return made.write()

    return make


def _page(keys: _Adding) -> Callable[[str], bytes]:
    def make(secret: str) -> bytes:
        made = sheet()
        made.page = keys(made, secret)
        return made.write()

    return make


def _trailer(keys: _Adding) -> Callable[[str], bytes]:
    def make(secret: str) -> bytes:
        made = sheet()
        made.trailer = keys(made, secret)
        return made.write()

    return make


def _drawn(content: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """Content beside a harmless line."""

    def make(secret: str) -> bytes:
        made = sheet()
        made.drawn = content(secret)
        return made.write()

    return make


def _xmp(made: Sheet, secret: str) -> bytes:
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>%b</creator></x:xmpmeta>" % secret.encode()
    return b"/Metadata " + made.pdf.stream(packet, b"/Type/Metadata/Subtype/XML", False)


def _script(secret: str) -> bytes:
    return b'<</S/JavaScript/JS(var a="%b";)>>' % secret.encode()


def _outlines(made: Sheet, secret: str) -> bytes:
    first = len(made.pdf.objects) + 1
    made.pdf.add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (first + 1, first + 1))
    made.pdf.add(b"<</Title%b/Parent %d 0 R>>" % (wide(secret), first))
    return b"/Outlines %d 0 R" % first


def _threads(made: Sheet, secret: str) -> bytes:
    return b"/Threads[%b]" % made.pdf.add(b"<</Type/Thread/I<</Title%b>>>>" % string(secret))


def _alternate_presentation(made: Sheet, secret: str) -> bytes:
    held = made.pdf.stream(b"<smil>%b</smil>" % secret.encode(), b"/Type/EmbeddedFile")
    return b"/Names<</AlternatePresentations<</Names[(a)<</Type/SlideShow/StartResource(a)/Resources %b>>]>>>>" % held


def _spider(made: Sheet, secret: str) -> bytes:
    return b"/SpiderInfo<</V 1.0/C[<</URL(http://a.example/%b)>>]>>" % secret.encode()


def _structure(made: Sheet, secret: str, keys: bytes) -> bytes:
    root = len(made.pdf.objects) + 1
    made.pdf.add(b"<</Type/StructTreeRoot/K %d 0 R>>" % (root + 1))
    made.pdf.add(b"<</Type/StructElem/S/P/P %d 0 R%b%b>>" % (root, keys, wide(secret)))
    return b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>" % root


def _layer_name(made: Sheet, secret: str) -> bytes:
    group = made.pdf.add(b"<</Type/OCG/Name%b>>" % wide(secret))
    return b"/OCProperties<</OCGs[%b]/D<</Order[%b]>>>>" % (group, group)


def _intent(made: Sheet, secret: str) -> bytes:
    return b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier%b>>]" % string(secret)


def _font_keys(keys: Callable[[Sheet, str], bytes]) -> Callable[[str], bytes]:
    """A harmless line in a Helvetica with more keys."""

    def make(secret: str) -> bytes:
        made = sheet()
        made.fonts = b"/F1 " + made.pdf.add(
            b"<</Type/Font/Subtype/Type1%b/FirstChar 32/LastChar 32/Widths[278]>>" % keys(made, secret)
        )
        made.drawn = line("somebody", font=b"F1")
        return made.write()

    return make


def _font_name(made: Sheet, secret: str) -> bytes:
    return b"/BaseFont" + name("ABCDEF+" + secret)


def _glyph_names(made: Sheet, secret: str) -> bytes:
    return b"/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[200%b]>>" % name(secret)


def _cmap_comment(made: Sheet, secret: str) -> bytes:
    cmap = b"%%%b\nbegincmap 1 begincodespacerange <00> <FF> endcodespacerange endcmap" % secret.encode()
    return b"/BaseFont/Helvetica/ToUnicode " + made.pdf.stream(cmap)


def _font_program(secret: str) -> bytes:
    """The name of the font inside an embedded font program, which drawing needs no more."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.insert_font("Inter", fontfile=str(LATIN))
        page.insert_text((30, 40), HARMLESS, fontsize=16, fontname="Inter")
        document.subset_fonts()
        data = bytes(document.tobytes())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in pdf.objects:
            if isinstance(held, pikepdf.Stream) and held.get("/Subtype") in ("/OpenType", "/CIDFontType0C"):
                held.write(held.read_bytes() + secret.encode())
        return _saved(pdf)


def _subset_glyphs(secret: str) -> bytes:
    """A subset font that still has the letters of a name that was taken out of the text: seen through its cmap."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.insert_font("Inter", fontfile=str(LATIN))
        page.insert_text((30, 40), secret, fontsize=24, fontname="Inter")
        document.subset_fonts()
        page.clean_contents()
        data = bytes(document.tobytes())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources.Font.F0 = pdf.make_indirect(helvetica)
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F0 16 Tf 30 160 Td (" + HARMLESS.encode() + b") Tj ET")
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _older_revision(secret: str) -> bytes:
    made = sheet()
    made.drawn = line(secret)
    old = made.write()
    fresh = zlib.compress(b"BT /F0 16 Tf 30 160 Td (" + HARMLESS.encode() + b") Tj ET")
    update = b"1 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n" % len(fresh) + fresh + b"\nendstream\nendobj\n"
    at, before = len(old) + len(update), old.rindex(b"startxref\n")
    previous = int(old[before + 10 :].split()[0])
    size = len(made.pdf.objects) + 1
    return (
        old + update + b"xref\n1 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\n"
        % (len(old), size, size - 1, previous)
        + b"startxref\n%d\n%%%%EOF\n" % at
    )  # fmt: skip


def _unreferenced(secret: str) -> bytes:
    made = sheet()
    made.pdf.add(b"<</Note%b>>" % string(secret))
    return made.write()


def _unreferenced_stream(secret: str) -> bytes:
    made = sheet()
    made.pdf.stream(b"BT (%b) Tj ET" % secret.encode())
    return made.write()


def _between(secret: str) -> bytes:
    made = sheet()
    made.between = b"% " + secret.encode() + b"\n"
    return made.write()


def _behind(secret: str) -> bytes:
    return sheet().write() + secret.encode() + b"\n"


def _before(secret: str) -> bytes:
    """Bytes before the header, which every reader forgives (Annex H of PDF 1.7)."""
    return b"% " + secret.encode() + b"\n" + sheet().write()


def _base64(made: Sheet, secret: str) -> bytes:
    return b"/Private(%b)" % base64.b64encode(secret.encode() * 3)


def _stream_in_object_stream(secret: str) -> bytes:
    """A private key of the catalog, packed into an object stream."""
    with pikepdf.open(io.BytesIO(_catalog(lambda made, s: b"/Private" + string(s))(secret))) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _form_keys(secret: str) -> bytes:
    made = sheet()
    held = form(made.pdf, line("somebody"), b"/PieceInfo<</App<</Private%b/LastModified(D:2026)>>>>" % string(secret))
    made.xobjects, made.drawn = b"/X0 " + held, b"/X0 Do\n"
    return made.write()


def _postscript(secret: str) -> bytes:
    made = sheet()
    held = made.pdf.stream(b"(%b) show" % secret.encode(), b"/Type/XObject/Subtype/PS")
    made.xobjects, made.drawn = b"/X0 " + held, b"/X0 Do\n"
    return made.write()


def _separation(secret: str) -> bytes:
    made = sheet()
    tint = b"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 0 0 1]/N 1>>"
    made.resources = b"/ColorSpace<</C0[/Separation%b/DeviceCMYK%b]>>" % (name(secret), tint)
    made.drawn = b"/C0 cs 1 scn\n" + line("somebody")
    return made.write()


def _function(secret: str) -> bytes:
    """A comment in a PostScript calculator function."""
    made = sheet()
    tint = made.pdf.stream(
        b"{%%%b\n 0 0 0 4 -1 roll}" % secret.encode(), b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1 0 1]", True
    )
    made.resources = b"/ColorSpace<</C0[/Separation/Black/DeviceCMYK %b]>>" % tint
    made.drawn = b"/C0 cs 1 scn\n" + line("somebody")
    return made.write()


def _state_key(secret: str) -> bytes:
    made = sheet()
    made.resources = b"/ExtGState<</GS0<</CA 1/Note%b/HTP(x)>>>>" % string(secret)
    made.drawn = b"/GS0 gs\n" + line("somebody")
    return made.write()


def _property_list(secret: str) -> bytes:
    made = sheet()
    made.resources = b"/Properties<</P0<</Title%b>>>>" % string(secret)
    made.drawn = b"/Artifact/P0 BDC\n" + line("somebody") + b"EMC\n"
    return made.write()


PLACES = [
    Place("Info author", _trailer(lambda m, s: b"/Info " + m.pdf.add(b"<</Author%b>>" % wide(s))), ""),
    Place("Info custom key", _trailer(lambda m, s: b"/Info " + m.pdf.add(b"<<%b(x)>>" % name(s))), ""),
    Place("trailer key", _trailer(lambda m, s: b"/Private" + string(s)), ""),
    Place("file identifier", _trailer(lambda m, s: b"/ID[%b(b)]" % string(s)), ""),
    Place("XMP", _catalog(_xmp), ""),
    Place("XMP of a page", _page(_xmp), ""),
    Place("bookmarks", _catalog(_outlines), ""),
    Place("page labels", _catalog(lambda m, s: b"/PageLabels<</Nums[0<</P%b>>]>>" % string(s)), ""),
    Place("named destinations", _catalog(lambda m, s: b"/Dests<<%b[null/Fit]>>" % name(s)), ""),
    Place(
        "named destinations in a tree",
        _catalog(lambda m, s: b"/Names<</Dests<</Names[%b[null/Fit]]>>>>" % string(s)),
        "",
    ),
    Place("base of addresses", _catalog(lambda m, s: b"/URI<</Base(http://%b.example)>>" % s.encode()), ""),
    Place("layer name", _catalog(_layer_name), ""),
    Place("private key of the catalog", _catalog(lambda m, s: b"/Private" + wide(s)), ""),
    Place("private key as base64", _catalog(_base64), ""),
    Place("private key in an object stream", _stream_in_object_stream, ""),
    Place("private key of a page", _page(lambda m, s: b"/Private" + string(s)), ""),
    Place("key name of a page", _page(lambda m, s: name(s) + b" 1"), ""),
    Place("PieceInfo of the catalog", _catalog(lambda m, s: b"/PieceInfo<</App<</Private%b>>>>" % string(s)), ""),
    Place("PieceInfo of a page", _page(lambda m, s: b"/PieceInfo<</App<</Private%b>>>>" % string(s)), ""),
    Place("PieceInfo of a form", _form_keys, ""),
    Place("script on opening", _catalog(lambda m, s: b"/OpenAction" + _script(s)), ""),
    Place("script by name", _catalog(lambda m, s: b"/Names<</JavaScript<</Names[(a)%b]>>>>" % _script(s)), ""),
    Place("script of the document", _catalog(lambda m, s: b"/AA<</WC%b>>" % _script(s)), ""),
    Place("script of a page", _page(lambda m, s: b"/AA<</O%b>>" % _script(s)), ""),
    Place("article threads", _catalog(_threads), ""),
    Place("collection", _catalog(lambda m, s: b"/Collection<</Schema<</A<</N%b/Subtype/S>>>>>>" % string(s)), ""),
    Place("output intent", _catalog(_intent), ""),
    Place("alternate presentation", _catalog(_alternate_presentation), ""),
    Place("web capture", _catalog(_spider), ""),
    Place("alternate description", _catalog(lambda m, s: _structure(m, s, b"/Alt")), ""),
    Place("structure ActualText", _catalog(lambda m, s: _structure(m, s, b"/ActualText")), ""),
    Place("structure title", _catalog(lambda m, s: _structure(m, s, b"/T")), ""),
    Place("language", _catalog(lambda m, s: b"/Lang" + string(s)), ""),
    Place("legal attestation", _catalog(lambda m, s: b"/Legal<</Attestation%b>>" % string(s)), ""),
    Place("extension", _catalog(lambda m, s: b"/Extensions<<%b<</BaseVersion/1.7>>>>" % name(s)), ""),
    Place("viewport of a page", _page(lambda m, s: b"/VP[<</Type/Viewport/BBox[0 0 9 9]/Name%b>>]" % string(s)), ""),
    Place("separation of a page", _page(lambda m, s: b"/SeparationInfo<</DeviceColorant%b>>" % string(s)), ""),
    Place("font name", _font_keys(_font_name), ""),
    Place("glyph names", _font_keys(_glyph_names), ""),
    Place("comment in a character map", _font_keys(_cmap_comment), ""),
    Place("bytes after a font program", _font_program, ""),
    Place("older revision", _older_revision, ""),
    Place("object that nothing refers to", _unreferenced, ""),
    Place("stream that nothing refers to", _unreferenced_stream, ""),
    Place("comments between objects", _between, ""),
    Place("bytes after the end", _behind, ""),
    Place("bytes before the header", _before, ""),
    Place("comment in the content", _drawn(lambda s: b"% " + s.encode() + b"\n"), ""),
    Place("marked content tag", _drawn(lambda s: name(s) + b" BMC EMC\n"), ""),
    Place("marked content point", _drawn(lambda s: b"/A<</Note%b>>DP\n" % string(s)), ""),
    Place("marked content dictionary", _drawn(lambda s: b"/A<</Note%b>>BDC EMC\n" % wide(s)), ""),
    Place("property list", _property_list, ""),
    Place("unknown operator", _drawn(lambda s: b"BX %b foo EX\n" % string(s)), ""),
    Place("PostScript XObject", _postscript, ""),
    Place("name of a colorant", _separation, ""),
    Place("comment in a function", _function, ""),
    Place("key of a graphics state", _state_key, ""),
]
GLYPHS = Place("glyphs left in a subset font", _subset_glyphs, "")
"""Apart: the letters are seen as a set, not as the secret."""
