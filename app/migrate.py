"""Applies `sql/migrations/*.sql` in order, each once, each in a transaction of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import asyncpg

from app.core import paths

_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
# Any number will do, as long as no other program locks it in this database.
_LOCK = 7_142_005
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
)
"""


class MigrationError(Exception):
    """The database and the files don't fit together; nothing was applied."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    version: int
    name: str
    text: str = field(repr=False)

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(folder: Path) -> list[Migration]:
    """The migrations of a folder in their order; refuses names that don't fit or come twice."""
    found: dict[int, Migration] = {}
    for file in sorted(folder.glob("*.sql")):
        named = _FILE.fullmatch(file.name)
        if named is None:
            raise MigrationError(f"{file.name} is no migration: it needs a name like 0001_x.sql")
        version = int(named[1])
        if version in found:
            raise MigrationError(f"two migrations have the number {version:04}")
        found[version] = Migration(version, named[2], file.read_text("utf-8"))
    return list(found.values())


@lru_cache(maxsize=1)
def known() -> list[Migration]:
    """The migrations of this version."""
    return read(paths.SQL / "migrations")


async def plan(
    connection: asyncpg.Connection[asyncpg.Record], migrations: Sequence[Migration]
) -> list[Migration]:
    """What is still to be applied.

    Raises `MigrationError` when an applied file has changed since, or when one is missing below the
    newest that is applied. Applied versions that this version does not know are left alone: a newer
    version of the service is being rolled out.
    """
    exists = await connection.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL")
    if not exists:
        return list(migrations)
    rows = await connection.fetch("SELECT version, checksum FROM schema_migrations")
    applied: dict[int, str] = {row["version"]: row["checksum"] for row in rows}
    for migration in migrations:
        checksum = applied.get(migration.version)
        if checksum is not None and checksum != migration.checksum:
            raise MigrationError(
                f"{migration.version:04}_{migration.name}.sql has changed since it was applied; "
                "restore the file and put the change into a new migration"
            )
    pending = [m for m in migrations if m.version not in applied]
    newest = max((m.version for m in migrations if m.version in applied), default=0)
    gaps = [f"{m.version:04}" for m in pending if m.version < newest]
    if gaps:
        raise MigrationError(
            f"migration {', '.join(gaps)} was never applied though {newest:04} was; "
            "give it a number above the newest"
        )
    return pending


async def apply(
    connection: asyncpg.Connection[asyncpg.Record],
    migrations: Sequence[Migration] | None = None,
    done: Callable[[Migration], None] = lambda _migration: None,
) -> list[Migration]:
    """Apply what is pending, as the owner; tells `done` of each file. Returns what was applied.

    Two at once in one database wait for each other. A file that fails leaves nothing behind, and
    those before it stay applied.
    """
    wanted = known() if migrations is None else migrations
    await connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        await connection.execute(_TABLE)
        pending = await plan(connection, wanted)
        for migration in pending:
            async with connection.transaction():
                await connection.execute(migration.text)
                await connection.execute(
                    "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                    migration.version,
                    migration.name,
                    migration.checksum,
                )
            done(migration)
        return pending
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
