"""Many users on few connections, requests cancelled half-way: no foreign row, nothing left."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from random import Random

import pytest

from tests.quests.test_mutations import CREATE
from tests.support import Database, Service, User, running

# graphql-core makes the coroutines of all fields before it awaits the first; a request that is
# cancelled in between leaves them unawaited, which harms nothing and only warns.
pytestmark = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

TITLES = "{ viewer { user { uuid } } quests(first: 50) { nodes { title } } }"


@pytest.fixture(scope="module")
async def service(database: Database) -> AsyncGenerator[Service]:
    async with running(database, api_pool_size=4) as started:
        yield started


async def test_twenty_users_on_four_connections_with_cancellations(service: Service) -> None:
    users = [await service.make_user() for _ in range(20)]
    ends = time.monotonic() + 4
    cancelled = checked = 0

    async def client(user: User, number: int) -> None:
        nonlocal cancelled, checked
        random = Random(number)
        while time.monotonic() < ends:
            if random.random() < 0.4:
                variables = {"input": {"title": f"of {user.id}"}}
                asked = asyncio.ensure_future(service.ask(CREATE, variables, user))
            else:
                asked = asyncio.ensure_future(service.ask(TITLES, None, user))
            if random.random() < 0.3:
                await asyncio.sleep(random.random() * 0.02)
                asked.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await asked
                cancelled += asked.cancelled()
                continue
            data = (await asked).data
            if "viewer" in data:
                assert data["viewer"]["user"]["uuid"] == str(user.id)
                assert {node["title"] for node in data["quests"]["nodes"]} <= {f"of {user.id}"}
                checked += 1

    await asyncio.gather(*(client(user, number) for number, user in enumerate(users)))

    assert cancelled >= 5
    assert checked >= 20
    pool = service.app.state.databases.api
    held = [await pool.acquire() for _ in range(4)]
    try:
        for connection in held:
            left = await connection.fetchval("SELECT current_setting('app.user_id', true)")
            assert left in (None, "")
            assert await connection.fetchval("SELECT count(*) FROM user_quests") == 0
            assert not connection.is_in_transaction()
    finally:
        for connection in held:
            await pool.release(connection)
