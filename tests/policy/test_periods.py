"""Deadlines on the calendar: nights that are longer or shorter, ends of months, days off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencevault.errors import FormError
from evidencevault.policy.model import Days
from evidencevault.policy.periods import Calendar, add_months, period


def ends(start: str, within: str, zone: str, *, holidays: str = "", moves: bool = False) -> str:
    """Start and end as the clocks of the zone show them."""
    calendar = Calendar(Days(zone=zone, holidays=holidays, moves=moves))
    begun = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    return calendar.ends(begun, period(within)).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("start", "within", "end"),
    [
        # The night of 28 to 29 March 2026 has 23 hours, that of 24 to 25 October 25.
        ("2026-03-28T20:00", "24h", "2026-03-29T21:00+02:00"),
        ("2026-03-28T20:00", "1d", "2026-03-30T00:00+02:00"),
        ("2026-10-24T20:00", "24h", "2026-10-25T19:00+01:00"),
        ("2026-10-24T20:00", "1d", "2026-10-26T00:00+01:00"),
        ("2026-10-24T20:00", "7d", "2026-11-01T00:00+01:00"),
        # A moment before midnight and one after it are two days.
        ("2026-06-01T23:59", "1d", "2026-06-03T00:00+02:00"),
        ("2026-06-02T00:00", "1d", "2026-06-04T00:00+02:00"),
        ("2026-01-31T12:00", "1mo", "2026-03-01T00:00+01:00"),
        ("2028-01-31T12:00", "1mo", "2028-03-01T00:00+01:00"),
        ("2026-01-31T12:00", "3mo", "2026-05-01T00:00+02:00"),
        ("2025-11-30T12:00", "3mo", "2026-03-01T00:00+01:00"),
        ("2028-02-29T12:00", "1y", "2029-03-01T00:00+01:00"),
        ("2028-02-29T12:00", "4y", "2032-03-01T00:00+01:00"),
        ("2026-12-31T12:00", "2w", "2027-01-15T00:00+01:00"),
    ],
)
def test_hours_elapse_and_days_end_at_midnight(start: str, within: str, end: str) -> None:
    assert ends(start, within, AMSTERDAM) == end


@pytest.mark.parametrize(
    ("start", "within", "holidays", "end"),
    [
        # Thursday; Friday 25 and Saturday 26 December are holidays, then Sunday.
        ("2026-12-24T10:00", "1wd", "NL", "2026-12-29T00:00+01:00"),
        ("2026-12-24T10:00", "1wd", "", "2026-12-26T00:00+01:00"),
        # King's day is Monday 27 April 2026; where the 27th is a Sunday it is the Saturday before (2031).
        ("2026-04-24T10:00", "1wd", "NL", "2026-04-29T00:00+02:00"),
        ("2031-04-25T10:00", "1wd", "NL", "2031-04-29T00:00+02:00"),
        # Seven working days over 1 May, 8 May and Ascension Day (14 May) in France.
        ("2026-04-30T10:00", "7wd", "FR", "2026-05-14T00:00+02:00"),
        ("2026-05-05T10:00", "7wd", "FR", "2026-05-19T00:00+02:00"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: str, within: str, holidays: str, end: str) -> None:
    zone = "Europe/Paris" if holidays == "FR" else AMSTERDAM
    assert ends(start, within, zone, holidays=holidays) == end


@pytest.mark.parametrize(
    ("start", "within", "stays", "moved"),
    [
        # Seven days from Saturday end on Saturday; with moves on Monday.
        ("2026-06-06T10:00", "7d", "2026-06-14T00:00+02:00", "2026-06-16T00:00+02:00"),
        # The seventh day is Christmas; the next working day is Monday 28 December.
        ("2026-12-18T10:00", "7d", "2026-12-26T00:00+01:00", "2026-12-29T00:00+01:00"),
        ("2026-06-01T10:00", "7d", "2026-06-09T00:00+02:00", "2026-06-09T00:00+02:00"),
        # Hours never move: a child in danger waits for no Monday.
        ("2026-06-05T10:00", "24h", "2026-06-06T10:00+02:00", "2026-06-06T10:00+02:00"),
    ],
)
def test_a_period_moves_where_the_policy_says_so(start: str, within: str, stays: str, moved: str) -> None:
    assert ends(start, within, AMSTERDAM, holidays="NL") == stays
    assert ends(start, within, AMSTERDAM, holidays="NL", moves=True) == moved


def test_a_day_without_midnight_begins_when_its_first_hour_does() -> None:
    # In São Paulo 4 November 2018 began at one o'clock: the day before ends at that moment, 03:00 UTC.
    sao_paulo = Calendar(Days(zone="America/Sao_Paulo"))
    assert sao_paulo.midnight_after(date(2018, 11, 3)) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert sao_paulo.midnight_after(date(2018, 11, 4)) == datetime(2018, 11, 5, 2, tzinfo=UTC)
    # In Cairo clocks went from midnight to one on Friday 24 April 2026.
    cairo = Calendar(Days(zone="Africa/Cairo"))
    assert cairo.midnight_after(date(2026, 4, 23)) == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert cairo.midnight_after(date(2026, 4, 24)) == datetime(2026, 4, 24, 21, tzinfo=UTC)


def test_the_day_of_a_moment_is_that_of_the_policys_zone() -> None:
    late = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # the next day in Amsterdam already
    assert Calendar(Days(zone=AMSTERDAM)).ends(late, period("1d")) == datetime(2026, 6, 3, 22, tzinfo=UTC)
    assert Calendar(Days(zone="UTC")).ends(late, period("1d")) == datetime(2026, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "0d", "7", "d", "1.5h", "-3d", "7 d", "7D", "10000h", "151y", "٣d"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(FormError, match="a period is expected"):
        period(text)


@pytest.mark.parametrize("days", [Days(zone="Europe/Atlantis"), Days(zone="../etc"), Days(zone=""),
                                  Days(zone="UTC", holidays="QQ"), Days(zone="UTC", holidays="ES-QQ")])  # fmt: skip
def test_an_unknown_zone_or_country_is_refused(days: Days) -> None:
    with pytest.raises(FormError):
        Calendar(days)


zones = st.sampled_from(["UTC", AMSTERDAM, "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia"])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
units = st.sampled_from(["h", "d", "wd", "w", "mo", "y"])
periods = st.builds(lambda count, unit: f"{count}{unit}", st.integers(1, 60), units)


@given(zones, moments, periods)
def test_no_period_ends_before_it_starts_and_days_end_with_a_day(zone: str, start: datetime, within: str) -> None:
    calendar = Calendar(Days(zone=zone))
    end = calendar.ends(start, period(within))
    assert end > start
    if not within.endswith("h"):
        before = (end - timedelta(microseconds=1)).astimezone(calendar.zone)
        assert end.astimezone(calendar.zone).date() > before.date()


@given(zones, moments, moments, periods)
def test_who_starts_earlier_is_due_no_later(zone: str, one: datetime, other: datetime, within: str) -> None:
    calendar, (first, second) = Calendar(Days(zone=zone)), sorted((one, other))
    assert calendar.ends(first, period(within)) <= calendar.ends(second, period(within))


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 600))
def test_months_keep_their_date_or_end_with_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)
