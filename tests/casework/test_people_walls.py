"""Persons of a case who are users of the vault: excluded by the commit that names them, and never by name alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.rawkeys import Raw

from evidencevault.casework import cases, concerns, conflicts, opening, people
from evidencevault.casework.cases import Case, Safety
from evidencevault.casework.concerns import Concern
from evidencevault.casework.duties import Keeper
from evidencevault.casework.people import Person
from evidencevault.custody import access, casefile, managers, membership, walls
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.custody.office import Office
from evidencevault.custody.verify import verify
from evidencevault.custody.wallstate import Wall
from evidencevault.errors import NotFound, Refused
from evidencevault.progress import Progress
from evidencevault.vault.registry import KeyKind

CASE = Case(title="Lanterns", categories=("neglect",), severity="high", immediate_safety=Safety(state="unknown"))
NAME = "Leopoldine Achterberg"


class Vault:
    """anna (officer, admin), leo (legal), olga and ben (officers), ota (oversight); anna's case is granted to leo."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        founded = membership.found(
            folder, organisation="O", country="NL", name="anna", roles=frozenset({"officer"}), passphrase="pw-anna"
        )
        self.office = founded.office
        for name, role in (("leo", "legal"), ("olga", "officer"), ("ben", "officer"), ("ota", "oversight")):
            membership.invite(self.office, name, frozenset({role}), f"pw-{name}")
        self.reference = cases.create(self.office, CASE).reference
        self.as_("leo")
        self.as_("ota")
        access.grant(self.case().ledger, "leo")

    @contextmanager
    def seen_by(self, name: str) -> Iterator[Office]:
        self.as_(name)
        yield self.office
        self.as_("anna")

    def as_(self, name: str) -> Office:
        self.office.close()
        self.office = Office.unlock(self.folder, name, f"pw-{name}")
        if membership.is_provisional(self.office):
            membership.replace_keys(self.office, f"pw-{name}")
        self.office.keeper = Keeper(self.office)
        return self.office

    def case(self, name: str = "anna") -> CaseFile:
        if self.office.name != name:
            self.as_(name)
        return casefile.open_case(self.office, self.reference)

    def intact(self) -> None:
        assert verify(self.office, None, full=True, progress=Progress()).findings == ()


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    monkeypatch.setenv("EVIDENCEVAULT_STATE", str(tmp_path / "state"))
    made = Vault(tmp_path / "v")
    yield made
    made.office.close()


def respondent(member: str, name: str = NAME) -> Person:
    return Person(role="respondent", names=(name,), linked_member=member)


def test_a_linked_respondent_and_their_manager_are_out_before_the_record_is_written(vault: Vault) -> None:
    case = vault.case()
    managers.set_manager(vault.office, "leo", "ota")
    size, epoch = case.ledger.state.size, case.ledger.epoch(KeyKind.CASE)
    made = people.add(case, respondent("leo"))
    assert made.excluded == ("leo", "ota")
    actions = [one.action for one in case.entries(size)]
    assert actions[0] == "rekeyed" and actions[-4:] == ["walled", "walled", "recorded", "due"]
    latest = case.ledger.state.records[made.item]
    assert latest.epoch == epoch + 1 == case.ledger.epoch(KeyKind.CASE)
    inside = range(size + 1, size + len(actions))
    assert not any(map(case.ledger.ledger.note_at, inside)), "one commit, from the new key to the record"
    vault.intact()
    for name in ("leo", "ota"):
        with vault.seen_by(name) as office:
            assert access.visible_cases(office, KeyKind.AUDIT) == []
            with pytest.raises(NotFound, match="that you may see"):
                casefile.open_case(office, vault.reference)
            read = b"".join(Raw.of(office, vault.folder).read().values())
            assert NAME.encode() not in read and made.label.encode() not in read
    assert people.find(vault.case(), made.label).person.names == (NAME,)


