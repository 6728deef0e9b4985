"""What pages do not show, listed by real confined workers: one thing hidden in each place is found in each."""

from __future__ import annotations

import io
import os
from email.message import EmailMessage
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, PngImagePlugin
from tests.documents.conftest import pdf, pdf_of, refused, zipped
from tests.support.hiding import SECRETS, jpeg, pdf_with_all, stream

from evidencevault.documents import sentences
from evidencevault.documents.requests import UNSEEN_TEXT, Bytes, HiddenItem, Limits, Reason
from evidencevault.documents.workers import Workers

CORPUS = os.environ.get("EVIDENCEVAULT_CORPUS", "")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def hidden(name: str, data: bytes, limits: Limits | None = None) -> list[HiddenItem]:
    return (Workers(limits=limits) if limits else Workers()).hidden(name, Bytes(data))


def texts(items: list[HiddenItem], kind: str) -> str:
    return " | ".join(one.text for one in items if one.kind == kind)


@pytest.fixture(scope="module")
def whole() -> list[HiddenItem]:
    return hidden("all.pdf", pdf_with_all())


class TestPdf:
    @pytest.mark.parametrize(("kind", "word"), SECRETS)
    def test_each_place_under_its_kind(self, whole: list[HiddenItem], kind: str, word: str) -> None:
        assert word in texts(whole, kind), [one for one in whole if word in one.text]

    def test_what_can_be_seen_is_not_called_unseen(self, whole: list[HiddenItem]) -> None:
        unseen = "".join(texts(whole, kind) for kind in ("covered", "invisible", "tiny", "outside"))
        assert not any(word in unseen for word in ("plain", "sight", "black", "Child", "other", "stamped"))
        assert texts(whole, "unreadable") == ""

    def test_pages_and_words_for_people(self, whole: list[HiddenItem]) -> None:
        at = {one.text: one.page for one in whole}
        assert at["annocontents"] == at["undershape"] == at["fieldvalue"] == at["http://linked.example/"] == 1
        assert at["openscript"] == at["bookmarked"] == 0
        assert all(sentences.unseen(one.kind) for one in whole)

    def test_a_turned_page_with_a_picture_of_noise_and_a_white_box(self) -> None:
        noise = io.BytesIO()
        Image.effect_noise((80, 20), 90).save(noise, "PNG")
        with pymupdf.open() as document:
            page = document.new_page(width=300, height=200)
            page.insert_text((20, 50), "undernoise")
            page.insert_image((10, 35, 110, 60), stream=noise.getvalue(), keep_proportion=False)
            page.insert_text((20, 90), "whiteboxed")
            page.draw_rect((15, 75, 140, 95), fill=(1, 1, 1), color=None)
            page.insert_text((25, 90), "Child B", color=(0, 0, 1))
            page.draw_rect((15, 115, 140, 135), fill=(1, 1, 0.8), color=None)
            page.insert_text((20, 130), "stands on colour")
            page.insert_text((20, 160), "undermark")
            mark = page.add_rect_annot((10, 145, 120, 165))
            mark.set_colors(fill=(0, 0, 0), stroke=(0, 0, 0))
            mark.update()
            page.set_rotation(90)
            data = bytes(document.tobytes())
        assert [one.text for one in hidden("boxes.pdf", data) if one.kind == "covered"] == [
            "undernoise", "whiteboxed", "undermark",
        ]  # fmt: skip

    def test_a_box_that_is_clipped_away_covers_nothing(self) -> None:
        content = (
            b"BT /F 12 Tf 20 100 Td (clearly seen) Tj ET q 0 0 5 5 re W n 0 g 10 90 150 30 re f 1 g 10 90 150 30 re f Q"
        )
        data = pdf_of(
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            stream(content), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        )  # fmt: skip
        assert hidden("clipped.pdf", data) == []

    def test_words_of_an_earlier_revision(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.pdf"
        with pymupdf.open() as document:
            page = document.new_page()
            page.insert_text((72, 100), "Signed by Mirelva Dornhoek")
            page.add_text_annot((20, 20), "changedcomment")
            document.save(path)
        with pymupdf.open(path) as document:
            page = document[0]
            document.xref_set_key(page.xref, "Contents", "null")
            page.insert_text((72, 100), "Signed by Child A")
            next(page.annots()).set_info(content="todayscomment")
            document.saveIncr()
        found = hidden("letter.pdf", path.read_bytes())
        assert texts(found, "annotation") == "todayscomment"
        assert (texts(found, "revision"), texts(found, "revision-text")) == ("1", "Mirelva Dornhoek | changedcomment")

    def test_damaged_objects_are_said_and_the_list_goes_on(self) -> None:
        data = pdf_with_all().replace(b"<</Title(bookmarked)", b"<<)Title(bookmarked)")
        found = hidden("all.pdf", data)
        assert len([one for one in found if one.kind == "unreadable"]) == 1 and "0 R" in texts(found, "unreadable")
        assert "annocontents" in texts(found, "annotation") and "undershape" in texts(found, "covered")

    def test_cycles_and_depth_have_an_end(self) -> None:
        data = pdf_of(
            b"<</Type/Catalog/Pages 2 0 R/Odd 4 0 R/Names<</Dests 5 0 R>>/Outlines 6 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[3 0 R 4 0 R]/PieceInfo 4 0 R>>",
            b"<</Self 4 0 R/Name(roundabout)/Deep" + b"[" * 60 + b"(deep)" + b"]" * 60 + b">>",
            b"<</Kids[5 0 R]>>", b"<</Title(again)/Parent 6 0 R/Next 6 0 R/First 6 0 R>>",
        )  # fmt: skip
        found = hidden("cycle.pdf", data)
        assert "roundabout" in texts(found, "private") and "again" in texts(found, "bookmark")

    def test_the_list_has_an_end_and_says_how_many_more(self) -> None:
        found = hidden("all.pdf", pdf_with_all(), Limits(hidden=5))
        assert len(found) == 6 and found[-1].kind == "more" and int(found[-1].text) > 5

    def test_one_text_has_an_end_and_direction_marks_are_written_out(self) -> None:
        with pymupdf.open() as document:
            document.new_page().add_text_annot((20, 20), "\u202eevil" + "x" * 5000)
            found = hidden("long.pdf", bytes(document.tobytes()))
        (first, *more) = [one.text for one in found if one.kind == "annotation"]
        assert first.startswith("<U+202E>evil") and "".join([first, *more]).count("x") == 5000
        assert all(len(one) <= UNSEEN_TEXT + 20 for one in (first, *more))

    def test_a_plain_letter_hides_nothing_of_its_text(self) -> None:
        assert {one.kind for one in hidden("letter.pdf", pdf(3))} <= {"metadata", "private"}

    def test_under_a_password_nothing_is_listed(self) -> None:
        data = pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o")
        assert refused(lambda: hidden("locked.pdf", data)).reason is Reason.ENCRYPTED


class TestPictures:
    def test_exif_place_and_comment(self) -> None:
        found = hidden("photo.jpg", jpeg("Artistname"))
        assert "Artist: Artistname" in texts(found, "exif") and texts(found, "place") == "51.500000, -4.250000"
        assert texts(found, "comment") == "commentwords"

    def test_notes_and_frames(self) -> None:
        out, notes = io.BytesIO(), PngImagePlugin.PngInfo()
        notes.add_text("Description", "notedwords", zip=True)
        notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>xmpwords</a></x:xmpmeta>")
        Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=notes)
        found = hidden("drawing.png", out.getvalue())
        assert "notedwords" in texts(found, "comment") and "xmpwords" in texts(found, "xmp")
        out = io.BytesIO()
        Image.new("L", (4, 4)).save(out, "TIFF", save_all=True, append_images=[Image.new("L", (4, 4), 9)] * 2)
        assert texts(hidden("scan.tif", out.getvalue()), "frame") == "2"


