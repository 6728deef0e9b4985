"""What the pages of an OpenDocument file do not show: properties, comments, changes, hidden cells, notes, files.

Elements as in OASIS OpenDocument 1.3, part 3; local names only. Whether something is hidden is said by its style, so
the styles of all parts are gathered first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from evidencevault.documents.requests import Limits, Reason
from evidencevault.documents.worker import markup, unseen_office
from evidencevault.documents.worker.failed import Failed
from evidencevault.documents.worker.found import Found

_PARTS = ("content.xml", "styles.xml")
_SCRIPTS = re.compile(r"(?:Basic|Scripts)/(?!.*script-l[bc]\.xml$).+[^/]")
_EMBEDDED = re.compile(r"(?:Object [^/]+|ObjectReplacements/[^/]+)")
_REMOTE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\.\./|//|/)")
_HIDING = {("text-properties", "display", "none"), ("table-properties", "display", "false"),
           ("drawing-page-properties", "visibility", "hidden"), ("section-properties", "display", "none")}  # fmt: skip
Hiding = frozenset[str]


def listed(data: bytes, limits: Limits, found: Found) -> None:
    """Add all of it. Raises Failed: damaged, encrypted, bomb."""
    with unseen_office.archived(data, limits) as archive:
        names = {one.filename: one for one in archive.infolist()}
        manifest = names.get("META-INF/manifest.xml")
        if manifest is not None and b"encryption-data" in unseen_office.content(archive, manifest):
            raise Failed(Reason.ENCRYPTED)
        roots: dict[str, Element] = {}
        for name in ("meta.xml", "settings.xml", *_PARTS):
            if name in names:
                with found.trying(name):
                    roots[name] = unseen_office.tree(archive, names[name])
        _files(names, found)
        _inside(archive, names, found)
    hiding = _hiding(roots)
    for name, root in roots.items():
        with found.trying(name):
            if name == "meta.xml":
                _properties(root, found)
            elif name in _PARTS:
                _part(root, hiding, found)


def _files(names: Mapping[str, zipfile.ZipInfo], found: Found) -> None:
    for name, one in names.items():
        if _SCRIPTS.fullmatch(name):
            found.add("macro", 0, name)
        elif _EMBEDDED.fullmatch(name):
            found.add("embedded", 0, name, f"({one.file_size} B)")
        elif name.startswith("Thumbnails/") and not name.endswith("/"):
            found.add("thumbnail", 0, name)


def _inside(archive: zipfile.ZipFile, names: Mapping[str, zipfile.ZipInfo], found: Found) -> None:
    """Objects with a text of their own: sheets behind charts, formulas, documents."""
    for name, one in names.items():
        if name.startswith("Object ") and name.endswith("/content.xml"):
            with found.trying(name):
                found.long("embedded", 0, f"{name}: {markup.words(unseen_office.tree(archive, one))}")


def _hiding(roots: Mapping[str, Element]) -> Hiding:
    """Names of styles that hide what has them, by themselves or by their parents."""
    styles = [one for root in roots.values() for one in root.iter("style")]
    hiding = {one.get("name", "") for one in styles if any(_hides(part) for part in one)}
    for _ in range(20):
        more = {one.get("name", "") for one in styles if one.get("parent-style-name", "") in hiding} - hiding
        if not more:
            break
        hiding |= more
    return frozenset(hiding - {""})


def _hides(part: Element) -> bool:
    return any(part.tag == tag and part.get(key) == value for tag, key, value in _HIDING)


def _properties(root: Element, found: Found) -> None:
    for one in root.iter():
        text = " ".join((one.text or "").split())
        if text:
            name = f"{one.tag} {one.get('name', '')}".strip()
            found.add("property", 0, f"{name}: {text}")
        if one.tag in ("template", "auto-reload"):
            found.add("external-link", 0, one.get("href", ""))


def _part(root: Element, hiding: Hiding, found: Found) -> None:
    _changes(root, found)
    _comments(root, found)
    _hidden_text(root, hiding, found)
    _sheets(root, hiding, found)
    _slides(root, hiding, found)
    for one in root.iter():
        _single(one, found)


def _single(one: Element, found: Found) -> None:
    """What one element says by itself."""
    if one.tag in ("title", "desc"):
        found.add("alternative", 0, markup.words(one))
    elif one.tag in ("named-range", "named-expression"):
        where = one.get("cell-range-address") or one.get("expression", "")
        found.add("defined-name", 0, f"{one.get('name', '')}: {where}")
    elif one.tag in ("user-field-decl", "variable-set"):
        value = one.get("string-value") or one.get("value") or one.get("formula", "")
        found.add("private", 0, f"{one.get('name', '')}: {value}")
    elif one.tag == "event-listener":
        found.add("script", 0, one.get("event-name", ""), one.get("href", ""))
    href = one.get("href", "")
    if href and one.tag == "a":
        found.add("link", 0, href)
    elif href and one.tag != "event-listener" and _REMOTE.match(href):
        found.add("external-link", 0, href)
    if one.tag.endswith("-cell") and one.get("formula"):
        found.add("formula", 0, one.get("formula", ""))


def _changes(root: Element, found: Found) -> None:
    """Tracked changes: of a text with what came and went, of a sheet with what stood there before."""
    came = _between(root)
    for region in root.iter("changed-region"):
        who = _by(region)
        for kind in region:
            if kind.tag == "deletion":
                found.long("deleted", 0, f"{who}: {_said(kind)}")
            elif kind.tag == "insertion":
                found.long("inserted", 0, f"{who}: {came.get(region.get('id', ''), '')}")
    for kind in root.iter("cell-content-change"):
        found.long("deleted", 0, f"{_by(kind)}: {' '.join(_said(one) for one in kind.iter('previous'))}")
    for kind in root.iter("deletion"):
        if kind.get("type"):  # of rows, columns or sheets
            found.long("deleted", 0, f"{_by(kind)}: {_said(kind)}")


def _between(root: Element) -> dict[str, str]:
    """The text between the start and the end of each change, by its name."""
    open_now: dict[str, list[str]] = {}
    done: dict[str, list[str]] = {}
    for event, one in _walk(root):
        if event == "start" and one.tag == "change-start":
            open_now[one.get("change-id", "")] = done.setdefault(one.get("change-id", ""), [])
        elif event == "start" and one.tag == "change-end":
            open_now.pop(one.get("change-id", ""), None)
        text = one.text if event == "start" else one.tail
        for parts in open_now.values():
            parts.append(text or "")
    return {name: " ".join("".join(parts).split()) for name, parts in done.items()}


def _walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Every element when it opens, and when it has closed, in the order of the file."""
    yield "start", root
    for one in root:
        yield from _walk(one)
    yield "end", root


