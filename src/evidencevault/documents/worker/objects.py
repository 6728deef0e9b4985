# mypy: disable-error-code="no-untyped-call"
"""The objects of a PDF as plain values, read one by one: dictionaries, strings, streams. Cycles and depth are bounded.

Objects as in ISO 32000-2, 7.3, through MuPDF's own functions; their errors are left to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymupdf

_low: Any = pymupdf.mupdf
_DEEPEST = 24
_MOST = 2000


class Objects:
    """Low-level reading of an open PDF."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._pdf = _low.pdf_document_from_fz_document(document)
        self.count = int(document.xref_length())

    def trailer(self) -> Any:
        """The trailer's dictionary."""
        return _low.pdf_trailer(self._pdf)

    def catalog(self) -> Any:
        """The document's root."""
        return self.get(self.trailer(), "Root")

    def exists(self, xref: int) -> bool:
        """Whether this number of the table is in use."""
        return bool(_low.pdf_object_exists(self._pdf, xref))

    def load(self, xref: int) -> Any:
        """An object by number, as what points to it: only so does MuPDF know that it is a stream."""
        return _low.pdf_new_indirect(self._pdf, xref, 0)

    def source(self, xref: int) -> str:
        """An object as written, compactly: to see whether it is worth a walk."""
        return str(self._document.xref_object(xref, compressed=True))

    @staticmethod
    def get(dictionary: Any, key: str) -> Any:
        """A value, resolved; MuPDF's null where there is none."""
        return _low.pdf_resolve_indirect(_low.pdf_dict_gets(dictionary, key))

    def text(self, value: Any) -> str:
        """A string, a name, a number, or a stream of text as text; empty for anything else, and for None."""
        if value is None:
            return ""
        if _low.pdf_is_stream(value):
            return self.stream(value).decode("utf-8", "replace")
        value = _low.pdf_resolve_indirect(value)
        if _low.pdf_is_string(value):
            return str(_low.pdf_to_text_string(value))
        if _low.pdf_is_name(value):
            return str(_low.pdf_to_name(value))
        return str(_low.pdf_to_int(value)) if _low.pdf_is_int(value) else ""

    def string(self, dictionary: Any, key: str) -> str:
        """The text under a key, empty where there is none."""
        return self.text(_low.pdf_dict_gets(dictionary, key))

    def number(self, dictionary: Any, key: str) -> int:
        """The whole number under a key, 0 where there is none."""
        return int(_low.pdf_to_int(self.get(dictionary, key)))

    def stream(self, value: Any) -> bytes:
        """The unpacked bytes of a stream."""
        return bytes(self._document.xref_stream(_low.pdf_to_num(value)) or b"")

    def raw(self, xref: int) -> bytes:
        """The bytes of a stream as stored."""
        return bytes(self._document.xref_stream_raw(xref) or b"")

    @staticmethod
    def xref(value: Any) -> int:
        """The number that a value points to, 0 if it is direct."""
        return int(_low.pdf_to_num(value)) if _low.pdf_is_indirect(value) else 0

    @staticmethod
    def is_stream(value: Any) -> bool:
        """Whether it is a stream, or points to one; None is none."""
        return value is not None and bool(_low.pdf_is_stream(value))

    @staticmethod
    def is_dictionary(value: Any) -> bool:
        """Whether it is a dictionary (a stream's too), or points to one."""
        return bool(_low.pdf_is_dict(value))

    @staticmethod
    def items(dictionary: Any) -> Iterator[tuple[str, Any]]:
        """Key and value, the value not resolved."""
        if not _low.pdf_is_dict(dictionary):
            return
        for at in range(int(_low.pdf_dict_len(dictionary))):
            key = _low.pdf_dict_get_key(dictionary, at)
            yield str(_low.pdf_to_name(key)), _low.pdf_dict_get_val(dictionary, at)

    @staticmethod
    def array(value: Any) -> Iterator[Any]:
        """The members of an array, not resolved; none if it is no array."""
        if _low.pdf_is_array(value):
            for at in range(int(_low.pdf_array_len(value))):
                yield _low.pdf_array_get(value, at)

    def dictionaries(self, value: Any, depth: int = 0) -> Iterator[Any]:
        """The dictionary itself and every one directly inside, not those pointed to."""
        if depth > _DEEPEST or (depth and _low.pdf_is_indirect(value)):
            return
        if _low.pdf_is_dict(value):
            yield value
            for _, inner in self.items(value):
                yield from self.dictionaries(inner, depth + 1)
        else:
            for inner in self.array(value):
                yield from self.dictionaries(inner, depth + 1)

    def strings(self, value: Any) -> list[str]:
        """Every string and text stream in and under a value, what is pointed to as well, with its key ahead."""
        found: list[str] = []
        if value is not None:
            self._strings(value, "", found, set(), 0)
        return found

    def _strings(self, value: Any, key: str, found: list[str], seen: set[int], depth: int) -> None:
        if depth > _DEEPEST or len(found) >= _MOST or key in ("Parent", "P", "Pg"):
            return
        number = self.xref(value)
        if number in seen:
            return
        if number:
            seen.add(number)
        if _low.pdf_is_dict(value):
            for inner_key, inner in self.items(value):
                self._strings(inner, inner_key, found, seen, depth + 1)
            if _low.pdf_is_stream(value):
                content = self.stream(value)[:4096]
                if content and sum(32 <= one < 127 or one in (9, 10, 13) for one in content) > 0.9 * len(content):
                    found.append(f"{key}: {content.decode('utf-8', 'replace')}")
        elif _low.pdf_is_array(value):
            for inner in self.array(value):
                self._strings(inner, key, found, seen, depth + 1)
        elif _low.pdf_is_string(value) or _low.pdf_is_name(value):
            text = self.text(value)
            if text.strip():
                found.append(f"{key}: {text}" if key else text)
