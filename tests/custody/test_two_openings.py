"""One member's vault, two openings of the same case: an import in one thread while another reads and enters views."""

from __future__ import annotations

import threading
from contextlib import closing

from tests.support.vaults import Made

from evidencevault.custody import casefile, verify
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.progress import Progress


def _note(case: CaseFile, subject: str) -> None:
    write = case.write()
    write.entry("noted", subject=subject)
    write.commit()


def test_each_opening_follows_what_the_other_wrote(made: Made) -> None:
    with closing(made.open()) as office:
        first = casefile.create_case(office, {"title": "t"})
        second = casefile.open_case(office, first.reference)
        pending = first.write()  # begun before the other writes, committed after
        note = pending.record(Kind.NOTE, {"text": "n"})
        pending.entry("noted", subject="first", records=[note])
        _note(second, "second")
        pending.commit()
        assert first.ledger.state.size == first.ledger.ledger.tree.head.size
        second.ledger.refresh()
        assert [one.subject for one in second.entries()][-2:] == ["second", "first"]
        assert second.ledger.state.size == first.ledger.state.size


def test_two_threads_write_without_losing_an_entry(made: Made) -> None:
    with closing(made.open()) as office:
        first = casefile.create_case(office, {"title": "t"})
        openings = [first, casefile.open_case(office, first.reference)]
        failed: list[BaseException] = []

        def work(case: CaseFile, name: str) -> None:
            try:
                for n in range(20):
                    _note(case, f"{name}{n}")
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(case, name)) for case, name in zip(openings, "ab", strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        noted = [one.subject for one in openings[0].entries() if one.action == "noted"]
        assert sorted(noted) == sorted(f"{name}{n}" for name in "ab" for n in range(20))
        first.ledger.refresh()
        assert office.heads.get(first.ledger.ledger.tree.origin) == first.ledger.ledger.tree.head
        assert verify.verify(office, None, full=True, progress=Progress()).findings == ()
