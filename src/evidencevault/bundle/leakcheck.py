"""``data/leak-check.json``: what was searched, how, how often, and that nothing was found; signed with the bag."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.bundle.contents import REDACTED
from evidencevault.bundle.orders import Order
from evidencevault.custody.casefile import CaseFile
from evidencevault.redaction import approvals
from evidencevault.redaction.approvals import EVERYBODY
from evidencevault.redaction.attacking import Report, report_of

PATH = "leak-check.json"
CLAIM = (
    "The delivered pages of redacted documents hold only what was drawn after the marked areas were overwritten or "
    "taken out, and were checked by the tests named here."
)
ORIGINAL = "an original, delivered as it is"
NOT_CLAIMED = "That everything was marked that should have been marked."


@dataclass(frozen=True, slots=True)
class Checked:
    """The check of one redacted copy before its approval: how it was made, and the report of the attack on it."""

    document: str
    exhibit: str
    method: str
    pages: int
    narrow: str
    report: Report


def copies_of(case: CaseFile, order: Order) -> list[Checked]:
    """The checks of the redacted copies in a bundle, by the revisions of the plans that it names. Raises Damaged."""
    known = approvals.every(case)
    found = []
    for item in order.items:
        same = [
            one
            for one in known
            if (one.exhibit, one.revision) == (item.exhibit, item.revision)
            and one.receiver in (order.receiver, EVERYBODY)
            and one.burnt is not None
            and one.report
        ]
        own = [one for one in same if one.receiver == order.receiver]
        for one in (own or same)[-1:] if item.kind == REDACTED else ():
            report = report_of(one.report)
            found.append(Checked(item.number, item.exhibit, one.method, one.pages, one.narrow, report))
    return found


def leak_check(
    copies: Sequence[Checked], files: int, secrets: int, methods: Sequence[str], originals: Sequence[tuple[str, str]]
) -> bytes:
    """The report as JSON. ``files`` were attacked with ``secrets`` by ``methods`` when the bundle was built.

    ``originals`` (document, exhibit) leave as they are and were not attacked.
    """
    document = {
        "found": 0,
        "bundle": {"files": files, "secrets": secrets, "methods": list(methods)},
        "documents": [
            {
                "document": one.document,
                "exhibit": one.exhibit,
                "method": one.method,
                "pages": one.pages,
                "secrets": one.report.secrets,
                "methods": list(one.report.methods),
                "pages_read_back": one.report.read_back,
                "languages": one.report.languages,
                "left_open_on_purpose": one.report.left_open,
                "narrow_gaps_accepted": bool(one.narrow),
            }
            for one in copies
        ],
        "not_searched": [{"document": one, "exhibit": exhibit, "why": ORIGINAL} for one, exhibit in originals],
        "claimed": CLAIM,
        "not_claimed": NOT_CLAIMED,
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def told(report: bytes) -> bytes:
    """What of the report comes from the case; the rest are the program's own words, which may be secrets elsewhere."""
    read = json.loads(report)
    numbers = [[one["document"], one["exhibit"]] for one in (*read["documents"], *read["not_searched"])]
    return json.dumps(numbers, ensure_ascii=False).encode()
