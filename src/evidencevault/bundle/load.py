"""Load files for review platforms: Concordance (.dat) and Opticon (.opt), as their readers expect them.

Neither has a standard body; both are as the vendors of review platforms describe them: fields parted by ASCII 20 and
enclosed in thorns, new lines in a field as the registered sign, UTF-8 with its mark; images as one line a document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidencevault.bundle.contents import REDACTED, Document, Redaction, Withheld

_PART, _QUOTE, _LINE = "\x14", "\u00fe", "\u00ae"
_END = "\r\n"
_NAMES = (
    "BEGDOC",
    "ENDDOC",
    "BEGATTACH",
    "ENDATTACH",
    "PARENTDOC",
    "PGCOUNT",
    "EXHIBIT",
    "DOCKIND",
    "MIMETYPE",
    "FILESIZE",
    "SHA256",
    "REDACTED",
    "REDACTIONREASON",
    "REDACTIONLABEL",
    "WITHHELDREASON",
    "DOCLINK",
)


def concordance(documents: Sequence[Document], marks: Sequence[Redaction], withheld: Sequence[Withheld]) -> bytes:
    """``bundle.dat``: a line of names, then one a document. Links are relative to the folder ``load``."""
    families, held = _families(documents), {one.document: one.reason for one in withheld}
    lines = [_line(_NAMES)]
    for one in documents:
        first, last, parent = families[one.exhibit]
        said = [mark for mark in marks if mark.document == one.number]
        row = (
            *(one.number, one.last, first, last, parent, str(one.pages or "")),
            *(one.exhibit, one.kind, one.media_type, str(one.size), one.sha256),
            "Y" if said else "N" if one.kind == REDACTED else "",
            *(_list(mark.reason for mark in said), _list(mark.label for mark in said)),
            *(held.get(one.number, ""), _link(one)),
        )
        lines.append(_line(row))
    return ("\ufeff" + "".join(lines)).encode()


def opticon(documents: Sequence[Document], volume: str) -> bytes:
    """``bundle.opt``: alias, volume, path, document break, folder and box break (none), pages; one line a document."""
    rows = [f"{one.number},{volume},{_link(one)},Y,,,{max(one.pages, 1)}" for one in documents if _imaged(one)]
    return "".join(row + _END for row in rows).encode()


def _imaged(one: Document) -> bool:
    return one.path.endswith(".pdf")


def _link(one: Document) -> str:
    return "..\\" + one.path.replace("/", "\\")


def _families(documents: Sequence[Document]) -> Mapping[str, tuple[str, str, str]]:
    """Of each exhibit: first and last number of its message with all attachments, and the parent's number."""
    by = {one.exhibit: one for one in documents}

    def top(one: Document) -> str:
        seen = {one.exhibit}
        while one.parent in by and one.parent not in seen:
            one = by[one.parent]
            seen.add(one.exhibit)
        return one.exhibit

    tops = {one.exhibit: top(one) for one in documents}
    found = {}
    for one in documents:
        family = [other for other in documents if tops[other.exhibit] == tops[one.exhibit]]
        if len(family) == 1:
            found[one.exhibit] = ("", "", "")
            continue
        first, last = min(other.number for other in family), max(other.last for other in family)
        found[one.exhibit] = (first, last, by[one.parent].number if one.parent in by else "")
    return found


def _list(values: object) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))  # type: ignore[attr-defined]


def _line(values: Sequence[str]) -> str:
    return _PART.join(f"{_QUOTE}{_plain(value)}{_QUOTE}" for value in values) + _END


def _plain(value: str) -> str:
    """A value in which nothing can end a field or a line; neither sign has an escape of its own."""
    for sign in (_PART, _QUOTE):
        value = value.replace(sign, "?")
    return value.replace("\r\n", _LINE).replace("\n", _LINE).replace("\r", _LINE)
