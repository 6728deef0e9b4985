"""The viewer's pages: where they lie, what is chosen and found in them, and that memory is bounded."""

from __future__ import annotations

import array
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QListView, QPlainTextEdit, QPushButton
from tests.desktop.window import Window

from evidencevault.desktop.jobs import Done, Failed, Job
from evidencevault.desktop.reel import PAGE, WIDTH, Reel
from evidencevault.desktop.reel_layout import GAP, MARGIN, ReelLayout
from evidencevault.desktop.reel_sheets import Sheet, Sheets
from evidencevault.desktop.reel_text import Letters, PageLetters, Place
from evidencevault.documents.requests import Box, PageText
from evidencevault.evidence import notes

A4 = (595.0, 842.0)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def page_of(*lines: str, page: int = 1, width: float = 595.0) -> PageLetters:
    """Letters 10 points wide and 12 high, lines 20 points apart."""
    text, boxes = "", array.array("f")
    for row, line in enumerate(lines):
        for column, letter in enumerate(line + "\n"):
            left, top = 50 + 10.0 * column, 50 + 20.0 * row
            boxes.extend((left, top, left + 10, top + 12) if letter != "\n" else (0, 0, 0, 0))
            text += letter
    return PageLetters(PageText(page, 595.0, 842.0, text, boxes.tobytes()), width)


@pytest.mark.parametrize("quarter", range(4))
def test_places_of_pages_and_back(quarter: int) -> None:
    lay = ReelLayout([A4, (842.0, 595.0), A4], 1.5, quarter)
    across = 2000.0
    for page in (1, 2, 3):
        rect = lay.rect(page, across)
        assert lay.page_at(rect.top() + 1) == page == lay.page_at(rect.bottom())
        box = lay.shown(page, Box(100, 200, 100, 200), across)
        spot = lay.spot(box.topLeft(), across)
        assert spot is not None
        assert (spot.page, round(spot.x, 3), round(spot.y, 3)) == (page, 100, 200)
        assert rect.contains(box.topLeft())
    assert lay.rect(2, across).top() - lay.rect(1, across).bottom() == pytest.approx(GAP)
    assert lay.height == pytest.approx(lay.rect(3, across).bottom() + MARGIN)


def test_twenty_thousand_pages_are_found_at_once() -> None:
    lay = ReelLayout([A4] * 20_000, 1.0, 0)
    assert lay.page_at(lay.top(19_999) + 5) == 19_999
    assert list(lay.pages_between(lay.top(7000), lay.top(7001) + 1)) == [7000, 7001]


def test_words_lines_and_boxes_of_a_page() -> None:
    page = page_of("Hello brave", "new world")
    assert page.text[page.at(0, 0) :].startswith("Hello")
    assert page.at(50 + 62, 55) == 6  # left half of the b
    assert page.word(8) == (6, 11)
    assert page.line(14) == (12, 21)
    assert page.above_or_below(2, 1) == 14
    assert page.above_or_below(2, -1) is None
    assert page.boxes(6, 15) == [Box(110, 50, 160, 62), Box(50, 70, 80, 82)]
    assert page_of("Hello", width=1190.0).boxes(0, 1) == [Box(100, 100, 120, 124)]


def test_finding_heeds_neither_case_nor_accents_nor_line_ends() -> None:
    letters = Letters()
    letters.put([(1, page_of("Über den")), (2, page_of("the Café", "Uber straße"))])
    assert [(one.page, one.start, one.end) for one in letters.find("uber")] == [(1, 0, 4), (2, 9, 13)]
    assert [(one.page, one.start) for one in letters.find("cafe  UBER")] == [(2, 4)]
    assert letters.find("   ") == []
    assert letters.text(Place(1, 5), Place(2, 3)) == "den\nthe"


