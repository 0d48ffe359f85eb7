"""What a pool promises: a bound, a turn for each, and nothing handed on that is not idle."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.core import pool as pools
from app.core import transaction
from app.core.db import Role, open_pool
from app.core.errors import Unavailable
from app.core.pool import Pool
from app.core.reader import Reader
from app.core.settings import Settings
from tests.support import Database, Service

PID = "SELECT pg_backend_pid()"
SLEEP = "SELECT pg_sleep(20)"


@asynccontextmanager
async def pooled(database: Database, size: int, **changes: Any) -> AsyncGenerator[Pool]:
    """A pool of the service's own kind."""
    pool = await open_pool(database.ways[Role.API], Settings(**changes), size, asyncpg.Connection)
    try:
        yield pool
    finally:
        pool.terminate()


async def all_idle(pool: Pool, size: int) -> None:
    """All `size` places can be had at once, none with a setting, a transaction or a row."""
    async with asyncio.timeout(10):
        held = [await pool.acquire() for _ in range(size)]
    assert pool.get_size() == size
    for connection in held:
        assert not connection.is_in_transaction()
        for name in ("app.user_id", "app.actor_id", "app.identity_key"):
            assert not await connection.fetchval("SELECT current_setting($1, true)", name)
        assert await connection.fetchval("SELECT count(*) FROM users") == 0
        await pool.release(connection)
    assert pool.get_idle_size() == size


