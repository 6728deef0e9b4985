"""Beside a decision: what it can rest on, what the policy permits, and what was decided about the same elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton, QTextBrowser

from evidencevault.casework import concerns, interviews, signing
from evidencevault.casework.codes import word
from evidencevault.casework.policies import policy_of
from evidencevault.casework.signing import Comparison
from evidencevault.desktop import dragging, markup, words
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.screen import banner
from evidencevault.desktop.sheets import Pane
from evidencevault.desktop.table import ROW
from evidencevault.errors import VaultError
from evidencevault.evidence.exhibits import list_exhibits
from evidencevault.policy.model import Policy
from evidencevault.policy.words import NO_MEASURE
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class RestRow:
    """Something a finding can rest on."""

    id: str
    title: str
    icon: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.id} {self.title}"


class RestDelegate(Painting):
    """One line each: icon, number, name."""

    row_height = 34

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """One of them."""
        assert isinstance(row, RestRow)
        t = brush.tokens
        if brush.selected or brush.hovered:
            brush.fill(
                brush.place(2, 1, brush.width - 4, brush.height - 2), t.accent_soft if brush.selected else t.hover, 6
            )
        if brush.focused:
            brush.ring(brush.place(2, 1, brush.width - 4, brush.height - 2), 6)
        brush.icon(brush.place(10, 9, 16, 16), row.icon, t.muted)
        brush.text(brush.place(34, 0, 44, brush.height), row.id, t.accent, 12, 600)
        brush.text(brush.place(80, 0, brush.width - 88, brush.height), row.title, t.text, 12.5)


class DecisionSide(Pane):
    """``picked`` adds to the field ``evidence``."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("decision_side")
        self._desk, self._theme = desk, theme
        self._reference, self._clause = "", ""
        self._policy: Policy | None = None
        self._compared: Comparison | None = None
        self._list, self._text = self.child(QListView, "list"), self.child(QTextBrowser, "text")
        self._model: dragging.Draggable[RestRow] = dragging.Draggable()
        self._list.setModel(self._model)
        self._list.setItemDelegate(RestDelegate(theme, self._list))
        self._list.activated.connect(self._activated)
        self.child(QLineEdit, "sought").textChanged.connect(self._seek)
        self.child(QLineEdit, "sought").returnPressed.connect(self._first)
        self.child(QPushButton, "add").clicked.connect(lambda: self._activated(self._list.currentIndex()))
        theme.changed.connect(self._show)

    def start(self, reference: str) -> None:
        """What the case holds, and its policy."""
        self._reference = reference
        self._desk.read(reference, _read, self._came, self._failed)

    def heed(self, values: Mapping[str, Any]) -> None:
        """Another clause: its range, and what was decided about it."""
        clause = str(values.get("violation") or "")
        if clause != self._clause:
            self._clause, self._compared = clause, None
            self._show()
            if clause:
                reference = self._reference
                self._desk.ask(
                    lambda session: signing.compare(session.cases(), clause, reference), self._told, self._failed
                )

    def _came(self, found: tuple[Sequence[RestRow], Policy]) -> None:
        listed, self._policy = found
        self._model.show(listed)
        if listed:
            self._list.setCurrentIndex(self._model.index(0, 0))
        self._show()

    def _told(self, found: Comparison) -> None:
        if found.clause == self._clause:
            self._compared = found
            self._show()

    def _failed(self, error: VaultError) -> None:
        banner(self, "problem", error.sentence)

    def _seek(self, text: str) -> None:
        sought = text.casefold().strip()
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
        if self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0, 0))

    def _first(self) -> None:
        self._activated(self._list.currentIndex())

    def _activated(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row is not None:
            self.picked.emit("evidence", {"ref": row.id})

    def _show(self) -> None:
        markup.prepare(self._text, self._theme.tokens)
        self._text.setHtml(_html(self._policy, self._clause, self._compared))


def _read(opened: Opened) -> tuple[Sequence[RestRow], Policy]:
    case = opened.case
    found = [RestRow(one.number, one.name, "file-text") for one in list_exhibits(case)]
    for talk in interviews.list_interviews(case):
        found.append(RestRow(talk.number, words.line([talk.with_, markup.stamped(talk.started_at)]), "mic"))
    found += [RestRow(one.number, one.words, "ear") for one in concerns.list_concerns(case)]
    return found, policy_of(case)


def _html(policy: Policy | None, clause: str, compared: Comparison | None) -> str:
    if policy is None:
        return ""
    parts = [f"<p class='h2'>{markup.escaped(tr('What the policy says'))}</p>"]
    if not policy.violation:
        told = tr("The policy of this case names no clauses that can be violated. Adopt one in the settings.")
        parts.append(f"<p>{markup.escaped(told)}</p>")
        return markup.body(parts)
    violation = next((one for one in policy.violation if one.clause == clause), None)
    if violation is None:
        parts.append(f"<p>{markup.escaped(tr('Choose the clause that may have been violated.'))}</p>")
        return markup.body(parts)
    names = {NO_MEASURE: word(NO_MEASURE), **{one.id: one.name for one in policy.measure}}
    least, most = violation.measures.least, violation.measures.most
    parts += [
        f"<p>{markup.escaped(violation.text)}</p>",
        markup.facts([(tr("At least"), names.get(least, least)), (tr("At most"), names.get(most, most))]),
        f"<p class='h2'>{markup.escaped(tr('Comparable cases'))}</p>",
    ]
    if compared is None:
        parts.append(f'<p class="muted">{markup.escaped(tr("Reading …"))}</p>')
    elif not compared.cases:
        told = tr("No other case that you can read has a signed decision about {clause}.").format(clause=clause)
        parts.append(f"<p>{markup.escaped(told)}</p>")
    else:
        parts.append(markup.facts(_counts(compared, names)))
    return markup.body(parts)


def _counts(compared: Comparison, names: Mapping[str, str]) -> list[tuple[str, str]]:
    findings = [f"{word(code)} {n}" for code, n in compared.findings.items()]
    measures = [f"{names.get(code, code)} {n}" for code, n in compared.measures.items()]
    return [
        (tr("Other cases"), str(compared.cases)),
        (tr("Findings"), ", ".join(findings)),
        (tr("Measures"), ", ".join(measures)),
    ]