class Answering:
    """A document whose pages come when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sheet, Callable[[QImage], object], Job]] = []

    def sizes(self, done: Done, failed: Failed) -> Job:
        done([A4] * 50)
        return Job(lambda _: None, None, None)

    def page(self, sheet: Sheet, done: Done, failed: Failed) -> Job:
        job = Job(lambda _: None, None, None)
        self.asked.append((sheet, done, job))
        return job

    def answer(self) -> Sheet:
        sheet, done, _ = self.asked[-1]
        done(QImage(sheet.width, sheet.width, QImage.Format.Format_RGB32))
        return sheet


def test_pages_out_of_view_are_let_go(qapp: QApplication) -> None:
    source, sheets = Answering(), Sheets(most=5 * 4 * 100 * 100)
    sheets.open(source)
    for page in range(1, 30):
        sheets.want([Sheet(page, 100), Sheet(page + 1, 100)])
        while sheets.image(page + 1) is None:
            source.answer()
    assert sheets.bytes <= 5 * 4 * 100 * 100
    assert sheets.image(30) is not None
    assert sheets.image(1) is None


def test_what_is_not_wanted_any_more_is_cancelled(qapp: QApplication) -> None:
    source, sheets = Answering(), Sheets()
    sheets.open(source)
    sheets.want([Sheet(1, 100)])
    sheets.want([Sheet(40, 100)])
    first, second = (job.progress.stopping for _, _, job in source.asked)
    assert first
    assert not second
    late = source.asked[0][1]
    sheets.close()
    late(QImage(10, 10, QImage.Format.Format_RGB32))  # of a document that is closed
    assert sheets.image(1) is None


# --- in the window


def _reel(win: Window) -> Reel:
    return win.part(Reel, "canvas", win.viewer)


def _opened(win: Window, number: str) -> Reel:
    win.choose(number)
    reel = _reel(win)
    win.until(lambda: reel.page > 0 and reel.sheets.image(1) is not None)
    win.until(lambda: reel.choice.letters.page(reel.lay.count) is not None)
    return reel


def test_scrolling_goes_through_all_pages_and_is_one_view(win: Window) -> None:
    reel = _opened(win, "E001")
    assert reel.lay.count == 3
    for _ in range(12):
        QTest.keyClick(reel, Qt.Key.Key_PageDown)
    assert win.part(QLineEdit, "pageNumber", win.viewer).text() == "3"
    win.until(lambda: reel.sheets.image(3) is not None)
    number = win.part(QLineEdit, "pageNumber", win.viewer)
    QTest.keyClick(win.shell, Qt.Key.Key_G, CONTROL)
    assert number.hasFocus()
    QTest.keyClicks(number, "2")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert reel.page == 2
    assert reel.hasFocus()
    assert win.entries("viewed") == [("viewed", "E001")]


def test_zoom_at_the_pointer_and_fitting(win: Window) -> None:
    reel = _opened(win, "E001")
    fitted, width = reel.lay.zoom, reel.sheets.image(1).width()  # type: ignore[union-attr]
    at = QPointF(200, 150)
    before = reel.spot(at)
    turn = QWheelEvent(at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CONTROL,
                       Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(reel.viewport(), turn)
    after = reel.spot(at)
    assert before is not None and after is not None
    assert reel.lay.zoom > fitted
    assert after.y == pytest.approx(before.y, abs=1.5)
    win.until(lambda: reel.sheets.image(1).width() > width)  # type: ignore[union-attr]
    QTest.keyClick(reel, Qt.Key.Key_P)
    assert reel.fitted == PAGE
    assert reel.lay.rect(1, reel.across).height() < reel.viewport().height()
    QTest.keyClick(reel, Qt.Key.Key_W)
    assert reel.fitted == WIDTH
    assert reel.lay.zoom == fitted
    high = reel.lay.rect(1, reel.across).height()
    QTest.keyClick(reel, Qt.Key.Key_R)
    assert reel.lay.quarter == 1
    assert reel.lay.rect(1, reel.across).height() < high


def test_text_is_chosen_by_mouse_and_keys_and_copied_by_ctrl_c_alone(win: Window) -> None:
    reel = _opened(win, "E001")
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    letters = reel.choice.letters.page(1)
    assert letters is not None
    boxes = [reel.lay.shown(1, box, reel.across).translated(-reel.origin()) for box in letters.boxes(0, 18)]
    start, end = (QPoint(round(x), round(boxes[0].center().y())) for x in (boxes[0].left() + 1, boxes[0].right() - 1))
    QTest.mousePress(reel.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(reel.viewport(), end)
    QTest.mouseRelease(reel.viewport(), Qt.MouseButton.LeftButton, pos=end)
    reel.choice.drag(QPointF(end))  # a moved mouse without a pressed button is no drag for the offscreen platform
    assert reel.choice.text == "Page 1 of the lett"
    assert clipboard.text() == "before"
    QTest.keyClick(reel, Qt.Key.Key_C, CONTROL)
    assert clipboard.text() == "Page 1 of the lett"
    QTest.mouseDClick(reel.viewport(), Qt.MouseButton.LeftButton, pos=start)
    assert reel.choice.text == "Page"
    for _ in range(2):
        QTest.keyClick(reel, Qt.Key.Key_Right, SHIFT | CONTROL)
    assert reel.choice.text.split() == ["Page", "1"]
    QTest.keyClick(reel, Qt.Key.Key_A, CONTROL)
    assert reel.choice.text == "Page 1 of the letter"


def test_finding_goes_from_hit_to_hit_over_the_pages(win: Window) -> None:
    reel = _opened(win, "E001")
    reel.setFocus()
    QTest.keyClick(reel, Qt.Key.Key_F, CONTROL)
    line, told = win.part(QLineEdit, "findWords", win.viewer), win.part(QLabel, "findTold", win.viewer)
    assert line.hasFocus()
    QTest.keyClicks(line, "LETTER")
    win.until(lambda: "3" in told.text())
    assert told.text().replace("\u2068", "").replace("\u2069", "") == "1 of 3"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert reel.page == 2
    QTest.keyClick(line, Qt.Key.Key_F3)
    QTest.keyClick(line, Qt.Key.Key_F3)
    assert reel.page == 1
    QTest.keyClick(line, Qt.Key.Key_F3, SHIFT)
    assert reel.page == 3
    line.setText("elsewhere")
    win.until(lambda: told.text() == "Not found")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not win.part(QFrame, "finding", win.viewer).isVisible()
    assert reel.hasFocus()
    win.viewer.turn_to("E001", 3, "Page 3")
    win.until(lambda: reel.page == 3 and "1" in told.text())


def test_notes_stay_on_their_page_and_can_be_taken_back(win: Window) -> None:
    _opened(win, "E001")
    win.viewer.turn_to("E001", 2)
    win.click("tabNotes", win.viewer)
    text, listed = win.part(QPlainTextEdit, "noteWords", win.viewer), win.part(QListView, "noteList", win.viewer)
    assert win.part(QLabel, "noteLabel", win.viewer).text() == "New note on page 2"
    assert not win.part(QPushButton, "noteSave", win.viewer).isEnabled()
    QTest.keyClicks(text, "Compare with the register.")
    win.click("noteSave", win.viewer)
    win.until(lambda: listed.model().rowCount() == 1)
    assert "Page 2" in str(listed.model().index(0, 0).data())
    assert win.entries("noted") == [("noted", "E001")]
    listed.setCurrentIndex(listed.model().index(0, 0))
    assert text.toPlainText() == "Compare with the register."
    QTest.keyClicks(text, "So: ")
    win.click("noteSave", win.viewer)
    win.until(lambda: "So: Compare" in str(listed.model().index(0, 0).data()))
    listed.setCurrentIndex(listed.model().index(0, 0))
    win.click("noteRemove", win.viewer)
    win.until(lambda: listed.model().rowCount() == 0)
    win.until(lambda: win.part(QPushButton, "undo").isVisible())
    win.click("undo")
    win.until(lambda: listed.model().rowCount() == 1)
    seen: list[list[int]] = []
    win.shell.desk.read(
        "NL-2026-0001",
        lambda o: [one.revision for one in notes.notes(o.case, "E001")],
        seen.append,
        lambda error: (_ for _ in ()).throw(error),
    )
    win.until(lambda: seen)
    assert seen == [[4]]
