"""Days, weeks and months agree with a model that walks the wall clock, in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import days
from tests.core import day_model

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ZONES = st.sampled_from(sorted(available_timezones()))
HOURS = st.integers(0, 23)
AWKWARD = [
    "America/Juneau",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
]
"""Zones whose clocks were moved by other steps than an hour, or not upon the hour."""
PATIENCE = settings(max_examples=100, deadline=None)


def seconds_from(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Whole seconds from one moment to another."""
    most = int((last - first).total_seconds())
    return st.integers(0, most).map(lambda seconds: first + SECOND * seconds)


MOMENTS = seconds_from(datetime(1850, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))


@cache
def changes_of(zone: str) -> list[datetime]:
    """The moments at which a zone's clocks were moved."""
    clock = ZoneInfo(zone)
    found: list[datetime] = []
    before = datetime(1850, 1, 1, tzinfo=UTC)
    while before.year < 2040:
        after = before + DAY
        old = before.astimezone(clock).utcoffset()
        if after.astimezone(clock).utcoffset() != old:
            low, high = before, after
            while high - low > SECOND:
                middle = low + SECOND * ((high - low) // SECOND // 2)
                unmoved = middle.astimezone(clock).utcoffset() == old
                low, high = (middle, high) if unmoved else (low, middle)
            found.append(high)
        before = after
    return found


@st.composite
def changing_clocks(draw: st.DrawFn) -> tuple[datetime, str, int]:
    """A moment about a change of a zone's clocks, with a day that begins about that hour."""
    zone = draw(st.sampled_from(AWKWARD) | ZONES.filter(changes_of))
    change = draw(st.sampled_from(changes_of(zone)))
    near = draw(st.sampled_from([-1, 0, 1]) | st.integers(-90, 90).map(lambda n: n * 60))
    wall = draw(st.sampled_from([change - SECOND, change])).astimezone(ZoneInfo(zone))
    return change + SECOND * near, zone, (wall.hour + draw(st.integers(-2, 2))) % 24


CASES = changing_clocks() | st.tuples(MOMENTS, ZONES, HOURS)


@PATIENCE
@given(CASES)
def test_a_moment_has_the_date_of_the_model(case: tuple[datetime, str, int]) -> None:
    assert days.local_date(*case) == day_model.day_of(*case)


@PATIENCE
@given(CASES)
def test_days_weeks_and_months_begin_as_in_the_model(case: tuple[datetime, str, int]) -> None:
    moment, zone, hour = case
    day = days.local_date(moment, zone, hour)
    firsts = {day, days.week_start(day), days.month_start(day), day + DAY}
    assert firsts == {day, day_model.monday(day), day_model.first_of_month(day), day + DAY}
    for first in firsts:
        assert days.day_start(first, zone, hour) == day_model.first_moment(first, zone, hour)


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_every_moment_belongs_to_one_day(case: tuple[datetime, str, int]) -> None:
    """Days follow each other without a gap, and begin with the first moment of their date."""
    moment, zone, hour = case
    day = days.local_date(moment, zone, hour)
    starts = [days.day_start(day + DAY * n, zone, hour) for n in (-1, 0, 1, 2)]
    assert starts == sorted(starts)
    assert starts[1] <= moment < starts[2]
    assert days.local_date(starts[1], zone, hour) == day
    assert days.local_date(starts[1] - SECOND, zone, hour) < day
    assert days.local_date(starts[2] - SECOND, zone, hour) == day
    # Where a zone leaves a date out, its day is empty, and the one after it begins.
    after = day + DAY if starts[2] < starts[3] else day + 2 * DAY
    assert days.local_date(starts[2], zone, hour) == after


@settings(max_examples=200, deadline=None)
@given(CASES, st.integers(0, 3 * 24 * 3600))
def test_dates_never_go_back(case: tuple[datetime, str, int], seconds: int) -> None:
    moment, zone, hour = case
    later = moment + SECOND * seconds
    assert days.local_date(moment, zone, hour) <= days.local_date(later, zone, hour)


@PATIENCE
@given(CASES)
def test_a_day_is_as_much_longer_or_shorter_as_the_clocks_were_moved(
    case: tuple[datetime, str, int],
) -> None:
    """So it lasts 23 to 25 hours where they were moved by an hour at most."""
    moment, zone, hour = case
    day = days.local_date(moment, zone, hour)
    start, end = (days.day_start(each, zone, hour) for each in (day, day + DAY))
    assert abs(end - start - DAY) <= day_model.changes(start, end, zone)


def test_the_days_of_a_year_that_did_not_last_23_to_25_hours() -> None:
    """Troll's clocks change by two hours every year; in 2011 four other places did once.

    Two stations in Antarctica went over to the hours of another supplier, and two island states
    to the other side of the date line, for which they left a date out.
    """
    found: set[tuple[str, str, float]] = set()
    for zone in available_timezones():
        start = days.day_start(date(2011, 1, 1), zone, 0)
        for n in range(365):
            day = date(2011, 1, 1) + DAY * n
            end = days.day_start(day + DAY, zone, 0)
            if not 23 * HOUR <= end - start <= 25 * HOUR:
                found.add((zone, day.isoformat(), (end - start) / HOUR))
            start = end
    assert found == {
        ("Antarctica/Troll", "2011-03-27", 22.0),
        ("Antarctica/Troll", "2011-10-30", 26.0),
        ("Antarctica/Casey", "2011-10-28", 21.0),
        ("Antarctica/Davis", "2011-10-28", 26.0),
        ("Pacific/Apia", "2011-12-30", 0.0),
        ("Pacific/Fakaofo", "2011-12-30", 0.0),
    }
