"""Gaps in time and custody: each is named, none is invented, and no name stands in any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from evidencevault.bundle.gaps import duration, gaps
from evidencevault.custody.casefile import SeenEntry
from evidencevault.custody.entry import FieldValue
from evidencevault.evidence.model import Exhibit

KNOWN = Exhibit(
    "E001", b"", 1, 1, "n", "s", acquired_at="2026-03-01", custody_before="known", custody_known="kept by Wies"
)


def entry(n: int, action: str, time: str, subject: FieldValue = None, details: FieldValue = None) -> SeenEntry:
    return SeenEntry(n, time, "UTC", b"", "anna", action, subject, None, None, None, "Wies Jansen", details)


def said(entries: list[SeenEntry], *exhibits: Exhibit, witnessed: int | None = None) -> list[tuple[str, str]]:
    found = gaps(entries, exhibits, len(entries) if witnessed is None else witnessed)
    return [(one.exhibit, one.said) for one in found]


OPENED = entry(0, "opened", "2026-03-01T09:00:00+00:00")
CAME = entry(1, "imported", "2026-03-01T10:00:00+01:00", "E001")


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert said([OPENED, CAME], KNOWN) == []


def test_a_clock_that_was_set_back_is_named_across_zones() -> None:
    ((exhibit, text),) = said([OPENED, entry(1, "viewed", "2026-03-01T08:30:00-00:00")])
    assert exhibit == "" and "Entry 1 is dated 30 min before entry 0" in text
    assert said([OPENED, entry(1, "viewed", "2026-03-01T08:30:00-02:00")]) == []


def test_silences_between_receipt_and_import_are_counted() -> None:
    for acquired, words in (
        ("2026-02-25", "entered 4 d later (entry 1)"),
        ("2026-02-27T08:00:00+00:00", "entered 2 d 1 h later"),
        ("2026-03-03", "2 d after entry 1"),
        ("2026-03-01T12:00:00+00:00", "3 h after entry 1"),
    ):
        ((exhibit, text),) = said([OPENED, CAME], replace(KNOWN, acquired_at=acquired))
        assert exhibit == "E001" and words in text, text
    assert said([OPENED, CAME], replace(KNOWN, acquired_at="2026-02-28T12:00:00+00:00")) == []
    ((_, text),) = said([OPENED, CAME], replace(KNOWN, acquired_at=None))
    assert "not recorded" in text


def test_custody_before_is_known_unknown_or_unsaid() -> None:
    assert "is unknown" in said([OPENED, CAME], replace(KNOWN, custody_before="unknown"))[0][1]
    assert "Nobody recorded" in said([OPENED, CAME], replace(KNOWN, custody_before=None))[0][1]


def test_what_was_handed_over_and_did_not_come_back() -> None:
    gone = entry(2, "transferred", "2026-03-02T10:00:00+01:00", "E001")
    ((exhibit, text),) = said([OPENED, CAME, gone], KNOWN)
    assert exhibit == "E001" and "Handed over at entry 2" in text and "Wies" not in text
    assert said([OPENED, CAME, gone, entry(3, "received", "2026-03-03T10:00:00+01:00", "E001")], KNOWN) == []


def test_restores_epochs_failed_exports_and_witnesses() -> None:
    details: FieldValue = {"remembered": [9, "aa"], "restored": [7, "bb"], "reason": "Wies fell over the cable"}
    found = said(
        [
            OPENED,
            entry(1, "reincarnated", OPENED.time, details=details),
            entry(2, "rekeyed", OPENED.time),
            entry(3, "noted", OPENED.time, details={"kind": "export-failed", "entry": 8}),
            entry(4, "reincarnated", OPENED.time, details={}),
        ],
        witnessed=3,
    )
    texts = " ".join(text for _, text in found)
    assert "9 entries had been seen before, 7 were restored" in texts and "Wies" not in texts
    assert "Entry 2: a new epoch" in texts and "what entry 8 says" in texts and "Entry 4: a restored backup" in texts
    assert "first 3 entries were witnessed by a second person; the 2 after" in texts
    assert "Nobody has witnessed" in said([OPENED], witnessed=0)[0][1]


def test_lengths_of_time() -> None:
    assert duration(timedelta(milliseconds=40)) == "0.04 s"
    assert duration(timedelta(minutes=2, seconds=10)) == "2 min"
    assert duration(timedelta(days=3, hours=4)) == "3 d 4 h"
