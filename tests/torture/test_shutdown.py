"""A server that is told to stop: it finishes what it has begun, takes on nothing new, and goes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.embedded import EmbeddedServer, accounts
from tests.embedded.conftest import temporary_home
from tests.embedded.helpers import servers_of
from tests.live import signed_in
from tests.quests.test_mutations import CREATE, created
from tests.support import Database, Service, User
from tests.torture.servers import ServerProcess, client, eventually, serving

QUESTS = "subscription { questChanged { seq } }"
VIEWER = "{ viewer { user { email } } }"


@asynccontextmanager
async def held(database: Database, user: User) -> AsyncGenerator[None]:
    """Holds the user's clock: as long as the block runs, no write of the user gets on."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", user.id)
            yield
    finally:
        await connection.close()


async def _waiting(service: Service, writes: int) -> None:
    """Wait until so many writes stand before a lock."""

    async def stand() -> bool:
        return writes == await service.owner.fetchval(
            """
            SELECT count(*) FROM pg_locks AS l INNER JOIN pg_stat_activity AS a ON l.pid = a.pid
            WHERE a.datname = current_database() AND NOT l.granted
            """
        )

    await eventually(stand, "the writes do not wait")


async def _refused(address: str) -> bool:
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}") as http:
            await http.get("/healthz")
    except httpx.ConnectError:
        return True
    return False


async def test_running_requests_are_answered(database: Database, log: Path) -> None:
    async with (
        serving(database, log, QUESTLINE_SHUTDOWN_GRACE="20") as server,
        client(database, server.address) as service,
    ):
        users = [await service.make_user() for _ in range(3)]
        async with signed_in(server.address, users[0]) as socket:
            await socket.subscribe(QUESTS)
            assert (await service.ask(VIEWER, None, users[0])).data["viewer"]
            async with held(database, users[0]), held(database, users[1]), held(database, users[2]):
                variables = {"input": {"title": "At the last moment"}}
                asked = [
                    asyncio.create_task(service.ask(CREATE, variables, user)) for user in users
                ]
                await _waiting(service, len(users))
                server.signal(signal.SIGTERM)
                assert await socket.closed() in (1001, 1012)
                await eventually(lambda: _refused(server.address), "it takes new connections")
                assert not any(task.done() for task in asked)
        answers = await asyncio.gather(*asked)
        assert [each.data["createQuest"]["errors"] for each in answers] == [[], [], []]
        assert await server.ended() == 0
        made = await service.owner.fetchval(
            "SELECT count(*) FROM user_quests WHERE user_id = ANY($1)", [user.id for user in users]
        )
        assert made == len(users)


async def test_what_does_not_end_is_cut_off_when_the_grace_is_over(
    database: Database, log: Path
) -> None:
    grace = 2
    async with (
        serving(database, log, QUESTLINE_SHUTDOWN_GRACE=str(grace)) as server,
        client(database, server.address) as service,
    ):
        user = await service.make_user()
        async with held(database, user):
            asked = asyncio.create_task(
                service.client.post(
                    "/graphql",
                    json={"query": CREATE, "variables": {"input": {"title": "Too late"}}},
                    headers={"authorization": f"Bearer {user.token}"},
                )
            )
            await _waiting(service, 1)
            began = time.monotonic()
            server.signal(signal.SIGTERM)
            assert await server.ended() == 0
            took = time.monotonic() - began
        assert grace <= took < 2 * grace + 3
        with contextlib.suppress(httpx.TransportError):
            assert (await asked).status_code == 500
        assert await service.counts(user.id) == {"login_identities": 1, "sessions": 1}


@pytest.fixture(scope="module")
def home() -> Generator[Path]:
    """The home of an embedded server for the tests of this file, one after the other."""
    with temporary_home() as folder:
        yield folder


@asynccontextmanager
async def embedded(home: Path, log: Path) -> AsyncGenerator[ServerProcess]:
    """A server with its own database in the home."""
    async with serving(None, log, QUESTLINE_HOME=str(home), QUESTLINE_DEMO="false") as server:
        yield server


async def test_an_interrupt_leaves_the_embedded_database_to_those_who_use_it(
    home: Path, log: Path
) -> None:
    """Ctrl+C goes to every process of a terminal, but the database is no part of it."""
    async with embedded(home, log) as server:
        # This process is another user of the same database, so it must go on.
        with EmbeddedServer.start(home) as shared:
            database = Database(accounts.DATABASE, shared.url("owner"), {})
            async with client(database, server.address) as service:
                user = await service.make_user()
                async with held(database, user):
                    asked = asyncio.create_task(created(service, user))
                    await _waiting(service, 1)
                    server.interrupt()
                    await eventually(lambda: _refused(server.address), "it takes new connections")
                await asked
                assert await server.ended() == 0
                assert await service.owner.fetchval("SELECT count(*) FROM user_quests") == 1
        assert not servers_of(home.parent)


async def test_the_embedded_database_stops_with_its_only_user(home: Path, log: Path) -> None:
    async with embedded(home, log) as server:
        assert servers_of(home.parent)
        await server.stop()
        assert not servers_of(home.parent)
