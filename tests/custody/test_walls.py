"""Walls: who is behind one gets no key, sees nothing of the case, and comes back only by two; tried on the raw rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.support import vaults
from tests.support.rawkeys import Raw
from tests.support.vaults import Made

from evidencevault.custody import access, casefile, epochs, managers, membership, walls
from evidencevault.custody.casefile import CaseFile, Duty, Kind
from evidencevault.custody.caseledger import CaseLedger
from evidencevault.custody.casestate import CaseState
from evidencevault.custody.office import Draft, Office
from evidencevault.custody.verify import Report, verify
from evidencevault.custody.wallstate import Wall
from evidencevault.errors import NotFound, NotPermitted, Refused
from evidencevault.progress import Progress
from evidencevault.vault.change import Change
from evidencevault.vault.registry import KeyKind

REFERENCE = "NL-2026-0001"
LATER = "Bartholomeus Quistenberg"


@contextmanager
def at_work(made: Made, name: str = "anna") -> Iterator[Office]:
    office = made.open(name)
    try:
        yield office
    finally:
        office.close()


@contextmanager
def case_of(made: Made, name: str = "anna") -> Iterator[CaseFile]:
    with at_work(made, name) as office:
        yield casefile.open_case(office, REFERENCE)


def checked(office: Office) -> Report:
    return verify(office, None, full=True, progress=Progress())


def intact(made: Made, name: str = "anna") -> None:
    with at_work(made, name) as office:
        assert checked(office).findings == ()


def write_later(case: CaseFile) -> None:
    """What comes after a wall: a person, a duty, a small and a large file, a correction of the case itself."""
    write = case.write()
    person = write.record(Kind.PERSON, {"names": [LATER], "role": "respondent"})
    about = write.record(Kind.CASE, {"title": f"About {LATER}"}, case.records(Kind.CASE)[0].item)
    duty = write.duty(Duty("hear", "officer", 1_800_000_000, "open", LATER))
    write.entry("recorded", records=[person, about], duties=[duty], subject=f"{case.reference} {LATER}")
    for size in (50, 9000):
        stored = write.store_object(io.BytesIO(LATER.encode() * size).readinto, Progress())
        write.entry("imported", objects=[stored], subject="E009", purpose=LATER)
    write.commit()


NEEDLES = [part.encode() for part in (*LATER.split(), REFERENCE, *vaults.SECRET.split()[::2])]


def found_in(read: dict[str, bytes]) -> list[str]:
    return [where for where, plain in read.items() if any(needle in plain for needle in NEEDLES)]


def test_raw_rows_show_a_walled_holder_only_what_they_had(made: Made) -> None:
    with at_work(made, "leo") as leo:
        had = Raw.of(leo, made.folder).read()
        keys = len(Raw.of(leo, made.folder).keys)
    assert len(found_in(had)) > 3, "what they could read, they could read"
    with case_of(made) as case:
        walls.wall(case.ledger, "leo")
        write_later(case)
    with at_work(made, "leo") as leo:
        raw = Raw.of(leo, made.folder)
        after = raw.read()
        assert len(raw.keys) == keys, "no grant, chain or link gives them another key"
    new = {where: plain for where, plain in after.items() if had.get(where) != plain}
    # That others have a new key, when, and by whom, is the last thing that the old one opens.
    assert len(new) == 1 and b"rekeyed" in next(iter(new.values()))
    assert found_in(new) == [] and b"leo" not in b"".join(new.values())
    with at_work(made) as anna:
        whole = Raw.of(anna, made.folder).read()
    assert len(whole.keys() - after.keys()) > 10 and len(found_in(whole)) > len(found_in(after))
    assert {where for where in whole if LATER.encode() in whole[where]} <= whole.keys() - after.keys()


def test_raw_rows_show_nothing_to_who_was_walled_before_they_held_anything(made: Made) -> None:
    with case_of(made) as case:
        before = case.ledger.epoch(KeyKind.CASE)
        walls.wall(case.ledger, "ben")
        assert case.ledger.epoch(KeyKind.CASE) == before, "nobody behind it holds a key: no new one is needed"
        write_later(case)
    with at_work(made, "ben") as ben:
        assert Raw.of(ben, made.folder).read() == {}


def test_a_manager_with_the_audit_key_loses_it_by_the_same_commit(made: Made) -> None:
    with at_work(made) as anna:
        assert managers.set_manager(anna, "leo", "olga")
        case = casefile.open_case(anna, REFERENCE)
        head = case.ledger.state.size
        assert walls.wall(case.ledger, "leo") == (Wall("leo"), Wall("olga", "leo"))
        assert [one.action for one in case.entries(head)][-2:] == ["walled", "walled"]
        write_later(case)
        for name in ("leo", "olga"):
            with pytest.raises(Refused, match="excluded"):
                access.grant(case.ledger, name)
        assert access.visible_cases(anna, KeyKind.AUDIT) == [case.id]
    with at_work(made, "olga") as olga:
        assert access.visible_cases(olga, KeyKind.AUDIT) == []
        assert LATER.encode() not in b"".join(Raw.of(olga, made.folder).read().values())
    intact(made)


def test_new_keys_keep_the_walled_out_whatever_opens_them(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "olga")
        access.grant(case.ledger, "ben")
        access.revoke(case.ledger, "leo")  # a new epoch, which oversight gets by itself
        assert not case.ledger.state.holds("olga", KeyKind.AUDIT)
        with pytest.raises(Refused, match="excluded"):
            membership.set_roles(case.office, "olga", frozenset({"officer"}))
            access.hand_over(case.ledger, "olga")
    membership.recover(made.folder, "olga", list(made.shares[:2]), "new words")
    membership.recover(made.folder, "ben", list(made.shares[:2]), vaults.PASSPHRASES["ben"])
    for name, words in (("olga", "new words"), ("ben", vaults.PASSPHRASES["ben"])):
        office = Office.unlock(made.folder, name, words)
        seen = access.visible_cases(office, KeyKind.AUDIT)
        assert (len(seen) == 1) is (name == "ben")
        office.close()
    intact(made)


def test_a_case_behind_a_wall_and_none_at_all_are_refused_in_the_same_words(made: Made) -> None:
    def said(name: str, reference: str) -> str:
        with at_work(made, name) as office, pytest.raises(NotFound) as refused:
            casefile.open_case(office, reference)
        assert refused.value.exit_code == 1
        return refused.value.sentence.replace(reference, "REF")

    with case_of(made) as case:
        walls.wall(case.ledger, "leo")
    assert said("leo", REFERENCE) == said("leo", "NL-2026-0077") == said("ben", REFERENCE)


def test_verification_counts_the_cases_of_others_and_names_none(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "leo")
        note = case.ledger.ledger.note
    with at_work(made, "leo") as leo:
        report = checked(leo)
        assert [one.name for one in report.ledgers] == ["vault ledger"]
        assert (report.others, report.others_damaged, report.findings) == (1, 0, ())
        assert REFERENCE not in repr(report) and "0001" not in repr(report)
        kept = verify(leo, None, checkpoint=note, progress=Progress())
        assert [one.what for one in kept.findings] == [
            "the checkpoint given is of no ledger of this vault that you may follow"
        ]
    with at_work(made, "leo") as leo:
        with leo.database.transaction() as connection:
            connection.exec_driver_sql(
                f"UPDATE entry SET leaf = zeroblob(32) WHERE sequence = 3 AND ledger = x'{case.id.hex()}'"
            )
        damaged = verify(leo, [case.id], progress=Progress())
        assert damaged.others_damaged == 1 and "0001" not in repr(damaged)
        assert "a case that is not yours" in str(damaged.findings[-1])


def test_leaving_by_a_wall_forgets_the_case_at_once_and_it_goes_on(made: Made) -> None:
    with case_of(made) as case:
        access.grant(case.ledger, "ben")
        walls.wall(case.ledger, "anna")
        assert access.visible_cases(case.office, KeyKind.AUDIT) == []
        with pytest.raises(NotFound):
            casefile.open_case(case.office, REFERENCE)
    with case_of(made, "ben") as case:
        assert case.ledger.state.stale(case.office.standing), "who left has made the newest key"
        write_later(case)
        with pytest.raises(Refused, match="excluded"):
            access.hand_over(case.ledger, "anna")
    with at_work(made) as anna:
        assert access.references(anna) == [] and LATER.encode() not in b"".join(
            Raw.of(anna, made.folder).read().values()
        )
    intact(made, "ben")
    membership.recover(made.folder, "ben", list(made.shares[:2]), vaults.PASSPHRASES["ben"])
    with case_of(made, "ben") as case:
        assert case.records(Kind.PERSON)[-1].body["names"] == [LATER], "recovery keeps access"


def test_who_hands_a_case_over_sees_it_no_more_at_once(made: Made) -> None:
    with case_of(made) as case:
        access.hand_over(case.ledger, "ben")
        assert access.visible_cases(case.office, KeyKind.AUDIT) == [] and list(casefile.cases(case.office)) == []
    with case_of(made, "ben") as case:
        before = case.ledger.epoch(KeyKind.CASE)
        write_later(case)
        assert case.ledger.epoch(KeyKind.CASE) == before + 1, "who left has made the key before"
    intact(made, "ben")


def test_nobody_walls_the_last_officer_out(made: Made) -> None:
    with case_of(made) as case:
        with pytest.raises(Refused, match="only one"):
            walls.wall(case.ledger, "anna")
        with pytest.raises(NotFound):
            walls.wall(case.ledger, "nobody")
        assert case.ledger.state.walled == {}
        managers.set_manager(case.office, "leo", "anna")
        with pytest.raises(Refused, match="line manager"):  # ben is an officer, and could take the case
            walls.wall(case.ledger, "leo")
        managers.set_manager(case.office, "ben", "anna")
        membership.retire(case.office, "ben")
        assert walls.wall(case.ledger, "leo") == (Wall("leo"),), "nobody could take the case from their manager"
        assert case.ledger.state.walls.missing(case.office.standing) == (Wall("anna", "leo"),)
        assert walls.keep(case.ledger) == ()
        with pytest.raises(Refused, match="already"):
            walls.wall(case.ledger, "leo")
    intact(made)


def test_a_new_line_manager_is_walled_off_at_the_next_opening(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "leo")
        assert walls.keep(case.ledger) == ()
        managers.set_manager(case.office, "leo", "olga")
        assert walls.keep(case.ledger) == (Wall("olga", "leo"),)
        assert walls.keep(case.ledger) == ()
        access.grant(case.ledger, "ben")
        managers.set_manager(case.office, "leo", "ben")
    with case_of(made, "ben") as case:
        assert not case.ledger.state.stale(case.office.standing)
        with pytest.raises(NotFound, match=REFERENCE):
            walls.keep(case.ledger)
        assert access.visible_cases(case.office, KeyKind.AUDIT) == []
    with case_of(made) as case:
        vaults.write_note(case, "without them")
        assert {"leo", "olga", "ben"} == set(case.ledger.state.walled)
        assert case.ledger.state.walled["ben"].manages == "leo"
    intact(made)


def test_only_officers_who_hold_the_case_keep_its_walls(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "ben")
        managers.set_manager(case.office, "ben", "olga")
    with case_of(made, "leo") as case:
        assert case.ledger.state.walls.missing(case.office.standing) and walls.keep(case.ledger) == ()
        with pytest.raises(NotPermitted):
            walls.wall(case.ledger, "olga")
    with at_work(made, "olga") as olga:
        ledger = access.open_ledger(olga, access.find_case(olga, REFERENCE))
        assert walls.keep(ledger) == ()


# --- overrides


def test_two_who_hold_the_case_end_an_exclusion(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "ben")
        with pytest.raises(Refused, match="why"):
            walls.unwall(case.ledger, "ben", " ")
        with pytest.raises(NotFound):
            walls.unwall(case.ledger, "olga", "r")
        assert not walls.unwall(case.ledger, "ben", "It was his namesake.")
        assert not walls.unwall(case.ledger, "ben", "It was his namesake, again."), "nobody confirms their own"
        with pytest.raises(Refused, match="excluded"):
            access.grant(case.ledger, "ben")
    with case_of(made, "leo") as case:
        assert walls.unwall(case.ledger, "ben", "I asked the school.")
        (proposed, ended) = [one for one in case.entries() if one.action in ("unwalling", "unwalled")][-2:]
        assert (proposed.actor_name, proposed.purpose) == ("anna", "It was his namesake, again.")
        assert (ended.actor_name, ended.purpose) == ("leo", "I asked the school.")
        assert ended.details == {"member": "ben", "proposed": proposed.sequence}
    with case_of(made) as case:
        assert walls.raised_by(case.ledger, "ben") == (), "what two have answered does not come back by itself"
        access.grant(case.ledger, "ben")
        access.revoke(case.ledger, "ben")
        assert walls.wall(case.ledger, "ben"), "but somebody may say it anew"
    intact(made, "olga")


def test_an_override_of_a_manager_answers_for_that_one_conflict(made: Made) -> None:
    with case_of(made) as case:
        managers.set_manager(case.office, "ben", "olga")
        walls.wall(case.ledger, "ben")
        walls.unwall(case.ledger, "olga", "She left that line.")
    with case_of(made, "leo") as case:
        walls.unwall(case.ledger, "olga", "Yes.")
    with case_of(made) as case:
        assert set(case.ledger.state.walled) == {"ben"}
        assert walls.keep(case.ledger) == () and walls.raised_by(case.ledger, "ben") == ()
        assert walls.raised_by(case.ledger, "olga") == (Wall("olga"),), "what is about herself is another matter"
        walls.unwall(case.ledger, "ben", "r")
    with case_of(made, "leo") as case:
        walls.unwall(case.ledger, "ben", "r")
    with case_of(made) as case:
        assert walls.wall(case.ledger, "ben") == (Wall("ben"),), "and of ben named anew she is still free"


def test_one_holder_alone_and_the_walled_end_nothing(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "leo")
        with pytest.raises(Refused, match="alone"):
            walls.unwall(case.ledger, "leo", "r")
        access.grant(case.ledger, "ben")
        assert not walls.unwall(case.ledger, "leo", "r")
        access.revoke(case.ledger, "ben")
    with case_of(made) as case:
        access.grant(case.ledger, "ben")
    with case_of(made, "ben") as case:
        assert walls.unwall(case.ledger, "leo", "I agree.")


def forged(case: CaseFile, *drafts: Draft, change: Change | None = None) -> str:
    """What everybody's verification says of entries that a changed program wrote."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CaseState, "refusal", lambda *_: None)
        case.ledger.commit(list(drafts), change or Change())
    return "\n".join(str(one) for one in checked(case.office).findings)


