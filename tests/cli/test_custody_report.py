"""`custody report` through the real program, with the document worker that lays it out."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from tests.support.desk import Desk

ODD = "<script>alert('x')</script>\n\u202egpj.txt"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("report"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    desk.call("member", "add", "ota", "--role", "oversight", "--new-passphrase-file", "ota")
    desk.call("case", "create", "--title", "T <i>", "--category", "neglect", "--severity", "high")
    (desk.folder / "in").mkdir()
    (desk.folder / "in" / ODD.replace("/", "\u2215")).write_bytes(b"odd")
    added = desk.json("evidence", "add", "NL-2026-0001", "in", "--source", "Zoë O'Neil & ليلى")
    assert added["exhibits"][0]["sha256"] == hashlib.sha256(b"odd").hexdigest()
    return desk


def test_a_pdf_with_the_hash_and_the_odd_name_as_it_is(desk: Desk) -> None:
    said = desk.json("custody", "report", "NL-2026-0001", "--to", "report.pdf")
    data = (desk.folder / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and said["sha256"] == hashlib.sha256(data).hexdigest()
    text = subprocess.check_output(["pdftotext", "-layout", desk.folder / "report.pdf", "-"], text=True)
    assert hashlib.sha256(b"odd").hexdigest() in text and "T <i>" in text and "Zoë O'Neil & " in text
    together = "".join(text.split()).replace("\u200b", "")
    assert "<script>alert('x')<\u2215script>\\n\\u202egpj.txt" in together
    entries = desk.json("custody", "show", "NL-2026-0001")["entries"]
    assert (entries[-1]["action"], entries[-1]["sequence"]) == ("exported", said["entry"])
    assert entries[-1]["digest"] == said["sha256"]
    desk.call("custody", "verify", "NL-2026-0001", "--full")


@pytest.mark.parametrize(
    ("to", "said"),
    [("anna", "exists already"), ("v/report.pdf", "the vault's own folder"), ("no/report.pdf", "There is no folder")],
)
def test_it_is_refused_where_it_must_not_be_written(desk: Desk, to: str, said: str) -> None:
    before = len(desk.json("custody", "show", "NL-2026-0001")["entries"])
    done = desk.call("custody", "report", "NL-2026-0001", "--to", to, expect=1)
    assert said in done.stderr and done.stdout == "" and done.stderr.count("\n") == 1
    assert (desk.folder / "anna").read_text() == "words of anna\n"
    assert not list(Path(desk.folder / "v").rglob("*.pdf")) and not (desk.folder / "no").exists()
    assert len(desk.json("custody", "show", "NL-2026-0001")["entries"]) == before


def test_oversight_may_not(desk: Desk) -> None:
    done = desk.call("custody", "report", "NL-2026-0001", "--to", "ota.pdf", member="ota", expect=4)
    assert "access" in done.stderr and not (desk.folder / "ota.pdf").exists()


def test_the_chain_as_case_uco_for_other_programs(desk: Desk) -> None:
    said = desk.json("custody", "export", "NL-2026-0001", "--to", "case.jsonld")
    document = json.loads((desk.folder / "case.jsonld").read_bytes())
    kinds = {one["@type"].rpartition(":")[2] for one in document["@graph"]}
    assert {"Investigation", "InvestigativeAction", "ProvenanceRecord", "Identity", "Tool", "Hash"} <= kinds
    last = desk.json("custody", "show", "NL-2026-0001")["entries"][-1]
    assert (last["sequence"], last["digest"]) == (said["entry"], said["sha256"])
    assert "exists already" in desk.call("custody", "export", "NL-2026-0001", "--to", "case.jsonld", expect=1).stderr
