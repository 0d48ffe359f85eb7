"""Fixtures of the house tests: raw connections in each role, catalogue facts, quick hashing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import pytest
from argon2 import PasswordHasher

from app import prune
from app.auth import passwords
from app.core.db import Role
from tests.house import catalogue
from tests.house.catalogue import Connection, Facts
from tests.house.filled import Filled, fill
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


@pytest.fixture(scope="module")
async def filled(owner: Connection, api: Connection, facts: Facts) -> Filled:
    """The file's database, with rows of two users in every table of theirs."""
    return await fill(owner, api, facts)


@pytest.fixture(scope="module", autouse=True)
def quick_hashing() -> Generator[None]:
    """Passwords hashed at the least cost: these tests do it often, and keep no secret by it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
        passwords._nobodys_hash.cache_clear()  # pyright: ignore[reportPrivateUsage]
        yield
    passwords._nobodys_hash.cache_clear()  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(scope="module", autouse=True)
def late_pruning() -> Generator[None]:
    """No pruning while a file runs: these tests look for every row and statement of a call."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prune, "FIRST_SECONDS", 3_600)
        yield
