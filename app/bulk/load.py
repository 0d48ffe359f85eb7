"""Loads demo users: batch by batch through COPY, each batch in a transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from app.bulk import catalogue as definitions
from app.bulk import content, lives, people
from app.bulk.catalogue import Catalogue, Connection
from app.bulk.tables import Rows

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Connection]]

_BATCH = 20
"""Users of a batch. One of them does very much, so a batch has some 27,000 rows."""
_SIDE_BY_SIDE = 2
"""Batches under way: while the server checks the keys of one, the next one is written."""


@dataclass(slots=True)
class Loaded:
    """What a load did."""

    users: int
    """Users that were made."""
    present: int
    """Users that were there before, and stayed as they were."""
    rows: int = 0
    """Rows of the users that were made, in all tables."""


async def load(
    connect: Connect,
    users: int,
    *,
    seed: int,
    today: date,
    done: Callable[[int], None] = lambda _users: None,
) -> Loaded:
    """Make the demo users 0 to `users` - 1 of a seed that are missing, as the owner.

    All that they did lies before `today`. The same seed, day and catalogues give the same rows to
    the last byte, however many users there are. A load that was broken off goes on with the next
    one. `done` is told how many more users are there. Connections are without codecs of their own:
    COPY takes none.
    """
    async with connect() as connection:
        present = await _present(connection, users, seed)
        missing = [number for number in range(users) if number not in present]
        done(len(present))
        loaded = Loaded(len(missing), len(present))
        if not missing:
            return loaded
        await content.ensure(connection, today)
        catalogue = await definitions.read(connection)
        waiting = _batches(missing)

        async def work() -> None:
            async with connect() as own:
                for numbers in waiting:
                    rows = _rows(numbers, seed, today, catalogue)
                    await _copy(own, rows)
                    loaded.rows += len(rows)
                    done(len(numbers))

        async with asyncio.TaskGroup() as group:
            for _ in range(_SIDE_BY_SIDE):
                group.create_task(work())
        await connection.execute("ANALYZE")
    return loaded


async def _present(connection: Connection, users: int, seed: int) -> set[int]:
    numbers = {people.person_id(seed, number): number for number in range(users)}
    rows = await connection.fetch("SELECT id FROM users WHERE id = ANY($1::uuid[])", list(numbers))
    return {numbers[row["id"]] for row in rows}


def _batches(numbers: Sequence[int]) -> Iterator[list[int]]:
    waiting = iter(numbers)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _rows(numbers: Sequence[int], seed: int, today: date, catalogue: Catalogue) -> Rows:
    rows = Rows()
    for number in numbers:
        lives.write(people.person(seed, number, today), catalogue, rows)
    return rows


async def _copy(connection: Connection, rows: Rows) -> None:
    async with connection.transaction():
        for table, columns, records in rows.tables():
            schema, _, name = table.rpartition(".")
            await connection.copy_records_to_table(
                name, records=records, columns=columns, schema_name=schema or None
            )
