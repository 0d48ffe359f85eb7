"""Keyset pages: Relay connections over a named query, in one of a few named orders."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import strawberry

from app.core import sql
from app.core.errors import InvalidInput
from app.core.sql import Row

DEFAULT_SIZE = 20
LARGEST_SIZE = 100

T = TypeVar("T")

_PARSERS: dict[str, Callable[[Any], Any]] = {
    "integer": int,
    "bigint": int,
    "text": str,
    "timestamptz": datetime.fromisoformat,
    "date": date.fromisoformat,
    "uuid": UUID,
}


@dataclass(frozen=True, slots=True)
class Key:
    """A named order: the columns that a page is sorted by, each with its PostgreSQL type.

    The last column must make the order total. All columns run the same way, so that one row
    comparison, which an index serves, finds the place where a page begins.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    descending: bool = False

    def cursor(self, row: Row) -> str:
        """The opaque cursor of a row in this order."""
        values = [self.name, *(_plain(row[column]) for column, _ in self.columns)]
        return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")

    def place(self, cursor: str, argument: str) -> list[Any]:
        """The values that a cursor of this order stands for; `InvalidInput` for any other text."""
        problem = InvalidInput(f"This is not a cursor of the order {self.name}.", argument)
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            name, *values = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        except (ValueError, TypeError, binascii.Error) as error:
            raise problem from error
        if name != self.name or len(values) != len(self.columns):
            raise problem
        try:
            return [
                _PARSERS[kind](value) for (_, kind), value in zip(self.columns, values, strict=True)
            ]
        except (ValueError, TypeError, AttributeError) as error:
            raise problem from error


MANUAL = Key("MANUAL", (("sort_order", "integer"), ("created_at", "timestamptz"), ("id", "uuid")))
NEWEST = Key("NEWEST", (("created_at", "timestamptz"), ("id", "uuid")), descending=True)


def _plain(value: Any) -> Any:
    return (
        value
        if isinstance(value, int | str)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
    )


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether more follows after this page.")
    has_previous_page: bool = strawberry.field(description="Whether something precedes this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the page's first entry.")
    end_cursor: str | None = strawberry.field(description="Cursor of the page's last entry.")


@strawberry.type(description="One entry of a page.")
class Edge(Generic[T]):
    """Relay's edge."""

    node: T = strawberry.field(description="The entry itself.")
    cursor: str = strawberry.field(
        description="Its place in the list's order, for `after`/`before`."
    )


@dataclass(slots=True)
class Place:
    """An edge's value: the row, and the order that makes its cursor when it is asked for."""

    node: Row
    key: Key

    @property
    def cursor(self) -> str:
        """The row's cursor."""
        return self.key.cursor(self.node)


@dataclass(slots=True)
class Page:
    """A connection's value: the rows of one page."""

    nodes: list[Row]
    key: Key
    has_next_page: bool
    has_previous_page: bool
    count: Callable[[], Awaitable[int]]

    @property
    def edges(self) -> list[Place]:
        """The rows with their cursors."""
        return [Place(row, self.key) for row in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Relay's page info."""
        return PageInfo(
            has_next_page=self.has_next_page,
            has_previous_page=self.has_previous_page,
            start_cursor=self.key.cursor(self.nodes[0]) if self.nodes else None,
            end_cursor=self.key.cursor(self.nodes[-1]) if self.nodes else None,
        )


async def _total_count(root: Any) -> int:
    return await root.count()


@strawberry.type(description="One page of a list, with cursors to go on from.")
class Connection(Generic[T]):
    """Relay's connection; its value is a `Page`."""

    edges: list[Edge[T]] = strawberry.field(description="The page's entries with their cursors.")
    nodes: list[T] = strawberry.field(description="The page's entries alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(
        resolver=_total_count,
        description="How many entries match in all; costs a count of its own when asked for.",
    )


@dataclass(frozen=True, slots=True)
class Window:
    """The four paging arguments of Relay, checked."""

    size: int
    backward: bool
    after: str | None
    before: str | None

    @classmethod
    def of(
        cls, first: int | None, after: str | None, last: int | None, before: str | None
    ) -> Window:
        """Raises `InvalidInput` for both directions at once and for sizes outside 0 to 100."""
        if first is not None and last is not None:
            raise InvalidInput("Take `first` or `last`, not both.", "last")
        size = first if first is not None else last
        if size is None:
            size = DEFAULT_SIZE
        if not 0 <= size <= LARGEST_SIZE:
            argument = "first" if last is None else "last"
            raise InvalidInput(f"A page has 0 to {LARGEST_SIZE} entries.", argument)
        return cls(size, last is not None, after, before)


async def read(
    connection: sql.Connection,
    listed: sql.Query,
    counted: sql.Query,
    key: Key,
    window: Window,
    **values: Any,
) -> Any:
    """One page of `listed`, a query of all rows that match, without an order of its own.

    The keyset condition, the order and the limit are put around the query's text; PostgreSQL pulls
    a plain SELECT up into it, so the index of the order serves the page.
    """
    arguments = listed.arguments(values)
    columns = ", ".join(f"page.{column}" for column, _ in key.columns)
    conditions = list[str]()
    for argument, cursor in (("after", window.after), ("before", window.before)):
        if cursor is not None:
            ahead = (argument == "after") != key.descending
            marks = list[str]()
            for (_, kind), value in zip(key.columns, key.place(cursor, argument), strict=True):
                arguments.append(value)
                marks.append(f"${len(arguments)}::{kind}")
            conditions.append(f"({columns}) {'>' if ahead else '<'} ({', '.join(marks)})")
    direction = "DESC" if key.descending != window.backward else "ASC"
    order = ", ".join(f"page.{column} {direction}" for column, _ in key.columns)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    arguments.append(window.size + 1)
    # Names and types come from the room's `Key`, never from the request.
    text = (
        f"SELECT page.* FROM ({listed.sql}) AS page{where} "  # noqa: S608
        f"ORDER BY {order} LIMIT ${len(arguments)}::bigint"
    )
    rows = await connection.fetch(text, *arguments)
    more = len(rows) > window.size
    rows = rows[: window.size]
    if window.backward:
        rows.reverse()

    async def count() -> int:
        return (await counted.one(connection, **values))["total"]

    return Page(
        nodes=rows,
        key=key,
        has_next_page=window.before is not None if window.backward else more,
        has_previous_page=more if window.backward else window.after is not None,
        count=count,
    )
