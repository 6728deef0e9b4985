"""Whose vault it is, and in which country."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from evidencevault.desktop.founding_page import FoundingPage
from evidencevault.desktop.founding_steps import Answers, template_for
from evidencevault.desktop.words import isolated

_UNIONS = ("EU", "EZ", "QO", "UN")  # of CLDR, and no countries


class OfficePage(FoundingPage):
    """The country's two letters begin every case reference, and decide which policy is offered."""

    def __init__(self) -> None:
        super().__init__("founding_office")
        self._organisation = self.child(QLineEdit, "organisation")
        self._country = self.child(QComboBox, "country")
        for code, name in countries():
            self._country.addItem(f"{isolated(name)} ({code})", code)
        self._country.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self._country.model(), self._country)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._country.setCompleter(completer)
        self._organisation.returnPressed.connect(self._country.setFocus)

    def show_answers(self, answers: Answers) -> None:
        """What was typed; the country of this computer to begin with."""
        self._organisation.setText(answers.organisation)
        here = QLocale.territoryToCode(QLocale.system().territory())
        self._country.setCurrentIndex(self._country.findData(answers.country or here))
        self._organisation.setFocus()

    def answered(self, answers: Answers) -> Answers:
        """With organisation and country, and the template that fits the country where another was chosen."""
        place = self._country.findText(self._country.currentText(), Qt.MatchFlag.MatchFixedString)
        code = str(self._country.itemData(place)) if place >= 0 else ""
        made = replace(answers, organisation=self._organisation.text().strip(), country=code)
        return made if code == answers.country else replace(made, template=template_for(code))


def _is_drawn(name: str) -> bool:
    """Whether the shipped fonts have the script of a name; others would be boxes on some computers."""
    letters = [unicodedata.name(one, "").split(" ")[0] for one in name if one.isalpha()]
    return bool(letters) and all(one in ("LATIN", "GREEK", "CYRILLIC", "ARABIC") for one in letters)


def countries() -> list[tuple[str, str]]:
    """ISO codes and the countries' own names for themselves (English where these cannot be drawn), by name."""
    found: dict[str, str] = {}
    for one in QLocale.Country:
        code = QLocale.territoryToCode(one)
        if len(code) == 2 and code.isalpha() and code not in (*found, *_UNIONS):
            native = QLocale(QLocale.Language.AnyLanguage, one).nativeTerritoryName()
            found[code] = native if _is_drawn(native) else QLocale.territoryToString(one)
    return sorted(found.items(), key=lambda one: one[1].casefold())