def test_a_conflict_of_interest_excludes_and_a_mere_link_does_not(vault: Vault) -> None:
    case = vault.case()
    assert people.add(case, Person(role="witness", names=("B",), linked_member="ben")).excluded == ()
    assert case.ledger.state.walled == {}
    made = people.add(case, Person(role="witness", names=("O",), linked_member="olga", conflict=True))
    assert made.excluded == ("olga",) and people.find(case, made.label).person.conflict is True
    assert people.add(case, Person(role="other", names=("P",), conflict=True)).excluded == ()
    with pytest.raises(Refused, match="excluded"):
        access.hand_over(case.ledger, "olga")


def test_a_link_to_nobody_is_refused_and_nothing_is_saved(vault: Vault) -> None:
    case = vault.case()
    size = case.ledger.state.size
    for name in ("Leo", "leo achterberg"):
        with pytest.raises(Refused, match="no user"):
            people.add(case, respondent(name))
    case.ledger.refresh()
    assert case.ledger.state.size == size


def test_who_enters_it_is_neither_the_person_nor_their_manager(vault: Vault) -> None:
    case = vault.case()
    managers.set_manager(vault.office, "leo", "anna")
    size = case.ledger.state.size
    with pytest.raises(Refused, match=r"about yourself.*Grant the case to somebody else"):
        people.add(case, respondent("anna", "Anna"))
    with pytest.raises(Refused, match=r"line manager of “leo”.*Grant the case to somebody else"):
        people.add(case, respondent("leo"))
    case.ledger.refresh()
    assert case.ledger.state.size == size and case.ledger.state.walled == {}
    access.grant(case.ledger, "olga")
    case = vault.case("olga")
    assert people.add(case, respondent("leo")).excluded == ("leo", "anna")
    vault.intact()
    vault.as_("anna")
    assert access.visible_cases(vault.office, KeyKind.AUDIT) == []


def test_a_manager_from_whom_nobody_could_take_the_case_keeps_it(vault: Vault) -> None:
    case = vault.case()
    managers.set_manager(vault.office, "leo", "anna")
    for name in ("olga", "ben"):
        membership.retire(vault.office, name)
    assert people.add(case, respondent("leo")).excluded == ("leo",)
    assert conflicts.keep(case) == () and conflicts.missing(case.ledger, case) == (Wall("anna", "leo"),)
    write = case.write()
    write.entry("noted", subject="x")
    write.commit()
    assert case.ledger.state.holds("anna") and not case.ledger.state.holds("leo")
    vault.intact()


def test_a_correction_excludes_too_and_taking_the_link_back_does_not_let_in(vault: Vault) -> None:
    case = vault.case()
    label = people.add(case, Person(role="staff", names=(NAME,))).label
    assert people.correct(case, label, respondent("leo")).excluded == ("leo",)
    assert people.correct(case, label, respondent("leo", "L. Achterberg")).excluded == ()
    people.correct(case, label, Person(role="staff", names=(NAME,)))
    assert set(case.ledger.state.walled) == {"leo"}
    vault.intact()


def test_what_two_have_answered_is_not_walled_again_by_the_same_link(vault: Vault) -> None:
    case = vault.case()
    access.grant(case.ledger, "olga")
    label = people.add(case, respondent("leo")).label
    walls.unwall(case.ledger, "leo", "It is another Leo.")
    walls.unwall(vault.case("olga").ledger, "leo", "So I heard.")
    case = vault.case()
    assert conflicts.keep(case) == () and people.correct(case, label, respondent("leo", "Leo A.")).excluded == ()
    access.grant(case.ledger, "leo")
    vault.intact()


def test_why_somebody_is_excluded_is_told_to_those_who_read_the_case(vault: Vault) -> None:
    case = vault.case()
    managers.set_manager(vault.office, "leo", "ben")
    label = people.add(case, respondent("leo")).label
    walls.wall(case.ledger, "olga")
    told = {one.name: one.why for one in conflicts.excluded(case.ledger, case)}
    assert told == {"leo": f"is {label} in this case", "ben": "line manager of leo", "olga": "conflict of interest"}
    outside = {one.name: one.why for one in conflicts.excluded(case.ledger, None)}
    assert label not in " ".join(outside.values()) and outside.keys() == told.keys()


