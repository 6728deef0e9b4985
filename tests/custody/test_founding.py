"""A vault is made whole or not at all; recovery shares exist before it; a key file is needed where one was set."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencevault.custody import membership
from evidencevault.custody.membership import Founded
from evidencevault.errors import Refused, StorageFailed, WrongPassphrase
from evidencevault.session import Session
from evidencevault.vault import keyfiles, passphrases, shares


def found(folder: Path, *, key_file: bytes | None = None, recovery: shares.Recovery | None = None) -> Founded:
    return membership.found(
        folder,
        organisation="Fictional Aid",
        country="NL",
        name="anna",
        roles=frozenset({"officer"}),
        passphrase="anna's words",
        key_file=key_file,
        recovery=recovery,
    )


def test_shares_prepared_before_open_the_vault_made_with_them(tmp_path: Path) -> None:
    prepared = shares.prepare(2, 3)
    made = found(tmp_path / "v", recovery=prepared)
    made.office.close()
    assert made.shares == prepared.shares
    assert made.threshold == 2
    membership.recover(tmp_path / "v", "anna", prepared.shares[1:], "other words")
    Session.unlock(tmp_path / "v", "anna", "other words").close()


def test_a_share_is_read_as_people_type_it_and_a_wrong_word_is_said() -> None:
    prepared = shares.prepare(2, 3)
    words = prepared.shares[1].split()
    printed = "\n".join(f"{n}. {word.title()}" for n, word in enumerate(words, 1))
    read = shares.read(printed)
    assert (read.words, read.number, read.needed) == (prepared.shares[1], 2, 2)
    assert read.of == shares.read(prepared.shares[0]).of != shares.read(shares.prepare(2, 3).shares[0]).of
    with pytest.raises(Refused, match="33 words; these are 32"):
        shares.read(" ".join(words[1:]))
    wrong = "academic" if words[7] != "academic" else "acid"
    with pytest.raises(Refused, match="not as it was printed"):
        shares.read(" ".join([*words[:7], wrong, *words[8:]]))


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(blocked / "state"))  # heads cannot be remembered
    with pytest.raises(StorageFailed):
        found(tmp_path / "v")
    assert not (tmp_path / "v").exists()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(StorageFailed):
        found(empty)
    assert list(empty.iterdir()) == []
    (empty / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        found(empty)
    assert [one.name for one in empty.iterdir()] == ["notes.txt"]


def test_a_key_file_is_needed_besides_the_passphrase_until_it_is_given_up(tmp_path: Path) -> None:
    key = keyfiles.make(tmp_path / "key")
    assert keyfiles.read(tmp_path / "key") == key
    with pytest.raises(StorageFailed, match="already"):
        keyfiles.make(tmp_path / "key")
    found(tmp_path / "v", key_file=key).office.close()
    with pytest.raises(WrongPassphrase):
        Session.unlock(tmp_path / "v", "anna", "anna's words")
    with pytest.raises(WrongPassphrase, match="key file"):
        Session.unlock(tmp_path / "v", "anna", "anna's words", key_file=b"another")
    with Session.unlock(tmp_path / "v", "anna", "anna's words", key_file=key) as session:
        membership.change_passphrase(session.office, "new words", key)
    with Session.unlock(tmp_path / "v", "anna", "new words", key_file=key) as session:
        membership.change_passphrase(session.office, "new words")
    Session.unlock(tmp_path / "v", "anna", "new words").close()


def test_a_key_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        keyfiles.read(tmp_path / "gone")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(Refused, match="no key file"):
        keyfiles.read(tmp_path / "empty")


def test_an_offered_passphrase_is_seven_words_and_never_the_same() -> None:
    offered = {passphrases.offered() for _ in range(20)}
    assert len(offered) == 20
    assert all(len(one.split()) == 7 for one in offered)
