"""The context of one request: the viewer, the loaders, the read snapshot and the transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from app.core import days, outbox, page, transaction
from app.core.clock import Clock
from app.core.db import Databases
from app.core.errors import NotApproved, NotSignedIn
from app.core.feed import Feed
from app.core.reader import Reader
from app.core.request import RequestInfo
from app.core.selecting import Wanted
from app.core.settings import Settings
from app.core.sql import Row
from app.core.transaction import BLOCK, Tx, UserQueue
from app.core.viewer import Viewer, Viewers
from app.engine import Columns, Paths, Running

K = TypeVar("K")
T = TypeVar("T")
Batch: TypeAlias = "Callable[[Context, Sequence[Any], Wanted | None], Awaitable[Sequence[Any]]]"
"""A loader: takes the context, the keys, and what is wanted of the rows (None: everything)."""


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
        viewers: Viewers,
    ) -> None:
        self.databases = databases
        self.clock = clock
        self.settings = settings
        self.request = request
        self.viewer = viewer
        self.reader = reader
        self.feed = feed
        self.running: Running | None = None
        """The operation, as far as it is known what it selects."""
        self.alone_if_whole = False
        """Whether the reader may stand alone once a root field's statement brings everything."""
        self._queue = queue
        self._viewers = viewers
        self._loaders: dict[tuple[Batch, Columns | None], DataLoader[Any, Any]] = {}
        self._loaded: dict[tuple[Batch, Columns | None], dict[Any, Any]] = {}
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

    def wanted(self, info: Info, *path: str) -> Wanted | None:
        """What is selected of the rows of a root field, or of those at a path behind it."""
        return self._wanted(info, (path,), ())

    def wanted_of_page(self, info: Info) -> Wanted | None:
        """What is selected of the rows of a root field that returns a page."""
        return self._wanted(info, page.ROWS, page.CURSORS)

    def _wanted(self, info: Info, rows: Paths, cursors: Paths) -> Wanted | None:
        place = info.path
        if self.running is None or place.prev is not None:
            return None
        key = cast("str", place.key)
        columns = self.running.columns(key, *rows)
        if columns is None:
            return None
        if self.alone_if_whole and columns.whole:
            self.reader.alone = True
        return Wanted(columns, self, bool(cursors) and self.running.selects(key, *cursors))

    async def load(
        self,
        batch: Callable[[Context, Sequence[K], Wanted | None], Awaitable[Sequence[T]]],
        key: K,
        wanted: Wanted | None = None,
    ) -> T:
        """One key of a batched read: keys asked for in the same turn share one statement."""
        if self._writing.locked():
            # A loader waits for a connection; inside a transaction, with a full pool, everyone
            # would wait for everyone.
            raise RuntimeError("loaders must not be awaited inside a transaction")
        kind = (batch, None if wanted is None else wanted.columns)
        if self.reader.alone:
            # Nothing else of this request asks for any.
            (found,) = await self._read(kind, (key,))
            if isinstance(found, BaseException):
                raise found
            return found
        loader = self._loaders.get(kind)
        if loader is None:
            loader = self._loaders[kind] = DataLoader(partial(self._read, kind))
        return await loader.load(key)

    async def load_all(self, batch: Batch, keys: Sequence[Any], columns: Columns) -> list[Any]:
        """Many keys of a batched read at once; raises the first error that one of them has."""
        if self._writing.locked():
            raise RuntimeError("loaders must not be awaited inside a transaction")
        if len(keys) == 1:
            # Others may ask for one each in the same turn.
            return [await self.load(batch, keys[0], Wanted(columns, self))]
        found = await self._read((batch, columns), keys)
        for value in found:
            if isinstance(value, BaseException):
                raise value
        return found

    async def _read(self, kind: tuple[Batch, Columns | None], keys: Sequence[Any]) -> list[Any]:
        """What a batch finds for each key, or an error; no key is read twice, also if it failed."""
        known = self._loaded.setdefault(kind, {})
        missing = [key for key in keys if key not in known]
        if missing:
            batch, columns = kind
            wanted = None if columns is None else Wanted(columns, self)
            try:
                found: Sequence[Any] = await batch(self, missing, wanted)
            except Exception as error:
                found = [error] * len(missing)
                # Nor is it tried again for other columns.
                self._loaded.setdefault((batch, None), {}).update(dict.fromkeys(missing, error))
            known.update(zip(missing, found, strict=True))
        return [known[key] for key in keys]

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
        try:
            async with self._queue.of(user_id), self._writing:
                yield
        finally:
            # Whatever was written may have ended a session, or changed what the viewer may do.
            self._viewers.forget(user_id)
        self._forget()

    def _opened(self, user_id: UUID, identity_key: str | None = None) -> Any:
        return transaction.opened(self.databases.api, user_id, self.now, identity_key)

    def become(self, viewer: Viewer | None, reader: Reader | None = None) -> None:
        """Go on as another viewer: after signing in or out, nested fields are read as that one."""
        self.viewer = viewer
        self.reader = reader or Reader(self.databases.api, viewer.user_id if viewer else None)
        self._forget()

    async def follow(self, topics: Sequence[str], since: int | None) -> AsyncGenerator[Row]:
        """The viewer's events of some topics; what is read after each is as new as the event."""
        # The feed reads on a connection of its own: with a full pool, who held one here would wait
        # for ever.
        await self.close()
        async with aclosing(self.feed.follow(self.user_id, topics, since)) as events:
            async for row in events:
                await self.close()
                self._forget()
                yield row

    def _forget(self) -> None:
        """Drop what was read: it may have changed."""
        self._loaders.clear()
        self._loaded.clear()

    async def close(self) -> None:
        """Give the read connections back; the next read opens a new snapshot."""
        await self.reader.close()
        if self._staff_reader is not None:
            await self._staff_reader.close()

    async def end(self) -> None:
        """Give the read connections back for good, whatever of the request is still under way."""
        await self.reader.end()
        if self._staff_reader is not None:
            await self._staff_reader.end()


Info: TypeAlias = strawberry.Info[Context, None]
