"""With DATABASE_URL the throwaway service has a new database there, and leaves all others alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from app.core.settings import Settings
from app.ephemeral.databases import throwaway, with_database
from app.ephemeral.errors import EphemeralError
from app.testing import running
from tests.conftest import Server
from tests.support import Database, Service
from tests.testing.processes import ephemeral
from tests.torture.servers import eventually

OURS = "SELECT datname FROM pg_database WHERE datname LIKE 'questline\\_ephemeral\\_%'"
ALIVE = """
SELECT count(DISTINCT application_name) FROM pg_stat_activity
WHERE application_name = ANY($1::text[])
"""
CREATE = 'mutation { createQuest(input: { title: "Sow" }) { quest { id } } }'


@pytest.fixture
async def owner(database: Database) -> AsyncGenerator[Any]:
    """The owner in a database that is somebody's."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


async def names(owner: Any) -> set[str]:
    return {row["datname"] for row in await owner.fetch(OURS)}


async def test_it_works_in_a_database_of_its_own_and_drops_it(service: Service, owner: Any) -> None:
    before, data = await names(owner), await service.fingerprint()

    def used() -> None:
        with running(database_url=service.database.owner_url) as questline:
            assert questline.new_user().ask(CREATE)["createQuest"]["quest"]
            assert questline.move_clock(to="2030-01-01T00:00:00Z").year == 2030
            assert len(asyncio.run(_names_over(service.database.owner_url)) - before) == 1

    await asyncio.to_thread(used)
    assert await names(owner) == before
    assert await service.fingerprint() == data


async def _names_over(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return await names(connection)
    finally:
        await connection.close()


async def test_what_a_kill_leaves_is_dropped_by_the_next(database: Database, owner: Any) -> None:
    before = await names(owner)
    given = Settings(database_url=SecretStr(database.owner_url))  # pyright: ignore[reportCallIssue]
    with ephemeral(DATABASE_URL=database.owner_url) as killed:
        await asyncio.to_thread(killed.told)
        async with throwaway(given) as living:
            theirs = await names(owner) - before
            assert len(theirs) == 2
            killed.kill()

            async def noticed() -> bool:
                return await owner.fetchval(ALIVE, list(theirs)) == 1

            await eventually(noticed, "PostgreSQL has not noticed that a process was killed")
            async with throwaway(given):
                (left,) = await names(owner) & theirs
            assert living.owner_url == with_database(database.owner_url, left)
    assert await names(owner) == before


async def test_an_owner_who_may_make_none_is_told(server: Server) -> None:
    name = f"questline_poor_{uuid4().hex[:8]}"
    owner = await asyncpg.connect(server.owner_url("postgres"))
    try:
        await owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'poor'")
        head, _, tail = server.owner_url("postgres").partition("://")
        url = f"{head}://{name}:poor@{tail.partition('@')[2]}"
        given = Settings(database_url=SecretStr(url))  # pyright: ignore[reportCallIssue]
        with pytest.raises(EphemeralError, match="CREATEDB"):
            async with throwaway(given):
                pass
    finally:
        await owner.execute(f"DROP ROLE {name}")
        await owner.close()


async def test_a_server_that_is_away_is_told() -> None:
    given = Settings(  # pyright: ignore[reportCallIssue]
        database_url=SecretStr("postgresql://nobody@127.0.0.1:9/none")
    )
    with pytest.raises(EphemeralError, match="can't be reached"):
        async with throwaway(given):
            pass


@pytest.mark.parametrize(
    ("url", "other"),
    [
        (
            "postgresql://a:b%40c@h:1/d?sslmode=disable",
            "postgresql://a:b%40c@h:1/x?sslmode=disable",
        ),
        ("postgresql://h", "postgresql://h/x"),
        ("postgresql:///d?host=/run/postgresql", "postgresql:///x?host=/run/postgresql"),
        ("postgres://a@h1:1,h2:2/d", "postgres://a@h1:1,h2:2/x"),
    ],
)
def test_another_database_on_the_same_server(url: str, other: str) -> None:
    assert with_database(url, "x") == other
