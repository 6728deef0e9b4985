"""A respondent who is a user of the vault, at the command line: what they are told, and what they are not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidencevault.cli import main
from evidencevault.custody.office import system_clock

YEAR = system_clock().year
CASE, NONE = f"NL-{YEAR}-0001", f"NL-{YEAR}-0099"
TITLE, NAME = "Lanternroom", "Quistenberg"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


Call = Callable[..., Run]


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """anna's case was granted to leo (legal), whom olga (oversight) manages; then leo was entered as respondent."""
    folder = tmp_path_factory.mktemp("walls")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(folder / "state"))
        patch.setenv("EVIDENCEVAULT_VAULT", str(folder / "v"))
        people = {"leo": "legal", "olga": "oversight", "ben": "officer", "mia": "legal"}
        for name in ("anna", *people):
            (folder / name).write_text(f"words of {name}\n")
        (folder / "letter.txt").write_text(f"About {NAME} and the {TITLE}.")
        calls = [("anna", f"vault create {folder / 'v'} --organisation O --country NL --role officer")]
        for name, role in people.items():
            calls.append(("anna", f"member add {name} --role {role} --new-passphrase-file {folder / name}"))
        calls += [
            ("anna", "member manager leo --is olga"),
            ("anna", f"case create --title {TITLE} --category neglect --severity high"),
            ("anna", f"case grant {CASE} leo"),
            ("leo", f"case show {CASE}"),
            ("olga", f"case show {CASE}"),
            ("anna", f"evidence add {CASE} {folder / 'letter.txt'} --source Anna"),
            ("leo", f"search {NAME}"),
            ("anna", f"person add {CASE} --role respondent --name {NAME} --linked-member leo"),
            ("anna", f"case grant {CASE} mia"),
        ]
        for name, call in calls:
            assert main.run([*call.split(), "--member", name, "--passphrase-file", str(folder / name)]) == 0, call
        yield folder


@pytest.fixture
def run(vault: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(vault / "state"))
    monkeypatch.setenv("EVIDENCEVAULT_VAULT", str(vault / "v"))

    def call(name: str, *words: str) -> Run:
        capsys.readouterr()
        code = main.run([*words, "--member", name, "--passphrase-file", str(vault / name)])
        said = capsys.readouterr()
        return Run(code, said.out, said.err)

    return call


WITHOUT_A_CASE = [
    "case list",
    "due",
    "duties run",
    "duties missed",
    f"search {NAME}",
    f"search {TITLE}",
    "custody verify --all --full",
    "vault check --full",
    "member list",
    "recipient list",
    "overview",
    "retention",
    "bundle register",
]


@pytest.mark.parametrize(("name", "as_json"), [("leo", False), ("olga", True)])
def test_nothing_that_lists_shows_the_case(run: Call, name: str, as_json: bool) -> None:
    for words in WITHOUT_A_CASE:
        done = run(name, *words.split(), *(["--json"] if as_json else []))
        assert done.code == 0
        said = (done.out + done.err).replace(words.split()[-1], "")
        assert not [one for one in (CASE, f"{YEAR}-0001", "0001", TITLE, NAME) if one in said], (words, said)
    assert CASE in run("anna", "case", "list").out and NAME in run("anna", "search", NAME).out


def test_lists_are_empty_and_verification_only_counts(run: Call) -> None:
    for name in ("leo", "olga"):
        assert json.loads(run(name, "case", "list", "--json").out) == {"cases": []}
        assert json.loads(run(name, "search", NAME, "--json").out)["hits"] == []
        assert json.loads(run(name, "due", "--json").out) == {"due": []}
        told = json.loads(run(name, "custody", "verify", "--all", "--json").out)
        assert [one["name"] for one in told["ledgers"]] == ["vault ledger"] and told["others"] == 1 and told["intact"]
    assert "not yours: 1" in run("leo", "custody", "verify", "--all").out


WITH_A_CASE = [
    "case show REF",
    "case grant REF leo",
    "case handover REF ben",
    "case unwall REF leo --reason R",
    "case close REF",
    "person add REF --role child --name N",
    "concern answer REF C01 --words W",
    "evidence list REF",
    "evidence text REF E001",
    "search W --case REF",
    "duties answer REF 3 --words W",
    "redact show REF E001",
    "bundle list REF",
    "custody show REF",
    "custody verify REF",
    "custody checkpoint REF --to FILE",
]


