"""Clients that subscribe and never read: they are dropped, and cost nobody else anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.core.feed import MOST_WAITING
from app.http import sockets
from tests.http.test_sockets import many_events
from tests.live import Socket, listening, signed_in
from tests.support import Database, Service, User
from tests.torture.conftest import Tally
from tests.torture.rounds import rounds
from tests.torture.servers import client, eventually, serving

EVENTS = 4 * MOST_WAITING
SUBSCRIPTIONS = 10
LONG = "subscription { questChanged(since: 0) { seq quest { description } } }"
VIEWER = "{ viewer { user { email } } }"
READ_TIMEOUT = 5
MOST_MEGABYTES = 100
"""What the process may grow by, for whole gigabytes that nobody reads."""
MOST_SECONDS = 3.0
"""How long others may wait for an answer meanwhile."""


def _megabytes(process: int) -> float:
    """The memory that a process has."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(resident) / 1024


def _established(process: int, port: int) -> int:
    """The connections to a port that are open on its side."""
    rows = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


async def _unread(socket: Socket, subscriptions: int = 1) -> None:
    """Subscribe, and read nothing any more."""
    socket.connection.transport.pause_reading()
    for name in range(subscriptions):
        await socket.subscribe(LONG, name=str(name))


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="reads Linux's /proc")
@rounds(2, 5)
async def test_clients_that_do_not_read_are_dropped(
    database: Database, log: Path, count: int, tally: Tally
) -> None:
    """More subscriptions than there are connections to the database, each far behind."""
    clock = asyncio.get_running_loop().time
    waits: list[float] = []
    memory: list[float] = []
    async with (
        serving(database, log, QUESTLINE_READ_TIMEOUT=str(READ_TIMEOUT)) as server,
        client(database, server.address) as service,
        AsyncExitStack() as stack,
    ):
        process, port = server.process.pid, int(server.address.rpartition(":")[2])
        idle, other = await service.make_user(), await service.make_user()
        await many_events(service, idle, EVENTS)
        assert (await service.ask(VIEWER, None, other)).data["viewer"]
        before = _megabytes(process)
        mute: list[Socket] = []
        for _ in range(count):
            mute.append(await stack.enter_async_context(signed_in(server.address, idle)))
            await _unread(mute[-1], SUBSCRIPTIONS)
        assert _established(process, port) > count

        async def alone() -> bool:
            asked = clock()
            assert (await service.ask(VIEWER, None, other)).data["viewer"]
            waits.append(clock() - asked)
            memory.append(_megabytes(process) - before)
            return _established(process, port) == 1

        await eventually(alone, "the server keeps clients that do not read")
        for socket in mute:
            socket.connection.transport.abort()
    tally(
        sockets=count,
        subscriptions=count * SUBSCRIPTIONS,
        events_waiting_for_them=count * SUBSCRIPTIONS * EVENTS,
        memory_grew_by_megabytes=round(max(memory)),
        others_waited_seconds=f"max {max(waits):.3f} of {len(waits)} requests",
    )
    assert max(memory) < MOST_MEGABYTES
    assert max(waits) < MOST_SECONDS


def _subscriptions(service: Service, count: int) -> Callable[[], Awaitable[bool]]:
    """Whether so many run in the service."""

    async def counted() -> bool:
        return service.app.state.executor.metrics.subscriptions == count

    return counted


async def test_who_reads_again_in_time_is_told_why(
    service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = service.app.state.sockets.settings.model_copy(update={"read_timeout": 0.5})
    monkeypatch.setattr(service.app.state.sockets, "settings", impatient)
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 60)
    await many_events(service, user, EVENTS)
    async with listening(service) as address, signed_in(address, user) as socket:
        await _unread(socket)
        for running in (1, 0):
            await eventually(_subscriptions(service, running), "it is not given up")
        socket.connection.transport.resume_reading()
        assert await socket.closed() == 4408
