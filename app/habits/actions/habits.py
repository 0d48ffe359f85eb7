"""Marking a day of a habit as done, and taking the mark back, inside a caller's transaction."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.core import outbox, sql
from app.core.errors import NotFound, WrongState
from app.core.sql import Row
from app.core.transaction import Tx
from app.gamification import actions as gamification
from app.gamification.actions import Awarded, Reversed, Reward
from app.gamification.streaks import StreakType
from app.habits import rules, streaks
from app.habits.events import HabitCompleted, HabitUncompleted
from app.habits.streaks import HabitFrequency, Schedule, Standing, Step
from app.quests import actions as quests

SQL = sql.load("habits")
EVENT = "habit_complete"
STREAK_EVENT = "habit_streak"


async def habit_in(tx: Tx, habit_id: UUID, day: date) -> Row:
    """The habit with all its days, read under the user's clock; `NotFound` without one.

    `day` is the one for which it tells what else is due.
    """
    row = await SQL["habit_state"].maybe(tx, user_id=tx.user_id, id=habit_id, day=day)
    if row is None:
        raise NotFound("You have no habit with this id.", "id")
    return row


def schedule_of(habit: Row | Mapping[str, Any]) -> Schedule:
    """The schedule in a habit's columns."""
    return Schedule(
        HabitFrequency(habit["frequency"]),  # pyright: ignore[reportCallIssue]
        habit["target_count"],
        tuple(habit["custom_days"] or ()),
    )


def streak_columns(standing: Standing) -> dict[str, Any]:
    """What a habit stores of its streak."""
    return {
        "current_streak": standing.current,
        "longest_streak": standing.longest,
        "last_completed_date": standing.last_day,
        "streak_until": standing.until,
    }


async def complete(tx: Tx, habit_id: UUID, day: date, notes: str | None = None) -> Awarded | None:
    """Mark a day of a habit as done and pay it; None when it was done before.

    Raises `NotFound`, and `WrongState` for an archived habit. The day is the caller's to check.
    """
    habit = await habit_in(tx, habit_id, day)
    done = list[date](habit["days_done"])
    if day in done:
        return None
    if not habit["is_active"]:
        raise WrongState("This habit is archived; unarchive it first.", "id")
    schedule = schedule_of(habit)
    before = streaks.standing(schedule, streaks.walk(schedule, done))
    insort(done, day)
    steps = streaks.walk(schedule, done)
    after = streaks.standing(schedule, steps)
    lengths = _lengths_to_pay(habit, before, after, steps)
    paid = await _pay(tx, habit_id, day, after.current, lengths)
    written = await SQL["habit_complete"].one(
        tx,
        user_id=tx.user_id,
        completion_id=uuid4(),
        id=habit_id,
        day=day,
        notes=notes,
        streak_reached=max(lengths, default=0),
        now=tx.now,
        **streak_columns(after),
    )
    _check(written)
    perfect = _perfects(habit, schedule, day)
    await quests.count(tx, paid, day=day, habits_completed=1, perfect_habit_days=perfect)
    told = HabitCompleted(day=day, streak=after.current, xp=paid.xp, coins=paid.coins)
    outbox.put(tx, habit_id, told)
    return paid


def _lengths_to_pay(habit: Row, before: Standing, after: Standing, steps: list[Step]) -> list[int]:
    """The lengths that the streak reaches now; what was paid in it stays paid, however its days
    come and go.
    """
    paid = dict(zip(habit["days_done"], habit["streaks_reached"], strict=True))
    return streaks.reached(before.current, after.current, streaks.paid_length(steps, paid))


async def _pay(tx: Tx, habit_id: UUID, day: date, streak: int, lengths: list[int]) -> Awarded:
    """Pay the day, and on top the lengths of the streak that it reaches."""
    facts = {"streak": streak}
    paid = await gamification.award(
        tx,
        Reward(
            EVENT,
            habit_id,
            f"habit:{habit_id}:{day}",
            rules.HABIT_XP,
            0,
            bonus_xp=sum(lengths),
            streak=StreakType.HABIT,
            facts=facts,
            day=day,
        ),
    )
    if not lengths:
        return paid
    # It pays nothing: achievements ask for it.
    key = f"habit_streak:{habit_id}:{day}"
    told = await gamification.award(
        tx, Reward(STREAK_EVENT, habit_id, key, 0, 0, facts=facts, day=day)
    )
    return replace(
        told,
        xp=paid.xp,
        coins=paid.coins,
        levels_gained=paid.levels_gained + told.levels_gained,
        achievements=(*paid.achievements, *told.achievements),
    )


async def uncomplete(tx: Tx, habit_id: UUID, day: date) -> tuple[bool, Reversed | None]:
    """Take the mark of a day back, with what it paid; whether there was one, and what was taken.

    Raises `NotFound`. The day is the caller's to check.
    """
    habit = await habit_in(tx, habit_id, day)
    done = list[date](habit["days_done"])
    if day not in done:
        return False, None
    reached: int = habit["streaks_reached"][done.index(day)]
    done.remove(day)
    schedule = schedule_of(habit)
    after = streaks.standing(schedule, streaks.walk(schedule, done))
    if reached:
        key = f"habit_streak:{habit_id}:{day}"
        await gamification.reverse(tx, STREAK_EVENT, habit_id, key, "habit_uncompleted")
    key = f"habit:{habit_id}:{day}"
    taken = await gamification.reverse(tx, EVENT, habit_id, key, "habit_uncompleted")
    written = await SQL["habit_uncomplete"].one(
        tx, user_id=tx.user_id, id=habit_id, day=day, now=tx.now, **streak_columns(after)
    )
    _check(written)
    if taken is not None:
        perfect = _perfects(habit, schedule, day)
        await quests.count(tx, taken, day=day, habits_completed=-1, perfect_habit_days=-perfect)
    xp, coins = (taken.xp, taken.coins) if taken else (0, 0)
    outbox.put(tx, habit_id, HabitUncompleted(day=day, streak=after.current, xp=xp, coins=coins))
    return True, taken


def _perfects(habit: Row, schedule: Schedule, day: date) -> int:
    """1 where this habit is the last that makes the day perfect: all that are due on it are done.

    A weekly habit is due on no certain day.
    """
    counts = schedule.frequency != HabitFrequency.WEEKLY and schedule.is_due(day)
    return int(habit["is_active"] and counts and habit["others_open"] == 0)


def _check(written: Row) -> None:
    if (written["completion_rows"], written["habit_rows"]) != (1, 1):
        raise RuntimeError(f"the joined write touched other row counts than one each: {written}")
