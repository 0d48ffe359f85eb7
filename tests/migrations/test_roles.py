"""Roles belong to a whole cluster: who makes them, how many at once, and with what rights."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from app import migrate
from app.core.db import Endpoint, Role
from app.embedded import EmbeddedServer
from app.logins import ensure_logins
from app.migrate import Migration
from tests.conftest import Server
from tests.house.catalogue import Connection
from tests.support import Database, running

pytestmark = pytest.mark.sql

KNOWN = migrate.known()
LOGINS = [f"{role}_login" for role in Role]


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def migrated(url: str) -> list[Migration]:
    async with connected(url) as connection:
        return await migrate.apply(connection)


async def forget_roles(server: EmbeddedServer) -> None:
    """Drop the roles and logins that the server was made with, as on a server of somebody else."""
    async with connected(server.url("owner", "postgres")) as owner:
        for name in (*LOGINS, *Role):
            await owner.execute(f"DROP ROLE {name}")


async def roles(connection: Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY($1::text[]) ORDER BY rolname",
        [str(role) for role in Role],
    )
    return [row["rolname"] for row in rows]


async def is_waiting(connection: Connection, database: str) -> bool:
    return await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity "
        "WHERE datname = $1 AND wait_event_type = 'Lock')",
        database,
    )


async def test_several_databases_make_the_roles_at_once(lone_server: EmbeddedServer) -> None:
    await forget_roles(lone_server)
    names = [f"race_{number}" for number in range(4)]
    async with connected(lone_server.url("owner", "postgres")) as owner:
        for _ in range(2):
            for name in names:
                await owner.execute(f"CREATE DATABASE {name}")
            done = await asyncio.gather(*(migrated(lone_server.url("owner", n)) for n in names))
            assert done == [KNOWN] * len(names)
            assert await roles(owner) == sorted(Role)
            for name in names:
                await owner.execute(f"DROP DATABASE {name}")
            for role in Role:
                await owner.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
async def test_another_database_is_just_making_a_role(
    end: str, lone_server: EmbeddedServer
) -> None:
    """The migration waits for the other, and goes on whether the role comes to be or not."""
    await forget_roles(lone_server)
    async with connected(lone_server.url("owner", "postgres")) as other:
        await other.execute("CREATE DATABASE race")
        await other.execute(f"BEGIN; CREATE ROLE {Role.STAFF} NOLOGIN")
        migrating = asyncio.create_task(migrated(lone_server.url("owner", "race")))
        async with connected(lone_server.url("owner", "postgres")) as watcher, asyncio.timeout(30):
            while not await is_waiting(watcher, "race"):
                assert not migrating.done()
                await asyncio.sleep(0.01)
        await other.execute(end)
        assert await migrating == KNOWN
        assert await roles(other) == sorted(Role)


def as_somebody(url: str, name: str, password: str) -> str:
    """The URL with another login."""
    place = urlsplit(url)
    host = place.netloc.rpartition("@")[2]
    return urlunsplit(place._replace(netloc=f"{name}:{password}@{host}"))


async def make_plain_owner(owner_url: str, name: str) -> Database:
    """A database of that name, owned by a new role with CREATEROLE and CREATEDB and no more."""
    password = token_hex(16)
    async with connected(owner_url) as maker:
        await maker.execute(f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'")
    plain_url = as_somebody(owner_url, name, password)
    async with connected(plain_url) as plain:
        await plain.execute(f"CREATE DATABASE {name}")
    return Database(name, urlunsplit(urlsplit(plain_url)._replace(path=f"/{name}")), {})


async def test_a_plain_owner_where_the_roles_are_somebody_elses(
    server: Server, template: str
) -> None:
    name = f"{template}_{token_hex(6)}"
    database = await make_plain_owner(server.owner_url("postgres"), name)
    try:
        async with connected(database.owner_url) as owner:
            assert not await owner.fetchval(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            assert await migrate.apply(owner) == KNOWN
            assert await migrate.apply(owner) == []
            await owner.execute("SELECT 1 FROM users")
    finally:
        plain_url = urlunsplit(urlsplit(database.owner_url)._replace(path="/postgres"))
        async with connected(plain_url) as plain:
            await plain.execute(f"DROP DATABASE {name} WITH (FORCE)")
        async with connected(server.owner_url("postgres")) as maker:
            await maker.execute(f"DROP ROLE {name}")


async def test_a_plain_owner_makes_the_roles_and_serves(lone_server: EmbeddedServer) -> None:
    """From nothing to a service that is ready, without a superuser anywhere."""
    await forget_roles(lone_server)
    database = await make_plain_owner(lone_server.url("owner", "postgres"), "plain")
    assert await migrated(database.owner_url) == KNOWN
    logins = {role: (f"{role}_login", token_hex(16)) for role in Role}
    await ensure_logins(
        database.owner_url, {r.removeprefix("questline_"): login for r, login in logins.items()}
    )
    ways = {role: Endpoint(as_somebody(database.owner_url, *logins[role])) for role in Role}
    async with running(Database(database.name, database.owner_url, ways)) as service:
        ready = await service.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        user = await service.make_user()
        answer = await service.ask("{ viewer { __typename } }", user=user)
        assert answer.data["viewer"] is not None
