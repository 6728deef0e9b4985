"""An interview from its plan to the correction after signing, through the program's own door."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evidencevault.cli import main
from evidencevault.custody.office import system_clock

REFERENCE = f"NL-{system_clock().year}-0001"
FORM = """with = "Child A"
by = "Anna"
language = "nl"
model = "NICHD"
started_at = 2026-10-25T02:40:00+02:00
consent = { state = "assent", by = "the child" }
"""
SPOKEN = """ended_at = 2026-10-25T02:50:00+01:00
[[lines]]
at = 2026-10-25T02:45:00+02:00
phase = "account"
question = "Vertel eens wat er gebeurde."
answer = "Hij kwam binnen.\\u202e\\nEn toen niets."
note = "Stil."
[[lines]]
at = 2026-10-25T02:30:00+01:00
question = "Hij heeft je geslagen, hè?"
answer = "Nee."
[[breaks]]
started_at = 2026-10-25T02:10:00+01:00
reason = "water"
"""


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Run]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A vault with one case and a child in it; anna's shell."""
    made = tmp_path_factory.mktemp("interviews")
    (made / "anna").write_text("words of anna\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(made / "state"))
        patch.setenv("EVIDENCEVAULT_VAULT", str(made / "v"))
        patch.setenv("EVIDENCEVAULT_MEMBER", "anna")
        patch.setenv("EVIDENCEVAULT_PASSPHRASE_FILE", str(made / "anna"))
        for call in (
            f"vault create {made / 'v'} --organisation O --country NL --role officer",
            "case create --title Boiler --category neglect --severity high",
            f"person add {REFERENCE} --role child --name Maria --language nl",
        ):
            assert main.run(call.split()) == 0
        yield made


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str, form: str = "") -> Run:
        capsys.readouterr()
        more = []
        if form:
            (folder / "form.toml").write_text(form, "utf-8")
            more = ["--file", str(folder / "form.toml")]
        code = main.run(["interview", words[0], REFERENCE, *words[1:], *more])
        said = capsys.readouterr()
        return Run(code, said.out, said.err)

    return run


def test_an_interview_from_plan_to_correction(call: Call) -> None:
    first = call("plan", "--with", "maria", "--json").document
    assert (first["with"], first["prior_interviews"], first["reason_required"]) == ("Child A", 0, False)

    assert call("add", form=FORM).out == "I01\n"
    refused = call("edit", "I01", form=FORM + SPOKEN.replace('"account"', '"story"'))
    assert refused.code == 1
    assert refused.err.startswith("Line 10, lines[1].phase: NICHD has no such phase.")
    assert call("edit", "I01", form=FORM + SPOKEN).code == 0
    form = call("edit", "i1", "--template").out
    assert "prompt_kind" not in form and "Vertel eens" in form
    assert call("edit", "I01", form=form).code == 0

    assert call("correct", "I01", "--words", "It was Tuesday", "--line", "1", "--by", "child a").code == 0
    signed = call("sign", "I01", "--paper", "Child A", "--json").document
    assert (signed["signed_by"], len(signed["signed_digest"])) == ("anna", 64)
    for words in (("edit", "I01"), ("edit", "I01", "--template")):
        locked = call(*words, form="" if "--template" in words else FORM)
        assert locked.code == 1 and "I01 is signed by anna" in locked.err and locked.out == ""
    assert call("correct", "I01", "--words", "At noon").code == 0

    what = [one["what"] for one in call("history", "I01", "--json").document["revisions"]]
    assert what == ["filed", "edited", "corrected", "signed", "corrected"]
    assert call("history", "I01").out.count("\n") == 6

    again = call("add", form=FORM)
    assert again.code == 1 and again.err.startswith("reason_again: Child A")
    assert "I01" in call("plan", "--with", "Child A").out
    listed = call("list").out
    assert "I01" in listed and "Signed" in listed


def test_it_reads_as_a_dialogue(call: Call) -> None:
    call("add", form=FORM.replace("Child A", "maria") + 'reason_again = "More to tell"\n' + SPOKEN)
    number = call("list", "--json").document["interviews"][-1]["number"]
    call("correct", number, "--words", "It was Tuesday", "--line", "1", "--by", "Child A")
    rows = [row.strip() for row in call("show", number).out.splitlines()]
    told = rows[rows.index("Questions and answers in exact words") :]
    place = [
        next(n for n, row in enumerate(told) if row.startswith(begins))
        for begins in (
            "1  02:45  account  open (suggested)",
            "Q  Vertel eens wat er gebeurde.",
            "A  Hij kwam binnen.\\u202e",
            "En toen niets.",
            "(Stil.)",
            "Put right (Child A, ",
            "Break 02:10+01:00 water",
            "2  02:30+01:00  leading (suggested)",
            "open 1 (50 %), direct 0 (0 %), closed 0 (0 %), leading 1 (50 %)",
            "First leading question: line 2, 02:30+01:00",
        )
    ]
    assert place == sorted(place)
    whole = call("show", number, "--json").document
    assert whole["lines"][0]["prompt_suggested"] is True and whole["state"] == "draft" and whole["signature"] is None
    assert whole["statistics"]["counts"]["leading"] == 1
    assert call("show", number, "--revision", "1", "--json").document.get("corrections") is None
    assert call("show", number, "--revision", "3").code == 1
