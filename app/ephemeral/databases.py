"""A database that ends with the process: of a server of its own, or on the server of a URL."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from app.core import logs
from app.core.db import Endpoint, Role
from app.core.settings import Settings
from app.embedded import EmbeddedServer, EmbeddedServerError, locks
from app.ephemeral.errors import EphemeralError
from app.service import Place

log = logs.get(__name__)

_PREFIX = "questline-ephemeral-"
_NAME = re.compile(r"questline_ephemeral_[0-9a-f]{16}")
# The connection of a living process names its database, and all logins of a server may see that.
_ABANDONED = """
SELECT d.datname
FROM pg_database AS d
WHERE
    d.datdba = current_user::regrole
    AND d.datname LIKE 'questline\\_ephemeral\\_%'
    AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.application_name = d.datname)
"""


@asynccontextmanager
async def throwaway(settings: Settings) -> AsyncGenerator[Place]:
    """An empty database; at the end it is gone. What killed processes left is removed, too."""
    url = settings.database_url
    opened = _own_server() if url is None else _on_server(url.get_secret_value())
    async with opened as place:
        yield place


@asynccontextmanager
async def _own_server() -> AsyncGenerator[Place]:
    folder, lock = _make_folder()
    starting = asyncio.create_task(asyncio.to_thread(_start_server, folder))
    try:
        # A thread can't be called off: whoever is, has to wait for it below.
        server = await asyncio.shield(starting)
        ways = {
            Role.API: Endpoint(server.url("api")),
            Role.STAFF: Endpoint(server.url("staff")),
            Role.RELAY: Endpoint(server.url("relay")),
        }
        yield Place(server.url("owner"), ways, True)
    finally:
        try:
            (await starting).stop(remove=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _start_server(folder: Path) -> EmbeddedServer:
    _sweep_folders(folder.parent)
    return EmbeddedServer.start(folder / "home", fast=True)


def _make_folder() -> tuple[Path, int]:
    """A folder of this process, and the lock on it that ends with the process."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # The account that runs PostgreSQL for root goes through it.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        try:
            lock = locks.open_lock(folder / "lock")
        except FileNotFoundError:
            continue  # another process has taken it for an abandoned one
        if locks.try_lock(lock) and locks.is_same(folder / "lock", lock):
            return folder, lock
        os.close(lock)


def _sweep_folders(base: Path) -> None:
    """Remove the folders whose process was killed, and the servers that go on in them."""
    for folder in base.glob(f"{_PREFIX}*"):
        try:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
                continue  # nothing of ours, whatever its name
            lock = locks.open_lock(folder / "lock")
        except OSError:
            continue  # gone meanwhile
        try:
            if locks.try_lock(lock):
                EmbeddedServer.discard(folder / "home")
                shutil.rmtree(folder, ignore_errors=True)
        except EmbeddedServerError as error:
            log.warning("an abandoned folder stays", folder=str(folder), error=str(error))
        finally:
            os.close(lock)


@asynccontextmanager
async def _on_server(url: str) -> AsyncGenerator[Place]:
    name = f"questline_ephemeral_{secrets.token_hex(8)}"
    try:
        # First the connection that tells of it, then the database: it never looks abandoned.
        keeper = await asyncpg.connect(url, server_settings={"application_name": name})
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise EphemeralError(f"The server of DATABASE_URL can't be reached: {error}") from error
    try:
        await _sweep_databases(keeper)
        try:
            await keeper.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        except asyncpg.InsufficientPrivilegeError as error:
            raise EphemeralError(
                "The owner in DATABASE_URL may not create databases. Let a superuser run "
                "ALTER ROLE ... CREATEDB, or unset DATABASE_URL: then there is a server of its own."
            ) from error
        try:
            own = with_database(url, name)
            yield Place(own, {role: Endpoint(own, set_role=role) for role in Role}, False)
        finally:
            await _drop(url, name)
    finally:
        await keeper.close()


async def _drop(url: str, name: str) -> None:
    """Drop it over a connection of its own: the keeper's may have been cut."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


async def _sweep_databases(keeper: asyncpg.Connection[asyncpg.Record]) -> None:
    """Drop the databases whose process was killed."""
    for row in await keeper.fetch(_ABANDONED):
        name: str = row["datname"]
        if not _NAME.fullmatch(name):
            continue  # somebody's own, which only begins like ours
        try:
            await keeper.execute(f"DROP DATABASE IF EXISTS {name}")
        except asyncpg.PostgresError as error:
            log.warning("an abandoned database stays", database=name, error=str(error))


def with_database(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{name}{query}"