async def cancelled_after(steps: int, work: Awaitable[Any]) -> bool:
    """Cancel work after so many turns of the loop; whether it was still under way."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Unavailable):
        await task
    return task.cancelled()


async def test_the_last_that_came_back_goes_out_first(database: Database) -> None:
    async with pooled(database, 3) as pool:
        first, second = await pool.acquire(), await pool.acquire()
        pid = await second.fetchval(PID)
        await pool.release(first)
        await pool.release(second)
        async with pool.acquire() as connection:
            assert await connection.fetchval(PID) == pid
        assert (pool.get_size(), pool.get_idle_size()) == (2, 2)


async def test_what_was_given_back_leads_nowhere(database: Database) -> None:
    async with pooled(database, 1) as pool:
        async with pool.acquire() as old:
            pid = await old.fetchval(PID)
        async with pool.acquire() as new:
            with pytest.raises(asyncpg.InterfaceError):
                await old.fetchval(PID)
            await pool.release(old)
            assert pool.get_idle_size() == 0
            assert await new.fetchval(PID) == pid


async def test_a_connection_of_another_pool_is_refused(database: Database) -> None:
    async with pooled(database, 1) as pool, pooled(database, 1) as other:
        connection = await pool.acquire()
        with pytest.raises(asyncpg.InterfaceError):
            await other.release(connection)
        with pytest.raises(asyncpg.InterfaceError):
            await other.release(object())
        await pool.release(connection)
        await all_idle(pool, 1)
        await all_idle(other, 1)


async def test_a_transaction_left_open_is_never_handed_on(database: Database) -> None:
    async with pooled(database, 1) as pool:
        async with pool.acquire() as connection:
            pid = await connection.fetchval(PID)
            await connection.execute(f"BEGIN; SET LOCAL app.user_id = '{uuid4()}'")
        async with pool.acquire() as connection:
            assert await connection.fetchval(PID) != pid
        await all_idle(pool, 1)


async def test_a_cancelled_statement_is_over_before_its_connection_goes_on(
    database: Database,
) -> None:
    async with pooled(database, 1) as pool:
        async with pool.acquire() as connection:
            pid = await connection.fetchval(PID)
        asked = asyncio.ensure_future(pool.fetch(SLEEP))
        await asyncio.sleep(0.1)
        asked.cancel()
        async with asyncio.timeout(5), pool.acquire() as connection:
            assert await connection.fetchval(PID) == pid
        assert asked.cancelled()


async def test_a_statement_that_still_runs_is_stopped_before_its_connection_goes_on(
    database: Database,
) -> None:
    async with pooled(database, 1) as pool:
        connection = await pool.acquire()
        forgotten = asyncio.ensure_future(connection.fetch(SLEEP))
        await asyncio.sleep(0.1)
        await pool.release(connection)
        async with asyncio.timeout(5):
            await all_idle(pool, 1)
        with pytest.raises(asyncpg.QueryCanceledError):
            await forgotten


async def test_exhaustion_is_unavailable(database: Database) -> None:
    async with pooled(database, 1, request_timeout=1) as pool:
        async with pool.acquire():
            with pytest.raises(TimeoutError):
                await pool.acquire()
            with pytest.raises(Unavailable):
                await Reader(pool, uuid4(), alone=True).fetch("SELECT 1")
        await all_idle(pool, 1)


async def test_who_waits_longest_is_served_first(database: Database) -> None:
    async with pooled(database, 1) as pool:
        served = list[int]()

        async def use(number: int) -> None:
            async with pool.acquire() as connection:
                served.append(number)
                await connection.fetchval(PID)

        await asyncio.gather(*(use(number) for number in range(20)))
        assert served == list(range(20))


@pytest.mark.parametrize("late", [False, True])
async def test_a_waiting_one_that_is_cancelled_loses_no_place(
    database: Database, late: bool
) -> None:
    async with pooled(database, 1) as pool:
        connection = await pool.acquire()
        waiting = asyncio.ensure_future(pool.take())
        await asyncio.sleep(0)
        if late:
            # It has been handed the connection, but has not run since.
            await pool.release(connection)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        if not late:
            await pool.release(connection)
        await all_idle(pool, 1)


async def test_cut_connections_are_replaced(database: Database) -> None:
    async with pooled(database, 3) as pool, pooled(database, 1) as other:
        held = [await pool.acquire() for _ in range(3)]
        for connection in held:
            pid = await connection.fetchval(PID)
            await pool.release(connection)
            assert (await other.fetchrow("SELECT pg_terminate_backend($1, 5000)", pid))[0]
        await asyncio.sleep(0.05)
        assert pool.get_size() == 0
        await all_idle(pool, 3)


async def test_one_that_was_cut_in_use_leaves_its_place(database: Database) -> None:
    async with pooled(database, 1) as pool, pooled(database, 1) as other:
        connection = await pool.acquire()
        pid = await connection.fetchval(PID)
        waiting = asyncio.ensure_future(pool.fetchrow(PID))
        assert (await other.fetchrow("SELECT pg_terminate_backend($1, 5000)", pid))[0]
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await connection.fetchval(PID)
        await pool.release(connection)
        assert (await waiting)[0] != pid
        await all_idle(pool, 1)


async def test_one_that_is_lost_on_its_way_is_replaced(database: Database) -> None:
    async with pooled(database, 1) as pool:
        lease = await pool.take()
        connection = lease.connection
        assert connection is not None
        waiting = asyncio.ensure_future(pool.take())
        await asyncio.sleep(0)
        pool.give_back(lease)
        connection.terminate()
        replaced = await waiting
        assert await replaced.fetchval("SELECT 1") == 1
        pool.give_back(replaced)
        await all_idle(pool, 1)


async def test_a_server_that_refuses_costs_no_place(database: Database) -> None:
    refused = True

    async def connect() -> Any:
        if refused:
            raise ConnectionRefusedError
        return await asyncpg.connect(database.ways[Role.API].url)

    pool = Pool(connect, 2, patience=5, idle_seconds=300)
    tries = await asyncio.gather(*(pool.take() for _ in range(20)), return_exceptions=True)
    assert {type(each) for each in tries} == {ConnectionRefusedError}
    refused = False
    await all_idle(pool, 2)
    await pool.close()


async def test_idle_ones_are_closed_in_time(database: Database) -> None:
    async def connect() -> Any:
        return await asyncpg.connect(database.ways[Role.API].url)

    pool = Pool(connect, 2, patience=5, idle_seconds=0.3)
    held = [await pool.acquire() for _ in range(2)]
    await asyncio.gather(*(pool.release(each) for each in held))
    for _ in range(8):
        await pool.fetch("SELECT 1")
        await asyncio.sleep(0.1)
    assert pool.get_size() == 1, "the one in use stays, the other goes"
    await asyncio.sleep(0.7)
    assert pool.get_size() == 0
    await all_idle(pool, 2)
    await pool.close()


async def test_a_connection_serves_so_many_statements_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "MOST_STATEMENTS", 20)
    async with pooled(database, 1) as pool:
        pids = {(await pool.fetchrow(PID))[0] for _ in range(40)}
        assert 2 <= len(pids) < 10


async def test_closing_waits_for_who_is_at_work_and_sends_away_who_waits(
    database: Database,
) -> None:
    async with pooled(database, 1) as pool:
        connection = await pool.acquire()
        waiting = asyncio.ensure_future(pool.take())
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(pool.close())
        with pytest.raises(asyncpg.InterfaceError):
            await waiting
        with pytest.raises(asyncpg.InterfaceError):
            await pool.acquire()
        assert await connection.fetchval("SELECT 7") == 7
        assert not closing.done()
        await pool.release(connection)
        async with asyncio.timeout(5):
            await closing
        assert pool.get_size() == 0


async def test_closing_that_is_interrupted_cuts_who_is_at_work(database: Database) -> None:
    async with pooled(database, 1) as pool:
        connection = await pool.acquire()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await pool.close()
        assert connection.is_closed()
        await pool.release(connection)
        assert pool.get_size() == 0


async def read(pool: Pool, user: UUID) -> None:
    reader = Reader(pool, user)
    try:
        await see_only(reader, user)
    finally:
        await reader.end()


async def read_alone(pool: Pool, user: UUID) -> None:
    await see_only(Reader(pool, user, alone=True), user)


async def write(pool: Pool, user: UUID) -> None:
    async with transaction.opened(pool, user, datetime.now(UTC), "email:me") as tx:
        await see_only(tx, user)


async def see_only(by: Any, user: UUID) -> None:
    rows = await by.fetch("SELECT u.id FROM users AS u")
    assert [row["id"] for row in rows] == [user]


@pytest.mark.parametrize("use", [read, read_alone, write])
async def test_cancelled_at_every_step_nothing_is_seen_left_or_lost(
    database: Database, service: Service, use: Callable[[Pool, UUID], Awaitable[None]]
) -> None:
    users = [(await service.make_user()).id for _ in range(20)]
    size = 4
    async with pooled(database, size) as pool:
        await all_idle(pool, size)
        cut = 0
        for steps in range(40):
            random = Random(steps)
            cut += sum(
                await asyncio.gather(
                    *(cancelled_after(random.randint(0, steps), use(pool, user)) for user in users)
                )
            )
            await use(pool, users[0])
        assert cut > 100
        await all_idle(pool, size)
