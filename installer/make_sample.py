"""Writes the files of the sample case into ``resources/sample/``: the same bytes every time.

Run with ``python installer/make_sample.py [DIR]``; needs the program's own dependencies and no system fonts. Everything
in the case is invented: organisation, places and persons. Each person's name stands in several files, so that a
redaction has something to find; no member of the demo's vault is named in any of them.
"""

from __future__ import annotations

import io
import math
import random
import re
import struct
import sys
import wave
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import docx
import openpyxl
import pymupdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CHILD = "Mirelva Dornhoek"
RESPONDENT = "Tobran Quistveld"
REPORTER = "Jorsa Pellewick"
WITNESS = "Sanniek Overdaal"
MOTHER = "Hendra Dornhoek"

FIXED = (2026, 3, 20, 12, 0, 0)

LETTER = [
    f"""Lindebrug Jeugdhulp (fictieve organisatie)
Aan de aandachtsfunctionaris
Noordkade 14, Vierhoven

Vierhoven, 18 maart 2026

Betreft: zorgen over MIRELVA DORNHOEK, groep De Zwaluw

Geachte aandachtsfunctionaris,

Op maandag 16 maart 2026 kwam {CHILD} (geboren 9 maart 2015) na de
middagpauze huilend bij mij in de keuken. Zij zei: "Meester Tobran sluit mij op
in het hok en dan doet hij het licht uit." Ik heb haar gevraagd of ik dit mocht
doorgeven. Dat mocht.

Ik heb daarna gesproken met {WITNESS}, die op de groep stond. Sanniek
bevestigt dat {RESPONDENT} het kind die dag en ook op donderdag
12 maart in de berging heeft gezet, de tweede keer ruim twintig minuten.

Het gaat om de berging naast kamer 4. Er zit geen raam in. De klink ontbreekt
aan de binnenkant. Een foto stuur ik mee.""",
    f"""De moeder, {MOTHER}, belde op dinsdag 17 maart om 08.40 uur. Zij is
bereikbaar op 06 00 00 01 23 en via h.dornhoek@thuispost.example. Zij zegt dat
Mirelva sinds februari niet meer alleen durft te slapen.

Ik heb nog niemand aangesproken. Ik vraag u om te zorgen dat {RESPONDENT}
niet meer alleen is met de kinderen totdat dit is uitgezocht.

Met vriendelijke groet,

{REPORTER}
groepsleiding De Zwaluw
j.pellewick@lindebrug.example""",
]

STATEMENT = [
    f"Statement of {WITNESS}, 19 March 2026",
    "Written by the witness at home, at the request of the safeguarding officer, and handed over on paper and as this "
    "file.",
    f"I have worked in group De Zwaluw since 2023. On Thursday 12 March 2026 I saw {RESPONDENT} take {CHILD} by the "
    "upper arm and bring her to the store room next to room 4. He closed the door. I heard her call. I looked at the "
    "clock when he opened again: it was 13.52. It had been more than twenty minutes.",
    "On Monday 16 March it happened again, shorter. I was with the other children and could not leave them. When I "
    "said something, Tobran answered: \u201cShe has to learn it some time.\u201d",
    f"I told {REPORTER} the same afternoon. I have not spoken with the parents, and nobody told me what to write here.",
    f"Signed: {WITNESS}",
]

REGISTER = [
    ("Datum", "Tijd", "Kind", "Medewerker", "Wat is gezien of gehoord", "Gemeld aan"),
    (datetime(2026, 2, 5), "10:15", CHILD, RESPONDENT, "Kind staat op de gang, zegt dat het moet", "niemand"),
    (datetime(2026, 2, 24), "13:20", CHILD, RESPONDENT, "Kind uit berging gehaald", REPORTER),
    (datetime(2026, 3, 12), "13:30", CHILD, RESPONDENT, "Berging, meer dan twintig minuten", WITNESS),
    (datetime(2026, 3, 16), "12:50", CHILD, RESPONDENT, "Berging, licht uit", REPORTER),
]

SCAN = [
    "16 maart, kwart over een",
    "",
    "M. Dornhoek vertelt:",
    "'hij doet de deur dicht",
    "en dan is het donker.'",
    "",
    "Wie? Tobran Quistveld.",
    "Hoe vaak? 'Vier keer. Of vijf.'",
    "Wie weet het? 'Sanniek.'",
    "",
    "Zelf niets gevraagd over",
    "wat er verder gebeurde.",
    "",
    "Jorsa Pellewick",
]

