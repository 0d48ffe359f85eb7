"""Habits of the demo user: of every kind of schedule, kept, missed, archived, done today or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from app.core import outbox, sql
from app.core.transaction import Tx
from app.habits.actions import habits as actions
from app.habits.events import HabitArchived, HabitCreated
from app.habits.streaks import HabitFrequency, Schedule

SQL = sql.load("habits")
_DAILY = Schedule(HabitFrequency.DAILY)


@dataclass(frozen=True, slots=True)
class _Idea:
    """A habit, and on which days it is done: `does` is asked for the day and how far back it is."""

    name: str
    icon: str
    color: str
    schedule: Schedule
    does: Callable[[date, int], bool]
    notes: str | None = None
    archived_back: int | None = None
    """How many days ago it was archived."""


_IDEAS = (
    _Idea("Drink a glass of water", "droplet", "#3b82f6", _DAILY, lambda _, _back: True),
    # A week's gap, and not done today yet: the streak still stands.
    _Idea("Read before bed", "book", "#8b5cf6", _DAILY, lambda _, back: 0 < back < 10 or back > 16),
    # Missed since the day before yesterday: the streak is broken.
    _Idea("Meditate", "leaf", "#10b981", _DAILY, lambda _, back: back > 2 and back % 5 != 0),
    _Idea(
        "Go for a run",
        "foot",
        "#ef4444",
        Schedule(HabitFrequency.WEEKLY, 2),
        lambda day, _: day.weekday() in (1, 5),
        "Two laps.",
    ),
    _Idea(
        "Practise the piano",
        "music",
        "#ec4899",
        Schedule(HabitFrequency.CUSTOM, weekdays=(0, 2, 4)),
        lambda day, _: day.weekday() in (0, 2, 4),
    ),
    _Idea(
        "Learn ten words", "pencil", "#f59e0b", _DAILY, lambda _, back: back > 12, archived_back=12
    ),
)


def habit_id(user_id: UUID, place: int) -> UUID:
    """The id of the habit at a place, from 1."""
    return uuid5(user_id, f"habit:{place}")


async def make(tx: Tx) -> None:
    """Make all habits, on the user's first day."""
    for place, idea in enumerate(_IDEAS, 1):
        row_id = habit_id(tx.user_id, place)
        await SQL["habit_create"].run(
            tx,
            user_id=tx.user_id,
            id=row_id,
            name=idea.name,
            description=None,
            frequency=idea.schedule.frequency,
            target_count=idea.schedule.target,
            custom_days=list(idea.schedule.weekdays) or None,
            icon=idea.icon,
            color=idea.color,
            now=tx.now,
        )
        outbox.put(tx, row_id, HabitCreated(name=idea.name))


async def live(tx: Tx, back: int) -> None:
    """What becomes of the habits on a day that is so many days back."""
    for place, idea in enumerate(_IDEAS, 1):
        row_id = habit_id(tx.user_id, place)
        if idea.archived_back == back:
            await SQL["habit_set_active"].run(
                tx, user_id=tx.user_id, id=row_id, is_active=False, now=tx.now
            )
            outbox.put(tx, row_id, HabitArchived())
        elif idea.does(tx.today, back):
            await actions.complete(tx, row_id, tx.today, idea.notes)


async def make_up(tx: Tx) -> None:
    """A day that was forgotten is marked later."""
    await actions.complete(tx, habit_id(tx.user_id, 3), tx.today - timedelta(days=5), "Forgot it.")
