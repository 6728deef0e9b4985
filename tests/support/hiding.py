"""Documents with one thing hidden in each place. Every secret is a word of its own that no page shows."""

from __future__ import annotations

import io
import re

from PIL import Image


def pdf_with_all() -> bytes:
    """A PDF of one page in which each kind of hidden thing holds the word of ``SECRETS``."""
    objects = {name: body if isinstance(body, bytes) else body.encode() for name, body in _objects().items()}
    numbers = {name: at for at, name in enumerate(objects, 1)}
    bodies = [
        re.sub(rb"@(\w+)@", lambda match: b"%d 0 R" % numbers[match[1].decode()], body) for body in objects.values()
    ]
    return _written(bodies, numbers["info"])


def stream(content: bytes, keys: str = "") -> bytes:
    """A stream object with these further keys."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys.encode(), len(content), content)


def _written(bodies: list[bytes], info: int) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R/Odd(oddtrailer)>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1, info, start,
    )  # fmt: skip
    return bytes(out)


SECRETS = [
    ("annotation", "annocontents"), ("annotation-rich", "annorich"), ("annotation-author", "annoauthor"),
    ("annotation-subject", "annosubject"), ("reply", "annoreply"), ("annotation-hidden", "hiddennote"),
    ("annotation-print-only", "printnote"), ("appearance", "stampedtext"), ("field-name", "fieldname"),
    ("field-value", "fieldvalue"), ("field-default", "fielddefault"), ("field-tooltip", "fieldtip"),
    ("field-export", "fieldexport"), ("field-choice", "fieldchoice"), ("field-hidden", "fieldhidden"),
    ("field-caption", "fieldcaption"), ("xfa", "xfasecret"), ("layer", "layeroff"), ("layer-name", "layeron"),
    ("layer-text", "layerwords"), ("attachment", "attached.txt"), ("attachment", "attacheddescribed"),
    ("attachment", "associated.xml"), ("attachment", "pinned.doc"), ("attachment", "treename"),
    ("metadata", "infotitle"), ("metadata", "infocustom"), ("xmp", "xmpcreator"), ("private", "piecesecret"),
    ("private", "oddkey"), ("private", "oddtrailer"), ("private", "oddpage"), ("bookmark", "bookmarked"),
    ("page-label", "labelled"), ("destination", "placenamed"), ("link", "linked.example"),
    ("link-base", "base.example"), ("action", "launched.exe"), ("thread", "threadtitle"), ("script", "openscript"),
    ("script", "treescript"), ("script", "widgetscript"), ("script", "streamscript"), ("outside", "outsidemedia"),
    ("outside", "outsidecrop"), ("covered", "undershape"), ("covered", "underimage"), ("covered", "underlabel"),
    ("invisible", "whiteonwhite"), ("invisible", "modethree"), ("invisible", "transparent"), ("tiny", "tinytext"),
    ("replacement", "replacedwords"), ("replacement", "structurewords"), ("alternative", "alternativewords"),
    ("alternate-image", "3 × 2"), ("thumbnail", "4 × 5"), ("picture-metadata", "innerartist"),
    ("output-intent", "intentinfo"), ("collection", "portfolio"), ("signature", "signedbecause"),
]  # fmt: skip
"""Kind, and a word that stands in the item's text."""

_CONTENT = b"""
BT /F 12 Tf 20 270 Td (In plain sight.) Tj ET
BT /F 12 Tf 20 250 Td (undershape) Tj ET 0 g 15 245 120 20 re f
BT /F 12 Tf 20 220 Td (underimage) Tj ET q 120 0 0 24 15 212 cm /I Do Q
BT /F 12 Tf 20 190 Td (underlabel) Tj ET 0 g 15 185 120 20 re f 1 g BT /F 12 Tf 40 190 Td (Child A) Tj ET
1 g BT /F 12 Tf 20 160 Td (whiteonwhite) Tj ET 0 g
BT /F 12 Tf 3 Tr 150 160 Td (modethree) Tj 0 Tr ET
q /Clear gs BT /F 12 Tf 150 140 Td (transparent) Tj ET Q
BT /F 1 Tf 20 140 Td (tinytext) Tj ET
BT /F 12 Tf 20 500 Td (outsidemedia) Tj ET
BT /F 12 Tf 20 5 Td (outsidecrop) Tj ET
/OC /L BDC BT /F 12 Tf 20 120 Td (layerwords) Tj ET EMC
/Span <</ActualText (replacedwords)>> BDC BT /F 12 Tf 20 100 Td (other) Tj ET EMC
0 g 200 100 60 20 re f 1 g BT /F 12 Tf 205 105 Td (On black) Tj ET
"""


