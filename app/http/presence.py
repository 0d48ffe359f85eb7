"""Who follows what in this process: live connections are counted by user, and end with sessions.

Sockets and streams share one budget, which is told in operations: a socket takes the room of as
many as may run on it, a stream over HTTP the room of one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from app.auth import actions as auth
from app.core import logs
from app.core.request import RequestInfo
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.http.execution import Executor

log = logs.get(__name__)

CHECK_SECONDS = 4.0
"""How often a live connection's session is looked up again; an ended one is noticed within five."""


class Full(Exception):
    """A user has as many live connections as one may have."""


class Presence:
    """The live connections of one process."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._settings = executor.settings
        self.taken: Counter[UUID] = Counter()
        """Room that users take, in operations."""
        self.leaving = asyncio.Event()
        """Set when the service is about to end: nothing may hold it up by going on forever."""

    def leave(self) -> None:
        """End every stream; sockets are closed by the server itself."""
        self.leaving.set()

    @property
    def socket(self) -> int:
        """The room of a socket."""
        return self._settings.max_socket_operations

    @contextmanager
    def room(self, user_id: UUID, size: int) -> Generator[None]:
        """Take room for as long as the block runs; raises `Full`."""
        if self.taken[user_id] + size > self._settings.max_sockets * self.socket:
            raise Full
        self.taken[user_id] += size
        try:
            yield
        finally:
            self.taken[user_id] -= size
            if not self.taken[user_id]:
                del self.taken[user_id]

    async def look_up(self, request: RequestInfo) -> Viewer | None:
        """The viewer behind a token who may stay; raises what a database that is away raises."""
        executor = self._executor
        viewer, reader = await auth.authenticate(
            executor.databases, executor.settings, request.token, executor.clock.now()
        )
        await reader.close()
        return None if viewer is None or viewer.disabled else viewer

    async def session_end(self, request: RequestInfo) -> None:
        """Return soon after a session has ended, in whatever process that was."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                if await self.look_up(request) is None:
                    return
            except Exception as error:  # the database is away: look again
                log.warning("session look-up failed", error=repr(error))
