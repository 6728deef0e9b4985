"""The case's own file: what was reported, who may read it and who is kept out, and how it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidencevault.casework import cases, closing, conflicts
from evidencevault.casework.cases import STATES, Case
from evidencevault.custody import access, walls
from evidencevault.custody.casefile import CaseFile
from evidencevault.custody.casestate import RECOVERY
from evidencevault.desktop import words
from evidencevault.desktop.desk import Opened
from evidencevault.desktop.markup import body, escaped, section
from evidencevault.desktop.recordtext import record_html
from evidencevault.desktop.rows import StatementRow
from evidencevault.desktop.sheets import Act, Page, Sheet, Shelf, labels, members
from evidencevault.forms.shapes import Form, asked
from evidencevault.resources import tr
from evidencevault.vault.registry import KeyKind

REPORT, ACCESS, CLOSING = "report", "access", "closing"
FIRST = ("immediate_safety", "title", "categories", "severity", "allegation", "happened", "happened_to", "place")
"""Safety first, then as a person tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Form):
    """Somebody who gets access, loses it, or is kept out."""

    name: str = asked("Which user.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(User):
    """Why an exclusion ends; the chain of custody keeps it, and oversight reads it."""

    reason: str = asked("Why.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening(Form):
    """Why a closed case is opened again."""

    state: str = asked("Where it stands then.", required=True, choices=STATES[:-1])
    reason: str = asked("Why.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone(Form):
    """Why nobody else is asked."""

    reason: str = asked("Why nobody else is asked, where the policy allows it.", required=True)


def case_offers(case: CaseFile) -> dict[str, Sequence[str]]:
    """Likely words of the report form."""
    return {"reported_by": labels(case), "reported_to": members(case), "to": labels(case)}


def file_shelf() -> Shelf:
    """Three pages of one case."""
    edit = Sheet(
        "case-edit",
        tr("What was reported"),
        tr("Save the correction"),
        Case,
        _edited,
        load=lambda case, _: cases.describe(case),
        skip=frozenset({"closing"}),
        offers=case_offers,
        order=FIRST,
    )
    pages = {
        REPORT: lambda case: Page(
            record_html(case.reference, cases.describe(case), first="title"),
            (Act(tr("Correct"), "pen-line", edit),) if "officer" in case.member.roles else (),
        ),
        ACCESS: _access,
        CLOSING: _closing,
    }
    return Shelf(
        id="file",
        title=tr("Case file"),
        none=tr("The case file"),
        how="",
        listed=_listed,
        page=lambda case, page: pages[page](case),
    )


def _listed(case: CaseFile) -> list[StatementRow]:
    about = cases.describe(case)
    holders = [one for one in case.ledger.state.holder_names(KeyKind.CASE) if one != RECOVERY]
    shut = conflicts.excluded(case.ledger, case)
    open_now = () if about.state == "closed" else closing.hindrances(case)
    closing_told = tr("Nothing is open") if not open_now else tr("Still open: {n}").format(n=len(open_now))
    return [
        StatementRow(REPORT, tr("What was reported"), words.line([words.state(about.state)]), "", "", "accent",
                     "file-text"),
        StatementRow(ACCESS, tr("Who may read it"), words.line(holders), "",
                     tr("Excluded: {n}").format(n=len(shut)) if shut else "", "warn", "users", "lock"),
        StatementRow(CLOSING, tr("Closing"), "" if about.state == "closed" else closing_told, "",
                     words.state("closed") if about.state == "closed" else "", "good", "folder-open", "lock"),
    ]  # fmt: skip


def _edited(opened: Opened, record: Case, page: str) -> str:
    cases.update(opened.case, record)
    return page


# --- who may read it


def _access(case: CaseFile) -> Page:
    holders = [one for one in case.ledger.state.holder_names(KeyKind.CASE) if one != RECOVERY]
    parts = [f'<p class="h1">{escaped(tr("Who may read it"))}</p>', *(f"<p>{escaped(one)}</p>" for one in holders)]
    shut = conflicts.excluded(case.ledger, case)
    if shut:
        parts += section(tr("Excluded: conflict of interest"), "\n".join(_excluded(one) for one in shut))
    told = tr(
        "Whoever is excluded can be given no access and is not shown that this case exists. What somebody has seen "
        "they have seen: ending access closes what is written from then on."
    )
    parts.append(f'<p class="muted">{escaped(told)}</p>')
    return Page(body(parts), _access_acts(case))


def _excluded(one: conflicts.Excluded) -> str:
    return words.line(filter(None, [one.name, one.why, one.ending]))


def _access_acts(case: CaseFile) -> tuple[Act, ...]:
    if not case.member.roles & {"officer", "legal"}:
        return ()

    def offers(case: CaseFile) -> dict[str, Sequence[str]]:
        return {"name": members(case)}

    grant = Sheet("grant", tr("Give access"), tr("Give access"), User, _granted, offers=offers)
    revoke = Sheet("revoke", tr("End access"), tr("End access"), User, _revoked, offers=offers)
    over = Sheet("handover", tr("Hand over"), tr("Hand over, and end my own access"), User, _handed, offers=offers)
    wall = Sheet("wall", tr("Exclude: conflict of interest"), tr("Exclude"), User, _walled, offers=offers)
    unwall = Sheet("unwall", tr("End an exclusion: two must say so"), tr("Propose, or confirm"), Ending, _unwalled)
    return (
        Act(tr("Give access"), "user", grant),
        Act(tr("End access"), "x", revoke),
        Act(tr("Hand over"), "share", over),
        Act(tr("Exclude"), "lock", wall),
        *((Act(tr("End an exclusion"), "user", unwall),) if case.ledger.state.walled else ()),
    )


def _granted(opened: Opened, record: User, page: str) -> str:
    access.grant(opened.case.ledger, record.name)
    return page


def _revoked(opened: Opened, record: User, page: str) -> str:
    access.revoke(opened.case.ledger, record.name)
    return page


def _handed(opened: Opened, record: User, page: str) -> str:
    access.hand_over(opened.case.ledger, record.name)
    return page


def _walled(opened: Opened, record: User, page: str) -> str:
    walls.wall(opened.case.ledger, record.name)
    return page


def _unwalled(opened: Opened, record: Ending, page: str) -> str:
    walls.unwall(opened.case.ledger, record.name, record.reason)
    return page


# --- closing


def _closing(case: CaseFile) -> Page:
    about = cases.describe(case)
    head = f'<p class="h1">{escaped(tr("Closing"))}</p>'
    if about.state == "closed":
        again = Sheet("reopen", tr("Open again"), tr("Open again"), Reopening, _reopened)
        shown = (Act(tr("Open again"), "folder-open", again),) if "officer" in case.member.roles else ()
        return Page(body([head, f"<p>{escaped(tr('This case is closed.'))}</p>"]), shown)
    open_now = closing.hindrances(case)
    if open_now:
        told = tr("It cannot be closed yet. Still open:")
        listed = "".join(f"<p>• {escaped(one)}</p>" for one in open_now)
        return Page(body([head, f'<p class="warn"><b>{escaped(told)}</b></p>', listed]))
    proposal = about.closing
    acts: tuple[Act, ...]
    if proposal is None:
        text, acts = tr("Nothing is open. Somebody else must agree to the closing."), _proposing()
    elif proposal.proposed_by == case.member.name:
        text = tr("You proposed to close it; somebody else must agree.")
        acts = (Act(tr("Take back"), "undo-2", work=_withdrawn), *_proposing()[1:])
    else:
        text = tr("{name} proposes to close it.").format(name=words.isolated(proposal.proposed_by))
        acts = (Act(tr("Agree and close"), "lock", work=_closed),)
    return Page(body([head, f"<p>{escaped(text)}</p>"]), acts)


def _proposing() -> tuple[Act, ...]:
    alone = Sheet("close-alone", tr("Close alone"), tr("Close"), Alone, _closed_alone)
    return Act(tr("Propose closing"), "lock", work=_closed), Act(tr("Close alone …"), "user", alone)


def _closed(opened: Opened, _: str) -> str:
    made = closing.close(opened.case)
    return tr("The case is closed.") if made.state == "closed" else tr("Proposed. Somebody else must agree.")


def _closed_alone(opened: Opened, record: Alone, page: str) -> str:
    closing.close(opened.case, alone=record.reason)
    return page


def _withdrawn(opened: Opened, _: str) -> str:
    closing.withdraw(opened.case)
    return tr("The proposal is taken back.")


def _reopened(opened: Opened, record: Reopening, page: str) -> str:
    closing.reopen(opened.case, record.state, record.reason)
    return page
