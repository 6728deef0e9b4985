"""The chain of custody of a case, and its verification."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QListView, QPushButton, QStackedWidget

from evidencevault.custody import verify
from evidencevault.custody.verify import LedgerReport, Report
from evidencevault.desktop import rows, words
from evidencevault.desktop.delegates import CustodyDelegate, short
from evidencevault.desktop.desk import Desk, Opened
from evidencevault.desktop.importing import Card
from evidencevault.desktop.look import Theme
from evidencevault.desktop.rows import CaseHead, CustodyRow
from evidencevault.desktop.screen import CaseScreen
from evidencevault.desktop.table import Rows
from evidencevault.resources import tr

FULL, NOTHING, WAITING = range(3)
TOLD = 12  # findings listed in the banner; the command line lists all


class CustodyScreen(CaseScreen):
    """One case's entries, newest first. ``verified`` carries the case's reference and the report."""

    verified = Signal(str, object)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__("custody", desk)
        self._list, self._pages = self.child(QListView, "list"), self.child(QStackedWidget, "pages")
        self._model: Rows[CustodyRow] = Rows()
        self._list.setModel(self._model)
        self._list.setItemDelegate(CustodyDelegate(theme, self._list))
        self._card = Card(self, in_bytes=False)
        self.child(QPushButton, "verify").clicked.connect(self.verify)

    def show_case(self, head: CaseHead) -> None:
        """Another case, or the same after a change."""
        if head.row.id != self.reference:
            self.reference = head.row.id
            self._model.show([])
            self._quiet()
            self._pages.setCurrentIndex(WAITING)
        self.child(QLabel, "reference").setText(head.row.id)
        self.read(lambda opened: rows.custody_rows(opened.case), self._came)

    def seek(self, text: str) -> None:
        """Show the entries that hold these words: an item, a person at work, an act."""
        sought = text.casefold().strip()
        self._model.filter((lambda row: sought in row.spoken.casefold()) if sought else None)
        self._paged()

    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def verify(self) -> None:
        """Recompute the chain; with “Also every file” each stored file is decrypted and compared."""
        self._quiet()
        full, reference = self.child(QCheckBox, "full").isChecked(), self.reference

        def work(opened: Opened) -> Report:
            return verify.verify(opened.session.office, [opened.case.id], full=full, progress=opened.progress)

        job = self.desk.do(reference, work, lambda report: self._told(reference, report), self.failed)
        self.child(QPushButton, "verify").setEnabled(False)
        job.ended.connect(lambda: self.child(QPushButton, "verify").setEnabled(True))
        self._card.follow(job, tr("Verifying"))

    def _came(self, found: list[CustodyRow]) -> None:
        self._model.show(found)
        self._paged()

    def _paged(self) -> None:
        self._pages.setCurrentIndex(FULL if self._model.rowCount() else NOTHING)

    def _told(self, reference: str, report: Report) -> None:
        self.verified.emit(reference, report)
        if reference != self.reference:
            return
        if report.findings:
            listed = [f"{one.where}: {one.what}" for one in report.findings[:TOLD]]
            if len(report.findings) > TOLD:
                listed.append(tr("and {n} more; “evidencevault custody verify” lists all").format(
                    n=len(report.findings) - TOLD))  # fmt: skip
            head = tr("This chain is not intact. Change nothing, and compare with a backup or a receipt.")
            self.banner("bad", "\n".join([head, *listed]))
        else:
            self.banner("good", _good(report))

    def _quiet(self) -> None:
        for name in ("problem", "bad", "good"):
            self.banner(name, "")


def _good(report: Report) -> str:
    said = [tr("Intact.")] + [_ledger(one) for one in report.ledgers]
    if not report.full:
        said.append(tr("The stored files themselves were not read."))
    if report.unverified_before_today:
        said.append(tr("This computer saw the vault for the first time today: an older copy would not be noticed."))
    return "\n".join(said)


def _ledger(one: LedgerReport) -> str:
    told = tr("{name}: {entries} entries, {records} records, {objects} files, head {head}").format(
        name=words.isolated(one.name),
        entries=one.entries,
        records=one.records,
        objects=one.objects,
        head=words.isolated(short(one.head.root.hex())),
    )
    seen = sorted({who.name for who in one.witnesses if who.size == one.head.size})
    if seen:
        told += "  ·  " + tr("this head was seen by {names}").format(names=words.isolated(", ".join(seen)))
    if one.restored_at:
        told += "  ·  " + tr("restored from a backup at entry {n}").format(n=", ".join(map(str, one.restored_at)))
    return told
