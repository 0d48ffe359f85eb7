"""Pools of database connections: bounded, last in first out, and never handing on what is not idle.

The driver's own pool costs more than a small statement does: a task and a timer for each return,
and a proxy for each connection, with a wrapper around each method.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeAlias, cast

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MOST_STATEMENTS = 50_000
"""That a connection runs before a new one takes its place: the server's caches only grow."""
SETTLE_SECONDS = 5.0
"""That the server has for stopping a cancelled statement before its connection is cut."""


class Lease:
    """A connection in somebody's hands; once given back it leads nowhere.

    Whoever still holds it then must not reach the transaction of who has the connection next.
    """

    __slots__ = ("connection",)

    def __init__(self, connection: Connection) -> None:
        self.connection: Connection | None = connection

    def __getattr__(self, name: str) -> Any:
        if self.connection is None:
            raise asyncpg.InterfaceError(f"{name}: the connection has been given back to its pool")
        return getattr(self.connection, name)


class Acquiring:
    """What `Pool.acquire` returns: to be awaited, or to be entered and left."""

    __slots__ = ("_lease", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __await__(self) -> Generator[Any, None, Connection]:
        return cast("Generator[Any, None, Connection]", self._pool.take().__await__())

    async def __aenter__(self) -> Connection:
        self._lease = await self._pool.take()
        # It has all that a connection has.
        return cast("Connection", self._lease)

    async def __aexit__(self, *_exception: object) -> None:
        self._pool.give_back(self._lease)


class Pool:
    """At most `size` connections, opened when they are needed and closed when they are idle.

    Who waits for one is served in the order of arrival, and gets a `TimeoutError` after `patience`
    seconds. What comes back in a transaction is cut, which rolls it back; where a statement was
    cancelled the server's word is awaited first.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        size: int,
        *,
        patience: float,
        idle_seconds: float,
    ) -> None:
        self._connect = connect
        self._patience = patience
        self._idle_seconds = idle_seconds
        self._room = size
        # Each with the time when it came back, the latest last. While anybody waits there are
        # neither idle ones nor room: both go to the first who waits.
        self._idle = deque[tuple[Connection, float]]()
        self._used = set[Connection]()
        self._waiting = deque["asyncio.Future[Connection | None]"]()
        self._settling = set[asyncio.Task[None]]()
        self._loop = asyncio.get_running_loop()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closing = False
        self._all_back = asyncio.Event()

    def get_size(self) -> int:
        """How many connections are open."""
        return self.get_idle_size() + sum(not each.is_closed() for each in self._used)

    def get_idle_size(self) -> int:
        """How many of them nobody uses."""
        return sum(not each.is_closed() for each, _ in self._idle)

    def acquire(self) -> Acquiring:
        """A connection, by `await` and then `release`, or by `async with`."""
        return Acquiring(self)

    async def release(self, connection: Any) -> None:
        """Take back what `acquire` gave; nothing happens where it has come back already."""
        self.give_back(connection)

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows of a statement that stands alone."""
        async with self.acquire() as connection:
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row of a statement that stands alone, or None."""
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *args)

    async def execute(self, query: str, *args: Any) -> str:
        """The command tag of a statement that stands alone."""
        async with self.acquire() as connection:
            return await connection.execute(query, *args)

    async def take(self) -> Lease:
        """A connection that is alive, idle and the caller's alone until it is given back."""
        if self._closing:
            raise asyncpg.InterfaceError("the pool is closing")
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.is_closed():
                self._used.add(connection)
                return Lease(connection)
            connection.terminate()
            self._room += 1
        if self._room:
            self._room -= 1
            handed = None
        else:
            handed = await self._wait()
        if handed is not None and handed.is_closed():
            # Lost since it was handed on.
            handed.terminate()
            self._used.discard(handed)
            handed = None
        return Lease(handed or await self._open())

    def give_back(self, lease: Any) -> None:
        """Take a connection back; one that may not be idle never goes to anybody else."""
        if not isinstance(lease, Lease):
            raise asyncpg.InterfaceError("this connection is not from a pool")
        connection = lease.connection
        if connection is None:
            return
        if connection not in self._used:
            raise asyncpg.InterfaceError("this connection is from another pool")
        lease.connection = None
        if connection.is_closed() or _is_quiet(connection):
            self._take_back(connection)
            return
        task = self._loop.create_task(self._settle(connection))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def close(self) -> None:
        """Wait for the connections in use and close all; cut them where that is interrupted."""
        self._stop()
        try:
            while self._used:
                self._all_back.clear()
                await self._all_back.wait()
            while self._idle:
                await self._idle.pop()[0].close()
        finally:
            self.terminate()

    def terminate(self) -> None:
        """Cut all connections at once."""
        self._stop()
        for connection in [*self._used, *(each for each, _ in self._idle)]:
            connection.terminate()
        self._idle.clear()

    async def _wait(self) -> Connection | None:
        """The connection of who gives one back, or None where there is room for a new one."""
        waiter = self._loop.create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(self._patience):
                return await waiter
        except BaseException:
            if not waiter.done() or waiter.cancelled():
                # Who hands on skips those that are cancelled.
                waiter.cancel()
            elif waiter.exception() is None:
                # It came in the same moment.
                self._hand_on(waiter.result())
            raise

    async def _open(self) -> Connection:
        """A new connection in the room that the caller has been given."""
        try:
            connection = await self._connect()
        except BaseException:
            self._hand_on(None)
            raise
        self._used.add(connection)
        if self._closing:
            connection.terminate()
            self._take_back(connection)
            raise asyncpg.InterfaceError("the pool is closing")
        return connection

    async def _settle(self, connection: Connection) -> None:
        """Take back a connection once the server has stopped the cancelled statement."""
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                await _protocol(connection)._drain_cancels()
        except BaseException as error:
            connection.terminate()
            if not isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError):
                raise
        finally:
            self._take_back(connection)

    def _take_back(self, connection: Connection) -> None:
        """Hand on a connection that is idle, or else the room that it took."""
        if (
            not connection.is_closed()
            and not connection.is_in_transaction()
            and _protocol(connection).queries_count < MOST_STATEMENTS
        ):
            self._hand_on(connection)
            return
        # The driver cleans up after a connection that was lost only if it is told so.
        connection.terminate()
        self._used.discard(connection)
        self._hand_on(None)

    def _hand_on(self, connection: Connection | None) -> None:
        """Give a connection, or room for one, to the first who waits, or keep it."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._room += 1
        else:
            self._used.discard(connection)
            self._idle.append((connection, self._loop.time()))
            if self._sweeping is None:
                self._sweeping = self._loop.call_later(self._idle_seconds, self._sweep)
        if self._closing and not self._used:
            self._all_back.set()

    def _sweep(self) -> None:
        """Cut what has been idle for long, and come again when the next may have been."""
        self._sweeping = None
        now = self._loop.time()
        while self._idle and now - self._idle[0][1] >= self._idle_seconds:
            self._idle.popleft()[0].terminate()
            self._room += 1
        if self._idle:
            due = self._idle[0][1] + self._idle_seconds
            self._sweeping = self._loop.call_at(due, self._sweep)

    def _stop(self) -> None:
        """Give out no more."""
        self._closing = True
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(asyncpg.InterfaceError("the pool is closing"))


def _is_quiet(connection: Connection) -> bool:
    """Whether no statement is running, nor being cancelled; one that runs is cancelled."""
    draining = _protocol(connection)._drain_cancels()
    try:
        # It has something to wait for, and so does not end at once, only where one runs.
        draining.send(None)
    except StopIteration:
        return True
    draining.close()
    return False


def _protocol(connection: Connection) -> Any:
    """What knows the state of a connection; the driver has no public way to ask."""
    return connection._protocol  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportAttributeAccessIssue]
