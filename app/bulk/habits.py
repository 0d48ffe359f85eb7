"""Habits of demo users with the days on which they were done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.core import days
from app.gamification.streaks import StreakType

BONUSES = frozenset({7, 14, 30, 60, 100, 365})
"""Lengths of a habit's own streak that pay as many XP on top."""
_PAYS = 5


class Schedule(NamedTuple):
    """When a habit is due: every day, so often a week, or on some weekdays (Monday is 0)."""

    frequency: str
    target: int = 1
    weekdays: tuple[int, ...] | None = None

    def is_due(self, day: date) -> bool:
        """Whether a day counts for it."""
        return self.weekdays is None or day.weekday() in self.weekdays


_SCHEDULES = (
    Schedule("daily"),
    Schedule("daily"),
    Schedule("daily"),
    Schedule("weekly", 3),
    Schedule("custom", weekdays=(0, 2, 4)),
)


def write(life: Life) -> list[UUID]:
    """The habits; returns their ids."""
    names = life.person.random.sample(texts.HABITS, life.some(life.person.weight.habits))
    return [_habit(life, *name, place) for place, name in enumerate(names, 1)]


def _habit(life: Life, name: str, icon: str, color: str, place: int) -> UUID:
    habit_id, schedule = life.id(), life.one(_SCHEDULES)
    zeal = life.person.random.uniform(0.5, 0.95)
    done = [day for day in life.days if schedule.is_due(day.date) and life.chance(zeal)]
    lengths = streaks(schedule, [day.date for day in done])
    for day, before, length in zip(done, [0, *lengths], lengths, strict=False):
        _complete(life, habit_id, day, length, reached=length > before)
    made = life.person.joined_at + timedelta(minutes=place)
    life.put(
        "habits",
        id=habit_id,
        name=name,
        description=None,
        frequency=schedule.frequency,
        target_count=schedule.target,
        custom_days=schedule.weekdays,
        icon=icon,
        color=color,
        is_active=not life.chance(0.1),
        current_streak=lengths[-1] if lengths else 0,
        longest_streak=max(lengths, default=0),
        last_completed_date=done[-1].date if done else None,
        sort_order=place,
        created_at=made,
        updated_at=life.at(done[-1]) if done else made,
    )
    return habit_id


def _complete(life: Life, habit_id: UUID, day: Day, length: int, *, reached: bool) -> None:
    """A day on which it was done; the one that reaches a length pays its bonus."""
    completion_id, at = life.id(), life.at(day, 1)
    life.put(
        "habit_completions",
        id=completion_id,
        habit_id=habit_id,
        completed_at=at,
        completed_date=day.date,
        notes=life.maybe(0.05, "Harder than usual."),
        created_at=at,
    )
    facts = {"streak": length}
    key = f"habit:{habit_id}:{day.date}"
    bonus = length if reached and length in BONUSES else 0
    life.timeline.append(
        Earning(
            at,
            day.date,
            "habit_complete",
            habit_id,
            key,
            _PAYS,
            0,
            StreakType.HABIT,
            bonus_xp=bonus,
            facts=facts,
        )
    )
    if bonus:
        # It pays nothing: achievements ask for it.
        key = f"habit_streak:{habit_id}:{day.date}"
        life.timeline.append(
            Earning(at, day.date, "habit_streak", habit_id, key, 0, 0, facts=facts)
        )


def streaks(schedule: Schedule, done: Sequence[date]) -> list[int]:
    """The habit's own streak after each of some days: in due days, or in weeks for a weekly one."""
    if schedule.frequency == "weekly":
        return _weeks(schedule.target, done)
    lengths: list[int] = []
    before: date | None = None
    for day in done:
        missed = before is None or any(
            schedule.is_due(before + timedelta(days=n)) for n in range(1, (day - before).days)
        )
        lengths.append(1 if missed else lengths[-1] + 1)
        before = day
    return lengths


def _weeks(target: int, done: Sequence[date]) -> list[int]:
    """Weeks in a row in which the target was reached, up to each of some days."""
    lengths: list[int] = []
    often = Counter[date]()
    reached: dict[date, int] = {}
    for day in done:
        week = days.week_start(day)
        often[week] += 1
        before = reached.get(week - timedelta(days=7), 0)
        if often[week] >= target:
            reached[week] = before + 1
        lengths.append(reached.get(week, before))
    return lengths
