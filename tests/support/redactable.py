"""A case that can be redacted: persons in the register, a letter, a sheet that cannot be burnt, a thing."""

from __future__ import annotations

import io
from dataclasses import dataclass

from tests.support import vaults
from tests.support.burner import HereBurner, pdf
from tests.support.vaults import Made

from evidencevault.casework import people
from evidencevault.custody import access, casefile
from evidencevault.custody.casefile import CaseFile, Kind
from evidencevault.custody.office import Office
from evidencevault.evidence import exhibits
from evidencevault.evidence.model import Acquisition, Findings, exhibit_body
from evidencevault.progress import Progress

CHILD = "Wietske Bartelsen"
LETTER = f"On Monday {CHILD} came to us.\nW. Bartelsen was with Ms Okafor.\nWietske's phone is 020 624 1111."
REFERENCE = "NL-2026-0002"


@dataclass
class Desk:
    """The same case on several desks, one of them in use."""

    made: Made
    offices: dict[str, Office]
    burner: HereBurner

    def case(self, name: str) -> CaseFile:
        """The case as this member sees it now."""
        if name not in self.offices:
            self.close()  # one program at a time
            self.offices[name] = self.made.open(name)
        return casefile.open_case(self.offices[name], REFERENCE)

    def close(self) -> None:
        while self.offices:
            self.offices.popitem()[1].close()


def make_desk(made: Made) -> Desk:
    desk = Desk(made, {}, HereBurner())
    office = made.open("anna")
    desk.offices["anna"] = office
    case = casefile.create_case(office, {"title": "A case", **vaults.CASE})
    access.grant(case.ledger, "leo")
    people.add(case, people.Person(role="child", names=(CHILD,), aliases=("Wies",)))
    people.add(case, people.Person(role="staff", names=("Chinelo Okafor",)))
    bring(case, "E001", "letter.pdf", pdf(LETTER, "Nothing here."), "application/pdf")
    bring(case, "E002", "sheet.xlsx", b"PK no sheet", "application/vnd.ms-excel")
    exhibits.hold(case, "a red notebook", Acquisition("a finder"), place="safe 1")
    return desk


def bring(case: CaseFile, number: str, name: str, data: bytes, media_type: str) -> None:
    write = case.write()
    sealed = write.store_object(io.BytesIO(data).readinto, Progress())
    body = exhibit_body(
        number,
        name,
        Acquisition("the school"),
        more={"sha256": sealed.sha256, "size": sealed.size, "object": sealed.item},
    )
    stored = write.record(Kind.EXHIBIT, body)
    shown = media_type == "application/pdf"
    found = write.record(Kind.FINDINGS, Findings(number, media_type, 2 if shown else None, shown).to_body())
    write.entry("imported", records=[stored, found], objects=[sealed], subject=number, digest=sealed.sha256)
    write.commit()
