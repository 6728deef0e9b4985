"""How a call is parsed, answered and refused: names, exit codes, one JSON document, no traceback."""

from __future__ import annotations

import getpass
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidencevault.cli import face, main
from evidencevault.custody.office import system_clock
from evidencevault.errors import Cancelled
from evidencevault.progress import State
from evidencevault.session import Session

CONTRACT = """
demo, vault create, vault check, vault repair, vault recover, vault accept-head, member add, member list,
member passphrase, member retire, member role, case create, case list, case show, case grant, case revoke,
member manager, case unwall, person edit,
case handover, case wall, case close, case reopen, person add, concern add, concern answer, interview add,
decision add, decision sign, action add, action done, evidence add, evidence transfer, evidence list, evidence
show, evidence text, evidence export, redact mark, redact remove, redact none, redact suggest, redact show,
redact hidden, redact preview, redact approve, bundle create, bundle release, bundle list, bundle verify,
bundle open, bundle receipt, custody show, custody verify, custody checkpoint, custody report, custody export,
search, policy check, policy show, policy adopt, due, duties run, review, evidence erase, backup create, backup verify,
backup restore, backup list, backup forget, doctor
"""
COMMANDS = [" ".join(one.split()) for one in CONTRACT.split(",")]
FORMS = ("concern add", "concern answer", "interview add", "decision add", "action add", "person add", "case create")


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A vault in which anna holds a case, leo (legal) and ota (oversight) have not unlocked yet."""
    folder = tmp_path_factory.mktemp("cli")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(folder / "state"))
        patch.setenv("EVIDENCEVAULT_VAULT", str(folder / "v"))
        patch.setenv("EVIDENCEVAULT_MEMBER", "anna")
        patch.setenv("EVIDENCEVAULT_PASSPHRASE_FILE", str(folder / "anna"))
        patch.delenv("EVIDENCEVAULT_DEBUG", raising=False)
        for name in ("anna", "leo", "ota"):
            (folder / name).write_text(f"words of {name}\nsecond line\n")
        calls = (
            f"vault create {folder / 'v'} --organisation O --country NL --role officer",
            f"member add leo --role legal --new-passphrase-file {folder / 'leo'}",
            f"member add ota --role oversight --new-passphrase-file {folder / 'ota'}",
            "case create --title Boiler --category neglect --severity high",
        )
        for call in calls:
            assert main.run(call.split()) == 0
        yield folder


@pytest.fixture
def at_the_vault(vault: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of anna's shell; ``state_dir`` has cleared it."""
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(vault / "state"))
    monkeypatch.setenv("EVIDENCEVAULT_VAULT", str(vault / "v"))
    monkeypatch.setenv("EVIDENCEVAULT_MEMBER", "anna")
    monkeypatch.setenv("EVIDENCEVAULT_PASSPHRASE_FILE", str(vault / "anna"))


