"""Streaks of days: pure decisions over dates, with the shields that cover a missed day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.words import Words, described_enum

DAY = timedelta(days=1)


@described_enum("What a streak counts days of.")
class StreakType(Words):
    """The kinds of streaks."""

    DAILY = "daily", "Days with anything that paid."
    FOCUS = "focus", "Days with a completed focus session."
    HABIT = "habit", "Days with a completed habit."
    READING = "reading", "Days with pages read."
    WORKOUT = "workout", "Days with a completed workout."
    LEARNING = "learning", "Days with a lesson, a drill or a learning session."


# Which events move a kind besides the daily one; the rooms name their events so.
EVENTS: dict[StreakType, tuple[str, ...]] = {
    StreakType.FOCUS: ("focus_complete",),
    StreakType.HABIT: ("habit_complete",),
    StreakType.READING: ("reading_log",),
    StreakType.WORKOUT: ("workout_complete",),
    StreakType.LEARNING: ("lesson_complete", "drill_submit", "learning_session"),
}
SHIELD_EVENT = "streak_shield"
"""Ledger rows of this type, without points, mark the missed days that a shield has covered."""


@dataclass(frozen=True, slots=True)
class Streak:
    """A streak as stored: it reads as 0 once its last day is before yesterday."""

    type: StreakType
    current: int = 0
    longest: int = 0
    last_day: date | None = None


def missed_days(last_day: date, today: date) -> list[date]:
    """The days between the last active one and today."""
    return [last_day + DAY * n for n in range(1, (today - last_day).days)]


def advance(streak: Streak, today: date, covered: Collection[date]) -> Streak:
    """The streak after an active day; days in `covered` were missed but count as kept."""
    last = streak.last_day
    if last is not None and today <= last:
        return streak
    kept = last is not None and all(day in covered for day in missed_days(last, today))
    current = streak.current + 1 if kept else 1
    return Streak(streak.type, current, max(streak.longest, current), today)


def days_to_shield(
    streak: Streak, today: date, covered: Collection[date], shields: int
) -> list[date]:
    """The missed days that shields must cover to save a streak; none when they don't suffice."""
    if streak.last_day is None or streak.current == 0:
        return []
    bare = [day for day in missed_days(streak.last_day, today) if day not in covered]
    return bare if 0 < len(bare) <= shields else []


def shown(streak: Streak, today: date, covered: Collection[date], shields: int = 0) -> int:
    """The length that a person is shown: 0 once a day was missed that nothing covers."""
    if streak.last_day is None:
        return 0
    bare = [day for day in missed_days(streak.last_day, today) if day not in covered]
    return streak.current if len(bare) <= shields else 0


def recounted(kind: StreakType, days: Iterable[date], covered: Collection[date]) -> Streak:
    """A streak counted anew from its active days, after one of them was taken back."""
    streak = Streak(kind)
    for day in sorted(set(days)):
        streak = advance(streak, day, covered)
    return streak
