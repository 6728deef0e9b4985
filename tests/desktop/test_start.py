"""The first start: a new vault with its recovery shares, recovery, the welcome page, what is remembered of vaults."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.desktop.test_look import _nameless
from tests.desktop.window import LONG, W

from evidencevault.casework import policies
from evidencevault.desktop import founding_steps, recent, sampling
from evidencevault.desktop.app import Desktop
from evidencevault.desktop.forms import child
from evidencevault.desktop.founding import FoundingScreen
from evidencevault.desktop.founding_steps import Answers, Step
from evidencevault.desktop.preferences import Choices, Preferences
from evidencevault.desktop.recovering import RecoveringScreen
from evidencevault.errors import Cancelled, Refused
from evidencevault.progress import Progress
from evidencevault.session import Session
from evidencevault.vault import keyfiles, shares

WORDS = "quarry seven lanterns drift"


class Start:
    """The program as it begins, driven by clicks and keys."""

    def __init__(self, app: QApplication, bot: QtBot, home: Path) -> None:
        self.app, self.bot, self.home = app, bot, home
        self.desktop = Desktop(app, None, "", unconfined=False)
        self.desktop.show()

    def close(self) -> None:
        self.app.aboutToQuit.disconnect(self.desktop.close)
        self.desktop.close()
        self.desktop.deleteLater()

    def until(self, holds: object) -> None:
        self.bot.waitUntil(lambda: bool(holds()), timeout=LONG)  # type: ignore[operator]

    @property
    def screen(self) -> QWidget:
        shown = self.desktop._door._stack.currentWidget()
        assert shown is not None
        return shown

    def part(self, kind: type[W], name: str) -> W:
        return child(self.screen, kind, name)

    def click(self, name: str) -> None:
        button = next(one for one in self.screen.findChildren(QPushButton, name) if one.isVisible())
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(6, 6))

    def type(self, name: str, text: str) -> None:
        field = next(one for one in self.screen.findChildren(QLineEdit, name) if one.isVisible())
        field.selectAll()
        QTest.keyClicks(field, text)

    def problem(self) -> str:
        shown = self.part(QFrame, "problem").isVisible()
        return self.part(QLabel, "problemText").text() if shown else ""


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    begun = Start(qapp, qtbot, tmp_path)
    yield begun
    begun.close()


def _to_shares(start: Start, folder: Path) -> FoundingScreen:
    start.click("create")
    start.until(lambda: isinstance(start.screen, FoundingScreen))
    screen = start.screen
    assert isinstance(screen, FoundingScreen)
    start.type("folder", str(folder))
    start.click("next")
    start.type("organisation", "Fictional Aid")
    country = start.part(QComboBox, "country")
    country.setCurrentIndex(country.findData("NL"))
    start.click("next")
    start.until(lambda: start.part(QListView, "steps").model().rowCount() > 5)
    assert start.part(QComboBox, "template").currentData() == "nl"
    start.part(QRadioButton, "now").click()
    start.click("next")
    start.type("name", "anna")
    start.click("next")
    return screen


def test_a_new_vault_from_the_first_click_to_the_open_window(start: Start) -> None:
    folder = start.home / "vault"
    screen = _to_shares(start, folder)
    start.type("first", "hallo")
    start.click("next")
    assert "at least 12" in start.problem()
    start.type("first", WORDS)
    start.until(lambda: "trong" in start.part(QLabel, "strengthText").text())
    start.type("second", WORDS)
    start.click("next")
    start.until(lambda: start.part(QLabel, "words").text())
    start.click("next")
    assert "1 of 3 were shown" in start.problem()
    printed = [start.part(QLabel, "words").accessibleName()]
    for _ in range(2):
        start.click("following")
        printed.append(start.part(QLabel, "words").accessibleName())
    assert len(set(printed)) == 3
    recovery = screen._recovery
    assert recovery is not None and tuple(printed) == recovery.shares
    sheet = screen._shares._sheet(recovery)
    screen._shares.saving.emit(sheet, start.home / "share.pdf")
    start.until(lambda: "Saved as" in start.part(QLabel, "noticeText").text())
    assert (start.home / "share.pdf").read_bytes().startswith(b"%PDF")
    assert not folder.exists()
    start.click("next")
    number = int(start.part(QLabel, "asked").text().split("share ")[1].split()[0])
    field = start.part(QPlainTextEdit, "share")
    field.setPlainText(printed[number - 1].replace(printed[number - 1].split()[4], "zebra", 1))
    start.click("next")
    assert "is not as it was shown" in start.problem()
    field.setPlainText(printed[number - 1].upper())
    assert not folder.exists()
    start.click("next")
    start.until(lambda: start.desktop.shell is not None)
    assert screen._recovery is None and screen._answers == Answers()
    start.desktop.lock()
    start.until(lambda: start.desktop.unlocking.currentWidget().isEnabled())
    with Session.unlock(folder, "anna", WORDS) as session:
        assert session.office.organisation == "Fictional Aid"
        assert session.member.roles == {"officer", "admin"}
        assert [one.policy.id for one in policies.adopted(session.office)] == ["nl"]


def test_whoever_leaves_leaves_nothing_behind(start: Start) -> None:
    folder = start.home / "vault"
    screen = _to_shares(start, folder)
    start.type("first", WORDS)
    start.type("second", WORDS)
    start.click("next")
    start.until(lambda: screen._recovery is not None)
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    start.until(lambda: start.part(QFrame, "leaving").isVisible())
    start.click("stay")
    assert not start.part(QFrame, "leaving").isVisible()
    start.click("cancel")
    start.click("leave")
    assert start.screen is start.desktop._door.welcome
    assert screen._answers == Answers() and screen._recovery is None
    assert [one.text() for one in screen.findChildren(QLineEdit) if one.objectName() in ("first", "second")] == ["", ""]
    assert not folder.exists()


def test_every_step_says_what_is_wrong_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    good = Answers(folder=str(tmp_path / "v"), organisation="O", country="NL", name="anna", passphrase=WORDS)
    for step, answers, said in (
        (Step.PLACE, Answers(folder=""), "in which folder"),
        (Step.PLACE, Answers(folder="relative"), "whole path"),
        (Step.PLACE, Answers(folder=str(tmp_path / "full")), "not empty"),
        (Step.PLACE, Answers(folder=str(tmp_path / "full" / "x")), "a file, not a folder"),
        (Step.OFFICE, Answers(country="NL"), "whose vault"),
        (Step.OFFICE, Answers(organisation="O"), "country"),
        (Step.PERSON, Answers(name=" "), "1 to 64"),
        (Step.PERSON, Answers(name="anna", roles=frozenset()), "at least one"),
        (Step.PASSPHRASE, Answers(key_file=str(tmp_path / "gone")), "cannot be read"),
        (Step.PASSPHRASE, Answers(key_file=str(tmp_path / "full" / "x"), key_is_new=True), "already"),
    ):
        assert said in founding_steps.problem(step, answers), (step, answers)
    assert [founding_steps.problem(step, good) for step in Step] == [""] * len(Step)
    assert not (tmp_path / "v").exists()
    assert founding_steps.template_for("BE") == "be" and founding_steps.template_for("KE") == "international"


def test_a_new_key_file_is_made_with_the_vault_and_not_without(tmp_path: Path) -> None:
    key = tmp_path / "stick.key"
    answers = Answers(
        folder=str(tmp_path / "v"), organisation="O", country="NL", name="anna", passphrase=WORDS, key_file=str(key),
        key_is_new=True,
    )  # fmt: skip
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "x").write_text("")
    with pytest.raises(Refused):
        founding_steps.make(answers, shares.prepare(2, 3))
    assert not key.exists()
    (tmp_path / "v" / "x").unlink()
    founding_steps.make(answers, shares.prepare(2, 3)).close()
    Session.unlock(tmp_path / "v", "anna", WORDS, key_file=keyfiles.read(key)).close()


def _made(folder: Path) -> tuple[str, ...]:
    recovery = shares.prepare(2, 3)
    answers = Answers(folder=str(folder), organisation="O", country="NL", name="anna", passphrase=WORDS)
    founding_steps.make(answers, recovery).close()
    return recovery.shares


def test_a_forgotten_passphrase_from_the_window(start: Start) -> None:
    printed = _made(start.home / "vault")
    start.desktop._door.welcome.take(start.home / "vault")
    start.type("member", "anna")
    start.click("forgotten")
    screen = start.screen
    assert isinstance(screen, RecoveringScreen)
    field = start.part(QPlainTextEdit, "share")
    for typed, said in (
        ("only three words", "33 words; these are 3"),
        (printed[0], ""),
        (printed[0], "added already"),
        (shares.prepare(2, 3).shares[1], "another set"),
        (printed[2], ""),
    ):
        field.setPlainText(typed)
        start.click("add")
        assert said in start.problem() and bool(said) == bool(start.problem()), typed
    start.type("first", "entirely new lantern words")
    start.type("second", "entirely new lantern words")
    start.click("recover")
    start.until(lambda: start.screen is start.desktop.unlocking)
    assert "new keys" in child(start.desktop.unlocking, QLabel, "noticeText").text()
    assert screen._shares == ()
    start.type("passphrase", "entirely new lantern words")
    start.click("unlock")
    start.until(lambda: start.desktop.shell is not None)


def test_vaults_are_remembered_with_their_user_and_forgotten(start: Start, state_dir: Path) -> None:
    for name in ("one", "two"):
        _made(start.home / name)
        recent.remember(start.home / name, f"user of {name}", f"/stick/{name}")
    assert [one.member for one in recent.known()] == ["user of two", "user of one"]
    start.desktop._door.show_welcome()
    view = start.part(QListView, "list")
    assert view.isVisible() and view.model().rowCount() == 2
    start.click("forget")
    assert recent.recent() == [start.home / "one"]
    start.desktop._door.welcome._toast.take_back()
    assert [one.key_file for one in recent.known()] == ["/stick/two", "/stick/one"]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert start.screen is start.desktop.unlocking
    assert start.part(QLineEdit, "member").text() == "user of two"
    assert start.part(QLineEdit, "keyFile").text() == "/stick/two"
    recent.remember(start.home / "two", "somebody else")
    assert recent.known()[0].key_file == ""  # the stick was another user's
    (state_dir / "recent.json").write_text(json.dumps([str(start.home / "one"), 7, {"folder": 1}]))
    assert recent.known() == [recent.Known(str(start.home / "one"))]


def test_a_folder_without_a_vault_is_said(start: Start) -> None:
    start.desktop._door._dropped([start.home])
    assert "There is no vault in" in start.problem()
    assert _nameless(start.desktop._door) == []


def test_the_sample_case_that_is_stopped_is_taken_away(tmp_path: Path) -> None:
    progress = Progress(lambda state: progress.cancel() if state.done else None)
    with pytest.raises(Cancelled):
        sampling.made(tmp_path / "sample", progress, unconfined=False)
    assert not (tmp_path / "sample").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("")
    with pytest.raises(Refused):
        sampling.made(tmp_path / "mine", progress, unconfined=False)
    assert (tmp_path / "mine" / "notes").exists()


def test_preferences_are_kept_and_spoilt_ones_are_as_none(qapp: object, state_dir: Path) -> None:
    told: list[tuple[Choices, Choices]] = []
    one = Preferences()
    one.changed.connect(lambda before, now: told.append((before, now)))
    one.change(theme="dark", minutes=3)
    one.change(theme="dark")
    one.change(text=900)
    assert Preferences().now == Choices(theme="dark", minutes=3) and len(told) == 1
    file = state_dir / "preferences.json"
    file.write_text('{"theme": "pink", "text": 150, "minutes": true, "language": "nl"}')
    assert Preferences().now == Choices(language="nl", text=150)
    file.write_text("{")
    assert Preferences().now == Choices()
    file.write_text("[]")
    assert Preferences().now == Choices()


def test_roles_can_be_chosen(start: Start) -> None:
    _to_shares(start, start.home / "vault")
    start.click("previous")
    for name in ("officer", "oversight"):
        start.part(QCheckBox, name).click()
    start.click("next")
    screen = start.screen
    assert isinstance(screen, FoundingScreen)
    assert screen._answers.roles == {"oversight"}


def test_the_first_window_waits_for_no_service() -> None:
    asked = "import sys, evidencevault.desktop.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "evidencevault.desktop.door" in loaded
    assert not loaded & {"sqlalchemy", "evidencevault.session", "evidencevault.desktop.shell", "pymupdf"}
