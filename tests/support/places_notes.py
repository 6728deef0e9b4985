"""The secret in annotations, form fields and attachments."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.places_pdf import Place, Sheet, form, line, sheet, string, wide

_RECT = b"/Rect[20 85 380 130]"


def _annotation(keys: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """An annotation whose keys hold the secret; a comment without an appearance unless the keys say otherwise."""

    def make(secret: str) -> bytes:
        made = sheet()
        said = keys(secret)
        kind = b"" if b"/Subtype" in said else b"/Subtype/Text/F 2"
        made.annotations = made.pdf.add(b"<</Type/Annot%b%b%b>>" % (kind, _RECT, said))
        return made.write()

    return make


def _stamp(secret: str, flags: bytes = b"/F 4") -> bytes:
    made = sheet()
    shown = form(made.pdf, b"BT /F0 24 Tf 10 15 Td %b Tj ET" % string(secret), box=b"0 0 360 45")
    made.annotations = made.pdf.add(b"<</Type/Annot/Subtype/Stamp%b%b/AP<</N %b>>>>" % (_RECT, flags, shown))
    return made.write()


def _hidden_stamp(secret: str) -> bytes:
    return _stamp(secret, b"/F 2")


def _other_appearance(secret: str) -> bytes:
    """An appearance for the mouse, which no page shows."""
    made = sheet()
    normal, down = form(made.pdf, b"", box=b"0 0 360 45"), form(made.pdf, line(secret))
    made.annotations = made.pdf.add(
        b"<</Type/Annot/Subtype/Stamp%b/F 4/AP<</N %b/R %b/D %b>>>>" % (_RECT, normal, down, down)
    )
    return made.write()


def _free_text(secret: str) -> bytes:
    made = sheet()
    made.annotations = made.pdf.add(
        b"<</Type/Annot/Subtype/FreeText%b/F 4/DA(/Helv 24 Tf 0 g)/Contents%b>>" % (_RECT, string(secret))
    )
    return made.write()


def _field(made: Sheet, keys: bytes, field_type: bytes = b"Tx", form_keys: bytes = b"") -> bytes:
    blank = form(made.pdf, b"", box=b"0 0 360 45")
    field = made.pdf.add(
        b"<</Type/Annot/Subtype/Widget/FT/%b%b/F 4/DA(/Helv 24 Tf 0 g)/AP<</N %b>>%b%b>>"
        % (
            field_type,
            _RECT,
            blank,
            b"" if b"/T" in keys.replace(b"/TU", b"").replace(b"/TM", b"") else b"/T(one)",
            keys,
        )
    )
    made.annotations = field
    helvetica = b"/DR<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    made.catalog += b"/AcroForm<</Fields[%b]%b/DA(/Helv 0 Tf 0 g)%b>>" % (field, helvetica, form_keys)
    return made.write()


def _value(secret: str) -> bytes:
    made = sheet()
    shown = form(made.pdf, b"/Tx BMC BT /F0 24 Tf 10 15 Td %b Tj ET EMC" % string(secret), box=b"0 0 360 45")
    field = made.pdf.add(
        b"<</Type/Annot/Subtype/Widget/FT/Tx%b/F 4/T(one)/V%b/DA(/Helv 24 Tf 0 g)/AP<</N %b>>>>"
        % (_RECT, string(secret), shown)
    )
    made.annotations = field
    made.catalog = (
        b"/AcroForm<</Fields[%b]/DR<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>" % field
    )
    return made.write()


def _value_unshown(secret: str) -> bytes:
    return _field(sheet(), b"/V" + wide(secret))


def _default(secret: str) -> bytes:
    return _field(sheet(), b"/DV" + string(secret))


def _tooltip(secret: str) -> bytes:
    return _field(sheet(), b"/TU" + wide(secret))


def _mapping(secret: str) -> bytes:
    return _field(sheet(), b"/TM" + string(secret))


def _field_name(secret: str) -> bytes:
    return _field(sheet(), b"/T" + string(secret))


def _options(secret: str) -> bytes:
    return _field(sheet(), b"/Opt[(a)%b]" % string(secret), b"Ch")


def _rich_value(secret: str) -> bytes:
    return _field(sheet(), b"/RV(<body><p>%b</p></body>)" % secret.encode())


def _widget_script(secret: str) -> bytes:
    return _field(sheet(), b'/AA<</K<</S/JavaScript/JS(app.alert\\("%b"\\))>>>>' % secret.encode())


def _caption(secret: str) -> bytes:
    return _field(sheet(), b"/MK<</CA%b>>" % string(secret), b"Btn")


def _xfa(secret: str) -> bytes:
    made = sheet()
    xfa = made.pdf.stream(b"<xdp:xdp><name>%b</name></xdp:xdp>" % secret.encode())
    return _field(made, b"", form_keys=b"/XFA " + xfa)


def _signature(secret: str) -> bytes:
    made = sheet()
    signed = b"/V<</Type/Sig/Filter/Adobe.PPKLite/Name%b/Reason(x)/Contents<00>/ByteRange[0 0 0 0]>>"
    return _field(made, signed % string(secret), b"Sig")


def _file(made: Sheet, content: bytes, file_name: bytes, more: bytes = b"") -> bytes:
    held = made.pdf.stream(content, b"/Type/EmbeddedFile/Subtype/text#2Fplain")
    return made.pdf.add(b"<</Type/Filespec/F%b/UF%b/EF<</F %b>>%b>>" % (file_name, file_name, held, more))


def _attached(content: Callable[[str], bytes], file_name: Callable[[str], bytes], how: str) -> Callable[[str], bytes]:
    def make(secret: str) -> bytes:
        made = sheet()
        held = _file(made, content(secret), file_name(secret), b"")
        if how == "names":
            made.catalog = b"/Names<</EmbeddedFiles<</Names[(a) %b]>>>>" % held
        elif how == "associated":
            made.catalog = b"/AF[%b]" % held
        else:
            made.annotations = made.pdf.add(b"<</Type/Annot/Subtype/FileAttachment%b/FS %b>>" % (_RECT, held))
        return made.write()

    return make


def _description(secret: str) -> bytes:
    made = sheet()
    held = _file(made, b"nothing", b"(a.txt)", b"/Desc" + wide(secret))
    made.catalog = b"/Names<</EmbeddedFiles<</Names[(a) %b]>>>>" % held
    return made.write()


def _attachment_key(secret: str) -> bytes:
    made = sheet()
    made.catalog = b"/Names<</EmbeddedFiles<</Names[%b %b]>>>>" % (string(secret), _file(made, b"nothing", b"(a.txt)"))
    return made.write()


def _plain_content(secret: str) -> bytes:
    return b"A note about " + secret.encode()


def _plain_name(secret: str) -> bytes:
    return wide(secret + ".txt")


def _a_name(secret: str) -> bytes:
    return b"(a.txt)"


def _nothing(secret: str) -> bytes:
    return b"nothing"


PLACES = [
    Place("stamp with an appearance only", _stamp, "term"),
    Place("free text note", _free_text, "term"),
    Place("field value shown", _value, "term"),
    Place("comment contents", _annotation(lambda s: b"/Contents" + string(s)), ""),
    Place("comment rich contents", _annotation(lambda s: b"/RC(<p>%b</p>)" % s.encode()), ""),
    Place("comment author", _annotation(lambda s: b"/T" + wide(s)), ""),
    Place("comment subject", _annotation(lambda s: b"/Subj" + string(s)), ""),
    Place("comment name", _annotation(lambda s: b"/NM" + string(s)), ""),
    Place(
        "link address", _annotation(lambda s: b"/Subtype/Link/A<</S/URI/URI(http://a.example/%b)>>" % s.encode()), ""
    ),
    Place("link to a file", _annotation(lambda s: b"/Subtype/Link/A<</S/Launch/F(%b.doc)>>" % s.encode()), ""),
    Place("link to a named place", _annotation(lambda s: b"/Subtype/Link/Dest" + string(s)), ""),
    Place("stamp that is hidden", _hidden_stamp, ""),
    Place("appearance under the mouse", _other_appearance, ""),
    Place("field value not shown", _value_unshown, ""),
    Place("field default value", _default, ""),
    Place("field tooltip", _tooltip, ""),
    Place("field mapping name", _mapping, ""),
    Place("field name", _field_name, ""),
    Place("field options", _options, ""),
    Place("field rich value", _rich_value, ""),
    Place("field script", _widget_script, ""),
    Place("field caption", _caption, ""),
    Place("XFA form", _xfa, ""),
    Place("signature", _signature, ""),
    Place("attachment", _attached(_plain_content, _a_name, "names"), ""),
    Place("attachment name", _attached(_nothing, _plain_name, "names"), ""),
    Place("attachment description", _description, ""),
    Place("attachment key", _attachment_key, ""),
    Place("associated file", _attached(_plain_content, _a_name, "associated"), ""),
    Place("associated file name", _attached(_nothing, _plain_name, "associated"), ""),
    Place("attachment on a page", _attached(_plain_content, _a_name, "page"), ""),
    Place("attachment on a page, name", _attached(_nothing, _plain_name, "page"), ""),
]
