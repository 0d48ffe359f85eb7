"""What goes by itself: the errors of a database or destination that is away for a while."""

from __future__ import annotations

import asyncio
import random

import asyncpg

OUTAGES: tuple[type[Exception], ...] = (
    OSError,  # time limits of the client are among them
    asyncpg.InterfaceError,
    # What asyncpg itself stumbles into when the server's last words come between two steps.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)

_FIRST_SECONDS = 0.1
_LONGEST_SECONDS = 5.0


def seconds_after(outages: int) -> float:
    """How long to wait after so many outages in a row: doubling, up to 5 seconds, with jitter."""
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(outages, 16))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  # no secret


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Sleep so long, or until the stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