def test_walls_that_should_stand_are_raised_at_the_next_opening(vault: Vault) -> None:
    case = vault.case()
    with pytest.MonkeyPatch.context() as changed:  # a record of an older program, or of one that was tampered with
        changed.setattr(people, "_exclude", lambda *_: ())
        people.add(case, respondent("leo"))
    assert case.ledger.state.walled == {}
    assert conflicts.keep(case) == (Wall("leo"),) and conflicts.keep(case) == ()
    managers.set_manager(vault.office, "leo", "ota")
    assert conflicts.keep(vault.case()) == (Wall("ota", "leo"),)
    vault.intact()


def test_an_officer_who_is_linked_by_another_is_shut_out_by_their_own_program(vault: Vault) -> None:
    access.grant(vault.case().ledger, "olga")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(people, "_exclude", lambda *_: ())
        people.add(vault.case("olga"), respondent("anna", "Anna"))
    with pytest.raises(NotFound, match="that you may see"):
        conflicts.keep(vault.case())
    assert access.references(vault.office) == []
    assert len(vault.case("olga").records(Kind.PERSON)) == 1


def test_a_case_can_begin_with_a_wall(vault: Vault) -> None:
    vault.case()
    managers.set_manager(vault.office, "ben", "ota")
    made = opening.create(vault.office, CASE, ["ben"])
    assert set(made.ledger.state.walled) == {"ben", "ota"}
    concerns.add(made, Concern(words="w", channel="phone", to="Anna", heard_at=made.now()))
    vault.intact()
    for name in ("ben", "ota"):
        with vault.seen_by(name) as office:
            read = Raw.of(office, vault.folder).read()
            assert not [where for where in read if made.id.hex() in where], name
    with pytest.raises(Refused, match=r"about yourself"):
        opening.create(vault.office, CASE, ["anna"])
    with pytest.raises(NotFound):
        opening.create(vault.office, CASE, ["nobody"])


def given_up(vault: Vault, case: CaseFile) -> None:
    """A write that walls leo off, seals a record, and is never committed."""
    write = case.write()
    write.exclude(walls.raised_by(case.ledger, "leo"))
    write.record(Kind.PERSON, {"names": [NAME], "role": "staff"})
    vault.office.store_keyring()


def test_after_a_write_given_up_the_key_made_first_is_not_used(vault: Vault) -> None:
    case = vault.case()
    given_up(vault, case)
    people.add(case, respondent("leo"))
    vault.as_("anna")
    assert vault.case().records(Kind.PERSON)[0].body["names"] == [NAME]
    vault.intact()


def test_a_key_of_a_write_given_up_is_not_kept(vault: Vault) -> None:
    access.grant(vault.case().ledger, "olga")
    vault.as_("olga")  # whose own keys are made now, so that only what follows opens new epochs
    given_up(vault, vault.case())
    access.revoke(vault.case("olga").ledger, "anna")
    vault.as_("anna")
    assert access.visible_cases(vault.office, KeyKind.AUDIT) == []


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (Person(role="respondent", names=("Léo Achterberg",)), ["leo"]),
        (Person(role="staff", names=("X",), aliases=("OLGA",)), ["olga"]),
        (Person(role="witness", names=("Benedict",)), []),
        (Person(role="child", names=("Leo",)), []),
        (Person(role="respondent", names=("Leo",), linked_member="leo"), []),
    ],
)
def test_namesakes_are_suggested_and_nobody_is_walled_by_name(vault: Vault, person: Person, found: list[str]) -> None:
    assert conflicts.namesakes(vault.office, person) == found
    assert people.add(vault.case(), person).excluded == (("leo",) if person.linked_member else ())
