"""What is due as a calendar (RFC 5545): the step, the case's reference and the time, and no name of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar

from evidencevault.casework.duties import called
from evidencevault.custody.rows import DueDuty
from evidencevault.resources import tr

BEFORE = timedelta(days=1)
"""When a calendar reminds of it."""


def calendar(due: Iterable[DueDuty], now: datetime) -> bytes:
    """An iCalendar file with an event for each duty that has a time. The same duty has the same UID in every export."""
    made = icalendar.Calendar()
    made.add("prodid", "-//EvidenceVault//EvidenceVault//EN")
    made.add("version", "2.0")
    for one in due:
        if one.duty.due is not None:
            made.add_component(_event(one, datetime.fromtimestamp(one.duty.due, UTC), now))
    return bytes(made.to_ical())


def _event(one: DueDuty, at: datetime, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{one.id.hex()}@evidencevault")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", at)
    about = " ".join(part for part in (one.reference, one.duty.ref) if part)
    event.add("summary", tr("{case}: {step}").format(case=about, step=called(one.duty)))
    event.add("transp", "TRANSPARENT")
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", tr("{case}: {step}").format(case=about, step=called(one.duty)))
    alarm.add("trigger", -BEFORE)
    event.add_component(alarm)
    return event
