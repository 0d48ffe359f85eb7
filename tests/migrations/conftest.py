"""Fixtures of the migration tests: databases of a test's own, empty or not, and a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.embedded import EmbeddedServer
from tests.conftest import Server, cloned
from tests.support import Database

NewDatabase = Callable[[], Awaitable[Database]]


@pytest.fixture
async def new_database(server: Server) -> AsyncGenerator[NewDatabase]:
    """Makes empty databases, which go at the end of the test."""
    names: list[str] = []
    owner = await asyncpg.connect(server.owner_url("postgres"))

    async def make() -> Database:
        name = f"questline_test_{uuid4().hex[:12]}"
        await owner.execute(f"CREATE DATABASE {name}")
        names.append(name)
        return Database(name, server.owner_url(name), server.ways(name))

    try:
        yield make
    finally:
        for name in names:
            await _drop(owner, name)
        await owner.close()


async def _drop(owner: Any, name: str) -> None:
    """Drop a database; one that the server itself is vacuuming is let go a moment later."""
    for _ in range(50):
        try:
            await owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except (asyncpg.InsufficientPrivilegeError, asyncpg.ObjectInUseError):
            await asyncio.sleep(0.2)
        else:
            return


@pytest.fixture
async def migrated_database(server: Server, template: str) -> AsyncGenerator[Database]:
    """A migrated database of the test's own."""
    async with cloned(server, template) as made:
        yield made


@pytest.fixture
def lone_server(tmp_path: Path, postgres_binaries: Path) -> Generator[EmbeddedServer]:
    """A server of the test's own, whose roles it may drop."""
    server = EmbeddedServer.start(tmp_path / "lone", binaries=postgres_binaries, fast=True)
    try:
        yield server
    finally:
        server.stop(remove=True)
