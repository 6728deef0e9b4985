# mypy: disable-error-code="no-untyped-call"
"""Everything that the pages of a PDF do not show: of the whole document, of its objects, of each page, of its past."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pymupdf

from evidencevault.documents.worker import hidden, markup, unseen_past, unseen_text
from evidencevault.documents.worker.found import Found
from evidencevault.documents.worker.objects import Objects
from evidencevault.documents.worker.unseen_objects import Walk

_CATALOG = {
    "Type", "Version", "Extensions", "Pages", "PageLabels", "Names", "Dests", "ViewerPreferences", "PageLayout",
    "PageMode", "Outlines", "Threads", "OpenAction", "AA", "URI", "AcroForm", "Metadata", "StructTreeRoot",
    "MarkInfo", "Lang", "OutputIntents", "PieceInfo", "OCProperties", "Perms", "Legal", "Requirements", "Collection",
    "NeedsRendering", "DSS", "AF", "DPartRoot",
}  # fmt: skip
_PAGE = {
    "Type", "Parent", "LastModified", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox",
    "BoxColorInfo", "Contents", "Rotate", "Group", "Thumb", "B", "Dur", "Trans", "Annots", "AA", "Metadata",
    "PieceInfo", "StructParents", "ID", "PZ", "SeparationInfo", "Tabs", "TemplateInstantiated", "PresSteps",
    "UserUnit", "VP", "AF", "OutputIntents", "DPart",
}  # fmt: skip
_TRAILER = {
    "Size", "Prev", "Root", "Encrypt", "Info", "ID", "XRefStm", "Type", "Index", "W", "Length", "Filter",
    "DecodeParms",
}  # fmt: skip
_LETTERS = pymupdf.TEXTFLAGS_WORDS


def listed(document: Any, data: bytes, found: Found) -> None:
    """Add all of it; ``data`` is the file, for what it held earlier."""
    objects = Objects(document)
    pages: dict[int, int] = {}
    with found.trying("Pages"):
        pages = _places(document, objects)
    for name, part in (("Info", _metadata), ("Catalog", _catalog), ("AcroForm", _xfa), ("Names", _names)):
        with found.trying(name):
            part(document, objects, found)
    walk = Walk(objects, pages, found)
    walk.all()
    with found.trying("OCProperties"):
        _layers(document, data, found)
    with found.trying("startxref"):
        unseen_past.listed(document, data, found)
    for number in range(1, document.page_count + 1):
        if found.full:
            found.add("unreadable", number, f"{number} … {document.page_count}")
            return
        with found.trying("Page", number):
            page = document[number - 1]
            _page(page, objects, number, found)
            _replaced(page, number, [text for at, text in walk.replaced if at == number], found)
            unseen_text.listed(page, number, found)
    shown = ""
    with found.trying("ActualText"):
        if any(at == 0 for at, _ in walk.replaced):
            shown = "".join("".join(_words(page, pymupdf.TEXT_IGNORE_ACTUALTEXT)) for page in document)
        for at, text in walk.replaced:
            if at == 0 and "".join(text.split()) not in shown:
                found.add("replacement", 0, text)


def _places(document: Any, objects: Objects) -> dict[int, int]:
    """On which page (from 1) an object lies: pages, their annotations, and what these point to."""
    places: dict[int, int] = {}
    for number in range(1, document.page_count + 1):
        xref = document.page_xref(number - 1)
        places[xref] = number
        for annotation in objects.array(objects.get(objects.load(xref), "Annots")):
            places.setdefault(objects.xref(annotation), number)
            for key, value in objects.items(annotation):
                if key in ("A", "AA", "Parent", "Popup", "FS") and objects.xref(value):
                    places.setdefault(objects.xref(value), number)
    places.pop(0, None)
    return places


def _metadata(document: Any, objects: Objects, found: Found) -> None:
    for key, value in objects.items(objects.get(objects.trailer(), "Info")):
        text = objects.text(value)
        if text.strip():
            found.add("metadata", 0, f"{key}: {text}")


def _catalog(document: Any, objects: Objects, found: Found) -> None:
    catalog = objects.catalog()
    _private(catalog, _CATALOG, 0, objects, found)
    _private(objects.trailer(), _TRAILER, 0, objects, found)
    found.add("link-base", 0, objects.string(objects.get(catalog, "URI"), "Base"))
    for text in objects.strings(objects.get(catalog, "Collection")):
        found.add("collection", 0, text)
    for thread in objects.array(objects.get(catalog, "Threads")):
        found.add("thread", 0, *objects.strings(objects.get(thread, "I")))
    for label in document.get_page_labels():
        found.add("page-label", 0, label.get("prefix", ""))


def _private(dictionary: Any, known: set[str], page: int, objects: Objects, found: Found) -> None:
    for key, value in objects.items(dictionary):
        if key not in known:
            found.long("private", page, f"{key} " + "; ".join(objects.strings(value)))


def _xfa(document: Any, objects: Objects, found: Found) -> None:
    form = objects.get(objects.get(objects.catalog(), "AcroForm"), "XFA")
    name = ""
    for part in [form] if objects.is_stream(form) else objects.array(form):
        if objects.is_stream(part):
            text = markup.plain(objects.stream(part))
            if text:
                found.long("xfa", 0, f"{name} {text}")
        else:
            name = objects.text(part)


def _names(document: Any, objects: Objects, found: Found) -> None:
    found.long("destination", 0, " · ".join(str(one) for one in document.resolve_names()))
    for name in document.embfile_names():
        found.add("attachment", 0, name)


def _layers(document: Any, data: bytes, found: Found) -> None:
    """Names of layers; and the words that are there only when all of them are on."""
    layers = document.get_ocgs()
    off = hidden.layers_off(document)
    for xref, layer in layers.items():
        found.add("layer" if xref in off else "layer-name", 0, layer["name"])
    if not layers:
        return
    with pymupdf.open(stream=data, filetype="pdf") as copy:
        # Without its list of layers MuPDF draws them all; it takes notice of that only when it opens the file.
        copy.xref_set_key(copy.pdf_catalog(), "OCProperties", "null")
        all_on = copy.tobytes()
    with pymupdf.open(stream=all_on, filetype="pdf") as lit:
        for number, page in enumerate(lit, 1):
            if found.full:
                return
            seen = Counter(_words(document[number - 1]))
            found.long("layer-text", number, " ".join(_beyond(_words(page), seen)))


def _page(page: Any, objects: Objects, number: int, found: Found) -> None:
    _private(objects.load(page.xref), _PAGE, number, objects, found)
    for xref, kind, _ in page.annot_xrefs():
        if kind in (
            pymupdf.mupdf.PDF_ANNOT_STAMP,
            pymupdf.mupdf.PDF_ANNOT_FREE_TEXT,
            pymupdf.mupdf.PDF_ANNOT_WATERMARK,
        ):
            with found.trying("AP", number):
                found.long("appearance", number, page.load_annot(xref).get_text())


def _replaced(page: Any, number: int, structure: list[str], found: Found) -> None:
    """ActualText that is not what the letters say: inside the page's own content, and in the structure."""
    if not structure and b"ActualText" not in page.read_contents():
        return
    letters = _words(page, pymupdf.TEXT_IGNORE_ACTUALTEXT)
    found.long("replacement", number, " ".join(_beyond(_words(page), Counter(letters))))
    shown = "".join(letters)
    for text in structure:
        if re.sub(r"\s+", "", text) not in shown:
            found.add("replacement", number, text)


def _words(page: Any, more: int = 0) -> list[str]:
    return [str(one[4]) for one in page.get_text("words", flags=_LETTERS | more)]


def _beyond(words: list[str], known: Counter[str]) -> Iterator[str]:
    """The words that are there more often than in ``known``, in order."""
    left = Counter(words) - known
    for word in words:
        if left[word] > 0:
            left[word] -= 1
            yield word
