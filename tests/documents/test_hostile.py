"""Hostile and broken documents in real confined workers: each is refused by name or read, and the next one works."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pymupdf
import pytest
from PIL import Image
from tests.documents.conftest import pdf, pdf_of, refused

from evidencevault.documents.requests import Bytes, DocumentFailed, Limits, Reason
from evidencevault.documents.workers import Workers


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def reads_all_ways(name: str, data: bytes) -> list[Reason]:
    """The reasons that text, render and thumbnail give."""
    worker, source = Workers(), Bytes(data)
    return [
        refused(lambda: worker.text(name, source)).reason,
        refused(lambda: worker.render(name, source, 1, 600)).reason,
        refused(lambda: worker.thumbnail(name, source)).reason,
    ]


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
DRAWN = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources<</XObject<</A 5 0 R>>>>/Contents 4 0 R>>"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]>"
)


def stream(body: bytes, more: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (more, len(body), body)


def form(number: int, body: bytes) -> bytes:
    """A drawing inside a drawing, which draws the object after it: number 5 is the fourth in the file and a page's."""
    more = b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</A %d 0 R>>>>" % number
    return stream(body or b"0 0 10 10 re f", more)


def office(change: Callable[[bytes], bytes]) -> bytes:
    """A real DOCX that says "Start MARK end", its main part changed."""
    written, out = io.BytesIO(), io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Start MARK end")
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == "word/document.xml" else old.read(name))
    return out.getvalue()


def outcome(act: Callable[[], object]) -> str:
    """The sentence of a refusal, or "done"."""
    try:
        act()
    except DocumentFailed as error:
        return error.sentence
    return "done"


def the_next_one_works() -> None:
    assert "Page 1" in Workers().text("letter.pdf", Bytes(pdf()))[0].text


def stays_small(name: str, data: bytes) -> None:
    """Neither entities by the thousand nor a file of the machine come out, whether it is read or refused."""
    try:
        text = "".join(page.text for page in Workers().text(name, Bytes(data)))
    except DocumentFailed as error:
        assert error.reason in (Reason.DAMAGED, Reason.BOMB, Reason.TOO_LARGE)
    else:
        assert len(text) < 1000 and "root:" not in text and text.count("haha") < 10
    the_next_one_works()


