"""A bundle as the commands show it: one document, what its receiver must know, the keys in words."""

from __future__ import annotations

import dataclasses

from evidencevault.bundle import originals
from evidencevault.bundle.orders import Addressee, Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.formats import fingerprints, signatures
from evidencevault.formats.fingerprints import Fingerprint
from evidencevault.resources import tr


def document(case: CaseFile, one: Order) -> dict[str, object]:
    """Everything for a script; fingerprints of the keys in both writings."""
    left, signed = one.release, signer(case, one)
    return {
        "bundle": one.number,
        "state": one.state,
        "documents": [dataclasses.asdict(item) for item in one.items],
        "withheld": [dataclasses.asdict(item) for item in one.withheld],
        "recipients": list(one.recipients),
        "fingerprints": [{"key": key, **fingerprint(fingerprints.of_recipient(key))} for key in one.recipients],
        "to": [_addressee(case, whose) for whose in one.to],
        "unchecked": unchecked(one),
        "format": one.form,
        "unredacted": [
            {"exhibit": exhibit, "inside": list(within)}
            for exhibit, within in originals.inside(case, one.unredacted).items()
        ],
        "subject_access": _access(one),
        "note": note(one) or None,
        "purpose": one.purpose,
        "legal_basis": one.legal_basis,
        "made_at": one.at,
        "released_at": left.at if left else None,
        "sha256": left.sha256.hex() if left else None,
        "size": left.size if left else None,
        "alone": left.alone or None if left else None,
        "signer": fingerprint(signed) if signed else None,
    }


def _access(one: Order) -> dict[str, object] | None:
    if one.access is None:
        return None
    about = len(one.items) + len(one.withheld)
    said = {"person": one.access.person, "about": about, "not_about": one.access.exhibits - about}
    return {**said, "said_not_about": list(one.access.aside)}


def answer(one: Order) -> list[str]:
    """What a bundle that answers a request for access holds, and of what a member said that it is not about them."""
    if one.access is None:
        return []
    about = len(one.items) + len(one.withheld)
    said = tr(
        "{bundle} answers a request for access of {person}: {about} items about them, {refused} of them refused; "
        "{rest} items of the case are not about them."
    ).format(
        bundle=one.number,
        person=one.access.person,
        about=about,
        refused=len(one.withheld),
        rest=one.access.exhibits - about,
    )
    aside = tr("Not about them, as a member says: {exhibits}.").format(exhibits=", ".join(one.access.aside))
    return [f"{said} {aside}" if one.access.aside else said]


def unchecked(one: Order) -> list[str]:
    """Whose keys nobody had checked when the bundle was made: names of the address book, or keys."""
    return [whose.name or short(key) for whose in one.to for key in whose.keys[:1] if not whose.how]


def _addressee(case: CaseFile, one: Addressee) -> dict[str, object]:
    checked = {"how": one.how, "at": one.at, "by": case.handle(one.by)} if one.how else None
    return {"name": one.name or None, "keys": list(one.keys), "checked": checked}


def fingerprint(one: Fingerprint) -> dict[str, str]:
    """Both writings."""
    return {"fingerprint": str(one), "words": one.words}


def signer(case: CaseFile, one: Order) -> Fingerprint | None:
    """The SSH key that released a bundle; None before that."""
    public = case.public_keys(one.release.by) if one.release else None
    return fingerprints.of_ssh(signatures.ssh_fingerprint(public.sign)) if public else None


def note(one: Order) -> str:
    """What whoever opens it has to know ("": nothing)."""
    if one.seal.kind != "hybrid":
        return ""
    return tr("It is sealed to post-quantum keys (age1pq…): opening it takes age 1.3 or newer.")


def bare(case: CaseFile, one: Order) -> list[str]:
    """The warning of what leaves unredacted, with everything inside it; nothing where there is none."""
    told = [
        tr("{exhibit} (with {inside} inside it)").format(exhibit=exhibit, inside=", ".join(within))
        if within
        else exhibit
        for exhibit, within in originals.inside(case, one.unredacted).items()
    ]
    said = tr("Warning: {bundle} delivers unredacted originals: {exhibits}. Names and all else in them can be read.")
    return [said.format(bundle=one.number, exhibits=", ".join(told))] if told else []


def keys_in_words(case: CaseFile, one: Order) -> list[str]:
    """The keys of a bundle as words to compare over the telephone."""
    said = tr("{bundle}: the key {key} in words: {words}")
    names = {key: f"{whose.name} ({short(key)})" for whose in one.to for key in whose.keys if whose.name}
    lines = [
        said.format(bundle=one.number, key=names.get(key, short(key)), words=fingerprints.of_recipient(key).words)
        for key in one.recipients
    ]
    signed = signer(case, one)
    if signed is not None:
        lines.append(
            tr("{bundle}: the key that signed it in words: {words}").format(bundle=one.number, words=signed.words)
        )
    return lines


def short(key: str) -> str:
    """A recipient's key as it fits into a line: a post-quantum one has 1959 letters."""
    return key if len(key) <= 80 else f"{key[:24]}…{key[-8:]}"
