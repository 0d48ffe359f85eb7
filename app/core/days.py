"""The user's day: which local date a moment belongs to, by IANA zone and day-start hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

# The zones of the package `tzdata` alone: by those of its machine, each server could name another
# day where a zone's rules have changed since.
reset_tzpath(())

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA zone name that a user may choose."""
    return frozenset(available_timezones())


def local_date(moment: datetime, zone: str, day_start_hour: int) -> date:
    """The date of the user's day that `moment` falls in.

    A day begins at `day_start_hour` (0 to 23) on the wall clock of the zone, so at three in the
    morning with a day start of four it is still yesterday. Wall-clock hours are compared, which
    keeps the boundary at the same hour on days when the clocks change. A day that has begun goes
    on when the clocks go back over its beginning: no date ever comes twice.
    """
    wall = moment.astimezone(ZoneInfo(zone))
    day = wall.date() if wall.hour >= day_start_hour else wall.date() - _DAY
    # Only while an hour is repeated can the clocks have shown the next day's beginning before.
    if wall.fold and day_start(day + _DAY, zone, day_start_hour) <= moment:
        return day + _DAY
    return day


def day_start(day: date, zone: str, day_start_hour: int) -> datetime:
    """The moment at which a user's day begins, in UTC.

    Where the clocks show that hour twice, the day begins with the first; where they skip it, with
    the first moment after the gap. A day that a zone leaves out altogether begins and ends with the
    beginning of the next.
    """
    wall = datetime.combine(day, time(day_start_hour), ZoneInfo(zone))
    start = wall.astimezone(UTC)
    if start.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return start
    # In a gap this reads the clock as it went before, which is past the gap's end when the gap
    # began before the hour; read as it goes after, it is before.
    return _change_between(wall.replace(fold=1).astimezone(UTC), start, wall.tzinfo)


def _change_between(before: datetime, after: datetime, zone: tzinfo | None) -> datetime:
    """The moment, at most `after`, with which the zone's clocks begin to differ from UTC anew."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def week_start(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)
