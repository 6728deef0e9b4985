"""Settings: a list of kinds, and a page for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QListView, QStackedWidget

from evidencevault.desktop import scale
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import in_turns
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
        self._theme, self._narrow = theme, False
        self._makers: dict[str, Callable[[], SettingsPage]] = {
            "look": lambda: LookPage(preferences),
            "lock": lambda: self._made_lock(desk, preferences),
            "policy": lambda: PolicyPage(desk, theme),
            "members": lambda: MembersPage(desk, theme),
            "copies": lambda: CopiesPage(desk, theme),
            "care": lambda: CarePage(desk, theme),
        }
        self._pages: dict[str, SettingsPage] = {}  # each is made when it is first wanted
        self._coming: set[str] = set()
        self._kinds: Rows[Kind] = Rows()
        self._list, self._stack = self.child(QListView, "kinds"), self.child(QStackedWidget, "pages")
        self._list.setModel(self._kinds)
        self._list.setItemDelegate(KindDelegate(theme, self._list))
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

    def _made_lock(self, desk: Desk, preferences: Preferences) -> LockPage:
        lock = LockPage(desk, preferences)
        lock.switching.connect(self.switching)
        lock.locking.connect(self.locking)
        return lock

    def page(self, name: str) -> SettingsPage:
        """A page by its name."""
        if name not in self._pages:
            self._place(name, self._makers[name]())
        return self._pages[name]

    def _bring(self, name: str) -> None:
        """Make a page, and place it in a turn of its own: to dress it takes as long again."""
        made = self._makers[name]()
        in_turns(self, lambda: self._place(name, made), self._shown)

    def _place(self, name: str, page: SettingsPage) -> None:
        if name in self._pages:  # somebody could not wait
            return
        self._pages[name] = page
        page.narrow(self._narrow)
        page.told.connect(self.told)
        page.undoable.connect(self.undoable)
        page.refused.connect(lambda said: self.banner("problem", said))
        self._stack.addWidget(page)
        self._theme.dress(page)

    def narrow(self, narrow: bool) -> None:
        """With little room: the kinds as icons, and what stands side by side under each other."""
        self._narrow = narrow
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
        if not self._pages:
            self.page(kind.id)  # the first comes with the screen
        if kind.id not in self._pages:
            if kind.id not in self._coming:
                self._coming.add(kind.id)
                in_turns(self, lambda: self._bring(kind.id))
            return
        page = self._pages[kind.id]
        self.banner("problem", "")
        if self._stack.currentWidget() is not page:
            for one in self._pages.values():
                one.empty()
        self._stack.setCurrentWidget(page)
        page.begin()
