"""Devices that act on one session at the same moment: it is paid once, and one session is open."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.focus.steps import START, attempt, minutes, start
from tests.gamification.soundness import assert_sound
from tests.support import Service, User

DEVICES = 16


async def test_completing_at_once_pays_once(service: Service, user: User) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(25))
    payloads = await asyncio.gather(
        *(
            attempt(service, user, "completeFocus", session_id, "award { xp coins }")
            for _ in range(DEVICES)
        )
    )
    assert [payload["errors"] for payload in payloads] == [[]] * DEVICES
    assert len({str(payload["session"]) for payload in payloads}) == 1
    paid = [payload["award"] for payload in payloads if payload["award"] is not None]
    assert paid == [{"xp": 25, "coins": 5}]
    await assert_sound(service, user)
    entries = await service.owner.fetchval(
        "SELECT count(*) FROM points_ledger WHERE user_id = $1 AND event_type = 'focus_complete'",
        user.id,
    )
    assert entries == 1
    assert (await service.outbox(user)).count("focus.completed") == 1


async def test_completing_and_abandoning_at_once_does_one_of_both(
    service: Service, user: User
) -> None:
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(25))
    payloads = await asyncio.gather(
        *(
            attempt(service, user, ("completeFocus", "abandonFocus")[turn % 2], session_id)
            for turn in range(DEVICES)
        )
    )
    ended = {each["session"]["status"] for each in payloads if each["session"]}
    refused = {each["errors"][0]["code"] for each in payloads if each["errors"]}
    assert len(ended) == 1
    assert refused == {"WRONG_STATE"}
    assert sum(1 for each in payloads if each["session"]) == DEVICES // 2


async def test_starting_at_once_leaves_one_open(service: Service, user: User) -> None:
    async def begin() -> Any:
        given = {"input": {"durationSeconds": 1500}}
        return (await service.ask(START, given, user)).data["startFocus"]

    payloads = await asyncio.gather(*(begin() for _ in range(DEVICES)))
    assert [payload["errors"] for payload in payloads] == [[]] * DEVICES
    started = {payload["session"]["id"] for payload in payloads}
    left = {each["abandonedSession"]["id"] for each in payloads if each["abandonedSession"]}
    assert (len(started), len(left)) == (DEVICES, DEVICES - 1)
    now = await service.ask("{ activeFocusSession { id } }", None, user)
    assert {now.data["activeFocusSession"]["id"]} == started - left
