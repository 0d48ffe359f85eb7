"""The service prunes by itself, once an hour, and goes on after trouble of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app import prune
from app.core.clock import MovableClock
from tests.prune.rows import many
from tests.relay.helpers import eventually
from tests.support import Database, running


@pytest.fixture
def pruned(owner: Any) -> Callable[[], Awaitable[bool]]:
    """Whether the old rows are gone."""

    async def look() -> bool:
        return await owner.fetchval("SELECT count(*) FROM rate_limits") == 0

    return look


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(prune, "LOOK_SECONDS", 0.02)


async def test_once_an_hour(
    database: Database, owner: Any, clock: MovableClock, pruned: Callable[[], Awaitable[bool]]
) -> None:
    await many(owner, 10)
    async with running(database, clock):
        await eventually(pruned)
        await many(owner, 10)
        await asyncio.sleep(0.3)
        assert not await pruned()
        clock.advance(timedelta(hours=1, seconds=1))
        await eventually(pruned)


async def test_it_outlives_trouble(
    database: Database, owner: Any, clock: MovableClock, pruned: Callable[[], Awaitable[bool]]
) -> None:
    await owner.execute("ALTER TABLE rate_limits RENAME TO elsewhere")
    try:
        async with running(database, clock):
            await asyncio.sleep(0.3)
            await owner.execute("ALTER TABLE elsewhere RENAME TO rate_limits")
            await many(owner, 10)
            await eventually(pruned)
    finally:
        await owner.execute("ALTER TABLE IF EXISTS elsewhere RENAME TO rate_limits")
