"""Joined writes: what a transaction has noted becomes as few statements as can be.

A noted write is a named INSERT, UPDATE or DELETE of one table that answers nothing. Writes that
follow each other are joined, as the parts of one WITH, as long as no part so much as names the
table that another one writes: then no part can see what another does, in whatever order they run.
Where one would, it begins the next statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from app.core import watch
from app.core.errors import AppError
from app.core.sql import Connection, Query
from app.core.variants import renumbered

_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_][a-z0-9_.]*)")
_ANSWERS = re.compile(r"\bRETURNING\b")
_USER = "user_id"


@dataclass(frozen=True, slots=True)
class Write:
    """A write that is noted, with the number of rows that it must touch; None: any number."""

    query: Query
    values: dict[str, Any]
    rows: int | None
    wrong: AppError | None = None
    """What to raise for another number of rows; without it that is a fault of ours."""

    def check(self, touched: int) -> None:
        """Raise where the write touched another number of rows than it must."""
        if self.rows is not None and touched != self.rows:
            raise self.wrong or RuntimeError(
                f"{self.query.name} touched {touched} rows instead of {self.rows}"
            )


@lru_cache(maxsize=2_000)
def written_table(text: str) -> str | None:
    """The table that a statement writes; None where it can't be noted.

    It can't when it answers rows, or writes several tables itself.
    """
    found = _WRITES.match(text)
    return found[1] if found and not _ANSWERS.search(text) else None


@lru_cache(maxsize=2_000)
def names(text: str, table: str) -> bool:
    """Whether a statement names a table anywhere; it may then read what is written there."""
    return re.search(rf"\b{table.rpartition('.')[2]}\b", text) is not None


def is_blind_to(text: str, noted: Sequence[Write]) -> bool:
    """Whether a statement is a plain read that can't see what the writes would change."""
    return text.startswith("SELECT") and not any(
        names(text, written_table(write.query.sql) or "") for write in noted
    )


_Shape: TypeAlias = tuple[Query, bool]
"""What decides how a write is joined: its query, and whether its rows are counted."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A joined statement over so many writes."""

    name: str
    text: str
    writes: int


async def send(connection: Connection, user_id: UUID, writes: Sequence[Write]) -> None:
    """Write all of them and check what each touched: the user's joined, in their order.

    Others' rows, such as the audit row of staff who acts on the user, come last and each by itself:
    what is joined is of one user, so that it goes to one shard. No user's row refers to another's.

    Raises what the caller has named for a write that touched another number of rows. The
    transaction must then be rolled back.
    """
    own = [each for each in writes if each.values.get(_USER) == user_id]
    done = 0
    for statement in _planned(tuple((each.query, each.rows is not None) for each in own)):
        await _send_one(connection, user_id, statement, own[done : done + statement.writes])
        done += statement.writes
    if len(own) < len(writes):
        for write in writes:
            if write.values.get(_USER) != user_id:
                await _send_alone(connection, write)


async def _send_alone(connection: Connection, write: Write) -> None:
    write.check(await write.query.run(connection, **write.values))


async def _send_one(
    connection: Connection, user_id: UUID, statement: _Statement, writes: Sequence[Write]
) -> None:
    if len(writes) == 1:
        await _send_alone(connection, writes[0])
        return
    # In the order of `compose`: the user once, then the other values of each part.
    arguments = [user_id]
    arguments += [
        write.values[parameter]
        for write in writes
        for parameter in write.query.parameters
        if parameter != _USER
    ]
    row = await watch.statement(statement.name, connection.fetchrow, statement.text, arguments)
    for write in writes:
        if write.rows is not None:
            write.check(row[write.query.name])


@lru_cache(maxsize=1_000)
def _planned(shapes: tuple[_Shape, ...]) -> tuple[_Statement, ...]:
    groups: list[list[_Shape]] = []
    for shape in shapes:
        if not groups or not all(may_join(shape[0], other) for other, _ in groups[-1]):
            groups.append([])
        groups[-1].append(shape)
    return tuple(
        _Statement(
            "write " + "+".join(query.name for query, _ in group), compose(group), len(group)
        )
        for group in groups
    )


def may_join(one: Query, other: Query) -> bool:
    """Whether neither names the table that the other writes."""
    tables = written_table(one.sql), written_table(other.sql)
    return not names(one.sql, tables[1] or "") and not names(other.sql, tables[0] or "")


def compose(shapes: Sequence[_Shape]) -> str:
    """One statement of several writes: a part for each, called like its query, and the counts.

    All parts have the same user: $1.
    """
    taken = 1
    parts: list[str] = []
    for query, _ in shapes:
        numbers: list[int] = []
        for parameter in query.parameters:
            taken += parameter != _USER
            numbers.append(1 if parameter == _USER else taken)
        parts.append(f"{query.name} AS (\n{renumbered(query.sql, numbers)}\nRETURNING 1\n)")
    counts = [
        f"(SELECT count(*) FROM {query.name}) AS {query.name}"  # noqa: S608  # the house's names
        for query, counted in shapes
        if counted
    ]
    return f"WITH {', '.join(parts)}\nSELECT {', '.join(counts) or '1'}"
