"""Verification as screens offer it: start, progress, stop, and in plain words what was found."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

from evidencevault.custody.verify import LedgerReport, Report
from evidencevault.desktop import words
from evidencevault.desktop.delegates import short
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.importing import Card
from evidencevault.desktop.screen import Screen
from evidencevault.resources import tr

TOLD = 12  # findings listed in the banner; the command line lists all


class Verifier(QObject):
    """Drives a screen's ``verify``, ``full``, card and banners. ``told`` carries what was verified, and the report."""

    told = Signal(str, object)

    def __init__(self, screen: Screen, desk: Desk) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, desk
        self._reference: str | None = None
        self.card = Card(screen, in_bytes=False)
        screen.child(QPushButton, "verify").clicked.connect(self.start)

    def about(self, reference: str | None) -> None:
        """Which case is verified; None: the whole vault."""
        if reference != self._reference:
            self._quiet()
        self._reference = reference

    def start(self) -> None:
        """Recompute; with “Also every file” each stored file is decrypted and compared."""
        button = self._screen.child(QPushButton, "verify")
        if not button.isEnabled():  # it is running
            return
        self._quiet()
        full, reference = self._screen.child(QCheckBox, "full").isChecked(), self._reference
        button.setEnabled(False)
        job = self._desk.verify(
            reference, full=full, done=lambda report: self._came(reference, report), failed=self._screen.failed
        )
        job.ended.connect(lambda: button.setEnabled(True))
        self.card.follow(job, tr("Verifying"))

    def _came(self, reference: str | None, report: Report) -> None:
        self.told.emit(reference or tr("the whole vault"), report)
        if reference != self._reference:
            return
        if report.findings:
            self._screen.banner("bad", _bad(report))
        else:
            self._screen.banner("good", _good(report))

    def _quiet(self) -> None:
        for name in ("problem", "bad", "good"):
            self._screen.banner(name, "")


def summary(reference: str, report: Report) -> tuple[str, str]:
    """For the status line: what was verified when, and the head of the case."""
    now = datetime.now().astimezone()
    intact, broken = (
        tr("Custody of {case} verified {when}, {n} entries"),
        tr("Custody of {case} is NOT intact ({when})"),
    )
    text = (broken if report.findings else intact).format(
        case=words.isolated(reference),
        when=words.isolated(words.moment(now, now)),
        n=sum(one.entries for one in report.ledgers),
    )
    heads = [short(one.head.root.hex()) for one in report.ledgers if one.name == reference]
    return text, tr("head {head}").format(head=words.isolated(heads[0])) if heads else ""


def show_summary(form: Form, reference: str, report: Report) -> None:
    """Write it into the status line of the window."""
    text, head = summary(reference, report)
    form.child(QLabel, "verified").setText(text)
    form.child(QLabel, "head").setText(head)


def _bad(report: Report) -> str:
    listed = [f"{one.where}: {one.what}" for one in report.findings[:TOLD]]
    if len(report.findings) > TOLD:
        more = tr("and {n} more; “evidencevault custody verify” lists all")
        listed.append(more.format(n=len(report.findings) - TOLD))
    head = tr("Not intact. Change nothing, and compare with a backup or a receipt.")
    return "\n".join([head, *listed])


def _good(report: Report) -> str:
    said = [tr("Intact.")] + [_ledger(one) for one in report.ledgers]
    if report.others:
        others = tr("Cases that are not yours: {n}, checked as far as is possible without a key; damaged: {damaged}.")
        said.append(others.format(n=report.others, damaged=report.others_damaged))
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
    newest = {who.name: who for who in sorted(one.witnesses, key=lambda who: who.size)}
    for who in newest.values():
        at = words.isolated(words.stamp(datetime.fromtimestamp(who.time).astimezone()))
        text = tr("Witnessed by {name} up to {n} entries ({when}).")
        if who.size == one.head.size:
            text = tr("Witnessed by {name} as it stands ({when}).")
        told += "\n" + text.format(name=words.isolated(who.name), n=who.size, when=at)
    if not newest:
        told += "\n" + tr("Nobody else has witnessed it yet: that happens when another user opens the case.")
    if one.restored_at:
        told += "  ·  " + tr("restored from a backup at entry {n}").format(n=", ".join(map(str, one.restored_at)))
    return told
