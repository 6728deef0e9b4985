"""An officer makes a bundle with mouse and keys, a second member releases it, and it arrives; all on real services."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.desktop import bundles_driven as driven
from tests.desktop.bundles_driven import Answers, choose, click, way
from tests.desktop.case_made import REFERENCE, Made
from tests.desktop.test_look import _nameless
from tests.desktop.window import Window

from evidencevault.bundle import assembly, inside, receipts, receiving
from evidencevault.casework import recipients
from evidencevault.desktop import screens
from evidencevault.desktop.app import QApplication
from evidencevault.desktop.bundle_steps import Step
from evidencevault.desktop.recipients import RecipientsScreen
from evidencevault.formats import age, fingerprints
from evidencevault.progress import Progress

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = age.X25519Identity.generate()


def test_the_address_book_is_kept_with_keys_compared(win: Window) -> None:
    win.shell.go(screens.RECIPIENTS)
    screen = win.shell.shown
    assert isinstance(screen, RecipientsScreen)
    book = screen._book
    pages = book.child(QStackedWidget, "pages")
    win.until(lambda: pages.currentIndex() == 1)
    click(book, "addFirst")
    add = book._adding
    save = add.child(QPushButton, "save")
    assert not save.isEnabled() and "the name, a key" in add.child(QLabel, "missing").text()
    QTest.keyClicks(add.child(QLineEdit, "name"), "The prosecutor")
    keys = add.child(QPlainTextEdit, "keys")
    QTest.keyClicks(keys, "age1nothing")
    QTest.keyClick(keys, Qt.Key.Key_Return, CONTROL)
    refused = add.child(QFrame, "refused")
    win.until(refused.isVisible)
    keys.setPlainText(str(KEY.recipient()))
    QTest.keyClick(keys, Qt.Key.Key_Return, CONTROL)
    win.until(lambda: book.names == ("The prosecutor",))
    card = book._card
    words = fingerprints.of_recipient(str(KEY.recipient())).words
    win.until(lambda: card.isVisible() and words in card.child(QLabel, "words").text())
    assert not card.child(QLabel, "qr").pixmap().isNull()
    assert card.child(QLabel, "checked").text() == "Key not checked"
    card.child(QComboBox, "manner").setCurrentIndex(1)
    QTest.keyClicks(card.child(QLineEdit, "whom"), "Ms Jansen")
    click(card, "enter")
    win.until(lambda: card.child(QLabel, "checked").text() == "Key checked")
    assert "Ms Jansen" in card.child(QLabel, "checks").text() and "in person" in card.child(QLabel, "checks").text()
    click(card, "remove")
    win.until(card.child(QFrame, "asking").isVisible)
    click(card, "keep")
    assert book.names == ("The prosecutor",)
    click(card, "remove")
    click(card, "gone")
    win.until(lambda: pages.currentIndex() == 1 and book.names == ())
    assert _nameless(screen) == []


def test_from_the_officer_to_the_receiver(qapp: QApplication, qtbot: QtBot, made: Made, tmp_path: Path) -> None:
    numbers = driven.mark(made)
    letter, notes, thing = numbers["letter.pdf"], numbers["notes.txt"], numbers["A telephone"]
    with made.unlock() as session:
        recipients.add(session.office, "The prosecutor", [str(KEY.recipient())])
    answers, out = Answers(), tmp_path / "out"
    out.mkdir()
    win = Window(qapp, qtbot, made)
    try:
        screen = driven.bundles(win, answers)
        win.until(screen.child(QPushButton, "makeFirst").isVisible)
        click(screen, "makeFirst")
        assistant = screen.assistant
        win.until(lambda: len(assistant._known.standings) == len(numbers))
        _what(win, numbers)
        QTest.keyClick(win.shell.focusWidget(), Qt.Key.Key_Return, CONTROL)
        _whom(win)
        _preview(win, letter)
        click(assistant, "next")
        click(assistant.pages.run, "make")
        win.until(lambda: assistant._number == "B01")
        assert "nothing recoverable" in assistant.pages.run.child(QLabel, "goodText").text()
        assert "Nobody has entered" in assistant.pages.run.child(QLabel, "warnedText").text()
        click(assistant, "next")
        release = assistant.pages.release
        win.until(lambda: "leo" in release.child(QLabel, "waitsText").text())
        assert not release.child(QPushButton, "release").isEnabled()
        click(release, "close")
        win.until(lambda: screen._model.row_of("B01") >= 0)
        assert list(out.iterdir()) == [] and win.entries("released") == []
        assert _nameless(screen) == []
    finally:
        win.close()
    path = _released_by_leo(qapp, qtbot, made, out)
    received = receiving.verify(path, identities=[KEY])
    with closing(inside.Inside.open(path, inside.Key((KEY,)), Progress())) as found:
        delivered = {one.exhibit: one.kind for one in found.lists.documents}
        held = {one.exhibit: one.reason for one in found.lists.withheld}
    assert delivered[letter] == "redacted" and delivered[thing] == "slip-sheet" and delivered[notes] == "redacted"
    secret = numbers["secret.txt"]
    assert held == {secret: "privilege", numbers["mail.eml"]: "third-party", numbers["list.csv"]: "third-party"}
    assert b"What only a stated purpose opens" not in b"".join(_bytes(path))
    _arrives(qapp, qtbot, made, receipts.code(received.tag_manifest_sha256))


def _what(win: Window, numbers: dict[str, str]) -> None:
    """What is withheld says why; what nobody has looked at leads there; the box takes out and puts in."""
    screen = win.shell.shown
    assistant = screen.assistant  # type: ignore[attr-defined]
    what, item = assistant.pages.what, assistant.pages.what.item
    missing = assistant.child(QLabel, "missing")
    assert numbers["secret.txt"] in missing.text() and "not reviewed" in missing.text()
    choose(what, numbers["secret.txt"])
    went: list[tuple[str, str]] = []
    screen.wanted.disconnect()  # type: ignore[attr-defined]
    screen.wanted.connect(lambda *where: went.append(where))  # type: ignore[attr-defined]
    click(item, "go")
    assert went == [("redactions", numbers["secret.txt"])]
    way(assistant, "withheld")
    assert "say why" in missing.text()
    reason = item.child(QComboBox, "reason")
    reason.setFocus()
    reason.setCurrentIndex(reason.findData("privilege"))
    reason.activated.emit(reason.currentIndex())
    basis = item.child(QLineEdit, "basisText")
    assert basis.isVisible()
    QTest.keyClicks(basis, "art. 165 Rv")
    choose(what, numbers["mail.eml"], numbers["list.csv"])
    assert item.child(QLabel, "name").text() == "2 evidence items"
    way(assistant, "withheld")
    reason.setCurrentIndex(reason.findData("third-party"))
    reason.activated.emit(reason.currentIndex())
    assert missing.text() == ""
    view = what.child(QListView, "list")
    choose(what, numbers["notes.txt"])
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert assistant._choice.going(numbers["notes.txt"]).how == "out"
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert assistant._choice.going(numbers["notes.txt"]).how == "copy" and missing.text() == ""


def _whom(win: Window) -> None:
    """Ticked in the address book with Space; then why, typed; going back keeps it."""
    assistant = win.shell.shown.assistant  # type: ignore[attr-defined]
    assert assistant._step == Step.WHOM and "address book" in assistant.child(QLabel, "missing").text()
    view = assistant.pages.whom._book.child(QListView, "list")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert assistant.child(QLabel, "missing").text() == ""
    QTest.keyClick(view, Qt.Key.Key_Return, CONTROL)
    assert assistant._step == Step.WHY
    QTest.keyClicks(assistant.pages.why.child(QLineEdit, "purpose"), "An investigation")
    QTest.keyClick(win.shell.focusWidget(), Qt.Key.Key_Return, CONTROL)  # the legal basis is missing still
    assert assistant.pages.preview.shows_lacks
    steps = assistant.pages.preview.child(QListView, "open")
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert assistant._step == Step.WHY
    QTest.keyClicks(assistant.pages.why.child(QComboBox, "legalBasis").lineEdit(), "art. 6(1)(c)")
    assert assistant.pages.why.child(QLineEdit, "purpose").text() == "An investigation"
    QTest.keyClick(win.shell.focusWidget(), Qt.Key.Key_Return, CONTROL)


def _preview(win: Window, letter: str) -> None:
    """The redacted copy is looked at as it would leave, numbered; nothing was made."""
    assistant = win.shell.shown.assistant  # type: ignore[attr-defined]
    preview = assistant.pages.preview
    win.until(lambda: assistant._previewed is not None)
    first = preview._model.index(0, 0).data()
    assert letter in first and "NL20260001-000001 – 000003" in first
    label = preview.child(QLabel, "pageOf")
    win.until(lambda: label.text() == "Page 1 of 3")
    QTest.keyClick(preview._canvas, Qt.Key.Key_PageDown)
    win.until(lambda: label.text() == "Page 2 of 3")
    listed = [preview._model.index(n, 0).data() for n in range(preview._model.rowCount())]
    assert any("Cover sheet" in one for one in listed) and any("head and subject" in one for one in listed)
    assert win.entries("created") == []


def _released_by_leo(qapp: QApplication, qtbot: QtBot, made: Made, out: Path) -> Path:
    win = Window(qapp, qtbot, made, unlocked=False)
    try:
        win.desktop.open_with(made.unlock("leo"))
        win.until(lambda: win.shell._head is not None)
        answers = Answers()
        screen = driven.bundles(win, answers)
        text = screen.child(QTextBrowser, "text")
        win.until(lambda: "The prosecutor" in text.toPlainText() and "art. 165 Rv" in text.toPlainText())
        assert "nothing recoverable" in text.toPlainText()
        assert not screen.child(QPushButton, "make").isVisible()
        click(screen, "act_release")
        release = screen._release()
        win.until(release.child(QWidget, "asking").isVisible)
        assert not release.child(QWidget, "alone").isVisible()
        assert "the folder" in release.child(QLabel, "missing").text()
        answers.to = out / "nowhere"
        click(release, "choose")
        click(release, "release")
        win.until(release.child(QFrame, "problem").isVisible)
        answers.to = out
        click(release, "choose")
        click(release, "release")
        win.until(release.child(QWidget, "done").isVisible)
        assert len(release.child(QLabel, "words").text().split()) == fingerprints.COUNT
        assert win.entries("released") == [("released", "B01")]
    finally:
        win.close()
    (path,) = out.iterdir()
    assert path.name == f"{REFERENCE}-B01.zip.age"
    return path


def _arrives(qapp: QApplication, qtbot: QtBot, made: Made, code: str) -> None:
    win = Window(qapp, qtbot, made)
    try:
        screen = driven.bundles(win, Answers())
        win.until(lambda: screen._model.row_of("B01") >= 0)
        win.until(lambda: screen.child(QPushButton, "act_receipt").isVisible())
        click(screen, "act_receipt")
        form = screen._receipt()
        QTest.keyClicks(form.child(QLineEdit, "words"), "one two three four five")
        QTest.keyClicks(form.child(QLineEdit, "by"), "Ms Jansen")
        click(form, "enter")
        win.until(form.child(QFrame, "problem").isVisible)
        form.child(QLineEdit, "words").setText(code)
        click(form, "enter")
        text = screen.child(QTextBrowser, "text")
        win.until(lambda: "five words by telephone" in text.toPlainText())
        win.until(lambda: "Arrived" in screen._model.index(0, 0).data())
        view = screen.child(QListView, "list")
        QTest.keyClick(view, Qt.Key.Key_End)
        win.until(lambda: "Everything that left this case" in text.toPlainText())
        assert "An investigation" in text.toPlainText()
    finally:
        win.close()


def test_what_is_chosen_is_kept_when_the_assistant_is_left(win: Window) -> None:
    screen = driven.bundles(win, Answers())
    win.until(screen.child(QPushButton, "makeFirst").isVisible)
    click(screen, "makeFirst")
    assistant = screen.assistant
    win.until(lambda: assistant._known.standings)
    click(assistant.pages.what, "chosen")
    assert "At least one" in assistant.child(QLabel, "missing").text()
    view = assistant.pages.what.child(QListView, "list")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assistant.go(Step.WHOM)
    click(assistant.pages.whom, "byPassphrase")
    click(assistant.pages.whom, "suggest")
    assert assistant.child(QLabel, "missing").text() == ""
    QTest.keyClick(assistant.pages.whom.child(QLineEdit, "passphrase"), Qt.Key.Key_Escape)
    win.until(lambda: not assistant.isVisible())
    click(screen, "makeFirst")
    win.until(lambda: assistant._choice.by_passphrase)
    assert assistant._choice.mode == "chosen" and len(assistant._choice.treated) == 1
    assert assistant._choice.passphrase == ""  # that is kept nowhere
    win.desktop.lock()
    win.locked()


def test_a_release_alone_asks_why(qapp: QApplication, qtbot: QtBot, made: Made, tmp_path: Path) -> None:
    numbers = driven.mark(made)
    with made.unlock() as session:
        chosen = assembly.Selection((numbers["letter.pdf"],), {}, (), (str(KEY.recipient()),), None, "p", "b")
        assembly.create(session.case(REFERENCE), session.workers, chosen)
    win, answers = Window(qapp, qtbot, made), Answers()
    try:
        screen = driven.bundles(win, answers)
        win.until(lambda: screen.child(QPushButton, "act_release").isVisible())
        click(screen, "act_release")
        release = screen._release()
        win.until(release.child(QWidget, "alone").isVisible)
        answers.to = tmp_path
        click(release, "choose")
        assert not release.child(QPushButton, "release").isEnabled()
        QTest.keyClicks(release.child(QLineEdit, "reason"), "Leo is ill")
        click(release, "release")
        win.until(release.child(QWidget, "done").isVisible)
        click(release, "close")
        text = screen.child(QTextBrowser, "text")
        win.until(lambda: "Leo is ill" in text.toPlainText())
    finally:
        win.close()


def _bytes(path: Path) -> list[bytes]:
    with closing(inside.Inside.open(path, inside.Key((KEY,)), Progress())) as found:
        return [found.source(one).read(0, one.size) for one in found.lists.documents]