def jpeg(artist: str) -> bytes:
    """A picture with EXIF: who, where, and a smaller picture inside."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = artist
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (4.0, 15.0, 0.0)})
    Image.new("RGB", (16, 12), "grey").save(out, "JPEG", exif=exif, comment=b"commentwords")
    return out.getvalue()


def _objects() -> dict[str, bytes | str]:
    packet = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>xmpcreator</dc:creator>"
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return {
        "catalog": "<</Type/Catalog/Pages @pages@/Names<</JavaScript<</Names[(s)@treejs@]>>"
        "/Dests<</Names[(placenamed)[@page@/Fit]]>>/EmbeddedFiles<</Names[(treename)@spec@]>>>>"
        "/OpenAction<</S/JavaScript/JS(openscript)>>/AcroForm<</Fields[@widget@ @choice@]/XFA[(form)@xfa@]>>"
        "/OCProperties<</OCGs[@off@ @on@]/D<</ON[@on@]/OFF[@off@]>>>>/Metadata @xmp@/AF[@associated@]"
        "/Outlines @outlines@/PageLabels<</Nums[0<</P(labelled)>>]>>/URI<</Base(http://base.example)>>"
        "/Threads[@thread@]/Collection<</Schema<</X<</N(portfolio)>>>>>>/OutputIntents[@intent@]"
        "/StructTreeRoot @tree@/Odd<</Inner(oddkey)>>>>",
        "pages": "<</Type/Pages/Kids[@page@]/Count 1>>",
        "page": "<</Type/Page/Parent @pages@/MediaBox[0 0 300 300]/CropBox[0 20 300 300]/Contents @content@"
        "/Resources<</Font<</F @font@>>/XObject<</I @image@>>/Properties<</L @off@>>"
        "/ExtGState<</Clear<</ca 0>>>>>>/Thumb @thumb@/PieceInfo<</App<</Private(piecesecret)>>>>/OddPage(oddpage)"
        "/Annots[@note@ @answer@ @unseen@ @printed@ @stamp@ @widget@ @choice@ @link@ @pin@ @launch@]>>",
        "content": stream(_CONTENT),
        "font": "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "image": stream(jpeg("innerartist"), "/Type/XObject/Subtype/Image/Width 16/Height 12/BitsPerComponent 8"
                        "/ColorSpace/DeviceRGB/Filter/DCTDecode/Alternates[<</Image @other@>>]"),
        "other": stream(b"\0" * 6, "/Subtype/Image/Width 3/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray"),
        "thumb": stream(b"\0" * 20, "/Width 4/Height 5/BitsPerComponent 8/ColorSpace/DeviceGray"),
        "note": "<</Type/Annot/Subtype/Text/Rect[200 200 210 210]/Contents(annocontents)/T(annoauthor)"
        "/Subj(annosubject)/RC(<body><p>annorich</p></body>)>>",
        "answer": "<</Type/Annot/Subtype/Text/Rect[200 200 210 210]/Contents(annoreply)/IRT @note@>>",
        "unseen": "<</Type/Annot/Subtype/Text/Rect[200 200 210 210]/Contents(hiddennote)/F 2>>",
        "printed": "<</Type/Annot/Subtype/Text/Rect[200 200 210 210]/Contents(printnote)/F 36>>",
        "stamp": "<</Type/Annot/Subtype/Stamp/Rect[150 210 280 240]/AP<</N @look@>>>>",
        "look": stream(b"BT /F 12 Tf 5 5 Td (stampedtext) Tj ET",
                       "/Type/XObject/Subtype/Form/BBox[0 0 130 30]/Resources<</Font<</F @font@>>>>"),
        "widget": "<</Type/Annot/Subtype/Widget/FT/Tx/T(fieldname)/V(fieldvalue)/DV(fielddefault)/TU(fieldtip)"
        "/TM(fieldexport)/Rect[150 250 250 265]/MK<</CA(fieldcaption)>>/AA<</K<</S/JavaScript/JS(widgetscript)>>>>>>",
        "choice": "<</Type/Annot/Subtype/Widget/FT/Ch/T(fieldhidden)/F 2/Opt[[(fieldchoice)(seen)]]"
        "/Rect[150 230 250 245]>>",
        "link": "<</Type/Annot/Subtype/Link/Rect[20 270 90 280]/A<</S/URI/URI(http://linked.example/)>>>>",
        "pin": "<</Type/Annot/Subtype/FileAttachment/Rect[270 270 280 280]/FS<</Type/Filespec/F(pinned.doc)"
        "/EF<</F @file@>>>>>>",
        "launch": "<</Type/Annot/Subtype/Link/Rect[20 260 90 268]/A<</S/Launch/F(launched.exe)>>>>",
        "treejs": "<</S/JavaScript/JS(treescript)/Next<</S/JavaScript/JS @code@>>>>",
        "code": stream(b"streamscript"),
        "spec": "<</Type/Filespec/F(attached.txt)/UF(attached.txt)/Desc(attacheddescribed)/EF<</F @file@>>>>",
        "associated": "<</Type/Filespec/F(associated.xml)/EF<</F @file@>>/AFRelationship/Data>>",
        "file": stream(b"attached", "/Type/EmbeddedFile"),
        "xfa": stream(b"<form><name>xfasecret</name></form>"),
        "off": "<</Type/OCG/Name(layeroff)>>",
        "on": "<</Type/OCG/Name(layeron)>>",
        "xmp": stream(packet, "/Type/Metadata/Subtype/XML"),
        "outlines": "<</Type/Outlines/First @item@/Last @item@/Count 1>>",
        "item": "<</Title(bookmarked)/Parent @outlines@/Dest[@page@/Fit]>>",
        "thread": "<</Type/Thread/I<</Title(threadtitle)>>>>",
        "intent": "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(intentinfo)>>",
        "tree": "<</Type/StructTreeRoot/K @element@>>",
        "element": "<</Type/StructElem/S/Figure/P @tree@/Pg @page@/Alt(alternativewords)/ActualText(structurewords)>>",
        "signed": "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Reason(signedbecause)>>",
        "info": "<</Title(infotitle)/Mood(infocustom)>>",
    }  # fmt: skip