def part(content: str) -> bytes:
    return f"<?xml version='1.0'?><w:x xmlns:w='urn:w' xmlns:r='urn:r'>{content}</w:x>".encode()


class TestOffice:
    def test_a_document(self) -> None:
        story = part(
            "<w:p><w:r><w:t>Seen.</w:t></w:r><w:ins w:author='Ann'><w:r><w:t>insertedwords</w:t></w:r></w:ins>"
            "<w:del w:author='Ann'><w:r><w:delText>deletedwords</w:delText></w:r></w:del>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>vanishedwords</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>shownwords</w:t></w:r>"
            "<w:r><w:instrText>MERGEFIELD secretfield</w:instrText></w:r><w:docPr descr='altwords'/></w:p>"
        )
        data = zipped(
            ("[Content_Types].xml", part("")), ("word/document.xml", story),
            ("word/comments.xml", part("<w:comment w:author='Bea'><w:p><w:t>commentwords</w:t></w:p></w:comment>")),
            ("word/vbaProject.bin", b"x"), ("word/embeddings/inner.xlsx", b"x"),
            ("word/_rels/document.xml.rels",
             part("<w:r Type='x/hyperlink' TargetMode='External' Target='http://l.example'/>")),
            ("docProps/core.xml", part("<w:creator>Creatorname</w:creator>")),
            ("docProps/custom.xml", part("<w:property name='Key'><w:v>customwords</w:v></w:property>")),
            ("customXml/item1.xml", part("<w:a>boundwords</w:a>")),
        )  # fmt: skip
        found = hidden("letter.docx", data)
        for kind, word in {
            "inserted": "Ann : insertedwords", "deleted": "deletedwords", "hidden-text": "vanishedwords",
            "field-code": "secretfield", "alternative": "altwords", "comment": "commentwords", "macro": "vbaProject",
            "embedded": "inner.xlsx", "link": "http://l.example", "private": "boundwords",
        }.items():  # fmt: skip
            assert word in texts(found, kind), kind
        assert "Creatorname" in texts(found, "property") and "Key: customwords" in texts(found, "property")
        assert "shownwords" not in texts(found, "hidden-text")

    def test_a_workbook(self) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"], sheet["B1"], sheet["C2"] = "seen", "columnwords", "rowwords"
        sheet["A3"] = "=SUM(formulawords)"
        sheet["A1"].comment = openpyxl.comments.Comment("cellcomment", "Bea")
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[2].hidden = True
        book.create_sheet("sheetsecret").sheet_state = "veryHidden"
        book.defined_names["namesecret"] = openpyxl.workbook.defined_name.DefinedName(
            "namesecret", attr_text="Sheet!$A$1"
        )
        out = io.BytesIO()
        book.save(out)
        found = hidden("book.xlsx", out.getvalue())
        assert "sheetsecret" in texts(found, "hidden-sheet") and "cellcomment" in texts(found, "comment")
        assert texts(found, "formula") == "Sheet A3: =SUM(formulawords)" and "namesecret" in texts(
            found, "defined-name"
        )
        assert "Sheet 2 rowwords" in texts(found, "hidden-row") and "Sheet B1 columnwords" in texts(
            found, "hidden-column"
        )

    def test_slides(self) -> None:
        data = zipped(
            ("[Content_Types].xml", part("")),
            ("ppt/notesSlides/notesSlide1.xml", part("<w:p><w:r><w:t>speakernotes</w:t></w:r></w:p>")),
            ("ppt/slides/slide2.xml", b"<p:sld xmlns:p='urn:p' show='0'><p:p><p:t>hiddenslide</p:t></p:p></p:sld>"),
        )
        found = hidden("talk.pptx", data)
        assert "speakernotes" in texts(found, "notes") and "hiddenslide" in texts(found, "hidden-slide")

    def test_entities_bombs_and_depth(self) -> None:
        laughs = (
            b"<!DOCTYPE a [<!ENTITY b 'aha'><!ENTITY c SYSTEM 'file:///etc/hostname'>]><a><creator>&b;&c;</creator></a>"
        )
        deep = b"<a>" * 5000 + b"</a>" * 5000
        data = zipped(
            ("docProps/core.xml", laughs), ("word/document.xml", deep),
            ("docProps/app.xml", b"<a><Company>Companyname</Company></a>"),
        )  # fmt: skip
        found = hidden("bad.docx", data)
        assert "docProps/core.xml" in texts(found, "unreadable") and "word/document.xml" in texts(found, "unreadable")
        assert texts(found, "property") == "Company: Companyname"
        assert refused(lambda: hidden("bomb.docx", zipped(("word/a.xml", b"\0" * (150 << 20))))).reason is Reason.BOMB


