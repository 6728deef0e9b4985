"""What is done with evidence items in the window: menu, sheets, several at once, what is pasted, small pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QWidget,
)
from tests.desktop.case_made import REFERENCE
from tests.desktop.window import LONG, Window

from evidencevault.desktop import items
from evidencevault.desktop.importing import ImportSheet
from evidencevault.desktop.loose import has_loose, loose_of
from evidencevault.desktop.table import ROW, Rows
from evidencevault.errors import NotFound, UsageError
from evidencevault.evidence import exhibits, notes


def _menu(win: Window, entry: str) -> None:
    """Open the menu of the item that is shown, and take an entry."""
    win.viewer.child(QWidget, "more").click()  # type: ignore[attr-defined]
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible()]
    found = next(one for one in shown[-1].actions() if one.text().startswith(entry))
    shown[-1].close()
    found.trigger()


def _field(win: Window, name: str) -> QLineEdit | QPlainTextEdit:
    editor = win.evidence._editor
    win.until(lambda: any(one.accessibleName() == name for one in editor.findChildren(QWidget) if one.isVisible()))
    return next(
        one
        for one in editor.findChildren(QWidget)
        if one.accessibleName() == name and isinstance(one, QLineEdit | QPlainTextEdit)
    )


def _fill(win: Window, name: str, text: str) -> None:
    field = _field(win, name)
    field.selectAll()
    QTest.keyClicks(field, text)


def _save(win: Window) -> None:
    button = win.part(QPushButton, "save", win.evidence._editor)
    win.until(button.isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _read(win: Window, work: object) -> object:
    found: list[object] = []
    win.shell.desk.read(REFERENCE, work, found.append, lambda e: (_ for _ in ()).throw(e))  # type: ignore[arg-type]
    win.until(lambda: found)
    return found[0]


def _shown(win: Window, number: str) -> None:
    win.choose(number)
    win.until(lambda: win.viewer.exhibit is not None and win.viewer.exhibit.number == number)


def test_facts_are_corrected_with_a_reason(win: Window) -> None:
    _shown(win, "E001")
    _menu(win, "Correct its facts")
    save = win.part(QPushButton, "save", win.evidence._editor)
    source = _field(win, "From whom it comes")
    assert source.text() == "The school"  # type: ignore[union-attr]
    assert not save.isEnabled()
    assert "Why it is corrected" in win.part(QLabel, "missing", win.evidence._editor).text()
    _fill(win, "From whom it comes", "The head of the school")
    _fill(win, "Why it is corrected", "She said so on the telephone")
    _save(win)
    win.until(lambda: win.entries("corrected") == [("corrected", "E001")])
    facts = win.part(QTextBrowser, "facts", win.viewer)
    win.until(lambda: "The head of the school" in facts.toPlainText())
    assert win.part(QStackedWidget, "views", win.viewer).isVisible()


def test_a_thing_is_handed_over_and_cannot_be_exported(win: Window) -> None:
    _shown(win, "E006")
    acts = [text for text, _ in win.evidence.acts()]
    assert "Export the original …" not in acts
    _menu(win, "Hand the thing over")
    _fill(win, "To whom it went", "Police")
    _fill(win, "What for", "Reading it out")
    _save(win)
    win.until(lambda: win.entries("transferred") == [("transferred", "E006")])


def test_an_original_leaves_only_for_a_key_or_with_the_name_typed_again(
    win: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "letter.pdf"
    monkeypatch.setattr(win.evidence._acts._files, "save", lambda *_: to)
    _shown(win, "E001")
    _menu(win, "Export the original")
    _fill(win, "What for", "Report")
    _fill(win, "On which legal basis", "Art. 6")
    _fill(win, "Who receives it: a name of the address book, or anybody's", "Officer De Vries")
    _save(win)
    editor = win.evidence._editor
    wrong = lambda: [one.text() for one in editor.findChildren(QLabel) if "address book:" in one.text()]  # noqa: E731
    win.until(wrong)
    assert not to.exists()
    name = "Only where it must leave unencrypted: type the receiver's name again. Whoever finds the file can read it"
    _fill(win, name, "officer de vries")
    _save(win)
    win.until(to.exists)
    win.until(lambda: win.entries("exported") == [("exported", "E001")])
    assert to.read_bytes().startswith(b"%PDF-")


def test_erasing_asks_for_the_number_and_for_a_second_user(win: Window) -> None:
    _shown(win, "E003")
    _menu(win, "Erase it for ever")
    number = "Type the number of the item: what is erased cannot be brought back"
    reason = "Why it is erased"
    _fill(win, number, "E001")
    _fill(win, reason, "It came by mistake")
    _save(win)
    editor = win.evidence._editor
    win.until(lambda: any("not the number of the item" in one.text() for one in editor.findChildren(QLabel)))
    _fill(win, number, "E003")
    _save(win)
    win.until(lambda: win.entries("marked") == [("marked", "E003")])
    assert win.entries("erased") == []
    assert _read(win, lambda o: exhibits.get(o.case, "E003").name) == "notes.txt"


def test_several_are_chosen_and_tagged_together(win: Window) -> None:
    view = win.part(QListView, "list", win.evidence)
    picked = win.part(QFrame, "picked", win.evidence)
    win.choose("E001")
    assert not picked.isVisible()
    for place in (1, 2):
        view.selectionModel().select(win.rows.index(place, 0), QItemSelectionModel.SelectionFlag.Select)
    win.until(picked.isVisible)
    assert win.part(QLabel, "pickedTold", win.evidence).text() == "Chosen: 3"
    win.click("pickedLabel", win.evidence)
    tags = _field(win, "Tags to add")
    QTest.keyClicks(tags, "school")
    _fill(win, "Why this changes", "Sorted")
    _save(win)
    win.until(lambda: len(win.entries("corrected")) == 3)
    assert _read(win, lambda o: [exhibits.get(o.case, n).tags for n in ("E001", "E002", "E003", "E005")]) == [
        ("school",), ("school",), ("school",), (),
    ]  # fmt: skip


def test_a_thing_that_is_no_file_is_recorded(win: Window) -> None:
    win.evidence._acts.record_thing()
    _fill(win, "What it is, so that somebody else recognises it", "A blue scarf")
    _fill(win, "Where it is kept", "Safe 3")
    _fill(win, "From whom it comes", "The mother")
    _save(win)
    win.until(lambda: win.rows.rowCount() == 7)
    assert win.rows.index(6, 0).data(ROW).name == "A blue scarf"


def test_a_screenshot_is_pasted_and_written_nowhere_in_clear(win: Window) -> None:
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data = QMimeData()
    data.setImageData(image)
    QGuiApplication.clipboard().setMimeData(data)
    view = win.part(QListView, "list", win.evidence)
    view.setFocus()
    win.evidence._bringing.paste()
    win.until(lambda: win.shell.findChildren(ImportSheet))
    sheet = win.shell.findChildren(ImportSheet)[0]
    QTest.keyClicks(sheet._text("source"), "My own telephone")
    win.click("ok", sheet)
    win.until(lambda: win.rows.rowCount() == 7)
    row = win.rows.index(6, 0).data(ROW)
    assert row.name.startswith("screenshot-")
    win.bot.waitUntil(lambda: win.rows.index(6, 0).data(ROW).kind == "image", timeout=LONG)
    assert _read(win, lambda o: exhibits.get(o.case, "E007").origin) is None


def test_a_mail_is_dragged_out_of_its_program(win: Window) -> None:
    data = QMimeData()
    data.setData("message/rfc822", b"From: a@example.org\r\nSubject: Hello\r\n\r\nText\r\n")
    assert has_loose(data)
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(win.evidence, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(win.evidence, drop)
    win.until(lambda: win.shell.findChildren(ImportSheet))
    win.click("cancel", win.shell.findChildren(ImportSheet)[0])


def test_what_windows_drags_is_named_by_its_descriptor() -> None:
    name = "Re: list.eml".replace(":", "").encode("utf-16-le")
    entry = bytes(72) + name + bytes(520 - len(name))
    data = QMimeData()
    data.setData('application/x-qt-windows-mime;value="FileGroupDescriptorW"', b"\1\0\0\0" + entry)
    data.setData('application/x-qt-windows-mime;value="FileContents"', b"the mail")
    assert [(one.name, one.data) for one in loose_of(data)] == [("Re list.eml", b"the mail")]
    nothing = QMimeData()
    nothing.setText("words")
    assert not has_loose(nothing)


def test_small_pictures_are_views_unless_they_were_opened(win: Window) -> None:
    thumbs = win.evidence.list.thumbs
    win.choose("E001")
    win.until(lambda: thumbs.picture("E001") is not None)  # it was opened
    assert win.entries("viewed") == [("viewed", "E001")]
    assert thumbs.picture("E002") is None
    win.evidence._toggle_small()
    win.until(lambda: thumbs.picture("E002") is not None and thumbs.picture("E003") is not None)
    viewed = sorted(win.entries("viewed"))
    assert viewed == [("viewed", one) for one in ("E001", "E002", "E003", "E004")]
    assert thumbs.picture("E005") is None  # restricted: only with a purpose


def test_a_list_comes_in_slices_and_is_whole_in_the_end(win: Window) -> None:
    def work(o: object) -> list[tuple[int, bool]]:
        fresh = win.shell.desk._session.case(REFERENCE)
        found = [items.evidence_slice(fresh, 0, 2)]
        while found[-1].then is not None:
            found.append(items.evidence_slice(fresh, found[-1].then, 2))
        again = items.evidence_slice(o.session.case(REFERENCE), 5, 150)  # type: ignore[attr-defined]
        assert [row.id for row in again.rows] == ["E006"] and again.then == 6  # another opening: begun in the middle
        assert [row.id for row in found[-1].rows] == [f"E{n:03d}" for n in range(1, 7)]
        assert [row.id for row in found[1].rows] == ["E003", "E004"]
        return [(len(one.rows), one.whole) for one in found]

    assert _read(win, work) == [(2, False), (2, False), (6, True)]


def test_rows_grow_and_settle() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class One:
        id: str
        spoken: str = ""

    model: Rows[One] = Rows()
    model.extend([One("a"), One("b")])
    model.extend([One("c")])
    assert [model.index(n, 0).data(ROW).id for n in range(model.rowCount())] == ["a", "b", "c"]
    newer = [One("a", "new"), One("b"), One("c")]
    assert model.settled(newer)
    assert model.index(0, 0).data(ROW) is newer[0]
    assert not model.settled(newer[::-1])
    assert model.row_of("c") == 0


def test_notes_refuse_what_makes_no_sense(win: Window) -> None:
    def work(o: object) -> list[str]:
        case, told = o.case, []  # type: ignore[attr-defined]
        for page, text in ((9, "x"), (1, "  ")):
            with pytest.raises(UsageError) as error:
                notes.add(case, "E001", page, text)
            told.append(error.value.sentence)
        made = notes.add(case, "E001", 0, "whole")
        notes.take_back(case, made.item)
        with pytest.raises(NotFound):
            notes.change(case, made.item, "other")
        return told

    assert len(_read(win, work)) == 2  # type: ignore[arg-type]
