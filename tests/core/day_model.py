"""The user's day by patience: walks the zone's wall clock minute by minute, knows no rules.

Of the time-zone database it only asks what the clock on the wall shows at a moment in UTC, the one
direction in which there is exactly one answer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FURTHEST = timedelta(hours=16)
"""No clock was ever further from UTC; Manila's and Alaska's first ones came to nearly that."""
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def shown(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall shows, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def first_moment(day: date, zone: str, day_start_hour: int) -> datetime:
    """The first moment at which the wall clock shows the day's beginning or anything later."""
    sought = datetime.combine(day, time(day_start_hour))
    moment = sought.replace(tzinfo=UTC) - FURTHEST
    while True:
        after = moment + MINUTE
        ahead = shown(after, zone)
        # Within a minute in which the clocks change they may show the hour and go back again.
        if ahead >= sought or ahead - shown(moment, zone) != MINUTE:
            while moment < after:
                if shown(moment, zone) >= sought:
                    return moment
                moment += SECOND
        moment = after


def day_of(moment: datetime, zone: str, day_start_hour: int) -> date:
    """The last date whose day has begun."""
    day = moment.date() + timedelta(days=2)
    while first_moment(day, zone, day_start_hour) > moment:
        day -= timedelta(days=1)
    return day


def monday(day: date) -> date:
    """The Monday on the day or before it."""
    while day.strftime("%a") != "Mon":
        day -= timedelta(days=1)
    return day


def first_of_month(day: date) -> date:
    """The day with number one on the day or before it."""
    while day.day != 1:
        day -= timedelta(days=1)
    return day


def changes(since: datetime, until: datetime, zone: str) -> timedelta:
    """By how much the clocks were moved, on and back added up, from just before to a moment."""
    moved = timedelta()
    moment = since - SECOND
    while moment < until:
        after = min(moment + MINUTE, until)
        moved += abs(shown(after, zone) - shown(moment, zone) - (after - moment))
        moment = after
    return moved
