"""Writing transactions: settings, the user's clock first, then whatever the mutation does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg

from app.core import days, errors, joined, sql, watch
from app.core.clock import milliseconds
from app.core.db import OUTAGES, Pool, drop
from app.core.joined import Write

SQL = sql.load("core")
BLOCK = 64
"""Positions that a transaction takes from the user's clock; gaps are allowed."""


@dataclass(slots=True)
class Tx:
    """An open writing transaction of one user; `actions` of a room take it, never a pool."""

    connection: Any
    user_id: UUID
    now: datetime
    zone: str = "UTC"
    day_start_hour: int = 0
    next_seq: int = 0
    next_ms: int = 0
    positions_left: int = 0
    discarded: bool = False
    events: list[Any] = field(default_factory=list)
    noted: list[Write] = field(default_factory=list[Write])

    @property
    def today(self) -> date:
        """The user's local date."""
        return days.local_date(self.now, self.zone, self.day_start_hour)

    def position(self) -> tuple[int, int]:
        """The next place in the user's stream: its sequence number and its millisecond, UTC."""
        if self.positions_left == 0:
            raise RuntimeError("the transaction has used up its block of positions")
        self.positions_left -= 1
        place = self.next_seq, self.next_ms
        self.next_seq += 1
        self.next_ms += 1
        return place

    def take_clock(self, row: sql.Row, positions: int) -> None:
        """Note what the clock statement (or the row of a new user) handed out."""
        self.zone = row["timezone"]
        self.day_start_hour = row["day_start_hour"]
        self.next_seq = row["change_seq"] - positions + 1
        self.next_ms = row["event_ms"] - positions + 1
        self.positions_left = positions

    def discard(self) -> None:
        """End with a rollback: a replay or a change that had happened already writes nothing."""
        self.discarded = True

    def later(
        self,
        query: sql.Query,
        rows: int | None,
        wrong: errors.AppError | None = None,
        /,
        **values: Any,
    ) -> None:
        """Note a write; those of a transaction are sent joined, before it commits.

        It must touch so many `rows`; another number is `wrong`, or a fault of ours without that.
        None: any number is right. What reads a table that a noted write changes, and each statement
        that is no read, is preceded by what is noted: nothing sees a state from before it.
        """
        query.arguments(values)
        if joined.written_table(query.sql) is None:
            raise TypeError(
                f"query {query.name} can't be noted: it answers, or writes no one table"
            )
        self.noted.append(Write(query, values, rows, wrong))

    async def send(self) -> None:
        """Write what is noted."""
        noted, self.noted = self.noted, []
        if noted:
            await joined.send(self.connection, self.user_id, noted)

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows of a statement."""
        await self._write_what_it_sees(query)
        return await self.connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row of a statement, or None."""
        await self._write_what_it_sees(query)
        return await self.connection.fetchrow(query, *args)

    async def execute(self, query: str, *args: Any) -> str:
        """The command tag of a statement."""
        await self._write_what_it_sees(query)
        return await self.connection.execute(query, *args)

    async def _write_what_it_sees(self, query: str) -> None:
        if self.noted and not joined.is_blind_to(query, self.noted):
            await self.send()


class UserQueue:
    """Lets the writes of one user wait for each other before they take a connection.

    The database would serialise them too, by the user's clock, but each waiting one would hold a
    connection, and one eager user could drain the pool.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def of(self, user_id: UUID) -> asyncio.Lock:
        """The user's place to wait."""
        lock = self._locks.get(user_id)
        if lock is None:
            lock = self._locks[user_id] = asyncio.Lock()
        return lock


