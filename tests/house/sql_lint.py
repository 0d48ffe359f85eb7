"""The lint of query texts: what would read another user's rows, or would not run on many shards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pglast import ast
from pglast.enums import A_Expr_Kind, OnConflictAction, SetOperation

from app.core.sql import Query
from tests.house import trees
from tests.house.catalogue import Facts
from tests.house.trees import Joined, Source, Statement

CROSS_USER_QUERIES = Path(__file__).with_name("cross_user_queries.txt")


def lint(query: Query, facts: Facts) -> list[str]:
    """Every rule that the query breaks, in words; empty when there is nothing to say."""
    return sorted(set(_Lint(query, facts).problems()))


def joined_problems(text: str) -> list[str]:
    """Where parts of one statement see what others write, or write the same table."""
    return sorted(set(_joined_writes(trees.parse(text))))


def cross_user_queries(text: str) -> dict[str, str]:
    """The committed list: a query's name and why it is marked, a line each; `#` opens a comment."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: reason.strip() for name, _, reason in (line.partition(" ") for line in lines)}


def list_problems(scopes: Mapping[str, str], listed: Mapping[str, str]) -> list[str]:
    """Where the list and the marks of all queries (name to scope) disagree."""
    marked = {name for name, scope in scopes.items() if scope != "user"}
    return [
        *(
            f"{name} is marked as `scope: {scopes[name]}` but not listed"
            for name in marked - set(listed)
        ),
        *(f"{name} is listed but no marked query" for name in set(listed) - marked),
        *(f"{name} is listed without a reason" for name, reason in listed.items() if not reason),
    ]


class _Lint:
    def __init__(self, query: Query, facts: Facts) -> None:
        self.query = query
        self.facts = facts

    def problems(self) -> Iterator[str]:
        tree = trees.parse(self.query.sql)
        if not isinstance(tree, (*trees.STATEMENTS, ast.MergeStmt)):
            yield f"{type(tree).__name__} is not used"
        yield from self._visit(tree, frozenset())
        yield from _joined_writes(tree)

    def _visit(self, node: ast.Node, names: frozenset[str]) -> Iterator[str]:
        """A node and all below; `names` are the common table expressions in sight."""
        clause = getattr(node, "withClause", None)
        if isinstance(clause, ast.WithClause):
            parts: list[ast.CommonTableExpr] = list(clause.ctes or ())
            if clause.recursive:
                names |= {part.ctename or "" for part in parts}
            for part in parts:
                if part.ctequery is not None:
                    yield from self._visit(part.ctequery, names)
                names |= {part.ctename or ""}
        yield from self._level(node, names)
        for child in trees.children(node, "withClause"):
            yield from self._visit(child, names)

    def _level(self, node: ast.Node, names: frozenset[str]) -> Iterator[str]:
        if isinstance(node, ast.MergeStmt):
            yield "MERGE is not used"
        if isinstance(node, ast.SelectStmt | ast.UpdateStmt | ast.DeleteStmt):
            yield from self._owners(node, names)
        if isinstance(node, ast.SelectStmt):
            yield from self._locks(node, names)
        if isinstance(node, ast.InsertStmt):
            yield from self._insert(node)
        if isinstance(node, ast.UpdateStmt | ast.DeleteStmt):
            yield from self._volatile(node)
        if isinstance(node, ast.UpdateStmt) and node.relation is not None:
            yield from self._assigned(trees.table_name(node.relation), node.targetList)
            yield from self._row_in_select(node)

    def _tables(self, level: Joined, names: frozenset[str]) -> Iterator[tuple[Source, str]]:
        """The sources that are tables and not names of common table expressions."""
        for source in level.sources:
            node = source.node
            if isinstance(node, ast.RangeVar) and (node.schemaname or node.relname not in names):
                yield source, trees.table_name(node)

    def _owners(self, node: Statement, names: frozenset[str]) -> Iterator[str]:
        level = trees.joined(node)
        for source, table in self._tables(level, names):
            if table not in self.facts.placements and not table.startswith("pg_"):
                yield f"{table} is not in sql/distribution.json"
            column = self.facts.owner_column(table)
            if self.query.scope != "user" or column is None:
                continue
            if not self._fixed(level, source, column, "user_id"):
                yield f"{table} lacks {source.alias}.{column} = :user_id"

    def _fixed(self, level: Joined, source: Source, column: str, name: str | None) -> bool:
        """Whether a condition sets a column to the parameter of that name, or to any."""
        for condition in level.conditions:
            sides = trees.comparison(condition.node, A_Expr_Kind.AEXPR_OP, "=")
            if sides is None or source.alias not in condition.binds:
                continue
            for one, other in (sides, sides[::-1]):
                path, number = trees.column_path(one), trees.parameter(other)
                if path is None or number is None or path[-1] != column:
                    continue
                if level.source(path) is source and name in (None, self._name(number)):
                    return True
        return False

    def _name(self, number: int) -> str:
        return self.query.parameters[number - 1]

    def _locks(self, node: ast.SelectStmt, names: frozenset[str]) -> Iterator[str]:
        level = trees.joined(node)
        for clause in node.lockingClause or ():
            locked = {relation.relname for relation in clause.lockedRels or ()}
            for source, table in self._tables(level, names):
                placement = self.facts.placements.get(table)
                if (locked and source.alias not in locked) or not placement or not placement.column:
                    continue
                name = "user_id" if placement.kind == "user" else None
                if not self._fixed(level, source, placement.column, name):
                    yield f"{table} is locked without {source.alias}.{placement.column} = :user_id"

    def _insert(self, node: ast.InsertStmt) -> Iterator[str]:
        assert node.relation is not None
        table = trees.table_name(node.relation)
        columns = [target.name for target in node.cols or ()]
        if not columns:
            yield f"INSERT INTO {table} has no column list"
        rows = list(_rows(node.selectStmt))
        if any(
            isinstance(part, ast.SubLink) for row, made in rows if made for part in trees.walk(row)
        ):
            yield f"INSERT INTO {table} has a subquery in VALUES"
        owner = self.facts.owner_column(table)
        if owner and self.query.scope == "user":
            place = columns.index(owner) if owner in columns else None
            if place is None or not rows or not all(self._is_user(row, place) for row, _ in rows):
                yield f"INSERT INTO {table} does not take {owner} from :user_id"
        conflict = node.onConflictClause
        if conflict is not None and conflict.action == OnConflictAction.ONCONFLICT_UPDATE:
            yield from self._assigned(table, conflict.targetList)
            yield from self._conflict(table, conflict)

    def _is_user(self, row: tuple[object, ...], place: int) -> bool:
        number = trees.parameter(row[place]) if place < len(row) else None
        return number is not None and self._name(number) == "user_id"

    def _assigned(self, table: str, targets: tuple[ast.ResTarget, ...] | None) -> Iterator[str]:
        """What an UPDATE, or the update of an INSERT, must and must not set."""
        names = {target.name for target in targets or ()}
        known = self.facts.tables.get(table)
        if known and "updated_at" in known.columns and "updated_at" not in names:
            yield f"the update of {table} does not set updated_at"
        placement = self.facts.placements.get(table)
        if placement and placement.column in names:
            yield f"the update of {table} sets {placement.column}, by which it is distributed"

    def _conflict(self, table: str, conflict: ast.OnConflictClause) -> Iterator[str]:
        where = f"ON CONFLICT DO UPDATE of {table}"
        for part in trees.walk((*(conflict.targetList or ()), conflict.whereClause)):
            if isinstance(part, ast.SQLValueFunction):
                yield f"{where} reads the time or the role"
            elif isinstance(part, ast.SubLink):
                yield f"{where} has a subquery"
            elif isinstance(part, ast.FuncCall):
                name = trees.function_name(part)
                if self.facts.functions.get(name, frozenset()) != frozenset("i"):
                    yield f"{where} calls {name}(), which is not immutable"

    def _volatile(self, node: ast.UpdateStmt | ast.DeleteStmt) -> Iterator[str]:
        for part in trees.walk(node):
            if isinstance(part, ast.FuncCall):
                name = trees.function_name(part)
                if "v" in self.facts.functions.get(name, ()):
                    yield f"UPDATE or DELETE calls {name}(), which is volatile"

    def _row_in_select(self, node: ast.UpdateStmt) -> Iterator[str]:
        for part in trees.walk(node):
            if isinstance(part, ast.SubLink) and isinstance(part.testexpr, ast.RowExpr):
                yield "UPDATE compares a row with a subquery; join it with FROM instead"


