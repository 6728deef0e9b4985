from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from evidencevault.errors import NotFound, Refused, StorageFailed
from evidencevault.evidence import exhibits, intake, reading, search
from evidencevault.progress import Progress
from evidencevault.vault import indexrows
from tests.evidence.conftest import SAID, Desk
from tests.support.documents import PlainWorkers, workers

Tree = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def brought(desk: Desk, tree: Tree) -> Desk:
    root = tree({"letter.txt": b"Caf\xc3\xa9 in Rotterdam\fthe second page names Rotterdam", "b.txt": b"nothing here"})
    intake.bring_in(desk.case, [root], SAID, workers=workers())  # E001 b.txt, E002 letter.txt
    return desk


def views(desk: Desk) -> list[tuple[object, object]]:
    return [(one.subject, one.purpose) for one in desk.case.entries() if one.action == "viewed"]


def test_a_view_is_entered_before_the_worker_is_asked_and_once_in_15_minutes(brought: Desk) -> None:
    order: list[int] = []

    class Watching(PlainWorkers):
        def _data(self, ask, name, source):  # type: ignore[no-untyped-def]
            order.append(len(views(brought)))
            return super()._data(ask, name, source)

    watching = Watching()
    assert reading.render(brought.case, watching, "E002", 2).data[0] == 2  # type: ignore[arg-type]
    assert [one.page for one in reading.text(brought.case, watching, "E002")] == [1, 2]  # type: ignore[arg-type]
    assert order == [1, 1] and views(brought) == [("E002", None)]
    brought.ahead = timedelta(minutes=16)
    assert len(list(reading.pages(brought.case, workers(), "E002"))) == 2
    assert len(views(brought)) == 2
    brought.ahead = timedelta(0)  # a clock set back makes no view last longer
    reading.thumbnail(brought.case, workers(), "E002")
    assert len(views(brought)) == 3
    case = brought.as_("leo")
    with reading.original(case, "E002") as reader:
        assert reader.read(0, 3) == b"Caf"
    assert len(views(brought)) == 4 and list(case.entries())[-1].actor_name == "leo"


def test_a_restricted_item_shows_nothing_without_a_purpose(brought: Desk) -> None:
    exhibits.amend(brought.case, "E002", reason="medical", restricted="medical file")
    looker = PlainWorkers()
    for ask in (
        lambda: reading.render(brought.case, looker, "E002", 1),  # type: ignore[arg-type]
        lambda: reading.text(brought.case, looker, "E002", purpose=" "),  # type: ignore[arg-type]
        lambda: reading.thumbnail(brought.case, looker, "E002"),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refused, match="medical file"):
            ask()
    assert list(reading.thumbnails(brought.case, looker, ["E002"])) == []  # type: ignore[arg-type]
    assert looker.asked == [] and views(brought) == []
    assert reading.text(brought.case, workers(), "E002", purpose="asked by the doctor")
    assert views(brought) == [("E002", "asked by the doctor")]


