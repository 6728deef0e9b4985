"""Bates numbers: each page of a finished copy grows a strip below, and its number stands there.

A strip of its own cannot lie over anything. The number is text, so that it can be sought and copied.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pymupdf

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker.failed import Answer, Failed, Read

STRIP = 18.0
"""Points that a page grows at its lower end."""
FONT = "Bates"
_SIZE, _RIGHT, _UP = 9.0, 18.0, 5.0


def stamp(question: dict[str, Any], limits: Limits, read: Read) -> Iterator[Answer]:
    """The PDF with its numbers, always the same bytes. Option ``numbers``: one a page (letters, digits, hyphens)."""
    numbers = [str(one) for one in question["numbers"]]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(read())) as document:
        if len(document.pages) != len(numbers) or not all(one.isascii() and one.isalnum() for one in _bare(numbers)):
            raise Failed(Reason.NO_SUCH_PAGE)
        font = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for page, number in zip(document.pages, numbers, strict=True):
            _number(document, page, number, font)
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    yield {"data": out.getvalue()}


def _bare(numbers: list[str]) -> list[str]:
    return [one.replace("-", "") for one in numbers]


def _number(document: pikepdf.Pdf, page: pikepdf.Page, number: str, font: pikepdf.Object) -> None:
    if int(page.obj.get("/Rotate", 0)) or "/CropBox" in page.obj or "/UserUnit" in page.obj:
        raise Failed(Reason.DAMAGED)  # no copy of ours has these
    x0, y0, x1, y1 = (float(one) for one in page.mediabox)
    size = min(_SIZE, 0.9 * (x1 - x0) / pymupdf.get_text_length(number, "helv", 1))
    left = max(x0, x1 - _RIGHT - pymupdf.get_text_length(number, "helv", size))
    resources = _own(page.obj, "/Resources")
    _own(resources, "/Font")[f"/{FONT}"] = font
    page.obj["/MediaBox"] = pikepdf.Array([_exact(one) for one in (x0, y0 - STRIP, x1, y1)])
    drawn = f"Q q BT /{FONT} {size:.2f} Tf 0 g {left:.2f} {y0 - STRIP + _UP:.2f} Td ({number}) Tj ET Q"
    page.contents_add(b"q", prepend=True)
    page.contents_add(drawn.encode("ascii"))


def _own(holder: pikepdf.Object, name: str) -> pikepdf.Object:
    """A dictionary that no other page shares."""
    shared = holder.get(name)
    holder[name] = pikepdf.Dictionary(dict(shared.items()) if shared is not None else {})
    return holder[name]


def _exact(points: float) -> pikepdf.Object:
    return pikepdf.Object.parse(f"{points:.3f}".encode())
