"""Settings: a list of kinds, and a page for each."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QListView, QStackedWidget

from evidencevault.desktop import scale
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.look import Theme
from evidencevault.desktop.paint import Brush, Index, Painting
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.settings_care import CarePage
from evidencevault.desktop.settings_copies import CopiesPage
from evidencevault.desktop.settings_lock import LockPage
from evidencevault.desktop.settings_look import LookPage
from evidencevault.desktop.settings_members import MembersPage
from evidencevault.desktop.settings_page import SettingsPage
from evidencevault.desktop.settings_policy import PolicyPage
from evidencevault.desktop.table import Rows, choose, current
from evidencevault.resources import tr

NARROW, WIDE = 70, 200  # px at 100 % of the list of kinds: icons alone, and with their names


@dataclass(frozen=True, slots=True)
class Kind:
    """A page in the list."""

    id: str
    title: str
    icon: str

    @property
    def spoken(self) -> str:
        """As read out."""
        return self.title


class KindDelegate(Painting):
    """Icon and title."""

    row_height = 38

    def draw(self, brush: Brush, row: object, index: Index) -> None:
        """Draw one kind."""
        if not isinstance(row, Kind):
            return
        t = brush.tokens
        if brush.selected or brush.hovered:
            ground = t.accent_soft if brush.selected else t.hover
            brush.fill(brush.place(0, 2, brush.width, brush.height - 4), ground, 7)
        colour = t.accent if brush.selected else t.muted
        if brush.width < NARROW:
            brush.icon(brush.place((brush.width - 20) // 2, 9, 20, 20), row.icon, colour)
            if brush.focused and brush.selected:
                brush.ring(brush.place(0, 2, brush.width, brush.height - 4), 7)
            return
        brush.icon(brush.place(10, 10, 18, 18), row.icon, colour)
        ink = t.accent if brush.selected else t.text
        brush.text(
            brush.place(38, 2, brush.width - 46, brush.height - 4), row.title, ink, 13, 600 if brush.selected else 500
        )
        if brush.focused and brush.selected:
            brush.ring(brush.place(0, 2, brush.width, brush.height - 4), 7)


class SettingsScreen(Screen):
    """``switching`` and ``locking``: somebody else is to unlock, or nobody."""

    switching = Signal()
    locking = Signal()

    def __init__(self, desk: Desk, theme: Theme, preferences: Preferences) -> None:
        super().__init__("settings")
        lock = LockPage(desk, preferences)
        lock.switching.connect(self.switching)
        lock.locking.connect(self.locking)
        self._pages: dict[str, SettingsPage] = {
            "look": LookPage(preferences),
            "lock": lock,
            "policy": PolicyPage(desk, theme),
            "members": MembersPage(desk, theme),
            "copies": CopiesPage(desk, theme),
            "care": CarePage(desk, theme),
        }
        self._kinds: Rows[Kind] = Rows()
        self._list, self._stack = self.child(QListView, "kinds"), self.child(QStackedWidget, "pages")
        self._list.setModel(self._kinds)
        self._list.setItemDelegate(KindDelegate(theme, self._list))
        for page in self._pages.values():
            self._stack.addWidget(page)
            page.told.connect(self.told)
            page.undoable.connect(self.undoable)
            page.refused.connect(lambda said: self.banner("problem", said))
        self._kinds.show(
            [
                Kind("look", tr("Appearance"), "sun"),
                Kind("lock", tr("Locking"), "lock-keyhole"),
                Kind("policy", tr("Policy"), "list-checks"),
                Kind("members", tr("Users"), "users"),
                Kind("copies", tr("Copies"), "hard-drive"),
                Kind("care", tr("This computer"), "info"),
            ]
        )
        self._list.selectionModel().currentChanged.connect(lambda *_: self._shown())
        self._list.setCurrentIndex(self._kinds.index(0, 0))

    def narrow(self, narrow: bool) -> None:
        """With little room: the kinds as icons, and what stands side by side under each other."""
        self.child(QFrame, "side").setFixedWidth(scale.px(NARROW if narrow else WIDE))
        self.child(QLabel, "heading").setVisible(not narrow)
        for page in self._pages.values():
            page.narrow(narrow)

    def seek(self, text: str) -> None:
        """There is nothing to search in."""

    def focus_list(self) -> None:
        """The kinds; what the page shows is read anew."""
        self._shown()
        self._list.setFocus()

    def point_to(self, ref: str) -> None:
        """Show a page by its name: look, lock, policy, members, copies or care."""
        choose(self._list, self._kinds, ref)

    def put_down(self) -> None:
        """No passphrase stays in a field."""
        for page in self._pages.values():
            page.empty()

    def _shown(self) -> None:
        kind = current(self._list)
        if kind is None:
            return
        page = self._pages[kind.id]
        self.banner("problem", "")
        if self._stack.currentWidget() is not page:
            for one in self._pages.values():
                one.empty()
        self._stack.setCurrentWidget(page)
        page.begin()
