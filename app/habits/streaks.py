"""A habit's own streak, counted from the days on which it was done: pure decisions over dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.core import days
from app.core.errors import InvalidInput
from app.core.words import Words, described_enum

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
BONUSES = (7, 14, 30, 60, 100, 365)
"""Lengths of a streak that pay as many XP on top when they are reached."""


@described_enum("How often a habit is to be done.")
class HabitFrequency(Words):
    """The kinds of schedules."""

    DAILY = "daily", "Every day."
    WEEKLY = "weekly", "On `targetCount` different days of each ISO week."
    CUSTOM = "custom", "On the weekdays in `customDays`."


@described_enum("A day of the week.")
class Weekday(Words):
    """The weekdays in the order of their stored numbers, Monday = 0."""

    MONDAY = "monday", "The first day of an ISO week."
    TUESDAY = "tuesday", "The second."
    WEDNESDAY = "wednesday", "The third."
    THURSDAY = "thursday", "The fourth."
    FRIDAY = "friday", "The fifth."
    SATURDAY = "saturday", "The sixth."
    SUNDAY = "sunday", "The last day of an ISO week."


WEEKDAYS: tuple[Weekday, ...] = tuple(Weekday)


def check_schedule(frequency: HabitFrequency, target: int, weekdays: Sequence[int] | None) -> None:
    """Raises `InvalidInput` unless the three fit together."""
    if frequency != HabitFrequency.WEEKLY and target != 1:
        raise InvalidInput("Only a weekly habit is done several times.", "targetCount")
    if frequency != HabitFrequency.CUSTOM and weekdays is not None:
        raise InvalidInput("Only a custom habit has weekdays of its own.", "customDays")
    if frequency == HabitFrequency.CUSTOM and not weekdays:
        raise InvalidInput("A custom habit needs one weekday or more.", "customDays")


def numbered(weekdays: Sequence[Weekday] | None) -> list[int] | None:
    """Weekdays as they are stored: their numbers in order, each once."""
    return None if weekdays is None else sorted({WEEKDAYS.index(day) for day in weekdays})


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a habit is to be done: every day, so often a week, or on weekdays (Monday is 0)."""

    frequency: HabitFrequency
    target: int = 1
    weekdays: tuple[int, ...] = ()

    def is_due(self, day: date) -> bool:
        """Whether a day counts for it; of a weekly habit every day does."""
        return self.frequency != HabitFrequency.CUSTOM or day.weekday() in self.weekdays


class Step(NamedTuple):
    """A day on which a habit was done."""

    day: date
    length: int
    """The streak after it: due days in a row, or weeks in a row of a weekly habit."""
    broken: bool
    """Whether an earlier streak had ended before it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a habit's streak stands after the last day on which it was done."""

    current: int
    longest: int
    last_day: date | None
    until: date | None
    """The last day on which the streak stands without being done again; None while there is none.
    """

    def shown(self, today: date) -> int:
        """The length that a person is shown: 0 once it is broken."""
        return self.current if self.until is not None and today <= self.until else 0


def walk(schedule: Schedule, done: Sequence[date]) -> list[Step]:
    """The streak after each of some days, which are in order and different."""
    if schedule.frequency == HabitFrequency.WEEKLY:
        return _weeks(schedule.target, done)
    steps: list[Step] = []
    length = 0
    before: date | None = None
    for day in done:
        broken = before is None or _misses(schedule, before, day)
        # A day that is none of its weekdays neither lengthens the streak nor breaks it.
        length = (0 if broken else length) + schedule.is_due(day)
        steps.append(Step(day, length, broken))
        before = day
    return steps


def _misses(schedule: Schedule, earlier: date, later: date) -> bool:
    """Whether a due day lies between two days. Eight days hold every weekday."""
    between = min((later - earlier).days, 8)
    return any(schedule.is_due(earlier + DAY * n) for n in range(1, between))


def _weeks(target: int, done: Sequence[date]) -> list[Step]:
    """Weeks in a row in which the target was reached, up to each of some days."""
    steps: list[Step] = []
    week: date | None = None
    often = kept = 0
    for day in done:
        start, broken = days.week_start(day), False
        if start != week:
            follows = week is not None and start - week == WEEK and often >= target
            kept = kept + 1 if follows else 0
            week, often, broken = start, 0, not follows
        often += 1
        steps.append(Step(day, kept + (often >= target), broken))
    return steps


def standing(schedule: Schedule, steps: Sequence[Step]) -> Standing:
    """Where the streak stands after its last step."""
    if not steps:
        return Standing(0, 0, None, None)
    last = steps[-1]
    longest = max(step.length for step in steps)
    return Standing(last.length, longest, last.day, _until(schedule, steps))


def _until(schedule: Schedule, steps: Sequence[Step]) -> date | None:
    """The last day on which it can be gone on with; a streak of 0 can't be."""
    last = steps[-1]
    if last.length == 0:
        return None
    if schedule.frequency == HabitFrequency.WEEKLY:
        week = days.week_start(last.day)
        often = sum(1 for step in steps[-7:] if step.day >= week)
        return week + (WEEK if often >= schedule.target else timedelta()) + DAY * 6
    following = last.day + DAY
    while not schedule.is_due(following):
        following += DAY
    return following


def paid_length(steps: Sequence[Step], paid: Mapping[date, int]) -> int:
    """The greatest length of the present streak that was paid on top; 0 for none.

    `paid` has the length that was reached by a day, of the days that reached one.
    """
    greatest = 0
    for step in reversed(steps):
        greatest = max(greatest, paid.get(step.day, 0))
        if step.broken:
            break
    return greatest


def reached(before: int, after: int, paid: int) -> list[int]:
    """The lengths to be paid when a streak grows; those up to `paid` were before."""
    return [length for length in BONUSES if max(before, paid) < length <= after]
