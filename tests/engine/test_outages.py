"""Time-outs, a database that goes away and clients that go, in the middle of a compiled selection.

Both executors answer alike, and afterwards the process and its pool are as before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from tests.engine.small import watching
from tests.quests.examples import quests
from tests.support import Database, Service, User, running, traced

LISTED = (
    "{ quests(first: 5) { edges { node { title } } "
    "nodes { title sourceQuest { title myProgress { status } } } } }"
)
EDGES = "{ quests(first: 5) { nodes { title } edges { node { title sourceQuest { title } } } } }"
"""Selected at two places a list's statement brings no others along: the relation is loaded."""
ALONG = "{ quests(first: 5) { nodes { title sourceQuest { title myProgress { status } } } } }"
ONE = "query ($id: ID!) { quest(id: $id) { title sourceQuest { title } } }"
POOL = 2


@pytest.fixture(params=["standard", "compiled"])
def executor(request: pytest.FixtureRequest) -> str:
    return request.param


@asynccontextmanager
async def scene(database: Database, **settings: Any) -> AsyncGenerator[tuple[Service, User]]:
    async with running(database, api_pool_size=POOL, **settings) as service:
        user = await service.make_user()
        await quests(service, user, 5)
        yield service, user


@asynccontextmanager
async def blocked(database: Database) -> AsyncGenerator[None]:
    """Nobody can read the universal quests: a relation waits once its parents are there."""
    other = await asyncpg.connect(database.owner_url)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE universal_quests IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await other.close()


async def waiting(service: Service) -> list[int]:
    """The backends that wait for the lock, as soon as there are any."""
    for _ in range(500):
        rows = await service.owner.fetch(
            "SELECT l.pid FROM pg_locks AS l INNER JOIN pg_stat_activity AS a ON l.pid = a.pid "
            "WHERE a.datname = current_database() AND NOT l.granted"
        )
        if rows:
            return [row["pid"] for row in rows]
        await asyncio.sleep(0.01)
    raise AssertionError("nothing waits")


async def healthy(service: Service, user: User) -> None:
    """More at once than there are connections, all answered; then no connection is taken."""
    answers = await asyncio.gather(*(service.ask(LISTED, None, user) for _ in range(3 * POOL)))
    for answer in answers:
        assert len(answer.data["quests"]["nodes"]) == 5
        assert all(each["sourceQuest"]["title"] for each in answer.data["quests"]["nodes"])
    pool = service.app.state.executor.databases.api
    assert pool.get_idle_size() == pool.get_size() <= POOL
    # Who is in a transaction holds the lock of its virtual number.
    inside = await service.owner.fetchval(
        "SELECT count(*) FROM pg_locks AS l INNER JOIN pg_stat_activity AS a ON l.pid = a.pid "
        "WHERE a.datname = current_database() AND l.pid != pg_backend_pid() "
        "AND l.locktype = 'virtualxid'"
    )
    assert inside == 0


async def told(answering: Awaitable[Any]) -> list[tuple[str, Any]]:
    """Code and path of each error."""
    answer = await answering
    return [(error["extensions"]["code"], error.get("path")) for error in answer.errors]


async def test_a_statement_that_takes_too_long(database: Database, executor: str) -> None:
    """All who asked for it are told so, and not that their transaction is broken since."""
    async with scene(database, executor=executor, lock_timeout=20, statement_timeout=0.3) as made:
        service, user = made
        assert service.app.state.executor.settings.executor == executor
        with capture_logs():
            async with blocked(database):
                listed = await told(service.ask(LISTED, None, user))
                edges = await told(service.ask(EDGES, None, user))
        assert listed == [
            ("UNAVAILABLE", ["quests", "nodes", index, "sourceQuest"]) for index in range(5)
        ]
        assert edges == [
            ("UNAVAILABLE", ["quests", "edges", index, "node", "sourceQuest"]) for index in range(5)
        ]
        await healthy(service, user)


async def test_a_request_that_takes_too_long(database: Database, executor: str) -> None:
    async with scene(database, executor=executor, lock_timeout=20, request_timeout=0.5) as made:
        service, user = made
        async with blocked(database):
            for document in (LISTED, EDGES):
                assert await told(service.ask(document, None, user)) == [("TIMEOUT", None)]
        await healthy(service, user)


async def test_a_connection_that_is_cut(database: Database, executor: str) -> None:
    async with scene(database, executor=executor, lock_timeout=20) as (service, user):
        with capture_logs():
            async with blocked(database):
                asking = asyncio.create_task(told(service.ask(LISTED, None, user)))
                for pid in await waiting(service):
                    async with service.app.state.databases.api.acquire() as other:
                        await other.execute("SELECT pg_terminate_backend($1)", pid)
                codes = await asking
        assert codes == [
            ("UNAVAILABLE", ["quests", "nodes", index, "sourceQuest"]) for index in range(5)
        ]
        await healthy(service, user)


async def test_a_client_that_goes_away(database: Database, executor: str) -> None:
    async with scene(database, executor=executor, lock_timeout=20) as (service, user):
        before = asyncio.all_tasks()
        async with blocked(database):
            for _ in range(2 * POOL):
                asking = asyncio.create_task(service.ask(LISTED, None, user))
                await waiting(service)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
        assert asyncio.all_tasks() == before
        await healthy(service, user)


@pytest.mark.parametrize(
    ("document", "stock", "compiled"),
    [(LISTED, 5, 4), (EDGES, 4, 4), (ALONG, 5, 1), (ONE, 4, 1)],
    ids=["nodes", "edges", "along", "one"],
)
async def test_what_both_executors_send(
    database: Database, document: str, stock: int, compiled: int
) -> None:
    """Transaction control counts; what comes along in one statement needs none."""
    sent: dict[str, list[str]] = {}
    for executor in ("standard", "compiled"):
        async with scene(database, executor=executor) as (service, user):
            nodes = (await service.ask("{ quests { nodes { id } } }", None, user)).data
            variables = {"id": nodes["quests"]["nodes"][0]["id"]} if document is ONE else None
            with traced() as tracer, watching() as watched:
                answer = await service.ask(document, variables, user)
            assert answer.data
            assert bool(watched.built) == (executor == "compiled")
            sent[executor] = tracer.statements
    assert {name: len(each) for name, each in sent.items()} == {
        "standard": stock,
        "compiled": compiled,
    }


async def test_a_statement_that_brings_others_along_takes_too_long(database: Database) -> None:
    async with scene(database, executor="compiled", lock_timeout=20, statement_timeout=0.3) as made:
        service, user = made
        with capture_logs():
            async with blocked(database):
                assert await told(service.ask(ALONG, None, user)) == [("UNAVAILABLE", ["quests"])]
        await healthy(service, user)
