"""Writers and relays in random order of their steps: each user's events stay in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import astuple
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.core.clock import MovableClock
from app.core.db import Pool
from app.relay.destinations import RefusedError
from app.relay.envelope import CloudEvent
from tests.quests.test_mutations import CREATE
from tests.relay.helpers import Recorder, relaying, settings, stored, waiting, write
from tests.relay.tally import Tally, tally
from tests.support import Database, Service, User, running

SHORT = pytest.param(12, id="short")
LONG = pytest.param(200, id="long", marks=pytest.mark.torture)


@pytest.fixture(scope="module")
async def service(database: Database) -> AsyncGenerator[Service]:
    async with running(database, api_pool_size=6) as started:
        yield started


async def write_at_random(service: Service, user: User, random: Random) -> None:
    """A few changes of one user: some through the service's own door, some of many events."""
    api = service.app.state.databases.api
    for _ in range(3):
        await asyncio.sleep(random.random() / 200)
        if random.random() < 0.3:
            answer = await service.ask(CREATE, {"input": {"title": "At random"}}, user)
            assert answer.data["createQuest"]["errors"] == []
        else:
            await write(api, user.id, random.randint(1, 9), gap=lambda: random.random() / 300)


class Fickle(Recorder):
    """A destination that is away now and then, and refuses one event in ten for the moment."""

    def __init__(self, arrived: list[bytes], random: Random) -> None:
        super().__init__()
        self.lines = arrived
        self._random = random

    async def put(self, event: CloudEvent) -> None:
        await asyncio.sleep(self._random.random() / 2000)
        chance = self._random.random()
        if chance < 0.02:
            raise ConnectionResetError("gone for a moment")
        if chance < 0.1:
            raise RefusedError("not this one, not now")
        await super().put(event)


async def interleave(service: Service, users: list[User], relay_pool: Pool, seed: int) -> Tally:
    """Several writers of each user beside relays that follow each other."""
    random = Random(seed)
    clock = MovableClock()
    arrived: list[bytes] = []
    await service.owner.execute("DELETE FROM outbox")

    async def write_everything() -> None:
        writers = [write_at_random(service, user, Random(random.random())) for user in users * 2]
        await asyncio.gather(*writers)

    async def relay(seconds: float) -> None:
        chosen = settings(relay_batch=random.choice([1, 2, 7, 50]), relay_poll=0.001)
        async with relaying(relay_pool, Fickle(arrived, random), chosen, clock):
            await asyncio.sleep(seconds)
            # What was refused is tried again in the next turn.
            clock.advance(timedelta(hours=1))

    written = asyncio.create_task(write_everything())
    while not written.done() or await waiting(service.owner):
        await relay(random.random() / 20)
    await written

    rows = await stored(service.owner)
    assert {row["dead_at"] for row in rows} == {None}
    return tally(
        "interleavings", 0, [(row["id"], row["user_id"], row["seq"]) for row in rows], arrived
    )


@pytest.mark.parametrize("count", [SHORT, LONG])
async def test_order_survives_every_interleaving(
    service: Service, relay_pool: Pool, note: Any, count: int
) -> None:
    users = [await service.make_user() for _ in range(3)]
    results = [await interleave(service, users, relay_pool, seed) for seed in range(count)]
    for result in results:
        result.check()
        assert result.written > 18
    sums = [sum(column) for column in zip(*(astuple(each)[2:] for each in results), strict=True)]
    note(Tally(f"{count} interleavings", 0, *sums))
    # The order is told by ts_utc_ms, which the reading goes by, as by seq.
    assert await service.owner.fetchval(
        """
        SELECT bool_and(o.ts_utc_ms > o.before) FROM (
            SELECT ts_utc_ms, lag(ts_utc_ms, 1, 0::bigint) OVER (
                PARTITION BY user_id ORDER BY seq
            ) AS before FROM outbox
        ) AS o
        """
    )