def test_an_override_that_nobody_else_proposed_is_found_and_has_no_effect(made: Made) -> None:
    with case_of(made) as case:
        walls.wall(case.ledger, "ben")
        lone = Draft("unwalled", purpose="r", details={"member": "ben", "proposed": 5})
        assert "(unwalled): nobody else who holds the case proposed it" in forged(case, lone)
        walls.unwall(case.ledger, "ben", "r")
        assert "nobody else" in forged(case, lone)
        assert "ben" in case.ledger.state.walled
    with case_of(made, "leo") as case:
        said = forged(case, Draft("unwalled", details={"member": "ben", "proposed": 5}))
        assert "it says no reason" in said and "ben" in case.ledger.state.walled


def test_a_proposal_falls_with_its_author_and_with_a_new_wall(made: Made) -> None:
    with case_of(made) as case:
        managers.set_manager(case.office, "ben", "olga")
        access.grant(case.ledger, "ben")
        walls.wall(case.ledger, "olga")
    with case_of(made, "ben") as case:
        walls.unwall(case.ledger, "olga", "by ben")
    with case_of(made) as case:
        access.revoke(case.ledger, "ben")
        assert not walls.unwall(case.ledger, "olga", "by anna"), "ben does not hold the case any more"
        walls.wall(case.ledger, "ben")
        forged(case, Draft("walled", details={"member": "olga"}))
        assert case.ledger.state.walls.proposals == []


