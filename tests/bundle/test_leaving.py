"""What left is registered; what arrived is acknowledged; what is erased is gone, and whoever has it is told."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pymupdf
import pytest
from sqlalchemy import select
from tests.support.redactable import CHILD, Desk

from evidencevault.bundle import assembly, notices, receipts, receiving, register, releasing
from evidencevault.bundle.assembly import Selection
from evidencevault.custody import verify
from evidencevault.custody.casefile import CaseFile
from evidencevault.documents.workers import Workers
from evidencevault.errors import Damaged, NotFound, Refused, UsageError
from evidencevault.evidence import erasure, exhibits, holds, search
from evidencevault.formats import age, signatures
from evidencevault.progress import Progress
from evidencevault.redaction import approving, marking, plans
from evidencevault.redaction.marking import Wanted
from evidencevault.redaction.marks import Box
from evidencevault.vault import schema, upkeep
from evidencevault.vault.stores import object_name

KEY = age.X25519Identity.generate()
SELECTION = Selection(None, {"E002": "third-party"}, (), (str(KEY.recipient()),), None, "outside enquiry", "art. 6")
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WHY = "request of the person concerned"


@pytest.fixture
def released(desk: Desk, tmp_path: Path) -> Path:
    anna = desk.case("anna")
    marking.mark(anna, desk.burner, "E001", Wanted(persons=("Child A",)), "child")
    approving.approve(desk.case("leo"), desk.burner, "E001")
    assembly.create(desk.case("anna"), desk.burner, SELECTION)
    return releasing.release(desk.case("leo"), desk.burner, "B01", tmp_path / "out")


def receipt(bundle: Path, by: str = "Inspectorate, J. O'Neill") -> bytes:
    found = receiving.verify(bundle, identities=[KEY])
    return receipts.make(found, by, AT, [KEY])


class TestReceipts:
    def test_a_receipt_is_entered_and_names_a_head_of_the_ledger(self, desk: Desk, released: Path) -> None:
        case = desk.case("anna")
        order = receipts.enter(case, receipt(released))
        assert order.receipt is not None and order.receipt.by == "Inspectorate, J. O'Neill"
        (left,) = register.left(case)
        assert left.receipt == order.receipt and (left.number, left.exhibits) == ("B01", ("E001",))
        entry = list(case.entries())[-1]
        assert (entry.action, entry.subject) == ("acknowledged", "B01")
        assert not intact(case)
        with pytest.raises(Refused, match="already"):
            receipts.enter(case, receipt(released))

    def test_ssh_keygen_accepts_its_signature(self, released: Path, tmp_path: Path) -> None:
        text, mark, armored = receipt(released).decode().partition("-----BEGIN SSH SIGNATURE-----")
        (tmp_path / "sig").write_text(mark + armored)
        public = signatures.sshsig_parse(signatures.sshsig_dearmor(mark + armored)).public
        (tmp_path / "allowed").write_text(signatures.allowed_signers_line("receiver", public, receipts.NAMESPACE))
        command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "receiver", "-n", receipts.NAMESPACE]
        subprocess.run([*command, "-s", "sig"], cwd=tmp_path, input=text.encode(), check=True, capture_output=True)

    def test_the_same_receiver_signs_with_the_same_key(self, released: Path) -> None:
        assert receipts.read(receipt(released)).signer == receipts.read(receipt(released, "again")).signer
        other = receipts.make(receiving.verify(released, identities=[KEY]), "x", AT)
        assert receipts.read(other).signer != receipts.read(receipt(released)).signer

    @pytest.mark.parametrize(
        ("was", "becomes"),
        [(b"B01", b"B02"), (b"tag-manifest ", b"tag-manifest 0"), (b"by ", b"by not "), (b"v1", b"v2")],
    )
    def test_a_changed_receipt_is_refused(self, desk: Desk, released: Path, was: bytes, becomes: bytes) -> None:
        with pytest.raises(Damaged, match="Nothing was entered"):
            receipts.enter(desk.case("anna"), receipt(released).replace(was, becomes, 1))

    @pytest.mark.parametrize("data", [b"", b"\xff", b"evidencevault-receipt/v1\n", b"-----BEGIN SSH SIGNATURE-----\n"])
    def test_what_is_no_receipt_is_refused(self, desk: Desk, released: Path, data: bytes) -> None:
        with pytest.raises(Damaged, match="no receipt"):
            receipts.enter(desk.case("anna"), data)

    def test_a_receipt_of_something_else_is_refused(self, desk: Desk, released: Path) -> None:
        found = receiving.verify(released, identities=[KEY])
        case = desk.case("anna")
        with pytest.raises(Refused, match="none of"):
            receipts.enter(case, receipts.make(replace(found, name="NL-2026-0009-B01"), "x", AT))
        for other in (
            replace(found, tag_manifest_sha256=bytes(32)),
            replace(found, checkpoint_size=found.checkpoint_size - 1),
            replace(found, checkpoint_root=bytes(32)),
        ):
            with pytest.raises(Damaged, match="not of the bundle"):
                receipts.enter(case, receipts.make(other, "x", AT))

    def test_the_words_do_it_over_the_telephone(self, desk: Desk, released: Path) -> None:
        words = receipts.code(receiving.verify(released, identities=[KEY]).tag_manifest_sha256)
        assert len(words.split()) == 5
        case = desk.case("anna")
        with pytest.raises(Refused, match="not the words"):
            receipts.enter_code(case, "B01", words.replace(words.split()[0], "wrong"), "J. O'Neill")
        with pytest.raises(UsageError):
            receipts.enter_code(case, "B01", words, " ")
        order = receipts.enter_code(case, "B01", f"  {words.upper()} ", "J. O'Neill")
        assert order.receipt is not None and order.receipt.how == "code"

    def test_nothing_that_was_not_released_arrives(self, desk: Desk, released: Path) -> None:
        case = desk.case("anna")
        assembly.create(case, desk.burner, SELECTION)
        with pytest.raises(Refused, match="not released"):
            receipts.enter_code(case, "B02", "any words", "x")
        with pytest.raises(NotFound):
            receipts.enter_code(case, "B07", "any words", "x")


def intact(case: CaseFile) -> tuple[object, ...]:
    return verify.verify(case.office, [case.id], full=True, progress=Progress()).findings


class TestErasure:
    def test_two_members_and_then_it_is_gone(self, desk: Desk, released: Path) -> None:
        leo = desk.case("leo")
        one = erasure.erase(leo, "E001", WHY)
        assert one.state == erasure.ASKED and exhibits.get(leo, "E001").name == "letter.pdf"
        anna = desk.case("anna")
        before = exhibits.get(anna, "E001")
        one = erasure.erase(anna, "E001", WHY)
        assert one.state == erasure.DONE and [anna.handle(key) for key in one.agreed] == ["leo", "anna"]
        assert [each.number for each in exhibits.list_exhibits(anna)] == ["E002", "E003"]
        with pytest.raises(NotFound, match="was erased"):
            exhibits.get(anna, "E001")
        assert not intact(anna)
        assert before.object is not None and not anna.office.store.exists(object_name(before.object))
        assert search.search(anna, "letter.pdf") == []
        assert list(erasure.erased(anna)) == ["E001"]
        entry = list(anna.entries())[-1]
        assert (entry.action, entry.subject, entry.purpose) == ("erased", "E001", WHY)

    def test_no_salt_and_no_sealed_byte_of_it_is_left(self, desk: Desk, released: Path) -> None:
        erasure.erase(desk.case("leo"), "E001", WHY)
        anna = desk.case("anna")
        every = {bytes(row.item): bytes(row.sealed) for row in rows(anna, schema.record)}
        erasure.erase(anna, "E001", WHY)
        gone = anna.ledger.state.erased
        assert len(gone) >= 4  # exhibit, file, findings, plan, approval, copy …
        assert all(row.salt is None for row in rows(anna, schema.item) if row.id in gone)
        assert all(row.sealed == b"" for row in rows(anna, schema.record) if row.item in gone)
        assert all((row.state, row.sealed) == ("erased", b"") for row in rows(anna, schema.object_) if row.item in gone)
        stored = b"".join(path.read_bytes() for path in anna.office.database.folder.glob("vault.db*"))
        assert all(sealed not in stored for item, sealed in every.items() if item in gone)
        assert not upkeep.check(anna.office.database, anna.office.store, full=True, progress=Progress()).damage

    def test_an_erased_item_with_its_salt_back_is_found(self, desk: Desk, released: Path) -> None:
        erasure.erase(desk.case("leo"), "E001", WHY)
        anna = desk.case("anna")
        erasure.erase(anna, "E001", WHY)
        item = next(iter(anna.ledger.state.erased))
        with anna.office.database.transaction() as connection:
            connection.execute(schema.item.update().where(schema.item.c.id == item).values(salt=bytes(32)))
        assert any("salt is still there" in str(one) for one in intact(anna))

    def test_nobody_erases_alone_without_saying_so(self, desk: Desk, released: Path) -> None:
        anna = desk.case("anna")
        for _ in range(2):
            assert erasure.erase(anna, "E001", WHY).state == erasure.ASKED
        assert erasure.erase(anna, "E001", WHY, " ").state == erasure.ASKED
        one = erasure.erase(anna, "E001", WHY, "office of one")
        assert (one.state, one.alone) == (erasure.DONE, "office of one")
        with pytest.raises(UsageError):
            erasure.erase(anna, "E002", "  ")

    def test_a_legal_adviser_agrees_and_does_not_do_it(self, desk: Desk, released: Path) -> None:
        erasure.erase(desk.case("anna"), "E001", WHY)
        leo = desk.case("leo")
        assert erasure.erase(leo, "E001", WHY).state == erasure.ASKED
        assert erasure.erase(leo, "E001", WHY, "alone").state == erasure.ASKED
        assert erasure.erase(desk.case("anna"), "E001", WHY).state == erasure.DONE

    def test_the_next_exhibit_gets_no_number_that_was_erased(self, desk: Desk, released: Path) -> None:
        anna = desk.case("anna")
        erasure.erase(anna, "E003", WHY, "office of one")
        made = exhibits.hold(anna, "a blue notebook", exhibits.Acquisition("a finder"), place="safe 1")
        assert made.number == "E004"


class TestHolds:
    def test_what_is_held_is_not_erased(self, desk: Desk, released: Path) -> None:
        anna = desk.case("anna")
        first = holds.place(anna, "e1", "proceedings", "Rechtbank Utrecht, 26/123")
        assert (first.number, first.exhibit) == ("H01", "E001")
        with pytest.raises(Refused, match="H01"):
            erasure.erase(anna, "E001", WHY, "alone")
        assert erasure.erase(anna, "E003", WHY, "office of one").state == erasure.DONE
        whole = holds.place(anna, None, "inquiry")
        with pytest.raises(Refused, match="H0"):
            erasure.erase(anna, "E002", WHY, "alone")
        ended = holds.lift(desk.case("leo"), whole.number.lower(), "inquiry closed")
        assert not ended.stands and holds.standing(desk.case("leo"), "E002") == []
        with pytest.raises(Refused, match="before"):
            holds.lift(desk.case("leo"), "H02", "again")
        with pytest.raises(NotFound):
            holds.lift(desk.case("leo"), "H09", "again")
        assert [one.stands for one in holds.holds(desk.case("leo"))] == [True, False]
        assert not intact(desk.case("leo"))

    def test_a_hold_says_why(self, desk: Desk) -> None:
        with pytest.raises(UsageError):
            holds.place(desk.case("anna"), "E001", " ")
        with pytest.raises(NotFound):
            holds.place(desk.case("anna"), "E009", "why")


class TestNotices:
    def test_whoever_received_it_is_to_be_told_once(self, desk: Desk, released: Path, tmp_path: Path) -> None:
        anna = desk.case("anna")
        assert notices.notices(anna) == []
        with pytest.raises(Refused, match="Nobody"):
            notices.write_notice(anna, desk.burner, "B01", tmp_path / "notice.pdf")
        erasure.erase(anna, "E002", WHY, "office of one")  # was withheld: nobody received it
        erasure.erase(anna, "E001", WHY, "office of one")
        (due,) = notices.notices(anna)
        assert (due.bundle, due.exhibit, due.to) == ("B01", "E001", str(KEY.recipient()))
        assert (due.first, due.last) == ("NL20260002-000001", "NL20260002-000002")
        notices.write_notice(anna, Workers(), "b01", tmp_path / "notice.pdf")
        with pymupdf.open(tmp_path / "notice.pdf") as document:
            text = " ".join("".join(page.get_text() for page in document).replace("\u200b", "").split())
        assert "NL20260002-000001" in text and "art. 19" in text and CHILD not in text and "letter.pdf" not in text
        assert notices.notices(anna) == [] and not intact(anna)
        (left,) = register.left(anna)
        assert left.receipt is None and left.purpose == "outside enquiry"


    def test_a_corrected_fact_is_to_be_told_once_and_a_second_correction_again(
        self, desk: Desk, released: Path, tmp_path: Path
    ) -> None:
        anna = desk.case("anna")
        exhibits.amend(anna, "E001", reason="sorted", tags=("letters",), restricted="medical")
        exhibits.amend(anna, "E002", reason="a mistake", source="the aunt")  # nobody received it
        assert notices.notices(anna) == []
        exhibits.amend(anna, "E001", reason="a mistake", source="the neighbour", condition="torn")
        (due,) = notices.notices(anna)
        assert (due.bundle, due.exhibit, due.what, due.fields) == (
            "B01",
            "E001",
            notices.CORRECTED,
            ("condition", "source"),
        )
        text = letter(anna, tmp_path / "one.pdf")
        assert "Notice of correction" in text and "from whom it comes" in text and "neighbour" not in text
        assert notices.notices(anna) == [] and not intact(anna)
        exhibits.amend(anna, "E001", reason="again", place="Utrecht")
        assert [one.fields for one in notices.notices(anna, ["E001"])] == [("place",)]
        assert notices.notices(anna, ["E002"]) == []
        # That it was corrected, and that they were told, does not do for the erasure that follows.
        erasure.erase(anna, "E001", WHY, "office of one")
        assert [one.what for one in notices.notices(anna)] == [notices.ERASED]

    def test_a_plan_approved_again_with_other_marks_is_a_correction(
        self, desk: Desk, released: Path, tmp_path: Path
    ) -> None:
        anna = desk.case("anna")
        # It lies under what was hidden already: the copy that was sent hides as much.
        assert marking.mark(anna, desk.burner, "E001", Wanted(persons=("Staff A",)), "third-party")
        approving.approve(desk.case("leo"), desk.burner, "E001")
        anna = desk.case("anna")
        assert notices.notices(anna) == []
        marking.mark(anna, desk.burner, "E001", Wanted(boxes=((2, Box(70, 80, 160, 110)),)), "other")
        assert notices.notices(anna) == []  # a draft corrects nothing
        approving.approve(desk.case("leo"), desk.burner, "E001")
        anna = desk.case("anna")
        (due,) = notices.notices(anna)
        assert (due.exhibit, due.what, due.fields) == ("E001", notices.CORRECTED, (notices.MARKS,))
        assert "what is hidden in it" in letter(anna, tmp_path / "two.pdf")
        assert notices.notices(anna) == []
        plans.remove(anna, "E001", "m0001")
        approving.approve(desk.case("leo"), desk.burner, "E001")
        assert [one.fields for one in notices.notices(desk.case("anna"))] == [(notices.MARKS,)]

    def test_what_a_correction_needs(self, desk: Desk) -> None:
        anna = desk.case("anna")
        for wrong in ({"name": " "}, {"source": None}, {"custody_before": "maybe"}, {"acquired_at": "soon"}, {}):
            with pytest.raises(UsageError):
                exhibits.amend(anna, "E001", reason="why", **wrong)  # type: ignore[arg-type]
        with pytest.raises(UsageError):
            exhibits.amend(anna, "E001", reason=" ", source="x")
        assert exhibits.get(anna, "E001").revision == 1
        made = exhibits.amend(anna, "E001", reason="why", acquired_at="2026-03-01 10:00", notes="torn", condition=None)
        assert made.acquired_at is not None and made.acquired_at.startswith("2026-03-01T10:00:00")
        assert [one.body["name"] for one in anna.history(made.item)] == ["letter.pdf", "letter.pdf"]


def letter(case: CaseFile, to: Path) -> str:
    notices.write_notice(case, Workers(), "B01", to)
    with pymupdf.open(to) as document:
        return " ".join("".join(page.get_text() for page in document).replace("\u200b", "").split())


def rows(case: CaseFile, table: object) -> list[object]:
    with case.office.database.reading() as connection:
        return list(connection.execute(select(table)))  # type: ignore[call-overload]
