"""What the viewer's sessions add up to in a period."""

from __future__ import annotations

from datetime import date, timedelta

import strawberry

from app.core import days, sql
from app.core.bounds import AtMost
from app.core.context import Context
from app.core.scalars import Long
from app.core.sql import Row
from app.core.words import Words, described_enum

SQL = sql.load("focus")
MOST_PARTS = 31
"""Days of the longest month."""


@described_enum("A period of the viewer's calendar, the one that today is in.")
class FocusPeriod(Words):
    """The periods of statistics."""

    DAY = "day", "Today."
    WEEK = "week", "This ISO week, from Monday."
    MONTH = "month", "This calendar month."
    YEAR = "year", "This calendar year."


@strawberry.type(description="What ended in a part of a period: a day, or a month of a year.")
class FocusStatsPart:
    """Sums over the days of a part."""

    first_day: date = strawberry.field(description="The day, or the first of the month.")
    completed_sessions: int = strawberry.field(description="Focus sessions completed.")
    focus_seconds: Long = strawberry.field(description="Active seconds of these.")


@strawberry.type(
    description="What ended in a period. Seconds are active ones of completed focus sessions."
)
class FocusStats:
    """Sums over the days of a period."""

    period: FocusPeriod = strawberry.field(description="The period that was asked for.")
    first_day: date = strawberry.field(description="The first of its days.")
    last_day: date = strawberry.field(description="The last of its days.")
    completed_sessions: int = strawberry.field(description="Focus sessions completed.")
    abandoned_sessions: int = strawberry.field(description="Focus sessions given up.")
    expired_sessions: int = strawberry.field(description="Focus sessions that expired.")
    completed_breaks: int = strawberry.field(description="Breaks completed, short and long.")
    focus_seconds: Long = strawberry.field(description="Seconds in all.")
    average_seconds: int = strawberry.field(
        description="Seconds of a completed session on average, rounded down; 0 without any."
    )
    longest_seconds: int = strawberry.field(description="Seconds of the longest; 0 without any.")
    xp: Long = strawberry.field(description="XP that sessions and breaks paid.")
    coins: Long = strawberry.field(description="Coins that sessions and breaks paid.")
    parts: list[FocusStatsPart] = strawberry.field(
        description="The days on which anything ended, of a year the months; the earliest first.",
        metadata={"bound": AtMost(MOST_PARTS)},
    )


async def stats(ctx: Context, period: FocusPeriod) -> FocusStats:
    """The sums of the period that the viewer's today is in."""
    viewer = ctx.signed_in
    first, last = _days_of(period, ctx.today)
    rows = await SQL["focus_days"].all(
        ctx.reader,
        user_id=viewer.user_id,
        zone=viewer.timezone,
        day_start_hour=viewer.day_start_hour,
        since=days.day_start(first, viewer.timezone, viewer.day_start_hour),
        until=days.day_start(last + timedelta(days=1), viewer.timezone, viewer.day_start_hour),
        now=ctx.now,
    )
    completed = sum(row["completed"] for row in rows)
    seconds = sum(row["focus_seconds"] for row in rows)
    return FocusStats(
        period=period,
        first_day=first,
        last_day=last,
        completed_sessions=completed,
        abandoned_sessions=sum(row["abandoned"] for row in rows),
        expired_sessions=sum(row["expired"] for row in rows),
        completed_breaks=sum(row["breaks"] for row in rows),
        focus_seconds=Long(seconds),
        average_seconds=seconds // completed if completed else 0,
        longest_seconds=max((row["longest_seconds"] for row in rows), default=0),
        xp=Long(sum(row["xp"] for row in rows)),
        coins=Long(sum(row["coins"] for row in rows)),
        parts=_parts(rows, period),
    )


def _parts(rows: list[Row], period: FocusPeriod) -> list[FocusStatsPart]:
    """The days one by one, those of a year gathered by months."""
    month = days.month_start if period == FocusPeriod.YEAR else None
    gathered: dict[date, FocusStatsPart] = {}
    for row in rows:
        first = month(row["day"]) if month else row["day"]
        part = gathered.setdefault(
            first, FocusStatsPart(first_day=first, completed_sessions=0, focus_seconds=Long(0))
        )
        part.completed_sessions += row["completed"]
        part.focus_seconds = Long(part.focus_seconds + row["focus_seconds"])
    return list(gathered.values())


def _days_of(period: FocusPeriod, today: date) -> tuple[date, date]:
    """The first and the last day of the period that a day is in."""
    if period == FocusPeriod.DAY:
        return today, today
    if period == FocusPeriod.WEEK:
        monday = days.week_start(today)
        return monday, monday + timedelta(days=6)
    if period == FocusPeriod.MONTH:
        first = days.month_start(today)
        return first, days.month_start(first + timedelta(days=31)) - timedelta(days=1)
    return date(today.year, 1, 1), date(today.year, 12, 31)
