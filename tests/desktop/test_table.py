"""The model of lists: 100,000 rows sorted and filtered by the model itself."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PySide6.QtWidgets import QListView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from evidencevault.desktop.table import ROW, Rows, choose, current


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    size: int

    @property
    def spoken(self) -> str:
        return f"thing {self.id}"


def _things(count: int) -> list[Thing]:
    sizes = list(range(count))
    random.Random(7).shuffle(sizes)
    return [Thing(f"E{n}", size) for n, size in enumerate(sizes)]


def _ids(model: Rows[Thing]) -> list[str]:
    return [model.index(n, 0).data(ROW).id for n in range(model.rowCount())]


def test_a_hundred_thousand_rows(qtbot: QtBot) -> None:
    model: Rows[Thing] = Rows()
    things = _things(100_000)
    model.show(things)
    assert model.rowCount() == 100_000
    model.sort_by(lambda one: one.size)
    assert [model.index(n, 0).data(ROW).size for n in (0, 1, 99_999)] == [0, 1, 99_999]
    model.filter(lambda one: one.size % 1000 == 0)
    assert [model.index(n, 0).data(ROW).size for n in range(model.rowCount())] == list(range(0, 100_000, 1000))
    model.sort_by(None, reverse=True)
    assert _ids(model) == [one.id for one in reversed(things) if one.size % 1000 == 0]


def test_the_model_keeps_qts_rules(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model: Rows[Thing] = Rows()
    model.show(_things(20))
    model.filter(lambda one: one.size > 5)
    qtmodeltester.check(model, force_py=True)
    assert model.index(99, 0).data() is None


def test_the_cursor_is_kept_by_id(qtbot: QtBot) -> None:
    model: Rows[Thing] = Rows()
    model.show(_things(50))
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    assert choose(view, model, "E7")
    model.sort_by(lambda one: -one.size)
    assert choose(view, model, "E7")
    assert current(view).id == "E7"
    model.filter(lambda one: one.id != "E7")
    assert not choose(view, model, "E7")
