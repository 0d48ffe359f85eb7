"""Fixtures of the tests of demo users: a database that is full of them, and its heaviest user."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

import pytest

from app.bulk import Loaded
from app.bulk.people import person_id
from tests.bulk.helpers import SEED, load
from tests.house import catalogue
from tests.house.catalogue import Connection, Facts
from tests.support import Database


@pytest.fixture(scope="module")
async def loaded(database: Database) -> Loaded:
    """The load of 60 users into this file's database."""
    return await load(database, 60)


@pytest.fixture(scope="module")
async def owner(database: Database, loaded: Loaded) -> AsyncGenerator[Connection]:
    """The owner of the tables, over the loaded database."""
    connection = await catalogue.connect(database)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def facts(owner: Connection) -> Facts:
    """What the catalogue says about the database."""
    return await catalogue.read_facts(owner)


@pytest.fixture(scope="module")
def heavy() -> UUID:
    """A user who did very much."""
    return person_id(SEED, 0)
