"""The database is restarted or crashes under a relay and its writers: both go on by themselves."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app import migrate
from app.core.db import Endpoint
from app.embedded import EmbeddedServer
from tests.relay.helpers import (
    RelayProcess,
    eventually,
    make_user,
    pooled,
    read,
    stored,
    waiting,
    write,
)
from tests.relay.scenes import torment
from tests.relay.tally import tally


class OwnServer:
    """A PostgreSQL of the test's own, which can be ended and started again."""

    def __init__(self, home: Path, binaries: Path, *, durable: bool) -> None:
        self._home = home
        self._binaries = binaries
        self._durable = durable
        self._ends = 0
        self.start()

    def start(self) -> None:
        self.embedded = EmbeddedServer.start(
            self._home, binaries=self._binaries, fast=not self._durable
        )

    def end(self) -> None:
        """End it in good order; where it loses nothing by that, by a kill every other time."""
        self._ends += 1
        if self._durable and self._ends % 2 == 0:
            data = self.embedded.home / "server" / "data"
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGKILL)
        self.embedded.stop()

    async def restart(self) -> None:
        """End it and start it again."""
        await asyncio.to_thread(self.end)
        await asyncio.to_thread(self.start)


@pytest.fixture
async def own_server(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_binaries: Path
) -> AsyncGenerator[OwnServer]:
    torture = request.node.get_closest_marker("torture") is not None
    server = OwnServer(tmp_path / "postgres", postgres_binaries, durable=torture)
    try:
        connection = await asyncpg.connect(server.embedded.url("owner"))
        try:
            await migrate.apply(connection)
        finally:
            await connection.close()
        yield server
    finally:
        server.embedded.stop(remove=True)


async def test_one_relay_outlives_restarts(own_server: OwnServer, tmp_path: Path) -> None:
    path = tmp_path / "events"
    relay = Endpoint(own_server.embedded.url("relay"))

    async def drained() -> bool:
        owner = await asyncpg.connect(own_server.embedded.url("owner"))
        try:
            return await waiting(owner) == 0
        finally:
            await owner.close()

    async with pooled(Endpoint(own_server.embedded.url("api"))) as api:
        owner = await asyncpg.connect(own_server.embedded.url("owner"))
        user = await make_user(owner)
        await owner.close()
        with RelayProcess(relay, path, relay_lease=60) as process:
            for _ in range(2):
                for _ in range(5):
                    await write(api, user, events=20)
                await process.delivers()
                await own_server.restart()
            await write(api, user, events=20)
            await eventually(drained)
            await process.stop()
            assert "waiting for better times" in process.words()
    owner = await asyncpg.connect(own_server.embedded.url("owner"))
    rows = [(row["id"], row["user_id"], row["seq"]) for row in await stored(owner)]
    await owner.close()
    result = tally("restarts", 0, rows, read(path))
    result.check()
    assert result.written == 220


@pytest.mark.torture
async def test_kills_and_restarts_together(
    own_server: OwnServer, tmp_path: Path, note: Any
) -> None:
    result = await torment(
        "relay killed, database restarted",
        owner_url=own_server.embedded.url("owner"),
        api=Endpoint(own_server.embedded.url("api")),
        relay=Endpoint(own_server.embedded.url("relay")),
        path=tmp_path / "events",
        kills=20,
        backlog=2_000,
        between=own_server.restart,
    )
    note(result)
    result.check()
