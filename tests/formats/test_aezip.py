"""AES ZIPs: 7-Zip and pyzipper read what is written here, any byte can be had alone, and damage is named."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pyzipper

from evidencevault.errors import Damaged, WrongPassphrase
from evidencevault.formats import aezip

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
WORDS = b"a passphrase of many letters"
PLAIN = random.Random(7).randbytes(300_001)


def written(plain: bytes = PLAIN, words: bytes = WORDS) -> bytes:
    pieces = [plain[at : at + 70_000] for at in range(0, len(plain), 70_000)]
    return b"".join(aezip.write(words, "inside.zip", AT, pieces))


@pytest.fixture(scope="module")
def whole() -> bytes:
    return written()


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 300_001])
def test_what_is_written_is_read_again(size: int) -> None:
    data = written(PLAIN[:size])
    assert aezip.is_sealed(data) and PLAIN[:64] not in data
    assert aezip.opened(io.BytesIO(data), WORDS).read() == PLAIN[:size]


def test_it_comes_in_pieces_while_the_source_is_still_asked() -> None:
    asked: list[int] = []

    def source() -> object:
        for number in range(4):
            asked.append(number)
            yield bytes(1000)

    stream = aezip.write(WORDS, "x", AT, source())  # type: ignore[arg-type]
    assert len(next(stream)) > 1000 and asked == [0]
    stream.close()  # type: ignore[attr-defined]


def test_any_byte_can_be_had_alone(whole: bytes) -> None:
    file = aezip.opened(io.BytesIO(whole), WORDS)
    chosen = random.Random(1)
    for _ in range(60):
        at, count = chosen.randrange(len(PLAIN)), chosen.randrange(5000)
        file.seek(at)
        assert file.read(count) == PLAIN[at : at + count]
    assert file.seek(-5, io.SEEK_END) == len(PLAIN) - 5 and file.read() == PLAIN[-5:] and file.read() == b""


def test_it_is_ae_2_with_aes_256_and_says_no_crc(whole: bytes) -> None:
    with pyzipper.AESZipFile(io.BytesIO(whole)) as archive:
        (info,) = archive.infolist()
        archive.setpassword(WORDS)
        assert archive.read(info) == PLAIN
    assert (info.wz_aes_version, info.wz_aes_strength, info.CRC) == (aezip.AE_2, aezip.AES_256, 0)


@pytest.mark.skipif(shutil.which("7z") is None, reason="7-Zip is not installed")
def test_7zip_opens_it(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(whole)

    def seven(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["7z", *words], cwd=tmp_path, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)

    assert seven("t", f"-p{WORDS.decode()}", "a.zip").returncode == 0
    assert seven("t", "-panother", "a.zip").returncode != 0
    listed = seven("l", "-slt", "a.zip").stdout
    assert b"AES-256" in listed and b"Store" in listed
    assert seven("x", f"-p{WORDS.decode()}", "a.zip").returncode == 0
    assert (tmp_path / "inside.zip").read_bytes() == PLAIN


def test_another_passphrase(whole: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        aezip.opened(io.BytesIO(whole), b"another passphrase")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.9995])
def test_a_cut_file(whole: bytes, share: float) -> None:
    with pytest.raises(Damaged):
        aezip.opened(io.BytesIO(whole[: int(len(whole) * share)]), WORDS)


@pytest.mark.parametrize("place", [200, 150_000, 300_090])
def test_a_changed_byte(whole: bytes, place: int) -> None:
    changed = bytearray(whole)
    changed[place] ^= 1
    with pytest.raises(Damaged):
        aezip.opened(io.BytesIO(changed), WORDS)


def test_the_mac_is_checked_too(whole: bytes) -> None:
    changed = bytearray(whole)
    changed[whole.index(b"PK\x07\x08") - 1] ^= 1
    with pytest.raises(Damaged):
        aezip.opened(io.BytesIO(changed), WORDS)


def made(version: int, bits: int, count: int = 1, how: int = pyzipper.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    options = {"nbits": bits, "force_wz_aes_version": version}
    with pyzipper.AESZipFile(out, "w", how, encryption=pyzipper.WZ_AES, encryption_kwargs=options) as archive:
        archive.setpassword(WORDS)
        for number in range(count):
            archive.writestr(f"{number}.zip", PLAIN[:5000])
    return out.getvalue()


def test_other_zips_are_refused() -> None:
    assert aezip.opened(io.BytesIO(made(2, 256)), WORDS).read() == PLAIN[:5000]
    for other in (made(1, 256), made(2, 128), made(2, 256, 2), made(2, 256, how=pyzipper.ZIP_DEFLATED)):
        with pytest.raises(Damaged):
            aezip.opened(io.BytesIO(other), WORDS)
