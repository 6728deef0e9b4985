"""What a workbook does not show: hidden sheets, rows and columns with what is in them, formulas, names, other books."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from evidencevault.documents.worker import markup
from evidencevault.documents.worker.found import Found

Reader = Callable[[Element, str, Found], None]
_WORKSHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_EXTERNAL = re.compile(r"xl/externalLinks/externalLink\d+\.xml")
_PLACE = re.compile(r"([A-Z]{1,3})\d{1,7}")


def reader(name: str) -> Reader | None:
    """Who reads this part of a workbook, None where nothing is hidden in it."""
    if name == "xl/workbook.xml":
        return _book
    if _WORKSHEET.fullmatch(name):
        return _sheet
    if _EXTERNAL.fullmatch(name):
        return _external
    if re.fullmatch(r"xl/persons/.+\.xml", name):
        return _persons
    return None


def titles(book: Element, relations: Element) -> dict[str, str]:
    """What each worksheet is called, by the name of its part; from the workbook and from what it is related to."""
    targets = {one.get("Id", ""): one.get("Target", "").removeprefix("/xl/") for one in relations}
    return {f"xl/{targets.get(one.get('id', ''), '')}": one.get("name", "") for one in book.iter("sheet")}


def _book(root: Element, name: str, found: Found) -> None:
    for one in root.iter("sheet"):
        if one.get("state") in ("hidden", "veryHidden"):
            found.add("hidden-sheet", 0, one.get("name", ""))
    for one in root.iter("definedName"):
        found.add("defined-name", 0, f"{one.get('name', '')}: {markup.words(one)}")


def _sheet(root: Element, part: str, found: Found) -> None:
    columns = [
        (int(one.get("min", "0")), int(one.get("max", "0")))
        for one in root.iter("col")
        if _true(one.get("hidden")) or one.get("width") == "0"
    ]
    for row in root.iter("row"):
        out_of_sight = _true(row.get("hidden")) or row.get("ht") == "0"
        if out_of_sight:
            found.add("hidden-row", 0, f"{part} {row.get('r', '')}", *_values(list(row.iter("c"))))
        for cell in row.iter("c"):
            if not out_of_sight and any(first <= _column(cell) <= last for first, last in columns):
                found.add("hidden-column", 0, f"{part} {cell.get('r', '')}", *_values([cell]))
            formula = cell.find("f")
            if formula is not None and formula.text:
                found.add("formula", 0, f"{part} {cell.get('r', '')}: ={formula.text}")
    for first, last in columns:
        found.add("hidden-column", 0, f"{part} {first}–{last}")
    for rule in root.iter("dataValidation"):
        for key in ("promptTitle", "prompt", "errorTitle", "error"):
            found.add("field-tooltip", 0, rule.get(key, ""))
        for one in [*rule.iter("formula1"), *rule.iter("formula2")]:
            found.add("field-choice", 0, one.text or "")
    for one in [*root.iter("oddHeader"), *root.iter("oddFooter"), *root.iter("firstHeader"), *root.iter("firstFooter")]:
        found.add("sheet-header", 0, one.text or "")


def _external(root: Element, name: str, found: Found) -> None:
    """What was last seen in another workbook is kept in this one."""
    for one in root.iter("sheetName"):
        found.add("external-link", 0, one.get("val", ""))
    found.long("external-link", 0, " ".join(one.text or "" for one in root.iter("v")))


def _persons(root: Element, name: str, found: Found) -> None:
    for one in root.iter("person"):
        found.add("property", 0, one.get("displayName", ""), one.get("userId", ""))


def _values(cells: list[Element]) -> list[str]:
    return [" ".join(one.text or "" for one in cell.iter() if one.tag in ("v", "t")) for cell in cells]


def _column(cell: Element) -> int:
    match = _PLACE.fullmatch(cell.get("r", ""))
    number = 0
    for letter in match[1] if match else "":
        number = 26 * number + ord(letter) - 64
    return number


def _true(value: str | None) -> bool:
    return value in ("1", "true")
