"""What the project promises about itself: its documents, its dependencies, its sample case."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from evidencevault.casework.forms import FORMS, from_values
from evidencevault.cli.main import run

TOP = Path(__file__).resolve().parent.parent
SAMPLE = TOP / "resources" / "sample"
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
CASE = tomllib.loads((SAMPLE / "sample.toml").read_text("utf-8"))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> dict[str, str]:
    """Name and the whole requirement, of all extras too."""
    lines = [*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())]
    return {normal(re.split(r"[\s<>=;]", line)[0]): line for line in lines}


def test_constraints_are_exact_and_name_no_index() -> None:
    for line in (TOP / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line), line


def test_every_dependency_has_a_lower_bound_and_a_tested_version() -> None:
    tested = {normal(line.split("==")[0]) for line in (TOP / "constraints.txt").read_text("utf-8").splitlines()}
    for name, line in required().items():
        assert ">=" in line, line
        assert name in tested, name


def test_everything_imported_is_declared() -> None:
    owners = importlib.metadata.packages_distributions()
    declared = set(required())
    imported: set[str] = set()
    for file in (TOP / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"evidencevault"}
    assert foreign
    undeclared = {name for name in foreign if not declared & {normal(owner) for owner in owners.get(name, ())}}
    assert not undeclared


def test_the_wheel_carries_what_the_program_looks_for(tmp_path: Path) -> None:
    [wheel] = WheelBuilder(str(TOP)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    page = ("resources/bundle/page.html", "resources/bundle/page.css", "resources/bundle/7-check.js")
    resources = (*page, "resources/icons/lock.svg", "resources/icons/LICENSE", "resources/sample/sample.toml")
    for shipped in ("ui/README.md", *resources):
        assert f"evidencevault/_data/{shipped}" in names
    assert {Path(name).name for name in names} >= {"LICENSE", "entry_points.txt"}


@pytest.mark.parametrize("document", ["README.md", "SECURITY.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_files_that_a_document_links_to_exist(document: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (TOP / document).read_text("utf-8")):
        assert (TOP / target).exists(), target


def documented_commands() -> list[tuple[str, ...]]:
    """The words before the first argument or option of each `evidencevault …` or `./run …` line in the README."""
    found = set()
    for line in re.findall(r"^(?:evidencevault|\./run) (.+)$", (TOP / "README.md").read_text("utf-8"), re.MULTILINE):
        words = []
        for word in line.split():
            if not re.fullmatch(r"[a-z-]+", word) or word.startswith("-") or len(words) == 2:
                break
            words.append(word)
        found.add(tuple(words))
    return sorted(words for words in found if words)


@pytest.mark.parametrize("words", documented_commands(), ids=" ".join)
def test_commands_of_the_readme_exist(words: tuple[str, ...]) -> None:
    assert run([*words, "--help"]) == 0


def test_sample_files_are_what_their_list_says_and_small() -> None:
    listed = {file["name"] for file in CASE["file"]}
    present = {path.name for path in SAMPLE.iterdir()} - {"sample.toml"}
    assert listed == present
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 1_000_000


@pytest.mark.parametrize("kind", ["case", "person", "concern", "interview", "decision", "action"])
def test_sample_records_fill_the_forms(kind: str) -> None:
    records = CASE[kind] if isinstance(CASE[kind], list) else [CASE[kind]]
    assert records
    for record in records:
        assert isinstance(from_values(FORMS[kind], record), FORMS[kind])


def test_the_sample_is_what_its_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, TOP / "installer" / "make_sample.py", tmp_path], check=True, timeout=120)
    for path in tmp_path.iterdir():
        if path.suffix not in {".jpg", ".pdf"}:  # their compression is the libraries', and changes with their versions
            assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name
    assert {path.name for path in tmp_path.iterdir()} == {file["name"] for file in CASE["file"]}
