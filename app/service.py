"""Brings the service up: database, migrations, seeds, demo user, server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app import demo, migrate, seed
from app.core import db
from app.core.clock import Clock, SystemClock
from app.core.db import Endpoint, Role
from app.core.settings import Settings
from app.main import create_app

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
        asyncio.run(_create_database(server.url("owner", "postgres")))
        yield Place(server.url("owner"), ways, True)
    finally:
        server.stop()


async def _create_database(url: str) -> None:
    """Make the embedded server's database; another process may be making it at the same time."""
    connection = await asyncpg.connect(url)
    try:
        with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            await connection.execute("CREATE DATABASE questline")
    finally:
        await connection.close()


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
    async with owner(url) as connection:
        with progress_bar() as bar:
            task = bar.add_task("demo", total=demo.DAYS)

            def show(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            await demo.ensure(connection, clock.now(), show)
        return await demo.fresh_token(connection, settings, clock.now())


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one within a hundred."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + 100, 65_536)) if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError(f"no free port from {port} to {port + 99} on {host}")


class _Announcing(uvicorn.Server):
    """A server that says where it is once it can be reached."""

    def __init__(self, config: uvicorn.Config, lines: list[str]) -> None:
        super().__init__(config)
        self._lines = lines

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            for line in self._lines:
                print(line, flush=True)  # for people and scripts to read


async def serve(settings: Settings, found: Place) -> bool:
    """Serve until a signal ends it; false when the service refused to start."""
    await run_migrations(found.owner_url)
    await run_seed(found.owner_url)
    wants_demo = found.embedded if settings.demo is None else settings.demo
    clock = SystemClock()
    token = await run_demo(found.owner_url, settings, clock) if wants_demo else None
    listener = bind(settings.host, settings.port)
    port = listener.getsockname()[1]
    lines: list[str] = []
    if settings.port not in (0, port):
        lines.append(f"Port {settings.port} is in use; this is the next free one.")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines.append(f"GraphiQL: http://{host}:{port}/graphql")
    if token is not None:
        lines.append(f"Token of the demo user: {token}")
    loopback = settings.host in ("127.0.0.1", "::1", "localhost")
    app = create_app(
        settings,
        found.ways,
        clock=clock,
        # A token that signs every reader of the page in must not leave the machine.
        page_token=token if loopback and not settings.production else None,
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=int(settings.shutdown_grace),
        server_header=False,
    )
    server = _Announcing(config, lines)
    with listener:
        await server.serve(sockets=[listener])
    return server.started
