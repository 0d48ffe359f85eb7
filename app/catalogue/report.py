"""Counts what the schema consists of, for people to read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table as RichTable

from app.catalogue.domains import Domain
from app.catalogue.read import Catalogue, Table

_KINDS = ("primary key", "unique", "foreign key", "check")
_HEADINGS = ("tables", "secured", "policies", "indexes", "pkey", "key", "fkey", "check", "not null")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in some tables; a table is secured if its policies are switched on."""

    tables: int
    secured: int
    policies: int
    indexes: int
    kinds: dict[str, int]

    @property
    def coverage(self) -> float:
        """Secured tables in percent of all."""
        return 100 * self.secured / self.tables


def count(tables: Sequence[Table]) -> Counts:
    """The counts of these tables; an index counts whether or not a key made it."""
    kinds = {kind: sum(len(t.of_kind(kind)) for t in tables) for kind in _KINDS}
    kinds["not null"] = sum(not column.nullable for t in tables for column in t.columns)
    return Counts(
        len(tables),
        sum(t.row_security and bool(t.policies) for t in tables),
        sum(len(t.policies) for t in tables),
        sum(len(t.indexes) for t in tables) + kinds["primary key"] + kinds["unique"],
        kinds,
    )


def render(catalogue: Catalogue, domains: Sequence[Domain]) -> RichTable:
    """A row for each domain, and one for the whole."""
    table = RichTable(box=None)
    table.add_column("domain", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right")
    for domain in domains:
        _add(table, domain.name, count([catalogue.tables[name] for name in domain.tables]))
    _add(table, "all", count(list(catalogue.tables.values())))
    return table


def _add(table: RichTable, name: str, counts: Counts) -> None:
    numbers = (counts.policies, counts.indexes, *counts.kinds.values())
    table.add_row(name, str(counts.tables), f"{counts.coverage:.1f} %", *map(str, numbers))
