"""An audit of all forms: every input has a label, a name for screen readers and a place in the order of the keyboard;
every text is in the catalogue of all languages.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from evidencevault import resources
from evidencevault.resources import find

FORMS = sorted(find("ui").glob("*.ui"))
FIELDS = ("QLineEdit", "QComboBox", "QPlainTextEdit", "QTextEdit", "QSpinBox", "QDateTimeEdit", "QSlider")
CONTROLS = ("QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QListView", "QTextBrowser", "QTreeView")
NAMED_LATER = {("asking", "ok"), ("asking", "other")}
"""Buttons that get their words with the question; a test of the window looks at the names of what is shown."""
SIGNS = {"EvidenceVault"}
"""What is no word of a language."""


def _catalogue(code: str) -> set[str]:
    with find(f"resources/translations/{code}/LC_MESSAGES/evidencevault.po").open("rb") as file:
        return {str(one.id) for one in read_po(file) if one.string and not one.fuzzy}


CATALOGUES = {code: _catalogue(code) for code in resources.LANGUAGES if code != "en"}
SEEN = {"search", "filter", "query", "sort", "zoom", "find", "page", "keyFile", "findWords"}
SEEN |= {"custody.act", "custody.member", "custody.time", "custody.item", "player.place", "player.loudness"}
SEEN |= {"player.speed", "viewer.pageNumber"}
"""Fields that a sign, their place or what they show explains; they have a name all the same."""


def _widgets(file: Path) -> list[ET.Element]:
    return [*ET.parse(file).getroot().iter("widget")]


def _property(widget: ET.Element, name: str) -> str | None:
    for one in widget.findall("property"):
        if one.get("name") == name:
            return "".join(one.itertext()).strip()
    return None


def _label_of(file: Path) -> set[str]:
    return {buddy for one in _widgets(file) if (buddy := _property(one, "buddy"))}


@pytest.mark.parametrize("file", FORMS, ids=lambda one: one.stem)
def test_every_input_has_a_label_a_name_and_can_be_reached(file: Path) -> None:
    labelled = _label_of(file)
    wrong = []
    for one in _widgets(file):
        kind, name = one.get("class") or "", one.get("name") or ""
        if kind not in FIELDS + CONTROLS:
            continue
        said = _property(one, "accessibleName")
        filled_by_code = _property(one, "text") == "" or said == "" or (file.stem, name) in NAMED_LATER
        if not said and not filled_by_code and not _property(one, "text"):
            wrong.append(f"{name}: no name")
        if kind in FIELDS and name not in labelled and not {name, f"{file.stem}.{name}"} & SEEN:
            wrong.append(f"{name}: no label")
        if "NoFocus" in (_property(one, "focusPolicy") or ""):
            wrong.append(f"{name}: cannot be reached")
    assert wrong == []


@pytest.mark.parametrize("file", FORMS, ids=lambda one: one.stem)
def test_every_text_is_in_every_catalogue(file: Path) -> None:
    texts = {
        text.text
        for one in _widgets(file)
        for text in one.iter("string")
        if text.text and text.get("notr") != "true" and any(letter.isalpha() for letter in text.text)
    }
    missing = [
        (code, text)
        for code in resources.LANGUAGES
        if code != "en"
        for text in texts - CATALOGUES[code]
        if text not in SIGNS
    ]
    assert missing == []
