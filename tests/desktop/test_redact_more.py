"""Redacting what is no text, and alone: scans are read, a recording silenced, an approval stopped, a slip sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from tests.desktop.case_made import REFERENCE, Made
from tests.desktop.test_redactions import CHILD, Bench
from tests.desktop.window import Window
from tests.support import recordings, scans

from evidencevault.casework import people
from evidencevault.desktop import redact_comparing
from evidencevault.documents.requests import Bytes
from evidencevault.documents.workers import Workers
from evidencevault.evidence import intake
from evidencevault.evidence.model import Acquisition
from evidencevault.redaction import plans

SCAN, SOUND, FILE = "E007", "E008", "E009"


@pytest.fixture
def anna(qapp: QApplication, qtbot: QtBot, made: Made) -> Iterator[Bench]:
    """Redactions of a case with a scan of a child's name, a recording of three seconds, and a file nobody can show."""
    folder = made.root / "more"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(scans.scanned(f"{CHILD} was there", "Nobody else", size=16))
    (folder / "sound.wav").write_bytes(recordings.sound())
    (folder / "zz.bin").write_bytes(bytes(range(256)) * 8)
    with made.unlock() as session:
        case = session.case(REFERENCE)
        people.add(case, people.Person(role="child", names=(CHILD,)))
        paths = [folder / name for name in ("scan.pdf", "sound.wav", "zz.bin")]
        intake.bring_in(case, paths, Acquisition("The school", method="received"), workers=Workers())
    opened = Window(qapp, qtbot, made)
    yield Bench(opened)
    opened.close()


def _approve_alone(anna: Bench, why: str) -> None:
    anna.tab("tabApproval")
    panel = anna.redactor.side.approval
    assert not anna.win.part(QPushButton, "approve", panel).isEnabled()
    QTest.keyClicks(anna.win.part(QLineEdit, "alone", panel), why)
    anna.win.click("approve", panel)


def _stored(made: Made, number: str) -> bytes:
    """The approved copy, and that it was approved alone."""
    with made.unlock() as session:
        case = session.case(REFERENCE)
        shown = plans.show(case, number)
        assert shown is not None and shown.approval is not None and shown.approval.burnt is not None
        assert shown.approved_by == "anna"
        with case.open_object(shown.approval.burnt) as reader:
            return b"".join(reader.stream())


def test_a_scan_is_read_its_name_marked_and_the_copy_approved_alone(anna: Bench) -> None:
    anna.open(SCAN)
    scanned = anna.win.part(QFrame, "scans", anna.redactor)
    anna.win.until(scanned.isVisible)
    anna.win.click("readScans", anna.redactor)
    anna.win.until(lambda: not scanned.isVisible())
    anna.reason("Another")
    find = anna.redactor.side.find
    anna.tab("tabFind")
    QTest.keyClicks(anna.win.part(QLineEdit, "term", find), CHILD)
    anna.win.click("hideTerm", find)
    anna.until_marks("term")
    _approve_alone(anna, "Leo is on leave until Monday")
    anna.win.until(lambda: anna.state() == "Approved")
    assert "nothing that was hidden" in anna.win.part(QLabel, "goodText", anna.redactor).text()
    anna.win.close()
    data = _stored(anna.win.made, SCAN)
    read = [page.text for page in Workers().ocr("copy.pdf", Bytes(data), (1, 2), "eng")]
    assert "Bartelsen" not in " ".join(read) and "Nobody" in " ".join(read)


def test_a_stretch_of_a_recording_is_silenced(anna: Bench) -> None:
    redactor = anna.redactor
    assert anna.screen._model.row_of(SOUND) >= 0
    anna.screen.point_to(SOUND)
    surfaces = anna.win.part(QStackedWidget, "surfaces", redactor)
    views = anna.win.part(QStackedWidget, "views", redactor)
    anna.win.until(lambda: surfaces.currentIndex() == redact_comparing.RECORDING and views.currentIndex() == 0)
    spans = redactor._spans
    first, last = (anna.win.part(QLineEdit, name, spans) for name in ("from", "to"))
    anna.reason("Another")
    QTest.keyClicks(first, "soon")
    anna.win.click("silence", spans)
    assert "such as 1:02" in anna.win.part(QLabel, "wrong", spans).text() and anna.marks == []
    first.clear()
    QTest.keyClicks(first, "0:01")
    QTest.keyClicks(last, "0:02")
    anna.win.click("silence", spans)
    anna.until_marks("span")
    assert anna.win.part(QLabel, "wrong", spans).text() == ""
    _approve_alone(anna, "Leo is on leave until Monday")
    anna.win.until(lambda: anna.state() == "Approved")
    anna.win.close()
    heard = _heard(_stored(anna.win.made, SOUND))
    before, within, after = (np.abs(heard[int(at * recordings.RATE) :][: recordings.RATE // 4]).max()
                             for at in (0.4, 1.4, 2.4))  # fmt: skip
    assert before > 1000 and after > 1000 and within < 20


def _heard(data: bytes) -> np.ndarray:  # type: ignore[type-arg]
    with av.open(io.BytesIO(data)) as file:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)]).astype(np.int64)


def test_an_approval_that_is_stopped_approves_nothing(anna: Bench) -> None:
    anna.open("E001")
    anna.reason("Another")
    find = anna.redactor.side.find
    anna.tab("tabFind")
    QTest.keyClicks(anna.win.part(QLineEdit, "term", find), "page")
    anna.win.click("hideTerm", find)
    anna.win.until(lambda: anna.marks)
    _approve_alone(anna, "Leo is on leave until Monday")
    card = anna.win.part(QFrame, "card", anna.redactor)
    anna.win.until(card.isVisible)
    anna.win.part(QToolButton, "cancel", anna.redactor).click()
    anna.win.until(lambda: not card.isVisible())
    anna.win.until(lambda: anna.win.part(QPushButton, "approve", anna.redactor.side.approval).isEnabled())
    assert "draft" in anna.state() and anna.win.entries("approved") == []
    assert anna.win.part(QComboBox, "method", anna.redactor.side.approval).isEnabled()


def test_what_has_no_pages_leaves_as_a_slip_sheet(anna: Bench) -> None:
    anna.screen.point_to(FILE)
    told = anna.win.part(QLabel, "messageText", anna.redactor)
    anna.win.until(lambda: "slip sheet" in told.text())
    assert not anna.win.part(QPushButton, "send", anna.redactor).isVisible()
