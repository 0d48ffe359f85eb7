"""Tells from a query's text and the catalogue which of its columns may be null."""

from __future__ import annotations

from collections.abc import Iterable

from pglast import ast
from pglast.enums import A_Expr_Kind, NullTestType, SetOperation, SubLinkType

from tests.house import trees
from tests.house.catalogue import Facts
from tests.house.trees import Joined, Statement

_COUNTS = frozenset({"count", "row_number", "num_nonnulls", "now"})


def may_be_null(statement: ast.Node, column: str, facts: Facts) -> bool | None:
    """Whether the column of the answer may be null; None where the text does not decide it."""
    return _Answer(facts, {}).column(statement, column)


def _any(parts: Iterable[bool | None]) -> bool | None:
    """Null if any part may be; undecided if any part is."""
    found = set(parts)
    return True if True in found else None if None in found else False


class _Answer:
    """The answer of a statement that sees some common table expressions."""

    def __init__(self, facts: Facts, named: dict[str, ast.Node]) -> None:
        self.facts = facts
        self.named = named

    def column(self, statement: ast.Node | None, column: str) -> bool | None:
        """A column of the answer, by its name."""
        if not isinstance(statement, trees.STATEMENTS):
            return None
        inner = _Answer(self.facts, {**self.named, **_expressions(statement)})
        if isinstance(statement, ast.SelectStmt):
            if statement.op not in (None, SetOperation.SETOP_NONE):
                sides = (statement.larg, statement.rarg)
                return _any(inner.column(side, column) for side in sides)
            targets = statement.targetList
        else:
            targets = statement.returningClause and statement.returningClause.exprs
        for target in targets or ():
            path = trees.column_path(target.val)
            if (target.name or (path and path[-1])) == column:
                return inner.expression(target.val, _level(statement))
        return None

    def expression(self, node: object, level: Joined) -> bool | None:
        """A value, in a statement that takes its rows from these sources."""
        node = trees.bare(node)
        match node:
            case ast.ColumnRef():
                return self._reference(node, level)
            case ast.A_Const():
                return bool(node.isnull)
            case ast.CoalesceExpr() | ast.MinMaxExpr():
                parts = [self.expression(part, level) for part in node.args or ()]
                return False if False in parts else None if None in parts else True
            case ast.CaseExpr():
                results = [when.result for when in node.args or ()]
                if node.defresult is None:
                    return True
                return _any(self.expression(each, level) for each in [*results, node.defresult])
            case ast.SubLink():
                always = (SubLinkType.EXISTS_SUBLINK, SubLinkType.ARRAY_SUBLINK)
                return False if node.subLinkType in always else None
            case ast.NullTest() | ast.BooleanTest():
                return False
            case ast.FuncCall() if trees.function_name(node) in _COUNTS:
                return False
            case _:
                return None

    def _reference(self, node: ast.ColumnRef, level: Joined) -> bool | None:
        path = trees.column_path(node)
        source = level.source(path) if path else None
        if path is None or source is None:
            return None
        if _compared(path, source.alias, level):
            return False
        below = source.node
        if isinstance(below, ast.RangeVar) and (below.schemaname or not self._names(below)):
            table = self.facts.tables.get(trees.table_name(below))
            known = table.columns.get(path[-1]) if table else None
            return None if known is None else source.optional or not known.required
        if isinstance(below, ast.RangeVar):
            inside = self.column(self.named[below.relname or ""], path[-1])
        elif isinstance(below, ast.RangeSubselect):
            inside = self.column(below.subquery, path[-1])
        else:
            return None
        # Whether an outer join finds a row of a subquery each time is not told by its text.
        return None if source.optional and not inside else inside

    def _names(self, relation: ast.RangeVar) -> bool:
        return relation.relname in self.named


def _expressions(statement: Statement) -> dict[str, ast.Node]:
    clause = statement.withClause
    return {part.ctename: part.ctequery for part in (clause.ctes or () if clause else ())}


def _level(statement: Statement) -> Joined:
    """The sources of a statement; an INSERT's RETURNING reads the new row."""
    if isinstance(statement, ast.InsertStmt) and statement.relation is not None:
        alias = statement.relation.alias
        name = (alias and alias.aliasname) or statement.relation.relname or ""
        return Joined((trees.Source(name, statement.relation),), ())
    return trees.joined(statement)


def _compared(path: tuple[str, ...], alias: str, level: Joined) -> bool:
    """Whether a condition would have dropped the row if the column were null."""
    for condition in level.conditions:
        node = condition.node
        if alias not in condition.proves:
            continue
        if isinstance(node, ast.NullTest):
            tested = node.nulltesttype == NullTestType.IS_NOT_NULL
            if tested and trees.column_path(node.arg) == path:
                return True
        for kind in (A_Expr_Kind.AEXPR_OP, A_Expr_Kind.AEXPR_OP_ANY):
            sides = trees.comparison(node, kind, "=")
            if sides and path in (trees.column_path(sides[0]), trees.column_path(sides[1])):
                return True
    return False
