"""Which domain a table belongs to: the migration file that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.migrate import Migration

_CREATED = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_.]+)", re.MULTILINE)
_RUNNER = "schema_migrations"


class CatalogueError(Exception):
    """The database and the migration files tell different stories."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The tables of one migration file, in the file's order."""

    name: str
    source: str
    about: str
    tables: tuple[str, ...]


def domains(migrations: Sequence[Migration], tables: Iterable[str]) -> list[Domain]:
    """The domains of these tables; the migration runner's own table comes last.

    Raises `CatalogueError` for a table that no file makes, and for one that is no longer there.
    """
    left = set(tables)
    found: list[Domain] = []
    for migration in migrations:
        made = tuple(_CREATED.findall(migration.text))
        if gone := [name for name in made if name not in left]:
            raise CatalogueError(f"the database lacks {', '.join(gone)}: migrate it first")
        left.difference_update(made)
        if made:
            file = f"{migration.version:04}_{migration.name}.sql"
            found.append(Domain(migration.name, file, _about(migration.text), made))
    if strangers := sorted(left - {_RUNNER}):
        raise CatalogueError(f"no migration file makes {', '.join(strangers)}")
    about = "What the migration runner keeps for itself."
    return [*found, Domain("migrations", "app/migrate.py", about, (_RUNNER,))]


def _about(text: str) -> str:
    """The first paragraph of the comment that a migration file opens with."""
    lines: list[str] = []
    for line in text.splitlines():
        words = line.removeprefix("--").strip()
        if not line.startswith("--") or not words:
            break
        lines.append(words)
    return " ".join(lines)
