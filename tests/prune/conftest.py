"""Fixtures of pruning: the tables that are pruned, empty, and a clock that stands at one time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from app.core.clock import MovableClock
from tests.support import Database

TABLES = ("outbox", "mutation_receipts", "sessions", "audit_log", "rate_limits")
NOW = datetime.fromisoformat("2030-06-15T12:00:00+00:00")


@pytest.fixture(scope="module")
async def module_owner(database: Database) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(module_owner: Any) -> Any:
    """The owner of the tables, of which those that are pruned are empty."""
    for table in (*TABLES, "projection_state"):
        await module_owner.execute(f"DELETE FROM {table}")
    return module_owner


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)
