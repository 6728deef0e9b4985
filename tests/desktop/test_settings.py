"""Settings through the real screen: appearance, passphrase, policy, users, what the computer offers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QLineEdit, QListView, QPushButton, QRadioButton
from tests.desktop.case_made import PASSPHRASES
from tests.desktop.test_look import _nameless
from tests.desktop.window import W, Window

from evidencevault import resources
from evidencevault.casework import policies
from evidencevault.custody import membership
from evidencevault.desktop import application, member_rows, recent, scale, settings_care
from evidencevault.desktop.forms import child
from evidencevault.desktop.look import DARK, LIGHT
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.table import ROW
from evidencevault.documents import machine
from evidencevault.session import Session
from evidencevault.vault import keyfiles

NEW = "quarry seven lanterns drift"


class Settings:
    """The settings of the open vault, as the window shows them."""

    def __init__(self, win: Window) -> None:
        self.win = win
        self.screen = SettingsScreen(win.shell.desk, win.desktop.theme, win.desktop.preferences)
        self.told: list[str] = []
        self.screen.told.connect(self.told.append)
        self.screen.resize(1150, 760)
        self.screen.show()

    def go(self, page: str) -> None:
        self.screen.point_to(page)
        self.win.until(lambda: self.screen._stack.currentWidget() is self.screen._pages.get(page, self))
        self.win.until(lambda: not self.win.shell.desk.busy)

    def part(self, kind: type[W], name: str) -> W:
        shown = self.screen._stack.currentWidget()
        assert shown is not None
        return child(shown, kind, name)

    def click(self, name: str) -> None:
        button = self.part(QPushButton, name)
        assert button.isVisible() and button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(6, 6))
        self.win.until(lambda: not self.win.shell.desk.busy)

    def type(self, name: str, text: str) -> None:
        field = self.part(QLineEdit, name)
        field.selectAll()
        QTest.keyClicks(field, text)

    def said(self, name: str) -> str:
        shown = self.part(QFrame, name).isVisible()
        return self.part(QLabel, f"{name}Text").text() if shown else ""

    def choose(self, name: str, data: object) -> None:
        combo = self.part(QComboBox, name)
        combo.setCurrentIndex(combo.findData(data))
        combo.activated.emit(combo.currentIndex())


@pytest.fixture
def settings(win: Window) -> Iterator[Settings]:
    opened = Settings(win)
    yield opened
    opened.screen.close()
    opened.screen.deleteLater()


def test_appearance_is_in_use_at_once_and_kept(settings: Settings) -> None:
    desktop = settings.win.desktop
    before, case = desktop.shell, desktop.shell.place.case if desktop.shell else ""
    settings.go("look")
    settings.part(QRadioButton, "dark").click()
    assert desktop.theme.tokens is DARK
    desktop.theme.toggle()  # as the window's own button does
    assert desktop.preferences.now.theme == "light" and settings.part(QRadioButton, "light").isChecked()
    assert desktop.theme.tokens is LIGHT
    door = desktop._door
    try:
        settings.choose("language", "nl")
        settings.choose("size", 150)
        assert resources.language() == "nl" and scale.factor() == 1.5
        assert desktop._door is not door
        assert desktop.shell is not None and desktop.shell is not before
        assert desktop.shell.place.case == case
        listed = child(desktop.shell, QListView, "navigation").model()
        settings.win.until(listed.rowCount)
        assert listed.index(0, 0).data(ROW).title == "Vandaag"
        assert child(desktop.unlocking.currentWidget(), QPushButton, "unlock").text() == "Ontgrendelen"
    finally:
        settings.choose("size", 100)
        resources.use_language("en")
        application.application()
    settings.go("lock")
    settings.choose("minutes", 2)
    assert desktop._idle._allowed == 120


def test_a_new_passphrase_asks_for_the_old_one(settings: Settings, tmp_path: Path) -> None:
    settings.go("lock")
    key = tmp_path / "stick.key"
    keyfiles.make(key)
    settings.click("change")
    settings.type("first", NEW)
    settings.type("second", NEW)
    settings.click("save")
    assert "until now" in settings.said("refused")
    settings.type("old", "not it")
    settings.click("save")
    assert "does not open the keys" in settings.said("refused")
    settings.type("old", PASSPHRASES["anna"])
    settings.part(QLineEdit, "keyFile").setText(str(key))
    settings.click("save")
    assert settings.told == ["The passphrase was changed."]
    assert settings.part(QLineEdit, "first").text() == "" and settings.part(QLineEdit, "old").text() == ""
    assert recent.known()[0].key_file == str(key)
    win = settings.win
    settings.screen.close()
    win.desktop.lock()
    win.locked()
    Session.unlock(win.made.vault, "anna", NEW, key_file=keyfiles.read(key)).close()


def test_a_policy_is_shown_checked_and_adopted(settings: Settings, tmp_path: Path) -> None:
    settings.go("policy")
    assert settings.part(QLabel, "state").text() == "Template, binds nobody"
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"\nversion = 2\n')
    settings.screen._pages["policy"].take(bad)  # type: ignore[attr-defined]
    settings.win.until(lambda: settings.said("faults"))
    assert "Line 2" in settings.said("faults") and "Nothing was saved" in settings.said("faults")
    own = tmp_path / "own.toml"
    own.write_text(policies.shipped_text("nl").replace('version = "1"', 'version = "2026-1"'))
    settings.screen._pages["policy"].take(own)  # type: ignore[attr-defined]
    settings.win.until(lambda: settings.said("asking"))
    assert "2026-1" in settings.said("asking") and settings.said("faults") == ""
    settings.click("yes")
    settings.win.until(lambda: settings.part(QLabel, "state").text() == "In force")
    assert "anna" in settings.part(QLabel, "facts").text() and settings.part(QListView, "steps").model().rowCount() > 5
    settings.screen._pages["policy"].take(own)  # type: ignore[attr-defined]
    settings.win.until(lambda: settings.said("asking"))
    settings.click("yes")
    assert "was adopted before" in settings.said("faults")


def test_users_are_added_changed_and_retired(settings: Settings) -> None:
    settings.go("members")
    view = settings.part(QListView, "list")
    rows = [view.model().index(n, 0).data() for n in range(view.model().rowCount())]
    assert [one.split(",")[0] for one in rows] == ["anna", "leo"]
    assert not settings.part(QPushButton, "retire").isVisible()  # nobody retires themselves by mistake
    settings.click("add")
    settings.type("newName", "olga")
    settings.type("first", NEW)
    settings.type("second", NEW)
    settings.click("create")
    assert "at least one of the roles" in child(settings.screen, QLabel, "problemText").text()
    settings.part(QCheckBox, "newOversight").click()
    settings.click("create")
    settings.win.until(lambda: view.model().rowCount() == 3)
    assert "olga" in settings.told[-1] and settings.part(QLineEdit, "first").text() == ""
    view.setCurrentIndex(view.model().index(2, 0))
    assert settings.part(QLabel, "name").text().strip("\u2068\u2069") == "olga"
    assert not settings.part(QPushButton, "save").isEnabled()
    settings.part(QCheckBox, "legal").click()
    settings.choose("manager", "leo")
    settings.click("save")
    settings.win.until(lambda: "Legal adviser" in str(view.currentIndex().data()))
    settings.click("retire")
    assert "cannot be undone" in settings.said("retiring")
    settings.click("keep")
    assert settings.said("retiring") == ""
    settings.click("retire")
    settings.click("really")
    settings.win.until(lambda: "Retired" in str(view.model().index(2, 0).data()))
    assert _nameless(settings.screen) == []


def test_what_another_admin_proposed_is_confirmed(settings: Settings) -> None:
    win = settings.win
    settings.screen.close()
    win.desktop.lock()
    win.locked()
    with win.made.unlock() as session:
        membership.set_roles(session.office, "leo", frozenset({"legal", "admin"}))
        membership.invite(session.office, "olga", frozenset({"oversight"}), NEW)
    with win.made.unlock("leo") as session:
        assert not membership.set_roles(session.office, "olga", frozenset({"oversight", "legal"}))
        mine = {one.name: one for one in member_rows.member_rows(session)}["olga"]
        assert mine.proposed and not mine.by_other
    win.desktop.open_with(win.made.unlock())
    settings = Settings(win)
    settings.go("members")
    view = settings.part(QListView, "list")
    view.setCurrentIndex(view.model().index(2, 0))
    assert "leo" in settings.part(QLabel, "proposed").text()
    settings.click("confirm")
    settings.win.until(lambda: "Legal adviser" in str(view.currentIndex().data()))
    assert not settings.part(QLabel, "proposed").isVisible()
    settings.screen.close()
    settings.screen.deleteLater()


def test_what_the_computer_offers_is_said_in_words(settings: Settings) -> None:
    settings.go("care")
    view = settings.part(QListView, "list")
    settings.win.until(lambda: view.model().rowCount() > 5)
    lines = [str(view.model().index(n, 0).data()) for n in range(view.model().rowCount())]
    assert len(lines) == len(settings_care.offers(machine.look())) and any("closed room" in one for one in lines)
    assert "Affero" in settings.part(QLabel, "licence").text()


def test_what_is_stored_is_checked_while_the_vault_is_open(settings: Settings) -> None:
    settings.go("care")
    settings.click("checkStored")
    said = settings.part(QLabel, "stored")
    settings.win.until(lambda: "stored files is there and unchanged" in said.text())
    tidy = settings.part(QPushButton, "tidy")
    assert not tidy.isVisible()
    left = settings.win.made.vault / "objects" / "ab" / "cd"
    left.mkdir(parents=True, exist_ok=True)
    orphan = left / ("abcd" + "0" * 28)
    orphan.write_bytes(b"left over")
    os.utime(orphan, (1, 1))
    settings.click("checkStored")
    settings.win.until(lambda: "left by a crash" in said.text())
    settings.click("tidy")
    settings.win.until(lambda: said.text().startswith("Removed: 1"))
    assert not orphan.exists()
