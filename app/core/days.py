"""The user's day: which local date a moment belongs to, by IANA zone and day-start hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA zone name that a user may choose."""
    return frozenset(available_timezones())


def local_date(moment: datetime, zone: str, day_start_hour: int) -> date:
    """The date of the user's day that `moment` falls in.

    A day begins at `day_start_hour` (0 to 23) on the wall clock of the zone, so at three in the
    morning with a day start of four it is still yesterday. Wall-clock hours are compared, which
    keeps the boundary at the same hour on days when the clocks change.
    """
    wall = moment.astimezone(ZoneInfo(zone))
    return wall.date() if wall.hour >= day_start_hour else wall.date() - timedelta(days=1)


def day_start(day: date, zone: str, day_start_hour: int) -> datetime:
    """The moment at which a user's day begins, in UTC.

    Where the clocks skip that hour, the day begins with the first moment after the gap.
    """
    wall = datetime.combine(day, time(day_start_hour), ZoneInfo(zone))
    return wall.astimezone(UTC)


def week_start(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)
