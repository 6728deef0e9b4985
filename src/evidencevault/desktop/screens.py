"""Every screen of the window, in the order of the sidebar: the one place where a screen is hung in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidencevault.desktop.case import CaseOverview
from evidencevault.desktop.custody import CustodyScreen
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.dropping import pick_files
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.home import HomeScreen
from evidencevault.desktop.look import Theme
from evidencevault.desktop.overview import OverviewScreen
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.statements import StatementsScreen, decisions_shelf, interviews_shelf
from evidencevault.resources import tr

HOME, OVERVIEW = "home", "overview"
CASE, EVIDENCE, INTERVIEWS, DECISIONS, CUSTODY = "case", "evidence", "interviews", "decisions", "custody"


@dataclass(frozen=True, slots=True)
class Place:
    """A screen as the sidebar names it, and what makes it. ``of_case``: it shows the open case."""

    id: str
    title: str
    icon: str
    make: Callable[[Desk, Theme], Screen]
    of_case: bool = True


def places() -> list[Place]:
    """All of them, named in the chosen language."""
    return [
        Place(HOME, tr("Today"), "house", HomeScreen, of_case=False),
        Place(OVERVIEW, tr("Overview"), "chart-column", OverviewScreen, of_case=False),
        Place(CASE, tr("The case"), "folder-open", CaseOverview),
        Place(EVIDENCE, tr("Evidence"), "files", lambda desk, theme: EvidenceScreen(desk, theme, pick_files)),
        Place(INTERVIEWS, tr("Interviews"), "message-square-text",
              lambda desk, theme: StatementsScreen(desk, theme, interviews_shelf())),
        Place(DECISIONS, tr("Decisions"), "scale",
              lambda desk, theme: StatementsScreen(desk, theme, decisions_shelf())),
        Place(CUSTODY, tr("Chain of custody"), "history", CustodyScreen),
    ]  # fmt: skip


def screen_of(ref: str) -> str:
    """The screen that shows a record of a case by its reference (``E001``, ``I02`` …); the case as a whole for none."""
    return {"E": EVIDENCE, "I": INTERVIEWS, "D": DECISIONS}.get(ref[:1], CASE)
