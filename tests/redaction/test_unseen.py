"""What pages do not show, asked for by a service and by a command: the view stands in the ledger first."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.desk import Desk as Program
from tests.support.hiding import pdf_with_all
from tests.support.redactable import Desk, bring

from evidencevault.documents.workers import Workers
from evidencevault.errors import Refused
from evidencevault.evidence import exhibits
from evidencevault.redaction.unseen import unseen


def test_the_view_is_entered_first_and_a_restricted_item_needs_a_purpose(desk: Desk) -> None:
    case = desk.case("anna")
    bring(case, "E004", "all.pdf", pdf_with_all(), "application/pdf")
    viewed: list[object] = []

    class Watched(Workers):
        def hidden(self, name, source):  # type: ignore[no-untyped-def]
            viewed.extend(one.subject for one in case.entries() if one.action == "viewed")
            return super().hidden(name, source)

    found = unseen(case, Watched(), "E004")
    assert viewed == ["E004"]
    assert ("covered", 1, "undershape") in [(one.kind, one.page, one.text) for one in found]
    exhibits.amend(case, "E004", reason="medical", restricted="medical file")
    with pytest.raises(Refused):
        unseen(case, Watched(), "E004", " ")
    assert unseen(case, Workers(), "E004", "inquiry") == found


def test_the_command(tmp_path: Path) -> None:
    desk = Program(tmp_path)
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    case = ("case", "create", "--title", "T", "--category", "neglect", "--severity", "high")
    reference = desk.call(*case).stdout.strip()
    (tmp_path / "all.pdf").write_bytes(pdf_with_all())
    (tmp_path / "note.txt").write_text("All of it.")
    desk.call("evidence", "add", reference, "all.pdf", "note.txt", "--source", "The group leader")
    told = desk.json("redact", "hidden", reference, "E001")
    assert (told["case"], told["exhibit"]) == (reference, "E001")
    assert {"kind": "covered", "page": 1, "text": "underimage"} in told["items"]
    shown = desk.call("redact", "hidden", reference, "E001").stdout
    assert "Text under an image or shape" in shown and shown.count("Text under an image or shape") == 1
    assert next(line for line in shown.splitlines() if "undershape" in line).split()[-2:] == ["1", "undershape"]
    assert "nothing was found" in desk.call("redact", "hidden", reference, "E002").stdout
    (entry, *_) = [one for one in desk.json("custody", "show", reference)["entries"] if one["action"] == "viewed"]
    assert entry["subject"] == "E001"
