"""What habits pay: bonuses, boosts, shields, streaks, achievements and universal quests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from app.core import outbox, transaction
from app.core.clock import MovableClock
from app.core.transaction import Tx
from app.gamification import actions as gamification
from tests.examples import mutate
from tests.habits.examples import added, made, set_out
from tests.habits.test_habits import (
    WEDNESDAY,
    complete,
    ledger,
    read,
    uncomplete,
)
from tests.quests.test_universal import accept, offered, progress
from tests.support import Database, Service, User, moment, running

STREAKS = "{ gamification { streaks { type current } } }"
AT_ONCE = 16


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock stands on a Wednesday morning."""
    clock = MovableClock(moment(WEDNESDAY))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def within(service: Service, user: User, work: Callable[[Tx], Awaitable[Any]]) -> None:
    """Do something in a writing transaction of the user's."""
    pool = service.app.state.databases.api
    async with transaction.opened(pool, user.id, service.clock.now()) as tx:
        await transaction.take_clock(tx)
        await work(tx)
        await outbox.flush(tx)


async def streak(service: Service, user: User, kind: str) -> int:
    answer = await service.ask(STREAKS, None, user)
    found = {each["type"]: each["current"] for each in answer.data["gamification"]["streaks"]}
    return found[kind]


async def days_in_a_row(service: Service, user: User, habit_id: str, count: int) -> list[int]:
    """What a habit pays on each of some days, today the last."""
    paid: list[int] = []
    for number in range(count):
        if number:
            service.clock.advance(timedelta(days=1))
        paid.append((await complete(service, user, habit_id))["award"]["xp"])
    return paid


