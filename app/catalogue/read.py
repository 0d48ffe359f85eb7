"""Reads tables, constraints, indexes, policies and comments of a migrated database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

SCHEMAS = ("public", "learning")

# A fixed path decides which names PostgreSQL writes with their schema; all sorting is by code point
# and done here, so that neither the server's locale nor its version shows.
_PATH = "SET LOCAL search_path = public"
_TABLES = """
    SELECT
        c.oid AS table_id,
        CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name,
        obj_description(c.oid, 'pg_class') AS comment,
        c.relrowsecurity AS row_security
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""
_COLUMNS = """
    SELECT
        a.attrelid AS table_id,
        a.attname AS name,
        format_type(a.atttypid, a.atttypmod) AS type,
        NOT a.attnotnull AS nullable,
        pg_get_expr(d.adbin, d.adrelid, TRUE) AS given,
        a.attgenerated <> '' AS generated,
        col_description(a.attrelid, a.attnum) AS comment
    FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
"""
# From version 18 on NOT NULL is a constraint with a name too; the columns tell it already.
_CONSTRAINTS = """
    SELECT
        c.conrelid AS table_id,
        c.conname AS name,
        c.contype::text AS kind,
        pg_get_constraintdef(c.oid, TRUE) AS definition,
        ARRAY(
            SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, place)
            INNER JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
            ORDER BY k.place
        ) AS columns,
        c.confrelid AS target_id,
        obj_description(c.oid, 'pg_constraint') AS comment
    FROM pg_constraint AS c
    WHERE c.conrelid = ANY($1::oid[]) AND c.contype <> 'n'
"""
_INDEXES = """
    SELECT
        i.indrelid AS table_id,
        c.relname AS name,
        i.indisunique AS is_unique,
        pg_get_indexdef(i.indexrelid, 0, TRUE) AS definition,
        obj_description(i.indexrelid, 'pg_class') AS comment
    FROM pg_index AS i
    INNER JOIN pg_class AS c ON i.indexrelid = c.oid
    WHERE
        i.indrelid = ANY($1::oid[])
        AND NOT EXISTS (
            SELECT FROM pg_constraint AS k
            WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
        )
"""
_POLICIES = """
    SELECT
        p.polrelid AS table_id,
        p.polname AS name,
        p.polcmd::text AS command,
        ARRAY(
            SELECT r.rolname::text FROM pg_roles AS r WHERE r.oid = ANY(p.polroles)
        ) AS roles,
        pg_get_expr(p.polqual, p.polrelid, TRUE) AS row_check,
        pg_get_expr(p.polwithcheck, p.polrelid, TRUE) AS new_row_check,
        obj_description(p.oid, 'pg_policy') AS comment
    FROM pg_policy AS p
    WHERE p.polrelid = ANY($1::oid[])
"""
_FUNCTIONS = """
    SELECT
        p.oid::regprocedure::text AS name,
        pg_get_function_result(p.oid) AS result,
        p.prosecdef AS security_definer,
        obj_description(p.oid, 'pg_proc') AS comment
    FROM pg_proc AS p
    INNER JOIN pg_namespace AS n ON p.pronamespace = n.oid
    WHERE n.nspname = ANY($1::text[])
"""
_COMMENTED_SCHEMAS = """
    SELECT n.nspname AS name, obj_description(n.oid, 'pg_namespace') AS comment
    FROM pg_namespace AS n
    WHERE n.nspname = ANY($1::text[]) AND n.nspname <> 'public'
"""
_KINDS = {"p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclusion"}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
_SHORT_TYPES = {"timestamp with time zone": "timestamptz", "character varying": "varchar"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `default` is what the database puts there by itself, as an expression."""

    name: str
    type: str
    nullable: bool
    default: str | None
    generated: bool
    comment: str | None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint other than NOT NULL; only a foreign key has a `target`."""

    name: str
    kind: str
    definition: str
    columns: tuple[str, ...]
    target: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """An index that no constraint made; `definition` begins with its method."""

    name: str
    unique: bool
    definition: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of row-level security with its two conditions."""

    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its name carries the schema unless that is `public`."""

    name: str
    comment: str | None
    row_security: bool
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...]
    policies: tuple[Policy, ...]

    def of_kind(self, kind: str) -> list[Constraint]:
        """The constraints of one kind, such as "foreign key"."""
        return [c for c in self.constraints if c.kind == kind]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the product, by its name and the types of its arguments."""

    name: str
    result: str
    security_definer: bool
    comment: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the schema page tells."""

    tables: Mapping[str, Table]
    functions: tuple[Function, ...]
    schemas: Mapping[str, str | None]
    """The comments of the schemas other than `public`."""


async def read(connection: Connection) -> Catalogue:
    """The catalogue as the database has it now."""
    async with connection.transaction(readonly=True):
        await connection.execute(_PATH)
        tables = sorted(await connection.fetch(_TABLES, SCHEMAS), key=lambda row: row["name"])
        names: dict[int, str] = {row["table_id"]: row["name"] for row in tables}
        columns = await _by_table(connection, _COLUMNS, names)
        constraints = await _by_table(connection, _CONSTRAINTS, names)
        indexes = await _by_table(connection, _INDEXES, names)
        policies = await _by_table(connection, _POLICIES, names)
        functions = await connection.fetch(_FUNCTIONS, SCHEMAS)
        schemas = await connection.fetch(_COMMENTED_SCHEMAS, SCHEMAS)
    found = {
        name: Table(
            name,
            row["comment"],
            row["row_security"],
            tuple(_column(each) for each in columns[name]),
            tuple(_constraint(each, names) for each in _sorted(constraints[name])),
            tuple(_index(each) for each in _sorted(indexes[name])),
            tuple(_policy(each) for each in _sorted(policies[name])),
        )
        for row in tables
        for name in [row["name"]]
    }
    return Catalogue(
        found,
        tuple(Function(**row) for row in _sorted(functions)),
        {row["name"]: row["comment"] for row in _sorted(schemas)},
    )


async def _by_table(
    connection: Connection, query: str, names: Mapping[int, str]
) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {name: [] for name in names.values()}
    for row in await connection.fetch(query, list(names)):
        rows[names[row["table_id"]]].append(row)
    return rows


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row["name"])


def _column(row: Any) -> Column:
    type_ = row["type"]
    for long, short in _SHORT_TYPES.items():
        type_ = type_.replace(long, short)
    return Column(
        row["name"], type_, row["nullable"], row["given"], row["generated"], row["comment"]
    )


def _constraint(row: Any, names: Mapping[int, str]) -> Constraint:
    kind = _KINDS[row["kind"]]
    target = names.get(row["target_id"])
    return Constraint(
        row["name"], kind, row["definition"], tuple(row["columns"]), target, row["comment"]
    )


def _index(row: Any) -> Index:
    definition = row["definition"].partition(" USING ")[2]
    return Index(row["name"], row["is_unique"], definition, row["comment"])


def _policy(row: Any) -> Policy:
    return Policy(
        row["name"],
        _COMMANDS[row["command"]],
        tuple(sorted(row["roles"])),
        row["row_check"],
        row["new_row_check"],
        row["comment"],
    )
