"""Which entries of a chain of custody are listed: by act, by user, by time, by item, by words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from evidencevault.desktop import scale, words
from evidencevault.desktop.flow import FlowLayout
from evidencevault.desktop.rows import CustodyRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.resources import tr

_DAYS = (0, 1, 7, 31, 365)


class CustodyFilter(QObject):
    """Drives the boxes above the list. ``changed`` is sent when something else is wanted."""

    changed = Signal()

    def __init__(self, screen: CaseScreen) -> None:
        super().__init__(screen)
        self._act, self._member = screen.child(QComboBox, "act"), screen.child(QComboBox, "member")
        self._time, self._item = screen.child(QComboBox, "time"), screen.child(QLineEdit, "item")
        self.words = ""
        flow = FlowLayout(screen.child(QWidget, "filters"), gap=scale.px(8))
        for name in ("act", "member", "time", "item", "shown"):
            flow.addWidget(screen.child(QWidget, name))
        told = (tr("At any time"), tr("Today"), tr("Last 7 days"), tr("Last 31 days"), tr("Last 365 days"))
        for days, text in zip(_DAYS, told, strict=True):
            self._time.addItem(text, days)
        for box in (self._act, self._member, self._time):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._item.textChanged.connect(lambda _: self.changed.emit())
        self._item.setClearButtonEnabled(True)

    def offer(self, rows: Sequence[CustodyRow]) -> None:
        """The acts and users that occur; what was chosen stays."""
        acts = sorted({(words.act(row.action).words, row.action) for row in rows})
        members = sorted({row.actor for row in rows})
        _fill(self._act, [(tr("Every act"), ""), *acts])
        _fill(self._member, [(tr("Everybody"), ""), *((words.isolated(name), name) for name in members)])

    def reset(self) -> None:
        """Everything."""
        for box in (self._act, self._member, self._time):
            box.setCurrentIndex(0)
        self._item.clear()

    def wanted(self, now: datetime) -> Callable[[CustodyRow], bool] | None:
        """Whether a row is listed; None: every one."""
        act, member, days = self._act.currentData(), self._member.currentData(), self._time.currentData()
        item, sought = self._item.text().strip().upper(), self.words.casefold().strip()
        if not (act or member or days or item or sought):
            return None
        since = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=max(0, (days or 1) - 1))

        def fits(row: CustodyRow) -> bool:
            return (
                (not act or row.action == act)
                and (not member or row.actor == member)
                and (not days or row.at >= since)
                and (not item or item in row.subjects)
                and (not sought or sought in row.spoken.casefold())
            )

        return fits


def _fill(box: QComboBox, choices: Sequence[tuple[str, str]]) -> None:
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for text, code in choices:
        box.addItem(text, code)
    box.setCurrentIndex(max(0, box.findData(before)))
    box.blockSignals(False)
