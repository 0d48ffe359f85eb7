"""Brings the database up: where it is, migrations, seeds, demo user."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app import migrate, seed
from app.core import db
from app.core.clock import Clock
from app.core.db import Endpoint, Role
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.bulk import Loaded

console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data is: the owner's URL, how each role connects, whether it is our own server."""

    owner_url: str
    ways: dict[Role, Endpoint]
    embedded: bool


@contextmanager
def place(settings: Settings) -> Generator[Place]:
    """The database by the settings; the embedded server runs as long as the context lasts."""
    if settings.database_url is not None:
        yield Place(settings.database_url.get_secret_value(), db.endpoints(settings), False)
        return
    # Imported here: only this way in needs the supervisor and the wheel behind it.
    from app.embedded import EmbeddedServer  # noqa: PLC0415

    server = EmbeddedServer.start(settings.home.resolve())
    try:
        if server.notice:
            console.print(server.notice, style="yellow")
        ways = {
            Role.API: Endpoint(server.url("api")),
            Role.STAFF: Endpoint(server.url("staff")),
            Role.RELAY: Endpoint(server.url("relay")),
        }
        yield Place(server.url("owner"), ways, True)
    finally:
        server.stop()


@asynccontextmanager
async def owner(url: str) -> AsyncGenerator[asyncpg.Connection[asyncpg.Record]]:
    """A connection as the owner, outside the policies: for migrations, seeds and the demo user."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        yield connection
    finally:
        await connection.close()


def progress_bar() -> Progress:
    """The bar of everything that takes long; it writes to stderr and vanishes when done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


async def run_migrations(url: str) -> list[migrate.Migration]:
    """Apply what is pending, with a bar."""
    async with owner(url) as connection:
        with progress_bar() as bar:
            task = bar.add_task("migrate", total=len(migrate.known()))
            applied = await migrate.apply(connection, done=lambda _done: bar.advance(task))
    return applied


async def run_seed(url: str) -> list[seed.Loaded]:
    """Load the seeds, with a bar."""
    async with owner(url) as connection:
        files = seed.read()
        with progress_bar() as bar:
            task = bar.add_task("seed", total=len(files))
            return await seed.apply(connection, files, done=lambda _done: bar.advance(task))


async def run_demo(url: str, settings: Settings, clock: Clock) -> str:
    """Make the demo user where there is none; returns a fresh token of it."""
    # Imported here: it brings the rooms along, which migrations and seeds do without.
    from app import demo  # noqa: PLC0415

    async with owner(url) as connection:
        with progress_bar() as bar:
            task = bar.add_task("demo", total=demo.DAYS)

            def show(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            await demo.ensure(connection, clock.now(), show)
        return await demo.fresh_token(connection, settings, clock.now())


async def run_bulk(url: str, users: int, number: int, today: date) -> Loaded:
    """Make the demo users of a seed number that are missing, with a bar."""
    from app import bulk  # noqa: PLC0415

    with progress_bar() as bar:
        task = bar.add_task("demo users", total=users)
        return await bulk.load(
            partial(owner, url),
            users,
            seed=number,
            today=today,
            done=lambda more: bar.advance(task, more),
        )
