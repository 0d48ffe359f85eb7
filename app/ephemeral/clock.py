"""Lets the database's own now() follow a clock that is moved, in a throwaway database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.core.clock import MovableClock
from app.core.errors import InvalidInput

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
FOR_EVER = datetime(2200, 1, 1, tzinfo=UTC)
"""After all that the clock can be moved to."""


async def prepare(connection: Any, clock: MovableClock) -> None:
    """Make `now()` follow the clock, in an empty database, before its tables are made.

    What the database itself dates (defaults of columns) must agree with what the service dates, or
    moving the clock back would break constraints and pruning would take what is new for old. So a
    function of the same name stands before PostgreSQL's own in the search path.
    """
    await _set(connection, clock.now())
    name = await connection.fetchval("SELECT quote_ident(current_database())")
    await connection.execute(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")


async def move(connection: Any, clock: MovableClock, moment: datetime, *path: str) -> None:
    """Let the database and the service go on from `moment`.

    Raises `InvalidInput` for a moment outside of this century.
    """
    if not EARLIEST <= moment < LATEST:
        said = f"The clock goes from {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d}."
        raise InvalidInput(said, *path)
    await _set(connection, moment)
    clock.set(moment)


async def _set(connection: Any, moment: datetime) -> None:
    ahead = await connection.fetchval(
        "SELECT extract(epoch FROM $1::timestamptz - pg_catalog.clock_timestamp())", moment
    )
    await connection.execute(
        "CREATE OR REPLACE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE "
        f"PARALLEL SAFE RETURN pg_catalog.now() + make_interval(secs => {float(ahead)!r})"
    )
