"""Deadlines that passed are entered when the vault is opened, beside what its user does."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot
from tests.desktop import case_made

from evidencevault.casework import opening
from evidencevault.casework.cases import Case, Safety
from evidencevault.custody import overdue
from evidencevault.desktop.desk import Desk


def test_what_was_missed_is_entered_once_and_told(qtbot: QtBot, made: case_made.Made) -> None:
    session = made.unlock()
    about = Case(title="T", categories=("neglect",), severity="high", immediate_safety=Safety(state="unknown"))
    reference = opening.create(session.office, about).reference
    now = session.office.clock
    session.office.clock = lambda: now() + timedelta(days=40)
    desk = Desk(session)
    told: list[str] = []
    desk.changed.connect(told.append)
    try:
        with qtbot.waitSignal(desk.watch().ended):
            pass
        assert reference in told
        count = len(told)
        with qtbot.waitSignal(desk.watch().ended):
            pass
        assert len(told) == count
        assert "focal-point" in {one.step for one in overdue.entries(session.ledger(reference))}
    finally:
        desk.close()