def test_a_grant_to_the_walled_and_to_their_manager_is_found(made: Made) -> None:
    with case_of(made) as case:
        managers.set_manager(case.office, "ben", "olga")
        walls.wall(case.ledger, "ben")
        office, said = case.office, ""
        for name in ("ben", "olga"):
            change, n = Change(), case.ledger.epoch(KeyKind.AUDIT)
            key = office.keychain.key(case.id, KeyKind.AUDIT, n)
            public = epochs.public_of(office, name)
            assert public is not None
            said = forged(case, epochs.add_grant(change, office, public, case.id, KeyKind.AUDIT, n, key), change=change)
            assert not case.ledger.state.holds(name, KeyKind.AUDIT)
        assert said.count("it grants the case to somebody who is walled off from it") == 2


def test_a_wall_without_a_new_key_is_found_and_mended_by_the_next_write(made: Made) -> None:
    with case_of(made) as case:
        before = case.ledger.epoch(KeyKind.CASE)
        said = forged(case, Draft("walled", details={"member": "leo"}), Draft("noted", subject="x"))
        assert "(noted): somebody was taken out before it, and no new epoch was opened" in said
        write_later(case)
        assert case.ledger.epoch(KeyKind.CASE) == before + 1
    with at_work(made, "leo") as leo:
        assert access.visible_cases(leo, KeyKind.AUDIT) == []


