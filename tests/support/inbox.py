"""Bundles as somebody outside receives them, made and released by the services; and the file dialogs, answered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from tests.support import vaults
from tests.support.redactable import Desk, make_desk

from evidencevault.bundle import assembly, releasing
from evidencevault.bundle.assembly import Selection
from evidencevault.formats import age
from evidencevault.redaction import approving, marking
from evidencevault.redaction.marking import Wanted

KEY = age.X25519Identity.generate()
PASSPHRASE = "seven words on a postcard"
NAME = "NL-2026-0002-B01"


@dataclass(frozen=True)
class House:
    """The sender's desk, and two bundles of the same case: to a key, and with a passphrase."""

    desk: Desk
    to_key: Path
    to_passphrase: Path


@contextmanager
def house(root: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCEVAULT_STATE", str(root / "made" / "state"))
        desk = make_desk(vaults.make(root / "made"))
        anna = desk.case("anna")
        marking.mark(anna, desk.burner, "E001", Wanted(persons=("Child A",)), "child")
        approving.approve(desk.case("leo"), desk.burner, "E001")
        paths = []
        for number, keys, passphrase in (("B01", (str(KEY.recipient()),), None), ("B02", (), PASSPHRASE)):
            chosen = Selection(None, {"E002": "third-party"}, (), keys, passphrase, "outside enquiry", "art. 6")
            assembly.create(desk.case("anna"), desk.burner, chosen)
            paths.append(releasing.release(desk.case("leo"), desk.burner, number, root / "out"))
        yield House(desk, *paths)
        desk.close()


def copied(path: Path, to: Path) -> Path:
    return Path(shutil.copy(path, to / path.name))


@dataclass
class Answers:
    """Stands for the system's dialogs: gives what a test put there, and remembers what was offered."""

    bundle_file: Path | None = None
    key_file: Path | None = None
    notes_file: Path | None = None
    earlier_file: Path | None = None
    to: Path | None = None
    into: Path | None = None
    offered: list[str] = field(default_factory=list)

    def bundle(self, parent: QWidget) -> Path | None:
        return self.bundle_file

    def key(self, parent: QWidget) -> Path | None:
        return self.key_file

    def earlier(self, parent: QWidget) -> Path | None:
        return self.earlier_file

    def notes(self, parent: QWidget) -> Path | None:
        return self.notes_file

    def save(self, parent: QWidget, title: str, offered: Path) -> Path | None:
        self.offered.append(offered.name)
        return self.to

    def folder(self, parent: QWidget, title: str) -> Path | None:
        return self.into