@pytest.fixture
def run(at_the_vault: None, capsys: pytest.CaptureFixture[str]) -> object:
    def call(*words: str) -> Run:
        capsys.readouterr()
        code = main.run(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return Run(code, said.out, said.err)

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([*command.split(), "--help"]) == 0
    assert f"evidencevault {command}" in capsys.readouterr().out


@pytest.mark.parametrize("command", FORMS)
def test_templates_are_printed_without_a_case(run, command: str) -> None:
    done = run(*command.split(), "--template")
    assert done.code == 0
    assert "★" in done.out and done.err == ""


def test_the_bare_call_without_a_display(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    done = run()
    assert done.code == 1
    assert "display" in done.err


def test_global_options_stand_anywhere(run, vault: Path) -> None:
    before = run("--json", "--member", "anna", "case", "list")
    after = run("case", "list", "--member", "anna", "--json")
    assert before.code == after.code == 0
    assert before.document == after.document
    assert f"NL-{_year()}-0001" in [one["reference"] for one in before.document["cases"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("case list --nonsense", 2, "--nonsense"),
        ("nonsense", 2, "nonsense"),
        ("case show", 2, "REF"),
        ("case create --title T", 2, "--severity"),
        ("case create --title T --category nonsense --severity high", 2, "neglect"),
        ("case list --vault /nowhere/at/all", 1, "no vault"),
        ("case show NL-1999-0001", 1, "NL-1999-0001"),
        ("case list --member nobody", 1, "nobody"),
        ("evidence add {case}", 2, "--held"),
        ("redact mark {case} E001", 2, "--term"),
        ("redact show {case}", 2, "--all"),
        ("bundle create {case} --all --purpose P --legal-basis L", 2, "--recipient"),
        ("custody verify", 2, "--all"),
        ("interview add {case}", 2, "--file"),
        ("due --on soon", 2, "2026-11-30"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_refusals(run, words: str, code: int, said: str, as_json: bool) -> None:
    reference = f"NL-{_year()}-0001"
    done = run(*words.format(case=reference).split(), *(["--json"] if as_json else []))
    assert done.code == code
    assert said in done.err
    if as_json:
        assert done.document["exit_code"] == code
    else:
        assert done.out == ""


def _year() -> int:
    return system_clock().year


def test_wrong_passphrase_exits_4(run, vault: Path) -> None:
    done = run("case", "list", "--passphrase-file", str(vault / "leo"))
    assert done.code == 4
    assert "anna" in done.err and "words of leo" not in done.err


def test_an_empty_passphrase_file_is_refused(run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\nwords of anna\n")
    assert run("case", "list", "--passphrase-file", str(tmp_path / "empty")).code == 1


def test_without_a_file_and_a_terminal_nobody_can_be_asked(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVIDENCEVAULT_PASSPHRASE_FILE")
    monkeypatch.setattr(sys, "stdin", io.StringIO("words of anna\n"))
    done = run("case", "list")
    assert done.code == 2
    assert "--passphrase-file" in done.err


def test_at_the_first_unlock_a_prompt_asks_for_an_own_passphrase(
    run, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["words of leo", "leo alone knows", "leo alone knows"]
    asked: list[str] = []

    def answer(prompt: str, stream: object = None) -> str:
        asked.append(prompt)
        return answers.pop(0)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with monkeypatch.context() as patch:
        patch.delenv("EVIDENCEVAULT_PASSPHRASE_FILE")
        patch.setattr(sys, "stdin", Terminal())
        patch.setattr(getpass, "getpass", answer)
        assert run("case", "list", "--member", "leo").code == 0
    assert len(asked) == 3
    assert run("case", "list", "--member", "leo", "--passphrase-file", str(vault / "leo")).code == 4
    (vault / "leo").write_text("leo alone knows\n")
    assert run("case", "list", "--member", "leo", "--passphrase-file", str(vault / "leo")).code == 0


def test_oversight_lists_cases_without_reading_them(run, vault: Path) -> None:
    done = run("case", "list", "--json", "--member", "ota", "--passphrase-file", str(vault / "ota"))
    row = done.document["cases"][0]
    assert row["reference"] == f"NL-{_year()}-0001" and row["readable"] is False and row["title"] is None
    assert "Boiler" not in done.out
    shown = run("case", "show", row["reference"], "--member", "ota", "--passphrase-file", str(vault / "ota"))
    assert shown.code == 0 and "anna" in shown.out and "Boiler" not in shown.out
    refused = run("person", "list", row["reference"], "--member", "ota", "--passphrase-file", str(vault / "ota"))
    assert refused.code == 4


def test_due_shows_what_a_concern_asks(run, tmp_path: Path) -> None:
    form = tmp_path / "concern.toml"
    form.write_text('words = "It is cold."\nchannel = "phone"\nto = "Anna"\nheard_at = 2026-01-02T10:00:00+01:00\n')
    opened = run("concern", "add", "--file", str(form), "--json")
    assert opened.code == 0
    assert opened.document["concern"] == "C01"
    row = next(one for one in run("due", "--json").document["due"] if one["step"] == "acknowledge")
    assert (row["case"], row["ref"], row["state"]) == (opened.document["case"], "C01", "overdue")
    before = run("due", "--on", "2026-01-03", "--json").document["due"]
    assert {one["step"]: one["state"] for one in before}["acknowledge"] == "open"
    case = str(opened.document["case"])
    assert run("concern", "answer", case, "C01", "--words", "We mend it.", "--outcome", "satisfied").code == 0
    assert "acknowledge" not in {one["step"] for one in run("due", "--json").document["due"]}


def test_a_form_is_refused_with_line_and_key(run, tmp_path: Path) -> None:
    form = tmp_path / "concern.toml"
    form.write_text('words = "It is cold."\nchanel = "phone"\n')
    done = run("concern", "add", "--file", str(form))
    assert done.code == 1
    assert "2" in done.err and "chanel" in done.err


def test_a_fault_of_the_program_is_said_without_a_word_of_the_case(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Session:
        raise RuntimeError("Maya Example")

    monkeypatch.setattr(Session, "unlock", broken)
    done = run("case", "list")
    assert done.code == 1
    assert "fault of the program" in done.err and "RuntimeError" in done.err and "Maya" not in done.err


@pytest.mark.usefixtures("at_the_vault")
def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> Session:
        raise RuntimeError("more")

    monkeypatch.setattr(Session, "unlock", broken)
    monkeypatch.setenv("EVIDENCEVAULT_DEBUG", "1")
    assert main.run(["case", "list"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_a_sentence(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> Session:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "unlock", stopped)
    done = run("case", "list")
    assert done.code == 1
    assert "Stopped" in done.err


def test_an_interrupt_during_work_stops_it_between_two_steps() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Cancelled), face.Face().working("Working") as progress:
        os.kill(os.getpid(), signal.SIGINT)
        progress.advance(1)
    assert signal.getsignal(signal.SIGINT) is before


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_waits_a_second_and_clears_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(face.time, "monotonic", lambda: now[0])
    screen = _Screen()
    bar = face.Bar(screen, "Working")
    bar.draw(State(1, 4, "one"))
    assert screen.getvalue() == ""
    now[0] += face.SHOW_AFTER + 0.1
    bar.draw(State(2, 4, "two\n"))
    shown = screen.getvalue()
    assert "50%" in shown and "two\\n" in shown
    bar.clear()
    assert screen.getvalue().endswith("\x1b[2K")
    piped = io.StringIO()
    face.Bar(piped, "Working").draw(State(2, 4))
    assert piped.getvalue() == ""


def test_what_could_steer_a_terminal_is_shown_as_an_escape() -> None:
    assert face.plain("a\nb\x1b[31m\u202ecod.exe") == "a\\nb\\x1b[31m\\u202ecod.exe"
    (head, row) = face.table(("A", "B"), [("x\ty", None)])
    assert re.fullmatch(r"A +B", head) and row == "x\\ty"
