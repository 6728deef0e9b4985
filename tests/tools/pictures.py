"""Draws every screen of the window to PNG, to be looked at: ``python -m tests.tools.pictures OUT [--only WORD] …``.

It shows the sample case, which it makes in DEMO unless it is there already. One file a screen and a variation:
``NAME-light.png``, ``-dark``, ``-ar`` (Arabic, from the right), ``-200`` (text at 200 %), ``-small`` (1100 × 700).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget

from evidencevault.casework import policies
from evidencevault.demo import walk
from evidencevault.desktop import app as program
from evidencevault.desktop import screens
from evidencevault.desktop.bundle_steps import Step
from evidencevault.desktop.bundles import BundlesScreen
from evidencevault.desktop.custody_disclosure import disclosure_sheet
from evidencevault.desktop.forms import child
from evidencevault.desktop.importing import Failures
from evidencevault.desktop.inbox import DOCUMENTS
from evidencevault.desktop.records import RecordsScreen
from evidencevault.desktop.redactions import RedactionsScreen
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.talk import TalkEditor
from evidencevault.desktop.writedown import WriteDown
from evidencevault.evidence.sources import Failure
from evidencevault.session import Session
from tests.tools.pictures_before import PICTURES as BEFORE
from tests.tools.pictures_before import Before
from tests.tools.stage import VARIATIONS, Stage


def _palette(stage: Stage) -> QWidget:
    stage.go(screens.HOME)
    stage.shell._open_palette()
    query = child(stage.shell.floating.palette, QLineEdit, "query")
    query.setText("chi")
    stage.rest()
    return stage.shell


def _settings(stage: Stage, page: str) -> QWidget:
    stage.go(screens.SETTINGS)
    screen = stage.shell.at(screens.SETTINGS)
    assert isinstance(screen, SettingsScreen)
    screen.point_to(page)
    stage.rest()
    return stage.shell


def _new(stage: Stage, screen: str) -> QWidget:
    stage.go(screen)
    shown = stage.shell.shown
    assert isinstance(shown, RecordsScreen)
    shown.begin()
    stage.rest()
    return stage.shell


def _decide(stage: Stage) -> QWidget:
    """A decision outside the policy's range."""
    _new(stage, screens.DECISIONS)
    screen = stage.shell.shown
    assert isinstance(screen, RecordsScreen)
    stage.until(lambda: screen._editor._form is not None)
    assert screen._editor._form is not None
    screen._editor._form.fill({"violation": "5.6", "finding": "substantiated", "measure": ["none"], "question": "Why?"})
    screen._editor._picked("evidence", {"ref": "E001"})
    stage.rest()
    return stage.shell


def _talk(stage: Stage) -> QWidget:
    """An interview that is being written down, with a leading question in the line."""
    _new(stage, screens.INTERVIEWS)
    screen = stage.shell.shown
    assert isinstance(screen, RecordsScreen)
    stage.until(lambda: screen._editor._form is not None)
    said = {"with": "Child A", "language": "en", "consent": {"state": "assent"}, "model": "NICHD", "reason_again": "."}
    assert screen._editor._form is not None
    screen._editor._form.fill(said)
    screen._editor.save()
    stage.until(lambda: isinstance(screen._own, TalkEditor) and screen._own._talk is not None)
    assert isinstance(screen._own, TalkEditor)
    for question, answer in (("Tell me what happened.", "He came in and locked the door."), ("And then?", "I hid.")):
        screen._own._typed("question", question)
        screen._own._typed("answer", answer)
        screen._own.next_line()
    screen._own.pause()
    screen._own.pause()
    child(screen._own._line, QPlainTextEdit, "question").setPlainText("He hit you, didn't he?")
    stage.rest()
    return stage.shell


def _redact(stage: Stage, tab: str = "tabMarks") -> QWidget:
    """The first exhibit with pages of its own, with a name on it marked."""
    stage.go(screens.REDACTIONS)
    screen = stage.shell.shown
    assert isinstance(screen, RedactionsScreen)
    screen.open_exhibit("E001")
    stage.until(lambda: screen.redactor.bench.ready is not None)
    child(screen.redactor, QPushButton, tab).click()
    stage.rest(1.2)
    return stage.shell


