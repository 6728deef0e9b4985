"""Every screen of the window, in the order of the sidebar: the one place where a screen is hung in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evidencevault.desktop import (
    case_shelf,
    decision_shelf,
    interview_shelf,
    people_shelves,
    request_shelf,
    review_shelf,
    task_shelves,
)
from evidencevault.desktop.bundles import BundlesScreen
from evidencevault.desktop.case import CaseOverview
from evidencevault.desktop.custody import CustodyScreen
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.dropping import pick_files
from evidencevault.desktop.evidence import EvidenceScreen
from evidencevault.desktop.home import HomeScreen
from evidencevault.desktop.look import Theme
from evidencevault.desktop.newcase import NewCaseScreen
from evidencevault.desktop.overview import OverviewScreen
from evidencevault.desktop.preferences import Preferences
from evidencevault.desktop.recipients import RecipientsScreen
from evidencevault.desktop.records import RecordsScreen
from evidencevault.desktop.redactions import RedactionsScreen
from evidencevault.desktop.retention import RetentionScreen
from evidencevault.desktop.screen import Screen
from evidencevault.desktop.settings import SettingsScreen
from evidencevault.desktop.sheets import Shelf
from evidencevault.resources import tr

HOME, OVERVIEW, NEW_CASE, SETTINGS = "home", "overview", "newcase", "settings"
CASE, FILE, PERSONS, CONCERNS, EVIDENCE, INTERVIEWS = "case", "file", "persons", "concerns", "evidence", "interviews"
DECISIONS, ACTIONS, RECOMMENDATIONS, CUSTODY = "decisions", "actions", "recommendations", "custody"
REDACTIONS, BUNDLES, RECIPIENTS = "redactions", "bundles", "recipients"
REQUESTS, REVIEWS, RETENTION = "requests", "reviews", "retention"
_OF = {"C": CONCERNS, "E": EVIDENCE, "I": INTERVIEWS, "D": DECISIONS, "A": ACTIONS, "R": RECOMMENDATIONS, "B": BUNDLES,
       "Q": REQUESTS, "V": REVIEWS}  # fmt: skip
"""Which screen shows a record, by the letter its reference begins with."""


@dataclass(frozen=True, slots=True)
class Place:
    """A screen as the sidebar names it, and what makes it. ``of_case``: it shows the open case.

    What is not ``listed`` is reached by a button alone.
    """

    id: str
    title: str
    icon: str
    make: Callable[[Desk, Theme], Screen]
    of_case: bool = True
    listed: bool = True


def places(preferences: Preferences) -> list[Place]:
    """All of them, named in the chosen language."""
    return [
        Place(HOME, tr("Today"), "house", HomeScreen, of_case=False),
        Place(OVERVIEW, tr("Overview"), "chart-column", OverviewScreen, of_case=False),
        Place(RECIPIENTS, tr("Address book"), "book-user", RecipientsScreen, of_case=False),
        Place(SETTINGS, tr("Settings"), "settings", lambda desk, theme: SettingsScreen(desk, theme, preferences),
              of_case=False),
        Place(RETENTION, tr("Retention"), "archive", RetentionScreen, of_case=False, listed=False),
        Place(NEW_CASE, tr("New case"), "plus", NewCaseScreen, of_case=False, listed=False),
        Place(CASE, tr("The case"), "folder-open", CaseOverview),
        Place(FILE, tr("Case file"), "file-text", _shelf(case_shelf.file_shelf)),
        Place(PERSONS, tr("Persons"), "users", _shelf(people_shelves.persons_shelf)),
        Place(CONCERNS, tr("Voiced concerns"), "ear", _shelf(people_shelves.concerns_shelf)),
        Place(EVIDENCE, tr("Evidence"), "files", lambda desk, theme: EvidenceScreen(desk, theme, pick_files)),
        Place(INTERVIEWS, tr("Interviews"), "message-square-text", _shelf(interview_shelf.interviews_shelf)),
        Place(DECISIONS, tr("Decisions"), "scale", _shelf(decision_shelf.decisions_shelf)),
        Place(ACTIONS, tr("Actions"), "list-checks", _shelf(task_shelves.actions_shelf)),
        Place(RECOMMENDATIONS, tr("Recommendations"), "flag", _shelf(task_shelves.recommendations_shelf)),
        Place(REQUESTS, tr("Requests for access"), "user", _shelf(request_shelf.requests_shelf)),
        Place(REVIEWS, tr("Reviews"), "scale", _shelf(review_shelf.reviews_shelf)),
        Place(REDACTIONS, tr("Redactions"), "eye-off", RedactionsScreen),
        Place(BUNDLES, tr("Bundles"), "package-check", BundlesScreen),
        Place(CUSTODY, tr("Chain of custody"), "history", CustodyScreen),
    ]  # fmt: skip


def _shelf(made: Callable[[], Shelf]) -> Callable[[Desk, Theme], Screen]:
    return lambda desk, theme: RecordsScreen(desk, theme, made())


def screen_of(ref: str) -> str:
    """The screen that shows a record of a case by its reference (``E001``, ``I02`` …); the case as a whole for none.

    A label such as “Child A” is a person's.
    """
    return _OF.get(ref[:1], CASE) if ref[1:2].isdigit() else PERSONS if ref else CASE