async def test_lengths_of_the_streak_pay_on_top(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    paid = await days_in_a_row(service, user, habit_id, 15)
    assert paid == [5] * 6 + [12] + [5] * 6 + [19] + [5]
    seen = await read(service, user, habit_id)
    assert seen["recentCompletions"][1]["streakReached"] == 14


async def test_a_day_made_up_for_pays_the_length_that_it_closes(
    service: Service, user: User
) -> None:
    habit_id = await made(service, user)
    for back in (0, 1, 2, 4, 5, 6):
        day = service.clock.now().date() - timedelta(days=back)
        assert (await complete(service, user, habit_id, day.isoformat()))["award"]["xp"] == 5
    closing = await complete(service, user, habit_id, "2026-03-29")
    assert (closing["award"]["xp"], closing["habit"]["currentStreak"]) == (12, 7)


async def test_a_length_is_not_paid_twice_in_a_streak(service: Service, user: User) -> None:
    """However days are taken back and marked again, before or after the one that was paid."""
    habit_id = await made(service, user)
    await days_in_a_row(service, user, habit_id, 8)
    for day in ("2026-04-03", "2026-04-01", "2026-04-08"):
        assert (await uncomplete(service, user, habit_id, day))["award"]["xp"] == -5
        assert (await complete(service, user, habit_id, day))["award"]["xp"] == 5
    assert (await uncomplete(service, user, habit_id, "2026-04-07"))["award"]["xp"] == -12
    assert (await complete(service, user, habit_id, "2026-04-07"))["award"]["xp"] == 12
    assert sum(await ledger(service, user)) == 8 * 5 + 7
    assert len(await ledger(service, user, "habit_streak")) == 3


async def test_a_boost_multiplies_the_day_and_not_the_bonus(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    await days_in_a_row(service, user, habit_id, 6)
    service.clock.advance(timedelta(days=1))
    await within(service, user, lambda tx: gamification.start_boost(tx, Decimal("1.5"), 1))
    assert (await complete(service, user, habit_id))["award"]["xp"] == 7 + 7
    assert (await uncomplete(service, user, habit_id))["award"]["xp"] == -14


async def test_a_shield_covers_the_day_that_was_missed(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    await within(service, user, lambda tx: gamification.add_shields(tx, 1))
    await days_in_a_row(service, user, habit_id, 2)
    service.clock.advance(timedelta(days=2))
    done = await complete(service, user, habit_id)
    assert done["award"]["dailyStreak"] == 3
    assert await streak(service, user, "HABIT") == 3
    left = await service.owner.fetchval(
        "SELECT streak_shields FROM user_progress WHERE user_id = $1", user.id
    )
    assert left == 0
    # The habit itself was not done on that day.
    assert done["habit"]["currentStreak"] == 1
    service.clock.advance(timedelta(days=2))
    assert (await complete(service, user, habit_id))["award"]["dailyStreak"] == 1


async def test_the_streak_of_habits_moves_once_a_day(service: Service, user: User) -> None:
    one, other = await made(service, user), await made(service, user)
    await complete(service, user, one)
    await complete(service, user, other)
    assert await streak(service, user, "HABIT") == 1
    await uncomplete(service, user, one)
    assert await streak(service, user, "HABIT") == 1
    await uncomplete(service, user, other)
    assert await streak(service, user, "HABIT") == 0


async def test_a_day_that_is_made_up_for_counts_as_if_it_had_been_done(
    service: Service, user: User
) -> None:
    """The same streaks come of the same days, in whichever order they were marked."""
    habit_id = await made(service, user)
    for date, habit, daily in (
        ("2026-03-30", 0, 0),  # two days ago: nothing stands
        ("2026-04-01", 1, 1),
        ("2026-03-31", 3, 3),
    ):
        await complete(service, user, habit_id, date)
        assert (await streak(service, user, "HABIT"), await streak(service, user, "DAILY")) == (
            habit,
            daily,
        )
    await uncomplete(service, user, habit_id, "2026-03-31")
    assert (await streak(service, user, "HABIT"), await streak(service, user, "DAILY")) == (1, 1)
    await complete(service, user, habit_id, "2026-03-31")
    assert (await streak(service, user, "HABIT"), await streak(service, user, "DAILY")) == (3, 3)


async def test_habits_earn_their_achievements(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    first = await complete(service, user, habit_id)
    assert [each["key"] for each in first["award"]["achievements"]] == ["first_habit"]
    service.clock.advance(timedelta(days=1))
    paid = await days_in_a_row(service, user, habit_id, 5)
    service.clock.advance(timedelta(days=1))
    seventh = await complete(service, user, habit_id)
    assert paid == [5] * 5
    assert "habit_streak_7" in [each["key"] for each in seventh["award"]["achievements"]]
    assert seventh["award"]["xp"] == 12


async def test_one_habit_moves_the_quest_of_the_day(service: Service, user: User) -> None:
    quest_id = await offered(service, 2, target_type="habits_completed")
    weekly = await offered(service, 9, "weekly", target_type="habits_completed")
    for each in (quest_id, weekly):
        await accept(service, user, each)
    one, other = await made(service, user), await made(service, user)
    await complete(service, user, one)
    assert (await progress(service, user, quest_id))["progress"] == 1
    # Yesterday counts in this week, but not today; the day before the week counts in neither.
    for day in ("2026-03-31", "2026-03-29"):
        await complete(service, user, one, day)
    assert (await progress(service, user, quest_id))["progress"] == 1
    assert (await progress(service, user, weekly))["progress"] == 2
    await complete(service, user, other)
    assert (await progress(service, user, quest_id))["status"] == "COMPLETED"
    await uncomplete(service, user, one, "2026-03-31")
    await uncomplete(service, user, other)
    assert (await progress(service, user, quest_id)) == {"status": "ACTIVE", "progress": 1}
    assert (await progress(service, user, weekly))["progress"] == 1


async def test_a_day_is_perfect_when_all_that_is_due_is_done(service: Service, user: User) -> None:
    quest_id = await offered(service, 5, "weekly", target_type="perfect_habit_days")
    await accept(service, user, quest_id)
    daily = await made(service, user)
    custom = await made(service, user, frequency="CUSTOM", customDays=["WEDNESDAY"])
    weekly = await made(service, user, frequency="WEEKLY", targetCount=2)
    archived = await made(service, user)
    await mutate(service, user, "archiveHabit", id=archived)

    async def perfect_days() -> int:
        return (await progress(service, user, quest_id))["progress"]

    await complete(service, user, weekly)
    await complete(service, user, daily)
    assert await perfect_days() == 0
    await complete(service, user, custom)
    assert await perfect_days() == 1
    await uncomplete(service, user, weekly)
    assert await perfect_days() == 1
    await complete(service, user, daily, "2026-03-31")
    assert await perfect_days() == 2
    await uncomplete(service, user, daily)
    assert await perfect_days() == 1
    await complete(service, user, daily)
    assert await perfect_days() == 2


async def test_milestones_and_goals_move_the_daily_streak(service: Service, user: User) -> None:
    goal_id = await set_out(service, user)
    milestone = await added(service, user, goal_id)
    done = await mutate(service, user, "completeMilestone", id=milestone)
    assert done["award"]["dailyStreak"] == 1
    assert await streak(service, user, "DAILY") == 1
    await mutate(service, user, "uncompleteMilestone", id=milestone)
    assert await streak(service, user, "DAILY") == 0


async def test_the_same_day_at_once_is_paid_once(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    answers = await asyncio.gather(*(complete(service, user, habit_id) for _ in range(AT_ONCE)))
    assert all(answer["errors"] == [] for answer in answers)
    assert sum(answer["award"] is not None for answer in answers) == 1
    assert await ledger(service, user) == [5]
    rows = await service.owner.fetchval(
        "SELECT count(*) FROM habit_completions WHERE user_id = $1", user.id
    )
    assert rows == 1


async def test_days_that_come_and_go_at_once_end_paid_as_they_are_marked(
    service: Service, user: User
) -> None:
    habit_id = await made(service, user)
    days = [f"2026-03-{number}" for number in range(25, 32)]
    calls = [
        call(service, user, habit_id, day)
        for day in days
        for call in (complete, uncomplete, complete, uncomplete)
    ]
    assert all(answer["errors"] == [] for answer in await asyncio.gather(*calls))
    row = await service.owner.fetchrow(
        """
        SELECT
            (SELECT count(*) FROM habit_completions WHERE user_id = $1) AS marked,
            (SELECT coalesce(sum(streak_reached), 0) FROM habit_completions WHERE user_id = $1)
                AS bonus,
            (SELECT sum(xp) FROM points_ledger
             WHERE user_id = $1 AND event_type = 'habit_complete') AS paid
        """,
        user.id,
    )
    assert row["paid"] == 5 * row["marked"] + row["bonus"]


async def test_several_servers_pay_a_day_once(database: Database) -> None:
    """The queue of one process does not know of the other's: the clock in the database does."""
    async with running(database) as one, running(database) as other:
        user = await one.make_user()
        habit_id = await made(one, user)
        calls = [complete(each, user, habit_id) for each in (one, other) for _ in range(8)]
        answers = await asyncio.gather(*calls)
        assert sum(answer["award"] is not None for answer in answers) == 1
        assert await ledger(one, user) == [5]


async def test_a_new_habit_with_the_uuid_of_a_deleted_one_pays_a_day_once(
    service: Service, user: User
) -> None:
    uuid = str(uuid4())
    habit_id = await made(service, user, uuid=uuid)
    await complete(service, user, habit_id)
    await mutate(service, user, "deleteHabit", id=habit_id)
    await service.owner.execute("DELETE FROM mutation_receipts WHERE user_id = $1", user.id)
    assert await made(service, user, uuid=uuid) == habit_id
    await complete(service, user, habit_id)
    assert await ledger(service, user) == [5]
