"""Marking a day of a habit as done, and taking the mark back, inside a caller's transaction."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.core import outbox, sql, together
from app.core.errors import NotFound, WrongState
from app.core.sql import Row
from app.core.together import Part
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
REASON = "habit_uncompleted"
HABITS_COMPLETED = "habits_completed"
PERFECT_DAYS = "perfect_habit_days"


def _state(tx: Tx, habit_id: UUID, day: date) -> Part:
    return together.part(SQL["habit_state"], user_id=tx.user_id, id=habit_id, day=day)


async def habit_in(tx: Tx, habit_id: UUID) -> Row:
    """The habit with all its days, read under the user's clock; `NotFound` without one."""
    (rows,) = await together.read(tx, _state(tx, habit_id, tx.today))
    return _only(rows)


def _only(rows: Sequence[Row]) -> Row:
    if not rows:
        raise NotFound("You have no habit with this id.", "id")
    return rows[0]


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
    key = _key(habit_id, day)
    rows, (state,), running = await together.read(
        tx,
        _state(tx, habit_id, day),
        gamification.state(tx, EVENT, habit_id, [key]),
        quests.running(tx, HABITS_COMPLETED, PERFECT_DAYS),
    )
    habit = _only(rows)
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
    tx.later(
        SQL["completion_add"],
        1,
        user_id=tx.user_id,
        id=uuid4(),
        habit_id=habit_id,
        day=day,
        notes=notes,
        streak_reached=max(lengths, default=0),
        now=tx.now,
    )
    _move(tx, habit_id, after)
    facts = {"streak": after.current}
    reward = Reward(
        EVENT,
        habit_id,
        key,
        rules.HABIT_XP,
        0,
        bonus_xp=sum(lengths),
        streak=StreakType.HABIT,
        facts=facts,
        day=day,
    )
    paid = await gamification.award(tx, reward, state)
    if lengths:
        paid = _both(paid, await _tell_streak(tx, habit_id, day, facts))
    perfect = _perfects(habit, schedule, day)
    await quests.count(tx, paid, running, day=day, habits_completed=1, perfect_habit_days=perfect)
    told = HabitCompleted(day=day, streak=after.current, xp=paid.xp, coins=paid.coins)
    outbox.put(tx, habit_id, told)
    return paid


def _key(habit_id: UUID, day: date) -> str:
    return f"habit:{habit_id}:{day}"


def _streak_key(habit_id: UUID, day: date) -> str:
    return f"habit_streak:{habit_id}:{day}"


def _lengths_to_pay(habit: Row, before: Standing, after: Standing, steps: list[Step]) -> list[int]:
    """The lengths that the streak reaches now.

    What was paid in it stays paid, however its days come and go.
    """
    paid = dict(zip(habit["days_done"], habit["streaks_reached"], strict=True))
    return streaks.reached(before.current, after.current, streaks.paid_length(steps, paid))


async def _tell_streak(tx: Tx, habit_id: UUID, day: date, facts: dict[str, int]) -> Awarded:
    """An event that pays nothing: achievements ask for it."""
    key = _streak_key(habit_id, day)
    return await gamification.award(
        tx, Reward(STREAK_EVENT, habit_id, key, 0, 0, facts=facts, day=day)
    )


def _both(paid: Awarded, told: Awarded) -> Awarded:
    """What both events come to."""
    return replace(
        told,
        xp=paid.xp,
        coins=paid.coins,
        levels_gained=paid.levels_gained + told.levels_gained,
        achievements=(*paid.achievements, *told.achievements),
    )


def _move(tx: Tx, habit_id: UUID, standing: Standing) -> None:
    tx.later(
        SQL["habit_move"],
        1,
        user_id=tx.user_id,
        id=habit_id,
        now=tx.now,
        **streak_columns(standing),
    )


async def uncomplete(tx: Tx, habit_id: UUID, day: date) -> tuple[bool, Reversed | None]:
    """Take the mark of a day back, with what it paid; whether there was one, and what was taken.

    Raises `NotFound`. The day is the caller's to check.
    """
    rows, running = await together.read(
        tx,
        _state(tx, habit_id, day),
        quests.running(tx, HABITS_COMPLETED, PERFECT_DAYS),
    )
    habit = _only(rows)
    done = list[date](habit["days_done"])
    if day not in done:
        return False, None
    reached: int = habit["streaks_reached"][done.index(day)]
    done.remove(day)
    schedule = schedule_of(habit)
    after = streaks.standing(schedule, streaks.walk(schedule, done))
    if reached:
        key = _streak_key(habit_id, day)
        await gamification.reverse(tx, STREAK_EVENT, habit_id, key, REASON)
    taken = await gamification.reverse(tx, EVENT, habit_id, _key(habit_id, day), REASON)
    tx.later(SQL["completion_remove"], 1, user_id=tx.user_id, habit_id=habit_id, day=day)
    _move(tx, habit_id, after)
    if taken is not None:
        perfect = _perfects(habit, schedule, day)
        await quests.count(
            tx, taken, running, day=day, habits_completed=-1, perfect_habit_days=-perfect
        )
    xp, coins = (taken.xp, taken.coins) if taken else (0, 0)
    outbox.put(tx, habit_id, HabitUncompleted(day=day, streak=after.current, xp=xp, coins=coins))
    return True, taken


def _perfects(habit: Row, schedule: Schedule, day: date) -> int:
    """1 where this habit is the last that makes the day perfect: all that are due on it are done.

    A weekly habit is due on no certain day.
    """
    counts = schedule.frequency != HabitFrequency.WEEKLY and schedule.is_due(day)
    return int(habit["is_active"] and counts and habit["others_open"] == 0)
