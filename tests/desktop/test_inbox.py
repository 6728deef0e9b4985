"""A received bundle in its window, as somebody without a vault uses it: keys, clicks, real bundles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.desktop.test_look import _nameless
from tests.desktop.window import LONG
from tests.support.inbox import KEY, NAME, PASSPHRASE, Answers, House, copied, house

from evidencevault.bundle import disclosing, receipts, receiving
from evidencevault.desktop import forms
from evidencevault.desktop.app import Desktop
from evidencevault.desktop.asking import Question
from evidencevault.desktop.canvas import PageCanvas
from evidencevault.desktop.delegates import CheckDelegate
from evidencevault.desktop.forms import child
from evidencevault.desktop.inbox import Inbox
from evidencevault.desktop.inbox_disclosure import DisclosureSheet
from evidencevault.desktop.inbox_earlier import SecretSheet
from evidencevault.desktop.inbox_receipt import ReceiptSheet
from evidencevault.desktop.inbox_rows import CheckRow
from evidencevault.desktop.look import LIGHT, Theme
from evidencevault.desktop.table import ROW
from evidencevault.formats import age, fingerprints
from evidencevault.vault.registry import Field

W = TypeVar("W", bound=QWidget)


class Driver:
    """Uses the window as a person would."""

    def __init__(self, app: QApplication, bot: QtBot) -> None:
        self.app, self.bot, self.answers = app, bot, Answers()
        self.theme = Theme(app, LIGHT)
        self.window = Inbox(app, self.theme, unconfined=False, files=self.answers)  # type: ignore[arg-type]
        self.window.start()

    def part(self, kind: type[W], name: str, of: QWidget | None = None) -> W:
        return child(of or self.window, kind, name)

    def until(self, holds: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(holds()), timeout=LONG)

    def click(self, name: str, of: QWidget | None = None, kind: type[QWidget] = QPushButton) -> None:
        button = self.part(kind, name, of)
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))

    def key(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        modifiers = held[0] if held else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)

    def open(self, path: Path, secret: str) -> None:
        """Choose the file in the dialog, type what opens it, Enter."""
        self.answers.bundle_file = path
        self.click("browse", kind=QToolButton)
        field = "identity" if secret.startswith("AGE") or "/" in secret else "passphrase"
        self.until(lambda: self.part(QLineEdit, field).hasFocus())
        QTest.keyClicks(self.part(QLineEdit, field), secret)
        self.key(Qt.Key.Key_Return)

    def opened(self, path: Path, secret: str = "") -> None:
        self.open(path, secret or str(KEY))
        self.until(lambda: self.window.bundle.opened)

    def documents(self) -> None:
        self.click("read")
        self.until(lambda: self.canvas._image is not None)

    @property
    def canvas(self) -> PageCanvas:
        return self.part(PageCanvas, "canvas")

    @property
    def reader(self) -> QWidget:
        return self.window.bundle.documents.reader

    @property
    def states(self) -> list[str]:
        model = self.part(QListView, "steps").model()
        rows: list[CheckRow] = [model.data(model.index(n, 0), ROW) for n in range(model.rowCount())]
        return [row.state for row in rows]

    def said(self, name: str, of: QWidget) -> str:
        frame = self.part(QFrame, name, of)
        return "" if frame.isHidden() else self.part(QLabel, f"{name}Text", of).text()

    def question(self) -> Question:
        self.until(lambda: any(one.isVisible() for one in self.window.findChildren(Question)))
        return next(one for one in self.window.findChildren(Question) if one.isVisible())


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("sent")) as made:
        yield made


@pytest.fixture
def one(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    translator = forms.install_translator(qapp)
    made = Driver(qapp, qtbot)
    yield made
    made.window.shut()
    made.window.deleteLater()
    qapp.removeTranslator(translator)


@pytest.fixture
def bundle(sent: House, tmp_path: Path) -> Path:
    return copied(sent.to_key, tmp_path)


def test_a_good_bundle_is_checked_and_read(one: Driver, bundle: Path) -> None:
    before = sorted(bundle.parent.rglob("*"))
    one.opened(bundle)
    assert one.states == ["good"] * 6
    checks = one.window.bundle.checks
    found = receiving.verify(bundle, identities=[KEY])
    assert one.part(QLabel, "fingerprint", checks).text().strip("\u2068\u2069") == found.signer
    # As the sender's own list of bundles says it.
    assert one.part(QLabel, "words", checks).text().strip("\u2068\u2069") == fingerprints.of_ssh(found.signer).words
    assert one.part(QLineEdit, "identity").text() == ""
    one.documents()
    listing = one.part(QListView, "list")
    assert listing.hasFocus() and listing.model().rowCount() == 3
    assert one.part(QLabel, "page", one.reader).text() == "Page 1 of 2"
    one.key(Qt.Key.Key_F6)
    one.key(Qt.Key.Key_PageDown)
    assert one.part(QLabel, "page", one.reader).text() == "Page 2 of 2"
    one.key(Qt.Key.Key_F6)
    one.key(Qt.Key.Key_Down)
    one.until(lambda: one.part(QLabel, "page", one.reader).text() == "Page 1 of 1")
    assert "1 withheld" in one.part(QLabel, "totals").text()
    assert sorted(bundle.parent.rglob("*")) == before  # nothing was unpacked


def test_the_list_is_filtered(one: Driver, bundle: Path) -> None:
    one.opened(bundle)
    one.documents()
    one.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = one.part(QLineEdit, "filter")
    assert search.hasFocus()
    QTest.keyClicks(search, "third")
    assert one.part(QListView, "list").model().rowCount() == 1
    QTest.keyClicks(search, "zzz")
    assert one.part(QLabel, "emptyTitle").text() == "Nothing fits"


def test_a_wrong_passphrase_and_the_right_one(one: Driver, sent: House) -> None:
    ask = one.window.ask
    one.open(sent.to_passphrase, "not these words")
    one.until(lambda: "passphrase does not open" in one.said("problem", ask))
    assert "Nothing was opened" in one.said("problem", ask)
    field = one.part(QLineEdit, "passphrase")
    one.until(field.hasFocus)
    QTest.keyClicks(field, PASSPHRASE)
    one.key(Qt.Key.Key_Return)
    one.until(lambda: one.window.bundle.opened)
    assert one.states == ["good"] * 6
    assert "B01" in one.part(QListView, "steps").model().index(5, 0).data()


def compared(one: Driver, earlier: Path) -> None:
    one.answers.earlier_file = earlier
    one.click("earlier")


def chip(one: Driver) -> str:
    return one.part(QLabel, "state", one.window.bundle).text()


def test_it_is_held_against_an_earlier_bundle(one: Driver, sent: House, tmp_path: Path) -> None:
    one.opened(sent.to_passphrase, PASSPHRASE)
    # Sealed to a key, while this one opens with a passphrase: that is asked for.
    compared(one, sent.to_key)
    one.until(lambda: any(sheet.isVisible() for sheet in one.window.findChildren(SecretSheet)))
    sheet = next(each for each in one.window.findChildren(SecretSheet) if each.isVisible())
    field = one.part(QLineEdit, "secret", sheet)
    one.until(field.hasFocus)
    assert field.echoMode() == QLineEdit.EchoMode.Password and not one.part(QPushButton, "compare", sheet).isEnabled()
    QTest.keyClicks(field, str(KEY))
    QTest.keyClick(field, Qt.Key.Key_Return)
    one.until(lambda: one.states == ["good"] * 7)
    steps = one.part(QListView, "steps")
    assert "B01" in steps.model().index(6, 0).data() and steps.height() == 7 * CheckDelegate.row_height
    assert chip(one) == "Whole"
    # The checkpoint alone does, and needs no key.
    _, folder = receiving.open_bundle(sent.to_key, tmp_path, identities=[KEY])
    compared(one, folder / "data/custody/checkpoint")
    one.until(lambda: one.states == ["good"] * 7)
    compared(one, sent.to_passphrase)
    one.until(lambda: len(one.states) == 7 and "same moment" in steps.model().index(6, 0).data())


def test_a_bundle_that_does_not_continue_the_earlier_one_says_so(one: Driver, sent: House, bundle: Path) -> None:
    one.opened(bundle)
    _, folder = receiving.open_bundle(sent.to_passphrase, bundle.parent / "later", passphrase=PASSPHRASE)
    compared(one, folder / "data/custody/checkpoint")
    checks = one.window.bundle.checks
    one.until(lambda: one.said("problem", checks))
    assert "set back" in one.said("problem", checks) and one.states == [*["good"] * 6, "bad"]
    assert chip(one) == "Does not continue"
    one.documents()  # each of its files is still the one that was signed


def test_what_is_no_earlier_bundle_is_compared_with_nothing(one: Driver, sent: House, bundle: Path) -> None:
    one.opened(bundle)
    checks = one.window.bundle.checks
    cut = bundle.parent / "cut.zip.age"
    cut.write_bytes(bundle.read_bytes()[:-1000])
    for wrong in (cut, bundle.parent / "not there"):
        compared(one, wrong)
        one.until(lambda: "nothing was compared" in one.said("problem", checks))
        assert one.states == ["good"] * 6 and chip(one) == "Whole"
    compared(one, sent.to_passphrase)
    one.until(lambda: any(sheet.isVisible() for sheet in one.window.findChildren(SecretSheet)))
    sheet = next(each for each in one.window.findChildren(SecretSheet) if each.isVisible())
    QTest.keyClicks(one.part(QLineEdit, "secret", sheet), "not these words")
    one.click("compare", sheet)
    one.until(lambda: "passphrase does not open" in one.said("problem", checks))
    assert one.states == ["good"] * 6


def test_keys_that_do_not_fit_or_are_none(one: Driver, bundle: Path, tmp_path: Path) -> None:
    ask = one.window.ask
    other = tmp_path / "key.txt"
    other.write_text("# mine\n" + str(type(KEY).generate()) + "\n")
    for secret, said in (
        (str(other), "none of your keys"),
        (str(tmp_path / "no"), "cannot be read"),
        (str(bundle), "no key file"),
        ("AGE-SECRET-KEY-1NONSENSE", "Line 1"),
    ):
        one.part(QLineEdit, "identity").setText("")
        one.open(bundle, secret)
        one.until(lambda said=said: said in one.said("problem", ask))
    one.part(QLineEdit, "identity").setText(str(KEY))
    assert one.part(QLineEdit, "identity").echoMode() == QLineEdit.EchoMode.Password


def test_one_changed_byte_is_named(one: Driver, bundle: Path) -> None:
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    one.open(bundle, str(KEY))
    checks = one.window.bundle.checks
    one.until(lambda: one.said("problem", checks))
    assert "changed or damaged after" in one.said("problem", checks)
    assert one.states == ["good", "good", "bad", "plain", "plain", "plain"]
    assert not one.part(QPushButton, "tabDocuments").isEnabled()
    assert not one.part(QPushButton, "receipt").isEnabled()
    one.until(one.part(QPushButton, "back").hasFocus)
    one.key(Qt.Key.Key_Space)
    assert one.part(QLineEdit, "file").isVisible()


def test_a_cut_file_is_named(one: Driver, bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes()[:-1000])
    one.open(bundle, str(KEY))
    one.until(lambda: "cut" in one.said("problem", one.window.bundle.checks))


def test_what_is_no_bundle(one: Driver, tmp_path: Path) -> None:
    (tmp_path / "x.zip.age").write_text("hello")
    one.answers.bundle_file = tmp_path / "x.zip.age"
    one.click("browse", kind=QToolButton)
    one.until(lambda: "not an age encrypted file" in one.said("problem", one.window.ask))
    assert not one.part(QPushButton, "open").isEnabled()


def test_checking_can_be_stopped(one: Driver, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()
    real = receiving.bag.check

    def slow(*given: object) -> object:
        reached.set()
        go_on.wait(20)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving.bag, "check", slow)
    one.open(bundle, str(KEY))
    one.until(reached.is_set)
    one.until(lambda: one.states[:3] == ["good", "good", "accent"])
    one.key(Qt.Key.Key_Escape)
    go_on.set()
    one.until(lambda: one.said("told", one.window.ask) == "Stopped. Nothing was opened.")
    assert one.window.bundle.opened is None


def test_notes_are_sealed_and_come_back(one: Driver, bundle: Path) -> None:
    one.opened(bundle)
    checks = one.window.bundle.checks
    QTest.mouseClick(one.part(QCheckBox, "compared"), Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    QTest.keyClicks(one.part(QLineEdit, "whom"), "J. <b>O'Neill</b>")
    QTest.keyClicks(one.part(QPlainTextEdit, "notes", checks), "Ring the school.")
    one.documents()
    QTest.keyClicks(one.part(QPlainTextEdit, "notes", one.reader), "Who is Ms O?")
    assert one.part(QLabel, "notesState").text() == "Notes not saved"
    one.answers.to = bundle.with_name(f"{NAME}-notes.age")
    one.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    one.until(lambda: "sealed in" in one.said("good", one.window.bundle))
    assert one.answers.offered == [f"{NAME}-notes.age"]
    assert one.part(QLabel, "notesState").text() == ""
    sealed = one.answers.to.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1") and b"school" not in sealed
    one.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert one.part(QPlainTextEdit, "notes", checks).toPlainText() == ""
    one.opened(bundle)
    assert one.part(QPlainTextEdit, "notes", checks).toPlainText() == "Ring the school."
    assert one.part(QCheckBox, "compared").isChecked()
    assert "J. <b>O'Neill</b>" in one.part(QLabel, "comparedOn").text()
    one.documents()
    assert one.part(QPlainTextEdit, "notes", one.reader).toPlainText() == "Who is Ms O?"
    assert not one.window.bundle.notes.dirty


def test_notes_of_another_bundle_are_refused(one: Driver, bundle: Path, sent: House, tmp_path: Path) -> None:
    one.opened(bundle)
    QTest.keyClicks(one.part(QPlainTextEdit, "notes", one.window.bundle.checks), "x")
    one.answers.to = tmp_path / "n.age"
    one.click("saveNotes")
    one.until(lambda: not one.window.bundle.notes.dirty)
    one.click("lock")
    one.opened(sent.to_passphrase, PASSPHRASE)
    one.answers.notes_file = tmp_path / "n.age"
    one.click("openNotes", kind=QToolButton)
    one.until(lambda: "another key" in one.said("problem", one.window.bundle))


def test_unsaved_notes_are_asked_about(one: Driver, bundle: Path, tmp_path: Path) -> None:
    one.opened(bundle)
    QTest.keyClicks(one.part(QPlainTextEdit, "notes", one.window.bundle.checks), "x")
    one.window.close()
    question = one.question()
    assert one.window.isVisible()
    one.click("cancel", question)
    one.window.close()
    one.answers.to = tmp_path / "n.age"
    one.click("ok", one.question())
    one.until(lambda: not one.window.isVisible())
    assert one.answers.to.exists()


def test_locking_forgets_and_keeps_a_sealed_draft(one: Driver, bundle: Path, tmp_path: Path) -> None:
    one.opened(bundle)
    QTest.keyClicks(one.part(QPlainTextEdit, "notes", one.window.bundle.checks), "not saved")
    one.documents()
    one.window._idle.over.emit()  # nobody was there
    assert one.window.bundle.opened is None and one.canvas._image is None
    assert one.part(QListView, "list").model().rowCount() == 0
    one.until(lambda: one.window.desk._inside is None and one.window.desk._key is None)
    drafts = tmp_path / "state" / "drafts"
    one.until(lambda: drafts.is_dir() and any(not file.name.startswith(".") for file in drafts.iterdir()))
    (draft,) = drafts.iterdir()
    assert b"not saved" not in draft.read_bytes()
    one.opened(bundle)
    assert one.part(QPlainTextEdit, "notes", one.window.bundle.checks).toPlainText() == "not saved"
    assert one.window.bundle.notes.dirty
    one.answers.to = tmp_path / "n.age"
    one.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    one.until(lambda: not one.window.bundle.notes.dirty)
    assert not draft.exists()


def test_the_receipt_is_accepted(one: Driver, bundle: Path, sent: House, tmp_path: Path) -> None:
    one.opened(bundle)
    one.click("receipt")
    sheet = one.window.findChild(ReceiptSheet)
    assert sheet is not None and _nameless(sheet) == []
    assert not one.part(QPushButton, "write", sheet).isEnabled()
    QTest.keyClicks(one.part(QLineEdit, "by", sheet), "Inspectorate, J. O'Neill")
    one.answers.to = tmp_path / "r.txt"
    one.click("write", sheet)
    one.until(one.part(QFrame, "done", sheet).isVisible)
    code = one.part(QLabel, "code", sheet).text().strip("\u2068\u2069")
    one.click("copy", sheet)
    assert one.app.clipboard().text() == code
    assert code == receipts.code(receiving.verify(bundle, identities=[KEY]).tag_manifest_sha256)
    one.click("close", sheet)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(sent.desk.made.state))
        order = receipts.enter(sent.desk.case("anna"), one.answers.to.read_bytes())
    assert order.receipt is not None and order.receipt.by == "Inspectorate, J. O'Neill"


def test_a_copy_is_written_only_after_a_warning(one: Driver, bundle: Path, tmp_path: Path) -> None:
    one.opened(bundle)
    one.documents()
    one.answers.to = tmp_path / "copy.pdf"
    one.click("save", one.reader, QToolButton)
    one.click("cancel", one.question())
    assert not one.answers.to.exists()
    one.click("save", one.reader, QToolButton)
    one.click("ok", one.question())
    one.until(one.answers.to.exists)
    assert one.answers.to.read_bytes().startswith(b"%PDF")
    one.answers.into = tmp_path / "all"
    one.answers.into.mkdir()
    one.click("saveAll", kind=QToolButton)
    one.click("ok", one.question())
    one.until(lambda: (tmp_path / "all" / NAME / "bagit.txt").is_file())


def test_the_plain_zip_needs_no_key_and_seals_no_notes(one: Driver, bundle: Path, tmp_path: Path) -> None:
    plain = tmp_path / "b.zip"
    with bundle.open("rb") as file:
        plain.write_bytes(b"".join(age.decrypt(file, [KEY])))
    one.answers.bundle_file = plain
    one.click("browse", kind=QToolButton)
    one.until(one.part(QPushButton, "open").hasFocus)
    one.key(Qt.Key.Key_Return)
    one.key(Qt.Key.Key_Space)
    one.until(lambda: one.window.bundle.opened)
    assert "whoever had this file" in one.part(QListView, "steps").model().index(0, 0).data()
    assert not one.part(QPlainTextEdit, "notes", one.window.bundle.checks).isEnabled()


def test_everything_has_a_name_and_no_label_takes_markup(one: Driver, bundle: Path) -> None:
    one.opened(bundle)
    one.documents()
    assert _nameless(one.window) == []
    labels = one.window.findChildren(QLabel)
    assert [label.objectName() for label in labels if label.textFormat() != Qt.TextFormat.PlainText] == []


def test_it_opens_from_the_unlock_window(
    qapp: QApplication, qtbot: QtBot, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    desktop = Desktop(qapp, None, "", unconfined=False)
    desktop.show()
    try:
        QTest.mouseClick(child(desktop.unlocking, QPushButton, "received"), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        assert desktop.inbox is not None and desktop.inbox.isVisible()
        desktop.inbox.close()
        assert desktop.inbox is None
        desktop._door.activateWindow()
        qtbot.waitUntil(desktop._door.isActiveWindow, timeout=LONG)
        QTest.keyClick(desktop.unlocking, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        assert desktop.inbox is not None
        desktop.inbox.close()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(bundle))])
        buttons, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
        qapp.sendEvent(desktop._door, QDragEnterEvent(QPoint(50, 50), copy, data, buttons, none))
        qapp.sendEvent(desktop._door, QDropEvent(QPointF(50, 50), copy, data, buttons, none))
        assert desktop.inbox is not None
        inbox = desktop.inbox
        qtbot.waitUntil(lambda: child(inbox, QLineEdit, "identity").isVisible(), timeout=LONG)
        assert child(inbox, QLineEdit, "file").text() == str(bundle)
        assert [one for one in qapp.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()] == []
    finally:
        qapp.aboutToQuit.disconnect(desktop.close)
        desktop.close()
        desktop.deleteLater()


def test_the_window_lies_where_it_lay(one: Driver, qapp: QApplication, tmp_path: Path) -> None:
    one.window.resize(751, 607)
    one.window.close()
    again = Inbox(qapp, one.theme, unconfined=False)
    assert (again.width(), again.height()) == (751, 607)
    again.shut()
    (tmp_path / "state" / "inbox-window.json").write_text("[]")
    spoilt = Inbox(qapp, one.theme, unconfined=False)
    spoilt.shut()
    again.deleteLater()
    spoilt.deleteLater()


def test_rows_of_a_bundle_with_hostile_words(sent: House, bundle: Path) -> None:
    from evidencevault.bundle.inside import Inside, Key
    from evidencevault.desktop import inbox_rows
    from evidencevault.progress import Progress

    opened = Inside.open(bundle, Key((KEY,)), Progress())
    first = opened.lists.documents[0]
    hostile = replace(first, exhibit="E\u202e<b>1", kind="odd\nkind")
    rows = inbox_rows.document_rows(replace(opened.lists, documents=(hostile,)))
    assert "\u202e" not in rows[0].sub and "\n" not in rows[0].sub
    opened.close()


def test_a_disclosure_is_held_against_the_bundle_it_belongs_to(
    one: Driver, sent: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = sent.desk.case("anna")
    files = [tmp_path / f"{name}.json" for name in ("first", "second")]
    for bundle, file in zip(("B01", "B02"), files, strict=True):
        chosen = {disclosing.brought_in(case, "E001"): (Field.HEAD, Field.DIGEST)}
        disclosing.disclose(case, disclosing.Wanted(chosen, "A hearing", "A court order", bundle), file)
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(files[0].read_text("utf-8").replace("imported", "exported"), "utf-8")

    def check(file: Path, of: QWidget) -> tuple[str, str]:
        monkeypatch.setattr(one.answers, "any", lambda *_: file, raising=False)
        one.click("disclosure", of)
        one.until(lambda: one.window.findChildren(DisclosureSheet))
        sheet = one.window.findChild(DisclosureSheet)
        assert sheet is not None
        told = child(sheet, QLabel, "verdict").text(), child(sheet, QTextBrowser, "list").toPlainText()
        QTest.keyClick(sheet, Qt.Key.Key_Return)
        one.until(lambda: not one.window.findChildren(DisclosureSheet))
        one.window.activateWindow()  # without a window manager nobody does
        one.until(one.window.isActiveWindow)
        return told

    verdict, text = check(files[0], one.window.ask)
    assert "Open the bundle that it belongs to" in verdict
    assert "imported" in text and "(withheld)" in text
    one.opened(sent.to_key)
    assert "It is of the checkpoint that this bundle holds" in check(files[0], one.window.bundle.checks)[0]
    assert "not of the checkpoint that this bundle holds" in check(files[1], one.window.bundle.checks)[0]
    verdict, text = check(spoilt, one.window.bundle.checks)
    assert "Do not rely on it" in verdict and text == ""
