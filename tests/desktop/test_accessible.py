"""What a screen reader is told of every screen: each control that can be reached has a role and a name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.records import RecordsScreen

PLACES = [one.id for one in screens.places(Preferences()) if one.id != screens.NEW_CASE]


def _mute(window: QWidget) -> list[tuple[str, str, QAccessible.Role]]:
    """What can be seen and reached but says not what it is: name in the form, name and role as read out.

    What is painted by the program itself (charts, pages) has no role of Qt's; it says in words what is to be seen.
    """
    return [
        (one.objectName(), name, role)
        for one, name, role, more in _told(window)
        if not name or role == QAccessible.Role.NoRole or (role == QAccessible.Role.Client and not more)
    ]


def _told(window: QWidget) -> list[tuple[QWidget, str, QAccessible.Role, str]]:
    found = []
    for one in window.findChildren(QWidget):
        bare = isinstance(one, QAbstractScrollArea) and one.viewport() is None
        if one.isVisible() and one.isEnabled() and one.focusPolicy() != Qt.FocusPolicy.NoFocus and not bare:
            said = QAccessible.queryAccessibleInterface(one)
            assert said is not None and said.isValid(), one
            text = said.text
            name, more = text(QAccessible.Text.Name).strip(), text(QAccessible.Text.Description).strip()
            found.append((one, name, said.role(), more))
    return found


def test_every_control_of_every_screen_has_a_role_and_a_name(win: Window) -> None:
    seen = 0
    for name in PLACES:
        win.shell.go(name)
        win.until(lambda: not win.shell.desk.busy)
        told = _told(win.shell)
        seen += len(told)
        assert (name, _mute(win.shell)) == (name, [])
        if isinstance(win.shell.shown, RecordsScreen) and win.shell.shown._shelf.new is not None:
            editor = win.shell.shown._editor
            win.shell.shown.begin()
            win.until(lambda editor=editor: editor._form is not None)
            assert (name, _mute(editor)) == (name, [])
            editor.cancel()
    assert seen > 9 * len(PLACES)


def test_rows_of_lists_are_read_out(win: Window) -> None:
    win.choose("E001")
    said = QAccessible.queryAccessibleInterface(win.evidence.list.view)
    assert said is not None
    rows = [said.child(n) for n in range(said.childCount())]
    names = [one.text(QAccessible.Text.Name) for one in rows if one is not None]
    assert any(one.startswith("E001, letter.pdf") for one in names)
