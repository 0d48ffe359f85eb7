"""Habits change as their rules say, pay each day once, and leave their events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from app.core.clock import MovableClock
from tests.habits.examples import made
from tests.support import Database, Service, User, moment, running

COMPLETE = """
mutation ($input: CompleteHabitInput!) {
  completeHabit(input: $input) {
    habit { id currentStreak longestStreak lastCompletedDate isDoneToday doneThisWeek }
    award { xp coins level achievements { key } dailyStreak }
    errors { __typename code message path }
    query { gamification { totalXp coins } }
  }
}
"""
UNCOMPLETE = COMPLETE.replace("completeHabit", "uncompleteHabit").replace(
    "CompleteHabitInput", "UncompleteHabitInput"
)
READ = """
query ($id: ID!) {
  habit(id: $id) {
    name isActive currentStreak longestStreak lastCompletedDate isDueToday isDoneToday doneThisWeek
    recentCompletions { completedDate notes streakReached }
  }
}
"""
WEDNESDAY = "2026-04-01T09:00:00+00:00"


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock stands on a Wednesday morning."""
    clock = MovableClock(moment(WEDNESDAY))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def complete(service: Service, user: User, habit_id: str, date: str | None = None) -> Any:
    given = {"id": habit_id} | ({"date": date} if date else {})
    return (await service.ask(COMPLETE, {"input": given}, user)).data["completeHabit"]


async def uncomplete(service: Service, user: User, habit_id: str, date: str | None = None) -> Any:
    given = {"id": habit_id} | ({"date": date} if date else {})
    return (await service.ask(UNCOMPLETE, {"input": given}, user)).data["uncompleteHabit"]


async def read(service: Service, user: User, habit_id: str) -> Any:
    return (await service.ask(READ, {"id": habit_id}, user)).data["habit"]


async def ledger(service: Service, user: User, event: str = "habit_complete") -> list[int]:
    """The XP of a user's entries of a type, in order."""
    rows = await service.owner.fetch(
        "SELECT xp FROM points_ledger WHERE user_id = $1 AND event_type = $2 "
        "ORDER BY created_at, idempotency_key",
        user.id,
        event,
    )
    return [row["xp"] for row in rows]


async def test_a_habit_is_made_done_and_taken_back(service: Service, user: User) -> None:
    habit_id = await made(service, user)

    done = await complete(service, user, habit_id)

    assert done["errors"] == []
    assert done["habit"] == {
        "id": habit_id,
        "currentStreak": 1,
        "longestStreak": 1,
        "lastCompletedDate": "2026-04-01",
        "isDoneToday": True,
        "doneThisWeek": 1,
    }
    assert (done["award"]["xp"], done["award"]["coins"]) == (5, 0)
    back = await uncomplete(service, user, habit_id)
    assert back["award"]["xp"] == -5
    assert back["habit"] == {
        "id": habit_id,
        "currentStreak": 0,
        "longestStreak": 0,
        "lastCompletedDate": None,
        "isDoneToday": False,
        "doneThisWeek": 0,
    }
    events = [each for each in await service.outbox(user) if each.startswith("habit.")]
    assert events == ["habit.created", "habit.completed", "habit.uncompleted"]


async def test_a_day_pays_once_until_it_is_taken_back(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    first = await complete(service, user, habit_id)
    again = await complete(service, user, habit_id)
    assert again["award"] is None
    assert again["habit"] == first["habit"]
    for _ in range(2):
        assert (await uncomplete(service, user, habit_id))["award"]["xp"] == -5
        assert (await uncomplete(service, user, habit_id))["award"] is None
        assert (await complete(service, user, habit_id))["award"]["xp"] == 5
    assert sum(await ledger(service, user)) == 5
    assert len(await ledger(service, user)) == 5
