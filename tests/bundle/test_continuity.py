"""Bundles of one case prove that they continue each other; a forged or foreign proof is refused by name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.bundle.test_assembly import KEY, SELECTION, ready
from tests.support.redactable import Desk

from evidencevault.bundle import assembly, continuity, receiving, releasing
from evidencevault.bundle.continuity import Head
from evidencevault.bundle.previous import head_of
from evidencevault.custody import extracts
from evidencevault.custody.extracts import Extract
from evidencevault.errors import Damaged, Unreadable
from evidencevault.formats.merkle import Tree


@pytest.fixture
def two(desk: Desk, tmp_path: Path) -> tuple[Path, Path]:
    """Two released bundles of one case."""
    ready(desk)
    paths = []
    for number, selection in (("B01", SELECTION), ("B02", replace(SELECTION, exhibits=("E001",), withhold={}))):
        assembly.create(desk.case("anna"), desk.burner, selection)
        paths.append(releasing.release(desk.case("leo"), desk.burner, number, tmp_path / "out"))
    return paths[0], paths[1]


def test_a_bundle_continues_the_one_before(two: tuple[Path, Path], desk: Desk, tmp_path: Path) -> None:
    first, second = two
    one = receiving.verify(first, identities=[KEY])
    assert one.earlier == () and one.previous is None
    before = head_of(first, identities=[KEY])
    assert (before.size, before.root) == (one.checkpoint_size, one.checkpoint_root)
    found = receiving.verify(second, identities=[KEY], previous=before)
    assert found.earlier == ("B01",) and found.previous == "B01" and found.checkpoint_size > one.checkpoint_size
    _, folder = receiving.open_bundle(first, tmp_path / "in", identities=[KEY])
    assert head_of(folder / "data/custody/checkpoint") == before
    assert receiving.verify(second, identities=[KEY], previous=head_of(second, identities=[KEY])).previous == ""
    with pytest.raises(Damaged, match="set back"):
        receiving.verify(first, identities=[KEY], previous=head_of(second, identities=[KEY]))
    with pytest.raises(Damaged, match="does not continue that of B01"):
        receiving.verify(second, identities=[KEY], previous=replace(before, root=bytes(32)))
    with pytest.raises(Damaged, match="no proof for a checkpoint at 3 entries"):
        receiving.verify(second, identities=[KEY], previous=replace(before, size=3))
    with pytest.raises(Damaged, match="another chain"):
        receiving.verify(second, identities=[KEY], previous=replace(before, origin="evidencevault.org/v1/a/b"))
    released = [one for one in desk.case("anna").entries() if one.action == "released"]
    assert isinstance(released[0].details, dict)
    assert released[0].details["checkpoint"] == [before.size, before.root.hex()]
    (tmp_path / "else").write_text("evidencevault.org/v1/nothing")
    with pytest.raises(Unreadable, match="neither"):
        head_of(tmp_path / "else")


LEAVES = [bytes((n,)) * 32 for n in range(1, 14)]
TREE = Tree(LEAVES)
EXTRACT = Extract("evidencevault.org/v1/aa/bb", bytes(16), 13, TREE.root(), bytes(32), ())


def told() -> dict[str, Any]:
    return {
        "format": continuity.FORMAT,
        "origin": EXTRACT.origin,
        "size": 13,
        "root": EXTRACT.root.hex(),
        "earlier": [
            {
                "bundle": f"B{n:02d}",
                "size": n,
                "root": TREE.root(n).hex(),
                "proof": [one.hex() for one in TREE.consistency_proof(n)],
            }
            for n in (1, 6, 8, 13)
        ],
    }


def check(document: object) -> tuple[str, ...]:
    return tuple(one.bundle for one in continuity.check(json.dumps(document).encode(), EXTRACT))


def test_every_size_is_proven_and_nothing_forged_is() -> None:
    assert check(told()) == ("B01", "B06", "B08", "B13")
    for place in range(4):
        for change in (
            {"root": bytes(32).hex()},
            {"size": 7},
            {"size": 14},
            {"size": 0, "proof": []},
            {"proof": [bytes(32).hex()] * 3},
        ):
            document = told()
            document["earlier"][place] |= change
            with pytest.raises(Damaged, match=f"B{(1, 6, 8, 13)[place]:02d}"):
                check(document)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "else"},
        {"origin": "evidencevault.org/v1/cc/dd"},
        {"size": 12},
        {"root": bytes(32).hex()},
        {"earlier": {}},
        {"earlier": [[]]},
        {"earlier": [{"bundle": "B01", "size": True, "root": "", "proof": []}]},
        {"earlier": [{"bundle": "B01", "size": "6", "root": "", "proof": []}]},
        {"earlier": [{"bundle": "B01", "size": 6, "root": "zz", "proof": []}]},
    ],
)
def test_what_is_no_proof_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Damaged):
        check(told() | change)
    for data in (b"", b"{", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(Damaged):
            continuity.check(data, EXTRACT)


def test_a_vault_that_was_rewritten_makes_no_bundle(two: tuple[Path, Path], desk: Desk) -> None:
    case = desk.case("anna")
    entries = list(case.raw_entries())
    inside = extracts.check(extracts.extract(case, {}))
    (one, _) = continuity.released_checkpoints(case)
    assert continuity.check(continuity.document(inside, entries, [one]), inside) == (one,)
    for wrong in (replace(one, root=bytes(32)), replace(one, size=inside.size + 1)):
        with pytest.raises(Damaged, match="B01"):
            continuity.document(inside, entries, [wrong])
    assert continuity.continues(inside, [one], Head(inside.origin, one.size, one.root)) == "B01"
