"""Every kind that has pages: what it says stands on them, and a mark made from its letters covers their ink."""

from __future__ import annotations

import io
from datetime import date
from email.message import EmailMessage

import openpyxl
import pymupdf
import pytest
from docx import Document
from openpyxl.comments import Comment
from PIL import Image
from tests.documents.conftest import refused, zipped

from evidencevault.documents.requests import Bytes, Mark, PageText, Suspect
from evidencevault.documents.workers import Workers

NAME = "Wietske"
SAID = f"On Monday {NAME} came."


def mail(body: str = SAID, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Anna <a@b.example>", "To": "c@d.example", "Subject": "That day", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def rich(html: str) -> EmailMessage:
    message = mail()
    message.set_content(html, subtype="html")
    return message


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Group"
    sheet.append(["Name", "Born"])
    sheet.append([NAME, date(2012, 5, 3)])
    sheet.append(["=1+1", 2.5])
    sheet["A2"].comment = Comment("called her mother", "Jo")
    sheet.column_dimensions["B"].hidden = True
    hidden = book.create_sheet("Locked")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "unseen cell"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def letter() -> bytes:
    document = Document()
    document.add_paragraph(SAID)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def drawn() -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 100), SAID)
        return bytes(document.tobytes())


KINDS = {
    "a.pdf": drawn(),
    "a.txt": f"First.\n{SAID}\nLast.".encode(),
    "utf16.txt": f"First.\n{SAID}\nLast.".encode("utf-16"),
    "a.csv": f"who;what\n{NAME};came\n".encode(),
    "a.html": f"<html><body><h1>Report</h1><p>{SAID}</p></body></html>".encode(),
    "plain.eml": mail().as_bytes(),
    "rich.eml": rich(f"<p>{SAID}</p><script>x()</script>").as_bytes(),
    "a.mbox": b"From a@b Mon Nov 23 10:00:00 2026\n" + mail().as_bytes(),
    "a.docx": letter(),
    "a.xlsx": workbook(),
    "a.json": f'{{"said": "{SAID}"}}'.encode(),
}


def pages(name: str, data: bytes) -> list[PageText]:
    return Workers().text(name, Bytes(data))


def words(name: str, data: bytes) -> str:
    return "\n".join(page.text for page in pages(name, data)).replace("\u200b", "")


def ink(data: bytes, box: tuple[float, float, float, float], name: str) -> int:
    """Dark pixels of a page as drawn, in a box of points."""
    shown = Workers().render(name, Bytes(data), 1, 1190)
    picture = Image.frombytes("RGB", (shown.width, shown.height), shown.data).convert("L")
    scale = shown.width / pages(name, data)[0].width
    part = picture.crop(tuple(int(side * scale) for side in box))  # type: ignore[arg-type]
    return sum(part.histogram()[:128])


@pytest.mark.parametrize("name", KINDS)
def test_a_mark_made_from_the_letters_covers_their_ink_in_the_copy(name: str) -> None:
    data = KINDS[name]
    page = pages(name, data)[0]
    start = page.text.index(NAME)
    box = page.box(start, start + len(NAME))
    assert ink(data, box, name) > 40
    mark = Mark(1, box.x0 - 0.75, box.y0 - 0.75, box.x1 + 0.75, box.y1 + 0.75)
    burnt = Workers().burn(name, Bytes(data), [mark])
    assert Workers().attack([Suspect("b.pdf", Bytes(burnt), True, (mark,))], [NAME]).clean
    with pymupdf.open(stream=burnt) as copy, pymupdf.open(stream=Workers().burn(name, Bytes(data), [])) as bare:
        before, after = (one[0].get_pixmap(dpi=144, colorspace=pymupdf.csGRAY) for one in (bare, copy))
    pictures = [Image.frombytes("L", (one.width, one.height), one.samples) for one in (before, after)]
    area = tuple(int(side) for side in (2 * mark.x0 - 4, 2 * mark.y0 - 4, 2 * mark.x1 + 5, 2 * mark.y1 + 5))
    for picture in pictures:
        picture.paste(128, area)  # type: ignore[arg-type]
    assert pictures[0].tobytes() == pictures[1].tobytes()


def test_a_mail_shows_its_headers_body_and_what_is_attached() -> None:
    message = mail(
        f"{SAID}\n" + "y" * 400, Bcc="q@r.example", Reply_To="s@t.example", X_Mailer="Pine", Received="from x"
    )
    message.add_attachment(b"abc", maintype="application", subtype="pdf", filename="letter.pdf")
    said = words("a.eml", message.as_bytes())
    for one in ("Anna", "c@d.example", "That day", SAID, "q@r.example", "s@t.example", "letter.pdf", "3 bytes", "Pine"):
        assert one in said
    assert said.count("y") >= 400 and said.index("Received") > said.index(SAID)


