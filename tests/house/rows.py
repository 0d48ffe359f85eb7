"""Makes a valid row for any table out of what the catalogue says about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from pglast import ast

from tests.house import trees
from tests.house.catalogue import Column, Connection, Facts, Table

NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARENT: Final = object()
"""Stands for the key of a parent's row, where a column that refers to it may be null."""

# Only what no single column's own rules tell: checks over several columns.
OVERRIDES: Final[Mapping[str, Mapping[str, Any]]] = {
    "analysis_frame_data": {"end_frame": 2, "end_time_ms": 2},
    "exercise_sets": {"exercise_id": PARENT},
    "focus_sessions": {"expires_at": NOW + timedelta(hours=1)},
    "market_transactions": {"coins_amount": 0},
    "track_regions": {"end_time_ms": 2},
    "user_purchases": {"item_id": PARENT},
    "workout_exercises": {"exercise_id": PARENT},
}

VISIBLE: Final[Mapping[str, Any]] = {
    "visible": True,
    "is_published": True,
    "first_published_at": NOW,
}
"""What makes a row of learning content one that learners see."""


class CannotFill(Exception):
    """No valid row was found; the table needs an override."""


class Rows:
    """Makes rows, and knows those that it made, so that others can refer to them."""

    def __init__(self, facts: Facts, owner: Connection) -> None:
        self._facts = facts
        self._owner = owner
        self._made: dict[tuple[str, UUID | None], Mapping[str, Any]] = {}
        self._number = count(1)

    def order(self) -> list[str]:
        """All tables, each after those that it refers to."""
        ordered: dict[str, None] = {}

        def add(name: str) -> None:
            for key in self._facts.tables[name].foreign_keys:
                if key.target != name and key.target not in ordered:
                    add(key.target)
            ordered[name] = None

        for name in sorted(self._facts.tables):
            add(name)
        return list(ordered)

    async def values(self, table: str, user: UUID | None, **wanted: Any) -> dict[str, Any]:
        """A row of the table: the user's where it has an owner, with the wanted values."""
        known = self._facts.tables[table]
        given: dict[str, Any] = {**OVERRIDES.get(table, {}), **wanted}
        for column in known.columns.values():
            needed = column.required and not column.filled
            if column.name not in given and (needed or column.name == "id"):
                given[column.name] = PARENT
        owner = self._facts.owner_column(table)
        if owner:
            given[owner] = user
        self._refer(known, given, user)
        for name, value in given.items():
            if value is PARENT:
                given[name] = await self._value(known, known.columns[name])
        return given

    def _refer(self, table: Table, given: dict[str, Any], user: UUID | None) -> None:
        """Set the columns that have to name a parent's row."""
        for key in table.foreign_keys:
            if not any(given.get(name) is PARENT for name in key.columns):
                continue
            owned = self._facts.owner_column(key.target) is not None
            parent = self._made.get((key.target, user if owned else None))
            if parent is None:
                raise CannotFill(f"{table.name}: there is no row of {key.target} to refer to")
            for name, target in zip(key.columns, key.target_columns, strict=True):
                given[name] = parent[target]

    async def _value(self, table: Table, column: Column) -> Any:
        """A value that the column's type and its own checks allow."""
        checks = [each for each in table.checks if each.columns == (column.name,)]
        unique = any(column.name in columns for columns in table.uniques)
        usual = _usual(column.type, next(self._number), unique=unique)
        for candidate in (usual, *(each for check in checks for each in _named(check.condition))):
            if isinstance(candidate, type(usual)) and await self._fits(table, column, candidate):
                return candidate
        raise CannotFill(f"{table.name}.{column.name}: no value for {column.type}")

    async def _fits(self, table: Table, column: Column, value: object) -> bool:
        for check in table.checks:
            if check.columns == (column.name,):
                row = f'SELECT $1::{column.type} AS "{column.name}"'
                text = f"SELECT {check.condition} FROM ({row}) AS t"
                if await self._owner.fetchval(text, value) is False:
                    return False
        return value is not None

    async def insert(
        self, connection: Connection, table: str, user: UUID | None, **wanted: Any
    ) -> None:
        """Insert a row through a connection; the first one of a table becomes others' parent."""
        values = await self.values(table, user, **wanted)
        try:
            await connection.execute(statement(table, values), *values.values())
        except asyncpg.PostgresError as error:
            raise CannotFill(f"{table}: {error}") from error
        self._made.setdefault((table, user), values)

    async def adopt(self, table: str) -> bool:
        """Take a row that a catalogue has already as others' parent; False if it has none."""
        row = await self._owner.fetchrow(f"SELECT t.* FROM {table} AS t LIMIT 1")
        if row is not None:
            self._made[table, None] = dict(row)
        return row is not None


def statement(table: str, values: Mapping[str, Any]) -> str:
    """The INSERT of a row."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"


def _usual(kind: str, number: int, *, unique: bool) -> Any:
    """What a column of this type gets unless a check refuses it; None for an unknown type."""
    if kind.endswith("[]"):
        return [_usual(kind.removesuffix("[]"), number, unique=unique)]
    whole = number if unique else 1
    values: dict[str, Any] = {
        "uuid": uuid4(),
        "text": f"t{number}",
        "character varying": f"t{number}",
        "smallint": whole,
        "integer": whole,
        "bigint": whole,
        "numeric": whole,
        "double precision": 0.5,
        "boolean": False,
        "timestamp with time zone": NOW,
        "date": date(2026, 1, 1) + timedelta(days=number),
        "jsonb": {},
        "bytea": b"x",
    }
    return values.get(kind)


def _named(condition: str) -> Iterator[object]:
    """The words and numbers that a check names: one of them is likely to be allowed."""
    for node in trees.walk(trees.parse(f"SELECT {condition}")):
        if isinstance(node, ast.A_Const):
            value = node.val
            if isinstance(value, ast.String):
                yield value.sval
            elif isinstance(value, ast.Integer):
                yield value.ival
