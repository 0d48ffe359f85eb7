"""Entity-relationship diagrams in Mermaid's notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.catalogue.read import Column, Constraint, Table

_OWNER = ("user_id",)
_ROOT = "users"
_MARKS = {"primary key": "PK", "foreign key": "FK", "unique": "UK"}
_LINKS = {"primary key", "foreign key"}
# With Mermaid's own distances a large diagram is mostly air.
_HEAD = """\
---
config:
  er:
    nodeSpacing: {0}
    rankSpacing: 60
    entityPadding: 6
---
erDiagram"""


def of_domain(names: Sequence[str], tables: Mapping[str, Table]) -> str:
    """One domain with all its columns; tables of other domains are boxes without columns.

    That a row belongs to a person is drawn only where `users` itself is part of the domain.
    """
    owner = _ROOT in names
    lines = [_HEAD.format(40)]
    for name in names:
        lines += _box(tables[name], tables[name].columns)
    for name in names:
        lines += [_line(key, tables[name]) for key in _drawn_keys(tables[name], owner=owner)]
    return "\n".join(lines)


def of_whole(names: Sequence[str], tables: Mapping[str, Table]) -> str:
    """The linked ones of these tables, with the columns of their primary and foreign keys."""
    lines = [_HEAD.format(16), "    direction LR"]
    for name in linked(names, tables):
        table = tables[name]
        lines += _box(table, [c for c in table.columns if _kinds(table, c) & _LINKS])
    for name in names:
        lines += [_line(key, tables[name]) for key in _drawn_keys(tables[name], owner=False)]
    return "\n".join(lines)


def linked(names: Sequence[str], tables: Mapping[str, Table]) -> list[str]:
    """Those of the tables that a key leads from or to, besides the key to a row's owner."""
    keys = {name: _drawn_keys(tables[name], owner=False) for name in names}
    targets = {key.target for each in keys.values() for key in each}
    return [name for name in names if keys[name] or name in targets]


def _drawn_keys(table: Table, *, owner: bool) -> list[Constraint]:
    return [k for k in table.of_kind("foreign key") if owner or k.columns != _OWNER]


def _box(table: Table, columns: Iterable[Column]) -> list[str]:
    rows: list[str] = []
    for column in columns:
        marks = [mark for kind, mark in _MARKS.items() if kind in _kinds(table, column)]
        row = f"        {column.type.replace(' ', '_')} {column.name} {', '.join(marks)}"
        rows.append(row.rstrip())
    return [f"    {_quoted(table.name)} {{", *rows, "    }"]


def _kinds(table: Table, column: Column) -> set[str]:
    """The kinds of constraints that the column is part of."""
    kinds = {c.kind for c in table.constraints if column.name in c.columns}
    # The owner is part of every unique key; to mark it in each would say nothing.
    return kinds - {"unique"} if column.name in _OWNER else kinds


def _line(key: Constraint, table: Table) -> str:
    """The line from the table that a foreign key names to the table that has it."""
    optional = any(c.nullable for c in table.columns if c.name in key.columns)
    single = any(
        set(other.columns) == set(key.columns)
        for other in (*table.of_kind("primary key"), *table.of_kind("unique"))
    )
    ends = f"{'|o' if optional else '||'}--{'o|' if single else 'o{'}"
    said = [c for c in key.columns if key.columns == _OWNER or c not in _OWNER]
    return f"    {_quoted(key.target or '')} {ends} {_quoted(table.name)} : {'_'.join(said)}"


def _quoted(name: str) -> str:
    """A table's name; Mermaid wants quotes around one with a dot."""
    return f'"{name}"' if "." in name else name
