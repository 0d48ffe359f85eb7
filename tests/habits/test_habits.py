"""Habits change as their rules say, pay each day once, and leave their events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest

from app.core.clock import MovableClock
from tests.examples import mutate
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


async def test_a_later_day_and_a_day_too_far_back_are_refused(service: Service, user: User) -> None:
    habit_id = await made(service, user)
    for call in (complete, uncomplete):
        for date in ("2026-04-02", "2026-03-24"):
            refused = await call(service, user, habit_id, date)
            assert refused["errors"][0]["code"] == "BAD_USER_INPUT"
            assert refused["errors"][0]["path"] == ["date"]
    assert (await complete(service, user, habit_id, "2026-03-25"))["award"]["xp"] == 5


async def test_the_day_is_the_users_own(service: Service) -> None:
    """At 03:00 in Rome with a day start of four it is still yesterday."""
    user = await service.make_user(timezone="Europe/Rome", day_start_hour=4)
    service.clock.set(moment("2026-04-02T01:00:00+00:00"))
    habit_id = await made(service, user)
    assert (await complete(service, user, habit_id, "2026-04-02"))["errors"] != []
    done = await complete(service, user, habit_id)
    assert done["habit"]["lastCompletedDate"] == "2026-04-01"
    service.clock.set(moment("2026-04-02T02:00:00+00:00"))
    assert (await complete(service, user, habit_id, "2026-04-02"))["award"]["xp"] == 5


async def test_a_missed_day_reads_as_0_and_what_was_missed_can_be_made_up_for(
    service: Service, user: User
) -> None:
    habit_id = await made(service, user)
    for date in ("2026-03-27", "2026-03-28", "2026-03-30"):
        await complete(service, user, habit_id, date)
    seen = await read(service, user, habit_id)
    assert (seen["currentStreak"], seen["longestStreak"]) == (0, 2)
    assert (await complete(service, user, habit_id, "2026-03-31"))["habit"]["currentStreak"] == 2
    filled = await complete(service, user, habit_id, "2026-03-29")
    assert (filled["habit"]["currentStreak"], filled["habit"]["longestStreak"]) == (5, 5)
    assert filled["habit"]["lastCompletedDate"] == "2026-03-31"
    torn = await uncomplete(service, user, habit_id, "2026-03-30")
    assert (torn["habit"]["currentStreak"], torn["habit"]["longestStreak"]) == (1, 3)
    days = await service.owner.fetch(
        "SELECT local_date FROM points_ledger WHERE user_id = $1 AND event_type = 'habit_complete'"
        " AND reverses_id IS NULL ORDER BY local_date",
        user.id,
    )
    assert [row["local_date"].day for row in days] == [27, 28, 29, 30, 31]


async def test_a_weekly_habit_counts_weeks(service: Service, user: User) -> None:
    habit_id = await made(service, user, frequency="WEEKLY", targetCount=2)
    await complete(service, user, habit_id, "2026-03-25")
    await complete(service, user, habit_id, "2026-03-27")
    assert (await read(service, user, habit_id))["currentStreak"] == 1
    one = await complete(service, user, habit_id, "2026-03-30")
    assert (one["habit"]["currentStreak"], one["habit"]["doneThisWeek"]) == (1, 1)
    assert (await read(service, user, habit_id))["isDueToday"] is True
    two = await complete(service, user, habit_id)
    assert (two["habit"]["currentStreak"], two["habit"]["doneThisWeek"]) == (2, 2)
    service.clock.set(moment("2026-04-03T09:00:00+00:00"))
    assert (await read(service, user, habit_id))["isDueToday"] is False
    service.clock.set(moment("2026-04-12T09:00:00+00:00"))
    assert (await read(service, user, habit_id))["currentStreak"] == 2
    service.clock.set(moment("2026-04-13T09:00:00+00:00"))
    assert (await read(service, user, habit_id))["currentStreak"] == 0


async def test_a_custom_habit_rests_between_its_days(service: Service, user: User) -> None:
    habit_id = await made(service, user, frequency="CUSTOM", customDays=["FRIDAY", "MONDAY"])
    for date in ("2026-03-27", "2026-03-30"):
        await complete(service, user, habit_id, date)
    seen = await read(service, user, habit_id)
    assert (seen["currentStreak"], seen["isDueToday"], seen["isDoneToday"]) == (2, False, False)
    extra = await complete(service, user, habit_id)
    assert (extra["award"]["xp"], extra["habit"]["currentStreak"]) == (5, 2)
    service.clock.set(moment("2026-04-03T23:00:00+00:00"))
    assert (await read(service, user, habit_id))["currentStreak"] == 2
    service.clock.set(moment("2026-04-04T00:00:00+00:00"))
    assert (await read(service, user, habit_id))["currentStreak"] == 0


async def test_another_schedule_counts_the_streak_anew(service: Service, user: User) -> None:
    habit_id = await made(service, user, frequency="WEEKLY", targetCount=3)
    for date in ("2026-03-30", "2026-03-31", "2026-04-01"):
        await complete(service, user, habit_id, date)
    assert (await read(service, user, habit_id))["currentStreak"] == 1
    changed = await mutate(service, user, "updateHabit", id=habit_id, frequency="DAILY")
    assert (changed["habit"]["targetCount"], changed["habit"]["currentStreak"]) == (1, 3)
    changed = await mutate(
        service, user, "updateHabit", id=habit_id, frequency="CUSTOM", customDays=["WEDNESDAY"]
    )
    assert changed["habit"]["customDays"] == ["WEDNESDAY"]
    assert changed["habit"]["currentStreak"] == 1
    again = await mutate(service, user, "updateHabit", id=habit_id, customDays=["WEDNESDAY"])
    assert again["habit"]["updatedAt"] == changed["habit"]["updatedAt"]


async def test_an_archived_habit_is_not_done_but_can_be_taken_back(
    service: Service, user: User
) -> None:
    habit_id = await made(service, user)
    await complete(service, user, habit_id)
    assert (await mutate(service, user, "archiveHabit", id=habit_id))["habit"]["isActive"] is False
    await mutate(service, user, "archiveHabit", id=habit_id)
    refused = await complete(service, user, habit_id, "2026-03-31")
    assert refused["errors"][0]["code"] == "WRONG_STATE"
    assert (await complete(service, user, habit_id))["errors"] == []
    assert (await uncomplete(service, user, habit_id))["award"]["xp"] == -5
    assert (await read(service, user, habit_id))["isDueToday"] is False
    await mutate(service, user, "unarchiveHabit", id=habit_id)
    assert (await complete(service, user, habit_id))["award"]["xp"] == 5
    events = [each for each in await service.outbox(user) if "archived" in each]
    assert events == ["habit.archived", "habit.unarchived"]


async def test_the_last_days_of_each_habit_come_with_it(service: Service, user: User) -> None:
    one, other = await made(service, user), await made(service, user)
    for day in range(25, 32):
        await complete(service, user, one, f"2026-03-{day}")
    await mutate(service, user, "completeHabit", id=one, notes="Tired.")
    await complete(service, user, other)
    listed = await service.ask(
        "{ habits { nodes { id recentCompletions { completedDate notes habit { id } } } } }",
        None,
        user,
    )
    first, second = listed.data["habits"]["nodes"]
    assert [each["completedDate"][-2:] for each in first["recentCompletions"]] == [
        "01", "31", "30", "29", "28", "27", "26",
    ]  # fmt: skip
    assert first["recentCompletions"][0] == {
        "completedDate": "2026-04-01",
        "notes": "Tired.",
        "habit": {"id": one},
    }
    assert len(second["recentCompletions"]) == 1


HISTORY = """
query ($from: Date!, $to: Date!, $habitId: ID, $first: Int, $after: String) {
  habitHistory(from: $from, to: $to, habitId: $habitId, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { completedDate habit { id } }
  }
}
"""


async def test_the_history_holds_the_days_asked_for_in_pages(service: Service, user: User) -> None:
    one, other = await made(service, user), await made(service, user)
    for day in ("2026-03-29", "2026-03-30", "2026-03-31"):
        await complete(service, user, one, day)
        await complete(service, user, other, day)
    given = {"from": "2026-03-30", "to": "2026-03-31", "first": 3}
    page = (await service.ask(HISTORY, given, user)).data["habitHistory"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (4, True)
    after = {**given, "after": page["pageInfo"]["endCursor"]}
    rest = (await service.ask(HISTORY, after, user)).data["habitHistory"]
    seen = [(each["completedDate"], each["habit"]["id"]) for each in page["nodes"] + rest["nodes"]]
    assert len(set(seen)) == 4
    assert [date for date, _ in seen] == ["2026-03-31"] * 2 + ["2026-03-30"] * 2
    mine = (await service.ask(HISTORY, {**given, "habitId": other}, user)).data["habitHistory"]
    assert {each["habit"]["id"] for each in mine["nodes"]} == {other}
    backwards = await service.ask(HISTORY, {"from": "2026-04-02", "to": "2026-04-01"}, user)
    assert backwards.codes == ["BAD_USER_INPUT"]


async def test_the_statistics_count_days_and_streaks(service: Service, user: User) -> None:
    service.clock.set(moment("2026-03-29T09:00:00+00:00"))
    daily = await made(service, user)
    custom = await made(service, user, frequency="CUSTOM", customDays=["MONDAY"])
    weekly = await made(service, user, frequency="WEEKLY", targetCount=1)
    gone = await made(service, user)
    await mutate(service, user, "archiveHabit", id=gone)
    service.clock.set(moment(WEDNESDAY))
    for habit_id, day in ((daily, 30), (custom, 30), (daily, 31), (weekly, 31)):
        await complete(service, user, habit_id, f"2026-03-{day}")
    query = """
    { habitStats(days: 4) {
        activeHabits archivedHabits bestCurrentStreak longestStreak completions due dueDone
        perfectDays days { date completions due dueDone isPerfect }
    } }
    """
    stats = (await service.ask(query, None, user)).data["habitStats"]
    days = stats.pop("days")
    assert stats == {
        "activeHabits": 3,
        "archivedHabits": 1,
        "bestCurrentStreak": 2,
        "longestStreak": 2,
        "completions": 4,
        "due": 5,
        "dueDone": 3,
        "perfectDays": 2,
    }
    assert [(d["date"][-2:], d["completions"], d["due"], d["dueDone"]) for d in days] == [
        ("29", 0, 1, 0),
        ("30", 2, 2, 2),
        ("31", 2, 1, 1),
        ("01", 0, 1, 0),
    ]
    assert [d["isPerfect"] for d in days] == [False, True, True, False]
    nothing = await service.ask("{ habitStats { completions days { due } } }", None, user)
    assert len(nothing.data["habitStats"]["days"]) == 30
    assert (await service.ask("{ habitStats(days: 121) { due } }", None, user)).codes == [
        "BAD_USER_INPUT"
    ]


async def test_a_deleted_habit_leaves_the_calendar_and_what_it_paid(
    service: Service, user: User
) -> None:
    habit_id = await made(service, user)
    await complete(service, user, habit_id)
    await service.owner.execute(
        "INSERT INTO calendar_events (user_id, title, event_type, start_time, habit_id) "
        "SELECT user_id, 'Stretch', 'habit', now(), id FROM habits WHERE user_id = $1",
        user.id,
    )
    gone = await mutate(service, user, "deleteHabit", id=habit_id)
    assert gone == await mutate(service, user, "deleteHabit", id=habit_id)
    assert gone["deletedId"] == habit_id
    assert await read(service, user, habit_id) is None
    assert await service.owner.fetchval(
        "SELECT habit_id IS NULL FROM calendar_events WHERE user_id = $1", user.id
    )
    sums = await service.ask("{ gamification { totalXp } }", None, user)
    assert sums.data["gamification"]["totalXp"] == 5 + await achievements_xp(service, user)


async def achievements_xp(service: Service, user: User) -> int:
    """The XP that achievements paid a user."""
    return sum(await ledger(service, user, "achievement"))


async def test_orders_filters_and_a_new_order(service: Service, user: User) -> None:
    names = ("one", "two", "three")
    made_ids = {name: await made(service, user, name=name) for name in names}
    await mutate(service, user, "archiveHabit", id=made_ids["two"])
    query = """
    query ($filter: HabitFilterInput, $orderBy: HabitOrder!) {
      habits(filter: $filter, orderBy: $orderBy) { nodes { name } }
    }
    """

    async def listed(order: str = "MANUAL", **wanted: object) -> list[str]:
        answer = await service.ask(query, {"filter": wanted, "orderBy": order}, user)
        return [each["name"] for each in answer.data["habits"]["nodes"]]

    assert await listed() == ["one", "two", "three"]
    assert await listed("NEWEST", isActive=True) == ["three", "one"]
    assert await listed(frequency="WEEKLY") == []
    new_order = [made_ids[name] for name in ("three", "one", "two")]
    await mutate(service, user, "reorderHabits", ids=new_order)
    assert await listed() == ["three", "one", "two"]
    answer = await service.ask(
        "mutation ($input: ReorderHabitsInput!) "
        "{ reorderHabits(input: $input) { errors { code path } } }",
        {"input": {"ids": new_order[:2]}},
        user,
    )
    assert answer.data["reorderHabits"]["errors"] == [{"code": "CONFLICT", "path": ["ids"]}]


async def test_a_uuid_of_the_client_makes_creating_repeatable(service: Service, user: User) -> None:
    uuid = str(uuid4())
    one = await mutate(service, user, "createHabit", name="Once", uuid=uuid)
    assert await mutate(service, user, "createHabit", name="Once", uuid=uuid) == one
    answer = await service.ask(
        "mutation ($input: CreateHabitInput!) "
        "{ createHabit(input: $input) { errors { code path } } }",
        {"input": {"name": "Twice", "uuid": uuid}},
        user,
    )
    assert answer.data["createHabit"]["errors"] == [{"code": "ID_CONFLICT", "path": ["uuid"]}]
