"""One name in each place of a PDF, through the whole program: marked, approved, bundled, opened, sought everywhere.

The places are those that the usual way of redacting leaves behind (Workers over every place that is known:
tests/redaction). Here each goes the way of a user, in mode D and in mode C where that does not give way to D.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import places_seen
from tests.support.desk import Desk
from tests.support.places import PLACES, SECRET

REFERENCE = "NL-2026-0001"
NAMED = (
    "text in a sentence",
    "text drawn backwards",
    "text in Type 3 without ToUnicode",
    "text in a tiling pattern",
    "pixels of a JPEG",
    "pixels of a JPEG 2000",
    "pixels of a fax image",
    "pixels of a mask",
    "pixels of a soft mask",
    "pixels of an inline image",
    "pixels of an alternate image",
    "text as outlines",
    "text clipped away",
    "comment contents",
    "comment rich contents",
    "comment author",
    "comment subject",
    "stamp with an appearance only",
    "field default value",
    "field tooltip",
    "field mapping name",
    "XFA form",
    "associated file",
    "associated file name",
    "attachment",
    "attachment name",
    "PieceInfo of the catalog",
    "EXIF of a JPEG",
    "bookmarks",
    "page labels",
    "named destinations",
    "base of addresses",
    "text on a hidden layer",
    "layer name",
    "text outside the CropBox",
    "text outside the MediaBox",
    "script on opening",
    "field script",
    "article threads",
    "private key of the catalog",
    "collection",
    "output intent",
    "text in an embedded font",
    "glyph names",
    "text under another ActualText",
    "text hyphenated",
    "text spaced by state",
    "text accented",
    "text covered",
    "Info author",
    "XMP",
    "older revision",
)
"""Every place that redaction.md names, by the name that the generator has for it."""
CHOSEN = NAMED if os.environ.get("EVIDENCEVAULT_ALL_PLACES") else NAMED[::4]
"""All of them take five minutes; every place goes through both modes and the attack in tests/redaction, too."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("places"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    desk.call("member", "add", "leo", "--role", "legal", "--new-passphrase-file", "leo")
    case = ("case", "create", "--title", "T", "--category", "neglect", "other", "--severity", "high")
    assert desk.call(*case).stdout.strip() == REFERENCE
    desk.call("case", "grant", REFERENCE, "leo")
    folder = desk.folder / "files"
    folder.mkdir()
    for number, name in enumerate(CHOSEN):
        (folder / f"{number:03d}.pdf").write_bytes(PLACES[name](SECRET))
    came = desk.json("evidence", "add", REFERENCE, folder, "--source", "a test")["exhibits"]
    assert [one["name"] for one in came] == [f"{number:03d}.pdf" for number in range(len(CHOSEN))]
    desk.json("redact", "mark", REFERENCE, "--all", "--term", SECRET, "--reason", "child")
    for number, one in enumerate(came):
        place = PLACES[CHOSEN[number]]
        if place.how == "box":
            box = ",".join(f"{side:g}" for side in (1, *place.box))
            desk.call("redact", "mark", REFERENCE, one["exhibit"], "--box", box, "--reason", "child")
    for one in desk.json("redact", "show", REFERENCE, "--all")["exhibits"]:
        if not one["marks"]:
            desk.call("redact", "none", REFERENCE, one["exhibit"])
    subprocess.run(["age-keygen", "-o", "key.txt"], cwd=desk.folder, check=True, capture_output=True)
    return desk


def test_every_place_that_shows_the_name_was_marked(desk: Desk) -> None:
    shown = desk.json("redact", "show", REFERENCE, "--all")["exhibits"]
    marked = {CHOSEN[number] for number, one in enumerate(shown) if one["marks"]}
    assert {name for name in CHOSEN if PLACES[name].how} - marked == set()


@pytest.mark.parametrize("method", ["raster", "structural"])
def test_the_name_is_in_no_output(desk: Desk, method: str) -> None:
    made = desk.json("redact", "approve", REFERENCE, "--all", "--method", method, member="leo")["exhibits"]
    assert [one.get("error") for one in made] == [None] * len(CHOSEN)
    bag = _opened(desk, method)
    with (bag / "data" / "index.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {row["number"]: row for row in rows}
    assert len(kinds) == len(CHOSEN) and {row["kind"] for row in rows} == {"redacted"}
    leaks = [(CHOSEN[number], where) for number, row in enumerate(rows) for where in _leaks(bag / "data" / row["path"])]
    assert leaks == []
    for file in (one for one in bag.rglob("*") if one.is_file() and one.suffix != ".pdf"):
        assert SECRET.casefold() not in file.read_text(errors="ignore").casefold(), file
    report = json.loads((bag / "data" / "leak-check.json").read_text())
    assert report["found"] == 0 and len(report["documents"]) == len(CHOSEN)
    assert {one["method"] for one in report["documents"]} <= {"raster", method}
    assert all(one["pages_read_back"] == one["pages"] == 1 for one in report["documents"])


def test_the_eye_sees_the_name_in_no_output(desk: Desk) -> None:
    files = sorted((desk.folder / "opened").rglob("documents/*.pdf"))
    assert len(files) == 2 * len(CHOSEN)
    read = places_seen.read([places_seen.drawn(file.read_bytes()) for file in files])
    assert len(read) == len(files)
    assert [file.name for file, text in zip(files, read, strict=True) if SECRET.casefold() in text.casefold()] == []


def test_the_chain_of_custody_holds(desk: Desk) -> None:
    desk.call("custody", "verify", REFERENCE, "--full")


def _opened(desk: Desk, method: str) -> Path:
    recipient = subprocess.check_output(["age-keygen", "-y", "key.txt"], cwd=desk.folder, text=True).strip()
    order = ("--recipient", recipient, "--purpose", "inquiry", "--legal-basis", "art. 6(1)(c)")
    number = desk.call("bundle", "create", REFERENCE, "--all", *order).stdout.strip()
    (desk.folder / method).mkdir()
    file = desk.call("bundle", "release", REFERENCE, number, "--to", method, member="leo").stdout.strip()
    (desk.folder / "opened").mkdir(exist_ok=True)
    desk.call("bundle", "open", file, "--identity", "key.txt", "--to", f"opened/{method}")
    (bag,) = (one.parent for one in (desk.folder / "opened" / method).rglob("bagit.txt"))
    return bag


def _leaks(file: Path) -> Iterator[str]:
    """By bytes, by objects and streams, by four extractors."""
    yield from sorted(places_seen.seen(file.read_bytes(), SECRET))
