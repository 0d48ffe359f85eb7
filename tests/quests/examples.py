"""Examples of the operations of quests."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from app.core import ids
from tests.examples import Example, Given, mutate
from tests.support import Service, User

ONCE = {"award": "what a quest pays is told by the call that completed it or took it back"}


async def a_universal_row(service: Service, key: str = "doer") -> str:
    """A universal quest of the catalogue, the same for everybody; returns its global id."""
    row_id: UUID = await service.owner.fetchval(
        """
        INSERT INTO universal_quests (key, title, type, xp_reward, coin_reward, target, target_type)
        VALUES ($1, 'Doer', 'daily', 25, 5, 1, 'quests_completed')
        ON CONFLICT (key) DO UPDATE SET title = excluded.title RETURNING id
        """,
        key,
    )
    return ids.encode("UniversalQuest", row_id)


async def made(service: Service, user: User, **fields: Any) -> str:
    """A new quest; returns its global id."""
    payload = await mutate(service, user, "createQuest", title="Write it down", **fields)
    return payload["quest"]["id"]


async def a_new_quest(service: Service, _user: User) -> Given:
    return {
        "title": "Write it down",
        "description": "In the blue book.",
        "category": "mind",
        "difficulty": "HARD",
        "target": 1,
        "repeatFrequency": "WEEKLY",
        "expiresAt": "2999-12-31T12:00:00+02:00",
        "sourceQuestId": await a_universal_row(service),
        "uuid": str(uuid4()),
    }


async def a_quest(service: Service, user: User) -> Given:
    return {"id": await made(service, user)}


async def a_changed_quest(service: Service, user: User) -> Given:
    return {"id": await made(service, user), "title": "Write it up", "difficulty": "EPIC"}


async def a_new_order(service: Service, user: User) -> Given:
    return {"ids": [await made(service, user) for _ in range(3)][::-1]}


async def a_quest_under_way(service: Service, user: User) -> Given:
    quest = await a_quest(service, user)
    await mutate(service, user, "acceptQuest", **quest)
    return quest


async def a_step(service: Service, user: User) -> Given:
    quest_id = await made(service, user, target=10)
    await mutate(service, user, "acceptQuest", id=quest_id)
    return {"id": quest_id, "delta": 3, "idempotencyKey": uuid4().hex}


async def a_completed_quest(service: Service, user: User) -> Given:
    quest = await a_quest_under_way(service, user)
    await mutate(service, user, "completeQuest", **quest)
    return quest


async def quests(service: Service, user: User, count: int) -> Given:
    """Quests that were copied from a universal one, so that the relation is read too."""
    source = await a_universal_row(service)
    for _ in range(count):
        await made(service, user, sourceQuestId=source)
    return {}


async def a_universal_quest(service: Service, _user: User) -> Given:
    return {"id": await a_universal_row(service)}


async def a_completed_universal_quest(service: Service, user: User) -> Given:
    """Accepted, then moved by an own quest that is completed."""
    quest = await a_universal_quest(service, user)
    await mutate(service, user, "acceptUniversalQuest", **quest)
    await a_completed_quest(service, user)
    return quest


async def universal_quests(service: Service, user: User, count: int) -> Given:
    """Universal quests that the user has accepted, so that the progress is read too."""
    for _ in range(count):
        row_id = await a_universal_row(service, uuid4().hex)
        await mutate(service, user, "acceptUniversalQuest", id=row_id)
    return {}


async def an_event(service: Service, user: User) -> Given:
    await made(service, user)
    return {"since": 0}


EXAMPLES = {
    "quest": Example(a_quest),
    "quests": Example(rows=quests),
    "universalQuests": Example(rows=universal_quests),
    "questChanged": Example(an_event),
    "createQuest": Example(a_new_quest),
    "updateQuest": Example(a_changed_quest),
    "reorderQuests": Example(a_new_order),
    "deleteQuest": Example(a_quest),
    "acceptQuest": Example(a_quest),
    "progressQuest": Example(a_step),
    "abandonQuest": Example(a_quest_under_way),
    "completeQuest": Example(a_quest_under_way, first_only=ONCE),
    "uncompleteQuest": Example(a_completed_quest, first_only=ONCE),
    "acceptUniversalQuest": Example(a_universal_quest),
    "claimUniversalQuest": Example(a_completed_universal_quest, first_only=ONCE),
}
