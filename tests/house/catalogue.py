"""What the database's catalogue and sql/distribution.json say about the tables, as plain facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

import asyncpg

from app.core import paths, sql
from app.core.db import Role, prepare_connection
from app.core.sql import Query
from tests.support import Database

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

SCHEMAS = ("public", "learning")


def statements(file: str) -> Mapping[str, Query]:
    """The named queries of a file beside this one."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    return {query.name: query for query in sql.parse(text, file)}


_FACTS = statements("facts.sql")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `filled` says that the database has a value when none is given."""

    name: str
    type: str
    required: bool
    generated: bool
    filled: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A check constraint with the columns that it looks at."""

    name: str
    columns: tuple[str, ...]
    condition: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: `columns` of the table name `target_columns` of `target`."""

    target: str
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the product."""

    name: str
    columns: Mapping[str, Column]
    uniques: Sequence[tuple[str, ...]]
    checks: Sequence[Check]
    foreign_keys: Sequence[ForeignKey]


@dataclass(frozen=True, slots=True)
class Placement:
    """How sql/distribution.json distributes a table; `column` is the one that it goes by."""

    kind: Literal["user", "own", "reference", "local"]
    column: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """All that the checks of SQL texts need to know."""

    tables: Mapping[str, Table]
    placements: Mapping[str, Placement]
    functions: Mapping[str, frozenset[str]]
    """The volatilities of a function's overloads: `i`, `s` or `v`."""

    def owner_column(self, table: str) -> str | None:
        """The column that names the owner of a user-owned table's row, else None."""
        placement = self.placements.get(table)
        return placement.column if placement and placement.kind == "user" else None


def distribution() -> dict[str, str]:
    """The manifest of all tables, as the file has it."""
    return cast("dict[str, str]", json.loads((paths.SQL / "distribution.json").read_text("utf-8")))


def placement(value: str) -> Placement:
    """What one entry of the manifest means."""
    if value == "reference" or value == "local":
        return Placement(value, None)
    kind, _, column = value.rpartition(":")
    return Placement("own" if kind else "user", column)


def tables_of(kind: str) -> list[str]:
    """The tables of one kind, from the manifest."""
    return [name for name, value in distribution().items() if placement(value).kind == kind]


async def read_facts(connection: Connection) -> Facts:
    """The facts of the database as this connection sees it now."""
    columns: dict[str, dict[str, Column]] = {}
    for row in await _FACTS["columns"].all(connection, schemas=SCHEMAS):
        column = Column(row["name"], row["type"], row["required"], row["generated"], row["filled"])
        columns.setdefault(row["table_name"], {})[column.name] = column
    uniques: dict[str, list[tuple[str, ...]]] = {name: [] for name in columns}
    for row in await _FACTS["uniques"].all(connection, schemas=SCHEMAS):
        uniques[row["table_name"]].append(tuple(row["columns"]))
    checks: dict[str, list[Check]] = {name: [] for name in columns}
    for row in await _FACTS["checks"].all(connection, schemas=SCHEMAS):
        check = Check(row["name"], tuple(row["columns"]), row["condition"])
        checks[row["table_name"]].append(check)
    keys: dict[str, list[ForeignKey]] = {name: [] for name in columns}
    for row in await _FACTS["foreign_keys"].all(connection, schemas=SCHEMAS):
        key = ForeignKey(row["target"], tuple(row["columns"]), tuple(row["target_columns"]))
        keys[row["table_name"]].append(key)
    return Facts(
        {n: Table(n, columns[n], uniques[n], checks[n], keys[n]) for n in columns},
        {name: placement(value) for name, value in distribution().items()},
        {row["name"]: frozenset(row["kinds"]) for row in await _FACTS["functions"].all(connection)},
    )


async def privileges(connection: Connection, role: Role) -> dict[str, set[str]]:
    """All that a role may do, by table; `UPDATE(title)` is a right on one column alone."""
    found: dict[str, set[str]] = {}
    for row in await _FACTS["privileges"].all(connection, schemas=SCHEMAS, role=role):
        found.setdefault(row["table_name"], set()).add(row["privilege"])
    return found


async def connect(database: Database, role: Role | None = None) -> Connection:
    """A raw connection to the file's database: as a role of the service, or as the owner."""
    # A check that waits for another one's lock would wait for ever.
    settings = {"timezone": "UTC", "lock_timeout": "5s"}
    url = database.owner_url
    if role is not None:
        way = database.ways[role]
        url = way.url
        if way.set_role:
            settings["role"] = str(way.set_role)
    connection = await asyncpg.connect(url, server_settings=settings)
    await prepare_connection(connection)
    return connection
