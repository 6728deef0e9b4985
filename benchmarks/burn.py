"""A document of 24 pages redacted in mode D, beside MuPDF's own drawing of the same pages in this process.

    python benchmarks/burn.py [ROUNDS]

Two documents, made here: letters only, and scans (noisy pictures). For each: burnt by all processors at 200 dpi,
then attacked; medians of the rounds, and ratios to the drawing alone, by one processor. Without text recognition,
which reads a page in one to two seconds and is measured apart (last line, two pages).
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

import pymupdf
from PIL import Image

from evidencevault.documents.requests import Bytes, Mark, Suspect
from evidencevault.documents.workers import Workers

PAGES, DPI = 24, 200
SAID = "On Monday somebody told us what had happened in the hall that day, and who was there."


def letters() -> bytes:
    with pymupdf.open() as document:
        for _ in range(PAGES):
            page = document.new_page()
            for line in range(52):
                page.insert_text((60, 60 + 14 * line), SAID, fontsize=11)
        return bytes(document.tobytes())


def scans() -> bytes:
    with pymupdf.open(stream=letters()) as document, pymupdf.open() as out:
        for page in document:
            drawn = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
            picture = Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)
            noise = Image.effect_noise(picture.size, 24)
            data = io.BytesIO()
            Image.blend(picture, noise, 0.25).save(data, "JPEG", quality=70)
            out.new_page(width=page.rect.width, height=page.rect.height).insert_image(page.rect, stream=data.getvalue())
        return bytes(out.tobytes())


def drawing(data: bytes) -> None:
    with pymupdf.open(stream=data) as document:
        for page in document:
            page.get_pixmap(matrix=pymupdf.Matrix(DPI / 72, DPI / 72), colorspace=pymupdf.csRGB, alpha=False)


def median(act: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    marks = tuple(Mark(number, 100, 100, 300, 120, "Child A") for number in range(1, PAGES + 1))
    for name, data in (("letters", letters()), ("scans", scans())):
        peer = median(lambda data=data: drawing(data), rounds)
        burnt = Workers().burn("a.pdf", Bytes(data), marks, DPI, PAGES)
        burning = median(lambda data=data: Workers().burn("a.pdf", Bytes(data), marks, DPI, PAGES), rounds)
        suspect = Suspect("a.pdf", Bytes(burnt), True, marks)
        attacking = median(lambda suspect=suspect: Workers().attack([suspect], ["Zwartkruin Vermeulen"]), rounds)
        whole = burning + attacking
        print(
            f"{name}: drawn by MuPDF alone {PAGES / peer:.1f} pages/s; burnt {PAGES / burning:.1f} pages/s, "
            f"{burning / peer:.2f} x its time; with the attack {PAGES / whole:.1f} pages/s, {whole / peer:.2f} x; "
            f"{len(burnt) / PAGES / 1024:.0f} KiB a page"
        )
    languages = Workers().languages("NL")
    if languages:
        taken = median(lambda: list(Workers().ocr("a.pdf", Bytes(letters()), [1, 2], languages)), 1)
        print(f"text recognition ({languages}): {2 / taken:.2f} pages/s by one processor")


if __name__ == "__main__":
    main()
