"""The days of the demo user, and the writes in them: each at a moment of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from app.core import outbox, transaction
from app.core.transaction import BLOCK, Tx

USER_ID = uuid5(NAMESPACE_URL, "questline:demo")
DAYS = 21


def morning(day: int, now: datetime) -> datetime:
    """Seven o'clock on one of the days, the last of which is today."""
    return datetime.combine((now - timedelta(days=DAYS - 1 - day)).date(), time(7), now.tzinfo)


@asynccontextmanager
async def writing(
    connection: asyncpg.Connection[asyncpg.Record], at: datetime, *, positions: int = BLOCK
) -> AsyncGenerator[Tx]:
    """A write at a moment: the user's clock before it, its events after it."""
    tx = Tx(connection, USER_ID, at)
    await transaction.take_clock(tx, positions)
    yield tx
    await outbox.flush(tx)