def test_nobody_walls_the_recovery_key_off(made: Made) -> None:
    with case_of(made) as case:
        said = forged(case, Draft("walled", details={"member": "(recovery)"}))
        assert "nobody of that name is in the vault" in said
        access.revoke(case.ledger, "leo")
        assert "(recovery)" in case.ledger.state.holder_names(KeyKind.CASE)


# --- line managers


def test_line_managers_stand_in_the_vault_ledger_without_circles(made: Made) -> None:
    with at_work(made) as anna:
        assert managers.set_manager(anna, "ben", "leo") and managers.set_manager(anna, "leo", "olga")
        for name, boss in (("olga", "ben"), ("olga", "leo"), ("ben", "ben")):
            with pytest.raises(Refused, match="own line manager"):
                managers.set_manager(anna, name, boss)
        with pytest.raises(Refused, match="already"):
            managers.set_manager(anna, "ben", "leo")
        with pytest.raises(NotFound):
            managers.set_manager(anna, "ben", "nobody")
        assert anna.standing.managers == {"ben": "leo", "leo": "olga"}
        anna.commit([Draft("manager", details={"member": "olga", "manager": "ben"})], Change())
        assert "circle" in str(checked(anna).findings[0]) and "olga" not in anna.standing.managers
    with at_work(made, "ben") as ben:
        with pytest.raises(NotPermitted):
            managers.set_manager(ben, "ben", "")
        ben.commit([Draft("manager", details={"member": "ben", "manager": ""})], Change())
        assert "only an admin" in str(checked(ben).findings[-1]) and ben.standing.managers["ben"] == "leo"