CHAT = f"""[12-03-2026 14:05] {WITNESS}: Hij heeft het weer gedaan. Twintig minuten.
[12-03-2026 14:06] {REPORTER}: Wie?
[12-03-2026 14:06] {WITNESS}: Tobran. Met {CHILD}.
[12-03-2026 14:09] {REPORTER}: Schrijf het op met de tijd erbij. Ik meld het.
[16-03-2026 13:31] {REPORTER}: Zij heeft het mij nu zelf verteld.
"""

ROTA = f"""dag;ochtend;middag
ma 16-03-2026;{REPORTER};{RESPONDENT}
di 17-03-2026;{WITNESS};{REPORTER}
do 19-03-2026;{WITNESS};{RESPONDENT}
"""


def letter() -> bytes:
    """A letter of two pages, with an author in its metadata and a sticky note that no page shows."""
    document = pymupdf.open()
    for text in LETTER:
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 90), text.split("\n"), fontname="tiro", fontsize=11.5, lineheight=1.35)
    note = document[0].add_text_annot((480, 60), f"{MOTHER} teruggebeld, 18-3")
    note.set_info(title=REPORTER, creationDate="D:20260318160000", modDate="D:20260318160000")
    note.update()
    document.set_metadata(
        {
            "title": "Zorgen over Mirelva Dornhoek",
            "author": REPORTER,
            "creationDate": "D:20260318153000",
            "modDate": "D:20260318153000",
        }
    )
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def scan() -> bytes:
    """A handwritten page put crooked on a scanner: pixels only, no text."""
    chance = random.Random(16)
    paper = Image.new("L", (1240, 1754), 244)
    draw = ImageDraw.Draw(paper)
    for row in range(15):
        draw.line((90, 250 + row * 92, 1150, 250 + row * 92), fill=205, width=2)
    font = ImageFont.load_default(50)
    for row, line in enumerate(SCAN):
        x = 120.0 + chance.uniform(-6, 6)
        for letter_ in line:
            draw.text((x, 190 + row * 92 + chance.uniform(-3, 3)), letter_, font=font, fill=chance.randrange(25, 60))
            x += font.getlength(letter_) + chance.uniform(0, 2)
    paper = paper.rotate(1.2, resample=Image.Resampling.BICUBIC, fillcolor=225).filter(ImageFilter.GaussianBlur(0.8))
    pixels = bytearray(paper.tobytes())
    for _ in range(6000):
        pixels[chance.randrange(len(pixels))] = chance.randrange(90, 200)
    jpeg = io.BytesIO()
    Image.frombytes("L", paper.size, bytes(pixels)).save(jpeg, "JPEG", quality=58)
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_image(page.rect, stream=jpeg.getvalue())
    document.set_metadata({"producer": "Scanner", "creationDate": "D:20260316180000"})
    return bytes(document.tobytes(garbage=3, no_new_id=True))


def photo() -> bytes:
    """The store room's door with a name on the coat hook beside it; EXIF tells the camera's owner and place."""
    picture = Image.new("RGB", (1000, 750), (206, 198, 180))
    draw = ImageDraw.Draw(picture)
    for y in range(520, 750):
        shade = 120 - (y - 520) // 6
        draw.line((0, y, 1000, y), fill=(shade, shade - 14, shade - 30))
    draw.rectangle((130, 90, 430, 640), fill=(112, 84, 60), outline=(60, 44, 32), width=8)
    for y in (150, 380):
        draw.rectangle((180, y, 380, y + 190), outline=(84, 62, 44), width=6)
    draw.ellipse((378, 372, 402, 396), fill=(40, 40, 40))
    draw.rectangle((215, 40, 345, 80), fill=(238, 236, 228), outline=(90, 90, 90), width=2)
    draw.text((228, 46), "Berging", font=ImageFont.load_default(28), fill=(40, 40, 40))
    draw.rectangle((560, 250, 940, 272), fill=(96, 70, 50))
    for x, name in ((580, "Fenna"), (760, "Mirelva D.")):
        draw.rectangle((x, 190, x + 165, 236), fill=(250, 246, 214), outline=(120, 110, 70), width=2)
        draw.text((x + 12, 196), name, font=ImageFont.load_default(28), fill=(30, 40, 110))
        draw.ellipse((x + 72, 268, x + 92, 300), fill=(60, 60, 60))
    draw.polygon(((780, 300), (910, 300), (940, 520), (752, 520)), fill=(150, 52, 60))
    chance = random.Random(4)
    for _ in range(5000):
        x, y = chance.randrange(1000), chance.randrange(750)
        red, green, blue = picture.getpixel((x, y))  # type: ignore[misc]
        change = chance.randrange(-12, 13)
        picture.putpixel((x, y), (max(0, red + change), max(0, green + change), max(0, blue + change)))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Lumora", "L7 phone"
    exif[0x013B] = REPORTER
    exif[0x0132] = "2026:03:17 16:42:10"
    exif.get_ifd(0x8769).update({0x9003: "2026:03:17 16:42:10", 0x9286: b"ASCII\0\0\0hook of " + CHILD.encode()})
    # A place in the North Sea: there is no Vierhoven.
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 7.2), 3: "E", 4: (4.0, 12.0, 30.6), 29: "2026:03:17"})
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, exif=exif, dpi=(72, 72))
    return out.getvalue()


