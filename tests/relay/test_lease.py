"""The lease: one relay is active, another takes over, and who lost it publishes nothing more."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.core.db import Pool, Role
from app.relay.envelope import CloudEvent
from app.relay.lease import Lease
from tests.relay.helpers import (
    Recorder,
    RelayProcess,
    eventually,
    make_user,
    pooled,
    read,
    relaying,
    settings,
    stored,
    waiting,
    write,
)
from tests.relay.tally import tally
from tests.support import Database

pytestmark = pytest.mark.sql


async def test_one_has_it_at_a_time(owner: Any, relay_pool: Pool) -> None:
    first, second = Lease(relay_pool, 60), Lease(relay_pool, 60)
    assert not first.is_held()
    assert await first.take()
    assert not await second.take()
    assert await first.renew()
    assert (first.is_held(), second.is_held()) == (True, False)
    # It has ended by the database's clock: the next to ask has it.
    await owner.execute("UPDATE projection_state SET leased_until = now() - interval '1 ms'")
    assert await second.take()
    assert not await first.renew()
    assert (first.is_held(), second.is_held()) == (False, True)


async def test_its_end_is_known_without_the_database(owner: Any, relay_pool: Pool) -> None:
    lease = Lease(relay_pool, 0.2)
    assert await lease.take()
    until = await owner.fetchval("SELECT leased_until - now() FROM projection_state")
    assert lease.is_held()
    await asyncio.sleep(until.total_seconds())
    assert not lease.is_held()


async def test_it_is_renewed_and_given_back(owner: Any, relay_pool: Pool) -> None:
    mine, other = Lease(relay_pool, 0.3), Lease(relay_pool, 0.3)
    assert await mine.take()
    async with mine.renewed():
        for _ in range(8):
            await asyncio.sleep(0.1)
            assert not await other.take()
        assert mine.is_held()
    assert not mine.is_held()
    assert await other.take()
    # Who gives back what another has by now changes nothing.
    async with mine.renewed():
        pass
    assert await other.renew()


async def steal(owner: Any) -> None:
    """What another relay does that finds the lease at its end."""
    await owner.execute(
        "UPDATE projection_state SET leased_by = 'thief', leased_until = now() + interval '1 hour'"
    )


async def test_a_lost_lease_stops_publishing_at_once(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user, events=10)
    recorder = Recorder()

    async def lose(_event: CloudEvent) -> None:
        if len(recorder.tries) == 3:
            await steal(owner)
            assert not await relay.lease.renew()

    recorder.before_put = lose
    async with relaying(relay_pool, recorder) as relay:

        async def lost() -> bool:
            return len(recorder.tries) >= 4

        await eventually(lost)
        await asyncio.sleep(0.1)
        assert len(recorder.tries) == 4
    assert recorder.ids == []
    assert await waiting(owner) == 10
    assert {row["attempts"] for row in await stored(owner)} == {0}
    assert await owner.fetchval("SELECT leased_by FROM projection_state") == "thief"


async def test_a_lease_that_is_lost_at_the_end_of_a_batch(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user, events=3)
    recorder = Recorder()

    async def lose(_event: CloudEvent) -> None:
        if len(recorder.tries) == 2:
            await steal(owner)
            assert not await relay.lease.renew()

    recorder.before_put = lose
    async with relaying(relay_pool, recorder) as relay:

        async def lost() -> bool:
            return len(recorder.tries) == 3

        await eventually(lost)
        await asyncio.sleep(0.1)
    assert recorder.ids == []


async def test_refusals_of_one_who_lost_the_lease_do_not_count(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user)
    recorder = Recorder()
    recorder.refused = {row["id"] for row in await stored(owner)}

    async def lose(_event: CloudEvent) -> None:
        await steal(owner)

    recorder.before_put = lose
    async with relaying(relay_pool, recorder):

        async def tried() -> bool:
            return len(recorder.tries) == 1

        await eventually(tried)
        await asyncio.sleep(0.1)
    assert [(row["attempts"], row["last_error"]) for row in await stored(owner)] == [(0, None)]


async def test_marks_of_one_who_lost_the_lease_are_refused(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    """It was lost after the last look: what was published stays unmarked, and comes again."""
    user = await make_user(owner)
    await write(api, user, events=5)
    ids = [row["id"] for row in await stored(owner)]
    recorder = Recorder()
    recorder.refused = {ids[4]}

    async def lose(event: CloudEvent) -> None:
        if event.id == ids[4] and not recorder.lines:
            await steal(owner)

    recorder.before_put = lose
    async with relaying(relay_pool, recorder):

        async def published() -> bool:
            return len(recorder.lines) == 4

        await eventually(published)
        await asyncio.sleep(0.1)
        assert len(recorder.lines) == 4
        assert {row["attempts"] for row in await stored(owner)} == {0}
        recorder.refused = set()
        await owner.execute("UPDATE projection_state SET leased_until = now() - interval '1 ms'")

        async def done() -> bool:
            return await waiting(owner) == 0

        await eventually(done)
    assert recorder.ids == ids[:4] + ids


async def test_one_that_was_held_up_past_its_lease_publishes_nothing_more(
    database: Database, owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user, events=10)
    recorder = Recorder()

    def take_over() -> None:
        """Wait for the end of the lease and take it, as another process would."""

        async def take() -> None:
            async with pooled(database.ways[Role.RELAY]) as pool:
                await eventually(Lease(pool, 60).take)

        asyncio.run(take())

    async def hold_up(_event: CloudEvent) -> None:
        if len(recorder.tries) == 3:
            # Nothing of this loop runs meanwhile, the renewal neither.
            with ThreadPoolExecutor(1) as other:
                other.submit(take_over).result()

    recorder.before_put = hold_up
    async with relaying(relay_pool, recorder, settings(relay_lease=0.3)):

        async def noticed() -> bool:
            return len(recorder.tries) >= 4

        await eventually(noticed)
        await asyncio.sleep(0.1)
    assert len(recorder.tries) == 4
    assert recorder.ids == []


async def test_another_process_takes_over(
    database: Database, owner: Any, api: Pool, tmp_path: Path
) -> None:
    """From one that is frozen, from one that was killed, and at once from one that ended well."""
    way = database.ways[Role.RELAY]
    user = await make_user(owner)
    one, two = tmp_path / "one", tmp_path / "two"
    await write(api, user, events=5)
    with RelayProcess(way, one) as first:
        await first.delivers()
        with RelayProcess(way, two) as second:
            await eventually(lambda: done(owner))
            first.signal(signal.SIGSTOP)
            await write(api, user, events=5)
            await second.delivers()
            first.signal(signal.SIGCONT)
            for _ in range(5):
                await write(api, user, events=5)
                await second.delivers()
            await eventually(lambda: done(owner))
            assert len(read(one)) == 5, "the first one went on after its lease had ended"
        await write(api, user, events=5)
        await first.delivers()
        await eventually(lambda: done(owner))

    # A lease that would last for a minute is given back at the end.
    three = tmp_path / "three"
    with RelayProcess(way, three, relay_lease=60) as third:
        await write(api, user, events=5)
        await third.delivers()
        await third.stop()
        with RelayProcess(way, three) as fourth:
            await write(api, user, events=5)
            await fourth.delivers()
            await eventually(lambda: done(owner))
            await fourth.stop()

    rows = [(row["id"], row["user_id"], row["seq"]) for row in await stored(owner)]
    begin, end = read(one)[:5], read(one)[5:]
    tally("take-over", 1, rows, [*begin, *read(two), *end, *read(three)]).check()


async def done(owner: Any) -> bool:
    """Whether nothing is left to deliver."""
    return await waiting(owner) == 0