class TestDocuments:
    def test_empty(self) -> None:
        assert refused(lambda: Workers().look("none.pdf", Bytes(b""))).reason is Reason.EMPTY
        assert reads_all_ways("none.pdf", b"") == [Reason.EMPTY] * 3

    def test_a_pdf_that_is_none(self) -> None:
        found = Workers().look("letter.pdf", Bytes(b"\x7fELF" + bytes(range(256)) * 20))
        assert not found.previewable and found.mismatch and ".pdf" in found.mismatch
        assert "“letter.pdf”" in found.reason and not found.encrypted

    def test_text_called_pdf_is_shown_as_text_and_said(self) -> None:
        found = Workers().look("letter.pdf", Bytes(b"Just a line of text.\n" * 9))
        assert found.media_type == "text/plain" and found.mismatch and found.pages == 1

    def test_a_head_of_a_pdf_with_nothing_after_it(self) -> None:
        data = b"%PDF-1.7\n" + b"\0" * 400
        assert not Workers().look("letter.pdf", Bytes(data)).previewable
        assert reads_all_ways("letter.pdf", data) == [Reason.DAMAGED] * 3

    def test_encrypted_pdf(self) -> None:
        aes = pymupdf.PDF_ENCRYPT_AES_256  # type: ignore[attr-defined]
        data = pdf(encryption=aes, user_pw="secret", owner_pw="owner")
        found = Workers().look("letter.pdf", Bytes(data))
        assert found.encrypted and not found.previewable and "encrypted" in found.reason
        assert reads_all_ways("letter.pdf", data) == [Reason.ENCRYPTED] * 3

    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
    def test_truncated_pdf_is_read_or_refused(self, part: float) -> None:
        whole = pdf(20)
        try:
            pages = Workers().text("letter.pdf", Bytes(whole[: int(len(whole) * part)]))
        except DocumentFailed as error:
            assert error.reason is Reason.DAMAGED
        else:
            assert len(pages) <= 20

    def test_picture_that_says_it_is_huge(self) -> None:
        data = huge_png(100_000, 100_000)
        found = Workers().look("photo.png", Bytes(data))
        assert found.media_type == "image/png" and not found.previewable and "larger" in found.reason
        assert reads_all_ways("photo.png", data) == [Reason.TOO_LARGE] * 3

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_truncated_picture(self, kind: str) -> None:
        out = io.BytesIO()
        Image.effect_noise((300, 300), 90).save(out, kind)
        cut = out.getvalue()[: len(out.getvalue()) // 2]
        error = refused(lambda: Workers().thumbnail("photo", Bytes(cut)))
        assert error.reason is Reason.DAMAGED and "“photo”" in error.sentence
        assert not Workers().look("photo", Bytes(cut[:40])).previewable

    def test_picture_of_a_kind_nobody_here_decodes_is_not_called_damaged(self) -> None:
        found = Workers().look("photo.jxl", Bytes(b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a" + b"\0" * 200))
        assert found.media_type == "image/jxl" and "of a kind that cannot be shown" in found.reason

    @pytest.mark.parametrize("brand", [b"heic", b"avif", b"mif1"])
    def test_heads_of_heic_and_avif_with_nothing_after_them(self, brand: bytes) -> None:
        data = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + b"\0" * 200
        found = Workers().look("photo", Bytes(data))
        assert found.media_type.startswith("image/") and "damaged" in found.reason
        assert reads_all_ways("photo", data) == [Reason.DAMAGED] * 3

    def test_note_in_a_png_that_unpacks_to_much(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (4, 4)).save(out, "PNG")
        body = b"Comment\0\0" + zlib.compress(b"\0" * (200 << 20), 9)
        note = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
        data = out.getvalue()[:33] + note + out.getvalue()[33:]
        found = Workers(limits=Limits(memory=1 << 29)).look("photo.png", Bytes(data))
        assert found.media_type == "image/png" and not found.previewable and "“photo.png”" in found.reason

    def test_picture_with_damaged_notes_is_shown_and_said(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (40, 40)).save(out, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 30)
        found = Workers().look("photo.jpg", Bytes(out.getvalue()))
        assert found.previewable and Workers().thumbnail("photo.jpg", Bytes(out.getvalue()))

    @pytest.mark.parametrize(
        ("count", "kids"),
        [(1_000_000, b"3 0 R " * 1_000_000), (1_000_000, b"3 0 R"), (30_000, b"3 0 R " * 30_000), (9, b"2 0 R 2 0 R")],
        ids=["a million pages", "a million claimed", "more than is shown", "a circle"],
    )
    def test_tree_of_pages_without_end(self, count: int, kids: bytes) -> None:
        data = pdf_of(CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids), LEAF)
        found = Workers().look("tree.pdf", Bytes(data))
        assert not found.previewable and "“tree.pdf”" in found.reason
        for reason in reads_all_ways("tree.pdf", data):
            assert reason in (Reason.TOO_LARGE, Reason.DAMAGED)
        the_next_one_works()

    def test_tree_of_pages_of_great_depth(self) -> None:
        levels = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % number for number in range(3, 50_003)]
        said = outcome(lambda: Workers().look("deep.pdf", Bytes(pdf_of(CATALOG, *levels, LEAF))))
        assert said == "done" or "“deep.pdf”" in said
        the_next_one_works()

    def test_drawing_that_never_ends_is_stopped(self) -> None:
        data = pdf_of(CATALOG, PAGES, DRAWN, *(form(number, b"/A Do " * 10) for number in range(5, 15)), form(15, b""))
        workers = Workers(limits=Limits(seconds=2, seconds_long=2))
        for act in (workers.thumbnail, workers.text):
            error = refused(lambda act=act: act("forms.pdf", Bytes(data)))  # type: ignore[misc]
            assert error.reason is Reason.TIME and error.document == "forms.pdf" and "“forms.pdf”" in error.sentence
            the_next_one_works()

    def test_office_file_that_takes_all_memory(self) -> None:
        data = office(lambda part: part.replace(b"MARK", b"a " * (100 << 20)))
        assert len(data) < 1 << 20
        error = refused(lambda: Workers(limits=Limits(memory=1 << 29)).text("report.docx", Bytes(data)))
        assert error.reason in (Reason.MEMORY, Reason.DAMAGED, Reason.CRASHED) and "“report.docx”" in error.sentence
        the_next_one_works()

    def test_entities_of_an_office_file_stay_small(self) -> None:
        assert "Start MARK end" in Workers().text("a.docx", Bytes(office(lambda part: part)))[0].text
        data = office(lambda part: ENTITIES + part[part.index(b"?>") + 2 :].replace(b"MARK", b"&m;&file;"))
        stays_small("a.docx", data)

    def test_entities_of_a_drawing_stay_small(self) -> None:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><text x="1" y="20">%b</text></svg>'
        assert "words" in Workers().text("a.svg", Bytes(b'<?xml version="1.0"?>' + svg % b"words"))[0].text
        stays_small("a.svg", ENTITIES + svg % b"&m;&file;")

    def test_a_drawing_reaches_no_file_of_the_machine(self, tmp_path: Path) -> None:
        Image.new("RGB", (50, 50), (255, 0, 0)).save(tmp_path / "red.png")
        uri = (tmp_path / "red.png").as_uri().encode()
        size = b'width="50" height="50"'
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" %b><image href="%b" %b/></svg>' % (size, uri, size)
        shown = Workers().render("a.svg", Bytes(b'<?xml version="1.0"?>' + svg), 1, 50)
        assert shown.data == b"\xff" * len(shown.data)

    def test_half_of_a_surrogate_pair_is_no_letter(self) -> None:
        cmap = (
            b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/X def/CMapType 2 def "
            b"1 begincodespacerange<00><ff>endcodespacerange 1 beginbfchar<41><d800>endbfchar "
            b"endcmap CMapName currentdict/CMap defineresource pop end end"
        )
        data = pdf_of(
            CATALOG,
            PAGES,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"BT /F 20 Tf 20 100 Td (AB) Tj ET"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            stream(cmap),
        )
        text = Workers().text("letter.pdf", Bytes(data))[0].text
        assert text.strip().endswith("B") and not any("\ud800" <= letter <= "\udfff" for letter in text)

    def test_what_pages_do_not_show_is_counted(self) -> None:
        with pymupdf.open() as document:
            page = document.new_page()
            page.add_text_annot((20, 20), "a comment")
            page.add_highlight_annot((20, 40, 90, 60))
            widget = pymupdf.Widget()
            widget.field_type, widget.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "name"  # type: ignore[attr-defined]
            widget.rect = pymupdf.Rect(20, 80, 90, 100)
            page.add_widget(widget)
            document.embfile_add("note.txt", b"attached")
            document.add_ocg("seen", on=True)
            document.add_ocg("unseen", on=False)
            document.xref_set_key(document.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>")
            document.set_xml_metadata("<x/>")
            data = bytes(document.tobytes())
        counted = {one.kind: one.text for one in Workers().look("form.pdf", Bytes(data)).hidden}
        assert counted == {
            "Comments and marks on its pages": "2",
            "Form fields": "1",
            "Files attached inside": "1",
            "Scripts": "1",
            "Layers that are switched off": "1",
            "Bytes of further metadata (XMP)": "4",
        }
        assert Workers().look("letter.pdf", Bytes(pdf())).hidden == ()

    def test_counting_has_an_end_and_says_so(self) -> None:
        found = Workers(limits=Limits(hidden=3)).look("letter.pdf", Bytes(pdf(5)))
        assert found.previewable
        assert [one.kind for one in found.hidden] == ["Kinds of hidden content that could not all be counted"]

    def test_names_are_neutralised_in_sentences(self) -> None:
        name = "exe\n\r\x1b[2J\u202egpj\u200b\u2066.p\u202edf"
        for error in (
            refused(lambda: Workers().text(name, Bytes(b""))),
            refused(lambda: Workers().render(name, Bytes(pdf()), 9, 100)),
        ):
            assert not set(error.sentence) & set("\n\r\x1b\u202e\u200b\u2066")
            assert "<U+000A>" in error.sentence and "<U+202E>gpj" in error.sentence
        found = Workers().look("a.\u202epdf\n.pdf", Bytes(b"\x7fELF" + bytes(range(256)) * 20))
        assert found.reason and found.mismatch and not set(found.reason + found.mismatch) & set("\n\u202e")

    def test_metadata_shows_no_control_characters(self) -> None:
        with pymupdf.open() as document:
            document.new_page()
            document.set_metadata({"title": "a\x1b[2J\u202eb", "author": "c\nd"})
            data = bytes(document.tobytes())
        shown = "".join(value for _, value in Workers().look("a.pdf", Bytes(data)).metadata)
        assert "b" in shown and not set(shown) & set("\x1b\n\u202e")
