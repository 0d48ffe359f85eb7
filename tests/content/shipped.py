"""What the migrations say of the catalogues: the rows they insert, and their columns' comments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pglast import ast, parse_sql

from app.core import paths

_FOLDER = paths.SQL / "migrations"
_JSON = ("trigger_config", "effect", "target_config")


def _statements(file: str) -> Iterator[ast.Node]:
    for raw in parse_sql((_FOLDER / file).read_text(encoding="utf-8")):
        assert raw.stmt is not None
        yield raw.stmt


def _constant(node: object) -> Any:
    """The value of a constant of SQL."""
    assert isinstance(node, ast.A_Const)
    value = node.val
    if value is None:
        return None
    if isinstance(value, ast.String):
        return value.sval
    if isinstance(value, ast.Integer):
        return value.ival
    assert isinstance(value, ast.Boolean)
    return value.boolval


def rows(table: str) -> dict[str, dict[str, Any]]:
    """The rows that the seeds migration inserts into a table, by their key."""
    found: dict[str, dict[str, Any]] = {}
    for statement in _statements("0013_seeds.sql"):
        if not isinstance(statement, ast.InsertStmt) or statement.relation is None:
            continue
        query = statement.selectStmt
        if statement.relation.relname != table or not isinstance(query, ast.SelectStmt):
            continue
        names = [column.name for column in statement.cols or ()]
        for values in query.valuesLists or ():
            row = dict(zip(names, map(_constant, values), strict=True))
            row = {
                str(name): json.loads(value) if name in _JSON and value else value
                for name, value in row.items()
            }
            found[row["key"]] = row
    return found


def comment(file: str, table: str, column: str) -> str:
    """What a migration says of a column."""
    for statement in _statements(file):
        if not isinstance(statement, ast.CommentStmt) or not isinstance(statement.object, tuple):
            continue
        named = tuple(part.sval for part in statement.object if isinstance(part, ast.String))
        if named == (table, column):
            assert statement.comment is not None
            return statement.comment
    raise LookupError(f"{file} says nothing of {table}.{column}")
