"""The questions of a new vault and what each answer must be, without a window: what it asks can be tried in tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from evidencevault.casework import policies
from evidencevault.custody import membership
from evidencevault.errors import VaultError
from evidencevault.resources import tr
from evidencevault.session import Session
from evidencevault.vault import keyfiles
from evidencevault.vault.shares import Recovery


class Step(IntEnum):
    """In the order in which they are asked."""

    PLACE = 0
    OFFICE = 1
    POLICY = 2
    PERSON = 3
    PASSPHRASE = 4
    SHARES = 5
    CHECK = 6


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far. ``template`` is adopted where ``adopt``; ``key_is_new``: the key file is to be made."""

    folder: str = ""
    organisation: str = ""
    country: str = ""
    template: str = policies.DEFAULT
    adopt: bool = False
    name: str = ""
    roles: frozenset[str] = frozenset({"officer"})
    passphrase: str = field(default="", repr=False)
    key_file: str = ""
    key_is_new: bool = False
    shares: int = 3
    needed: int = 2


def title(step: Step) -> str:
    """What a step asks."""
    return (
        tr("Where shall the vault be?"),
        tr("Whose vault is it?"),
        tr("Which policy do you follow?"),
        tr("Who are you?"),
        tr("Choose your passphrase"),
        tr("Recovery shares"),
        tr("Is the paper right?"),
    )[step]


def problem(step: Step, answers: Answers) -> str:
    """Why the assistant does not go on from a step; empty where it does. Nothing is written."""
    try:
        return _problem(step, answers)
    except VaultError as error:
        return error.sentence


def _problem(step: Step, answers: Answers) -> str:
    match step:
        case Step.PLACE:
            if not answers.folder.strip():
                return tr("Say in which folder the vault shall be.")
            if not Path(answers.folder).is_absolute():
                return tr("Give the whole path of the folder, or choose it with the button.")
            membership.check_empty(Path(answers.folder))
        case Step.OFFICE if not answers.organisation.strip():
            return tr("Say whose vault it is.")
        case Step.OFFICE if not answers.country:
            return tr("Choose the country from the list.")
        case Step.PERSON:
            membership.check_handle(answers.name)
            if not answers.roles:
                return tr("Tick at least one of the roles.")
        case Step.PASSPHRASE if answers.key_file and not answers.key_is_new:
            keyfiles.read(Path(answers.key_file))
        case Step.PASSPHRASE if answers.key_file and Path(answers.key_file).exists():
            return tr("There is a file {file} already. Choose another name; nothing was written.").format(
                file=answers.key_file
            )
        case _:
            pass
    return ""


def template_for(country: str) -> str:
    """The shipped template of a country; the international one where there is none."""
    wanted = country.lower()
    return wanted if wanted in policies.shipped() else policies.DEFAULT


def make(answers: Answers, recovery: Recovery, *, unconfined: bool = False) -> Session:
    """Make the vault and leave it unlocked. Where it fails nothing is left behind, also no new key file.

    Raises what :func:`membership.found`, :func:`keyfiles.make` and :func:`policies.adopt` raise.
    """
    file = Path(answers.key_file) if answers.key_file else None
    made_here = file is not None and answers.key_is_new
    key = None if file is None else keyfiles.make(file) if made_here else keyfiles.read(file)
    try:
        founded = membership.found(
            Path(answers.folder),
            organisation=answers.organisation.strip(),
            country=answers.country,
            name=answers.name,
            roles=answers.roles,
            passphrase=answers.passphrase,
            recovery=recovery,
            key_file=key,
        )
    except BaseException:
        if made_here and file is not None:
            file.unlink(missing_ok=True)
        raise
    session = Session(founded.office, unconfined=unconfined)
    try:
        if answers.adopt:
            policies.adopt(session.office, policies.shipped_text(answers.template))
    except BaseException:
        session.close()
        raise
    return session