def _compare(stage: Stage) -> QWidget:
    """Before and after."""
    _redact(stage)
    screen = stage.shell.shown
    assert isinstance(screen, RedactionsScreen)
    compare = child(screen.redactor, QToolButton, "compare")
    if compare.isEnabled():
        compare.click()
    stage.rest(4)
    return stage.shell


def _bundle(stage: Stage, step: int) -> QWidget:
    """A step of the assistant that makes bundles."""
    stage.go(screens.BUNDLES)
    screen = stage.shell.shown
    assert isinstance(screen, BundlesScreen)
    screen.make()
    stage.rest()
    screen.assistant.go(Step(step))
    stage.rest(1.5)
    return stage.shell


def _inbox(stage: Stage) -> QWidget:
    """A received bundle after its checks, as an investigator has it."""
    stage.desktop.open_received(stage.demo.bundle)
    inbox = stage.desktop.inbox
    assert inbox is not None
    inbox.resize(stage.shell.size())
    identity = child(inbox, QLineEdit, "identity")
    stage.until(identity.isVisible)
    QTest.keyClicks(identity, str(stage.demo.identity))
    QTest.keyClick(identity, Qt.Key.Key_Return)
    stage.until(lambda: inbox.bundle.opened)
    stage.rest()
    return inbox


def _write_down(stage: Stage) -> QWidget:
    stage.go(screens.HOME)
    stage.shell._write_down()
    sheet = stage.shell.findChild(WriteDown)
    assert sheet is not None
    child(sheet, QPushButton, "danger").setChecked(True)
    stage.rest()
    return sheet


def _documents(stage: Stage) -> QWidget:
    """What a received bundle holds, read."""
    inbox = _inbox(stage)
    assert stage.desktop.inbox is not None
    stage.desktop.inbox.bundle.go(DOCUMENTS)
    stage.rest(2)
    return inbox


def _evidence(stage: Stage, tab: str) -> QWidget:
    """An exhibit with its notes, or its chain of custody."""
    stage.go(screens.EVIDENCE, 0)
    child(stage.shell.evidence.viewer, QPushButton, tab).click()
    stage.rest()
    return stage.shell


def _act(stage: Stage, n: int) -> QWidget:
    """A sheet of the menu of an exhibit, in the viewer's place."""
    stage.go(screens.EVIDENCE, 0)
    stage.shell.evidence.acts()[n][1]()
    stage.rest(1)
    return stage.shell


def _importing(stage: Stage) -> QWidget:
    stage.go(screens.EVIDENCE)
    stage.shell.evidence.bring_in([stage.demo.bundle, stage.demo.identity])
    stage.rest()
    return next(one for one in stage.shell.findChildren(QDialog) if one.isVisible())


def _disclose(stage: Stage) -> QWidget:
    """What a court is given, before it is written."""
    stage.go(screens.CUSTODY, 3)
    stage.shell.custody._ask(disclosure_sheet(Path("court.json")))
    stage.rest()
    for one in stage.shell.custody._editor.findChildren(QCheckBox)[:2]:
        one.click()
    stage.rest()
    return stage.shell


def _failures(stage: Stage) -> QWidget:
    failed = [Failure("holiday/beach.jpg", "The file cannot be read: permission denied.")]
    sheet = Failures(failed, stage.desktop.theme, stage.shell)
    sheet.open()
    stage.rest()
    return sheet


