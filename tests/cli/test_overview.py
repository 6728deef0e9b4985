"""`overview` over a vault of which one case is damaged: it is named, the rest is counted, and the exit code says so."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pymupdf
from tests.support.desk import Desk

CONCERN = """
words = "He hit me"
channel = "phone"
to = "Anna"
heard_at = 2026-05-01T10:00:00+02:00
"""
DECISION = """
question = "Did it happen?"
finding = "inconclusive"
measure = ["none"]
clause = "4"
rationale = "Nobody knows."
"""


def test_what_can_be_read_is_counted_and_what_cannot_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    for _ in range(2):
        desk.call("case", "create", "--title", "T", "--category", "neglect", "--severity", "high")
    (tmp_path / "concern.toml").write_text(CONCERN)
    (tmp_path / "decision.toml").write_text(DECISION)
    (one, two) = (found["reference"] for found in desk.json("case", "list")["cases"])
    desk.call("decision", "add", one, "--file", "decision.toml")
    told = desk.call("overview").stdout
    assert "CATEGORIES BY YEAR OF REPORT" in told and "MISSED DEADLINES" in told and "Days taken: median" in told
    assert [line.split()[-1] for line in told.splitlines() if f"{one}  D01" in line] == ["draft"]
    assert desk.json("overview")["faults"] == []

    desk.call("concern", "add", two, "--file", "concern.toml")
    with contextlib.closing(sqlite3.connect(tmp_path / "v" / "vault.db")) as database, database:
        database.execute("UPDATE record SET sealed = zeroblob(200) WHERE kind = 3")
    done = desk.call("overview", "--csv", "o.csv", "--pdf", "o.pdf", expect=3)
    assert f"{two} is not counted" in done.stderr and one not in done.stderr
    assert f"{one}  D01" in done.stdout
    found = desk.json("overview", expect=3)
    assert (found["cases"], [case["case"] for case in found["open"]]) == (1, [one])
    assert [(case["case"], case["counted"]) for case in found["faults"]] == [(two, False)]
    assert "complete,every case could be read,,no" in (tmp_path / "o.csv").read_text()
    with pymupdf.open(tmp_path / "o.pdf") as document:
        assert "Some cases could not be read" in " ".join(page.get_text() for page in document)
