"""Makes the vault of these tests: a PDF, text, a mail with an attachment, something restricted, a held thing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pymupdf

from evidencevault.casework import cases, concerns, decisions, forms, interviews, people
from evidencevault.custody import access, membership
from evidencevault.documents.workers import Workers
from evidencevault.evidence import exhibits, intake
from evidencevault.evidence.model import Acquisition
from evidencevault.session import Session

REFERENCE = "NL-2026-0001"
MORE = 8  # files that tests bring in
PASSPHRASES = {"anna": "anna's long passphrase", "leo": "leo's long passphrase"}
HOSTILE = "O'Brien <b>&amp;\u202e"


@dataclass(frozen=True)
class Made:
    """A vault on disk, its state folder, and files to bring in."""

    root: Path

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def files(self) -> Path:
        return self.root / "files"

    def unlock(self, name: str = "anna") -> Session:
        return Session.unlock(self.vault, name, PASSPHRASES[name])


def make(root: Path) -> Made:
    """One case of an officer and a legal adviser, who has not been there yet."""
    founded = membership.found(
        root / "vault",
        organisation="Fictional Aid",
        country="NL",
        name="anna",
        roles=frozenset({"officer"}),
        passphrase=PASSPHRASES["anna"],
    )
    with Session(founded.office) as session:
        membership.invite(session.office, "leo", frozenset({"legal"}), PASSPHRASES["leo"])
        case = cases.create(session.office, forms.from_values(cases.Case, _CASE))
        people.add(case, people.Person(role="child", names=(HOSTILE,)))
        concerns.add(case, forms.from_values(concerns.Concern, _CONCERN))
        interviews.add(case, forms.from_values(interviews.Interview, _INTERVIEW))
        decisions.add(case, forms.from_values(decisions.Decision, _DECISION))
        write_files(root / "files")
        said = Acquisition("The school", acquired_at="2026-03-01", method="received")
        workers = Workers()
        intake.bring_in(case, [root / "files" / "in"], said, workers=workers)
        intake.bring_in(case, [root / "files" / "secret.txt"], said, workers=workers, restricted="a child's body")
        exhibits.hold(case, "A telephone", said, place="Safe 3", seal="S-17")
        access.grant(case.ledger, "leo")
    return Made(root)


def copy(made: Made, to: Path) -> Made:
    shutil.copytree(made.root, to / "made")
    return Made(to / "made")


def write_files(folder: Path) -> None:
    (folder / "in").mkdir(parents=True)
    with pymupdf.open() as document:
        for n in range(1, 4):
            document.new_page().insert_text((72, 100), f"Page {n} of the letter", fontsize=20)
        document.save(folder / "in" / "letter.pdf")
    (folder / "in" / "notes.txt").write_text("Notes of the morning.\n")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "The list"
    mail.set_content("See the list.")
    mail.add_attachment("name,day\n", subtype="csv", filename="list.csv")
    (folder / "in" / "mail.eml").write_bytes(bytes(mail))
    (folder / "secret.txt").write_text("What only a stated purpose opens.\n")
    (folder / "more").mkdir()
    for n in range(MORE):
        (folder / "more" / f"more{n:02d}.txt").write_text(f"file {n}\n")


_CASE = {
    "title": "A room that was locked",
    "categories": ["neglect"],
    "severity": "high",
    "state": "investigating",
    "immediate_safety": {"state": "safe"},
}
_CONCERN = {
    "words": "He locks me in.",
    "from": "Child A",
    "channel": "in-person",
    "to": "anna",
    "heard_at": "2026-03-02T09:00:00+01:00",
}
_INTERVIEW = {
    "with": "Child A",
    "by": f"anna {HOSTILE}",
    "language": "nl",
    "started_at": "2026-03-03T10:00:00+01:00",
    "consent": {"state": "assent", "by": "the child"},
    "lines": [
        {"question": "What happened?", "answer": "<script>alert(1)</script> He's gone", "prompt_kind": "open"},
        {"question": "He hit you, didn't he?", "answer": "No.", "prompt_kind": "leading"},
    ],
}
_DECISION = {
    "question": "Was the room locked?",
    "finding": "substantiated",
    "measure": ["none"],
    "clause": "4.2",
    "rationale": "The register says so.",
}