PICTURES: dict[str, Callable[[Stage], QWidget]] = {
    "home": lambda stage: stage.go(screens.HOME),
    "palette": _palette,
    "overview": lambda stage: stage.go(screens.OVERVIEW),
    "writedown": _write_down,
    "newcase": lambda stage: stage.go(screens.NEW_CASE),
    "file": lambda stage: stage.go(screens.FILE, 0),
    "access": lambda stage: stage.go(screens.FILE, 1),
    "closing": lambda stage: stage.go(screens.FILE, 2),
    "case": lambda stage: stage.go(screens.CASE),
    "evidence": lambda stage: stage.go(screens.EVIDENCE, 0),
    "evidence-notes": lambda stage: _evidence(stage, "tabNotes"),
    "evidence-custody": lambda stage: _evidence(stage, "tabCustody"),
    "evidence-redact": lambda stage: _act(stage, 0),
    **{f"evidence-act-{n}": lambda stage, n=n: _act(stage, n) for n in (2, 3, 4, 6, 8)},  # type: ignore[misc]
    "evidence-import": _importing,
    "evidence-failures": _failures,
    "interviews": lambda stage: stage.go(screens.INTERVIEWS, 0),
    "decisions": lambda stage: stage.go(screens.DECISIONS, 0),
    "persons": lambda stage: stage.go(screens.PERSONS, 0),
    "person-new": lambda stage: _new(stage, screens.PERSONS),
    "concerns": lambda stage: stage.go(screens.CONCERNS, 0),
    "concern-new": lambda stage: _new(stage, screens.CONCERNS),
    "actions": lambda stage: stage.go(screens.ACTIONS, 0),
    "recommendations": lambda stage: stage.go(screens.RECOMMENDATIONS),
    "decision-new": _decide,
    "interview-talk": _talk,
    "interview-new": lambda stage: _new(stage, screens.INTERVIEWS),
    "settings": lambda stage: stage.go(screens.SETTINGS),
    "settings-lock": lambda stage: _settings(stage, "lock"),
    "settings-policy": lambda stage: _settings(stage, "policy"),
    "settings-members": lambda stage: _settings(stage, "members"),
    "settings-care": lambda stage: _settings(stage, "care"),
    "redactions": lambda stage: stage.go(screens.REDACTIONS),
    "redact": _redact,
    "redact-find": lambda stage: _redact(stage, "tabFind"),
    "redact-persons": lambda stage: _redact(stage, "tabPersons"),
    "redact-unseen": lambda stage: _redact(stage, "tabHidden"),
    "redact-approval": lambda stage: _redact(stage, "tabApproval"),
    "redact-compare": _compare,
    "bundles": lambda stage: stage.go(screens.BUNDLES, 0),
    "bundle-what": lambda stage: _bundle(stage, 0),
    "bundle-whom": lambda stage: _bundle(stage, 1),
    "bundle-why": lambda stage: _bundle(stage, 2),
    "bundle-preview": lambda stage: _bundle(stage, 3),
    "recipients": lambda stage: stage.go(screens.RECIPIENTS),
    "inbox": _inbox,
    "inbox-documents": _documents,
    "requests": lambda stage: stage.go(screens.REQUESTS),
    "reviews": lambda stage: stage.go(screens.REVIEWS, 0),
    "custody": lambda stage: stage.go(screens.CUSTODY, 0),
    "custody-disclose": _disclose,
    "retention": lambda stage: stage.go(screens.RETENTION),
    "settings-copies": lambda stage: _settings(stage, "copies"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("--demo", type=Path, help="where the sample case is, or is made")
    parser.add_argument("--only", default="", help="screens whose name holds this word")
    parser.add_argument("--variation", action="append", help="light, dark, ar, 200, small, nl")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ.setdefault("EVIDENCEVAULT_STATE", str(Path(temporary) / "state"))
        demo = walk.run(asked.demo or Path(temporary) / "demo", lambda *_: None)
        with Session.unlock(demo.vault, "officer", demo.passphrases["officer"]) as session:
            if not policies.adopted(session.office):
                policies.adopt(session.office, policies.shipped_text("international"))
        app = program.application()
        for variation in VARIATIONS:
            if asked.variation and variation.name not in asked.variation:
                continue
            stage = Stage(app, demo, variation)
            for name, arrange in PICTURES.items():
                if asked.only in name:
                    file = asked.out / f"{name}-{variation.name}.png"
                    arrange(stage).grab().save(str(file))
                    stage.tidy()
                    print(file)
            stage.close()
            before = Before(app, demo, variation, asked.out / f"never-made-{variation.name}")
            for name, show in BEFORE.items():
                if asked.only in name:
                    file = asked.out / f"{name}-{variation.name}.png"
                    show(before).grab().save(str(file))
                    before.desktop._inbox_closed()
                    print(file)
            before.close()


if __name__ == "__main__":
    main()
