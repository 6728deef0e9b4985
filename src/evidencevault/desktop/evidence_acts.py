"""What can be done with the chosen evidence items: a menu, and the sheet that an act opens in the viewer's place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from evidencevault.desktop import exhibit_export, exhibit_sheets, words
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.exhibit_export import Export
from evidencevault.desktop.importing import Card
from evidencevault.desktop.inbox_files import Files
from evidencevault.desktop.record import RecordEditor
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.sheets import Sheet
from evidencevault.evidence.exhibits import Exhibit, Exported
from evidencevault.resources import tr

Act = tuple[str, Callable[[], None]]


class Acts(QObject):
    """``opened`` and ``left``: a sheet takes the place of the viewer, and gives it back."""

    opened = Signal()
    left = Signal()

    def __init__(
        self, screen: CaseScreen, desk: Desk, editor: Callable[[], RecordEditor], card: Card, files: Files
    ) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._editor, self._card, self._files = screen, desk, editor, card, files
        self._exporting: tuple[str, Path, list[Export]] | None = None
        self.officer = False

    def listen(self, editor: RecordEditor) -> None:
        """To the editor, once it is made."""
        editor.saved.connect(self._saved)
        editor.left.connect(self._left)

    def menu(self, shown: Exhibit | None, numbers: list[str], note: Callable[[], None]) -> list[Act]:
        """What can be done with these items by this member; nothing stands there that would be refused."""
        if len(numbers) > 1:
            return self._for_several(numbers)
        if shown is None:
            return []
        ref = shown.number
        acts: list[Act] = [(tr("Write a note"), note)]
        if self.officer:
            acts += [
                (tr("Correct its facts …"), lambda: self._start(exhibit_sheets.correct_sheet(), ref)),
                (tr("Hand the thing over …"), lambda: self._start(exhibit_sheets.handover_sheet(), ref)),
            ]
        acts.append((tr("Tags and protection …"), lambda: self._start(exhibit_sheets.labels_sheet(), ref)))
        if shown.object is not None:
            acts.append((tr("Export the original …"), lambda: self._export(shown)))
        acts += [
            (tr("Keep it from being erased …"), lambda: self._start(exhibit_sheets.hold_sheet(), ref)),
            (tr("End a hold …"), lambda: self._start(exhibit_sheets.lift_sheet(), ref)),
            (tr("Erase it for ever …"), lambda: self._start(exhibit_sheets.erase_sheet(), ref)),
        ]
        return acts

    def _for_several(self, numbers: list[str]) -> list[Act]:
        return [
            (tr("Tags and protection …"), lambda: self.label(numbers)),
            *([(tr("Hand the things over …"), lambda: self.hand_over(numbers))] if self.officer else []),
        ]

    def show_menu(self, acts: list[Act], at: QPoint) -> None:
        """Open the menu at a place of the screen."""
        menu = QMenu(self._screen)
        for text, act in acts:
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def label(self, numbers: list[str]) -> None:
        """Tags and restriction of several items."""
        self._start(exhibit_sheets.more_labels_sheet(), " ".join(numbers))

    def hand_over(self, numbers: list[str]) -> None:
        """Several things handed over."""
        self._start(exhibit_sheets.handover_sheet(), " ".join(numbers))

    def record_thing(self) -> None:
        """Something that is no file."""
        self._start(exhibit_sheets.thing_sheet(), "")

    def _start(self, sheet: Sheet, ref: str) -> None:
        self._exporting = None
        self._editor().start(self._screen.reference, sheet, ref)
        self.opened.emit()

    def _export(self, shown: Exhibit) -> None:
        """First where to, then to whom and why; last the file, with a card that shows how far it is."""
        window: QWidget = self._screen.window()
        to = self._files.save(window, tr("Export the original of {item}").format(item=shown.number), Path(shown.name))
        if to is None:
            return
        asked: list[Export] = []
        self._start(exhibit_export.export_sheet(asked), shown.number)
        self._exporting = shown.number, to, asked

    def _saved(self, said: str) -> None:
        exporting, self._exporting = self._exporting, None
        self.left.emit()
        if exporting is None:
            self._screen.told.emit(said)
            return
        number, to, (wanted, *_) = exporting
        reference = self._screen.reference

        def work(opened: Opened) -> Exported:
            return exhibit_export.write(opened, number, to, wanted)

        job = self._desk.do(reference, work, self._exported, self._screen.failed_in(reference))
        self._card.follow(job, tr("Exporting {item}").format(item=words.isolated(number)))

    def _exported(self, done: Exported) -> None:
        how = tr("sealed for the receiver") if done.sealed else tr("in clear")
        told = tr("{number} is in {file}, {how}. Entry {n} says so.")
        file = words.isolated(str(done.path))
        self._screen.told.emit(told.format(number=words.isolated(done.exhibit), file=file, how=how, n=done.sequence))

    def _left(self) -> None:
        self._exporting = None
        self.left.emit()
