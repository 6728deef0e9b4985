"""What lies in single objects of a PDF: annotations, fields, scripts, links, files, private data; wherever they are.

Every object is looked at once, also such as no page reaches. Keys as in ISO 32000-2.
"""

from __future__ import annotations

import re
from typing import Any

from evidencevault.documents.worker import markup, unseen_pictures
from evidencevault.documents.worker.found import Found
from evidencevault.documents.worker.objects import Objects

_WORTH = re.compile(
    r"/(?:JS|PieceInfo|ActualText|Alt|Alternates|Thumb|EF|URI|Metadata|Rect|FT|DV|TU|TM|Opt|Title|E|Reason|Location|"
    r"ContactInfo|DCTDecode|OutputCondition|OutputConditionIdentifier|Launch|GoToR|GoToE|SubmitForm|ImportData)\b"
)
_HIDDEN, _PRINTED, _NOT_ON_SCREEN = 1 | 2, 4, 32  # flags of an annotation, 12.5.3
_ANNOTATION = {"Contents": "annotation", "RC": "annotation-rich", "T": "annotation-author",
               "Subj": "annotation-subject", "OverlayText": "annotation-rich"}  # fmt: skip
_FIELD = {"T": "field-name", "V": "field-value", "RV": "field-value", "DV": "field-default", "TU": "field-tooltip",
          "TM": "field-export"}  # fmt: skip
_SIGNED = ("Name", "Reason", "Location", "ContactInfo")
_ACTIONS = {"Launch", "GoToR", "GoToE", "SubmitForm", "ImportData"}
_PICTURE_MOST = 32 << 20


