"""The address book on the command line: exit codes, warnings, words and QR codes."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from tests.support.desk import Desk

from evidencevault.formats import age, fingerprints

KEY, OTHER = (str(age.X25519Identity.generate().recipient()) for _ in range(2))
HYBRID = str(age.HybridIdentity.generate().recipient())
REFERENCE = "NL-2026-0001"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("recipients"))
    desk.call("vault", "create", "v", "--organisation", "O", "--country", "NL", "--role", "officer")
    desk.call("case", "create", "--title", "T", "--category", "neglect", "--severity", "high")
    desk.call("evidence", "add", REFERENCE, "--held", "A diary", "--held-at", "the safe", "--source", "her")
    return desk


def test_a_name_from_the_book_to_the_bundle(desk: Desk) -> None:
    order = ("bundle", "create", REFERENCE, "--all", "--purpose", "inquiry", "--legal-basis", "art. 6")
    assert "recipient list" in desk.call(*order, "--recipient", "Quist", expect=1).stderr
    assert desk.json("recipient", "add", "Quist", KEY, "--organisation", "Inspectorate")["checks"] == []
    made = desk.call(*order, "--recipient", "Quist")
    assert made.stdout == "B01\n" and "nobody" in made.stderr
    assert fingerprints.of_recipient(KEY).words in made.stderr
    desk.call("recipient", "check", "quist", "--how", "telephone", "--with", "the front desk")
    made = desk.call(*order, "--recipient", KEY)
    assert "nobody" not in made.stderr
    first, second = desk.json("bundle", "list", REFERENCE)["bundles"]
    assert (first["unchecked"], second["unchecked"]) == (["Quist"], [])
    assert first["recipients"] == second["recipients"] == [KEY]
    (to,) = second["to"]
    assert (to["name"], to["checked"]["how"], to["checked"]["by"]) == ("Quist", "telephone", "anna")
    changed = desk.call("recipient", "add", "Quist", HYBRID)
    assert "do not count" in changed.stderr
    made = desk.call(*order, "--recipient", "Quist")
    assert "1.3" in made.stderr and "nobody" in made.stderr
    assert "mixed" in desk.call(*order, "--recipient", "Quist", "--recipient", KEY, expect=1).stderr
    desk.call("custody", "verify", "--all")


def test_words_and_qr_codes(desk: Desk) -> None:
    desk.call("recipient", "add", "Both", KEY, OTHER)
    shown = desk.json("recipient", "show", "Both", "--qr", "k.png")
    assert [Path(file).name for file in shown["qr"]] == ["k.png", "k-2.png"]
    for key, file in zip((KEY, OTHER), shown["qr"], strict=True):
        with Image.open(desk.folder / file) as picture:
            (read,) = zxingcpp.read_barcodes(picture.convert("L"))
        assert read.text == fingerprints.of_recipient(key).told
    desk.call("recipient", "show", "Both", "--qr", "k.png", expect=1)
    desk.call("recipient", "show", "Both", "--qr", "k.gif", expect=2)
    here = desk.call("recipient", "show", "Both", "--qr", "-").stdout
    assert fingerprints.of_recipient(OTHER).words in here and "▀" in here
    assert "▀" not in desk.call("recipient", "show", "Both").stdout


def test_refusals(desk: Desk) -> None:
    desk.call("recipient", "add", "Gone", KEY)
    desk.call("recipient", "check", "Gone", "--how", "by feeling", expect=2)
    desk.call("recipient", "add", "Gone", "age1nonsense", expect=1)
    desk.call("recipient", "remove", "Gone")
    desk.call("recipient", "remove", "Gone", expect=1)
    assert "Gone" not in desk.call("recipient", "list").stdout
    desk.call("custody", "verify", "--all")
