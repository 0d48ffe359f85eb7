"""Fixtures of the house tests: raw connections in each role, and the facts of the catalogue."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from app.core.db import Role
from tests.house import catalogue
from tests.house.catalogue import Connection, Facts
from tests.support import Database


@pytest.fixture(scope="module")
async def owner(database: Database) -> AsyncGenerator[Connection]:
    """The owner of the tables, whom no policy binds."""
    connection = await catalogue.connect(database)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def api(database: Database) -> AsyncGenerator[Connection]:
    """The role that serves signed-in people."""
    connection = await catalogue.connect(database, Role.API)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def staff(database: Database) -> AsyncGenerator[Connection]:
    """The role of administration, authors and pruning."""
    connection = await catalogue.connect(database, Role.STAFF)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def relay(database: Database) -> AsyncGenerator[Connection]:
    """The role that delivers events."""
    connection = await catalogue.connect(database, Role.RELAY)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def facts(owner: Connection) -> Facts:
    """What the catalogue says about the migrated database."""
    return await catalogue.read_facts(owner)
