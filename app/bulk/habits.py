"""Habits of demo users with the days on which they were done."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.gamification.streaks import StreakType
from app.habits import rules, streaks
from app.habits.actions import habits as actions
from app.habits.events import HabitCompleted, HabitCreated
from app.habits.streaks import HabitFrequency, Schedule

_SCHEDULES = (
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.WEEKLY, 3),
    Schedule(HabitFrequency.CUSTOM, weekdays=(0, 2, 4)),
)


def write(life: Life) -> list[UUID]:
    """The habits; returns their ids."""
    names = life.person.random.sample(texts.HABITS, life.some(life.person.weight.habits))
    return [_habit(life, *name, place) for place, name in enumerate(names, 1)]


def _habit(life: Life, name: str, icon: str, color: str, place: int) -> UUID:
    habit_id, schedule = life.id(), life.one(_SCHEDULES)
    zeal = life.person.random.uniform(0.5, 0.95)
    done = [day for day in life.days if schedule.is_due(day.date) and life.chance(zeal)]
    steps = streaks.walk(schedule, [day.date for day in done])
    before = paid = 0
    for day, step in zip(done, steps, strict=True):
        if step.broken:
            paid = 0
        reached = max(streaks.reached(before, step.length, paid), default=0)
        _complete(life, habit_id, day, step.length, reached)
        before, paid = step.length, max(paid, reached)
    stands = streaks.standing(schedule, steps)
    made = life.person.joined_at + timedelta(minutes=place)
    life.tell(made, habit_id, HabitCreated(name=name))
    life.put(
        "habits",
        id=habit_id,
        name=name,
        description=None,
        frequency=schedule.frequency,
        target_count=schedule.target,
        custom_days=schedule.weekdays or None,
        icon=icon,
        color=color,
        is_active=not life.chance(0.1),
        current_streak=stands.current,
        longest_streak=stands.longest,
        last_completed_date=stands.last_day,
        streak_until=stands.until,
        sort_order=place,
        created_at=made,
        updated_at=life.at(done[-1]) if done else made,
    )
    return habit_id


def _complete(life: Life, habit_id: UUID, day: Day, length: int, reached: int) -> None:
    """A day on which it was done; the one that reaches a length pays its bonus."""
    completion_id, at = life.id(), life.at(day, 1)
    life.put(
        "habit_completions",
        id=completion_id,
        habit_id=habit_id,
        completed_at=at,
        completed_date=day.date,
        notes=life.maybe(0.05, "Harder than usual."),
        streak_reached=reached,
        created_at=at,
    )
    facts = {"streak": length}
    earned = Earning(
        at,
        day.date,
        actions.EVENT,
        habit_id,
        f"habit:{habit_id}:{day.date}",
        rules.HABIT_XP,
        0,
        StreakType.HABIT,
        bonus_xp=reached,
        facts=facts,
    )
    life.timeline.append(earned)
    told = HabitCompleted(day=day.date, streak=length, xp=rules.HABIT_XP + reached, coins=0)
    life.tell(at, habit_id, told)
    if reached:
        # It pays nothing: achievements ask for it.
        key = f"habit_streak:{habit_id}:{day.date}"
        life.timeline.append(
            Earning(at, day.date, actions.STREAK_EVENT, habit_id, key, 0, 0, facts=facts)
        )
