"""Universal quests are moved by events, claimed once a period, and taken back with their event."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core import ids
from app.core.clock import MovableClock
from tests.quests.test_mutations import COMPLETE, UNCOMPLETE, accepted
from tests.support import Database, Service, User, moment, running

ACCEPT = """
mutation ($input: AcceptUniversalQuestInput!) {
  acceptUniversalQuest(input: $input) {
    universalQuest { key myProgress { status progress } }
    errors { code path message }
  }
}
"""
CLAIM = """
mutation ($input: ClaimUniversalQuestInput!) {
  claimUniversalQuest(input: $input) {
    universalQuest { myProgress { status progress timesCompleted } }
    award { xp coins }
    errors { code path message }
  }
}
"""
RETIRED = """
query ($id: ID!) {
  node(id: $id) { ... on UniversalQuest { isActive myProgress { status progress } } }
}
"""
LIST = "{ universalQuests { uuid key type myProgress { status progress } } }"


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock stands on a Wednesday morning."""
    clock = MovableClock(moment("2026-04-01T09:00:00+00:00"))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def offered(service: Service, target: int, kind: str = "daily", **columns: Any) -> str:
    """A universal quest that counts completed quests."""
    quest_id = await service.owner.fetchval(
        """
        INSERT INTO universal_quests (key, title, type, xp_reward, coin_reward, target, target_type)
        VALUES ($1, 'Do some', $2, 70, 7, $3, $4) RETURNING id
        """,
        uuid4().hex,
        kind,
        target,
        columns.get("target_type", "quests_completed"),
    )
    return str(quest_id)


async def accept(service: Service, user: User, quest_id: str) -> Any:
    answer = await service.ask(ACCEPT, {"input": {"id": quest_id}}, user)
    return answer.data["acceptUniversalQuest"]


async def claim(service: Service, user: User, quest_id: str) -> Any:
    answer = await service.ask(CLAIM, {"input": {"id": quest_id}}, user)
    return answer.data["claimUniversalQuest"]


async def progress(service: Service, user: User, quest_id: str) -> Any:
    listed = (await service.ask(LIST, None, user)).data["universalQuests"]
    return next(quest["myProgress"] for quest in listed if quest["uuid"] == quest_id)


async def complete_one(service: Service, user: User) -> str:
    own = await accepted(service, user, difficulty="EASY")
    await service.ask(COMPLETE, {"input": {"id": own}}, user)
    return own


async def test_events_move_an_accepted_quest_to_its_reward(service: Service, user: User) -> None:
    quest_id = await offered(service, 2)
    await complete_one(service, user)
    assert await progress(service, user, quest_id) is None
    assert (await accept(service, user, quest_id))["universalQuest"]["myProgress"] == {
        "status": "ACTIVE",
        "progress": 0,
    }
    await complete_one(service, user)
    early = await claim(service, user, quest_id)
    assert early["errors"][0]["code"] == "WRONG_STATE"
    await complete_one(service, user)
    assert (await progress(service, user, quest_id))["status"] == "COMPLETED"

    paid = await claim(service, user, quest_id)
    again = await claim(service, user, quest_id)

    assert paid["award"] == {"xp": 70, "coins": 7}
    assert again["award"] is None
    assert again["universalQuest"]["myProgress"] == {
        "status": "CLAIMED",
        "progress": 2,
        "timesCompleted": 1,
    }


async def test_a_daily_quest_begins_anew_and_is_claimed_once_a_day(
    service: Service, user: User
) -> None:
    quest_id = await offered(service, 1)
    await accept(service, user, quest_id)
    for _ in range(2):
        await complete_one(service, user)
        assert (await claim(service, user, quest_id))["award"]["xp"] == 70
        service.clock.advance(timedelta(days=1))
        assert await progress(service, user, quest_id) == {"status": "ACTIVE", "progress": 0}


async def test_a_monthly_quest_keeps_its_progress_through_the_month(
    service: Service, user: User
) -> None:
    quest_id = await offered(service, 5, "monthly")
    await accept(service, user, quest_id)
    await complete_one(service, user)
    service.clock.set(moment("2026-04-30T23:00:00+00:00"))
    await complete_one(service, user)
    assert (await progress(service, user, quest_id))["progress"] == 2
    service.clock.set(moment("2026-05-01T00:00:00+00:00"))
    assert (await progress(service, user, quest_id))["progress"] == 0


async def test_a_one_time_quest_is_claimed_once_for_ever(service: Service, user: User) -> None:
    quest_id = await offered(service, 1, "one_time")
    await accept(service, user, quest_id)
    await complete_one(service, user)
    await claim(service, user, quest_id)
    service.clock.advance(timedelta(days=60))
    await complete_one(service, user)
    assert (await claim(service, user, quest_id))["award"] is None
    assert (await progress(service, user, quest_id))["status"] == "CLAIMED"


async def test_a_reversal_takes_the_progress_back(service: Service, user: User) -> None:
    quest_id = await offered(service, 1)
    await accept(service, user, quest_id)
    own = await complete_one(service, user)
    await service.ask(UNCOMPLETE, {"input": {"id": own}}, user)
    assert await progress(service, user, quest_id) == {"status": "ACTIVE", "progress": 0}


async def test_streak_days_are_a_height_and_not_a_sum(service: Service, user: User) -> None:
    quest_id = await offered(service, 3, "monthly", target_type="streak_days")
    await accept(service, user, quest_id)
    for day in range(1, 4):
        await complete_one(service, user)
        await complete_one(service, user)
        assert (await progress(service, user, quest_id))["progress"] == day
        service.clock.advance(timedelta(days=1))
    assert (await progress(service, user, quest_id))["status"] == "COMPLETED"


async def test_a_claim_moves_the_streaks_quests_but_not_the_one_that_is_claimed(
    service: Service, user: User
) -> None:
    first = await offered(service, 1, "one_time", target_type="streak_days")
    longer = await offered(service, 3, "one_time", target_type="streak_days")
    for quest_id in (first, longer):
        await accept(service, user, quest_id)
    await complete_one(service, user)
    service.clock.advance(timedelta(days=1))
    claimed = await claim(service, user, first)
    assert claimed["award"] == {"xp": 70, "coins": 7}
    assert await progress(service, user, first) == {"status": "CLAIMED", "progress": 1}
    assert await progress(service, user, longer) == {"status": "ACTIVE", "progress": 2}


async def test_a_retired_quest_cannot_be_accepted(service: Service, user: User) -> None:
    quest_id = await offered(service, 1)
    await service.owner.execute(
        "UPDATE universal_quests SET is_active = false WHERE id = $1::text::uuid", quest_id
    )
    assert (await accept(service, user, quest_id))["errors"][0]["code"] == "WRONG_STATE"


async def test_a_quest_that_is_retired_later_is_shown_but_not_moved(
    service: Service, user: User
) -> None:
    quest_id = await offered(service, 2)
    await accept(service, user, quest_id)
    await complete_one(service, user)
    await service.owner.execute(
        "UPDATE universal_quests SET is_active = false WHERE id = $1::text::uuid", quest_id
    )
    await complete_one(service, user)
    found = await service.ask(RETIRED, {"id": ids.encode("UniversalQuest", UUID(quest_id))}, user)
    assert found.data["node"] == {
        "isActive": False,
        "myProgress": {"status": "ACTIVE", "progress": 1},
    }


async def test_an_unknown_quest_is_not_found(service: Service, user: User) -> None:
    assert (await accept(service, user, str(uuid4())))["errors"][0]["code"] == "NOT_FOUND"
    assert (await claim(service, user, str(uuid4())))["errors"][0]["code"] == "NOT_FOUND"
