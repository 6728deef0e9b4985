"""`review` with the document worker that lays it out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pymupdf
import pytest
import typer
from tests.support.desk import Desk
from typer.testing import CliRunner

from evidencevault.cli import main, reviews
from evidencevault.errors import FormError, Refused, UsageError

DATA = Path(__file__).parents[1] / "policy" / "data"
FORM = """
from_paper = true
[[finding]]
words = "Nobody asked the mother."
about = "C02"
[[recommendation]]
words = "Ask her."
owner = "Director"
due = 2099-01-01
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("review"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    desk.call("case", "create", "--title", "T", "--category", "neglect", "--severity", "high")
    return desk


class Called:
    """The command alone, until the program's own list names it."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EVIDENCEVAULT_STATE", desk.env["EVIDENCEVAULT_STATE"])
        self.app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
        self.app.callback()(main.root)
        self.app.command("review")(reviews.review)
        self.folder = desk.folder

    def __call__(self, *words: object) -> str:
        access = ["--vault", self.folder / "v", "--member", "anna", "--passphrase-file", self.folder / "anna"]
        done = CliRunner().invoke(self.app, [str(one) for one in (*access, *words)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout


@pytest.fixture
def call(made: Desk, monkeypatch: pytest.MonkeyPatch) -> Called:
    return Called(made, monkeypatch)


def test_two_policies_a_form_and_options_give_a_pdf_and_recommendations(call: Called, made: Desk) -> None:
    (call.folder / "form.toml").write_text(FORM)
    out = call.folder / "review.pdf"
    said = json.loads(
        call(
            "--json", "review", "NL-2026-0001", "--then", DATA / "then.toml", "--policy", DATA / "today.toml", "--file",
            call.folder / "form.toml", "--finding", "Much is missing.", "--recommend", "Keep more.", "--to", out,
        )
    )  # fmt: skip
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (said["then"]["version"], said["now"]["version"], said["from_paper"]) == ("2014", "2026", True)
    assert said["recommendations"] == ["R01", "R02"]
    assert [one["words"] for one in said["findings"]] == ["Nobody asked the mother.", "Much is missing."]
    decide = next(one for one in said["rows"] if one["id"] == "decide")
    assert (decide["then"]["state"], decide["then"]["asked"], decide["now"]["asked"]) == ("not due yet", "3mo", "60d")
    with pymupdf.open(out) as document:
        text = " ".join(" ".join(page.get_text() for page in document).replace("\u200b", "").split())
    for word in ("Integrity rules 2014", "Nobody asked the mother. (C02)", "Much is missing.", "Ask her.", "R02"):
        assert word in text
    told = made.json("recommendation", "list", "NL-2026-0001")
    assert [one["words"] for one in told["recommendations"]] == ["Ask her.", "Keep more."]
    assert said["review"] == "V01" and said["earlier"] == []
    again = json.loads(call("--json", "review", "NL-2026-0001", "--to", call.folder / "again.pdf"))
    assert (again["review"], [one["number"] for one in again["earlier"]]) == ("", ["V01"])
    with pymupdf.open(call.folder / "again.pdf") as document:
        assert "Nobody asked the mother. (C02)" in " ".join(page.get_text() for page in document)
    entries = made.json("custody", "show", "NL-2026-0001")["entries"]
    assert entries[said["entry"]]["digest"] == said["sha256"]
    made.call("custody", "verify", "NL-2026-0001")


def test_what_was_found_is_listed_shown_and_corrected(made: Desk) -> None:
    (listed,) = made.json("reviews", "list", "NL-2026-0001")["reviews"]
    assert (listed["number"], listed["recommendations"], listed["from_paper"]) == ("V01", ["R01", "R02"], True)
    assert [one["state"] for one in listed["advice"]] == ["open", "open"]
    told = made.call("reviews", "show", "NL-2026-0001", "v1").stdout
    assert "1. Nobody asked the mother. (C02)" in told and "R01  Ask her.  [not done]" in told
    text = made.call("reviews", "correct", "NL-2026-0001", "V01", "--template").stdout
    (made.folder / "found.toml").write_text(text.replace("Much is missing.", "Two letters are missing."))
    made.call("reviews", "correct", "NL-2026-0001", "V01", "--file", "found.toml")
    shown = made.json("reviews", "show", "NL-2026-0001", "V01")
    assert ([one["words"] for one in shown["finding"]], shown["revision"]) == (
        ["Nobody asked the mother.", "Two letters are missing."], 2,
    )  # fmt: skip
    assert "0/2" in made.call("reviews", "list", "NL-2026-0001").stdout
    (made.folder / "more.toml").write_text('[[recommendation]]\nwords = "x"\n')
    made.call("reviews", "correct", "NL-2026-0001", "V01", "--file", "more.toml", expect=1)
    made.call("reviews", "show", "NL-2026-0001", "V09", expect=1)


def test_for_a_person_it_is_a_table_and_a_sentence(call: Called) -> None:
    told = call("review", "NL-2026-0001", "--to", call.folder / "plain.pdf")
    assert "The review is in" in told and "Bring the report to the focal point" in told and "not due yet" in told


def test_the_form_is_printed_and_reads_back(call: Called) -> None:
    text = call("review", "--template")
    assert "[[finding]]" in text and "[[recommendation]]" in text


def test_what_is_wrong_is_refused_and_nothing_is_filed(call: Called, made: Desk) -> None:
    before = len(made.json("custody", "show", "NL-2026-0001")["entries"])
    out = call.folder / "never.pdf"
    (call.folder / "bad.toml").write_text('[[finding]]\nword = "x"\n')
    (call.folder / "broken.toml").write_text((DATA / "then.toml").read_text().replace('within = "14d"', 'within = "x"'))
    with pytest.raises(UsageError, match="--to"):
        call("review", "NL-2026-0001")
    with pytest.raises(UsageError, match="Which case"):
        call("review", "--to", out)
    with pytest.raises(FormError, match="Line 2, finding"):
        call("review", "NL-2026-0001", "--file", call.folder / "bad.toml", "--to", out)
    with pytest.raises(FormError, match="within"):
        call("review", "NL-2026-0001", "--then", call.folder / "broken.toml", "--to", out)
    with pytest.raises(Refused):
        call("review", "NL-2026-0001", "--policy", call.folder / "none.toml", "--to", out)
    with pytest.raises(Refused):
        call("review", "NL-2026-0001", "--recommend", "R", "--to", call.folder / "v" / "r.pdf")
    assert not out.exists()
    assert len(made.json("custody", "show", "NL-2026-0001")["entries"]) == before
