"""One batch of the relay: read what is undelivered, publish it in order, mark what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import logs, sql
from app.core.clock import Clock
from app.core.db import Pool
from app.core.sql import Row
from app.relay import retries
from app.relay.destinations import Destination, RefusedError
from app.relay.envelope import EnvelopeError, cloud_event
from app.relay.lease import PROJECTOR, Lease

SQL = sql.load("relay")
log = logs.get(__name__)

_LONGEST_ERROR = 500


class LeaseLostError(Exception):
    """Another process may deliver by now: nothing more may be published."""


class Delivery:
    """The batches of one turn as the active relay."""

    def __init__(
        self, pool: Pool, lease: Lease, destination: Destination, clock: Clock, batch_size: int
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._destination = destination
        self._clock = clock
        self._batch_size = batch_size

    async def batch(self) -> int:
        """Deliver the oldest events that may be delivered now; returns how many were tried.

        Raises `LeaseLostError`; what was published but not marked then comes again.
        """
        rows = await self._due()
        if not rows:
            return 0
        delivered: list[Row] = []
        refused: list[tuple[Row, str]] = []
        held_up: set[UUID] = set()
        for row in rows:
            if row["user_id"] in held_up:
                continue
            self._check_lease()
            try:
                await self._destination.put(cloud_event(row))
            except (RefusedError, EnvelopeError) as error:
                held_up.add(row["user_id"])
                refused.append((row, str(error)))
            else:
                delivered.append(row)
        self._check_lease()
        await self._destination.flush()
        await self._mark_delivered(delivered)
        await self._mark_refused(refused)
        return len(delivered) + len(refused)

    def _check_lease(self) -> None:
        if not self._lease.is_held():
            raise LeaseLostError

    async def _due(self) -> list[Row]:
        """The oldest undelivered events without those behind one that waits for its next try.

        Who waits is seen in passing: the waiting event is the oldest of its user. Where those
        users fill most of what was read, it is read again without them.
        """
        waiting: set[UUID] = set()
        while True:
            now = self._clock.now()
            rows = await SQL["outbox_undelivered"].all(
                self._pool, left_out=list(waiting), at_most=self._batch_size
            )
            due: list[Row] = []
            for row in rows:
                if row["next_attempt_at"] is not None and row["next_attempt_at"] > now:
                    waiting.add(row["user_id"])
                if row["user_id"] not in waiting:
                    due.append(row)
            if len(rows) < self._batch_size or 2 * len(due) >= len(rows):
                return due

    async def _mark_delivered(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        now = self._clock.now()
        marked = await SQL["outbox_mark_delivered"].run(
            self._pool,
            user_ids=[row["user_id"] for row in rows],
            ids=[row["id"] for row in rows],
            attempts=[row["attempts"] for row in rows],
            now=now,
            projector=PROJECTOR,
            holder=self._lease.holder,
        )
        last = rows[-1]
        self._lease.last_delivered = {
            "id": last["id"],
            "user_id": last["user_id"],
            "seq": last["seq"],
            "delivered_at": now,
        }
        await self._check_marks(marked, len(rows))

    async def _mark_refused(self, refused: Sequence[tuple[Row, str]]) -> None:
        if not refused:
            return
        now = self._clock.now()
        verdicts = [retries.after_refusal(row["attempts"] + 1, now) for row, _ in refused]
        for (row, error), verdict in zip(refused, verdicts, strict=True):
            log.warning(
                "an event was refused" if verdict.dead_at is None else "an event was given up",
                event_id=str(row["id"]),
                tries=row["attempts"] + 1,
                error=error,
            )
        marked = await SQL["outbox_mark_refused"].run(
            self._pool,
            user_ids=[row["user_id"] for row, _ in refused],
            ids=[row["id"] for row, _ in refused],
            attempts=[row["attempts"] for row, _ in refused],
            next_attempts_at=[verdict.next_attempt_at for verdict in verdicts],
            dead_at=[verdict.dead_at for verdict in verdicts],
            errors=[error.replace("\0", "")[:_LONGEST_ERROR] for _, error in refused],
            projector=PROJECTOR,
            holder=self._lease.holder,
        )
        await self._check_marks(marked, len(refused))

    async def _check_marks(self, marked: int, expected: int) -> None:
        """Find out why marks were left out: others may change a row, or have taken the lease."""
        if marked < expected and not await self._lease.renew():
            raise LeaseLostError