@pytest.mark.parametrize("words", WITH_A_CASE)
def test_a_walled_off_case_is_refused_as_one_that_does_not_exist(run: Call, tmp_path: Path, words: str) -> None:
    words = words.replace("FILE", str(tmp_path / "out"))
    extra = ["--json"] if words.endswith("REF") else []
    told, other = (run("leo", *words.replace("REF", one).split(), *extra) for one in (CASE, NONE))
    assert (told.code, told.out.replace(CASE, "REF"), told.err.replace(CASE, "REF")) == (
        other.code,
        other.out.replace(NONE, "REF"),
        other.err.replace(NONE, "REF"),
    )
    assert told.code == 1 and "no case" in told.err, told
    assert not (tmp_path / "out").exists()


def test_who_is_excluded_and_why_is_shown_to_those_who_hold_it(run: Call) -> None:
    shown = run("anna", "case", "show", CASE)
    assert "leo (is Respondent A in this case, " in shown.out and "olga (line manager of leo, " in shown.out
    told = json.loads(run("anna", "case", "show", CASE, "--json").out)
    assert [one["name"] for one in told["excluded"]] == ["leo", "olga"] and told["to_exclude"] == []
    refused = run("anna", "case", "grant", CASE, "olga")
    assert refused.code == 1 and "conflict of interest" in refused.err
    listed = json.loads(run("anna", "member", "list", "--json").out)
    assert {one["name"]: one["manager"] for one in listed["members"]}["leo"] == "olga"


def test_persons_excluded_and_namesakes_are_told_beside_the_label(run: Call, vault: Path) -> None:
    opened = run("anna", "case", "create", "--title", "T", "--category", "other", "--severity", "low", "--json")
    reference = json.loads(opened.out)["case"]
    added = run("anna", "person", "add", reference, "--role", "respondent", "--name", "Leo Q.")
    command = f'person edit {reference} "Respondent A" --linked-member "leo"'
    assert added.out == "Respondent A\n" and command in added.err
    printed = run("anna", "person", "edit", reference, "respondent a")
    assert printed.code == 0 and 'names = ["Leo Q."]' in printed.out
    linked = run("anna", "person", "edit", reference, "Respondent A", "--linked-member", "leo")
    assert linked.code == 0 and f"Excluded from {reference}: leo, olga." in linked.err
    (vault / "form.toml").write_text(printed.out.replace("Leo Q.", "Leonard Q."))
    assert run("anna", "person", "edit", reference, "Respondent A", "--file", str(vault / "form.toml")).code == 0
    assert "Leonard Q." in run("anna", "person", "list", reference).out
    added = run("anna", "person", "add", reference, "--role", "staff", "--name", "M", "--linked-member", "mia",
                "--conflict")  # fmt: skip
    assert added.out == "Staff A\n" and f"Excluded from {reference}: mia." in added.err
    assert run("anna", "person", "add", reference, "--role", "other", "--name", "X", "--linked-member", "x").code == 1
    begun = run(
        "anna", "case", "create", "--title", "U", "--category", "other", "--severity", "low", "--exclude", "leo"
    )
    assert "leo, olga" in begun.err and begun.out.strip() not in run("olga", "case", "list").out


def test_two_end_an_exclusion_at_the_command_line(run: Call) -> None:
    assert run("anna", "case", "unwall", CASE, "olga").code == 2, "a reason is needed"
    proposed = run("anna", "case", "unwall", CASE, "olga", "--reason", "She left that line")
    assert proposed.code == 0 and "Proposed" in proposed.out
    assert "anna proposes to end it: She left that line" in run("mia", "case", "show", CASE).out
    ended = run("mia", "case", "unwall", CASE, "olga", "--reason", "I checked", "--json")
    assert json.loads(ended.out)["in_effect"] is True
    again = run("anna", "case", "wall", CASE, "ben")
    assert again.code == 0 and f"Excluded from {CASE}: ben." in again.out
    assert run("anna", "custody", "verify", CASE, "--full").code == 0
