"""Bundles for post-quantum keys (age1pq…): several of them, never mixed, opened by another program that knows them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.bundle.test_assembly import NAME, SELECTION, ready
from tests.support import node_age
from tests.support.redactable import Desk

from evidencevault.bundle import addressing, assembly, orders, receiving, releasing
from evidencevault.bundle.orders import Addressee
from evidencevault.cli.main import run
from evidencevault.cli.shown import note
from evidencevault.errors import Damaged
from evidencevault.formats import age

ONE, TWO = age.HybridIdentity.generate(), age.HybridIdentity.generate()
CURVE = age.X25519Identity.generate()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> node_age.NodeAge:
    found = node_age.installed(tmp_path_factory.mktemp("node"))
    if isinstance(found, str):
        pytest.skip(found)
    return found


def released(desk: Desk, to: Path, *keys: object) -> Path:
    ready(desk)
    chosen = replace(SELECTION, recipients=tuple(map(str, keys)))
    made = assembly.create(desk.case("anna"), desk.burner, chosen)
    assert "1.3" in note(made)
    return releasing.release(desk.case("leo"), desk.burner, "B01", to)


def test_each_of_several_keys_opens_it_and_the_readme_names_the_version(desk: Desk, tmp_path: Path) -> None:
    path = released(desk, tmp_path, ONE.recipient(), TWO.recipient())
    found, folder = receiving.open_bundle(path, tmp_path / "in", identities=[TWO])
    assert receiving.verify(path, identities=[ONE]) == found
    assert "age 1.3.0 or newer" in (folder / "verify/README").read_text()


def test_the_age_of_javascript_opens_it(desk: Desk, tmp_path: Path, node: node_age.NodeAge) -> None:
    identity, recipient = node.run("keygen").split()
    path = released(desk, tmp_path, ONE.recipient(), recipient)
    node.run("decrypt", path, tmp_path / "plain.zip", identity)
    assert receiving.verify(tmp_path / "plain.zip").name == NAME
    node.run("encrypt", tmp_path / "plain.zip", tmp_path / "theirs.zip.age", recipient, ONE.recipient())
    assert receiving.verify(tmp_path / "theirs.zip.age", identities=[ONE]).name == NAME


def test_kinds_of_keys_are_never_mixed(desk: Desk) -> None:
    ready(desk)
    chosen = replace(SELECTION, recipients=(str(ONE.recipient()), str(CURVE.recipient())))
    with pytest.raises(age.AgeError, match="mixed"):
        assembly.create(desk.case("anna"), desk.burner, chosen)
    assert assembly.list_bundles(desk.case("anna")) == []


def test_other_bundles_say_nothing_of_a_version(desk: Desk, tmp_path: Path) -> None:
    ready(desk)
    made = assembly.create(desk.case("anna"), desk.burner, replace(SELECTION, recipients=(str(CURVE.recipient()),)))
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path)
    _, folder = receiving.open_bundle(path, tmp_path / "in", identities=[CURVE])
    assert note(made) == "" and "1.3" not in (folder / "verify/README").read_text()


def test_the_command_line_verifies_with_a_hybrid_identity(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = released(desk, tmp_path, ONE.recipient())
    (tmp_path / "key").write_text(f"{ONE}\n")
    assert run(["--json", "bundle", "verify", str(path), "--identity", str(tmp_path / "key")]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == NAME


def test_the_order_remembers_whose_the_keys_are(desk: Desk) -> None:
    ready(desk)
    to = (Addressee("Inspectorate", (str(ONE.recipient()),), "video", "2026-11-22T20:00:00+00:00", bytes(16)),)
    chosen = replace(SELECTION, recipients=addressing.keys(to), to=to)
    body = orders.to_body(assembly.create(desk.case("anna"), desk.burner, chosen))
    again = orders.from_body(body)
    assert (again.to, again.whom, again.counterparty) == (to, "Inspectorate", str(ONE.recipient()))
    before = orders.from_body({key: one for key, one in body.items() if key != "to"})
    assert (before.to, before.whom) == ((), before.counterparty)
    for bad in (["x"], "x", None, [["x", [], "video", "", "no bytes"]]):
        with pytest.raises(Damaged):
            orders.from_body({**body, "to": bad})  # type: ignore[dict-item]
