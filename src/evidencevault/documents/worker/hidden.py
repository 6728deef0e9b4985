# mypy: disable-error-code="no-untyped-call"
"""What the pages of a PDF do not show, counted without drawing a page: no content is looked at but names of kinds."""

from __future__ import annotations

import re
from typing import Any

import pymupdf

from evidencevault.documents.requests import Limits

UNCOUNTED = "uncounted"
_SCRIPT = re.compile(r"/S\s*/JavaScript\b")
# Links are seen by pointing at them; a popup belongs to the comment that opens it.
_PLAIN = {pymupdf.mupdf.PDF_ANNOT_LINK, pymupdf.mupdf.PDF_ANNOT_POPUP}


class _TooMany(Exception):
    """More objects than are searched."""


def counted(document: Any, limits: Limits) -> list[tuple[str, int]]:
    """Kind and number of what is there; ``UNCOUNTED`` says how many kinds could not be counted to the end."""
    found: dict[str, int] = {}
    uncounted = 0
    for count in (_annotations, _attachments, _scripts, _layers, _xmp):
        try:
            count(document, limits, found)
        except MemoryError:
            raise
        except Exception:  # MuPDF meets a damaged object here: the pages can be shown all the same
            uncounted += 1
    return [*((kind, number) for kind, number in found.items() if number), *[(UNCOUNTED, uncounted)] * bool(uncounted)]


def _annotations(document: Any, limits: Limits, found: dict[str, int]) -> None:
    seen = 0
    for number in range(document.page_count):
        for _, kind, _ in document.page_annot_xrefs(number):
            seen += 1
            if seen > limits.hidden:
                raise _TooMany
            if kind == pymupdf.mupdf.PDF_ANNOT_WIDGET:
                _add(found, "fields", 1)
            elif kind == pymupdf.mupdf.PDF_ANNOT_FILE_ATTACHMENT:
                _add(found, "attachments", 1)
            elif kind not in _PLAIN:
                _add(found, "annotations", 1)


def _attachments(document: Any, limits: Limits, found: dict[str, int]) -> None:
    _add(found, "attachments", document.embfile_count())


def _scripts(document: Any, limits: Limits, found: dict[str, int]) -> None:
    objects = document.xref_length()
    for xref in range(1, min(objects, limits.hidden)):
        _add(found, "scripts", len(_SCRIPT.findall(document.xref_object(xref, compressed=True))))
    if objects > limits.hidden:
        raise _TooMany


def _layers(document: Any, limits: Limits, found: dict[str, int]) -> None:
    _add(found, "layers", len(layers_off(document)))


def layers_off(document: Any) -> set[int]:
    """The layers that a reader starts without. ``get_ocgs`` alone takes one for shown that does not say what for."""
    layers = document.get_ocgs()
    if not layers:
        return set()
    said = document.get_layer()
    off = {xref for xref, layer in layers.items() if not layer["on"]} | set(said.get("off", ()))
    if said.get("basestate") == "OFF":
        off |= layers.keys() - set(said.get("on", ()))
    return {xref for xref in layers if xref in off}


def _xmp(document: Any, limits: Limits, found: dict[str, int]) -> None:
    _add(found, "xmp", len(document.get_xml_metadata().encode("utf-8", "replace")))


def _add(found: dict[str, int], kind: str, number: int) -> None:
    found[kind] = found.get(kind, 0) + number