class TestMailAndHtml:
    def test_the_other_body(self) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"], mail["Bcc"] = (
            "a@b.example",
            "c@d.example",
            "Hi",
            "bccwords@e.example",
        )
        mail.set_content("Seen.")
        mail.add_alternative(
            "<p>otherbody</p><p style='display: none'>unseenbody</p><!-- sourcewords -->", subtype="html"
        )
        found = hidden("mail.eml", mail.as_bytes())
        assert texts(found, "body") == "otherbody" and texts(found, "hidden-element") == "unseenbody"
        assert texts(found, "markup-comment") == "sourcewords"

    def test_html(self) -> None:
        found = hidden(
            "page.html",
            b"<html><head><meta name=author content=metawords><script>scriptwords()</script></head><body>"
            b"<p>Seen <img src=a.png alt=altwords></p><div hidden>one <p>two</p></div>"
            b"<input type=hidden value=fieldwords><!-- sourcewords --></body></html>",
        )
        assert "author: metawords" in texts(found, "metadata") and "scriptwords" in texts(found, "script")
        assert texts(found, "hidden-element") == "one two" and "altwords" in texts(found, "alternative")
        assert "fieldwords" in texts(found, "field-hidden") and "sourcewords" in texts(found, "markup-comment")

    def test_svg(self) -> None:
        found = hidden(
            "map.svg",
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><desc>descwords</desc><text>Seen</text>"
            b"<g display='none'><text>unseenwords</text></g><!-- sourcewords --></svg>",
        )
        assert [texts(found, kind) for kind in ("metadata", "hidden-element", "markup-comment")] == [
            "desc: descwords", "unseenwords", "sourcewords",
        ]  # fmt: skip

    def test_text_is_shown_to_its_last_character_and_sound_has_no_pages(self) -> None:
        assert hidden("note.txt", b"All of it.") == []
        assert refused(lambda: hidden("s.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40)).reason is Reason.UNSUPPORTED


@pytest.mark.skipif(not CORPUS, reason="EVIDENCEVAULT_CORPUS names no folder")
def test_pages_of_courts_have_nothing_under_their_boxes() -> None:
    """Forms with boxes drawn before their text, boxes over blanks, and good redactions: seen on the pages by eye."""
    files = sorted((Path(CORPUS) / "x-ray").glob("*.pdf"))
    assert files
    for file in files:
        assert texts(hidden(file.name, file.read_bytes()), "covered") == "", file.name


@pytest.mark.skipif(not CORPUS, reason="EVIDENCEVAULT_CORPUS names no folder")
def test_red_boxes_over_a_table_hide_nothing() -> None:
    """A page on which somebody has laid red boxes, as it came: six headings stand under them."""
    (file,) = (Path(CORPUS) / "pymupdf").glob("*test_4079_after_1.25.pdf")
    assert [one.text for one in hidden(file.name, file.read_bytes()) if one.kind == "covered"] == [
        "Light Fabric", "Heavy Fabric", "TICKET NO.", "NEEDLE SIZE", "METRIC (nm)", "MATERIAL WEIGHT",
    ]  # fmt: skip


@pytest.mark.skipif(not CORPUS, reason="EVIDENCEVAULT_CORPUS names no folder")
def test_a_box_laid_over_a_name_of_a_court_page_is_seen_through() -> None:
    """The same pages with the failure itself: a black box over words, and the words left in the file."""
    for name, word in (
        ("no_bad_redactions.2.1", "CHOY"),
        ("rect_ordering_5.2", "Funches"),
        ("rect_ordering_4.1", "TRAVERTINE"),
    ):
        (file,) = (Path(CORPUS) / "x-ray").glob(f"*{name}.pdf")
        with pymupdf.open(file) as document:
            page = document[0]
            page.clean_contents()
            places = page.search_for(word)
            assert places, name
            for place in places:
                page.draw_rect(place, fill=(0, 0, 0), color=None)
            data = bytes(document.tobytes())
        assert word.casefold() in texts(hidden("boxed.pdf", data), "covered").casefold(), name
