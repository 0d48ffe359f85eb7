"""Reads SQL by its parse tree: walks it, splits conditions, and tells what a statement joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pglast import ast, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType, JoinType

Statement: TypeAlias = ast.SelectStmt | ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt
STATEMENTS = (ast.SelectStmt, ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt)


def parse(sql: str) -> ast.Node:
    """The tree of a text that holds one statement."""
    (only,) = parse_sql(sql)
    statement = only.stmt
    assert statement is not None
    return statement


def children(node: ast.Node, *left_out: str) -> Iterator[ast.Node]:
    """The nodes right below a node, but for those of the attributes left out."""
    for attribute in node:
        if attribute not in left_out:
            yield from _nodes(getattr(node, attribute))


def _nodes(value: object) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _nodes(item)  # pyright: ignore[reportUnknownArgumentType]


def walk(value: object) -> Iterator[ast.Node]:
    """A node, or the nodes of a tuple, with all that lies below."""
    for node in _nodes(value):
        yield node
        for child in children(node):
            yield from walk(child)


def conjuncts(condition: ast.Node | None) -> Iterator[ast.Node]:
    """The parts of a condition that all have to hold."""
    if isinstance(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
        for part in condition.args or ():
            yield from conjuncts(part)
    elif condition is not None:
        yield condition


def bare(node: object) -> object:
    """An expression without the casts around it."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return node


def column_path(node: object) -> tuple[str, ...] | None:
    """A column as it is written, `("q", "user_id")`; None for anything else, `*` included."""
    if not isinstance(node, ast.ColumnRef):
        return None
    fields = node.fields or ()
    if not all(isinstance(field, ast.String) for field in fields):
        return None
    return tuple(field.sval for field in fields)


def parameter(node: object) -> int | None:
    """The number of a parameter, cast or not; None for anything else."""
    stripped = bare(node)
    return stripped.number if isinstance(stripped, ast.ParamRef) else None


def comparison(node: ast.Node, kind: A_Expr_Kind, operator: str) -> tuple[object, object] | None:
    """The two sides of a comparison of this kind by this operator; None for anything else."""
    if not isinstance(node, ast.A_Expr) or node.kind != kind:
        return None
    if [part.sval for part in node.name or ()] != [operator]:
        return None
    return node.lexpr, node.rexpr


def table_name(relation: ast.RangeVar) -> str:
    """A table by the name that sql/distribution.json gives it."""
    name, schema = relation.relname or "", relation.schemaname
    return name if schema in (None, "public") else f"{schema}.{name}"


def function_name(call: ast.FuncCall) -> str:
    """A function by its name without its schema."""
    assert call.funcname
    return call.funcname[-1].sval


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a statement takes rows from, under the name that it has there."""

    alias: str
    node: ast.Node
    optional: bool = False
    """Whether an outer join may put nulls in its place."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that must hold for the rows of `binds`; an outer join may still put nulls there.

    Of what stands in `proves`, only rows for which it holds are in the answer.
    """

    node: ast.Node
    binds: frozenset[str]
    proves: frozenset[str]


@dataclass(frozen=True, slots=True)
class Joined:
    """What a statement takes rows from, with the conditions on them."""

    sources: tuple[Source, ...]
    conditions: tuple[Condition, ...]

    def source(self, path: tuple[str, ...]) -> Source | None:
        """The one that a column belongs to, as far as the names alone tell."""
        if len(path) == 1 and len(self.sources) == 1:
            return self.sources[0]
        if len(path) != 2:
            return None
        return next((s for s in self.sources if s.alias == path[0]), None)


def joined(statement: Statement) -> Joined:
    """The sources of a statement; those of its subqueries are theirs."""
    items: list[ast.Node] = []
    if isinstance(statement, ast.InsertStmt):
        return Joined((), ())
    if isinstance(statement, ast.SelectStmt | ast.UpdateStmt):
        items += statement.fromClause or ()
    else:
        items += statement.usingClause or ()
    if isinstance(statement, ast.UpdateStmt | ast.DeleteStmt) and statement.relation is not None:
        items.append(statement.relation)
    parts = [_sources(item) for item in items]
    sources = tuple(source for part in parts for source in part.sources)
    everything = frozenset(source.alias for source in sources)
    conditions = [condition for part in parts for condition in part.conditions]
    conditions += [
        Condition(node, everything, everything) for node in conjuncts(statement.whereClause)
    ]
    return Joined(sources, tuple(conditions))


def _sources(item: ast.Node) -> Joined:
    if isinstance(item, ast.JoinExpr):
        return _join(item)
    if isinstance(item, ast.RangeTableSample) and item.relation is not None:
        return _sources(item.relation)
    alias = getattr(item, "alias", None)
    name = alias.aliasname if isinstance(alias, ast.Alias) else None
    if name is None and isinstance(item, ast.RangeVar):
        name = item.relname
    return Joined((Source(name or "", item),), ())


def _join(item: ast.JoinExpr) -> Joined:
    assert item.larg is not None
    assert item.rarg is not None
    left, right = _sources(item.larg), _sources(item.rarg)
    of_left = frozenset(source.alias for source in left.sources)
    of_right = frozenset(source.alias for source in right.sources)
    left_optional = item.jointype in (JoinType.JOIN_RIGHT, JoinType.JOIN_FULL)
    right_optional = item.jointype in (JoinType.JOIN_LEFT, JoinType.JOIN_FULL)
    # The condition of an outer join drops no row of the side that is kept whole.
    binds = frozenset[str]()
    if not right_optional:
        binds |= of_left
    if not left_optional:
        binds |= of_right
    proves = frozenset[str]() if left_optional or right_optional else binds
    on = [Condition(node, binds, proves) for node in conjuncts(item.quals)]
    return Joined(
        (*_made_optional(left, left_optional), *_made_optional(right, right_optional)),
        (*_weakened(left, left_optional), *_weakened(right, right_optional), *on),
    )


def _made_optional(side: Joined, optional: bool) -> Iterator[Source]:
    for source in side.sources:
        yield Source(source.alias, source.node, source.optional or optional)


def _weakened(side: Joined, optional: bool) -> Iterator[Condition]:
    for each in side.conditions:
        yield Condition(each.node, each.binds, frozenset() if optional else each.proves)
