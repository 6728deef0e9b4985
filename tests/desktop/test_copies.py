"""Copies of the vault in the window: made, checked, mended, forgotten, and a vault got back from one and declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import case_made
from tests.desktop.case_made import PASSPHRASES, REFERENCE
from tests.desktop.test_settings import Settings
from tests.desktop.test_start import Start
from tests.desktop.window import Window

from evidencevault import session as sessions
from evidencevault.casework import recipients
from evidencevault.desktop import recent, screens
from evidencevault.desktop.copy_rows import CopyRow, held_words
from evidencevault.desktop.exhibit_forms import Erasing
from evidencevault.desktop.exhibit_sheets import erase_sheet
from evidencevault.desktop.forms import child
from evidencevault.desktop.settings_copies import CopiesPage
from evidencevault.errors import NotPermitted
from evidencevault.progress import Progress
from evidencevault.vault import backup_check, backup_files
from evidencevault.vault.backup_renewal import Renewal

KEY = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


class Copies:
    """The page of the settings, as a person sees it."""

    def __init__(self, win: Window) -> None:
        self.settings = Settings(win)
        self.settings.go("copies")
        page = self.settings.screen._stack.currentWidget()
        assert isinstance(page, CopiesPage)
        self.page = page

    def idle(self) -> None:
        self.settings.win.until(lambda: not self.settings.win.shell.desk.busy)

    def take(self, folder: Path) -> None:
        self.page.take(folder)
        self.idle()

    @property
    def rows(self) -> list[CopyRow]:
        return self.page._rows.rows

    def text(self, name: str) -> str:
        return self.settings.part(QLabel, name).text()


@pytest.fixture
def copies(win: Window) -> Iterator[Copies]:
    opened = Copies(win)
    yield opened
    opened.settings.screen.close()
    opened.settings.screen.deleteLater()


def test_made_checked_spoilt_mended_and_taken_off_the_list(copies: Copies, tmp_path: Path) -> None:
    settings = copies.settings
    assert settings.part(QWidget, "none").isVisible() and not settings.part(QWidget, "some").isVisible()
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "holiday.jpg").write_bytes(b"x")
    copies.take(tmp_path / "stick")
    folder = tmp_path / "stick" / f"EvidenceVault {settings.win.made.vault.name}"
    assert [one.id for one in copies.rows] == [str(folder)] and folder.is_dir()
    assert "up to date" in settings.said("good") and copies.text("fresh") == "The last copy was made today."
    assert copies.rows[0].state == "Not checked yet" and "same disk" in copies.text("about")

    settings.click("check")
    assert "is whole" in settings.said("good") and copies.rows[0].state == "Whole"
    database = next(folder.glob("vault-*.db"))
    whole = bytearray(database.read_bytes())
    whole[-1] ^= 1
    database.write_bytes(whole)
    settings.click("check")
    assert database.name in settings.said("bad") and copies.rows[0].state == "Damaged"
    assert settings.part(QPushButton, "again").text() == "Mend this copy"
    settings.click("again")
    assert settings.said("bad") == "" and copies.rows[0].state == "Not checked yet"
    settings.click("check")
    assert "is whole" in settings.said("good")

    copies.take(settings.win.made.vault / "objects")
    assert "on another disk" in settings.said("bad") and len(copies.rows) == 1

    copies.page._desk.ask(
        lambda session: session.office.copies.begin(tmp_path / "begun"),
        lambda _: copies.page.begin(),
        copies.page.failed,
    )
    copies.idle()
    assert [(one.days, one.state) for one in copies.rows][1] == (None, "Not plugged in")
    copies.page._desk.ask(
        lambda session: session.office.copies.forget(tmp_path / "begun"), lambda _: copies.page.begin(), print
    )
    copies.idle()

    folder.rename(tmp_path / "unplugged")
    settings.go("care")
    settings.go("copies")
    assert copies.rows[0].state == "Not plugged in"
    assert not settings.part(QPushButton, "check").isEnabled() and not settings.part(QPushButton, "again").isEnabled()
    back: list[object] = []
    settings.screen.undoable.connect(lambda said, undo: back.append((said, undo)))
    settings.part(QListView, "list").setFocus()
    QTest.keyClick(settings.part(QListView, "list"), Qt.Key.Key_Delete)
    copies.idle()
    assert copies.rows == [] and "off this list" in back[0][0]  # type: ignore[index]
    back[0][1]()  # type: ignore[index]
    copies.idle()
    assert len(copies.rows) == 1


def test_the_first_screen_says_when_a_copy_is_due_and_leads_there(win: Window, tmp_path: Path) -> None:
    win.shell.go(screens.HOME)
    line = win.part(QFrame, "copies", win.shell.home)
    win.until(line.isVisible)
    assert win.part(QLabel, "copiesText", win.shell.home).text().startswith("No copy")
    win.click("makeCopy", win.shell.home)
    page = win.shell.shown.page("copies")  # type: ignore[attr-defined]
    win.until(page.isVisible)
    page.take(tmp_path / "copy")
    win.until(lambda: not win.shell.desk.busy)
    win.shell.go(screens.HOME)
    win.until(lambda: not line.isVisible())


def test_locking_stops_a_copy_and_leaves_none_that_is_half(copies: Copies, tmp_path: Path) -> None:
    win = copies.settings.win
    copies.page.take(tmp_path / "copy")
    win.shell.desk.close()
    manifest = backup_files.read_manifest(tmp_path / "copy")
    if manifest is not None and manifest.database is not None:  # it was quicker
        assert backup_check.verify(tmp_path / "copy", Progress()).damage == ()
    else:
        assert not list(tmp_path.glob("copy/*.db"))


def test_only_an_administrator_makes_copies_and_an_erasure_names_what_it_did_not_reach(
    made: case_made.Made, tmp_path: Path
) -> None:
    with made.unlock("leo") as session, pytest.raises(NotPermitted):
        session.back_up(tmp_path / "copy", again=False, full=False, progress=Progress())
    with made.unlock("anna") as session:
        recipients.add(session.office, "Ombudsman", [KEY])
        session.back_up(tmp_path / "copy", again=False, full=False, progress=Progress())
        (tmp_path / "copy").rename(tmp_path / "unplugged")
        _, renewal = recipients.remove(session.office, "Ombudsman")
    assert str(tmp_path / "copy") in held_words(renewal)[0] and held_words(Renewal()) == []


def test_erasing_says_which_copies_still_hold_it(win: Window, tmp_path: Path) -> None:
    said: list[object] = []
    desk = win.shell.desk
    for folder in ("near", "away"):
        desk.copy(
            lambda session, progress, to=tmp_path / folder: session.back_up(
                to, again=False, full=False, progress=progress
            ),
            said.append,
            said.append,
        )
    win.until(lambda: len(said) == 2)
    (tmp_path / "away").rename(tmp_path / "unplugged")
    asked = Erasing(number="E003", reason="It came by mistake", alone="office of one")
    desk.do(REFERENCE, lambda opened: erase_sheet().save(opened, asked, "E003"), said.append, said.append)
    win.until(lambda: len(said) == 3)
    assert "Erased: " in str(said[2]) and str(tmp_path / "away") in str(said[2])
    assert str(tmp_path / "near") not in str(said[2])
    assert backup_check.verify(tmp_path / "near", Progress()).damage == ()
    win.until(lambda: not desk.busy)
    win.shell.go(screens.HOME)
    line = win.part(QLabel, "copiesText", win.shell.home)
    win.until(lambda: "still holds what was erased" in line.text())


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, made: case_made.Made, tmp_path: Path) -> Iterator[Start]:
    opened = Start(qapp, qtbot, tmp_path)
    yield opened
    opened.close()


def test_a_vault_is_got_back_declared_and_opened(start: Start, made: case_made.Made, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    sessions.back_up(made.vault, copy, full=False, progress=Progress())
    with made.unlock("anna") as session:
        recipients.add(session.office, "Ombudsman", [KEY])  # the copy is older now
    start.click("restore")
    start.click("restore")
    assert "Name the folder" in start.problem()
    start.type("copy", str(tmp_path / "nothing"))
    start.type("folder", str(again))
    start.click("restore")
    start.until(lambda: start.part(QWidget, "asking").isVisible())
    assert "no copy of a vault" in start.problem()
    start.type("copy", str(copy))
    QTest.keyClick(start.part(QLineEdit, "folder"), Qt.Key.Key_Return)
    start.until(lambda: start.screen.findChildren(QLineEdit, "reason"))
    assert str(again) in start.part(QLabel, "noticeText").text()
    start.click("declare")
    assert "Say the reason" in start.problem()
    start.click("later")
    start.until(lambda: start.screen is start.desktop.unlocking)
    start.type("member", "anna")
    start.type("passphrase", PASSPHRASES["anna"])
    start.click("unlock")
    start.until(lambda: start.part(QPushButton, "putBack").isVisible())
    assert "set back" in child(start.desktop.unlocking.currentWidget(), QLabel, "problemText").text()
    start.click("putBack")
    start.type("reason", "the laptop was stolen")
    start.type("member", "anna")
    start.type("passphrase", "not it")
    start.click("declare")
    start.until(lambda: start.problem() and start.screen.isEnabled())
    start.type("passphrase", PASSPHRASES["anna"])
    start.click("declare")
    start.until(lambda: start.screen is start.desktop.unlocking)
    assert start.part(QLineEdit, "passphrase").text() == ""
    assert recent.known()[0].path == again
    first = start.desktop.unlocking.currentWidget()
    assert "declared" in child(first, QLabel, "noticeText").text()
    assert child(first, QLineEdit, "member").text() == "anna"
    start.type("passphrase", PASSPHRASES["anna"])
    QTest.mouseClick(child(first, QPushButton, "unlock"), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    start.until(lambda: start.desktop.shell is not None)
    assert start.desktop.shell is not None and start.desktop.shell.desk.vault == again
    start.until(lambda: start.desktop.shell.open_reference == REFERENCE)  # type: ignore[union-attr]


def test_a_copy_that_is_dropped_or_chosen_as_a_vault_is_got_back(
    start: Start, made: case_made.Made, tmp_path: Path
) -> None:
    sessions.back_up(made.vault, tmp_path / "copy", full=False, progress=Progress())
    start.desktop._door.show_welcome()
    start.desktop._door.welcome.take(tmp_path / "copy")
    assert start.part(QLineEdit, "copy").text() == str(tmp_path / "copy")
    start.type("folder", str(tmp_path / "again"))
    start.click("restore")
    start.until(lambda: start.screen is start.desktop.unlocking)
    assert (tmp_path / "again" / "vault.db").is_file()
