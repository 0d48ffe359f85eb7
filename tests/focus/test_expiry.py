"""A session reads as expired from the very moment on at which its time has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.focus.steps import attempt, minutes, read, start
from tests.support import Service, User

TICK = timedelta(microseconds=1)
STEPS = ["pauseFocus", "resumeFocus", "completeFocus", "abandonFocus"]
LIST = """
query ($status: FocusStatus) { focusSessions(filter: { status: $status }) { nodes { id } } }
"""


async def listed(service: Service, user: User, status: str) -> list[Any]:
    answer = await service.ask(LIST, {"status": status}, user)
    return [node["id"] for node in answer.data["focusSessions"]["nodes"]]


async def status_of(service: Service, user: User, session_id: str) -> str:
    return (await read(service, user, session_id))["status"]


async def test_it_expires_at_twice_the_planned_length(service: Service, user: User) -> None:
    session_id = await start(service, user, 1500)
    assert (await read(service, user, session_id))["expiresAt"] == "2026-04-01T09:50:00Z"
    service.clock.advance(minutes(50) - TICK)
    assert await status_of(service, user, session_id) == "ACTIVE"
    assert await listed(service, user, "ACTIVE") == [session_id]
    service.clock.advance(TICK)
    assert await status_of(service, user, session_id) == "EXPIRED"
    assert await listed(service, user, "ACTIVE") == []
    assert await listed(service, user, "EXPIRED") == [session_id]


async def test_it_expires_when_it_was_paused_for_over_an_hour(service: Service, user: User) -> None:
    session_id = await start(service, user, 7200)
    service.clock.advance(minutes(30))
    paused = await attempt(service, user, "pauseFocus", session_id)
    assert paused["session"]["expiresAt"] == "2026-04-01T10:30:00Z"
    service.clock.advance(minutes(60))
    assert await status_of(service, user, session_id) == "PAUSED"
    service.clock.advance(TICK)
    seen = await read(service, user, session_id)
    assert (seen["status"], seen["activeSeconds"]) == ("EXPIRED", 1800)


async def test_a_pause_does_not_put_the_end_off(service: Service, user: User) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(20))
    await attempt(service, user, "pauseFocus", session_id)
    service.clock.advance(minutes(29))
    await attempt(service, user, "resumeFocus", session_id)
    service.clock.advance(minutes(1))
    assert await status_of(service, user, session_id) == "EXPIRED"


async def test_resuming_after_exactly_an_hour_is_not_too_late(service: Service, user: User) -> None:
    session_id = await start(service, user, 7200)
    await attempt(service, user, "pauseFocus", session_id)
    service.clock.advance(minutes(60))
    resumed = await attempt(service, user, "resumeFocus", session_id)
    assert resumed["session"]["status"] == "ACTIVE"
    service.clock.advance(minutes(120))
    done = await attempt(service, user, "completeFocus", session_id)
    assert done["session"]["activeSeconds"] == 7200


@pytest.mark.parametrize("step", STEPS)
async def test_what_has_expired_takes_no_step(service: Service, user: User, step: str) -> None:
    session_id = await start(service, user, 60)
    service.clock.advance(minutes(2))
    events = await service.outbox(user)
    refused = await attempt(service, user, step, session_id)
    assert refused["session"] is None
    assert refused["errors"] == [
        {
            "__typename": "ConflictError",
            "code": "SESSION_EXPIRED",
            "message": "This session has expired; start another one.",
            "path": ["id"],
        }
    ]
    assert await service.outbox(user) == events
    sums = await service.ask("{ gamification { totalXp } }", None, user)
    assert sums.data["gamification"]["totalXp"] == 0


async def test_a_tick_before_its_end_it_is_completed_in_full(service: Service, user: User) -> None:
    session_id = await start(service, user, 60)
    service.clock.advance(minutes(2) - TICK)
    done = await attempt(service, user, "completeFocus", session_id)
    assert (done["session"]["status"], done["session"]["xpAwarded"]) == ("COMPLETED", 5)
