"""Loads demo users into a database of a test, and tells two databases apart."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg

from app import bulk
from app.bulk import Loaded
from tests.house.catalogue import Connection
from tests.support import Database

SEED = 7
TODAY = date(2026, 3, 15)


async def load(
    database: Database,
    users: int,
    *,
    seed: int = SEED,
    today: date = TODAY,
    done: Callable[[int], None] = lambda _users: None,
) -> Loaded:
    """Load demo users as the command does."""

    @asynccontextmanager
    async def connect() -> AsyncGenerator[Any]:
        connection = await asyncpg.connect(database.owner_url, server_settings={"timezone": "UTC"})
        try:
            yield connection
        finally:
            await connection.close()

    return await bulk.load(connect, users, seed=seed, today=today, done=done)


async def digests(owner: Connection, tables: list[str]) -> dict[str, str]:
    """A digest of the rows of each table, in the order of their texts."""
    found: dict[str, str] = {}
    for name in tables:
        found[name] = await owner.fetchval(
            "SELECT count(*) || ':' || coalesce(md5(string_agg(md5(t::text), '' "
            f"ORDER BY md5(t::text))), '') FROM {name} AS t"
        )
    return found