def _joined_writes(tree: ast.Node) -> Iterator[str]:
    """Parts of one statement see each other's writes on shards, and don't on one machine."""
    clause = getattr(tree, "withClause", None)
    if not isinstance(clause, ast.WithClause):
        return
    parts: list[tuple[str, ast.Node, str]] = [
        (part.ctename, part.ctequery, "") for part in clause.ctes or ()
    ]
    parts.append(("the last part", tree, "withClause"))
    names = frozenset(name for name, _, _ in parts)
    writes = {name: _target(node) for name, node, _ in parts}
    for name, node, left_out in parts:
        others = {table for other, table in writes.items() if other != name and table}
        if writes[name] in others:
            yield f"two parts of the statement write {writes[name]}"
        for table in _reads(node, names, left_out) & others:
            yield f"{name} reads {table}, which another part writes"


def _rows(select: ast.Node | None) -> Iterator[tuple[tuple[ast.Node, ...], bool]]:
    """The rows that an INSERT takes, each with whether VALUES made it."""
    if not isinstance(select, ast.SelectStmt):
        return
    if select.op not in (None, SetOperation.SETOP_NONE):
        yield from _rows(select.larg)
        yield from _rows(select.rarg)
    elif select.valuesLists:
        for row in select.valuesLists:
            yield row, True
    else:
        yield tuple(target.val for target in select.targetList or ()), False


def _target(node: ast.Node) -> str | None:
    """The table that a statement writes."""
    if isinstance(node, ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt) and node.relation:
        return trees.table_name(node.relation)
    return None


def _reads(node: ast.Node, names: frozenset[str], left_out: str) -> set[str]:
    """The tables that a part reads, besides the one that it writes."""
    target = getattr(node, "relation", None)
    return {
        trees.table_name(part)
        for child in trees.children(node, left_out)
        for part in trees.walk(child)
        if isinstance(part, ast.RangeVar)
        and part is not target
        and (part.schemaname or part.relname not in names)
    }
