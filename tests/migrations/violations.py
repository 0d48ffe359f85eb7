"""Finds, for each constraint of the catalogue, a change of a valid row that violates it alone."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Container, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from pglast import ast

from app.catalogue.read import Column, Constraint, Table
from tests.house import trees
from tests.house.catalogue import Connection
from tests.house.rows import PARENT, Rows, statement

_NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
# What a column may be tried with besides null and what the table's own checks name.
_CANDIDATES: Final[Mapping[str, tuple[Any, ...]]] = {
    "uuid": (UUID("6a0d2f1e-9b1c-4d55-8a75-5f1f3b1c7e10"),),
    "text": ("no such word", ""),
    "integer": (-1, 0, 1, 2, 7, 10**6),
    "bigint": (-1, 0, 1, 2, 10**6),
    "numeric": (-1, 0, 2, 10**6),
    "double precision": (-1.0, 0.5, 2.0),
    "boolean": (False, True),
    "timestamptz": (_NOW, _NOW - _DAY, _NOW + _DAY),
    "date": (date(2026, 1, 1),),
    "jsonb": ({}, [], "text"),
    "bytea": (b"", b"xx"),
    "text[]": ([], ["no such word"]),
    "integer[]": ([], [9]),
}
_TARGET_COLUMNS = re.compile(r" REFERENCES \S+\((.*?)\)")


class CannotViolate(Exception):
    """No change was found that violates the constraint alone."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint, by its name or by the column that is not null, and what the database said."""

    table: Table
    name: str
    kind: str
    columns: tuple[str, ...]
    error: asyncpg.PostgresError


class Violations:
    """Violates constraints of tables that have a row each; every attempt is undone at once."""

    def __init__(self, owner: Connection, rows: Rows, user: UUID) -> None:
        self._owner = owner
        self._rows = rows
        self._user = user

    async def not_null(self, table: Table, column: Column) -> Violation:
        """A column that must have a value loses it."""
        error = await self._refused(f"UPDATE {table.name} SET {column.name} = NULL")
        return Violation(table, column.name, "not null", (column.name,), error)

    async def check(self, table: Table, constraint: Constraint) -> Violation:
        """The columns of a check get values that it is the first to refuse."""
        values = await self._assignment(table, {}, constraint.columns, constraint)
        return await self._changed(table, constraint, values)

    async def foreign_key(self, table: Table, constraint: Constraint) -> Violation:
        """A row refers to one that is not there, and no check minds."""
        types = {column.name: column.type for column in table.columns}
        named = [c for c in constraint.columns if c != "user_id"]
        if not named:
            values = await self._rows.values(table.name, self._user) | {"user_id": uuid4()}
            return await self._inserted(table, constraint, values)
        nobody = {name: uuid4() if types[name] == "uuid" else "nobody" for name in named}
        values = await self._assignment(table, nobody, (), constraint)
        return await self._changed(table, constraint, values)

    async def primary_key(self, table: Table, constraint: Constraint) -> Violation:
        """A row comes a second time."""
        columns = ", ".join(column.name for column in table.columns if not column.generated)
        copy = f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {table.name} LIMIT 1"
        return _violation(table, constraint, await self._refused(copy))

    async def unique(
        self, table: Table, constraint: Constraint, bound: Mapping[str, Any]
    ) -> Violation:
        """A new row has what another one has; `bound` is what subjects rows to the rule."""
        row = await self._owner.fetchrow(f"SELECT * FROM {table.name} LIMIT 1")
        assert row is not None
        async with _undone(self._owner):
            if bound or any(row[name] is None for name in constraint.columns):
                wanted = {**dict.fromkeys(constraint.columns, PARENT), **bound}
                row = await self._rows.values(table.name, self._user, **wanted)
                await self._owner.execute(statement(table.name, row), *row.values())
            second = await self._rows.values(table.name, self._user, **bound)
            second |= await self._other_parents(table, constraint)
            second |= {name: row[name] for name in constraint.columns}
            return await self._inserted(table, constraint, second)

    async def _other_parents(self, table: Table, constraint: Constraint) -> dict[str, Any]:
        """New parents, where the usual one would violate another unique key first."""
        found: dict[str, Any] = {}
        for key in table.of_kind("foreign key"):
            mine = set(key.columns) - {"user_id"}
            others = [k for k in table.of_kind("unique") if k is not constraint]
            if (
                mine
                and not mine & set(constraint.columns)
                and any(mine <= set(other.columns) for other in others)
            ):
                parent = await self._rows.values(key.target or "", self._user)
                await self._owner.execute(statement(key.target or "", parent), *parent.values())
                found |= dict.fromkeys(mine, parent["id"])
        return found

    async def removal(self, table: Table, constraint: Constraint) -> Violation:
        """The rows go away to which one of this table refers by a foreign key."""
        target = constraint.target or ""
        columns = _TARGET_COLUMNS.findall(constraint.definition)[0].split(", ")
        parent = await self._owner.fetchrow(f"SELECT * FROM {target} LIMIT 1")
        assert parent is not None
        key = zip(constraint.columns, columns, strict=True)
        named = {name: parent[column] for name, column in key if name != "user_id"}
        async with _undone(self._owner):
            if named:
                values = await self._assignment(table, named, (), constraint)
                await self._owner.execute(*_update(table, values))
            error = await self._refused(f"DELETE FROM {target}")
        return _violation(table, constraint, error)

    async def _assignment(
        self,
        table: Table,
        fixed: Mapping[str, Any],
        columns: Sequence[str],
        violated: Constraint,
    ) -> dict[str, Any]:
        """Values with which the constraint is the first to fail; other columns follow if need be.

        PostgreSQL looks at a row's checks in the order of their names, and then at its keys.
        """
        holding = [
            check
            for check in table.of_kind("check")
            if violated.kind != "check" or check.name < violated.name
        ]
        free, tried = list(columns), None
        while free != tried:
            found = await self._search(table, fixed, free, violated, holding)
            if found is not None:
                return {**fixed, **found}
            tried, free = free, _with_neighbours(table, [*fixed, *free], fixed)
        raise CannotViolate(violated.name)

    async def _search(
        self,
        table: Table,
        fixed: Mapping[str, Any],
        free: Sequence[str],
        violated: Constraint,
        holding: Sequence[Constraint],
    ) -> dict[str, Any] | None:
        arguments: list[Any] = []

        def parameter(value: Any, column: Column) -> str:
            arguments.append(value)
            return f"${len(arguments)}::{column.type}"

        columns: list[str] = []
        sources = [f"(SELECT * FROM {table.name} LIMIT 1) AS r"]
        for column in table.columns:
            name = column.name
            if name in fixed:
                columns.append(f"{parameter(fixed[name], column)} AS {name}")
            elif name in free:
                tried = ", ".join(f"({parameter(v, column)})" for v in _tried(table, column))
                sources.append(f"(VALUES {tried}) AS c_{name} ({name})")
                columns.append(f"c_{name}.{name}")
            else:
                columns.append(f"r.{name}")
        conditions = [f"{_condition(check)} IS NOT FALSE" for check in holding]
        if violated.kind == "check":
            conditions.append(f"{_condition(violated)} IS FALSE")
        row = await self._owner.fetchrow(
            f"SELECT {', '.join(free) or '1 AS nothing'} "
            f"FROM (SELECT {', '.join(columns)} FROM {' CROSS JOIN '.join(sources)}) AS t "
            f"WHERE {' AND '.join(conditions) or 'TRUE'} LIMIT 1",
            *arguments,
        )
        return None if row is None else {name: row[name] for name in free}

    async def _changed(
        self, table: Table, constraint: Constraint, values: Mapping[str, Any]
    ) -> Violation:
        return _violation(table, constraint, await self._refused(*_update(table, values)))

    async def _inserted(
        self, table: Table, constraint: Constraint, values: Mapping[str, Any]
    ) -> Violation:
        text = statement(table.name, values)
        return _violation(table, constraint, await self._refused(text, *values.values()))

    async def _refused(self, text: str, *values: Any) -> asyncpg.PostgresError:
        async with _undone(self._owner):
            try:
                await self._owner.execute(text, *values)
            except asyncpg.PostgresError as error:
                return error
        raise CannotViolate(f"nothing refused {text}")


