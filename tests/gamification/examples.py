"""Examples of the operations of rewards."""

from __future__ import annotations

from uuid import uuid4

from app.core import ids
from tests.examples import Example, Given, mutate
from tests.support import Service, User


async def earned(service: Service, user: User) -> str:
    """Something earned by a quest; returns the quest's global id."""
    quest = (await mutate(service, user, "createQuest", title="Write it down"))["quest"]
    await mutate(service, user, "acceptQuest", id=quest["id"])
    await mutate(service, user, "completeQuest", id=quest["id"])
    return quest["id"]


async def a_reward(service: Service, user: User) -> Given:
    await earned(service, user)
    return {}


async def achievements(service: Service, _user: User, count: int) -> Given:
    """Achievements of the catalogue that nobody comes near."""
    for _ in range(count):
        await service.owner.execute(
            """
            INSERT INTO achievement_definitions (key, name, category, trigger_type, trigger_config)
            VALUES ($1, 'Library', 'reading', 'threshold', $2)
            """,
            uuid4().hex,
            {"event": "book_complete", "count": 1_000},
        )
    return {}


async def ledger_entries(service: Service, user: User, count: int) -> Given:
    """Payments that were taken back, so that the relation is read too."""
    for _ in range(count):
        await mutate(service, user, "uncompleteQuest", id=await earned(service, user))
    return {}


async def a_correction(service: Service, _user: User) -> Given:
    owner = await service.make_user()
    return {
        "userId": ids.encode("User", owner.id),
        "xp": 30,
        "coins": 10,
        "reason": "A lost reward.",
        "idempotencyKey": uuid4().hex,
    }


async def an_entry_to_reverse(service: Service, _user: User) -> Given:
    owner = await service.make_user()
    await earned(service, owner)
    entry = await service.owner.fetchval(
        "SELECT id FROM points_ledger WHERE user_id = $1", owner.id
    )
    return {
        "userId": ids.encode("User", owner.id),
        "entryId": ids.encode("PointsEntry", entry),
        "reason": "Paid by mistake.",
    }


async def a_spoiled_wallet(service: Service, _user: User) -> Given:
    owner = await service.make_user()
    await earned(service, owner)
    await service.owner.execute(
        "UPDATE user_wallet SET coins = coins + 7, total_earned = total_earned + 7 "
        "WHERE user_id = $1",
        owner.id,
    )
    return {"userId": ids.encode("User", owner.id)}


async def a_payment(service: Service, user: User) -> Given:
    await earned(service, user)
    return {"since": 0}


async def a_level(service: Service, user: User) -> Given:
    """A hundred XP, which is the second level."""
    for _ in range(2):
        await earned(service, user)
    return {"since": 0}


async def an_unlocked_achievement(service: Service, user: User) -> Given:
    await service.owner.execute(
        """
        INSERT INTO achievement_definitions (key, name, category, trigger_type, trigger_config)
        VALUES ('first_quest', 'Setting out', 'quests', 'event', $1) ON CONFLICT (key) DO NOTHING
        """,
        {"event": "quest_complete", "count": 1},
    )
    return await a_payment(service, user)


EXAMPLES = {
    "viewer": Example(a_reward),
    "gamification": Example(a_reward),
    "achievements": Example(rows=achievements),
    # The open achievements, the streaks, and the events that their conditions count.
    "nextAchievement": Example(a_reward, statements=3),
    "pointsLedger": Example(rows=ledger_entries),
    "walletChanged": Example(a_payment),
    "levelReached": Example(a_level),
    "achievementUnlocked": Example(an_unlocked_achievement),
    "adjustPoints": Example(a_correction),
    "reversePoints": Example(
        an_entry_to_reverse,
        first_only={"award": "what was taken back is told by the call that took it"},
    ),
    "reconcileLedger": Example(
        a_spoiled_wallet,
        first_only={"comparison": "the first call sets right what the next one compares"},
    ),
}
