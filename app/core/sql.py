"""Named queries: reads `sql/queries/*.sql` and runs one query on an asyncpg connection.

A file holds queries in aiosql's format: `-- name: quest_list` opens one, comment lines below it
describe it, and parameters are written `:user_id`. A line `-- scope: staff` (or `relay`, `system`)
marks a query that looks across users; without one a query belongs to a single user.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from app.core import paths, watch
from app.core.selecting import Wanted, selected
from app.core.variants import filters, without

Row: TypeAlias = Any
"""An asyncpg record. It stands for the GraphQL type of its room, which declares its shape."""

_NAME = re.compile(r"^--\s*name:\s*(\S+)\s*$")
_SCOPE = re.compile(r"^--\s*scope:\s*(staff|relay|system)\s*$")
# A parameter is a colon before a name, unless the colon belongs to a cast, a string or a comment.
_TOKEN = re.compile(
    r"""(?P<skip>'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|::)|:(?P<name>[a-z_][a-z0-9_]*)""",
    re.DOTALL,
)


class Connection(Protocol):
    """The part of an asyncpg connection that a query needs."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows."""
        ...

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row, or None."""
        ...

    async def execute(self, query: str, *args: Any) -> str:
        """The command tag."""
        ...


class QueryFileError(Exception):
    """A query file breaks the format."""


@dataclass(frozen=True, slots=True)
class Query:
    """One named statement with its parameters in the order of their first use."""

    name: str
    description: str
    scope: str
    sql: str
    parameters: tuple[str, ...]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the statement's order; refuses names that it lacks or does not know."""
        if len(values) != len(self.parameters) or any(p not in values for p in self.parameters):
            wanted, given = sorted(self.parameters), sorted(values)
            raise TypeError(f"query {self.name} takes {wanted}, not {given}")
        return [values[parameter] for parameter in self.parameters]

    def fitted(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The text with what these values leave of its filters, and its arguments in order."""
        arguments = self.arguments(values)
        optional = filters(self.sql, self.parameters)
        if not optional:
            return self.sql, arguments
        unset = tuple(each for each in optional if values[each] is None)
        text, parameters = without(self.sql, self.parameters, unset)
        return text, [values[parameter] for parameter in parameters]

    def looked_up(
        self,
        column: str,
        keys: Iterable[Any],
        values: Mapping[str, Any],
        wanted: Wanted | None = None,
    ) -> tuple[str, list[Any]]:
        """The statement, and its arguments, for the rows whose column has one of the keys."""
        listed, arguments = self.fitted(values)
        arguments.append(list(keys))
        place = len(arguments)
        parts = selected("listed", wanted, place, column)
        text = (
            f"SELECT {parts.columns} FROM ({listed}) AS listed{parts.joins} "  # noqa: S608
            f"WHERE listed.{column} = any(${place})"
        )
        return text, arguments + parts.arguments

    async def all(self, connection: Connection, **values: Any) -> list[Row]:
        """Every row of the answer."""
        text, arguments = self.fitted(values)
        return await watch.statement(self.name, connection.fetch, text, arguments)

    async def each_of(
        self, connection: Connection, column: str, wanted: Wanted | None, /, **values: Any
    ) -> list[Row]:
        """Every row with what is wanted of it, and `column`, in the query's order.

        The rows of relations don't come along: a join could change the order.
        """
        if wanted is None:
            return await self.all(connection, **values)
        listed, arguments = self.fitted(values)
        alone = replace(wanted, columns=wanted.columns.alone)
        parts = selected("listed", alone, len(arguments), column)
        text = f"SELECT {parts.columns} FROM ({listed}) AS listed"  # noqa: S608
        return await watch.statement(self.name, connection.fetch, text, arguments)

    async def maybe(self, connection: Connection, **values: Any) -> Row | None:
        """The first row, or None; the query's comment says what no row means."""
        text, arguments = self.fitted(values)
        return await watch.statement(self.name, connection.fetchrow, text, arguments)

    async def one(self, connection: Connection, **values: Any) -> Row:
        """The first row of a query that always has one."""
        row = await self.maybe(connection, **values)
        if row is None:
            raise LookupError(f"query {self.name} found no row where one must be")
        return row

    async def run(self, connection: Connection, **values: Any) -> int:
        """Runs a statement without an answer; returns how many rows it touched."""
        text, arguments = self.fitted(values)
        tag = await watch.statement(self.name, connection.execute, text, arguments)
        return int(tag.rpartition(" ")[2])

    async def count(self, connection: Connection, **values: Any) -> int:
        """How many rows there are; what only shows and does not select costs nothing."""
        listed, arguments = self.fitted(values)
        text = f"SELECT count(*) AS total FROM ({listed}) AS listed"  # noqa: S608
        row = await watch.statement(f"{self.name} count", connection.fetchrow, text, arguments)
        return row["total"]

    async def among(
        self,
        connection: Connection,
        column: str,
        keys: Iterable[Any],
        wanted: Wanted | None = None,
        /,
        **values: Any,
    ) -> list[Row]:
        """The rows whose column has one of the values `keys`, in no order.

        Of a query without an order or a limit, so that PostgreSQL pulls the condition down to the
        table's index. The column's name comes from the program, never from a request; it is in the
        rows, whatever else is wanted.
        """
        text, arguments = self.looked_up(column, keys, values, wanted)
        return await watch.statement(f"{self.name} by {column}", connection.fetch, text, arguments)


def parse(text: str, source: str) -> Iterator[Query]:
    """The queries of one file, in its order."""
    name, comments, body, scope = "", list[str](), list[str](), "user"
    for line in [*text.splitlines(), "-- name: END"]:
        if opened := _NAME.match(line):
            if name:
                yield _query(name, comments, scope, "\n".join(body))
            elif any(part.strip() for part in body):
                raise QueryFileError(f"{source}: SQL before the first `-- name:` line")
            name, comments, body, scope = opened[1], [], [], "user"
        elif not body and (scoped := _SCOPE.match(line)):
            scope = scoped[1]
        elif not body and line.startswith("--"):
            comments.append(line.lstrip("- ").rstrip())
        elif body or line.strip():
            body.append(line)


def _query(name: str, comments: list[str], scope: str, body: str) -> Query:
    parameters: dict[str, int] = {}

    def number(token: re.Match[str]) -> str:
        parameter = token["name"]
        if parameter is None:
            return token["skip"]
        return f"${parameters.setdefault(parameter, len(parameters) + 1)}"

    sql = _TOKEN.sub(number, body).strip().rstrip(";").rstrip()
    if not sql:
        raise QueryFileError(f"query {name} is empty")
    return Query(name, " ".join(comments), scope, sql, tuple(parameters))


class Queries(Mapping[str, Query]):
    """The queries of one room, by name."""

    def __init__(self, room: str, queries: Iterator[Query]) -> None:
        self.room = room
        self._queries: dict[str, Query] = {}
        for query in queries:
            if query.name in self._queries:
                raise QueryFileError(f"{room}: two queries are called {query.name}")
            self._queries[query.name] = query

    def __getitem__(self, name: str) -> Query:
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)


def files(room: str, folder: Path | None = None) -> list[Path]:
    """The files of a room: `<room>.sql`, or every file of the folder `<room>` once it has grown."""
    folder = folder or paths.SQL / "queries"
    single = folder / f"{room}.sql"
    found = [single] if single.is_file() else sorted((folder / room).glob("*.sql"))
    if not found:
        raise QueryFileError(f"there is no query file for {room} in {folder}")
    return found


def load(room: str) -> Queries:
    """The queries of a room, read once when its module is imported."""
    read = (query for file in files(room) for query in parse(file.read_text("utf-8"), file.name))
    return Queries(room, read)
