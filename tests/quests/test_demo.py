"""The demo user's quests, own and universal, show every state that there is."""

from __future__ import annotations

from typing import Any

import pytest

from app import demo
from tests.gamification.soundness import assert_sound
from tests.support import Service, User, moment

NOW = "2026-04-01T05:10:00+00:00"
QUERY = """
{
  quests(first: 100) { nodes { status progress target repeatFrequency } }
  universalQuests { key myProgress { status progress timesCompleted } }
}
"""


@pytest.fixture
async def robin(service: Service) -> User:
    service.clock.set(moment(NOW))
    await demo.ensure(service.owner, service.clock.now())
    settings = service.app.state.executor.settings
    token = await demo.fresh_token(service.owner, settings, service.clock.now())
    return User(demo.USER_ID, demo.EMAIL, token)


async def test_quests_in_every_state(service: Service, robin: User) -> None:
    shown: Any = (await service.ask(QUERY, None, robin)).data
    quests = shown["quests"]["nodes"]
    # What is completed is paid: own quests are never merely claimed.
    states = {"AVAILABLE", "ACTIVE", "COMPLETED", "ABANDONED", "EXPIRED"}
    assert {each["status"] for each in quests} == states
    counting = [each for each in quests if each["target"] > 1]
    assert counting == [
        {"status": "ACTIVE", "progress": 1, "target": 3, "repeatFrequency": "DAILY"}
    ]
    progress = {each["key"]: each["myProgress"] for each in shown["universalQuests"]}
    assert progress["daily_focus"] == {"status": "ACTIVE", "progress": 0, "timesCompleted": 0}
    done = progress["habit_check"]
    assert (done["status"], done["timesCompleted"]) == ("COMPLETED", 0)
    assert done["progress"] >= 1
    claimed = progress["first_steps"]
    assert (claimed["status"], claimed["timesCompleted"]) == ("CLAIMED", 1)
    assert progress["open_mind"] is None
    await assert_sound(service, robin)
