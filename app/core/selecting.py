"""Puts the columns that are asked for, and rows that come along, around a named query's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.core.variants import shifted
from app.engine import Columns, Joined

if TYPE_CHECKING:
    from app.core.sql import Query


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """How the one row of a relation comes along in its parents' statement.

    It is the row of `query` whose `column` equals the parents' key; there is never more than one.
    """

    query: Query
    column: str
    values: Callable[[Any], Mapping[str, Any]]
    """What the query is given, by the request's context."""


@dataclass(frozen=True, slots=True, eq=False)
class JoinMany:
    """How the rows that point back to their parents come along there, as a list in JSON.

    They are the first `most` rows, in this order, of those of `query` whose `column` equals the
    parents' key. The names in the order come from the program, never from a request.
    """

    query: Query
    column: str
    values: Callable[[Any], Mapping[str, Any]]
    """What the query is given, by the request's context."""
    order: str
    most: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants of a query's rows: some columns, and rows that come along."""

    columns: Columns
    context: Any
    """The request's, from which the joined queries take what they need."""
    cursors: bool = False
    """Whether a page's cursors are made of the rows."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The parts of a statement: what it selects, what it joins, and the values for that."""

    columns: str
    joins: str
    arguments: list[Any]


def selected(alias: str, wanted: Wanted | None, before: int, *also: str) -> Selected:
    """The parts of a statement over a query's rows, which are called `alias`.

    `before` is how many parameters the statement has already; `also` are columns that are needed
    besides.
    """
    if wanted is None:
        return Selected(f"{alias}.*", "", [])
    arguments: list[Any] = []
    texts: list[str] = []
    _gather(wanted.columns.joined, wanted.context, before, arguments, texts)
    columns, joins = _parts(alias, wanted.columns, also, tuple(texts))
    return Selected(columns, joins, arguments)


def _gather(
    joined: tuple[Joined, ...],
    context: Any,
    before: int,
    arguments: list[Any],
    texts: list[str],
) -> None:
    """Note the texts of all joined queries in the order of the tree, and their values."""
    for each in joined:
        join: Join | JoinMany = each.relation.join
        text, values = join.query.fitted(join.values(context))
        texts.append(shifted(text, len(values), before + len(arguments)))
        arguments.extend(values)
        _gather(each.columns.joined, context, before, arguments, texts)


@lru_cache(maxsize=2_000)
def _parts(
    alias: str, columns: Columns, also: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[str, str]:
    names = dict.fromkeys((*columns.names, *also))
    # Which rows there are can be told without a column, but a list of none is no valid one.
    selects = [f'{alias}."{name}"' for name in names] or ["true"]
    joins: list[str] = []
    waiting = [(alias, "", each) for each in reversed(columns.joined)]
    for number, text in enumerate(texts):
        parent, outer, each = waiting.pop()
        join: Join | JoinMany = each.relation.join
        name, prefix = f"j{number}", outer + each.prefix
        if isinstance(join, JoinMany):
            values = ", ".join(f'many."{column}"' for column in each.columns.names)
            joins.append(
                f" CROSS JOIN LATERAL (SELECT json_agg(json_build_array({values}))::text AS found "  # noqa: S608
                f'FROM (SELECT child.* FROM ({text}) AS child WHERE child."{join.column}" = '
                f'{parent}."{each.relation.key}" ORDER BY {join.order} LIMIT {join.most}) AS many) '
                f"AS {name}"
            )
            selects.append(f'{name}.found AS "{prefix}"')
            continue
        joins.append(
            f' LEFT JOIN ({text}) AS {name} ON {name}."{join.column}" = '
            f'{parent}."{each.relation.key}"'
        )
        selects.append(f'{name}."{join.column}" IS NOT null AS "{prefix}"')
        selects.extend(f'{name}."{column}" AS "{prefix}{column}"' for column in each.columns.names)
        waiting.extend((name, prefix, inner) for inner in reversed(each.columns.joined))
    return ", ".join(selects), "".join(joins)
