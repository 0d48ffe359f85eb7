"""The demo user's habits and goals show every state that there is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from app import demo
from app.core.clock import MovableClock
from tests.support import Database, Service, User, moment, running

NOW = "2026-04-01T16:00:00+00:00"
SHOWN = """
{
  habits {
    nodes {
      name frequency isActive currentStreak longestStreak isDoneToday isDueToday
      recentCompletions { completedDate notes }
    }
  }
  goals { nodes { title status progress targetDate milestones { isCompleted } } }
  habitStats { activeHabits archivedHabits completions perfectDays }
}
"""


@pytest.fixture(scope="module")
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service with the demo user, on a Wednesday."""
    async with running(database, MovableClock(moment(NOW))) as started:
        await demo.ensure(started.owner, moment(NOW))
        yield started


@pytest.fixture(scope="module")
async def shown(service: Service) -> Any:
    settings = service.app.state.executor.settings
    token = await demo.fresh_token(service.owner, settings, moment(NOW))
    user = User(demo.USER_ID, demo.EMAIL, token)
    return (await service.ask(SHOWN, None, user)).data


def test_habits_of_every_kind(shown: Any) -> None:
    habits = shown["habits"]["nodes"]
    assert {each["frequency"] for each in habits} == {"DAILY", "WEEKLY", "CUSTOM"}
    assert {each["isActive"] for each in habits} == {True, False}
    active = [each for each in habits if each["isActive"]]
    assert {each["isDoneToday"] for each in active if each["isDueToday"]} == {True, False}
    standing = [each for each in active if not each["isDoneToday"] and each["currentStreak"]]
    broken = [each for each in active if each["longestStreak"] and not each["currentStreak"]]
    assert standing
    assert broken
    assert max(each["currentStreak"] for each in active) == demo.DAYS
    assert any(day["notes"] for each in active for day in each["recentCompletions"])


def test_goals_in_every_state(shown: Any) -> None:
    goals = shown["goals"]["nodes"]
    found = {(each["status"], bool(each["milestones"])) for each in goals}
    assert {status for status, _ in found} == {"ACTIVE", "PAUSED", "COMPLETED", "ABANDONED"}
    assert {("ACTIVE", False), ("ACTIVE", True), ("COMPLETED", False), ("COMPLETED", True)} <= found
    assert {each["progress"] for each in goals} == {0, 50, 100}
    assert {each["targetDate"] is None for each in goals} == {True, False}


def test_the_figures_are_lively(shown: Any) -> None:
    stats = shown["habitStats"]
    assert (stats["activeHabits"], stats["archivedHabits"]) == (5, 1)
    assert stats["completions"] > 50
    assert stats["perfectDays"] >= 1


async def test_all_of_it_is_paid(service: Service) -> None:
    unpaid = await service.owner.fetchval(
        """
        SELECT count(*) FROM habit_completions AS c WHERE c.user_id = $1 AND NOT EXISTS (
            SELECT FROM points_ledger AS l WHERE l.user_id = c.user_id
            AND l.event_id = c.habit_id AND l.local_date = c.completed_date
            AND l.event_type = 'habit_complete' AND l.xp = 5 + c.streak_reached
        )
        """,
        demo.USER_ID,
    )
    assert unpaid == 0
