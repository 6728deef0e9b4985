"""Policy, duties, decisions, recommendations and closing on the command line, as two people use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.desk import Desk

from evidencevault.custody.office import system_clock

REFERENCE = "NL-2026-0001"
OLD = """words = "He hit me"
channel = "phone"
to = "Anna"
heard_at = 2026-01-05T10:00:00+01:00
"""
DECISION = """question = "Did he?"
finding = "inconclusive"
measure = ["none"]
clause = "1"
rationale = "Nobody saw it"
"""


def write(desk: Desk, name: str, text: str) -> None:
    (desk.folder / name).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("casework"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    write(desk, "concern.toml", OLD)
    desk.call("concern", "add", "--file", "concern.toml", "--severity", "high")
    return desk


def test_a_policy_is_checked_shown_and_adopted(desk: Desk) -> None:
    names = [one["name"] for one in desk.json("policy", "templates")["templates"]]
    assert "international" in names
    shown = desk.call("policy", "show")
    assert "nobody's policy" in shown.stdout
    text = desk.call("policy", "show", "--template", "international", "--text").stdout
    write(desk, "bad.toml", text.replace('within = "24h"', 'within = "soon"', 1))
    refused = desk.call("policy", "check", "bad.toml", expect=1)
    assert "Line " in refused.stderr and "within" in refused.stderr
    assert desk.call("policy", "adopt", "bad.toml", expect=1).stderr == refused.stderr
    write(desk, "own.toml", text.replace('version = "1"', 'version = "2026"', 1))
    desk.call("policy", "check", "own.toml")
    assert desk.json("policy", "adopt", "own.toml")["policy"]["version"] == "2026"
    assert desk.json("policy", "show")["policy"]["version"] == "2026"
    desk.call("policy", "adopt", "own.toml", expect=1)


def test_what_is_due_and_what_was_missed(desk: Desk) -> None:
    rows = desk.json("due", "--on", "2031-01-01")["due"]
    assert {"acknowledge", "second-holder"} <= {one["step"] for one in rows}
    assert all(one["state"] == "overdue" for one in rows)
    desk.call("due", "--ics", "due.ics")
    assert "BEGIN:VEVENT" in (desk.folder / "due.ics").read_text()
    assert desk.json("duties", "run")["entered"] == []  # what was due before the case was opened has a day
    assert desk.json("duties", "missed")["missed"] == []
    assert "no missed deadline" in desk.call("duties", "answer", REFERENCE, "0", "--words", "x", expect=1).stderr
    desk.call("due", "--on", "soon", expect=2)


def test_recommendations_come_as_a_list(desk: Desk) -> None:
    write(desk, "list.csv", "words,owner,due\nTrain staff,HR,2030-01-01\nMove the beds,,\n")
    made = desk.json("recommendation", "import", REFERENCE, "list.csv", "--from", "Inspectorate")
    assert made["recommendations"] == ["R01", "R02"]
    write(desk, "bad.csv", "words,due\nTrain staff,some day\n")
    refused = desk.call("recommendation", "import", REFERENCE, "bad.csv", "--from", "I", expect=1)
    assert "Row 2" in refused.stderr
    assert "R02" in desk.call("case", "close", REFERENCE, expect=1).stderr


def test_a_case_is_decided_and_closed(desk: Desk) -> None:
    write(desk, "decision.toml", DECISION)
    desk.call("decision", "add", REFERENCE, "--file", "decision.toml")
    assert desk.json("decision", "sign", REFERENCE, "D01")["waits_for"]
    refused = desk.call("case", "close", REFERENCE, expect=1).stderr
    assert all(one in refused for one in ("C01", "R01", "D01", "safe"))
    form = desk.call("case", "edit", REFERENCE).stdout
    write(desk, "case.toml", form.replace('state = "unknown"', 'state = "safe"') + '\n[[support]]\nkind = "medical"\n')
    desk.call("case", "edit", REFERENCE, "--file", "case.toml")
    assert desk.json("case", "show", REFERENCE)["immediate_safety"]["state"] == "safe"
    assert "safe" not in desk.call("case", "close", REFERENCE, expect=1).stderr.split(":", 1)[1]


def test_nothing_is_lost_by_a_wrong_word(desk: Desk, tmp_path: Path) -> None:
    desk.call("case", "move", REFERENCE, "closed", expect=1)
    desk.call("case", "reopen", REFERENCE, expect=1)
    desk.call("policy", "check", str(tmp_path / "none.toml"), expect=1)
    desk.call("custody", "verify", "--all", "--full")


def test_an_action_is_due_with_a_step_of_the_policy(desk: Desk) -> None:
    assert "step of the policy" in desk.call("action", "add", "--template").stdout
    write(desk, "fresh.toml", OLD.replace("2026-01-05T10:00:00+01:00", system_clock().isoformat()))
    reference = desk.json("concern", "add", "--file", "fresh.toml", "--severity", "high")["case"]
    asked = 'what = "Write back"\nowner = "Anna"\ndue = "{}"\n'
    write(desk, "action.toml", asked.format("feedback"))
    assert desk.json("action", "add", reference, "--file", "action.toml")["action"] == "A01"
    (listed,) = desk.json("action", "list", reference)["actions"]
    step = next(one for one in desk.json("due")["due"] if one["case"] == reference and one["step"] == "feedback")
    mine = next(one for one in desk.json("due")["due"] if one["ref"] == "A01")
    assert (listed["due"], mine["due"]) == (f"feedback {step['ref']}", step["due"])
    assert listed["due_at"][:10] == listed["until"]
    write(desk, "bad.toml", asked.format("feedbak"))
    refused = desk.call("action", "add", reference, "--file", "bad.toml", expect=1).stderr
    assert "has no step “feedbak”" in refused and "acknowledge" in refused
    desk.call("action", "done", reference, "A01", "--refused", "Said on the telephone")
