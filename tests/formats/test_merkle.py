"""RFC 6962: the known roots and proofs of Certificate Transparency's reference trees, and what must hold of all."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.formats import merkle

INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
LEAVES = [merkle.leaf_hash(data) for data in INPUTS]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]
    assert merkle.Tree(LEAVES).root(size).hex() == ROOTS[size]
    assert merkle.Tree(LEAVES[:size]).root().hex() == ROOTS[size]


def test_known_inclusion_proof() -> None:
    assert [part.hex() for part in merkle.inclusion_proof(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_known_consistency_proof() -> None:
    assert [part.hex() for part in merkle.consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


# The definitions of RFC 6962 section 2.1, written down as they stand there, to compare with.
def defined_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def defined_path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*defined_path(m, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(m - k, leaves[k:]), defined_root(leaves[:k])]


def defined_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [defined_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*defined_proof(m, leaves[:k], whole), defined_root(leaves[k:])]
    return [*defined_proof(m - k, leaves[k:], False), defined_root(leaves[:k])]


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def some_leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([i % 251, i // 251])) for i in range(count)]


@given(st.integers(0, 140), st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    root = merkle.root(leaves)
    assert root == defined_root(leaves)
    if not size:
        return
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    assert proof == defined_path(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)
    for wrong in (
        [*proof, root],
        proof[:-1],
        [root, *proof],
        [part[::-1] for part in proof],
        [part[:31] for part in proof],
    ):
        if wrong != proof:
            assert not merkle.verify_inclusion(leaves[index], index, size, wrong, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, merkle.leaf_hash(root))
    assert not merkle.verify_inclusion(leaves[index], size, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], -1, size, proof, root)


@given(st.integers(0, 140), st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    old_size = data.draw(st.integers(0, size))
    old_root, root = merkle.root(leaves[:old_size]), merkle.root(leaves)
    proof = merkle.consistency_proof(leaves, old_size)
    if old_size:
        assert proof == defined_proof(old_size, leaves)
    assert merkle.verify_consistency(old_size, old_root, size, root, proof)
    fork = merkle.leaf_hash(old_root)
    assert not merkle.verify_consistency(old_size, fork, size, root, proof)
    assert not merkle.verify_consistency(old_size, old_root, size, root, [*proof, root])
    if proof:
        assert not merkle.verify_consistency(old_size, old_root, size, fork, proof)
        assert not merkle.verify_consistency(old_size, old_root, size, root, proof[:-1])
        assert not merkle.verify_consistency(old_size, old_root, size, root, proof[1:])
    if old_size < size:
        assert not merkle.verify_consistency(size, root, old_size, old_root, proof)


@given(st.integers(0, 140), st.data())
def test_proofs_in_an_earlier_state(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    tree = merkle.Tree(leaves)
    middle = data.draw(st.integers(0, size))
    old = data.draw(st.integers(0, middle))
    assert tree.root(middle) == merkle.root(leaves[:middle])
    assert tree.consistency_proof(old, middle) == merkle.consistency_proof(leaves[:middle], old)
    if middle:
        index = data.draw(st.integers(0, middle - 1))
        assert tree.inclusion_proof(index, middle) == merkle.inclusion_proof(leaves[:middle], index)


@given(st.integers(0, 140), st.integers(0, 20))
def test_frontier_grows_and_copies(size: int, more: int) -> None:
    leaves = some_leaves(size + more)
    frontier = merkle.Frontier()
    for count, leaf in enumerate(leaves[:size]):
        assert frontier.size == count
        frontier.append(leaf)
    grown = frontier.copy()
    grown.extend(leaves[size:])
    assert (frontier.size, frontier.root()) == (size, defined_root(leaves[:size]))
    assert (grown.size, grown.root()) == (size + more, defined_root(leaves))


def test_a_node_is_no_leaf() -> None:
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != merkle.node_hash(LEAVES[0], LEAVES[1])


@pytest.mark.parametrize("ask", [lambda t: t.inclusion_proof(8), lambda t: t.root(9), lambda t: t.consistency_proof(9)])
def test_what_is_not_in_the_tree_has_no_proof(ask: object) -> None:
    with pytest.raises(ValueError, match=r"tree|leaf"):
        ask(merkle.Tree(LEAVES))  # type: ignore[operator]
