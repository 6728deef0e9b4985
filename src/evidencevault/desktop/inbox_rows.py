"""The rows of a received bundle: its checks, and its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidencevault.bundle import contents, page_words
from evidencevault.bundle.checks import Check, Checked
from evidencevault.bundle.contents import Document
from evidencevault.bundle.lists import Lists
from evidencevault.desktop import words
from evidencevault.desktop.rows import DOT
from evidencevault.formats import signatures
from evidencevault.resources import language, tr

WAITS, RUNS, PASSED, FAILED = "plain", "accent", "good", "bad"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: ``state`` is WAITS, RUNS, PASSED or FAILED."""

    id: str
    title: str
    sub: str
    state: str

    @property
    def told(self) -> str:
        """Its state in a word."""
        return {
            WAITS: tr("not yet"),
            RUNS: tr("being checked …"),
            PASSED: tr("passed"),
            FAILED: tr("NOT passed"),
        }[self.state]

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.title, self.told, self.sub) if part)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document of a bundle."""

    id: str
    title: str
    icon: str
    sub: str
    when: str  # how many pages
    state: str
    tone: str
    sought: str
    document: Document

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.title, self.sub, self.when, self.state) if part)


def check_rows(passed: Iterable[Checked], then: str, against: str = "") -> list[CheckRow]:
    """All checks: what was found by those that were passed; the first of the others is in the state ``then``.

    That of an earlier bundle is among them once it was passed, or is in the state ``against``.
    """
    found = {one.check: one for one in passed}
    rows, following = [], then
    for check in Check:
        if check is Check.PREVIOUS and check not in found:
            if against:
                rows.append(CheckRow(check, _title(check), "", against))
        elif check in found:
            rows.append(CheckRow(check, _title(check), _found(found[check]), PASSED))
        else:
            rows.append(CheckRow(check, _title(check), "", following))
            following = WAITS
    return rows


def _title(check: Check) -> str:
    return {
        Check.SEAL: tr("The seal opens"),
        Check.NAMES: tr("No file name is harmful"),
        Check.FILES: tr("Every file is as it was made"),
        Check.SIGNATURE: tr("The list of files is signed"),
        Check.PROOFS: tr("The chain of custody is proven"),
        Check.EARLIER: tr("It continues the earlier bundles of the case"),
        Check.PREVIOUS: tr("It continues the earlier bundle that you gave"),
    }[check]


def _found(one: Checked) -> str:
    match one.check:
        case Check.SEAL:
            sealed = tr("It was made for this key or passphrase; nothing is cut off.")
            return sealed if one.count else tr("There was none: whoever had this file could read it.")
        case Check.NAMES:
            return tr("{n} names; none leaves the folder, none is there twice.").format(n=one.count)
        case Check.FILES:
            said = tr("{n} files, {size}, each by SHA-256 and SHA-512 against both manifests.")
            return said.format(n=one.count, size=words.isolated(words.size(one.size)))
        case Check.SIGNATURE:
            return tr("By the key {key}").format(key=words.isolated(signatures.ssh_fingerprint(one.key)))
        case Check.PROOFS:
            told = tr("{n} entries shown of {all}, each with its proof under the checkpoint {head}.")
            head = words.isolated(f"{one.said[1][:8]} … {one.said[1][-4:]}")
            return told.format(n=one.count, all=one.size, head=head)
        case Check.EARLIER:
            if not one.said:
                return tr("None was released before it.")
            return tr("Proven for {bundles}.").format(bundles=words.isolated(", ".join(one.said)))
        case Check.PREVIOUS:
            if not one.said[0]:
                return tr("It is of the same moment as this bundle.")
            return tr("It is {bundle}: nothing was rewritten since.").format(bundle=words.isolated(one.said[0]))


def document_rows(lists: Lists) -> list[DocumentRow]:
    """The documents in the order of their numbers."""
    said = page_words.words(language())
    reasons: dict[str, dict[str, None]] = {}
    for mark in lists.redactions:
        reasons.setdefault(mark.document, {})[mark.reason] = None
    for held in lists.withheld:
        reasons.setdefault(held.document, {})[held.reason] = None
    withheld = {held.document for held in lists.withheld}
    return [_row(one, list(reasons.get(one.number, ())), said, one.number in withheld) for one in lists.documents]


def _row(one: Document, codes: Sequence[str], said: dict[str, str], withheld: bool) -> DocumentRow:
    kind = said.get(f"k_{one.kind}", one.kind)
    told = ", ".join(said.get(f"r_{code}", words.one_line(code)) for code in codes if code)
    number = one.number if one.last == one.number else f"{one.number} – {_ending(one)}"
    pages = (tr("{n} pages").format(n=one.pages) if one.pages > 1 else tr("1 page")) if one.pages else ""
    state, tone = {
        contents.REDACTED: (tr("Redacted"), "good"),
        contents.SLIP_SHEET: (tr("Withheld") if withheld else tr("Slip sheet"), "warn"),
    }.get(one.kind, (tr("Original"), "accent"))
    sub = DOT.join(words.isolated(words.one_line(part)) for part in (one.exhibit, told or one.note or kind) if part)
    sought = " ".join([number, one.exhibit, one.kind, kind, state, told, *codes, one.media_type, one.note]).casefold()
    return DocumentRow(
        id=one.number,
        title=words.one_line(number),
        icon=_icon(one),
        sub=sub,
        when=pages,
        state=state,
        tone=tone,
        sought=sought,
        document=one,
    )


def _ending(one: Document) -> str:
    """The last number without what it shares with the first."""
    prefix, dash, _ = one.number.rpartition("-")
    return one.last.removeprefix(prefix + dash)


def _icon(one: Document) -> str:
    if one.kind == contents.SLIP_SHEET:
        return "file-lock"
    top = one.media_type.partition("/")[0]
    return {"image": "image", "audio": "mic", "video": "video", "message": "mail"}.get(top, "file-text")


def totals(lists: Lists) -> str:
    """The counts by which an omission shows, as the bundle gives them; empty where it gives none."""
    found = lists.totals
    if not {"exhibits in the case", "exhibits delivered", "exhibits withheld", "exhibits not selected"} <= set(found):
        return ""
    return tr("Of {all} exhibits in the case: {delivered} delivered, {withheld} withheld, {left} not selected.").format(
        all=found["exhibits in the case"],
        delivered=found["exhibits delivered"],
        withheld=found["exhibits withheld"],
        left=found["exhibits not selected"],
    )
