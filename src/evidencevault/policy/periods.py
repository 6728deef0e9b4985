"""How long a step may take, and when that ends: elapsed hours, or whole days of the policy's zone.

Days are counted as Regulation (EEC, Euratom) 1182/71, art. 3 does: the day of the event is not counted, a period ends
with the last hour of its last day, one in months with the day of the same date (or the last of that month). Art. 3(4),
by which a period that ends on a day off moves to the next working day, holds where the policy says ``moves``: a child
in danger waits for no Monday.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from evidencevault.errors import FormError
from evidencevault.policy.model import Days
from evidencevault.resources import tr

_PERIOD = re.compile(r"([1-9]\d{0,3})(h|d|wd|w|mo|y)")
_MAX_YEARS = 150


@dataclass(frozen=True, slots=True)
class Period:
    """``count`` hours (h), days (d), working days (wd), weeks (w), months (mo) or years (y)."""

    count: int
    unit: str


def period(text: str) -> Period:
    """A period such as ``24h`` or ``3mo``. Raises FormError."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None or (found[2] == "y" and int(found[1]) > _MAX_YEARS):
        raise FormError(tr("a period is expected, such as 24h, 7d, 5wd (working days), 2w, 3mo or 1y."))
    return Period(int(found[1]), found[2])


class Calendar:
    """The days of a policy: its zone, its days off, and whether deadlines move. Raises FormError for an unknown one."""

    def __init__(self, days: Days) -> None:
        try:
            self.zone = ZoneInfo(days.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise FormError(tr("there is no time zone “{zone}”.").format(zone=days.zone)) from error
        self._moves = bool(days.moves)
        self._off = _days_off(days.holidays)

    def works(self, day: date) -> bool:
        """Whether a day is a working day: no day of the weekend and no public holiday."""
        if self._off is None:
            return day.weekday() < 5
        return day.weekday() not in self._off.weekend and day not in self._off

    def ends(self, start: datetime, within: Period) -> datetime:
        """When a period that starts at a moment is over (UTC): the first moment after it."""
        if within.unit == "h":
            return start.astimezone(UTC) + timedelta(hours=within.count)
        last = self._last_day(start.astimezone(self.zone).date(), within)
        if self._moves:
            last = self._working(last)
        return self.midnight_after(last)

    def midnight_after(self, day: date) -> datetime:
        """The first moment after a day of the zone (UTC)."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def _last_day(self, day: date, within: Period) -> date:
        match within.unit:
            case "d":
                return day + timedelta(days=within.count)
            case "w":
                return day + timedelta(weeks=within.count)
            case "wd":
                for _ in range(within.count):
                    day = self._working(day + timedelta(days=1))
                return day
            case unit:
                return add_months(day, within.count * (12 if unit == "y" else 1))

    def _working(self, day: date) -> date:
        while not self.works(day):
            day += timedelta(days=1)
        return day


def add_months(day: date, months: int) -> date:
    """The same date so many months later, or the last day of that month where it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_calendar(days: Days) -> None:
    """Raise FormError where a policy's days cannot be counted."""
    Calendar(days)


@lru_cache(maxsize=16)
def _days_off(country: str) -> holidays.HolidayBase | None:
    """The public holidays of ``NL`` or ``ES-MD``; None where no country is named. Raises FormError."""
    if not country:
        return None
    name, _, region = country.partition("-")
    try:
        return holidays.country_holidays(name.upper(), subdiv=region.upper() or None)
    except NotImplementedError as error:
        raise FormError(tr("the public holidays of “{country}” are not known.").format(country=country)) from error