class Walk:
    """Adds to ``found`` what each object holds; ``pages`` says on which page an object lies, where that is known."""

    def __init__(self, objects: Objects, pages: dict[int, int], found: Found) -> None:
        self._objects, self._pages, self._found = objects, pages, found
        self.replaced: list[tuple[int, str]] = []  # page and ActualText: hidden only if it differs from the letters

    def all(self) -> None:
        """Every object of the file."""
        for xref in range(1, self._objects.count):
            if self._found.full:
                self._found.add("unreadable", 0, f"{xref} 0 R … {self._objects.count - 1} 0 R")
                return
            with self._found.trying(f"{xref} 0 R", self._pages.get(xref, 0)):
                if self._objects.exists(xref) and _WORTH.search(self._objects.source(xref)):
                    self._object(xref)

    def _object(self, xref: int) -> None:
        page = self._pages.get(xref, 0)
        whole = self._objects.load(xref)
        for one in self._objects.dictionaries(whole):
            self._dictionary(one, page)
        if self._objects.is_stream(whole):
            self._stream(whole, xref, page)

    def _dictionary(self, one: Any, page: int) -> None:
        keys = dict(self._objects.items(one))
        get, found = self._objects, self._found
        kind = get.string(one, "Subtype")
        field = "FT" in keys or kind == "Widget" or ("T" in keys and "Kids" in keys)
        if field:
            self._field(one, page)
        elif "Rect" in keys and kind:
            self._annotation(one, page, kind)
        if "JS" in keys:
            found.long("script", page, get.string(one, "JS"))
        if "URI" in keys and get.text(keys["URI"]):
            found.add("link", page, get.text(keys["URI"]))
        if get.string(one, "S") in _ACTIONS:
            found.add("action", page, get.string(one, "S"), *get.strings(keys.get("F", keys.get("Win"))))
        if "EF" in keys:
            found.add("attachment", page, get.string(one, "UF") or get.string(one, "F"), get.string(one, "Desc"))
            found.add("attachment", page, get.string(one, "F"), get.string(one, "Desc"))
        if "Title" in keys and "Parent" in keys:
            found.add("bookmark", page, get.string(one, "Title"))
        if "PieceInfo" in keys:
            found.long("private", page, "; ".join(get.strings(keys["PieceInfo"])))
        if get.is_stream(keys.get("Metadata")):
            self._xmp(keys["Metadata"], page)
        if kind != "Widget" and any(name in keys for name in ("ByteRange", "SubFilter")):
            for name in _SIGNED:
                found.add("signature", page, get.string(one, name))
        self._structure(one, keys, page)

    def _structure(self, one: Any, keys: dict[str, Any], page: int) -> None:
        get = self._objects
        if "Pg" in keys:
            page = page or self._pages.get(get.xref(keys["Pg"]), 0)
        if get.string(one, "Type") != "Font":
            for name in ("Alt", "E"):
                if name in keys and ("S" in keys or "MCID" in keys):
                    self._found.add("alternative", page, get.string(one, name))
        if "ActualText" in keys:
            self.replaced.append((page, get.string(one, "ActualText")))
        for name, kind in (("Thumb", "thumbnail"), ("Alternates", "alternate-image")):
            if name in keys:
                self._found.add(kind, page, self._size(keys[name]) or "?")
        if "OutputCondition" in keys or "OutputConditionIdentifier" in keys:
            for name in ("OutputCondition", "OutputConditionIdentifier", "RegistryName", "Info"):
                self._found.add("output-intent", page, get.string(one, name))

    def _size(self, value: Any) -> str:
        """Width and height of an image, or of each of its alternates."""
        get = self._objects
        images = [get.get(one, "Image") for one in get.array(value)] or [value]
        return ", ".join(f"{get.number(one, 'Width')} × {get.number(one, 'Height')}" for one in images)

    def _annotation(self, one: Any, page: int, kind: str) -> None:
        get, found = self._objects, self._found
        keys = dict(get.items(one))
        flags = get.number(one, "F")
        contents = get.string(one, "Contents")
        if kind not in ("Link", "Popup"):
            if flags & _HIDDEN:
                found.add("annotation-hidden", page, kind, contents)
            elif flags & _NOT_ON_SCREEN:
                printed = "annotation-print-only" if flags & _PRINTED else "annotation-hidden"
                found.add(printed, page, kind, contents)
        for name, code in _ANNOTATION.items():
            text = get.string(one, name) if name in keys else ""
            if name == "RC":
                text = markup.plain(text.encode())
                if text == " ".join(contents.split()):
                    continue
            found.long("reply" if name == "Contents" and "IRT" in keys else code, page, text)

    def _field(self, one: Any, page: int) -> None:
        get, found = self._objects, self._found
        for key, value in get.items(one):
            if key in _FIELD and not get.is_dictionary(value):
                texts = [get.text(inner) for inner in get.array(value)] or [get.text(value)]
                for text in texts:
                    if text and text != "Off":
                        found.long(_FIELD[key], page, text)
            elif key in ("V", "DV", "RV") and get.is_stream(value):
                found.long(_FIELD[key], page, get.text(value))
            elif key == "Opt":
                for choice in get.array(value):
                    found.add(
                        "field-choice", page, *([get.text(part) for part in get.array(choice)] or [get.text(choice)])
                    )
        flags = get.number(one, "F")
        if flags & (_HIDDEN | _NOT_ON_SCREEN):
            found.add("field-hidden", page, get.string(one, "T") or "?", get.string(one, "V"))
        for key in ("CA", "RC", "AC"):
            found.add("field-caption", page, get.string(get.get(one, "MK"), key))

    def _xmp(self, value: Any, page: int) -> None:
        unseen_pictures.xmp(self._objects.stream(value), page, self._found)

    def _stream(self, whole: Any, xref: int, page: int) -> None:
        get = self._objects
        if get.string(whole, "Type") == "Metadata":
            unseen_pictures.xmp(get.stream(whole), page, self._found)
        filters = [get.text(one) for one in get.array(get.get(whole, "Filter"))] or [get.string(whole, "Filter")]
        if get.string(whole, "Subtype") == "Image" and filters == ["DCTDecode"]:
            data = get.raw(xref)
            if len(data) <= _PICTURE_MOST and unseen_pictures.carries(data):
                unseen_pictures.embedded(data, page, self._found)