def test_rich_mail_shows_its_words_and_nothing_that_is_hidden_or_runs() -> None:
    html = (
        "<html><head><style>p{color:red}</style><title>t</title></head><body><p>seen <b>words</b></p>"
        "<script>run()</script>"
        "<div style='display: none'>unseen</div><p hidden>unseen</p><img src='http://127.0.0.1/x.png'><p>more</div></body>"
    )
    said = words("a.eml", rich(html).as_bytes())
    assert "seen words" in said and "more" in said
    assert not any(one in said for one in ("run()", "color", "unseen", "127.0.0.1"))


def test_a_mailbox_shows_every_message() -> None:
    box = b"".join(b"From a@b Mon Nov 23\n" + mail(f"Message {n}.").as_bytes() + b"\n" for n in range(3))
    said = words("a.mbox", box)
    assert all(f"Message {n}." in said for n in range(3))


def test_a_workbook_shows_what_is_hidden_in_it() -> None:
    said = words("a.xlsx", workbook())
    for one in (
        NAME,
        "2012-05-03",
        "2.5",
        "[hidden]",
        "Locked [hidden sheet]",
        "unseen cell",
        "=1+1",
        "called her mother",
    ):
        assert one in " ".join(said.split()), one
    assert "00:00" not in said


def test_lists_of_any_separator_and_encoding_are_tables() -> None:
    for separator, encoding in ((",", "utf-8"), (";", "cp1252"), ("\t", "utf-16")):
        data = "\r\n".join(separator.join(row) for row in (("name", "note"), ("Renée", "=SUM(A1)"))).encode(encoding)
        said = words("a.csv", data)
        assert "Renée" in said and "=SUM(A1)" in said and separator not in said.replace("\n", "")


def test_no_letter_of_a_long_line_is_lost() -> None:
    for text in ("x" * 3000, "word " * 800, "\t".join("ab" for _ in range(300))):
        for page in pages("a.txt", text.encode()):
            sides = [page.box(at) for at, letter in enumerate(page.text) if letter.strip() and letter != "\u200b"]
            assert max(box.x1 for box in sides) <= page.width
        assert sum(words("a.txt", text.encode()).count(letter) for letter in "xworab") == sum(
            text.count(letter) for letter in "xworab"
        )


def test_every_colour_and_frame_of_pictures_is_drawn() -> None:
    for mode, form in (("1", "PNG"), ("L", "PNG"), ("I;16", "PNG"), ("P", "GIF"), ("CMYK", "TIFF"), ("RGBA", "WEBP")):
        picture = Image.new(mode, (60, 40))
        out = io.BytesIO()
        picture.save(out, form)
        assert Workers().burn(f"a.{form.lower()}", Bytes(out.getvalue()), []).startswith(b"%PDF")


def test_a_photograph_is_turned_upright_and_loses_what_it_tells() -> None:
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Wietske at home"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    burnt = Workers().burn("a.jpg", Bytes(out.getvalue()), [])
    with pymupdf.open(stream=burnt) as copy:
        assert copy[0].rect.height == 2 * copy[0].rect.width
        drawn = copy[0].get_pixmap(dpi=96)
        assert drawn.pixel(drawn.width - 5, 5)[0] < 60 and drawn.pixel(5, 5)[0] > 200
    assert (
        b"Wietske" in out.getvalue() and Workers().attack([Suspect("a", Bytes(burnt), True)], ["Wietske at home"]).clean
    )


def test_broken_workbooks_are_refused_with_a_reason() -> None:
    broken = zipped(("[Content_Types].xml", b"<x"), ("xl/workbook.xml", b"<x"))
    assert refused(lambda: pages("a.xlsx", broken)).sentence


def test_words_beside_each_other_stay_two_words() -> None:
    html = "<section>Wietske</section><section>Next</section><address>one</address>two<embed src=x><p>rest</p>"
    said = words("a.eml", rich(html + "<p hidden>gone<p>seen").as_bytes())
    assert {"Wietske", "Next", "one", "two", "rest", "seen"} <= set(said.split()) and "gone" not in said
    assert words("a.txt", b"Wietske\x0bNext\rJan\x0cTwo").split() == ["Wietske", "Next", "Jan", "Two"]
