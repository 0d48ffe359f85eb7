"""The context of one request: the viewer, the loaders, the read snapshot and the transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from app.core import days, outbox, transaction
from app.core.clock import Clock
from app.core.db import Databases
from app.core.errors import NotApproved, NotSignedIn
from app.core.feed import Feed
from app.core.reader import Reader
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.sql import Row
from app.core.transaction import BLOCK, Tx, UserQueue
from app.core.viewer import Viewer

K = TypeVar("K")
T = TypeVar("T")


class Context:
    """What a resolver works with; made for each request and closed at its end."""

    def __init__(
        self,
        databases: Databases,
        queue: UserQueue,
        clock: Clock,
        settings: Settings,
        request: RequestInfo,
        viewer: Viewer | None,
        reader: Reader,
        feed: Feed,
    ) -> None:
        self.databases = databases
        self.clock = clock
        self.settings = settings
        self.request = request
        self.viewer = viewer
        self.reader = reader
        self.feed = feed
        self._queue = queue
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}
        self._writing = asyncio.Lock()
        self._staff_reader: Reader | None = None

    @property
    def signed_in(self) -> Viewer:
        """The viewer, where there must be one; raises `NotSignedIn` for nobody."""
        if self.viewer is None:
            raise NotSignedIn("Sign in first: this operation needs a viewer.")
        return self.viewer

    @property
    def user_id(self) -> UUID:
        """The signed-in user; raises `NotSignedIn` for nobody."""
        return self.signed_in.user_id

    @property
    def now(self) -> datetime:
        """The present moment by the service's clock, in UTC."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The viewer's local date; raises `NotSignedIn` for nobody."""
        viewer = self.signed_in
        return days.local_date(self.now, viewer.timezone, viewer.day_start_hour)

    async def staff_reader(self) -> Reader:
        """A read snapshot in the staff role: only for operations whose rule asks for one."""
        if self._staff_reader is None:
            self._staff_reader = Reader(await self.databases.staff(), self.user_id)
        return self._staff_reader

    async def load(
        self, batch: Callable[[Context, Sequence[K]], Awaitable[Sequence[T]]], key: K
    ) -> T:
        """One key of a batched read: keys asked for in the same turn share one statement."""
        if self._writing.locked():
            # A loader waits for a connection; inside a transaction, with a full pool, everyone
            # would wait for everyone.
            raise RuntimeError("loaders must not be awaited inside a transaction")
        loader = self._loaders.get(batch)
        if loader is None:
            loader = self._loaders[batch] = DataLoader(partial(batch, self))
        return await loader.load(key)

    @asynccontextmanager
    async def transaction(self, positions: int = BLOCK) -> AsyncGenerator[Tx]:
        """A write of the viewer: waits its turn, takes the clock, writes the outbox, commits.

        Raises `NotApproved` or `AccountDisabled` before anything else happened. After it, nested
        fields read a new snapshot.
        """
        user_id = self.user_id
        async with self._exclusive(user_id), self._opened(user_id) as tx:
            await transaction.take_clock(tx, positions)
            yield tx
            if not tx.discarded:
                await outbox.flush(tx)

    @asynccontextmanager
    async def staff_transaction(self, owner: UUID) -> AsyncGenerator[Tx]:
        """A write of staff on `owner`'s rows, in the staff role and under that user's clock.

        Only for operations whose declared rule asks for a staff role. Raises `NotApproved` when the
        acting account waits for approval, `NotFound` when there is no such user.
        """
        if self.viewer is None or not self.viewer.approved:
            raise NotApproved("This account waits for approval; until then it can only read.")
        pool = await self.databases.staff()
        opened = transaction.opened(pool, owner, self.now, actor=self.user_id)
        async with self._exclusive(owner), opened as tx:
            await transaction.take_clock_for_staff(tx)
            yield tx
            if not tx.discarded:
                await outbox.flush(tx)

    @asynccontextmanager
    async def account_transaction(
        self, user_id: UUID, identity_key: str | None = None
    ) -> AsyncGenerator[Tx]:
        """A write of an account that acts on itself (sign-up, sign-in, sign-out).

        It does not look whether the account may write: that is the caller's to decide.
        """
        async with self._exclusive(user_id), self._opened(user_id, identity_key) as tx:
            yield tx
            if not tx.discarded:
                await outbox.flush(tx)

    @asynccontextmanager
    async def _exclusive(self, user_id: UUID) -> AsyncGenerator[None]:
        await self.close()
        async with self._queue.of(user_id), self._writing:
            yield
        self._loaders.clear()

    def _opened(self, user_id: UUID, identity_key: str | None = None) -> Any:
        return transaction.opened(self.databases.api, user_id, self.now, identity_key)

    def become(self, viewer: Viewer | None, reader: Reader | None = None) -> None:
        """Go on as another viewer: after signing in or out, nested fields are read as that one."""
        self.viewer = viewer
        self.reader = reader or Reader(self.databases.api, viewer.user_id if viewer else None)
        self._loaders.clear()

    async def follow(self, topics: Sequence[str], since: int | None) -> AsyncGenerator[Row]:
        """The viewer's events of some topics; what is read after each is as new as the event."""
        async with aclosing(self.feed.follow(self.user_id, topics, since)) as events:
            async for row in events:
                await self.close()
                self._loaders.clear()
                yield row
                await self.close()

    async def close(self) -> None:
        """Give the read connections back; the next read opens a new snapshot."""
        await self.reader.close()
        if self._staff_reader is not None:
            await self._staff_reader.close()


Info: TypeAlias = strawberry.Info[Context, None]