async def begin(
    connection: Any, user_id: UUID, identity_key: str | None = None, actor: UUID | None = None
) -> None:
    """Open a READ COMMITTED transaction for a user; the settings end with it.

    `actor` is who acts, where that is not the user.

    Only the canonical text of a UUID is ever put into the statement; the identity key goes through
    a parameter.
    """
    await watch.statement(
        "begin",
        connection.execute,
        f"BEGIN; SET LOCAL app.user_id = '{user_id}'; "
        f"SET LOCAL app.actor_id = '{actor or user_id}'",
    )
    if identity_key is not None:
        await connection.execute("SELECT set_config('app.identity_key', $1, true)", identity_key)


@asynccontextmanager
async def opened(
    pool: Pool,
    user_id: UUID,
    now: datetime,
    identity_key: str | None = None,
    actor: UUID | None = None,
) -> AsyncGenerator[Tx]:
    """A transaction without the clock statement; commits at the end, rolls back on any error.

    What is noted is written before the commit.

    Database errors that a client can act on come out as `AppError`s.
    """
    try:
        async with pool.acquire() as connection:
            tx = Tx(connection, user_id, now)
            try:
                await begin(connection, user_id, identity_key, actor)
                yield tx
                if not tx.discarded:
                    await tx.send()
            except BaseException:
                await _roll_back(connection)
                raise
            ending = "ROLLBACK" if tx.discarded else "COMMIT"
            await watch.statement(ending.lower(), connection.execute, ending)
    except asyncpg.PostgresError as error:
        translated = translate(error)
        if translated is None:
            raise
        raise translated from error
    except OUTAGES as error:
        raise errors.Unavailable("The database can't be reached right now; try again.") from error


async def _roll_back(connection: Any) -> None:
    """Roll back where the connection still lives; a broken one has forgotten the transaction."""
    try:
        if not connection.is_closed():
            await watch.statement("rollback", connection.execute, "ROLLBACK")
    except OUTAGES:
        drop(connection)


async def take_clock(
    tx: Tx, positions: int = BLOCK, *, needs_approval: bool = True, refuse_disabled: bool = True
) -> None:
    """The first statement of a write: lock the user, take positions, learn what the account may do.

    Signing in and out and changing a password need no approval; only ending a session is open to a
    disabled account. Raises `NotApproved` or `AccountDisabled` when the account may not write,
    `NotSignedIn` when it is gone.
    """
    row = await SQL["clock_advance"].maybe(
        tx, n=positions, now_ms=milliseconds(tx.now), user_id=tx.user_id
    )
    if row is None:
        raise errors.NotSignedIn("This account does not exist any more.")
    if refuse_disabled and row["disabled_at"] is not None:
        raise errors.AccountDisabled("This account is disabled; ask the staff.")
    if needs_approval and not row["approved"]:
        raise errors.NotApproved("This account waits for approval; until then it can only read.")
    tx.take_clock(row, positions)


async def take_clock_for_staff(tx: Tx, positions: int = BLOCK) -> None:
    """The first statement of a staff action on a user's rows; leaves the user's last activity.

    Raises `NotFound` when there is no such user.
    """
    row = await SQL["clock_advance_for_staff"].maybe(
        tx, n=positions, now_ms=milliseconds(tx.now), user_id=tx.user_id
    )
    if row is None:
        raise errors.NotFound("There is no user with this id.", "userId")
    tx.take_clock(row, positions)


def translate(error: asyncpg.PostgresError) -> errors.AppError | None:
    """The typed error for a database error, or None where it is a fault of ours."""
    if isinstance(error, asyncpg.DataError) and error.severity is None:  # pyright: ignore[reportUnnecessaryComparison]
        # The driver's own complaint, not the server's: a query was given a value of another type.
        return None
    if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
        return errors.Unavailable("Another change of yours is still running; try again.")
    if isinstance(error, OUTAGES):
        return errors.Unavailable("The database can't be reached right now; try again.")
    return errors.from_database(
        error.sqlstate,
        error.table_name,
        error.constraint_name,
        error.column_name,
        # Only the words tell it; a server that speaks another language gets the commoner answer.
        referred=str(error).startswith("update or delete"),
    )
