"""Services in processes of their own, as `questline serve` starts them, and their clients."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx

from app.core.clock import MovableClock
from app.core.db import Role, prepare_connection
from tests.support import Database, Service

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds that a process may take to start or to end on a busy machine before a test fails."""
_HERE = "GraphiQL: http://"

# As in the tests of one process: a loaded machine must not fail what is not about limits.
GENEROUS = {
    "QUESTLINE_LOCK_TIMEOUT": "10",
    "QUESTLINE_STATEMENT_TIMEOUT": "20",
    "QUESTLINE_REQUEST_TIMEOUT": "30",
    "QUESTLINE_SIGN_IN_TRIES": "100000",
}


def environment(database: Database | None, changes: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process that works on a database, or on an embedded one of its own."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("QUESTLINE_")
    }
    given: dict[str, str] = {}
    if database is not None:
        given["DATABASE_URL"] = database.owner_url
        for role, variable in (
            (Role.API, "QUESTLINE_API_DATABASE_URL"),
            (Role.STAFF, "QUESTLINE_STAFF_DATABASE_URL"),
            (Role.RELAY, "QUESTLINE_RELAY_DATABASE_URL"),
        ):
            if database.ways[role].set_role is None:
                given[variable] = database.ways[role].url
    return {**inherited, **GENEROUS, **given, **changes}


class ServerProcess:
    """A running `questline serve`."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, log: Path) -> None:
        self.process = process
        self.address = address
        self.log = log

    @classmethod
    async def start(cls, database: Database | None, log: Path, **settings: str) -> Self:
        """Start it and wait until it can be reached; it appends to the log."""
        with log.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "app.cli", "serve", "--port", "0"),
                cwd=ROOT,
                env=environment(database, settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=file,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(PATIENCE):
                address = await _address(process, log)
        except BaseException:
            await _end(process)
            raise
        return cls(process, address, log)

    async def kill(self) -> None:
        """End it at once, as the system does when memory is short."""
        await _end(self.process)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def interrupt(self) -> None:
        """What Ctrl+C in its terminal does: every process of its group is told."""
        os.killpg(self.process.pid, signal.SIGINT)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """The exit code, once it has ended; negative for the signal that ended it."""
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def stop(self) -> None:
        """End it as an operator does; fails where it does not go cleanly."""
        self.signal(signal.SIGTERM)
        assert await self.ended() == 0, _tail(self.log)


async def _address(process: asyncio.subprocess.Process, log: Path) -> str:
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode():
        if line.startswith(_HERE):
            return line.removeprefix(_HERE).partition("/")[0]
    raise AssertionError(f"the server did not start: {_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text()[-2000:]


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()


@asynccontextmanager
async def serving(
    database: Database | None, log: Path, **settings: str
) -> AsyncGenerator[ServerProcess]:
    """A server that is killed at the end if it still runs."""
    server = await ServerProcess.start(database, log, **settings)
    try:
        yield server
    finally:
        await server.kill()


@asynccontextmanager
async def client(database: Database, address: str) -> AsyncGenerator[Service]:
    """What asks the service at the address, with a connection of the owner beside it."""
    owner = await asyncpg.connect(database.owner_url, server_settings={"timezone": "UTC"})
    try:
        await prepare_connection(owner)
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE) as http:
            service = Service(database, owner, None, http, MovableClock())
            try:
                yield service
            finally:
                owner = service.owner  # a test may have replaced a dead one
    finally:
        await owner.close()


async def quiet(owner: Any) -> None:
    """Wait until no one else works in the database: what a killed server began has ended."""
    others = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
    """

    async def alone() -> bool:
        return await owner.fetchval(others) == 0

    await eventually(alone, "a connection of the server lives on")


async def eventually(
    condition: Callable[[], Awaitable[object]], otherwise: str, seconds: float = PATIENCE
) -> None:
    """Wait until the condition holds; fail with a word on what went on instead."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while not await condition():
        assert loop.time() < ends, otherwise
        await asyncio.sleep(0.02)