@asynccontextmanager
async def _undone(connection: Connection) -> AsyncGenerator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


def _update(table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The statement that gives one row the values, and its arguments."""
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, 1))
    one = f"(SELECT ctid FROM {table.name} LIMIT 1)"
    return f"UPDATE {table.name} SET {sets} WHERE ctid = {one}", *values.values()


def _violation(table: Table, constraint: Constraint, error: asyncpg.PostgresError) -> Violation:
    return Violation(table, constraint.name, constraint.kind, constraint.columns, error)


def _with_neighbours(table: Table, names: Sequence[str], left_out: Container[str]) -> list[str]:
    """The columns, and those that a check knows together with one of them."""
    known = [c.columns for c in table.of_kind("check") if set(c.columns) & set(names)]
    found = {*names, *(name for columns in known for name in columns)}
    return sorted(name for name in found if name not in left_out)


def _condition(check: Constraint) -> str:
    return check.definition.removeprefix("CHECK ")


def _tried(table: Table, column: Column) -> Iterator[Any]:
    """What a column is tried with: what its type suggests, and what the table's checks name."""
    checks = [c for c in table.of_kind("check") if column.name in c.columns]
    kind = column.type.partition("(")[0].replace("varchar", "text")
    tried = [*_CANDIDATES[kind], *(each for c in checks for each in _named(_condition(c)))]
    divides = any(f"/ {column.name}" in _condition(check) for check in checks)
    for value in tried:
        fits = any(type(value) is type(each) for each in _CANDIDATES[kind])
        if fits and not (divides and value == 0):
            yield value
    if column.nullable:
        yield None


def _named(condition: str) -> Iterator[str | int]:
    """The words and numbers in a condition, and the numbers beside them."""
    for node in trees.walk(trees.parse(f"SELECT {condition}")):
        if isinstance(node, ast.A_Const):
            if isinstance(node.val, ast.String) and node.val.sval is not None:
                yield node.val.sval
            elif isinstance(node.val, ast.Integer) and node.val.ival is not None:
                yield from (node.val.ival - 1, node.val.ival, node.val.ival + 1)
