"""Repeatable quests open again in the next period and keep a streak."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.clock import MovableClock
from app.quests.rules import QuestRepeat, period_name, streak_after
from tests.quests.test_mutations import COMPLETE, UNCOMPLETE, accepted
from tests.support import Database, Service, User, moment, running

READ = """
query ($id: ID!) {
  quest(id: $id) { status progress streakCount completedAt repeatFrequency }
}
"""


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock stands on a Wednesday morning."""
    clock = MovableClock(moment("2026-04-01T09:00:00+00:00"))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def read(service: Service, user: User, quest_id: str) -> Any:
    return (await service.ask(READ, {"id": quest_id}, user)).data["quest"]


async def complete(service: Service, user: User, quest_id: str) -> Any:
    return (await service.ask(COMPLETE, {"input": {"id": quest_id}}, user)).data["completeQuest"]


async def test_a_daily_quest_opens_again_the_next_day_and_is_paid_again(
    service: Service, user: User
) -> None:
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    for day in range(3):
        done = await complete(service, user, quest_id)
        assert done["award"]["xp"] == 50
        seen = await read(service, user, quest_id)
        assert (seen["status"], seen["streakCount"]) == ("COMPLETED", day + 1)
        service.clock.advance(timedelta(days=1))
        seen = await read(service, user, quest_id)
        assert (seen["status"], seen["progress"], seen["completedAt"]) == ("ACTIVE", 0, None)
        assert seen["streakCount"] == day + 1


async def test_a_missed_period_ends_the_streak(service: Service, user: User) -> None:
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    await complete(service, user, quest_id)
    service.clock.advance(timedelta(days=2))
    assert (await read(service, user, quest_id))["streakCount"] == 0
    await complete(service, user, quest_id)
    assert (await read(service, user, quest_id))["streakCount"] == 1


async def test_a_weekly_quest_opens_on_monday(service: Service, user: User) -> None:
    quest_id = await accepted(service, user, repeatFrequency="WEEKLY")
    await complete(service, user, quest_id)
    service.clock.set(moment("2026-04-05T23:59:00+00:00"))
    assert (await read(service, user, quest_id))["status"] == "COMPLETED"
    service.clock.set(moment("2026-04-06T00:00:00+00:00"))
    assert (await read(service, user, quest_id))["status"] == "ACTIVE"


async def test_taking_back_recounts_the_streak_from_the_ledger(
    service: Service, user: User
) -> None:
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    await complete(service, user, quest_id)
    service.clock.advance(timedelta(days=1))
    await complete(service, user, quest_id)
    await service.ask(UNCOMPLETE, {"input": {"id": quest_id}}, user)
    seen = await read(service, user, quest_id)
    assert (seen["status"], seen["streakCount"]) == ("ACTIVE", 1)
    done = await complete(service, user, quest_id)
    assert done["award"]["xp"] == 50
    assert (await read(service, user, quest_id))["streakCount"] == 2


async def test_the_day_is_the_users_own(service: Service) -> None:
    """At 03:00 in Rome with a day start of four it is still yesterday."""
    user = await service.make_user(timezone="Europe/Rome", day_start_hour=4)
    service.clock.set(moment("2026-04-01T20:00:00+00:00"))
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    await complete(service, user, quest_id)
    service.clock.set(moment("2026-04-02T01:59:00+00:00"))
    assert (await read(service, user, quest_id))["status"] == "COMPLETED"
    service.clock.set(moment("2026-04-02T02:00:00+00:00"))
    assert (await read(service, user, quest_id))["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("repeat", "dates", "length"),
    [
        (QuestRepeat.DAILY, ["2026-03-30", "2026-03-31", "2026-04-01"], 3),
        (QuestRepeat.DAILY, ["2026-03-30", "2026-04-01"], 1),
        (QuestRepeat.WEEKLY, ["2026-12-30", "2027-01-05"], 2),
        (QuestRepeat.MONTHLY, ["2027-12-31", "2028-01-01", "2028-02-29"], 3),
        (QuestRepeat.MONTHLY, ["2027-11-30", "2028-01-01"], 1),
        (None, ["2026-03-30"], 0),
        (QuestRepeat.DAILY, [], 0),
    ],
)
def test_streaks_count_periods_in_a_row(
    repeat: QuestRepeat | None, dates: list[str], length: int
) -> None:
    assert streak_after([date.fromisoformat(day) for day in dates], repeat) == length


@pytest.mark.parametrize(
    ("repeat", "day", "name"),
    [
        (None, "2026-04-01", "once"),
        (QuestRepeat.DAILY, "2026-04-01", "2026-04-01"),
        (QuestRepeat.WEEKLY, "2027-01-03", "2026-12-28"),
        (QuestRepeat.MONTHLY, "2028-02-29", "2028-02-01"),
    ],
)
def test_names_of_periods(repeat: QuestRepeat | None, day: str, name: str) -> None:
    assert period_name(date.fromisoformat(day), repeat) == name
