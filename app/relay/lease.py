"""The lease: at any time one process alone does a job, and knows by itself when that ends."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from app.core import logs, sql
from app.core.db import Pool
from app.relay.outages import OUTAGES

SQL = sql.load("relay")
log = logs.get(__name__)

PROJECTOR = "relay"


def this_process() -> str:
    """A name that no other holder has: the host, the process, and something random."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Lease:
    """The relay's row in `projection_state`, as this process holds it or not."""

    def __init__(self, pool: Pool, seconds: float) -> None:
        self.holder = this_process()
        self.last_delivered: dict[str, Any] | None = None
        """What people are told of the last delivery; written along with the next renewal."""
        self._pool = pool
        self._seconds = seconds
        self._until = float("-inf")

    def is_held(self) -> bool:
        """Whether nobody else can have it yet, without asking the database."""
        return time.monotonic() < self._until

    async def take(self) -> bool:
        """Take it, or renew it; false when another process has it."""
        await SQL["lease_prepare"].run(self._pool, projector=PROJECTOR)
        return await self.renew()

    async def renew(self) -> bool:
        """Renew it; false when another process has it by now."""
        # Counted from before the question: our end is never later than the database's.
        asked = time.monotonic()
        row = await SQL["lease_take"].maybe(
            self._pool,
            projector=PROJECTOR,
            holder=self.holder,
            seconds=self._seconds,
            last_processed=self.last_delivered,
        )
        self._until = float("-inf") if row is None else asked + self._seconds
        return row is not None

    @asynccontextmanager
    async def renewed(self) -> AsyncGenerator[None]:
        """Renew it as long as the block runs, and give it back at the end."""
        heart = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            heart.cancel()
            await asyncio.wait([heart])
            self._until = float("-inf")
            with suppress(*OUTAGES):
                await SQL["lease_release"].run(
                    self._pool,
                    projector=PROJECTOR,
                    holder=self.holder,
                    last_processed=self.last_delivered,
                )
            if not heart.cancelled():
                heart.result()  # an error that is no outage

    async def _beat(self) -> None:
        """Renew it three times in its length; an outage that outlasts it ends it."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            try:
                if not await self.renew():
                    return
            except OUTAGES as error:
                log.warning("the lease could not be renewed", error=str(error))
