"""Examples of the operations of quests."""

from __future__ import annotations

from uuid import uuid4

from tests.examples import Example, Given, mutate
from tests.support import Service, User

ONCE = {"award": "what a quest pays is told by the call that completed it or took it back"}


async def a_new_quest(_service: Service, _user: User) -> Given:
    return {
        "title": "Write it down",
        "description": "In the blue book.",
        "category": "mind",
        "difficulty": "HARD",
        "target": 1,
        "expiresAt": "2999-12-31T12:00:00+02:00",
        "uuid": str(uuid4()),
    }


async def a_quest(service: Service, user: User) -> Given:
    made = await mutate(service, user, "createQuest", title="Write it down")
    return {"id": made["quest"]["id"]}


async def a_changed_quest(service: Service, user: User) -> Given:
    return {**await a_quest(service, user), "title": "Write it up", "difficulty": "EPIC"}


async def a_quest_under_way(service: Service, user: User) -> Given:
    quest = await a_quest(service, user)
    await mutate(service, user, "acceptQuest", **quest)
    return quest


async def a_completed_quest(service: Service, user: User) -> Given:
    quest = await a_quest_under_way(service, user)
    await mutate(service, user, "completeQuest", **quest)
    return quest


async def quests(service: Service, user: User, count: int) -> Given:
    """Quests that were copied from a universal one, so that the relation is read too."""
    for _ in range(count):
        await a_quest(service, user)
    source = await service.owner.fetchval(
        """
        INSERT INTO universal_quests (key, title, type, xp_reward, coin_reward, target, target_type)
        VALUES ($1, 'Daily Focus', 'daily', 50, 10, 25, 'focus_minutes') RETURNING id
        """,
        uuid4().hex,
    )
    await service.owner.execute(
        "UPDATE user_quests SET source_quest_id = $1 WHERE user_id = $2", source, user.id
    )
    return {}


EXAMPLES = {
    "quest": Example(a_quest),
    "quests": Example(rows=quests),
    "createQuest": Example(a_new_quest),
    "updateQuest": Example(a_changed_quest),
    "deleteQuest": Example(a_quest),
    "acceptQuest": Example(a_quest),
    "completeQuest": Example(a_quest_under_way, first_only=ONCE),
    "uncompleteQuest": Example(a_completed_quest, first_only=ONCE),
}
