"""The user's day: which local date a moment belongs to, by IANA zone and day-start hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
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
