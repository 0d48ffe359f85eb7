"""Fixtures: one server and one migrated template a run, one database clone a test file."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from filelock import FileLock

from app import migrate
from app.core import logs
from app.core.db import Endpoint, Role
from app.core.settings import Settings
from app.embedded import EmbeddedServer, binaries, debian_binaries
from tests.support import Database, Service, User, running

logs.configure(Settings(log_level="warning"))  # pyright: ignore[reportCallIssue]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgres 15` runs the tests on another version of PostgreSQL than the wheel's."""
    parser.addoption(
        "--postgres",
        type=int,
        metavar="MAJOR",
        help="run on this version of PostgreSQL, as packaged by Debian, whatever TEST_DATABASE_URL",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Without the binaries of the version that was asked for nothing runs, and it says so."""
    major = config.getoption("--postgres")
    if major is not None and debian_binaries(major) is None:
        pytest.exit(
            f"SKIPPED: all tests on PostgreSQL {major}. It is not installed "
            f"(/usr/lib/postgresql/{major}/bin, the Debian package postgresql-{major}).",
            returncode=0,
        )


@pytest.fixture(scope="session")
def postgres_binaries(request: pytest.FixtureRequest) -> Path:
    """The programs of the version of PostgreSQL that this run is about."""
    major = request.config.getoption("--postgres")
    found = binaries() if major is None else debian_binaries(major)
    assert found is not None
    return found


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that the run may fill with databases."""

    owner_url: Callable[[str], str]
    ways: Callable[[str], dict[Role, Endpoint]]
    shared: Path


def _with_database(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_binaries: Path,
) -> Generator[Server]:
    """TEST_DATABASE_URL's server, or an embedded one that all processes of the run share."""
    base = tmp_path_factory.getbasetemp()
    # With several test processes each has a folder below the run's own.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    given = os.environ.get("TEST_DATABASE_URL")
    if given and request.config.getoption("--postgres") is None:

        def owner_url(name: str) -> str:
            return _with_database(given, name)

        def ways(name: str) -> dict[Role, Endpoint]:
            return {role: Endpoint(owner_url(name), set_role=role) for role in Role}

        yield Server(owner_url, ways, shared)
        return
    embedded = EmbeddedServer.start(shared / "postgres", binaries=postgres_binaries, fast=True)
    try:
        yield Server(
            lambda name: embedded.url("owner", name),
            lambda name: {
                Role.API: Endpoint(embedded.url("api", name)),
                Role.STAFF: Endpoint(embedded.url("staff", name)),
                Role.RELAY: Endpoint(embedded.url("relay", name)),
            },
            shared,
        )
    finally:
        embedded.stop(remove=True)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _exists(server: Server, name: str) -> bool:
    connection = await asyncpg.connect(server.owner_url("postgres"))
    try:
        known = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        return await connection.fetchval(known, name)
    finally:
        await connection.close()


async def _make_template(server: Server, name: str) -> None:
    await _execute(server.owner_url("postgres"), f"CREATE DATABASE {name}")
    connection = await asyncpg.connect(server.owner_url(name))
    try:
        await migrate.apply(connection)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def template(server: Server) -> Generator[str]:
    """The name of a migrated database that no one connects to, made by the first process."""
    note = server.shared / "template"
    with FileLock(f"{note}.lock"):
        name = note.read_text() if note.exists() else ""
        # The server ends with its last user: a process that comes later may find a new one.
        if not asyncio.run(_exists(server, name)):
            name = f"questline_test_{uuid4().hex[:12]}"
            asyncio.run(_make_template(server, name))
            note.write_text(name)
    yield name
    if "PYTEST_XDIST_WORKER" not in os.environ:
        asyncio.run(_execute(server.owner_url("postgres"), f"DROP DATABASE {name}"))


@asynccontextmanager
async def cloned(server: Server, template: str) -> AsyncGenerator[Database]:
    """A clone of the template, dropped at the end."""
    name = f"{template}_{uuid4().hex[:12]}"
    for attempt in range(50):
        try:
            await _execute(
                server.owner_url("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}"
            )
            break
        except asyncpg.ObjectInUseError:
            # Another process is cloning at this moment.
            if attempt == 49:
                raise
            await asyncio.sleep(0.1)
    try:
        # Cloning copies no database-level grants.
        await _execute(server.owner_url(name), f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
        yield Database(name, server.owner_url(name), server.ways(name))
    finally:
        with contextlib.suppress(asyncpg.PostgresError):
            await _execute(server.owner_url("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncGenerator[Database]:
    """A clone of the template for this file, dropped at its end."""
    async with cloned(server, template) as made:
        yield made


@pytest.fixture(scope="module")
async def service(database: Database) -> AsyncGenerator[Service]:
    """The service over this file's database."""
    async with running(database) as started:
        yield started


@pytest.fixture
async def user(service: Service) -> User:
    """A fresh user."""
    return await service.make_user()


@pytest.fixture
async def stranger(service: Service) -> User:
    """Another fresh user."""
    return await service.make_user()
