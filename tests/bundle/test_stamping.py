"""When a checkpoint existed, said by an authority outside the house: asked, checked, kept, told, delivered."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.bundle.test_assembly import KEY, SELECTION, ready
from tests.support.authority import Authority
from tests.support.redactable import Desk
from tests.support.vaults import PASSPHRASES

from evidencevault.bundle import assembly, continuity, receiving, releasing, stamping
from evidencevault.bundle.continuity import Earlier
from evidencevault.cli.main import run
from evidencevault.custody import timestamps
from evidencevault.errors import Damaged, NotFound, NotPermitted, UsageError
from evidencevault.formats import timestamps as rfc3161


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


def test_an_answer_covers_what_was_asked_and_nothing_else(authority: Authority, tmp_path: Path) -> None:
    answer = authority.answer(rfc3161.request(b"this"))
    assert rfc3161.covers(answer, b"this") and not rfc3161.covers(answer, b"that")
    stamp = rfc3161.check(answer, b"this", authority.root)
    assert stamp == rfc3161.read(answer) and stamp.policy == "1.2.3.4.1"
    other = Authority(tmp_path / "other").root
    broken = answer[:-1] + bytes([answer[-1] ^ 1])
    for data, message, root in (
        (answer, b"that", authority.root),
        (answer, b"this", other),
        (broken, b"this", authority.root),
        (answer[:200], b"this", authority.root),
        (b"", b"this", authority.root),
        (bytes(rfc3161.LARGEST + 1), b"this", authority.root),
    ):
        with pytest.raises(Damaged):
            rfc3161.check(data, message, root)
    with pytest.raises(UsageError):
        rfc3161.check(answer, b"this", b"no certificate")


def test_asked_kept_told_and_delivered(desk: Desk, authority: Authority, tmp_path: Path) -> None:
    ready(desk)
    asked, size = timestamps.request(desk.case("anna"))
    answer = authority.answer(asked)
    with pytest.raises(Damaged):
        timestamps.keep(desk.case("anna"), answer, Authority(tmp_path / "other").root)
    with pytest.raises(NotFound):
        timestamps.keep(desk.case("anna"), authority.answer(rfc3161.request(b"else")), b"")
    with pytest.raises(NotPermitted):
        timestamps.keep(desk.case("olga"), answer, authority.root)
    done = timestamps.keep(desk.case("anna"), answer, authority.root)
    assert done.size == size and timestamps.kept(desk.case("anna")) == [done]
    timestamps.verify(desk.case("anna"), done)
    said = list(desk.case("anna").entries())[-1]
    assert said.action == "timestamped" and isinstance(said.details, dict)
    assert said.details["checkpoint"] == [size, done.root.hex()] and said.details["authority"] is True
    assembly.create(desk.case("anna"), desk.burner, SELECTION)
    path = releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")
    found, folder = receiving.open_bundle(path, tmp_path / "in", identities=[KEY])
    assert found.stamped == done.time and found.earlier == ()
    custody = folder / "data/custody"
    files = ["-in", custody / "timestamp.tsr", "-data", custody / "timestamp.checkpoint"]
    command = ["openssl", "ts", "-verify", *files, "-CAfile", authority.folder / "root.pem"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_stamp_over_another_chain_is_refused(authority: Authority) -> None:
    note = b"evidencevault.org/v1/a/b\n3\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" + b"\n\n"
    note += "— evidencevault.org/v1/a/b AAAAAAAA\n".encode()
    answer = authority.answer(rfc3161.request(note))
    assert stamping.check(answer, note, [Earlier(continuity.STAMP, 3, bytes(32))])
    for earlier in ([], [Earlier("B01", 3, bytes(32))], [Earlier(continuity.STAMP, 4, bytes(32))]):
        with pytest.raises(Damaged):
            stamping.check(answer, note, earlier)
    with pytest.raises(Damaged):
        stamping.check(authority.answer(rfc3161.request(b"x")), note, [Earlier(continuity.STAMP, 3, bytes(32))])


def test_on_the_command_line(
    desk: Desk, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference, folder = desk.case("anna").reference, desk.made.folder
    desk.close()
    (tmp_path / "words").write_text(PASSPHRASES["anna"])
    access = ["--vault", str(folder), "--member", "anna", "--passphrase-file", str(tmp_path / "words")]
    ask = ["custody", "timestamp", reference]
    asked, answer = tmp_path / "q.tsq", tmp_path / "r.tsr"
    assert run([*access, *ask]) == 2
    assert run([*access, *ask, "--request", str(asked)]) == 0
    answer.write_bytes(authority.answer(asked.read_bytes()))
    assert run([*access, *ask, "--token", str(answer)]) == 0
    assert "was not checked" in capsys.readouterr().out
    ca = ["--ca", str(authority.folder / "root.pem")]
    assert run([*access, *ask, "--token", str(answer), *ca]) == 0
    assert run([*access, *ask, "--token", str(asked), *ca]) == 3
    capsys.readouterr()
    assert run([*access, "--json", "custody", "verify", reference]) == 0
    stamps = json.loads(capsys.readouterr().out)["timestamps"]
    assert [one["authority"] for one in stamps] == [False, True] and all(one["wrong"] is None for one in stamps)
    assert run([*access, "custody", "verify", "--all"]) == 0
    assert "by an authority that was not checked" in capsys.readouterr().out
