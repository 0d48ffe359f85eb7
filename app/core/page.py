"""Keyset pages: Relay connections over a named query, in one of a few named orders."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import orjson
import strawberry

from app.core import sql, watch
from app.core.bounds import OfPage
from app.core.errors import InvalidInput
from app.core.inputs import text_problem
from app.core.selecting import Wanted, selected
from app.core.sql import Row

DEFAULT_SIZE = 20
LARGEST_SIZE = 100

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="Size of the page, 0 to 100; 20 when both sizes are left out."),
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Cursor that the page follows.")
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="Size of the page, counted from the end of the list; 0 to 100."
    ),
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Cursor that the page precedes.")
]
"""The four paging arguments of a root field."""

T = TypeVar("T")

ROWS = (("nodes",), ("edges", "node"))
"""Where the rows of a page are in a connection."""
CURSORS = (("edges", "cursor"), ("pageInfo", "startCursor"), ("pageInfo", "endCursor"))
"""What is made of the columns of its order."""


def _whole(bits: int) -> Callable[[Any], int]:
    """A parser of whole numbers that PostgreSQL keeps in so many bits."""

    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError("not a whole number")
        if not -(1 << bits - 1) <= value < 1 << bits - 1:
            raise ValueError("a whole number out of range")
        return value

    return parse


def _text(value: Any) -> str:
    if not isinstance(value, str) or text_problem(value) is not None:
        raise ValueError("not a text that PostgreSQL can hold")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    # PostgreSQL's infinity comes, and goes back, as the greatest time without an offset.
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "integer": _whole(32),
    "bigint": _whole(64),
    "text": _text,
    "timestamptz": _moment,
    "date": date.fromisoformat,
    "uuid": UUID,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an order: its name, its PostgreSQL type, and which way it runs."""

    name: str
    kind: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A named order: the columns that a page is sorted by; the last one makes the order total."""

    name: str
    columns: tuple[Column, ...]

    def cursor(self, row: Row) -> str:
        """The opaque cursor of a row in this order."""
        values = [self.name, *(_plain(row[column.name]) for column in self.columns)]
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
                _PARSERS[column.kind](value)
                for column, value in zip(self.columns, values, strict=True)
            ]
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise problem from error

    def order(self, *, backward: bool) -> str:
        """The ORDER BY list, turned round for pages that are read from the end."""
        return ", ".join(
            f"page.{column.name} {'DESC' if column.descending != backward else 'ASC'}"
            for column in self.columns
        )

    def beyond(self, marks: Sequence[str], *, later: bool) -> str:
        """The condition for rows later (or earlier) in this order than a place.

        One row comparison where all columns run the same way. Otherwise the columns are compared in
        turn, behind a bound on the first one alone, from which an index scan can start.
        """
        names = [f"page.{column.name}" for column in self.columns]
        signs = [">" if later != column.descending else "<" for column in self.columns]
        if len(set(signs)) == 1:
            return f"({', '.join(names)}) {signs[0]} ({', '.join(marks)})"
        turns: list[str] = []
        for index, sign in enumerate(signs):
            equal = [f"{names[n]} = {marks[n]}" for n in range(index)]
            turns.append(" AND ".join([*equal, f"{names[index]} {sign} {marks[index]}"]))
        return f"{names[0]} {signs[0]}= {marks[0]} AND (({') OR ('.join(turns)}))"


_ID = Column("id", "uuid")
MANUAL = Key("MANUAL", (Column("sort_order", "integer"), Column("created_at", "timestamptz"), _ID))
NEWEST = Key("NEWEST", (Column("created_at", "timestamptz", True), Column("id", "uuid", True)))
LATEST = Key("LATEST", (Column("created_at", "timestamptz", True), _ID))
"""The order of logs: by time, the latest first."""


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
    def page_info(self) -> Page:
        """Relay's page info: the page itself tells it."""
        return self

    @property
    def start_cursor(self) -> str | None:
        """The first row's cursor."""
        return self.key.cursor(self.nodes[0]) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        """The last row's cursor."""
        return self.key.cursor(self.nodes[-1]) if self.nodes else None


async def _total_count(root: Any) -> int:
    return await root.count()


@strawberry.type(description="One page of a list, with cursors to go on from.")
class Connection(Generic[T]):
    """Relay's connection; its value is a `Page`."""

    edges: list[Edge[T]] = strawberry.field(
        description="The page's entries with their cursors.", metadata={"bound": OfPage()}
    )
    nodes: list[T] = strawberry.field(
        description="The page's entries alone.", metadata={"bound": OfPage()}
    )
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
    key: Key,
    window: Window,
    wanted: Wanted | None = None,
    **values: Any,
) -> Any:
    """One page of `listed`, a query of all rows that match, without an order of its own.

    The keyset condition, the order and the limit are put around the query's text; PostgreSQL pulls
    a plain SELECT up into it, so the index of the order serves the page. What comes along is joined
    to the rows of the page alone.
    """
    text, arguments = listed.fitted(values)
    marks: list[tuple[bool, tuple[str, ...]]] = []
    for argument, cursor in (("after", window.after), ("before", window.before)):
        if cursor is not None:
            place = key.place(cursor, argument)
            first = len(arguments) + 1
            arguments += place
            kinds = enumerate((column.kind for column in key.columns), first)
            marks.append((argument == "after", tuple(f"${n}::{kind}" for n, kind in kinds)))
    arguments.append(window.size + 1)
    limit = len(arguments)
    also = [column.name for column in key.columns] if wanted and wanted.cursors else []
    parts = selected("page", wanted, limit, *also)
    arguments += parts.arguments
    statement = _page_text(
        text, key, window.backward, tuple(marks), limit, parts.columns, parts.joins
    )
    rows = await watch.statement(listed.name, connection.fetch, statement, arguments)
    more = len(rows) > window.size
    rows = rows[: window.size]
    if window.backward:
        rows.reverse()

    async def count() -> int:
        return await listed.count(connection, **values)

    return Page(
        nodes=rows,
        key=key,
        has_next_page=window.before is not None if window.backward else more,
        has_previous_page=more if window.backward else window.after is not None,
        count=count,
    )


@lru_cache(maxsize=2_000)
def _page_text(
    listed: str,
    key: Key,
    backward: bool,
    marks: tuple[tuple[bool, tuple[str, ...]], ...],
    limit: int,
    columns: str,
    joins: str,
) -> str:
    """The statement of a page; names and types in it are a room's, never a request's."""
    conditions = [key.beyond(names, later=later) for later, names in marks]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = key.order(backward=backward)
    if not joins:
        return (
            f"SELECT {columns} FROM ({listed}) AS page{where} "  # noqa: S608
            f"ORDER BY {order} LIMIT ${limit}::bigint"
        )
    return (
        f"SELECT {columns} FROM (SELECT page.* FROM ({listed}) AS page{where} "  # noqa: S608
        f"ORDER BY {order} LIMIT ${limit}::bigint) AS page{joins} ORDER BY {order}"
    )


async def whole(
    connection: sql.Connection,
    listed: sql.Query,
    key: Key,
    most: int,
    wanted: Wanted | None = None,
    **values: Any,
) -> list[Row]:
    """All rows of a list that stays short; `most` is where it would be cut off."""
    window = Window(most, backward=False, after=None, before=None)
    return (await read(connection, listed, key, window, wanted, **values)).nodes
