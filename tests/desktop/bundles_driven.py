"""A case out of which a bundle can leave, and the assistant driven as a person would."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QPushButton, QRadioButton, QWidget
from tests.desktop.case_made import REFERENCE, Made
from tests.desktop.window import Window

from evidencevault.desktop import screens
from evidencevault.desktop.bundle_make import BundleMake
from evidencevault.desktop.bundles import BundlesScreen
from evidencevault.desktop.forms import Form
from evidencevault.desktop.inbox_files import Files
from evidencevault.redaction import approving, marking, plans
from evidencevault.redaction.marking import Wanted

LETTER, MAIL, LIST, NOTES, SECRET, THING = "E001", "E002", "E003", "E004", "E005", "E006"


class Answers(Files):
    """Answers in place of the system's dialogs."""

    def __init__(self) -> None:
        self.to = self.file = Path()

    def folder(self, parent: QWidget, title: str) -> Path | None:
        return self.to

    def any(self, parent: QWidget, title: str) -> Path | None:
        return self.file


def mark(made: Made, name: str = "anna") -> dict[str, str]:
    """Anna marks the letter (a word on each page), and says of the notes that there is nothing to hide.

    Leo approves both. Gives the exhibits' numbers by their names.
    """
    with made.unlock() as session:
        case = session.case(REFERENCE)
        numbers = {one.name: one.number for one in _exhibits(case)}
        marking.mark(case, session.workers, numbers["letter.pdf"], Wanted(terms=("letter",)), "address")
        plans.none(case, numbers["notes.txt"])
    with made.unlock("leo") as session:
        case = session.case(REFERENCE)
        for exhibit in (numbers["letter.pdf"], numbers["notes.txt"]):
            approving.approve(case, session.workers, exhibit)
    return numbers


def _exhibits(case: object) -> list:  # type: ignore[type-arg]
    from evidencevault.evidence.exhibits import list_exhibits

    return list_exhibits(case)  # type: ignore[arg-type]


def bundles(win: Window, answers: Answers) -> BundlesScreen:
    """The screen of bundles, with these answers to what it asks of the system."""
    win.shell.go(screens.BUNDLES)
    screen = win.shell.shown
    assert isinstance(screen, BundlesScreen)
    for form in (screen, screen._release(), screen._receipt(), screen.assistant.pages.release):
        form._files = answers
    win.until(lambda: screen.reference == REFERENCE)
    return screen


def click(form: Form, name: str, kind: type[QWidget] = QPushButton) -> None:
    """Click a button of a form; it can be seen and used."""
    button = form.child(kind, name)
    assert button.isVisible() and button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(6, button.height() // 2))


def choose(form: Form, *exhibits: str) -> None:
    """Click a row of the list, and further ones with Ctrl."""
    view = form.child(QListView, "list")
    for n, exhibit in enumerate(exhibits):
        index = view.model().index(view.model().row_of(exhibit), 0)  # type: ignore[attr-defined]
        view.scrollTo(index)
        held = Qt.KeyboardModifier.ControlModifier if n else Qt.KeyboardModifier.NoModifier
        place = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, place)


def way(assistant: BundleMake, how: str) -> None:
    """Say how what is chosen goes."""
    click(assistant.pages.what.item, how, QRadioButton)
