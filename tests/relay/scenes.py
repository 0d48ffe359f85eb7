"""A long scene: writers that never pause, relays that are killed, a database that restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from app.core.db import Endpoint, Pool
from app.core.errors import Unavailable
from tests.relay.helpers import (
    PATIENCE,
    RelayProcess,
    eventually,
    make_user,
    pooled,
    read,
    stored,
    waiting,
    write,
)
from tests.relay.tally import Tally, tally


@asynccontextmanager
async def writing(api: Pool, users: list[UUID], seed: int) -> AsyncGenerator[None]:
    """Write transactions of all the users side by side, for as long as the block lasts.

    While the database is away a writer tries again; what became of its transaction is open.
    """
    stop = asyncio.Event()

    async def writer(number: int, user_id: UUID) -> None:
        random = Random(seed * 1000 + number)
        while not stop.is_set():
            try:
                await write(api, user_id, random.randint(1, 6), gap=lambda: random.random() / 200)
            except Unavailable:
                await asyncio.sleep(0.1)
            await asyncio.sleep(random.random() / 20)

    writers = [asyncio.create_task(writer(*each)) for each in enumerate(users)]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*writers)


async def torment(
    name: str,
    *,
    owner_url: str,
    api: Endpoint,
    relay: Endpoint,
    path: Path,
    kills: int,
    backlog: int,
    between: Callable[[], Awaitable[Any]] | None = None,
) -> Tally:
    """Kill a relay so many times at any moment of its work, while events are written.

    `between` happens each time before the kill, while everyone is at work.
    """
    random = Random(name)
    owner = await asyncpg.connect(owner_url)
    users = [await make_user(owner) for _ in range(4)]
    await owner.close()
    async with pooled(api, 6) as pool:
        for number in range(backlog // 20):
            await write(pool, users[number % 4], events=20)
        async with writing(pool, users, kills):
            for _ in range(kills):
                with RelayProcess(relay, path) as process:
                    await process.delivers()
                    if between is not None:
                        await between()
                        await process.delivers()
                    # Many kills are to come between the writing of a batch and its mark.
                    await asyncio.sleep(random.random() * 0.2)
                    await process.delivers()
                    await asyncio.sleep(random.random() * 0.005)
        owner = await asyncpg.connect(owner_url)
        try:
            with RelayProcess(relay, path) as process:

                async def all_marked() -> bool:
                    assert process.process.poll() is None, process.words()
                    return await waiting(owner) == 0

                async with asyncio.timeout(PATIENCE * 4):
                    await eventually(all_marked)
                await process.stop()
            rows = [(row["id"], row["user_id"], row["seq"]) for row in await stored(owner)]
        finally:
            await owner.close()
    return tally(name, kills, rows, read(path))
