"""The service under attack: a process of its own, what is measured of it, and its health."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.support import Database, Service, User
from tests.torture.servers import ServerProcess, client, eventually

POOL = 4
"""Connections of the attacked service: so few that one which stays stuck is felt soon."""
MOST_MEMORY = 600_000_000
"""Bytes that the process may take, whatever was done to it."""
ORDINARY = "{ viewer { user { email } } quests(first: 1) { totalCount } }"

QUICK = {
    "QUESTLINE_API_POOL_SIZE": str(POOL),
    "QUESTLINE_HEAD_TIMEOUT": "1",
    "QUESTLINE_BODY_TIMEOUT": "1",
    "QUESTLINE_READ_TIMEOUT": "2",
    # What is about these limits sets its own.
    "QUESTLINE_RATE_LIMIT_ADDRESS": "0",
    "QUESTLINE_RATE_LIMIT_VIEWER": "0",
    "QUESTLINE_LOG_FORMAT": "json",
    # Far from UTC, where naive times would show.
    "TZ": "Pacific/Kiritimati",
}


class Target:
    """One attacked service, with two of its users."""

    def __init__(self, server: ServerProcess, service: Service, user: User, other: User) -> None:
        self.server = server
        self.service = service
        self.user = user
        self.other = other
        self._process = psutil.Process(server.process.pid)

    @property
    def address(self) -> str:
        """Host and port."""
        return self.server.address

    @property
    def port(self) -> int:
        """The port, on this machine."""
        return int(self.address.rpartition(":")[2])

    @property
    def log(self) -> Path:
        """The file that the process logs to."""
        return self.server.log

    def bearer(self, user: User | None = None) -> dict[str, str]:
        """The header that signs a user in."""
        return {"authorization": f"Bearer {(user or self.user).token}"}

    def cpu_seconds(self) -> float:
        """Seconds that all processors have worked for the process so far."""
        times = self._process.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        """Bytes of memory that the process takes now."""
        return self._process.memory_info().rss

    def logged(self, correlation_id: str) -> list[str]:
        """The lines of the log that belong to a request."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if correlation_id in line]

    async def assert_healthy(self) -> None:
        """It is ready, answers rightly as many at once as it has connections, and has not grown."""
        ready = await self.service.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        asked = (self.service.ask(ORDINARY, None, self.user) for _ in range(POOL + 1))
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*asked)
        for answer in answers:
            assert answer.data["viewer"]["user"]["email"] == self.user.email
        assert self.memory() < MOST_MEMORY

    async def assert_idle(self) -> None:
        """No connection of its pools is left in a transaction."""
        held: Any = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND state <> 'idle' AND xact_start < clock_timestamp() - interval '1 second'
        """

        async def none_held() -> bool:
            return await self.service.owner.fetchval(held) == 0

        await eventually(none_held, "a connection stays in its transaction", 15)


@asynccontextmanager
async def targeted(database: Database, server: ServerProcess) -> AsyncGenerator[Target]:
    """The process as a target, with a client and fresh users."""
    async with client(database, server.address) as service:
        user, other = await service.make_user(), await service.make_user()
        yield Target(server, service, user, other)
