"""What the relay's tests share: writers of events, a destination that records, real relays."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import asyncpg

from app.core import outbox, sql, transaction
from app.core.clock import Clock, MovableClock, SystemClock, milliseconds
from app.core.db import Endpoint, Pool, close_pool, open_pool
from app.core.settings import Settings
from app.core.transaction import BLOCK
from app.quests.events import QuestCreated
from app.relay.destinations import Destination, RefusedError
from app.relay.envelope import CloudEvent
from app.relay.runner import CONNECTIONS, Relay

ROOT = Path(__file__).parents[2]
AUTH = sql.load("auth")
PATIENCE = 30.0
"""Seconds that something may take on a busy machine before a test fails."""


def settings(**changes: Any) -> Settings:
    """Settings of a relay that wastes no time."""
    defaults: dict[str, Any] = {"relay_lease": 2.0, "relay_poll": 0.01, "relay_batch": 50}
    return Settings(**{**defaults, **changes})


@asynccontextmanager
async def pooled(way: Endpoint, size: int = CONNECTIONS) -> AsyncGenerator[Pool]:
    """A pool of one role."""
    pool = await open_pool(way, settings(), size, asyncpg.Connection)
    try:
        yield pool
    finally:
        await close_pool(pool, settings())


async def eventually(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait for the condition; fail when it doesn't come true."""
    deadline = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)


async def make_user(owner: Any) -> UUID:
    """A user who may write."""
    user_id = uuid4()
    await AUTH["user_create"].one(
        owner,
        user_id=user_id,
        email=f"{user_id.hex}@test.example",
        name="Tester",
        timezone="UTC",
        day_start_hour=0,
        approved=True,
        positions=BLOCK,
        event_ms=milliseconds(SystemClock().now()),
    )
    return user_id


async def write(
    api: Pool, user_id: UUID, events: int = 1, *, gap: Callable[[], float] = lambda: 0.0
) -> None:
    """A writing transaction of the user that leaves so many events, with gaps between its steps."""
    async with transaction.opened(api, user_id, SystemClock().now()) as tx:
        await transaction.take_clock(tx)
        await asyncio.sleep(gap())
        for number in range(events):
            outbox.put(tx, uuid4(), QuestCreated(title=f"Quest {number}"))
        await outbox.flush(tx)
        await asyncio.sleep(gap())


async def stored(owner: Any) -> list[asyncpg.Record]:
    """All events that were ever committed, each user's in order."""
    return await owner.fetch(
        "SELECT id, user_id, seq, attempts, processed, next_attempt_at, dead_at, last_error "
        "FROM outbox ORDER BY user_id, seq"
    )


async def waiting(owner: Any) -> int:
    """How many events are neither delivered nor dead."""
    return await owner.fetchval(
        "SELECT count(*) FROM outbox WHERE NOT processed AND dead_at IS NULL"
    )


class Recorder:
    """A destination in memory; what was not flushed is not there."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.refused: set[UUID] = set()
        """Ids of events that it does not take."""
        self.before_put: Callable[[CloudEvent], Awaitable[None]] | None = None
        self.tries: list[UUID] = []
        self._open = False
        self._put: list[bytes] = []

    async def open(self) -> None:
        assert not self._open
        self._open = True

    async def put(self, event: CloudEvent) -> None:
        assert self._open
        if self.before_put is not None:
            await self.before_put(event)
        self.tries.append(event.id)
        if event.id in self.refused:
            raise RefusedError(f"I don't take {event.id}")
        self._put.append(event.line)

    async def flush(self) -> None:
        assert self._open
        self.lines += self._put
        self._put = []

    async def close(self) -> None:
        self._open = False
        self._put = []

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that are there, as a consumer reads them."""
        return [json.loads(line) for line in self.lines]

    @property
    def ids(self) -> list[UUID]:
        """Their ids."""
        return [UUID(event["id"]) for event in self.events]


@asynccontextmanager
async def relaying(
    pool: Pool, destination: Destination, chosen: Settings | None = None, clock: Clock | None = None
) -> AsyncGenerator[Relay]:
    """A relay in this process, stopped in good order at the end."""
    relay = Relay(pool, lambda: destination, chosen or settings(), clock or MovableClock())
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    try:
        yield relay
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await running


class RelayProcess:
    """The command `questline relay` in a process of its own."""

    def __init__(self, way: Endpoint, path: Path | None, **changes: Any) -> None:
        self.log = Path(f"{path}.log") if path else None
        self._path = path
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(self.log.open("ab")) if self.log else subprocess.DEVNULL
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "relay", "--to", f"file:{path}"]
                if path
                else [sys.executable, "-m", "app.cli", "relay", "--to", "stdout"],
                env=environment(way, **changes),
                cwd=ROOT,
                stdout=subprocess.DEVNULL if path else subprocess.PIPE,
                stderr=log,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Make sure that it has ended, in whatever way."""
        self.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, with nothing finished."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def stop(self) -> None:
        """End it in good order; one that has not begun yet simply ends."""
        self.process.terminate()
        code = await asyncio.to_thread(self.process.wait, PATIENCE)
        begun = f":{self.process.pid}:" in self.words()
        assert code == 0 or (not begun and code == -signal.SIGTERM), self.words()

    async def delivers(self) -> None:
        """Wait until it has written something more to its file; notices that at once."""
        assert self._path is not None
        before = size(self._path)
        deadline = time.monotonic() + PATIENCE
        while size(self._path) == before:
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < deadline, self.words()
            await asyncio.sleep(0.001)

    def words(self) -> str:
        """What it said."""
        return self.log.read_text() if self.log else ""


def environment(way: Endpoint, **changes: Any) -> dict[str, str]:
    """The environment of a command that connects as the relay role, or as the role given."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith(("QUESTLINE_", "COV_"))
    }
    role = changes.pop("role", "relay")
    url = "DATABASE_URL" if way.set_role else f"QUESTLINE_{role.upper()}_DATABASE_URL"
    given = {"relay_lease": 0.5, "relay_poll": 0.02, "relay_batch": 50, **changes}
    return {
        **clean,
        url: way.url,
        "NO_COLOR": "1",
        **{f"QUESTLINE_{name.upper()}": str(value) for name, value in given.items()},
    }


def size(path: Path) -> int:
    """Size of a file that may not be there yet."""
    return path.stat().st_size if path.exists() else 0


def read(*paths: Path) -> list[bytes]:
    """The lines of files, one file after the other."""
    return [line for path in paths for line in path.read_bytes().splitlines(keepends=True)]


async def command(way: Endpoint, *arguments: str, **changes: Any) -> tuple[int, str, str]:
    """Run `questline` with these arguments: its exit code, what it printed, what it complained."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli",
        *arguments,
        env=environment(way, **changes),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, complaints = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), complaints.decode()
