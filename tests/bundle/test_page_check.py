"""A real browser checks folders given to the page: whole ones, and each kind of damage by the name of its file."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from tests.support import chromium, pages
from tests.support.bagged import SEED, Bag, document, sign, usual

from evidencevault.bundle.receiving import NAMESPACE, PRINCIPAL
from evidencevault.formats import bag, signatures

pytestmark = pytest.mark.skipif(bool(chromium.missing()), reason="Chromium or its driver is not installed")
ONE, TWO, THREE = (f"data/documents/NLSOS-00000{place}.pdf" for place in (1, 2, 3))
FORGER = hashlib.sha256(b"somebody else").digest()
Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return usual().write(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def page(chrome: Chrome, whole: Path) -> Chrome:
    """The page of the whole folder, open: folders are given to it, as a reader has one page and many copies."""
    if chrome.current_url != (whole / "index.html").as_uri():
        pages.opened(chrome, whole)
    return chrome


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def flip(path: Path, at: int = 100) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def put(path: Path, data: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def swap(one: Path, two: Path) -> None:
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_whole_folder_is_right(page: Chrome, whole: Path) -> None:
    assert pages.give(page, whole) == "good"
    assert pages.signature(page) == "right" and not pages.findings(page)
    files = [one for one in whole.rglob("*") if one.is_file()]
    said = pages.one(page, "#verdict").text
    assert f"{len(files)} files" in said
    results = pages.texts(page, "#files .chip")
    assert len(results) == len(files) and set(results) == {"right", "stands in no list, as it must"}
    assert results.count("stands in no list, as it must") == 2  # the tag manifest and its signature
    assert set(pages.texts(page, "#rows td:last-child")) == {"right"}
    assert signatures.ssh_fingerprint(signatures.public_ed25519(SEED)) in pages.one(page, "#signature").text


def test_it_can_be_dropped_also_in_the_folder_around_it(page: Chrome, whole: Path) -> None:
    assert pages.drop(page, whole) == "good"
    assert pages.drop(page, whole.parent) == "good"


DAMAGE: dict[str, tuple[Change, set[tuple[str, str]]]] = {
    "one changed byte": (lambda f: flip(f / ONE), {(ONE, "changed")}),
    "a missing file": (lambda f: (f / TWO).unlink(), {(TWO, "missing")}),
    "an added file": (lambda f: put(f / "data/documents/extra.pdf"), {("data/documents/extra.pdf", "extra")}),
    "an added file beside the manifests": (lambda f: put(f / "note.txt"), {("note.txt", "extra")}),
    "a renamed file": (
        lambda f: (f / ONE).rename(f / "data/documents/a.pdf"),
        {(ONE, "missing"), ("data/documents/a.pdf", "extra")},
    ),
    "two files swapped": (lambda f: swap(f / ONE, f / TWO), {(ONE, "changed"), (TWO, "changed")}),
    "a changed page": (lambda f: edit(f / "index.html", "unit West", "unit East"), {("index.html", "changed")}),
    "no manifest": (lambda f: (f / "manifest-sha256.txt").unlink(), {("manifest-sha256.txt", "missing")}),
    "a list of what to fetch": (lambda f: put(f / "fetch.txt"), {("fetch.txt", "extra")}),
    "a name twice": (lambda f: put(f / ONE.replace("NLSOS", "nlsos")), {(ONE.replace("NLSOS", "nlsos"), "twice")}),
    "another folder's name": (
        lambda f: edit(f / "bag-info.txt", "B03", "B04"),
        {("bag-info.txt", "changed"), ("bag-info.txt", "other")},
    ),
    "a manifest that leaves one out": (
        lambda f: (f / "manifest-sha256.txt").write_text(
            "".join(
                line for line in (f / "manifest-sha256.txt").read_text().splitlines(keepends=True) if THREE not in line
            )
        ),
        {("manifest-sha256.txt", "changed"), (THREE, "extra")},
    ),
    "a manifest with a path out of the folder": (
        lambda f: edit(f / "manifest-sha256.txt", ONE, "data/../../x"),
        {("manifest-sha256.txt", "changed"), ("manifest-sha256.txt", "malformed"), (ONE, "extra")},
    ),
    "what a system leaves": (lambda f: put(f / "data/.DS_Store"), {("data/.DS_Store", "extra")}),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named(page: Chrome, copy: Path, name: str) -> None:
    change, wanted = DAMAGE[name]
    change(copy)
    assert pages.give(page, copy) == "bad"
    found = pages.findings(page)
    missing_payload = {one for one in found if name == "no manifest" and one[1] == "extra"}
    assert set(found) - missing_payload == wanted
    # The program finds the same.
    names = [one.relative_to(copy).as_posix() for one in copy.rglob("*") if one.is_file()]
    report = bag.check(names, lambda path: [(copy / path).read_bytes()])
    named = {fault.path for fault in report.faults}
    assert named and {path for path, _ in wanted if name != "a manifest with a path out of the folder"} <= named


def test_no_byte_of_any_file_can_be_changed(page: Chrome, copy: Path) -> None:
    for path in sorted(one for one in copy.rglob("*") if one.is_file()):
        was = path.read_bytes()
        for at in (0, len(was) // 2, -1):
            flip(path, at)
            assert pages.give(page, copy) == "bad", (path, at)
            path.write_bytes(was)
    assert pages.give(page, copy) == "good"


def test_what_was_swapped_or_renamed_is_said(page: Chrome, copy: Path) -> None:
    swap(copy / ONE, copy / TWO)
    pages.give(page, copy)
    assert TWO in pages.findings(page)[ONE, "changed"] and ONE in pages.findings(page)[TWO, "changed"]
    assert hashlib.sha256((copy / ONE).read_bytes()).hexdigest() in pages.findings(page)[ONE, "changed"]
    changed = pages.texts(page, "#rows td:last-child")
    assert changed.count("changed") == 2 and changed.count("right") == len(changed) - 2
    (copy / ONE).rename(copy / "data/x.pdf")
    pages.give(page, copy)
    assert TWO in pages.findings(page)["data/x.pdf", "extra"]


SIGNATURES: dict[str, tuple[Change, str]] = {
    "no signature": (lambda f: (f / "tagmanifest-sha256.txt.sig").unlink(), "missing"),
    "a signature of another text": (lambda f: put(f / "tagmanifest-sha256.txt.sig", sign(b"another")), "wrong"),
    "a broken signature": (lambda f: flip(f / "tagmanifest-sha256.txt.sig", 60), "wrong"),
    "no signature at all in it": (lambda f: put(f / "tagmanifest-sha256.txt.sig", b"signed, yours"), "wrong"),
    "a signature with another last byte": (lambda f: flip(f / "tagmanifest-sha256.txt.sig", -1), "wrong"),
    "a signature with a byte more": (
        lambda f: put(f / "tagmanifest-sha256.txt.sig", (f / "tagmanifest-sha256.txt.sig").read_bytes() + b"\n"),
        "wrong",
    ),
    "a changed list": (lambda f: edit(f / "tagmanifest-sha256.txt", "  bagit.txt", "  *bagit.txt"), "wrong"),
    "a key that is not allowed": (
        lambda f: put(f / "allowed_signers", b"evidencevault-release ssh-ed25519 x\n"),
        "wrong",
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_that_does_not_hold(page: Chrome, copy: Path, name: str) -> None:
    change, state = SIGNATURES[name]
    change(copy)
    assert pages.give(page, copy) == "bad"
    assert pages.signature(page) == state


def test_a_forger_who_writes_all_lists_anew_is_seen_by_this_page(page: Chrome, whole: Path, tmp_path: Path) -> None:
    usual_bag = usual()
    first = usual_bag.documents[0]
    payload = [(one.path, usual_bag.bytes_of(one)) for one in usual_bag.documents if one is not first]
    payload += [(first.path, b"%PDF another"), ("index.csv", b""), ("documents/more.pdf", b"%PDF more")]
    line = signatures.allowed_signers_line(PRINCIPAL, signatures.public_ed25519(FORGER), NAMESPACE)
    tags = [("index.html", (whole / "index.html").read_bytes()), ("allowed_signers", line.encode())]

    def forged(message: bytes) -> bytes:
        return signatures.sshsig_armor(signatures.sshsig_sign(FORGER, message, NAMESPACE)).encode()

    info = [("External-Identifier", usual_bag.cover.name)]
    bag.write(bag.folder_sink(tmp_path / "forged"), payload, info, tags, forged)
    assert pages.give(page, tmp_path / "forged") == "bad"
    assert set(pages.findings(page)) == {(ONE, "differs"), ("data/documents/more.pdf", "unnamed")}
    assert pages.signature(page) == "other"


def test_the_folder_of_another_bundle(page: Chrome, tmp_path: Path) -> None:
    other = Bag(documents=(document("NLSOS-000099", "E099"),))
    folder = other.write(tmp_path)
    assert pages.give(page, folder) == "bad"
    found = pages.findings(page)
    assert (ONE, "missing") in found and ("data/documents/NLSOS-000099.pdf", "unnamed") in found


def test_what_is_no_bundle_or_more_than_one(page: Chrome, whole: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    put(tmp_path / "photos/a.jpg")
    assert pages.give(page, tmp_path / "photos") == "none"
    assert pages.give(page, whole / "data") == "none"
    for name in ("one", "two"):
        shutil.copytree(whole, tmp_path / "both" / name)
    assert pages.give(page, tmp_path / "both") == "many"
    assert pages.drop(page, whole / "bagit.txt") == "bad"


def test_a_browser_that_opens_no_dropped_folder_points_to_the_button(chrome: Chrome, whole: Path) -> None:
    """As Chromium before handles: from disk, its entries of a dropped folder cannot be read."""
    pages.opened(chrome, whole)
    chrome.execute_script("delete DataTransferItem.prototype.getAsFileSystemHandle")
    assert pages.drop(chrome, whole) == "unreadable" and "button" in pages.one(chrome, "#verdict").text
    pages.opened(chrome, whole)


def test_a_file_too_large_for_a_browser_comes_with_its_command(page: Chrome, copy: Path) -> None:
    with (copy / ONE).open("r+b") as file:
        file.truncate((1 << 30) + 1)  # sparse: nothing is written
    assert pages.give(page, copy) == "warn"
    text = pages.findings(page)[ONE, "large"]
    assert f"sha256sum '{ONE}'" in text and usual().documents[0].sha256 in text


def test_a_check_can_be_stopped_and_then_says_nothing(page: Chrome, whole: Path) -> None:
    page.execute_script(
        "new MutationObserver((_, one) => { document.getElementById('cancel').click(); one.disconnect(); })"
        ".observe(document.getElementById('bar'), {attributes: true, attributeFilter: ['value']})"
    )
    assert pages.give(page, whole) == "stopped" and "Stopped" in pages.one(page, "#verdict").text
    assert pages.give(page, whole) == "good"


def test_a_browser_that_lacks_ed25519_or_hashes_says_so(chrome: Chrome, whole: Path) -> None:
    for script, see in (
        ("crypto.subtle.importKey = () => Promise.reject(new DOMException('x', 'NotSupportedError'))", "signature"),
        ("Object.defineProperty(crypto, 'subtle', {value: undefined})", "subtle"),
    ):
        added = pages.cdp(chrome, "Page.addScriptToEvaluateOnNewDocument", source=script)
        try:
            pages.opened(chrome, whole)
            if see == "signature":
                assert pages.give(chrome, whole) == "good" and pages.signature(chrome) == "unable"
                assert "ssh-keygen" in pages.one(chrome, "#signature").text
            else:
                assert not pages.one(chrome, "#drop").is_displayed() and pages.one(chrome, "#no-crypto").is_displayed()
        finally:
            pages.cdp(chrome, "Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])
    pages.opened(chrome, whole)
