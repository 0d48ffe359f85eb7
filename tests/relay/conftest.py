"""Fixtures of the relay's tests: an empty outbox, pools of two roles, and a table of torture."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import astuple, fields
from typing import Any

import asyncpg
import pytest

from app.core.db import Pool, Role
from tests.relay.helpers import pooled
from tests.relay.tally import Tally
from tests.support import Database

TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture(scope="module")
async def module_owner(database: Database) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(module_owner: Any) -> Any:
    """The owner of the tables, over an outbox that is empty and a lease that nobody has."""
    await module_owner.execute("DELETE FROM outbox; DELETE FROM projection_state")
    return module_owner


@pytest.fixture(scope="module")
async def api(database: Database) -> AsyncGenerator[Pool]:
    """Connections of the role that writes events."""
    async with pooled(database.ways[Role.API], 8) as pool:
        yield pool


@pytest.fixture(scope="module")
async def relay_pool(database: Database) -> AsyncGenerator[Pool]:
    """Connections of the role that delivers them."""
    async with pooled(database.ways[Role.RELAY]) as pool:
        yield pool


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Any:
    """Keeps a tally for the table at the end of the run."""
    return request.config.stash.setdefault(TALLIES, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tallies of the run."""
    tallies = config.stash.setdefault(TALLIES, [])
    if not tallies:
        return
    rows = [[each.name for each in fields(Tally)]]
    rows += [[str(value) for value in astuple(each)] for each in tallies]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    terminalreporter.section("relay")
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        terminalreporter.write_line("  ".join(cells).rstrip())
