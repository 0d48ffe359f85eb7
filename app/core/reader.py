"""Reads of a request, as its user: in one snapshot, or a statement that stands alone."""

from __future__ import annotations

import asyncio
import contextlib
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg

from app.core import errors, watch
from app.core.db import OUTAGES, Pool, drop

PAUSE_SECONDS = 0.2
"""Between two tries of a patient reader."""


@lru_cache(maxsize=2_000)
def carrying_user(query: str, parameters: int) -> str:
    """A SELECT that sets the user itself, by one parameter more than it has.

    Only in this form, as trials of it and others have shown: with LATERAL, the condition on the
    setting, and OFFSET 0 twice, nothing is read before the setting is made. The nested loop has one
    outer row, so the order of the inner rows is the order of the answer.
    """
    return (
        "SELECT r.* FROM "  # noqa: S608  # made of the house's own queries
        f"(SELECT set_config('app.user_id', ${parameters + 1}::text, true) AS v OFFSET 0) AS s "
        f"CROSS JOIN LATERAL (SELECT i.* FROM ({query}) AS i WHERE s.v IS NOT NULL OFFSET 0) AS r"
    )


class Reader:
    """Reads as one user (or nobody); opens with the first statement and ends with the request.

    All loaders of a request see the same moment. The connection serves one statement at a time, so
    parallel resolvers wait for each other here. A reader that is `alone` has no snapshot: each
    statement carries its user by itself and is its own transaction, at half the cost.
    """

    def __init__(self, pool: Pool, user_id: UUID | None, *, alone: bool = False) -> None:
        self._pool = pool
        self.alone = alone
        self._user_id = user_id
        self._connection: Any = None
        self._turn = asyncio.Lock()
        self._over = False
        self.patient = False
        """Whether a read waits until the database is back, on a new snapshot, instead of failing.

        For what must outlive an outage, as a subscription does.
        """

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows of a statement."""
        return await self._read("fetch", query, args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row of a statement, or None."""
        return await self._read("fetchrow", query, args)

    async def execute(self, query: str, *args: Any) -> str:
        """The command tag; the transaction is read-only, so a write fails."""
        async with self._turn:
            return await self._guarded("execute", query, args)

    async def _read(self, method: str, query: str, args: tuple[Any, ...]) -> Any:
        if self.alone and self._connection is None:
            return await self._read_alone(method, query, args)
        async with self._turn:
            return await self._guarded(method, query, args)

    async def _read_alone(self, method: str, query: str, args: tuple[Any, ...]) -> Any:
        if self._over:
            raise RuntimeError("the request has ended")
        user = "" if self._user_id is None else str(self._user_id)
        try:
            async with self._pool.acquire() as connection:
                run = getattr(connection, method)
                return await run(carrying_user(query, len(args)), *args, user)
        except OUTAGES as error:
            raise errors.Unavailable("The database can't be reached; try again.") from error

    async def _guarded(self, method: str, query: str, args: tuple[Any, ...]) -> Any:
        while True:
            try:
                connection = await self._open()
                return await getattr(connection, method)(query, *args)
            except OUTAGES as error:
                if not self.patient or isinstance(error, asyncpg.QueryCanceledError):
                    raise errors.Unavailable("The database can't be reached; try again.") from error
                await self._end()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _open(self) -> Any:
        if self._over:
            raise RuntimeError("the request has ended")
        if self._connection is None:
            connection = await self._pool.acquire()
            try:
                # The canonical text of a UUID, or nothing: never anything a client sent.
                user = "" if self._user_id is None else str(self._user_id)
                await watch.statement(
                    "begin",
                    connection.execute,
                    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                    f"SET LOCAL app.user_id = '{user}'",
                )
            except BaseException:
                # Cancelled or failed half-way: the connection must not go home in a transaction.
                await self._give_back(connection, "ROLLBACK")
                raise
            self._connection = connection
        return self._connection

    async def close(self) -> None:
        """End the snapshot and give the connection back; the next read opens a new one."""
        async with self._turn:
            await self._end()

    async def end(self) -> None:
        """Close for good: a read that comes after its request fails, and holds no connection."""
        self._over = True
        # Whoever has its turn may be opening a connection.
        if self._connection is not None or self._turn.locked():
            await self.close()

    async def _end(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._give_back(connection, "COMMIT")

    async def _give_back(self, connection: Any, ending: str) -> None:
        """Give a connection back out of its transaction; one that can't end it is dropped."""
        try:
            if not connection.is_closed():
                await watch.statement(ending.lower(), connection.execute, ending)
        except (asyncpg.PostgresError, *OUTAGES):
            drop(connection)
        finally:
            # What it won't take back the pool has dropped itself.
            with contextlib.suppress(*OUTAGES):
                await self._pool.release(connection)
