"""What people ask of the relay from outside: how it stands, and to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import sql
from app.core.clock import Clock, milliseconds
from app.core.db import Pool
from app.relay.lease import PROJECTOR

SQL = sql.load("relay")


@dataclass(frozen=True, slots=True)
class Status:
    """How the delivery of events stands."""

    waiting: int
    delivered: int
    """Delivered and not pruned yet."""
    dead: int
    oldest_waiting: timedelta | None
    """Age of the oldest waiting event; None where none waits."""
    holder: str | None
    """The active relay; None where there is none."""
    held_until: datetime | None


async def status(pool: Pool, clock: Clock) -> Status:
    """How it stands now."""
    waiting = await SQL["outbox_waiting"].one(pool)
    delivered = await SQL["outbox_delivered"].one(pool)
    dead = await SQL["outbox_dead"].one(pool)
    lease = await SQL["lease_holder"].maybe(pool, projector=PROJECTOR)
    age = None
    if waiting["oldest_ms"] is not None:
        # A user's clock may be ahead of ours: it never stands still.
        age = timedelta(milliseconds=max(0, milliseconds(clock.now()) - waiting["oldest_ms"]))
    return Status(
        waiting["events"],
        delivered["events"],
        dead["events"],
        age,
        None if lease is None else lease["leased_by"],
        None if lease is None else lease["leased_until"],
    )


async def requeue_dead(pool: Pool) -> int:
    """Give every event that was given up all its tries again; returns how many there were."""
    return await SQL["outbox_requeue_dead"].run(pool)


async def requeue(pool: Pool, event_id: UUID) -> bool:
    """Give one event that is not delivered all its tries again, from now on; false: there is none.

    A dead event then comes after those of its user that were delivered meanwhile.
    """
    return await SQL["outbox_requeue"].run(pool, id=event_id) > 0