def message() -> bytes:
    """A forwarded e-mail with the rota attached."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{WITNESS} <s.overdaal@lindebrug.example>"
    mail["To"] = f"{REPORTER} <j.pellewick@lindebrug.example>"
    mail["Subject"] = "Rooster van week 12 en 13, en Mirelva"
    mail["Date"] = "Tue, 17 Mar 2026 19:12:44 +0100"
    mail["Message-ID"] = "<20260317191244.0001@lindebrug.example>"
    mail.set_content(
        f"Dag Jorsa,\n\nHier het rooster. Je ziet dat {RESPONDENT} op maandag en donderdag de middag\n"
        f"deed. {CHILD} was er beide dagen. Haar moeder ({MOTHER}) haalde haar op om 17.30.\n\n"
        "Ik wil best op papier zetten wat ik zag.\n\nSanniek\n"
    )
    mail.add_attachment(ROTA.encode(), maintype="text", subtype="csv", filename="rooster-week-12.csv")
    mail.set_boundary("=_lindebrug_0001")
    return mail.as_bytes()


def statement() -> bytes:
    """A witness statement as DOCX, with the author in its properties."""
    document = docx.Document()
    document.add_heading(STATEMENT[0], level=1)
    for paragraph in STATEMENT[1:]:
        document.add_paragraph(paragraph)
    properties = document.core_properties
    properties.author = properties.last_modified_by = WITNESS
    properties.title = STATEMENT[0]
    properties.created = properties.modified = datetime(*FIXED)
    out = io.BytesIO()
    document.save(out)
    return _same_every_time(out.getvalue())


def register() -> bytes:
    """The incident register as XLSX, with a hidden sheet of addresses."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Signalen"
    for row in REGISTER:
        sheet.append(row)
    for column, width in zip("ABCDEF", (12, 8, 22, 22, 46, 22), strict=True):
        sheet.column_dimensions[column].width = width
    hidden = book.create_sheet("Adressen")
    hidden.append((CHILD, MOTHER, "Turfsteeg 8, Vierhoven", "06 00 00 01 23"))
    hidden.sheet_state = "hidden"
    book.properties.creator = REPORTER
    out = io.BytesIO()
    book.save(out)
    return _same_every_time(out.getvalue())


def voice() -> bytes:
    """A spoken-sounding note of four seconds: hummed syllables, 8 kHz, mono."""
    rate, chance = 8000, random.Random(7)
    samples: list[int] = []
    while len(samples) < 4 * rate:
        length, pitch = chance.randrange(900, 2200), chance.uniform(105, 175)
        vowel = chance.choice(((700, 1200), (300, 2200), (450, 900)))
        for n in range(length):
            swell = math.sin(math.pi * n / length)
            tone = sum(
                math.sin(2 * math.pi * pitch * k * n / rate)
                / (1 + min(abs(pitch * k - formant) for formant in vowel) / 120)
                for k in range(1, 16)
            )
            samples.append(int(2600 * swell * tone))
        samples += [0] * chance.randrange(200, 1100)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{4 * rate}h", *(max(-32767, min(32767, s)) for s in samples[: 4 * rate])))
    return out.getvalue()


def chat() -> bytes:
    """The export of a telephone's chat: the text and a note."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("chat.txt", FIXED), CHAT)
        archive.writestr(
            zipfile.ZipInfo("about this export.txt", FIXED),
            f"Exported by {REPORTER} from her own phone on 18 March 2026.\n",
        )
    return out.getvalue()


def _same_every_time(office: bytes) -> bytes:
    """The same office file without the moment of its making: neither in the ZIP's directory nor in its properties."""
    stamp = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*FIXED)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(W3CDTF\">)[^<]*", rb"\g<1>" + stamp.encode(), data)
            new.writestr(zipfile.ZipInfo(name, FIXED), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "letter.pdf": letter,
    "scan.pdf": scan,
    "photo.jpg": photo,
    "message.eml": message,
    "statement.docx": statement,
    "register.xlsx": register,
    "voice.wav": voice,
    "chat-export.zip": chat,
}


def main() -> None:
    """Write all files into the folder named, by default ``resources/sample``."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "resources" / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    main()
