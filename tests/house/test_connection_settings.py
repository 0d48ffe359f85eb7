"""Nothing that a request sets stays on its connection, however the request ends."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy

from app.core import transaction
from app.core.db import Pool, Role, open_pool
from app.core.reader import Reader
from app.core.settings import Settings
from tests.house.catalogue import Connection
from tests.house.filled import OWNED, Filled
from tests.house.rows import NOW
from tests.support import Database

pytestmark = pytest.mark.sql

AnyConnection: TypeAlias = "Connection | PoolConnectionProxy[asyncpg.Record]"


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncGenerator[Pool]:
    """The service's own pool, with one connection, so that each use gets the same one."""
    limits: dict[str, Any] = {"lock_timeout": 5}
    settings = Settings(**limits)
    opened = await open_pool(database.ways[Role.API], settings, 1, asyncpg.Connection)
    yield opened
    await opened.close()


async def setting_names(connection: AnyConnection) -> set[str]:
    """The settings that policies read, and the one that says who acts."""
    texts = await connection.fetch(
        "SELECT concat(p.qual, p.with_check) AS text FROM pg_policies AS p"
    )
    found = {
        name for row in texts for name in re.findall(r"current_setting\('([^']+)'", row["text"])
    }
    assert found == {"app.user_id", "app.identity_key"}
    return found | {"app.actor_id"}


async def leftovers(connection: AnyConnection, before: Mapping[str, str]) -> list[str]:
    """What a use of the connection has left behind."""
    names = await setting_names(connection)
    after = await settings_of(connection)
    kept = [f"{name} = {after[name]}" for name in after if after[name] != before[name]]
    for name in sorted(names):
        value = await connection.fetchval("SELECT current_setting($1, TRUE)", name)
        kept += [f"{name} = {value}"] if value else []
    for table in OWNED:
        kept += (
            [f"sees {table}"] if await connection.fetch(f"SELECT 1 FROM {table} LIMIT 1") else []
        )
    return kept


async def settings_of(connection: AnyConnection) -> dict[str, str]:
    """Every setting that PostgreSQL itself has."""
    found = await connection.fetch("SELECT s.name, s.setting FROM pg_settings AS s")
    return {row["name"]: row["setting"] for row in found}


async def commit(pool: Pool, user: UUID) -> None:
    async with transaction.opened(pool, user, NOW, "email:me") as tx:
        assert await tx.fetchrow("SELECT u.id FROM users AS u") is not None


async def roll_back(pool: Pool, user: UUID) -> None:
    async with transaction.opened(pool, user, NOW, "email:me") as tx:
        tx.discard()


async def fail(pool: Pool, user: UUID) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with transaction.opened(pool, user, NOW, "email:me") as tx:
            await tx.fetch("SELECT 1 FROM nowhere")


async def raise_inside(pool: Pool, user: UUID) -> None:
    with pytest.raises(RuntimeError):
        async with transaction.opened(pool, user, NOW, "email:me"):
            raise RuntimeError


async def read(pool: Pool, user: UUID) -> None:
    reader = Reader(pool, user)
    assert await reader.fetchrow("SELECT u.id FROM users AS u") is not None
    await reader.close()


async def read_badly(pool: Pool, user: UUID) -> None:
    reader = Reader(pool, user)
    with pytest.raises(asyncpg.UndefinedTableError):
        await reader.fetch("SELECT 1 FROM nowhere")
    await reader.close()


@pytest.mark.parametrize("use", [commit, roll_back, fail, raise_inside, read, read_badly])
async def test_nothing_is_left_on_the_connection(use: Any, pool: Pool, filled: Filled) -> None:
    async with pool.acquire() as connection:
        before = await settings_of(connection)
        backend = await connection.fetchval("SELECT pg_backend_pid()")
    await use(pool, filled.users[0])
    async with pool.acquire() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") == backend
        assert await leftovers(connection, before) == []


async def test_statements_are_planned_for_any_arguments(pool: Pool) -> None:
    async with pool.acquire() as connection:
        mode = await connection.fetchval("SELECT current_setting('plan_cache_mode')")
    assert mode == "force_generic_plan"


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("SELECT set_config('app.user_id', '{user}', FALSE)", "app.user_id = "),
        ("SELECT set_config('app.user_id', '{user}', FALSE)", "sees habits"),
        ("SET app.actor_id = '{user}'", "app.actor_id = "),
        ("SET TimeZone = 'Europe/Rome'", "TimeZone = Europe/Rome"),
    ],
)
async def test_planted_leftover(statement: str, left: str, api: Connection, filled: Filled) -> None:
    before = await settings_of(api)
    try:
        await api.execute(statement.format(user=filled.users[0]))
        found = await leftovers(api, before)
    finally:
        await api.execute("RESET app.user_id; RESET app.actor_id; RESET TimeZone")
    assert any(each.startswith(left) for each in found), found