def _by(node: Element) -> str:
    said = {one.tag: markup.words(one) for one in node.iter() if one.tag in ("creator", "date")}
    return " ".join(said[key] for key in ("creator", "date") if key in said)


def _said(node: Element) -> str:
    """The words of a node but for who and when."""
    return " ".join(" ".join(one.itertext()) for one in node if one.tag != "change-info")


def _text(node: Element) -> str:
    """Its paragraphs, apart by a blank; of a slide without its notes."""
    inside = {one for notes in node.iter("notes") for one in notes.iter()} if node.tag == "page" else set()
    return " ".join(markup.words(one) for one in node.iter() if one.tag in ("p", "h") and one not in inside)


def _comments(root: Element, found: Found) -> None:
    for one in root.iter("annotation"):
        words = " ".join(markup.words(part) for part in one if part.tag not in ("creator", "date", "creator-initials"))
        found.long("reply" if one.get("parent-name") else "comment", 0, f"{_by(one)}: {words}")


def _hidden_text(root: Element, hiding: Hiding, found: Found) -> None:
    for one in root.iter():
        if one.tag in ("hidden-text", "conditional-text"):
            values = (one.get(key, "") for key in ("string-value", "string-value-if-true", "string-value-if-false"))
            found.add("hidden-text", 0, " ".join(value for value in values if value))
        elif one.tag == "hidden-paragraph" or _unseen(one, hiding):
            found.long("hidden-text", 0, markup.words(one))


def _unseen(one: Element, hiding: Hiding) -> bool:
    if one.tag in ("p", "h", "span", "section", "a") and one.get("style-name", "") in hiding:
        return True
    shown = one.get("display", "")
    if one.tag == "section":
        return shown in ("none", "condition")
    return one.get("visible") == "false" or (one.tag == "frame" and shown in ("none", "printer"))


def _sheets(root: Element, hiding: Hiding, found: Found) -> None:
    for sheet in root.iter("table"):
        name = sheet.get("name", "")
        if sheet.get("style-name", "") in hiding:
            found.long("hidden-sheet", 0, f"{name}: {_text(sheet)}")
            continue
        if sheet.get("print") == "false" or sheet.get("print-ranges"):
            found.long("outside", 0, f"{name}: {_text(sheet)}")
        for row in sheet.iter("table-row"):
            if row.get("visibility") in ("collapse", "filter"):
                found.long("hidden-row", 0, f"{name}: {_text(row)}")
        _columns(sheet, name, found)


def _columns(sheet: Element, name: str, found: Found) -> None:
    hidden: set[int] = set()
    at = 0
    for column in sheet.iter("table-column"):
        many = _many(column, "number-columns-repeated")
        if column.get("visibility") in ("collapse", "filter"):
            hidden.update(range(at, at + many))
        at += many
    for row in sheet.iter("table-row") if hidden else ():
        at = 0
        for cell in row:
            if at in hidden:
                found.add("hidden-column", 0, f"{name}: ", markup.words(cell))
            at += _many(cell, "number-columns-repeated")


def _many(node: Element, key: str) -> int:
    said = node.get(key, "1")
    return min(int(said), 20_000) if said.isdecimal() else 1


def _slides(root: Element, hiding: Hiding, found: Found) -> None:
    for number, page in enumerate(root.iter("page"), 1):
        if page.get("style-name", "") in hiding:
            found.long("hidden-slide", number, _text(page) or page.get("name", ""))
        for notes in page.iter("notes"):
            found.long("notes", number, _text(notes))
