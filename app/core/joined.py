"""Joined writes: what a transaction has noted becomes as few statements as can be.

A noted write is a named INSERT, UPDATE or DELETE of one table that answers nothing. Writes that
follow each other are joined, as the parts of one WITH, as long as no part so much as names the
table that another one writes: then no part could see what another does, in whatever order they run.
Where one does, the next statement begins with it.
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
from app.core.sql import Connection, Query, renumbered

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


_Shape: TypeAlias = tuple[Query, bool, bool]
"""What decides how a write is joined: its query, whether its user is that of the transaction, and
whether its rows are counted."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A joined statement over so many writes."""

    name: str
    text: str
    writes: int


async def send(connection: Connection, user_id: UUID, writes: Sequence[Write]) -> None:
    """Write all of them, in their order, and check what each touched.

    Raises what the caller has named for a write that touched another number of rows. The
    transaction must then be rolled back.
    """
    shapes = [
        (each.query, each.values.get(_USER) == user_id, each.rows is not None) for each in writes
    ]
    done = 0
    for statement in _planned(tuple(shapes)):
        together = writes[done : done + statement.writes]
        done += statement.writes
        if len(together) == 1:
            (alone,) = together
            alone.check(await alone.query.run(connection, **alone.values))
            continue
        arguments = _arguments(user_id, together)
        row = await watch.statement(statement.name, connection.fetchrow, statement.text, arguments)
        for write in together:
            if write.rows is not None:
                write.check(row[write.query.name])


def _arguments(user_id: UUID, writes: Sequence[Write]) -> list[Any]:
    """The values in the order of `compose`: the user once, then those of each part."""
    arguments: list[Any] = []
    shared = False
    for write in writes:
        own = write.values.get(_USER) == user_id
        shared |= own
        arguments += [
            write.values[parameter]
            for parameter in write.query.parameters
            if not (own and parameter == _USER)
        ]
    return [user_id, *arguments] if shared else arguments


@lru_cache(maxsize=1_000)
def _planned(shapes: tuple[_Shape, ...]) -> tuple[_Statement, ...]:
    groups: list[list[_Shape]] = []
    for shape in shapes:
        if not groups or not all(may_join(shape[0], other) for other, _, _ in groups[-1]):
            groups.append([])
        groups[-1].append(shape)
    return tuple(
        _Statement(
            "write " + "+".join(query.name for query, _, _ in group),
            compose(group),
            len(group),
        )
        for group in groups
    )


def may_join(one: Query, other: Query) -> bool:
    """Whether neither names the table that the other writes."""
    tables = written_table(one.sql), written_table(other.sql)
    return not names(one.sql, tables[1] or "") and not names(other.sql, tables[0] or "")


def compose(shapes: Sequence[_Shape]) -> str:
    """One statement of several writes: a part for each, called like its query, and the counts.

    Where parts are of the transaction's user, that is $1 for all of them.
    """
    taken = int(any(own for _, own, _ in shapes))
    parts: list[str] = []
    for query, own, counted in shapes:
        numbers: list[int] = []
        for parameter in query.parameters:
            if own and parameter == _USER:
                numbers.append(1)
            else:
                taken += 1
                numbers.append(taken)
        text = renumbered(query.sql, numbers)
        # A row that nobody counts need not come back.
        returning = "\nRETURNING 1" if counted else ""
        parts.append(f"{query.name} AS (\n{text}{returning}\n)")
    counts = [
        f"(SELECT count(*) FROM {query.name}) AS {query.name}"  # noqa: S608  # the house's names
        for query, _, counted in shapes
        if counted
    ]
    return f"WITH {', '.join(parts)}\nSELECT {', '.join(counts) or '1'}"
