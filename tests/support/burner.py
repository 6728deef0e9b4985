"""A burner in this process: draws real pages and really looks for secrets; services are tested on it alone."""

from __future__ import annotations

import io
from array import array
from collections.abc import Callable, Sequence

import pymupdf
from PIL import Image

from evidencevault.documents.requests import (
    AttackReport,
    ByteSource,
    DocumentFailed,
    Finding,
    Mark,
    PageText,
    Place,
    Reason,
    Setting,
    Suspect,
    Widths,
)


class HereBurner:
    """Stands for ``documents.workers.Workers`` without a process."""

    def text(self, name: str, source: ByteSource) -> list[PageText]:
        with pymupdf.open(stream=source.read(0, source.size), filetype="pdf") as document:
            return [page_text(page) for page in document]

    def burn(
        self,
        name: str,
        source: ByteSource,
        marks: Sequence[Mark],
        dpi: int = 200,
        pages: int = 1,
        check: Callable[[], None] | None = None,
        languages: str = "",
    ) -> bytes:
        assert not languages, "asked for recognition that this burner does not offer"
        out = pymupdf.open()
        with pymupdf.open(stream=source.read(0, source.size), filetype="pdf") as document:
            for page in document:
                drawn = page.get_pixmap(dpi=dpi, alpha=False)
                pixels = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
                for mark in marks:
                    if mark.page == page.number + 1:
                        box = [int(one * dpi / 72) for one in (mark.x0, mark.y0, mark.x1, mark.y1)]
                        pixels.paste((0, 0, 0), (box[0], box[1], box[2] + 1, box[3] + 1))
                packed = io.BytesIO()
                pixels.save(packed, "PNG", compress_level=1)
                fresh = out.new_page(width=page.rect.width, height=page.rect.height)
                fresh.insert_image(fresh.rect, stream=packed.getvalue())
        return bytes(out.tobytes(garbage=4, deflate=True))

    def attack(self, files: Sequence[Suspect], secrets: Sequence[str]) -> AttackReport:
        found = []
        for file in files:
            data = file.source.read(0, file.source.size)
            text = data.decode("utf-8", "replace")
            if data.startswith(b"%PDF"):
                with pymupdf.open(stream=data, filetype="pdf") as document:
                    text += "".join(page.get_text() for page in document)
                    stamps = "".join(file.stamps)
                    written = "".join("".join(page.get_text().split()) for page in document)
                    if file.burnt and written != stamps:
                        found.append(Finding(file.name, "text in a burnt page", None))
            for number, secret in enumerate(secrets):
                if secret.casefold() in text.casefold() or secret.casefold() in file.name.casefold():
                    found.append(Finding(file.name, "text", number))
        return AttackReport(len(files), len(secrets), ("bytes", "text"), tuple(found))

    def languages(self, country: str) -> str:
        return ""  # nothing is recognised here: tests of recognition ask real workers

    def ocr(
        self,
        name: str,
        source: ByteSource,
        pages: Sequence[int],
        languages: str,
        begun: Callable[[Callable[[], None]], None] | None = None,
    ) -> list[PageText]:
        raise AssertionError("asked for recognition that this burner does not offer")

    def widths(self, name: str, source: ByteSource, places: Sequence[Place], texts: Sequence[str]) -> Widths:
        font = pymupdf.Font("helv")
        advances = {letter: font.glyph_advance(ord(letter)) for text in texts for letter in text}
        return Widths(tuple(Setting(0, 12, 0, 0, False) for _ in places), (advances,))

    def rebuild(self, name: str, source: ByteSource, marks: Sequence[Mark]) -> bytes:
        raise DocumentFailed("not here", name, Reason.UNSAFE)

    def typeset(self, html: str) -> bytes:
        with pymupdf.open(stream=html.encode(), filetype="html") as document:
            return bytes(document.convert_to_pdf())

    def stamp(self, source: ByteSource, numbers: Sequence[str]) -> bytes:
        with pymupdf.open(stream=source.read(0, source.size), filetype="pdf") as document:
            for page, number in zip(document, numbers, strict=True):
                box = page.mediabox
                page.set_mediabox(pymupdf.Rect(box.x0, box.y0 - 18, box.x1, box.y1))
                page.insert_text((20, page.rect.height - 5), number)
            return bytes(document.tobytes(garbage=4, deflate=True, no_new_id=True))


def page_text(page: pymupdf.Page) -> PageText:
    letters, boxes = [], array("f")
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    letters.append(char["c"])
                    boxes.extend(char["bbox"])
            letters.append("\n")
            boxes.extend((0.0, 0.0, 0.0, 0.0))
    return PageText(page.number + 1, page.rect.width, page.rect.height, "".join(letters), boxes.tobytes())


def pdf(*pages: str) -> bytes:
    """A PDF with these texts."""
    document = pymupdf.open()
    for text in pages:
        document.new_page().insert_text((72, 100), text, fontsize=12)
    return bytes(document.tobytes())
