"""The outbox: events of a transaction, written with it, for relays and live feeds to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict

from app.core import sql
from app.core.transaction import Tx

SQL = sql.load("core")


class Event(BaseModel):
    """A fact that happened to one row; a subclass has its topic, its table and typed fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: ClassVar[str]
    """What happened, in the past tense: `quest.completed`."""
    table: ClassVar[str]
    """The table whose row it happened to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with the row it happened to and its place in the user's stream."""

    row_id: UUID
    event: Event
    seq: int
    ts_utc_ms: int


def put(tx: Tx, row_id: UUID, event: Event) -> None:
    """Note an event; it is written by `flush` with the others of its transaction.

    `row_id` is the id of the row, or the user's id where the table has none of its own.
    """
    seq, ts_utc_ms = tx.position()
    tx.events.append(Entry(row_id, event, seq, ts_utc_ms))


async def flush(tx: Tx) -> None:
    """Write the events that were put, and all that is noted besides; called before the commit."""
    entries: Sequence[Entry] = tx.events
    if entries:
        tx.events = []
        payloads: list[dict[str, Any]] = [e.event.model_dump(mode="json") for e in entries]
        tx.later(
            SQL["outbox_put"],
            len(entries),
            user_id=tx.user_id,
            ids=[uuid4() for _ in entries],
            seqs=[e.seq for e in entries],
            event_types=[e.event.topic for e in entries],
            table_names=[e.event.table for e in entries],
            row_ids=[e.row_id for e in entries],
            payloads=payloads,
            ts_utc_ms=[e.ts_utc_ms for e in entries],
        )
    await tx.send()
