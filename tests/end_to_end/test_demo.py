"""`evidencevault demo` as somebody runs it who has just installed it; other people's tools check what it made."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pymupdf
import pytest
from PIL import Image
from tests.support import traces

TOP = Path(__file__).parents[2]
SAMPLE = TOP / "resources" / "sample"
NAME = "NL-2026-0001-B01"


def hear_interrupts() -> None:
    """A shell that starts the tests in the background lets all below it ignore Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Ground:
    """A folder with a home, a state folder and a folder of temporary files of its own, and the program called there."""

    root: Path
    seen: dict[Path, list[bytes]] = field(default_factory=dict)  # what lay in any of them while the program worked

    def __post_init__(self) -> None:
        for name in ("home", "state", "tmp"):
            (self.root / name).mkdir()

    @property
    def demo(self) -> Path:
        return self.root / "demo"

    @property
    def out(self) -> Path:
        return self.demo / "out"

    @property
    def bag(self) -> Path:
        return self.out / "opened" / NAME

    @property
    def env(self) -> dict[str, str]:
        paths = [str(TOP / "src"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(os.path.abspath(one) for one in paths),
            "LANG": "C.UTF-8",
            "HOME": str(self.root / "home"),
            "XDG_STATE_HOME": str(self.root / "state"),
            "TMPDIR": str(self.root / "tmp"),
        }

    @contextmanager
    def start(self, *words: object) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str]]]:
        """The program at work with its stdout and stderr."""
        with subprocess.Popen(
            [sys.executable, "-m", "evidencevault", *map(str, words)],
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=hear_interrupts,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            yield process, process.stdout, process.stderr

    def call(self, *words: object, expect: int = 0) -> tuple[str, str]:
        """What was said on stdout and stderr."""
        with self.start(*words) as (process, _, _):
            out, err = process.communicate(timeout=120)
        assert process.returncode == expect, (words, out, err)
        assert "Traceback" not in err
        return out, err

    def look(self) -> None:
        """Remember every different content of every file beside the bundle's, as it is at this moment."""
        for path in self.private():
            try:
                data = path.read_bytes()
            except FileNotFoundError:  # was there a moment ago: the program is at work
                continue
            versions = self.seen.setdefault(path, [])
            if versions and data.startswith(versions[-1]):
                versions.pop()  # a log that has grown
            if data not in versions:
                versions.append(data)

    def private(self) -> Iterator[Path]:
        """Files of the vault and of every folder that a program may leave something in."""
        for folder in (self.demo / "vault", self.root / "home", self.root / "state", self.root / "tmp"):
            yield from (path for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def told(ground: Ground) -> list[str]:
    """The lines that the demo printed."""
    lines = []
    with ground.start("demo", ground.demo, "--headless") as (process, out, err):
        for line in out:
            lines.append(line.rstrip("\n"))
            ground.look()
        said = err.read()
        assert (process.wait(timeout=60), said) == (0, "")
    return lines


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def unsealed(ground: Ground, told: list[str]) -> Path:
    """The ZIP, opened with `age` alone."""
    command = ["age", "-d", "-i", ground.out / "investigator-key.txt", ground.out / f"{NAME}.zip.age"]
    (ground.root / "b.zip").write_bytes(subprocess.check_output(command))
    return ground.root / "b.zip"


@pytest.fixture(scope="module")
def unzipped(unsealed: Path) -> Path:
    """The bag, unpacked with `unzip` alone."""
    subprocess.run(["unzip", "-q", unsealed, "-d", "stock"], cwd=unsealed.parent, check=True)
    return unsealed.parent / "stock" / NAME


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Every name, alias, telephone number and mail address of a person of the sample."""
    case = tomllib.loads((SAMPLE / "sample.toml").read_text())
    names = [name for one in case["person"] for name in (*one["names"], *one.get("aliases", ()))]
    names += [one["name"] for one in case["member"]]
    text = subprocess.check_output(["pdftotext", SAMPLE / "letter.pdf", "-"], text=True)
    text += (SAMPLE / "message.eml").read_text() + _text_of_archive(SAMPLE / "register.xlsx")
    mails, phones = re.findall(r"[\w.]+@[\w.]+\.example", text), re.findall(r"06(?: ?\d\d){4}", text)
    assert len(set(mails)) >= 3 and phones
    return [*names, *mails, *phones, *(phone.replace(" ", "") for phone in phones)]


def _text_of_archive(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


# --- what it says


def test_each_step_is_told_with_its_time_and_the_end_says_where_things_lie(ground: Ground, told: list[str]) -> None:
    steps = [line for line in told if re.match(r"\d\d:\d\d:\d\d +\d+\.\d s  \S", line)]
    case = tomllib.loads((SAMPLE / "sample.toml").read_text())
    for one in case["file"]:
        assert any(f"Brought in {one['name']}: E0" in line for line in steps), one
    for word in ("Burnt, attacked and approved E001", "Released by the legal adviser", "Checked and opened"):
        assert any(word in line for line in steps), word
    assert {"letter.pdf", "scan.pdf", "photo.jpg", "message.eml", "statement.docx", "register.xlsx", "voice.wav"} < {
        one["name"] for one in case["file"]
    }
    result = told[told.index("The demo is finished.") + 1 :]
    paths = [Path(line.split("  ")[-1].strip()) for line in result if str(ground.demo) in line and "--" not in line]
    assert len(paths) >= 6 and all(path.exists() for path in paths)
    said = "\n".join(told)
    lines = (ground.out / "passphrases.txt").read_text().splitlines()
    words = dict(line.split(": ") for line in lines if not line.startswith("#"))
    assert set(words) == {"officer", "adviser"} and all(one in said for one in words.values())
    for private in ("passphrases.txt", "investigator-key.txt"):
        assert (ground.out / private).stat().st_mode & 0o077 == 0
    assert not list(ground.demo.glob("UNFINISHED*"))


def test_the_two_members_did_what_takes_two(ground: Ground, told: list[str]) -> None:
    words = (ground.out / "passphrases.txt").read_text()
    (ground.root / "words").write_text(re.findall(r"officer: (.*)", words)[0])
    access = ("--vault", ground.demo / "vault", "--member", "officer", "--passphrase-file", ground.root / "words")
    entries = json.loads(ground.call("--json", *access, "custody", "show", "NL-2026-0001")[0])["entries"]
    by = {(one["action"], one["actor"]) for one in entries}
    assert {("created", "officer"), ("released", "adviser"), ("approved", "adviser"), ("marked", "officer")} <= by
    assert not {("approved", "officer"), ("released", "officer")} & by
    ground.call(*access, "custody", "verify", "--all", "--full")


# --- the bundle, with stock tools


def test_unzip_and_sha256sum_find_it_whole(unsealed: Path, unzipped: Path) -> None:
    subprocess.run(["unzip", "-t", "-q", unsealed], check=True, stdout=subprocess.DEVNULL)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "-c", "--quiet", "--strict", manifest], cwd=unzipped, check=True)


def test_ssh_keygen_knows_the_signature(unzipped: Path) -> None:
    asked = ["-f", "allowed_signers", "-I", "evidencevault-release", "-n", "evidencevault-bundle"]
    command = ["ssh-keygen", "-Y", "verify", *asked, "-s", "tagmanifest-sha256.txt.sig"]
    manifest = (unzipped / "tagmanifest-sha256.txt").read_bytes()
    subprocess.run(command, cwd=unzipped, input=manifest, check=True, stdout=subprocess.DEVNULL)
    changed = subprocess.run(command, cwd=unzipped, input=manifest + b" ", capture_output=True, check=False)
    assert changed.returncode != 0


def test_bagit_validates(unzipped: Path) -> None:
    command = [sys.executable, "-m", "bagit", "--validate", unzipped]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": ""}, check=False)
    assert done.returncode == 0, done.stderr


def test_the_investigator_opened_the_same(ground: Ground, unzipped: Path) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files(ground.bag) == files(unzipped)
    rows = list(csv.DictReader(io.StringIO((ground.bag / "data/index.csv").read_text())))
    kinds = {row["exhibit"]: row["kind"] for row in rows}
    assert [kinds[number] for number in ("E001", "E002", "E003", "E012")] == ["redacted"] * 3 + ["slip-sheet"]
    assert (ground.bag / "data/redactions.csv").read_text().count("\n") > 20


def test_the_names_on_the_photograph_are_under_black(ground: Ground, told: list[str]) -> None:
    rows = csv.DictReader(io.StringIO((ground.bag / "data/index.csv").read_text()))
    (path,) = (row["path"] for row in rows if row["exhibit"] == "E003")
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", ground.bag / "data" / path, ground.root / "photo"]
    subprocess.run(command, check=True)
    burnt = Image.open(ground.root / "photo.png").convert("RGB")
    original = Image.open(SAMPLE / "photo.jpg").convert("RGB")
    assert original.size == (1000, 750) and burnt.size == (1000, 750 + 24)  # its number stands below, in 18 points
    plate = (580, 190, 925, 236)  # both name plates, where installer/make_sample.py draws them
    assert _coloured(original.crop(plate)) > 10_000 and _coloured(burnt.crop(plate)) == 0


def _coloured(picture: Image.Image) -> int:
    """Pixels that are neither grey nor black nor white, as the plates and the ink on them are not."""
    red, _, blue = (band.tobytes() for band in picture.split())
    return sum(abs(a - b) > 16 for a, b in zip(red, blue, strict=True))


# --- names


@pytest.mark.parametrize("name", ["Mirelva Dornhoek", "Jorsa", "Zoë Müller", "06 00 00 01 23", "h.d@post.example"])
def test_the_search_finds_a_planted_name(name: str) -> None:
    planted = traces.encoded(name)
    kinds = {"utf-8", "utf-16-le", "utf-16-be", "hex", "percent", *(f"base64 at {n}" for n in range(3))}
    assert set(planted.values()) == kinds | (set() if name.isascii() else {"latin-1"})
    for needle, kind in planted.items():
        data = os.urandom(3000) + needle + os.urandom(3000)
        assert (name, kind) in traces.found(data, [name]), kind
        assert traces.found(data, traces.least([name, f"van {name}"])), kind
    for raw in (name, name.upper(), name.swapcase()):
        for before in range(3):
            wrapped = base64.encodebytes(b"x" * (51 + before) + raw.encode() + b" and more")
            assert any(kind.startswith("base64") for _, kind in traces.found(wrapped, [name])), (raw, before)
    assert traces.found(os.urandom(6000), [name]) == []


def test_no_name_is_in_the_bundle_in_any_encoding(
    ground: Ground, unsealed: Path, unzipped: Path, names: list[str]
) -> None:
    wanted = traces.least(names)
    pieces = {"sealed": (ground.out / f"{NAME}.zip.age").read_bytes(), "zip": unsealed.read_bytes()}
    for path in (one for one in unzipped.rglob("*") if one.is_file()):  # the opened bag has the same files, see above
        pieces[str(path)] = path.read_bytes() + str(path.relative_to(unzipped)).encode()
        if path.suffix == ".pdf":
            pieces[f"{path} text"] = subprocess.check_output(["pdftotext", path, "-"])
            pieces[f"{path} streams"] = b"\n".join(_streams(path))
    assert len(pieces) > 40
    _found_nothing(pieces.items(), wanted)


def _streams(file: Path) -> Iterator[bytes]:
    with pymupdf.open(file) as document:
        for number in range(1, document.xref_length()):
            described = document.xref_object(number)
            yield described.encode()
            if "/Subtype/Image" not in described.replace(" ", ""):  # pixels; the file's own bytes are searched too
                yield document.xref_stream(number) or b""


def test_no_name_is_in_the_vault_or_beside_it_while_it_works_or_after(
    ground: Ground, told: list[str], names: list[str]
) -> None:
    wanted = traces.least(names)
    after = {str(path): path.read_bytes() for path in ground.private()}
    assert any(path.endswith("vault.db") for path in after) and any("/objects/" in path for path in after)
    assert any(path.startswith(str(ground.root / "state")) for path in after)
    _found_nothing(after.items(), wanted)
    logs = ground.seen[ground.demo / "vault" / "vault.db-wal"]
    assert max(map(len, logs)) > 50_000
    # So many megabytes of ciphertext hold any five letters by chance.
    longer = [name for name in wanted if len(name) > 5]
    versions = ((str(path), data) for path, versions in ground.seen.items() for data in versions)
    _found_nothing(versions, longer, traces.CLEAR)
    for path in after:
        assert not traces.found(path.encode(), wanted), path


def _found_nothing(pieces: Iterable[tuple[str, bytes]], names: list[str], kinds: frozenset[str] | None = None) -> None:
    found = [(where, *hit) for where, data in pieces for hit in traces.found(data, names, kinds)]
    assert found == []


# --- the report


def test_the_custody_report_names_every_file_with_its_hash(ground: Ground, told: list[str]) -> None:
    file = ground.out / "custody-report.pdf"
    assert file.read_bytes().startswith(b"%PDF-") and (ground.demo / "vault") not in file.parents
    text = subprocess.check_output(["pdftotext", "-layout", file, "-"], text=True)
    case = tomllib.loads((SAMPLE / "sample.toml").read_text())
    for one in case["file"]:
        assert one["name"] in text
        assert hashlib.sha256((SAMPLE / one["name"]).read_bytes()).hexdigest() in text, one["name"]
    for word in ("Jorsa Pellewick", case["held"][0]["seal"], "released", "imported", "B01"):
        assert word in text, word


# --- again


def test_a_finished_demo_is_opened_again(ground: Ground, told: list[str]) -> None:
    before = {path: path.read_bytes() for path in ground.out.rglob("*") if path.is_file()}
    again, err = ground.call("demo", ground.demo, "--headless")
    assert "The finished demo was opened again." in again and "Verified every ledger" in again and err == ""
    assert {path: path.read_bytes() for path in ground.out.rglob("*") if path.is_file()} == before
    found = json.loads(ground.call("--json", "demo", ground.demo, "--headless")[0])
    assert found["reopened"] is True and found["case"] == "NL-2026-0001" and Path(found["bundle"]).is_file()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.demo.mkdir()
    (ground.demo / "thesis.txt").write_text("years of work")
    out, err = ground.call("demo", ground.demo, "--headless", expect=1)
    assert out == "" and "not empty" in err and err.count("\n") == 1
    assert [path.name for path in ground.demo.iterdir()] == ["thesis.txt"]
    assert (ground.demo / "thesis.txt").read_text() == "years of work"
    assert "can not be used" in ground.call("demo", ground.demo / "thesis.txt", "--headless", expect=1)[1]


def test_an_interrupted_demo_says_what_to_do_and_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    with ground.start("demo", ground.demo, "--headless") as (process, out, _):
        reached = False
        for line in out:
            reached = reached or "Brought in letter.pdf" in line
            if reached:  # at each line: Python drops an interrupt that meets it in a destructor, and people press again
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and "Delete that folder" in err and err.count("\n") == 1
    assert "not finished" in (ground.demo / "UNFINISHED.txt").read_text()
    said, err = ground.call("demo", ground.demo, "--headless", expect=1)
    assert said == "" and "not finished. Delete that folder, or choose another" in err
