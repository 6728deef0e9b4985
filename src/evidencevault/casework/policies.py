"""The policies of a vault: shipped templates, those that were adopted, and which of them a case is under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from evidencevault.casework.cases import Case, describe
from evidencevault.casework.forms import FORMS
from evidencevault.custody.casefile import CaseFile, Kind, Value
from evidencevault.custody.office import Office
from evidencevault.custody.vaultfile import VaultFile
from evidencevault.errors import Damaged, NotFound, NotPermitted, Refused
from evidencevault.forms.shapes import Form
from evidencevault.policy.checking import read_policy
from evidencevault.policy.model import Policy
from evidencevault.policy.words import RECORDS
from evidencevault.resources import find, tr

DEFAULT = "international"
"""The template by which what is due is computed while nothing was adopted."""
RECORD_FORMS: Mapping[str, type[Form]] = {kind: FORMS[kind] for kind in RECORDS}


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy that was adopted: as its file says it, with who (key id) did so and when (RFC 3339)."""

    policy: Policy
    text: str
    by: bytes
    at: str

    @property
    def sha256(self) -> str:
        """Of the file, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(text: str | bytes) -> Policy:
    """The policy in a file. Raises FormError that names each fault with its line."""
    return read_policy(text, RECORD_FORMS)


def shipped() -> list[str]:
    """Names of the templates."""
    return sorted(one.stem for one in find("resources/policies").glob("*.toml"))


def shipped_text(name: str) -> str:
    """A template's file. Raises NotFound."""
    if name not in shipped():
        raise NotFound(
            tr("There is no template “{name}”. There are: {names}.").format(name=name, names=", ".join(shipped()))
        )
    return (find("resources/policies") / f"{name}.toml").read_text("utf-8")


def adopt(office: Office, text: str) -> Adopted:
    """Adopt a policy: cases opened from now on are under it. Raises FormError, Refused, NotPermitted."""
    office.require("admin")
    policy = read(text)
    for one in adopted(office):
        if (one.policy.id, one.policy.version) == (policy.id, policy.version):
            raise Refused(
                tr("“{id}”, version {version}, was adopted before. A changed policy needs another version.").format(
                    id=policy.id, version=policy.version
                )
            )
    made = Adopted(policy, text, office.member.key_id, office.clock().isoformat(timespec="seconds"))
    VaultFile(office).put(Kind.POLICY, {"text": made.text, "by": made.by, "at": made.at})
    return made


def adopted(office: Office) -> list[Adopted]:
    """Every policy that was adopted, oldest first. Raises Damaged."""
    return [_from_body(one.body) for one in VaultFile(office).records(Kind.POLICY)]


def in_force(known: Sequence[Adopted], on: date) -> Adopted | None:
    """The newest of those in force on a day, else the first; None where nothing was adopted."""
    begun = [one for one in known if one.policy.in_force_from <= on]
    return begun[-1] if begun else known[0] if known else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The policy of a case, and whether it was adopted; where it was not, it is a template by which time is counted."""

    policy: Policy
    adopted: bool

    @property
    def alone(self) -> bool:
        """Whether one person may approve, release and close alone, with a reason. A template forbids nothing."""
        return not self.adopted or self.policy.alone.allowed


def of_case(known: Sequence[Adopted], about: Case, opened: datetime) -> Ruling:
    """The policy of a case: the one it names, else the one in force when it was reported, else the template."""
    for one in known:
        if (one.policy.id, one.policy.version) == (about.policy, about.version):
            return Ruling(one.policy, True)
    found = in_force(known, (about.reported_at or opened).astimezone(UTC).date())
    return Ruling(found.policy, True) if found is not None else Ruling(_template(), False)


def _template() -> Policy:
    # Its clauses and measures are nobody's, so no decision is held against them.
    return replace(read(shipped_text(DEFAULT)), measure=(), violation=())


def ruling(case: CaseFile) -> Ruling:
    """The policy of an opened case. Raises Damaged."""
    return of_case(adopted(case.office), describe(case), datetime.fromisoformat(case.ledger.state.opened_at))


def need_alone(case: CaseFile) -> None:
    """Raise NotPermitted where the case's policy lets nobody approve, release, erase or close alone."""
    ruled = ruling(case)
    if not ruled.alone:
        raise NotPermitted(
            tr("The policy “{title}” lets nobody do this alone. Nothing was changed.").format(title=ruled.policy.title)
        )


def policy_of(case: CaseFile) -> Policy:
    """The same without saying whether it was adopted."""
    return ruling(case).policy


def _from_body(body: Mapping[str, Value]) -> Adopted:
    match body:
        case {"text": str(text), "by": bytes(by), "at": str(at)}:
            return Adopted(read(text), text, by, at)
        case _:
            raise Damaged(tr("A stored record does not hold what it must under “{key}”.").format(key="policy"))
