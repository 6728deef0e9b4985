"""`redact ocr` and what `doctor` says of it, through the real program."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import scans
from tests.support.desk import Desk

from evidencevault.documents import libreoffice, tessdata


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def reference(desk: Desk) -> str:
    desk.call("vault", "create", "v", "--organisation", "Harbour House", "--country", "NL", "--role", "officer")
    opened = desk.call("case", "create", "--title", "Cold rooms", "--category", "neglect", "--severity", "high")
    case = opened.stdout.strip()
    (desk.folder / "scan.pdf").write_bytes(scans.scanned("On Monday Wietske", "came to the office"))
    (desk.folder / "note.txt").write_text("Nothing in pixels.\n")
    desk.call("evidence", "add", case, "scan.pdf", "note.txt", "--source", "Reporter")
    return case


def test_what_is_in_pixels_is_read_and_found(desk: Desk, reference: str) -> None:
    every = desk.json("redact", "ocr", reference, "--all", "--languages", "eng", "--again")
    said = [(one["exhibit"], one["pages"], one["languages"]) for one in every["exhibits"]]
    assert said == [("E001", [1, 2], "eng"), ("E002", [], "eng")]
    assert [one["exhibit"] for one in desk.json("search", "wietske")["hits"]] == ["E001"]


def test_a_language_that_is_not_there_is_named(desk: Desk, reference: str) -> None:
    said = desk.call("redact", "ocr", reference, "E001", "--languages", "eng+tlh", expect=1)
    assert "tlh" in said.stderr and "doctor" in said.stderr


def test_doctor_tells_what_is_there_and_what_is_missing(
    desk: Desk, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fra.traineddata").write_bytes(b"")
    monkeypatch.setitem(desk.env, "TESSDATA_PREFIX", str(tmp_path))
    said = desk.json("doctor")
    assert said["ocr_languages"] == ["fra"]
    assert said["ocr_missing"] == [one for one in tessdata.LANGUAGES if one != "fra"]
    assert said["heic"] is True  # the tests have every extra
    program = libreoffice.program()
    assert said["office"] == (str(program) if program else None)
