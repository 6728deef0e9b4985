"""What the pages of an office document do not show: properties, comments, tracked changes, hidden cells, notes, files.

Parts as in ECMA-376: read with the ZIP and XML readers of the standard library, without document types.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element

from evidencevault.documents.requests import MIB, Limits, Reason
from evidencevault.documents.worker import markup, unseen_sheets
from evidencevault.documents.worker.failed import Failed
from evidencevault.documents.worker.found import Found

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_WORD = _OPEN_XML + "wordprocessingml.document"
_SHEET = _OPEN_XML + "spreadsheetml.sheet"
_SLIDES = _OPEN_XML + "presentationml.presentation"
KINDS = {
    _WORD, _SHEET, _SLIDES,
    "application/vnd.ms-word.document.macroEnabled.12",
    "application/vnd.ms-excel.sheet.macroEnabled.12",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
}  # fmt: skip
_PART_MOST = 48 * MIB
_STORY = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_NOTES = re.compile(r"ppt/notesSlides/notesSlide(\d+)\.xml")
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_COMMENTS = re.compile(r"(?:word/comments|ppt/comments/.*|xl/comments\d*|xl/comments/.*|xl/threadedComments/.*)\.xml")
_INSIDE = re.compile(r"(?:word|xl|ppt)/(?:embeddings|activeX)/.+|.*/oleObject.*")
_FIELDS = ("instrText", "delInstrText")
_RELATED = {"hyperlink": "link", "externalLinkPath": "external-link", "attachedTemplate": "external-link"}


@contextmanager
def archived(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The parts of a document that is a ZIP file. Raises Failed: damaged, encrypted, bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
            most = min(limits.children_bytes, 64 * MIB + limits.children_ratio * len(data))
            if len(files) > limits.children or sum(one.file_size for one in files) > most:
                raise Failed(Reason.BOMB)
            if any(one.flag_bits & 1 for one in files):
                raise Failed(Reason.ENCRYPTED)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Failed(Reason.DAMAGED) from error


def listed(data: bytes, limits: Limits, found: Found) -> None:
    """Add all of it. Raises Failed: damaged, encrypted, bomb."""
    with archived(data, limits) as archive:
        titles = _titles(archive, found)
        for one in archive.infolist():
            _part(archive, one, titles, found)


def _titles(archive: zipfile.ZipFile, found: Found) -> dict[str, str]:
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    with found.trying(relations):
        if {book, relations} <= set(archive.namelist()):
            parts = [tree(archive, archive.getinfo(name)) for name in (book, relations)]
            return unseen_sheets.titles(*parts)
    return {}


def _part(archive: zipfile.ZipFile, one: zipfile.ZipInfo, titles: dict[str, str], found: Found) -> None:
    name = one.filename
    if name.endswith("vbaProject.bin"):
        found.add("macro", 0, name)
    elif _INSIDE.fullmatch(name) and not name.endswith(".rels"):
        found.add("embedded", 0, name, f"({one.file_size} B)")
    elif name.startswith("docProps/thumbnail"):
        found.add("thumbnail", 0, name)
    elif name.startswith("customXml/item") and name.endswith(".xml"):
        with found.trying(name):
            found.long("private", 0, "; ".join(f"{key}: {text}" for key, text in markup.leaves(tree(archive, one))))
    elif name.endswith((".xml", ".rels")) and not name.startswith("customXml/"):
        reader = _reader(name)
        if reader is not None:
            with found.trying(name):
                reader(tree(archive, one), titles.get(name, name), found)


def content(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """The bytes of a part. Raises BadMarkup where it is too large."""
    with archive.open(one) as file:
        data = file.read(_PART_MOST + 1)
    if len(data) > _PART_MOST:
        raise markup.BadMarkup
    return data


def tree(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Element:
    """A part as a tree. Raises BadMarkup."""
    return markup.tree(content(archive, one))


def _reader(name: str) -> unseen_sheets.Reader | None:
    if name.startswith("docProps/"):
        return _properties
    if name.endswith(".rels"):
        return _relations
    if _STORY.fullmatch(name):
        return _story
    if _COMMENTS.fullmatch(name):
        return _comments
    if name == "word/commentsExtended.xml":
        return _answers
    if name == "word/settings.xml":
        return _settings
    if _NOTES.fullmatch(name):
        return _notes
    if _SLIDE.fullmatch(name):
        return _slide
    return unseen_sheets.reader(name)


def _properties(root: Element, name: str, found: Found) -> None:
    if name.endswith("custom.xml"):
        for one in root:
            found.add("property", 0, f"{one.get('name', '')}: {markup.words(one)}")
        return
    for one in root:
        text = " ".join(" ".join(one.itertext()).split())
        if text:
            found.add("property", 0, f"{one.tag}: {text}")


def _relations(root: Element, name: str, found: Found) -> None:
    for one in root:
        if one.get("TargetMode") == "External":
            kind = _RELATED.get(one.get("Type", "").rpartition("/")[2], "external-link")
            found.add(kind, 0, one.get("Target", ""))


def _story(root: Element, name: str, found: Found) -> None:
    """A text of a document: what was deleted, inserted, moved, hidden; codes of fields; alternative texts."""
    for change, kind in (("ins", "inserted"), ("del", "deleted"), ("moveFrom", "deleted"), ("moveTo", "inserted")):
        for one in root.iter(change):
            text = _run_text(one)
            if text:
                found.long(kind, 0, f"{one.get('author', '')} {one.get('date', '')}: {text}")
    for paragraph in root.iter("p"):
        hidden = [_run_text(run) for run in paragraph.iter("r") if _vanishes(run)]
        found.long("hidden-text", 0, "".join(hidden))
    for tag in _FIELDS:
        for one in root.iter(tag):
            found.add("field-code", 0, one.text or "")
    for one in root.iter("fldSimple"):
        found.add("field-code", 0, one.get("instr", ""))
    _alternatives(root, 0, found)


def _run_text(node: Element) -> str:
    return "".join(one.text or "" for one in node.iter() if one.tag in ("t", "delText"))


def _vanishes(run: Element) -> bool:
    for one in run.findall("./rPr/*"):
        if one.tag in ("vanish", "webHidden", "specVanish") and one.get("val", "true") not in ("0", "false", "off"):
            return True
    return False


def _comments(root: Element, name: str, found: Found) -> None:
    authors = [markup.words(one) or one.get("name", "") for one in root.iter("author")]
    for one in [*root.iter("comment"), *root.iter("cm"), *root.iter("threadedComment")]:
        number = one.get("authorId", "")
        author = one.get("author") or (
            authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        )
        kind = "reply" if one.get("parentId") else "comment"
        found.long(kind, 0, " ".join(part for part in (one.get("ref"), author, one.get("date")) if part) + ": "
                   + " ".join(text for text in one.itertext() if text.strip()))  # fmt: skip


def _answers(root: Element, name: str, found: Found) -> None:
    """Which comments answer another: their words stand among the comments."""
    replies = sum(1 for one in root.iter("commentEx") if one.get("paraIdParent"))
    if replies:
        found.add("reply", 0, str(replies))


def _settings(root: Element, name: str, found: Found) -> None:
    for one in root.iter("docVar"):
        found.add("private", 0, f"{one.get('name', '')}: {one.get('val', '')}")


def _notes(root: Element, name: str, found: Found) -> None:
    match = _NOTES.fullmatch(name)
    found.long("notes", 0, f"{match[1] if match else ''}: " + _text(root))


def _slide(root: Element, name: str, found: Found) -> None:
    match = _SLIDE.fullmatch(name)
    page = int(match[1]) if match and len(match[1]) < 5 else 0
    if root.get("show") in ("0", "false"):
        found.long("hidden-slide", page, _text(root) or name)
    for shape in root.iter():
        named = shape.find("./nvSpPr/cNvPr")
        if named is not None and named.get("hidden") in ("1", "true"):
            found.long("hidden-text", page, _text(shape) or named.get("name", ""))
    _alternatives(root, page, found)


def _alternatives(root: Element, page: int, found: Found) -> None:
    for one in [*root.iter("docPr"), *root.iter("cNvPr")]:
        for key in ("title", "descr"):
            found.add("alternative", page, one.get(key, ""))


def _text(root: Element) -> str:
    return " ".join("".join(one.text or "" for one in block.iter("t")) for block in root.iter("p"))
