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
from contextvars import Context
from dataclasses import dataclass, field
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
MOST_WAITING = 100
"""Events that wait here for a client; those after them stay in the outbox until there is room."""


class ResyncRequired(AppError):
    """The position is older than what is kept; read everything again, then follow from now on."""

    code = ErrorCode.RESYNC_REQUIRED


@dataclass(eq=False, slots=True)
class Follower:
    """One subscription: what it is about, where it stands, and the events that wait for it."""

    topics: frozenset[str]
    position: int
    waiting: asyncio.Queue[Row] = field(
        default_factory=lambda: asyncio.Queue[Row](maxsize=MOST_WAITING)
    )

    def take(self, rows: Sequence[Row], reached: int) -> None:
        """Go on to the position `reached` over the events up to it, as far as there is room."""
        for row in rows:
            if row["event_type"] in self.topics:
                if self.waiting.full():
                    return
                self.waiting.put_nowait(row)
            self.position = row["seq"]
        self.position = max(self.position, reached)


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

        Raises `ResyncRequired` when events after `since` have been pruned.
        """
        follower = Follower(frozenset(topics), await self._start(user_id, since))
        self._followers[user_id].add(follower)
        if self._task is None or self._task.done():
            # It belongs to no request: without this it would log and trace as the first one's.
            self._task = asyncio.create_task(self._poll(), context=Context())
        try:
            while True:
                yield await follower.waiting.get()
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
            behind: dict[int, list[Follower]] = defaultdict(list)
            for each in self._followers.get(clock["id"], ()):
                if each.position < clock["change_seq"] and not each.waiting.full():
                    behind[each.position].append(each)
            # Mostly all stand at one place; a slow one must not hold the others up.
            for position, followers in behind.items():
                await self._deliver(clock["id"], clock["change_seq"], position, followers)

    async def _deliver(
        self, user_id: UUID, change_seq: int, position: int, followers: Sequence[Follower]
    ) -> None:
        """Hand the events after a position to those who stand there."""
        reader = Reader(self._databases.api, user_id)
        try:
            rows: list[Any] = await SQL["outbox_since"].all(
                reader, user_id=user_id, since=position, most=MOST_WAITING
            )
        finally:
            await reader.close()
        last = rows[-1]["seq"] if rows else 0
        # A page that is full may not be the end: then the clock must not be skipped to.
        reached = last if len(rows) == MOST_WAITING else max(change_seq, last)
        for follower in followers:
            follower.take(rows, reached)
