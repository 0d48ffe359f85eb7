"""Joined reads: parts that rooms hand over, read in one statement, without knowing each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core import watch
from app.core.sql import Connection, Query, Row
from app.core.variants import shifted


@dataclass(frozen=True, slots=True)
class Part:
    """A read that waits to be sent with others."""

    name: str
    sql: str
    arguments: list[Any]


def part(query: Query, /, **values: Any) -> Part:
    """A named query as a part; its order, if it has one, is lost."""
    return Part(query.name, *query.fitted(values))


def look_up(query: Query, column: str, keys: Iterable[Any], /, **values: Any) -> Part:
    """The rows of a list whose column has one of the values `keys`, as `Query.among` finds them."""
    return Part(f"{query.name} by {column}", *query.looked_up(column, keys, values))


async def read(connection: Connection, *parts: Part) -> list[list[Row]]:
    """The rows of each part, in one statement, with the types that the part alone would give.

    A row is read by the names of its columns.
    """
    if len(parts) == 1:
        (alone,) = parts
        return [await watch.statement(alone.name, connection.fetch, alone.sql, alone.arguments)]
    text = _compose(tuple((each.sql, len(each.arguments)) for each in parts))
    arguments = [value for each in parts for value in each.arguments]
    name = "read " + "+".join(each.name for each in parts)
    found = await watch.statement(name, connection.fetch, text, arguments)
    rows: list[list[Row]] = [[] for _ in parts]
    if not found:
        return rows
    columns: Sequence[str] = tuple(found[0].keys())
    starts = [columns.index(_mark(place)) for place in range(len(parts))]
    ends = [*starts[1:], len(columns)]
    for row in found:
        values = tuple(row)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if values[start]:
                here = zip(columns[start + 1 : end], values[start + 1 : end], strict=True)
                rows[place].append(dict(here))
    return rows


def _mark(place: int) -> str:
    """The column that tells the rows of a part; the part's own columns follow it."""
    return f"of_part_{place}"


@lru_cache(maxsize=500)
def _compose(parts: tuple[tuple[str, int], ...]) -> str:
    """A join in which no row meets another: each row of the answer is a row of one part."""
    taken = 0
    joined = ""
    for place, (text, parameters) in enumerate(parts):
        inner = shifted(text, parameters, taken)
        taken += parameters
        if place:
            joined += "\nFULL JOIN "
        joined += f"(SELECT true AS {_mark(place)}, part.* FROM (\n{inner}\n) AS part) AS p{place}"  # noqa: S608
        if place:
            joined += " ON false"
    columns = ", ".join(f"p{place}.*" for place in range(len(parts)))
    return f"SELECT {columns} FROM {joined}"  # noqa: S608
