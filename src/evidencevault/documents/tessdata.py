"""Where this machine keeps what text recognition has learnt (Tesseract's traineddata), and of which languages."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

LANGUAGES = ("eng", "nld", "fra", "spa", "ara")
"""ISO 639-2 codes, as Tesseract names its files."""
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)
_OF_COUNTRY = {
    "NL": ("nld",), "BE": ("nld", "fra"), "SR": ("nld",), "FR": ("fra",), "LU": ("fra",), "CH": ("fra",),
    "ES": ("spa",), "MX": ("spa",), "AR": ("spa",), "CO": ("spa",), "MA": ("ara", "fra"), "DZ": ("ara", "fra"),
    "TN": ("ara", "fra"), "LB": ("ara", "fra"), "EG": ("ara",), "JO": ("ara",), "SA": ("ara",), "AE": ("ara",),
    "IQ": ("ara",), "SY": ("ara",),
}  # fmt: skip


def folder() -> Path | None:
    """The folder with traineddata: TESSDATA_PREFIX, else where systems put it; None where there is none."""
    named = os.environ.get("TESSDATA_PREFIX", "")
    for place in (*((named, f"{named}/tessdata") if named else ()), *_PLACES):
        if any((Path(place) / f"{language}.traineddata").is_file() for language in LANGUAGES):
            return Path(place)
    return None


def engine() -> str:
    """What reads: the library that carries Tesseract, with its version."""
    return f"PyMuPDF {importlib.metadata.version('pymupdf')}"


def languages(place: Path | None) -> tuple[str, ...]:
    """Those of :data:`LANGUAGES` that are there."""
    return tuple(one for one in LANGUAGES if place is not None and (place / f"{one}.traineddata").is_file())


def preferred(country: str, available: tuple[str, ...]) -> str:
    """What Tesseract is asked for, the languages of the country (ISO 3166) first: "nld+eng+fra"; "" for none."""
    first = [one for one in _OF_COUNTRY.get(country, ()) if one in available]
    return "+".join([*first, *(one for one in available if one not in first)])