def test_with_two_admins_both_name_a_line_manager(made: Made) -> None:
    with at_work(made) as anna:
        membership.set_roles(anna, "ben", frozenset({"officer", "admin"}))
        assert not managers.set_manager(anna, "leo", "olga")
        assert not managers.set_manager(anna, "leo", "olga"), "nobody confirms their own"
        assert anna.standing.managers == {}
        anna.commit([Draft("manager", details={"member": "leo", "manager": "olga"})], Change())
        assert "by both" in str(checked(anna).findings[0])
    with at_work(made, "ben") as ben:
        assert managers.set_manager(ben, "leo", "olga")
        assert ben.standing.managers == {"leo": "olga"}


def test_who_lost_a_case_before_the_first_unlock_still_gets_in(made: Made) -> None:
    with case_of(made) as case:
        membership.invite(case.office, "eve", frozenset({"legal"}), "eve's")
        access.grant(case.ledger, "eve")
        walls.wall(case.ledger, "eve")
    office = Office.unlock(made.folder, "eve", "eve's")
    membership.replace_keys(office, "eve's own")
    assert access.visible_cases(office) == []
    office.close()
    intact(made)


def test_a_ledger_followed_by_two_openings_sees_the_wall_in_both(made: Made) -> None:
    with case_of(made) as case:
        other: CaseLedger = casefile.open_case(case.office, REFERENCE).ledger
        walls.wall(case.ledger, "leo")
        other.refresh()
        assert set(other.state.walled) == {"leo"} and other.epoch(KeyKind.CASE) == case.ledger.epoch(KeyKind.CASE)
