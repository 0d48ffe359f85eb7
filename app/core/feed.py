"""The live feed: follows the outbox of the users who have subscriptions in this process.

One statement polls the clocks of all of them; only of users whose clock has moved is the outbox
read, as that user. First the clock, then the outbox, and the new position is the greater of that
clock and the last event read: so nothing is missed and nothing comes twice, because a user's
positions are handed out under the user's lock and follow the order of commits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core import logs, sql
from app.core.db import Databases
from app.core.errors import AppError, ErrorCode
from app.core.reader import Reader
from app.core.sql import Row

SQL = sql.load("core")
log = logs.get(__name__)

POLL_SECONDS = 0.2
SLOWEST_POLL_SECONDS = 2.0
"""How far apart polls get while the database does not answer."""
READ_AT_ONCE = 500
MOST_WAITING = 100
"""Events that may wait for a client that does not read; then it is dropped."""


class ResyncRequired(AppError):
    """The position is older than what is kept; read everything again, then follow from now on."""

    code = ErrorCode.RESYNC_REQUIRED


class SlowConsumerError(Exception):
    """A client has not read its events for too long."""


@dataclass(eq=False, slots=True)
class Follower:
    """One subscription: where it stands, and the events that wait for it."""

    user_id: UUID
    position: int
    waiting: asyncio.Queue[Row] = field(
        default_factory=lambda: asyncio.Queue[Row](maxsize=MOST_WAITING)
    )
    dropped: bool = False

    def take(self, row: Row) -> None:
        """Hand an event over; a full queue drops the follower."""
        try:
            self.waiting.put_nowait(row)
        except asyncio.QueueFull:
            self.dropped = True


class Feed:
    """The followers of one process, and the task that polls for them."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._followers: dict[UUID, set[Follower]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def follow(
        self, user_id: UUID, topics: Sequence[str], since: int | None
    ) -> AsyncGenerator[Row]:
        """The user's events of some topics, those after `since` first, then each as it commits.

        Raises `ResyncRequired` when events after `since` have been pruned, `SlowConsumerError` when
        they are not taken.
        """
        follower = Follower(user_id, await self._start(user_id, since))
        self._followers[user_id].add(follower)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll())
        try:
            while not follower.dropped:
                row = await follower.waiting.get()
                if row["event_type"] in topics:
                    yield row
            raise SlowConsumerError
        finally:
            self._followers[user_id].discard(follower)
            if not self._followers[user_id]:
                del self._followers[user_id]

    async def close(self) -> None:
        """Stop polling."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _start(self, user_id: UUID, since: int | None) -> int:
        """The position to begin at: now, or `since` where all after it is still kept."""
        reader = Reader(self._databases.api, user_id)
        try:
            row = await SQL["feed_bounds"].one(reader, user_id=user_id, since=since or 0)
        finally:
            await reader.close()
        if since is None or since >= row["change_seq"]:
            return row["change_seq"]
        if since < 0 or (since > 0 and not row["reaches_back"]):
            raise ResyncRequired("Events after this position are gone; read again first.", "since")
        return since

    async def _poll(self) -> None:
        pause = POLL_SECONDS
        while self._followers:
            try:
                await self._round()
                pause = POLL_SECONDS
            except Exception as error:  # a poll that failed is tried again
                pause = min(pause * 2, SLOWEST_POLL_SECONDS)
                log.warning("poll failed", error=repr(error))
            await asyncio.sleep(pause)

    async def _round(self) -> None:
        """One poll: the clocks of all followed users, then the outbox of those that moved."""
        pool = await self._databases.relay()
        async with pool.acquire() as connection:
            clocks = await SQL["clocks"].all(connection, user_ids=list(self._followers))
        for clock in clocks:
            followers = list(self._followers.get(clock["id"], ()))
            behind = [each for each in followers if each.position < clock["change_seq"]]
            if behind:
                await self._deliver(clock["id"], clock["change_seq"], behind)

    async def _deliver(self, user_id: UUID, change_seq: int, behind: list[Follower]) -> None:
        reader = Reader(self._databases.api, user_id)
        try:
            rows: list[Any] = await SQL["outbox_since"].all(
                reader,
                user_id=user_id,
                since=min(each.position for each in behind),
                most=READ_AT_ONCE,
            )
        finally:
            await reader.close()
        last = rows[-1]["seq"] if rows else 0
        # A page that is full may not be the end: then the clock must not be skipped to.
        reached = last if len(rows) == READ_AT_ONCE else max(change_seq, last)
        for follower in behind:
            for row in rows:
                if row["seq"] > follower.position:
                    follower.take(row)
            follower.position = max(follower.position, reached)


def moment_of(row: Row) -> datetime:
    """When an event happened, by the user's clock."""
    return datetime.fromtimestamp(row["ts_utc_ms"] / 1000, UTC)
