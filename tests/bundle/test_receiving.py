"""A received bundle is refused by name when anything about it is not as it was made, and then nothing was written."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.bagged import COVER
from tests.support.vaults import Made

from evidencevault.bundle import readme, receiving, sealing
from evidencevault.bundle.archive import Archive
from evidencevault.bundle.receiving import NAMESPACE, PRINCIPAL
from evidencevault.custody import casefile, extracts
from evidencevault.errors import (
    Cancelled,
    Damaged,
    NotPermitted,
    Refused,
    Unreadable,
    UsageError,
    VaultError,
    WrongPassphrase,
)
from evidencevault.formats import age, bag, signatures
from evidencevault.vault.registry import Field

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
NAME = "NL-2026-0001-B01"
SEED = bytes(range(32))
KEY = age.X25519Identity.generate()
BIG = bytes(range(256)) * 2000


@pytest.fixture(scope="module")
def extract(made_once: Made) -> bytes:
    office = made_once.open()
    data = extracts.extract(casefile.open_case(office, "NL-2026-0001"), {0: (Field.HEAD,)})
    office.close()
    return data


def fill(extract: bytes, public: bytes | None = None) -> Callable[[bag.Sink], object]:
    public = public or signatures.public_ed25519(SEED)

    def into(sink: bag.Sink) -> None:
        bag.write(
            sink,
            [("documents/NL-000001.pdf", BIG), ("index.csv", b"a,b\r\n"), ("custody/entries.json", extract)],
            [("External-Identifier", NAME)],
            [("allowed_signers", signatures.allowed_signers_line(PRINCIPAL, public, NAMESPACE).encode())],
            lambda manifest: signatures.sshsig_armor(signatures.sshsig_sign(SEED, manifest, NAMESPACE)).encode(),
        )

    return into


@pytest.fixture(scope="module")
def plain(extract: bytes) -> bytes:
    return b"".join(sealing.zip_stream(NAME, AT, fill(extract)))


@pytest.fixture
def bundle(plain: bytes, tmp_path: Path) -> Path:
    return sealed(tmp_path, plain)


def sealed(folder: Path, plain: bytes) -> Path:
    path = folder / f"{NAME}.zip.age"
    path.write_bytes(b"".join(age.encrypt([KEY.recipient()], [plain])))
    return path


def refused(path: Path, to: Path, error: type[Exception] = Damaged, words: str | None = None) -> None:
    """Neither verified nor opened, and the target folder stays as it was."""
    with pytest.raises(error, match=words):
        receiving.verify(path, identities=[KEY])
    with pytest.raises(error, match=words):
        receiving.open_bundle(path, to, identities=[KEY])
    assert not to.exists() or list(to.iterdir()) == []


def test_a_whole_bundle_is_verified_and_opened(bundle: Path, tmp_path: Path) -> None:
    found = receiving.verify(bundle, identities=[KEY])
    assert (found.name, found.files, found.entries) == (NAME, 3, 1)
    assert found.signer == signatures.ssh_fingerprint(signatures.public_ed25519(SEED))
    again, folder = receiving.open_bundle(bundle, tmp_path / "in", identities=[KEY])
    assert again == found and folder == tmp_path / "in" / NAME
    assert (folder / "data/documents/NL-000001.pdf").read_bytes() == BIG
    assert [path.name for path in (tmp_path / "in").iterdir()] == [NAME]
    with pytest.raises(Refused, match="there already"):
        receiving.open_bundle(bundle, tmp_path / "in", identities=[KEY])


def test_the_plain_zip_of_stock_age_is_taken_too(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(plain)
    assert receiving.verify(path).name == NAME


def test_a_passphrase_opens_what_was_sealed_with_it(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "b.zip.age"
    path.write_bytes(b"".join(age.encrypt([age.ScryptRecipient("a long passphrase", 10)], [plain])))
    assert receiving.verify(path, passphrase="a long passphrase").name == NAME
    with pytest.raises(WrongPassphrase):
        receiving.verify(path, passphrase="another passphrase")


def test_wrong_key_and_no_key(bundle: Path) -> None:
    with pytest.raises(NotPermitted, match=r"zip\.age"):
        receiving.verify(bundle, identities=[age.X25519Identity.generate()])
    with pytest.raises(NotPermitted, match="identity"):
        receiving.verify(bundle)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 no zip", b"%PDF-1.7"])
def test_what_is_no_bundle(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises((Unreadable, Damaged)):
        receiving.verify(path, identities=[KEY])
    with pytest.raises(Unreadable):
        receiving.verify(tmp_path / "missing", identities=[KEY])


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99, 0.9999])
def test_a_cut_file(bundle: Path, tmp_path: Path, share: float) -> None:
    data = bundle.read_bytes()
    bundle.write_bytes(data[: int(len(data) * share)])
    refused(bundle, tmp_path / "in")


def test_a_file_cut_anywhere_in_its_head(bundle: Path, tmp_path: Path) -> None:
    data = bundle.read_bytes()
    head = data.index(b"\n", data.index(b"\n---")) + 1
    for kept in (0, 1, 21, 22, 100, head - 1, head, head + 15, head + 16, head + 17, head + 32, head + 40):
        bundle.write_bytes(data[:kept])
        refused(bundle, tmp_path / "in", VaultError)
    for short in (b"", b"PK", b"x" * 30):
        bundle.write_bytes(b"".join(age.encrypt([KEY.recipient()], [short])))
        refused(bundle, tmp_path / "in", words="no readable bundle")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.999])
def test_a_changed_byte(bundle: Path, tmp_path: Path, share: float) -> None:
    data = bytearray(bundle.read_bytes())
    data[int(len(data) * share)] ^= 1
    bundle.write_bytes(data)
    refused(bundle, tmp_path / "in", words=r"zip\.age")


def rezipped(plain: bytes, change: Callable[[str, bytes], Iterator[tuple[str, bytes]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            for name, data in change(info.filename, old.read(info)):
                new.writestr(name, data)
    return out.getvalue()


def test_an_extra_file(plain: bytes, tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data
        if name.endswith("bagit.txt"):
            yield f"{NAME}/data/more.txt", b"x"

    refused(sealed(tmp_path, rezipped(plain, change)), tmp_path / "in", words=r"more\.txt")


def test_an_extra_file_beside_the_manifests(plain: bytes, tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data
        if name.endswith("bagit.txt"):
            yield f"{NAME}/more.html", b"x"

    refused(sealed(tmp_path, rezipped(plain, change)), tmp_path / "in", words=r"more\.html")


@pytest.mark.parametrize(
    "missing", ["index.csv", "allowed_signers", "tagmanifest-sha256.txt.sig", "entries.json", "bagit.txt"]
)
def test_a_missing_file(plain: bytes, tmp_path: Path, missing: str) -> None:
    def change(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        if not name.endswith(missing):
            yield name, data

    refused(sealed(tmp_path, rezipped(plain, change)), tmp_path / "in", words=missing)


def test_an_exchanged_file(plain: bytes, tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data.replace(b"a,b", b"a,c")

    refused(sealed(tmp_path, rezipped(plain, change)), tmp_path / "in", words=r"index\.csv")


def files_of(plain: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def refused_by_name(files: dict[str, bytes], tmp_path: Path, *named: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    with pytest.raises(Damaged) as refusal:
        receiving.verify(path)
    assert any(repr(name) in refusal.value.sentence for name in named), (named, refusal.value.sentence)
    with pytest.raises(Damaged):
        receiving.open_bundle(path, tmp_path / "in")
    assert not (tmp_path / "in").exists() or not list((tmp_path / "in").iterdir())


def test_no_byte_of_any_file_can_be_changed(plain: bytes, tmp_path: Path) -> None:
    files = files_of(plain)
    for name, data in files.items():
        inner = name.partition("/")[2]
        for at in {0, len(data) // 2, len(data) - 1}:
            changed = bytearray(data)
            changed[at] ^= 1
            refused_by_name({**files, name: bytes(changed)}, tmp_path, inner)
        refused_by_name({**files, name: data + b"\n"}, tmp_path, inner)


def test_no_file_can_be_taken_away_renamed_or_exchanged(plain: bytes, tmp_path: Path) -> None:
    files = files_of(plain)
    for name, data in files.items():
        inner = name.partition("/")[2]
        rest = {one: kept for one, kept in files.items() if one != name}
        refused_by_name(rest, tmp_path, inner)
        refused_by_name({**rest, f"{name}x": data}, tmp_path, inner, f"{inner}x")
    names = list(files)
    for one, other in itertools.pairwise(names):
        swapped = {**files, one: files[other], other: files[one]}
        refused_by_name(swapped, tmp_path, one.partition("/")[2], other.partition("/")[2])


def test_what_unpacks_to_more_than_it_is_is_not_even_read(
    plain: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files_of(plain).items():
            archive.writestr(name, data)
        for name in ("data/bomb", "bomb"):
            archive.writestr(f"{NAME}/{name}", bytes(8 << 20))
    assert path.stat().st_size < 1 << 20
    read: list[str] = []
    real = Archive.read

    def noted(self: Archive, name: str) -> Iterator[bytes]:
        read.append(name)
        return real(self, name)

    monkeypatch.setattr(Archive, "read", noted)
    with pytest.raises(Damaged, match="bomb"):
        receiving.open_bundle(path, tmp_path / "in")
    assert read and not [name for name in read if "bomb" in name] and not (tmp_path / "in").exists()


@pytest.mark.parametrize(
    "evil",
    [
        "../evil",
        f"{NAME}/../../evil",
        "/etc/evil",
        f"{NAME}/data\\evil",
        f"{NAME}/data/\u202eevil",
        "other/evil",
        f"{NAME}/CON",
    ],
)
def test_a_path_that_would_leave(plain: bytes, tmp_path: Path, evil: str) -> None:
    def change(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data
        if name.endswith("bagit.txt"):
            yield evil, b"x"

    refused(sealed(tmp_path, rezipped(plain, change)), tmp_path / "in")
    assert list(tmp_path.rglob("*evil*")) == []


def test_a_link_is_no_file(plain: bytes, tmp_path: Path) -> None:
    out = io.BytesIO(plain)
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(f"{NAME}/data/link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    refused(sealed(tmp_path, out.getvalue()), tmp_path / "in", words="link")


def test_a_signature_by_a_key_not_allowed(extract: bytes, tmp_path: Path) -> None:
    other = signatures.public_ed25519(bytes(32))
    refused(
        sealed(tmp_path, b"".join(sealing.zip_stream(NAME, AT, fill(extract, other)))),
        tmp_path / "in",
        words="signature",
    )


def test_an_extract_that_does_not_prove(extract: bytes, tmp_path: Path) -> None:
    bad = extract.replace(b'"sequence": 0', b'"sequence": 1')
    assert bad != extract
    refused(sealed(tmp_path, b"".join(sealing.zip_stream(NAME, AT, fill(bad)))), tmp_path / "in", words="Entry 1")


def test_recipients() -> None:
    assert len(sealing.recipients([str(KEY.recipient())])) == 1
    assert isinstance(sealing.recipients([], "a long passphrase")[0], age.ScryptRecipient)
    for keys, passphrase in (([], None), ([str(KEY.recipient())], "a long passphrase"), ([], "short")):
        with pytest.raises(UsageError):
            sealing.recipients(keys, passphrase)
    with pytest.raises(age.AgeError):
        sealing.recipients(["age1nonsense"])


def test_what_fails_while_zipping_fails_the_stream(extract: bytes) -> None:
    def into(sink: bag.Sink) -> None:
        fill(extract)(sink)
        raise Damaged("on the way")

    with pytest.raises(Damaged, match="on the way"):
        list(sealing.sealed_zip([KEY.recipient()], NAME, AT, into))


def test_a_reader_that_stops_stops_the_writer() -> None:
    ended: list[str] = []

    def into(sink: bag.Sink) -> None:
        try:
            sink("data/x.pdf", iter([BIG] * 1000))
        except Cancelled:
            ended.append("stopped")
            raise

    stream = sealing.zip_stream(NAME, AT, into)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert ended == ["stopped"]


@pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("sha256sum")), reason="OpenSSH or coreutils missing"
)
def test_stock_tools_agree(bundle: Path, tmp_path: Path) -> None:
    _, folder = receiving.open_bundle(bundle, tmp_path / "in", identities=[KEY])
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "-c", "--strict", manifest], cwd=folder, check=True, capture_output=True)
    [listing] = [line for line in readme.readme(COVER).decode().splitlines() if "uniq -u" in line]
    only = ["tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig"]
    for extra in ([], ["data/more.txt", "verify/more.txt"]):
        for name in extra:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(b"x")
        printed = subprocess.run(["sh", "-c", listing], cwd=folder, check=True, capture_output=True, text=True)
        assert printed.stdout.split() == sorted([*only, *extra])
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "allowed_signers",
        "-I",
        PRINCIPAL,
        "-n",
        NAMESPACE,
        "-s",
        "tagmanifest-sha256.txt.sig",
    ]
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, input=(folder / "tagmanifest-sha256.txt").read_bytes()
    )
