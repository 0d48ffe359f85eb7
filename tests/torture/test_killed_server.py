"""A server that is killed in the middle of many writes: none is lost, none is done by half."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from tests.gamification.soundness import assert_sound
from tests.support import Database
from tests.torture.checks import halves, lost
from tests.torture.conftest import Tally
from tests.torture.rounds import rounds
from tests.torture.servers import ServerProcess, client, eventually, quiet
from tests.torture.writers import Writer

USERS = 3
WRITERS_OF_EACH = 2


@rounds(3, 30)
async def test_killed_server(database: Database, log: Path, count: int, tally: Tally) -> None:
    """Acknowledged writes stay; unanswered ones, repeated as they were, are done exactly once."""
    chance = random.Random(7)
    written = repeated = 0
    missing: list[object] = []
    halved: list[str] = []
    server = await ServerProcess.start(database, log)
    try:
        async with client(database, server.address) as service:
            for _ in range(count):
                users = [await service.make_user() for _ in range(USERS)]
                writers = [Writer(user) for user in users for _ in range(WRITERS_OF_EACH)]
                working = [asyncio.create_task(w.work_until_cut_off(service)) for w in writers]
                await _at_work(writers, chance.randint(10, 40))
                await asyncio.sleep(chance.uniform(0, 0.03))
                await server.kill()
                await asyncio.gather(*working)
                await quiet(service.owner)
                ids = [user.id for user in users]
                for each in writers:
                    missing += await lost(service.owner, each.user.id, each.acknowledged)
                halved += await halves(service.owner, ids)

                server = await ServerProcess.start(database, log)
                service.client.base_url = f"http://{server.address}"
                for each in writers:
                    repeated += await each.repeat(service)
                    missing += await lost(service.owner, each.user.id, each.acknowledged)
                    written += len(each.acknowledged)
                halved += await halves(service.owner, ids)
                for user in users:
                    await assert_sound(service, user)
        await server.stop()
    finally:
        await server.kill()
        tally(
            rounds=count,
            writes_acknowledged=written,
            unanswered_and_repeated=repeated,
            lost=len(missing),
            half=len(halved),
        )
    assert missing == []
    assert halved == []
    assert written > 10 * count
    assert repeated == count * USERS * WRITERS_OF_EACH


async def _at_work(writers: Sequence[Writer], acknowledged: int) -> None:
    """Wait until so many writes of all of them were acknowledged."""

    async def enough() -> bool:
        return sum(len(writer.acknowledged) for writer in writers) >= acknowledged

    await eventually(enough, "the writers write nothing")
