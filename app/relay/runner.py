"""The relay's process: waits for the lease, delivers as long as it has it, outlives outages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.core import logs
from app.core.clock import Clock
from app.core.db import Pool
from app.core.settings import Settings
from app.relay.delivery import Delivery, LeaseLostError
from app.relay.destinations import Destination
from app.relay.lease import Lease
from app.relay.outages import OUTAGES, pause, seconds_after

log = logs.get(__name__)

CONNECTIONS = 2
"""Connections of a relay: one delivers, one renews the lease meanwhile."""

_LOOK_SECONDS = 1.0
"""How often a relay looks, at least, whether the active one has given the lease back."""


class Relay:
    """A relay that may be one of several; the one with the lease delivers, the others wait."""

    def __init__(
        self,
        pool: Pool,
        make_destination: Callable[[], Destination],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.lease = Lease(pool, settings.relay_lease)
        self._pool = pool
        self._make_destination = make_destination
        self._settings = settings
        self._clock = clock
        self._outages = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Run until the stop: the batch under way is finished, marked, and the lease given back.

        Raises `DestinationGoneError`, and errors of the database that no waiting mends.
        """
        while not stop.is_set():
            try:
                if await self.lease.take():
                    await self._lead(stop)
                else:
                    await pause(stop, min(_LOOK_SECONDS, self._settings.relay_lease / 3))
            except LeaseLostError:
                log.warning("the lease was lost", holder=self.lease.holder)
            except OUTAGES as error:
                self._outages += 1
                log.warning("waiting for better times", error=f"{type(error).__name__}: {error}")
                await pause(stop, seconds_after(self._outages))

    async def _lead(self, stop: asyncio.Event) -> None:
        """Deliver as the active relay."""
        log.info("this relay is active", holder=self.lease.holder)
        destination = self._make_destination()
        delivery = Delivery(
            self._pool, self.lease, destination, self._clock, self._settings.relay_batch
        )
        async with self.lease.renewed():
            try:
                await destination.open()
                while not stop.is_set() and self.lease.is_held():
                    tried = await delivery.batch()
                    self._outages = 0
                    if not tried:
                        await pause(stop, self._settings.relay_poll)
            finally:
                with suppress(OSError):
                    await destination.close()
        log.info("this relay is at rest", holder=self.lease.holder)
