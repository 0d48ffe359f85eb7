"""Examples of the root fields that belong to no room."""

from __future__ import annotations

from tests.examples import Example, Given, mutate
from tests.support import Service, User


async def _quest_ids(service: Service, user: User, count: int) -> list[str]:
    made = [await mutate(service, user, "createQuest", title="Find me") for _ in range(count)]
    return [each["quest"]["id"] for each in made]


async def an_object(service: Service, user: User) -> Given:
    return {"id": (await _quest_ids(service, user, 1))[0]}


async def objects(service: Service, user: User, count: int) -> Given:
    return {"ids": await _quest_ids(service, user, count)}


EXAMPLES = {"node": Example(an_object), "nodes": Example(rows=objects)}