def test_a_vault_that_cannot_be_written_shows_nothing(brought: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looker = PlainWorkers()

    def full(*_: object, **__: object) -> None:
        raise StorageFailed("The disk is full.")

    case = brought.case
    monkeypatch.setattr("evidencevault.custody.caseledger.commit", full)
    for ask in (
        lambda: reading.render(case, looker, "E002", 1),  # type: ignore[arg-type]
        lambda: search.search(case, "Rotterdam"),
    ):
        with pytest.raises(StorageFailed):
            ask()
    assert looker.asked == []


def test_things_that_are_no_file_have_nothing_to_show(brought: Desk) -> None:
    exhibits.hold(brought.case, "diary", SAID, place="safe")
    with pytest.raises(NotFound):
        reading.render(brought.case, workers(), "E003", 1)
    assert reading.page_count(brought.case, "E003") == 0 and reading.page_count(brought.case, "E002") == 2


def test_thumbnails_are_entered_in_one_commit(brought: Desk) -> None:
    before = brought.case.ledger.ledger.tree.head.size
    shown = reading.thumbnails(brought.case, workers(), ["E001", "E002"])
    assert next(shown)[0] == "E001"
    assert brought.case.ledger.ledger.tree.head.size == before + 2
    assert [one[0] for one in shown] == ["E002"]


def test_search_finds_pages_without_accents_or_case_and_enters_the_view(brought: Desk) -> None:
    hits = search.search(brought.case, "ROTTERDAM cafe")
    assert [(one.exhibit, one.page, one.name) for one in hits] == [("E002", 1, "letter.txt")]
    assert hits[0].snippet is not None and "Café in Rotterdam" in hits[0].snippet
    assert views(brought) == [("E002", None)]
    assert {one.page for one in search.search(brought.case, "rotter*")} == {1, 2}
    assert [one.page for one in search.search(brought.case, '"second page"')] == [2]
    assert [(one.exhibit, one.page) for one in search.search(brought.case, "letter.txt")] == [("E002", None)]
    assert search.search(brought.case, 'nobody" OR NEAR(') == []
    assert search.search_all([brought.case], "rotterdam")[0].case == brought.case.reference


def test_search_shows_no_words_of_restricted_items(brought: Desk) -> None:
    exhibits.amend(brought.case, "E002", reason="medical", restricted="medical file")
    hits = search.search(brought.case, "second")
    assert [(one.exhibit, one.snippet) for one in hits] == [("E002", None)] and views(brought) == []


def test_the_index_is_sealed_and_kept_up(brought: Desk, tree: Tree, tmp_path: Path) -> None:
    office, case = brought.office, brought.case

    def stored() -> bytes | None:
        reader = indexrows.open_index(brought.office.database, brought.office.store, brought.office.keychain, case.id)
        return None if reader is None else b"".join(reader.stream())

    first = stored()
    assert first is not None and first.startswith(b"EVIX") and b"Rotterdam" in first
    assert not any(b"Rotterdam" in path.read_bytes() for path in brought.folder.rglob("*") if path.is_file())
    loaded = search._load(case)
    assert loaded is not None and loaded.size <= case.ledger.ledger.tree.head.size
    new = tmp_path / "new.txt"
    new.write_bytes(b"Antwerpen")
    intake.bring_in(case, [new], SAID, workers=workers())
    assert stored() != first
    case = brought.as_()
    assert office is not brought.office
    assert [one.exhibit for one in search.search(case, "antwerpen")] == ["E003"]


def test_an_index_of_another_ledger_is_thrown_away(brought: Desk) -> None:
    case = brought.case
    index = search.update(case, Progress())
    index.root = bytes(32)
    search._save(case, index, Progress())
    case = brought.as_()
    assert search._load(case) is None
    assert [one.page for one in search.search(case, "second")] == [2]
    index = search.update(case, Progress())
    index.size += 5
    search._save(case, index, Progress())
    case = brought.as_()
    assert search._load(case) is None and search.search(case, "second") != []


def test_a_damaged_index_costs_a_rebuild_and_no_word(brought: Desk) -> None:
    with brought.office.database.transaction() as connection:
        connection.exec_driver_sql(
            'UPDATE object SET payload = zeroblob(length(payload)) WHERE item IN (SELECT index_item FROM "case")'
        )
        assert connection.exec_driver_sql("SELECT changes()").scalar() == 1
    case = brought.as_()
    assert [one.page for one in search.search(case, "second")] == [2]
    search.rebuild(case, Progress())
    assert search._load(case) is not None


def test_replacing_the_index_destroys_the_old_salt(brought: Desk) -> None:
    def rows() -> tuple[list[bytes], int]:
        with brought.office.database.reading() as connection:
            named = connection.exec_driver_sql('SELECT index_item FROM "case"').scalars().all()
            return [bytes(one) for one in named if one], connection.exec_driver_sql(
                "SELECT count(*) FROM item"
            ).scalar_one()

    before, count = rows()
    search.rebuild(brought.case, Progress())
    after, again = rows()
    assert before != after and count == again
    with brought.office.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM item WHERE id = ?", (before[0],)).scalar() == 0
