"""Examples of the operations of rewards."""

from __future__ import annotations

from tests.examples import Example, Given, mutate
from tests.support import Service, User


async def a_reward(service: Service, user: User) -> Given:
    """Something was earned, so that there are sums to read."""
    quest = (await mutate(service, user, "createQuest", title="Write it down"))["quest"]
    await mutate(service, user, "acceptQuest", id=quest["id"])
    await mutate(service, user, "completeQuest", id=quest["id"])
    return {}


EXAMPLES = {"gamification": Example(a_reward), "viewer": Example(a_reward)}
