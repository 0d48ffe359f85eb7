"""The clock of a demo user: a position for every event and every synced row, in their order."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from app.bulk.life import Life, Told
from app.core.clock import milliseconds
from app.core.transaction import BLOCK

_PICKED_UP = timedelta(hours=2)
"""Events of the last hours wait for their delivery still."""


class Clock(NamedTuple):
    """Where the person's clock stands in the end."""

    change_seq: int
    event_ms: int
    last_activity_at: datetime


def write(life: Life) -> Clock:
    """Write what waits for a position: each moment is a transaction, which takes a block."""
    taken = BLOCK
    event_ms = milliseconds(life.person.joined_at)
    at, seq = life.person.joined_at, taken
    for item in sorted(life.moments, key=attrgetter("at")):
        if item.at != at or seq == taken:
            at, seq, taken = item.at, taken, taken + BLOCK
        seq += 1
        event_ms = max(event_ms + 1, milliseconds(item.at))
        if isinstance(item, Told):
            _put_event(life, item, seq, event_ms)
        else:
            life.put(item.table, **item.values, sync_seq=seq)
    last = max(at, life.days[-1].morning)
    return Clock(taken, max(event_ms, milliseconds(last)), last)


def _put_event(life: Life, told: Told, seq: int, ts_utc_ms: int) -> None:
    waits = told.at > life.person.now - _PICKED_UP
    dead = not waits and life.chance(0.002)
    life.put(
        "outbox",
        id=life.id(),
        seq=seq,
        event_type=told.event.topic,
        table_name=told.event.table,
        row_id=told.row_id,
        payload=told.event.model_dump_json(),
        ts_utc_ms=ts_utc_ms,
        processed=not waits and not dead,
        attempts=0 if waits else 10 if dead else 1,
        next_attempt_at=None,
        delivered_at=None if waits or dead else told.at + timedelta(seconds=1),
        dead_at=told.at + timedelta(hours=1) if dead else None,
        last_error="The consumer refused it." if dead else None,
        created_at=told.at,
    )
