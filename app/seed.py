"""Loads `seeds/catalogue/*.json` into the catalogues: texts and definitions, never user rows.

A seed may run at any time. Rows are matched by their key and updated where a definition differs;
what admins manage in the running service (price, stock, availability) is set once and then left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import asyncpg
import orjson

from app.core import paths


class SeedError(Exception):
    """A seed file does not fit its table; nothing was loaded."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """How the rows of one table are matched, and which columns belong to the admins."""

    table: str
    key: tuple[str, ...] = ("key",)
    managed: tuple[str, ...] = ()
    parent: tuple[str, str, str] | None = None
    """Field of the file that names the parent, the parent's table, and the column it fills."""


@dataclass(slots=True)
class Loaded:
    """What a file did."""

    table: str
    rows: int = 0
    created: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class SeedFile:
    """The rows for one catalogue."""

    catalogue: Catalogue
    rows: Sequence[dict[str, Any]] = field(repr=False)


# In the order in which they are loaded: parents first.
CATALOGUES: tuple[Catalogue, ...] = (
    Catalogue("achievement_definitions"),
    Catalogue("universal_quests", managed=("is_active",)),
    Catalogue(
        "market_items",
        managed=(
            "cost_coins",
            "is_available",
            "is_active",
            "total_stock",
            "remaining_stock",
            "available_from",
            "available_until",
            "max_per_user",
        ),
    ),
    Catalogue("exercises"),
    Catalogue("learn_topics", managed=("is_active",)),
    Catalogue(
        "learn_lessons",
        key=("topic_id", "key"),
        managed=("is_active",),
        parent=("topic", "learn_topics", "topic_id"),
    ),
    Catalogue(
        "learn_drills",
        key=("topic_id", "key"),
        managed=("is_active",),
        parent=("topic", "learn_topics", "topic_id"),
    ),
    Catalogue("listening_prompt_templates", key=("name",), managed=("is_active",)),
    Catalogue(
        "listening_prompt_presets",
        key=("template_id", "name"),
        managed=("is_active",),
        parent=("template", "listening_prompt_templates", "template_id"),
    ),
)


def read(folder: Path | None = None) -> list[SeedFile]:
    """The seed files that exist, in the order of loading.

    Raises `SeedError` for a file that belongs to no catalogue or holds no list of objects.
    """
    folder = folder or paths.SEEDS / "catalogue"
    left = {file.stem: file for file in sorted(folder.glob("*.json"))}
    found: list[SeedFile] = []
    for catalogue in CATALOGUES:
        file = left.pop(catalogue.table, None)
        if file is None:
            continue
        try:
            rows: Any = orjson.loads(file.read_bytes())
        except orjson.JSONDecodeError as error:
            raise SeedError(f"{file.name} is no JSON: {error}") from error
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) for row in cast("list[Any]", rows)
        ):
            raise SeedError(f"{file.name} must be a list of objects")
        found.append(SeedFile(catalogue, cast("list[dict[str, Any]]", rows)))
    if left:
        names = ", ".join(file.name for file in left.values())
        raise SeedError(f"{names}: no catalogue is called like that")
    return found


async def apply(
    connection: asyncpg.Connection[asyncpg.Record],
    files: Sequence[SeedFile] | None = None,
    done: Callable[[Loaded], None] = lambda _loaded: None,
) -> list[Loaded]:
    """Load the files as the owner, in one transaction; tells `done` of each.

    Raises `SeedError` when a row does not fit its table; then none of the files was loaded.
    """
    loaded: list[Loaded] = []
    async with connection.transaction():
        for file in read() if files is None else files:
            result = await _load(connection, file)
            loaded.append(result)
            done(result)
    return loaded


async def _load(connection: asyncpg.Connection[asyncpg.Record], file: SeedFile) -> Loaded:
    catalogue = file.catalogue
    rows = [dict(row) for row in file.rows]
    if catalogue.parent is not None:
        await _name_parents(connection, catalogue.table, rows, *catalogue.parent)
    known = {
        record["column_name"]
        for record in await connection.fetch(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = $1",
            catalogue.table,
        )
    }
    _check(catalogue, rows, known)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    result = Loaded(catalogue.table, rows=len(rows))
    for columns, group in groups.items():
        statement = _statement(catalogue, columns, has_updated_at="updated_at" in known)
        try:
            records = await connection.fetch(statement, orjson.dumps(group).decode())
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            detail = f" ({error.detail})" if error.detail else ""
            raise SeedError(f"{catalogue.table}.json: {error.args[0]}{detail}") from error
        for record in records:
            result.created += record["created"]
            result.updated += not record["created"]
    return result


def _check(catalogue: Catalogue, rows: Sequence[dict[str, Any]], known: set[str]) -> None:
    """Refuse rows without a key, with one that came before, and with columns that don't exist."""
    before: set[str] = set()
    for number, row in enumerate(rows, 1):
        where = f"{catalogue.table}.json, row {number}"
        lacking = [name for name in catalogue.key if row.get(name) is None]
        if lacking:
            raise SeedError(f"{where}: lacks {', '.join(lacking)}, by which it is matched")
        key = " ".join(str(row[name]) for name in catalogue.key)
        if key in before:
            raise SeedError(f"{where}: {row[catalogue.key[-1]]} was there before")
        before.add(key)
        if unknown := sorted(row.keys() - known):
            raise SeedError(f"{where}: the table has no column {', '.join(unknown)}")


def _statement(catalogue: Catalogue, columns: Sequence[str], *, has_updated_at: bool) -> str:
    """Insert, or update what differs. All names were compared with the table's own columns."""
    table = catalogue.table
    changing = [c for c in columns if c not in catalogue.key and c not in catalogue.managed]
    listed = ", ".join(columns)
    sets = [f"{c} = excluded.{c}" for c in (*changing, *(["updated_at"] * has_updated_at))]
    stored = ", ".join(f"{table}.{c}" for c in changing)
    given = ", ".join(f"excluded.{c}" for c in changing)
    update = f"UPDATE SET {', '.join(sets)} WHERE ({stored}) IS DISTINCT FROM ({given})"
    return (
        f"INSERT INTO {table} ({listed}) "  # noqa: S608
        f"SELECT {listed} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb) "
        f"ON CONFLICT ({', '.join(catalogue.key)}) DO {update if changing else 'NOTHING'} "
        "RETURNING (xmax = 0)::int AS created"
    )


async def _name_parents(
    connection: asyncpg.Connection[asyncpg.Record],
    child: str,
    rows: Sequence[dict[str, Any]],
    name: str,
    table: str,
    column: str,
) -> None:
    """Replace the parent's key in each row by the parent's id."""
    key = "key" if table != "listening_prompt_templates" else "name"
    records = await connection.fetch(f"SELECT id, {key} AS key FROM {table}")  # noqa: S608
    ids = {record["key"]: str(record["id"]) for record in records}
    for number, row in enumerate(rows, 1):
        parent = row.pop(name, None)
        if parent not in ids:
            raise SeedError(f"{child}.json, row {number}: {table} has no row {parent!r}")
        row[column] = ids[parent]
