"""The three roles' day through the real window: from the first start to a bundle that an investigator opens.

Mouse and keys on real widgets and real services; light, dark, and in Arabic. Widgets are found by their names, because
the words on them are others in each language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pymupdf
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
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.desktop.bundles_driven import Answers
from tests.desktop.test_importing import accept, drop, names
from tests.desktop.test_inbox import Driver
from tests.desktop.test_start import WORDS, Start
from tests.desktop.window import Window
from tests.support.watchdog import Watchdog

from evidencevault import resources
from evidencevault.bundle import inside
from evidencevault.desktop import application, screens
from evidencevault.desktop.address_book import AddressBook
from evidencevault.desktop.bundles import BundlesScreen
from evidencevault.desktop.forms import child
from evidencevault.desktop.inbox_receipt import ReceiptSheet
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.records import RecordsScreen
from evidencevault.desktop.redactions import RedactionsScreen
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.talk import TalkEditor
from evidencevault.desktop.writedown import WriteDown
from evidencevault.formats import age
from evidencevault.progress import Progress
from evidencevault.resources import tr

REFERENCE, CHILD = "NL-2026-0001", "Wietske Bartelsen"
FIRST, OWN = "leo's first lantern words", "leo's very own lantern words"
KEY = age.X25519Identity.generate()
HELD_UP = 6  # times the limit: the watchdog names what is over it, and a slow machine is no failure
CONTROL = Qt.KeyboardModifier.ControlModifier


class Day(Window):
    """The window from its first start on."""

    def __init__(self, start: Start) -> None:
        self.app, self.bot, self.desktop, self.start = start.app, start.bot, start.desktop, start
        self.closed = False

    def press(self, name: str, of: QWidget) -> None:
        """Click a button that can be seen and used."""
        self.until(lambda: any(one.isVisible() and one.isEnabled() for one in of.findChildren(QPushButton, name)))
        button = next(one for one in of.findChildren(QPushButton, name) if one.isVisible() and one.isEnabled())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(6, button.height() // 2))

    def shelf(self, name: str) -> RecordsScreen:
        self.shell.go(name)
        screen = self.shell.shown
        assert isinstance(screen, RecordsScreen)
        self.until(lambda: screen.reference == REFERENCE and screen._writes)
        return screen

    def fill(self, screen: QWidget, **values: object) -> None:
        """Fill the sheet in by the names of its fields, and save it with the keyboard."""
        editor = screen._editor  # type: ignore[attr-defined]
        self.until(lambda: editor._form is not None)
        for name, value in values.items():
            field = editor._form._fields[name.rstrip("_")]
            edit = field.findChild(QLineEdit) or field.findChild(QPlainTextEdit)
            if (
                isinstance(value, str)
                and isinstance(edit, QLineEdit | QPlainTextEdit)
                and not field.findChild(QComboBox)
            ):
                edit.setFocus()
                QTest.keyClicks(edit, value)
            else:
                field.show_value(value)
        self.press("save", editor)

    def act(self, screen: RecordsScreen, text: str) -> None:
        acts = child(screen, QFrame, "acts")
        self.until(lambda: any(one.text() == text and one.isVisible() for one in acts.findChildren(QPushButton)))
        button = next(one for one in acts.findChildren(QPushButton) if one.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def enter(self, name: str, passphrase: str) -> None:
        """Lock, and unlock as somebody."""
        if self.desktop.shell is not None:
            self.desktop.lock()
            self.locked()
        screen = self.desktop.unlocking
        for field, text in (("member", name), ("passphrase", passphrase)):
            line = child(screen, QLineEdit, field)
            line.selectAll()
            QTest.keyClicks(line, text)
        QTest.keyClick(child(screen, QLineEdit, "passphrase"), Qt.Key.Key_Return)


@pytest.fixture(params=[("light", "en"), ("dark", "en"), ("light", "ar")], ids=["light", "dark", "arabic"])
def day(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Day]:
    theme, language = request.param
    Preferences().change(theme=theme, language=language)
    application.choose(Preferences().now)
    application.application()
    start = Start(qapp, qtbot, tmp_path)
    yield Day(start)
    start.close()
    Preferences().change(theme="light", language="en")
    application.choose(Preferences().now)
    application.application()
    resources.use_language("en")


def _found(day: Day, folder: Path) -> None:
    """A new vault: country and its policy, name, passphrase, recovery shares, one of them typed back."""
    start = day.start
    start.click("create")
    start.until(lambda: start.screen.findChild(QLineEdit, "folder"))
    start.type("folder", str(folder))
    start.click("next")
    start.type("organisation", "Fictional Aid")
    country = start.part(QComboBox, "country")
    country.setCurrentIndex(country.findData("NL"))
    start.click("next")
    start.until(lambda: start.part(QListView, "steps").model().rowCount() > 5)
    start.part(QRadioButton, "now").click()
    start.click("next")
    start.type("name", "anna")
    start.click("next")
    start.type("first", WORDS)
    start.type("second", WORDS)
    start.click("next")
    start.until(lambda: start.part(QLabel, "words").text())
    printed = [start.part(QLabel, "words").accessibleName()]
    for _ in range(2):
        start.click("following")
        printed.append(start.part(QLabel, "words").accessibleName())
    start.click("next")
    number = int(re.findall(r"\d+", start.part(QLabel, "asked").text())[0])
    start.part(QPlainTextEdit, "share").setPlainText(printed[number - 1])
    start.click("next")
    day.until(lambda: start.desktop.shell is not None)


def _begin_a_case(day: Day) -> None:
    """The case, the child, and a voice that is written down at once."""
    day.press("newCase", day.shell.home)
    day.fill(day.shell.shown, title="A locked room", categories=["neglect"], severity="high",
             immediate_safety={"state": "at-risk"})  # fmt: skip
    day.until(lambda: day.shell.open_reference == REFERENCE)
    persons = day.shelf(screens.PERSONS)
    persons.begin()
    day.fill(persons, role="child", names=[CHILD])
    day.until(lambda: persons._model.row_of("Child A") >= 0)
    day.shell.activateWindow()
    QTest.keyClick(day.shell.focusWidget() or day.shell, Qt.Key.Key_N, CONTROL)
    sheet = day.shell.findChild(WriteDown)
    assert sheet is not None
    day.press("danger", sheet)
    words = child(sheet, QPlainTextEdit, "words")
    words.setFocus()
    QTest.keyClicks(words, "He locks me in.")
    case = child(sheet, QComboBox, "case")
    case.setCurrentIndex(case.findData(REFERENCE))
    day.press("save", sheet)
    day.until(lambda: day.shell.findChild(WriteDown) is None)


def _bring_evidence(day: Day, folder: Path) -> None:
    """Files are dropped on the window; one is a letter that names the child."""
    folder.mkdir()
    with pymupdf.open() as document:
        page = document.new_page()
        for n, line in enumerate((f"On Monday {CHILD} came to us.", "Nobody else was there.")):
            page.insert_text((72, 100 + 30 * n), line, fontsize=14)
        document.save(folder / "letter.pdf")
    day.shell.go(screens.EVIDENCE)
    day.until(lambda: day.shell.evidence.reference == REFERENCE)
    drop(day, [folder])
    accept(day, "The school")
    day.until(lambda: names(day) == ["letter.pdf"])
    day.choose("E001")
    page_label = day.part(QLabel, "page", day.viewer)
    day.until(page_label.text)  # it was opened, and that is entered


def _listen(day: Day) -> None:
    """An interview, typed while the child speaks, and signed."""
    shelf = day.shelf(screens.INTERVIEWS)
    shelf.begin()
    day.fill(shelf, with_="Child A", language="en", consent={"state": "assent"}, model="NICHD")
    day.until(lambda: isinstance(shelf._own, TalkEditor) and shelf._own._talk is not None)
    day.shell.activateWindow()  # a window manager does that when a sheet over it closes
    day.until(day.shell.isActiveWindow)
    for text in ("Tell me what happened.", "He locked the door."):
        editor = day.shell.focusWidget()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(day.shell.focusWidget(), Qt.Key.Key_F8)
    QTest.keyClick(day.shell.focusWidget(), Qt.Key.Key_Return, CONTROL)
    text = child(shelf, QTextBrowser, "text")
    day.until(lambda: "He locked the door." in text.toPlainText())
    day.act(shelf, tr("Sign and lock"))
    day.until(lambda: tr("Signed by {name}").format(name="anna") in text.toPlainText())


def _bring_a_colleague(day: Day) -> None:
    """A legal adviser gets a key, and access to the case; somebody who receives bundles gets into the address book."""
    day.shell.go(screens.SETTINGS)
    settings = day.shell.shown
    assert isinstance(settings, SettingsScreen)
    settings.point_to("members")
    day.press("add", settings)
    for name, text in (("newName", "leo"), ("first", FIRST), ("second", FIRST)):
        line = next(one for one in settings.findChildren(QLineEdit, name) if one.isVisible())
        QTest.keyClicks(line, text)
    child(settings, QCheckBox, "newLegal").click()
    day.press("create", settings)
    shown = next(one for one in settings.findChildren(QListView, "list") if one.isVisible())
    day.until(lambda: shown.model().rowCount() == 2)
    file = day.shelf(screens.FILE)
    day.until(lambda: file._model.rowCount() == 3)
    file.point_to("access")
    day.act(file, tr("Give access"))
    day.fill(file, name="leo")
    text = child(file, QTextBrowser, "text")
    day.until(lambda: "leo" in text.toPlainText())
    day.shell.go(screens.RECIPIENTS)
    book = day.shell.shown.findChild(AddressBook)
    assert book is not None
    day.press("addFirst", book)
    QTest.keyClicks(book._adding.child(QLineEdit, "name"), "The prosecutor")
    keys = book._adding.child(QPlainTextEdit, "keys")
    keys.setPlainText(str(KEY.recipient()))
    QTest.keyClick(keys, Qt.Key.Key_Return, CONTROL)
    day.until(lambda: book.names == ("The prosecutor",))


def _redact(day: Day, *, approve: bool) -> None:
    """The officer hides the child and sends it; the adviser looks at it and approves."""
    day.shell.go(screens.REDACTIONS, "E001")
    screen = day.shell.shown
    assert isinstance(screen, RedactionsScreen)
    day.until(lambda: screen._late.made is not None)
    redactor = screen.redactor
    day.until(lambda: redactor.bench.ready is not None and redactor._images.image(1) is not None)
    if not approve:
        day.press("tabPersons", redactor)
        persons = redactor.side.persons.child(QListView, "list")
        day.until(lambda: persons.model().rowCount() == 1)
        persons.setFocus()
        QTest.keyClick(persons, Qt.Key.Key_Home)
        day.press("mark", redactor.side.persons)
        day.until(lambda: redactor.bench.view is not None and len(redactor.bench.view.marks) == 1)
    day.press("send", redactor)
    if approve:
        day.press("approve", redactor.side.approval)
    wanted = "approved" if approve else "waiting"
    day.until(lambda: redactor.bench.view is not None and redactor.bench.view.state == wanted)


def _bundles(day: Day, answers: Answers) -> BundlesScreen:
    day.shell.go(screens.BUNDLES)
    screen = day.shell.shown
    assert isinstance(screen, BundlesScreen)
    screen._files = answers  # type: ignore[assignment]
    day.until(lambda: screen.reference == REFERENCE)
    return screen


def _make(day: Day) -> None:
    """The assistant: all of the case, for whom, why, what will leave, made and checked."""
    screen = _bundles(day, Answers())
    day.press("makeFirst", screen)
    day.until(lambda: screen._assistant.made is not None)  # its forms come in turns, as nobody hurries them
    assistant = screen.assistant
    day.until(lambda: len(assistant._known.standings) == 1 and child(assistant, QPushButton, "next").isEnabled())
    day.press("next", assistant)
    view = assistant.pages.whom._book.child(QListView, "list")
    day.until(lambda: view.model().rowCount() == 1)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    day.press("next", assistant)
    QTest.keyClicks(assistant.pages.why.child(QLineEdit, "purpose"), "An investigation")
    QTest.keyClicks(assistant.pages.why.child(QComboBox, "legalBasis").lineEdit(), "art. 6(1)(c)")
    day.press("next", assistant)
    day.until(lambda: assistant._previewed is not None)
    day.press("next", assistant)
    day.press("make", assistant.pages.run)
    day.until(lambda: assistant._number == "B01")


def _release(day: Day, out: Path) -> Path:
    out.mkdir()
    answers = Answers()
    answers.to = out
    screen = _bundles(day, answers)
    day.press("act_release", screen)
    day.until(lambda: screen._release.made is not None)
    release = screen._release()
    day.press("choose", release)
    day.press("release", release)
    day.until(release.child(QWidget, "done").isVisible)
    (path,) = out.iterdir()
    return path


def _investigate(day: Day, path: Path, to: Path) -> str:
    """Somebody without a vault opens the bundle, reads it, and confirms that it came; gives the five words."""
    one = Driver(day.app, day.bot)
    try:
        one.opened(path, str(KEY))
        one.documents()
        one.click("receipt")
        sheet = one.window.findChild(ReceiptSheet)
        assert sheet is not None
        QTest.keyClicks(one.part(QLineEdit, "by", sheet), "Ms Jansen")
        one.answers.to = to
        one.click("write", sheet)
        one.until(one.part(QFrame, "done", sheet).isVisible)
        return one.part(QLabel, "code", sheet).text().strip("\u2068\u2069")
    finally:
        one.window.shut()
        one.window.deleteLater()


def _confirm(day: Day, words: str) -> None:
    screen = _bundles(day, Answers())
    day.until(lambda: screen._model.row_of("B01") >= 0)
    screen.point_to("B01")
    day.press("act_receipt", screen)
    QTest.keyClicks(screen._receipt().child(QLineEdit, "words"), words)
    QTest.keyClicks(screen._receipt().child(QLineEdit, "by"), "Ms Jansen")
    day.press("enter", screen._receipt())
    day.until(lambda: tr("Arrived") in str(screen._model.index(0, 0).data()))


def test_from_the_first_start_to_an_investigator_with_a_bundle(day: Day, tmp_path: Path) -> None:
    dog = Watchdog()
    dog.start()
    try:
        _found(day, tmp_path / "vault")
        _begin_a_case(day)
        _bring_evidence(day, tmp_path / "in")
        _listen(day)
        _bring_a_colleague(day)
        _redact(day, approve=False)

        day.enter("leo", FIRST)
        unlocking = day.desktop.unlocking
        day.until(lambda: unlocking.currentIndex() == 1)
        for name in ("first", "second"):
            QTest.keyClicks(child(unlocking.currentWidget(), QLineEdit, name), OWN)
        day.press("unlock", unlocking.currentWidget())
        day.until(lambda: day.desktop.shell is not None and day.shell.open_reference == REFERENCE)
        _redact(day, approve=True)

        day.enter("anna", WORDS)
        day.until(lambda: day.desktop.shell is not None and day.shell.open_reference == REFERENCE)
        _make(day)
        day.enter("leo", OWN)
        day.until(lambda: day.desktop.shell is not None and day.shell.open_reference == REFERENCE)
        path = _release(day, tmp_path / "out")
        words = _investigate(day, path, tmp_path / "receipt.txt")
        day.enter("anna", WORDS)
        day.until(lambda: day.desktop.shell is not None and day.shell.open_reference == REFERENCE)
        _confirm(day, words)
    finally:
        dog.stop()
    with closing(inside.Inside.open(path, inside.Key((KEY,)), Progress())) as found:
        assert [one.kind for one in found.lists.documents] == ["redacted"]
    print("\n".join(map(str, dog.stalls)))
    assert [str(one) for one in dog.stalls if one.seconds > HELD_UP * dog.limit] == []
    actions = {action for action, _ in day.entries("viewed", "signed", "approved", "released", "acknowledged")}
    assert actions == {"viewed", "signed", "approved", "released", "acknowledged"}
