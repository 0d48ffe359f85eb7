"""Joined writes rest on what is taken from the texts of queries; here the parse trees prove it."""

from __future__ import annotations

import pytest
from pglast import ast

from app.core import joined
from app.core.sql import Query
from tests.house import sql_lint, trees
from tests.house.catalogue import Connection
from tests.house.joining import failing_in, miscounting, write_parts
from tests.house.named import QUERIES

pytestmark = pytest.mark.sql

every_query = pytest.mark.parametrize(
    "query", [query for _, query in QUERIES], ids=[query.name for _, query in QUERIES]
)
NOTABLE = [
    query
    for _, query in QUERIES
    if joined.written_table(query.sql) and "user_id" in query.parameters
]


def told(text: str) -> str | None:
    """The table that a statement writes, where it writes that one alone and answers nothing."""
    tree = trees.parse(text)
    if (
        not isinstance(tree, ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt)
        or tree.relation is None
    ):
        return None
    answers = getattr(tree, "returningClause", None) or getattr(tree, "returningList", None)
    return None if answers or tree.withClause else trees.table_name(tree.relation)


@every_query
def test_the_written_table_is_the_one_of_the_parse_tree(query: Query) -> None:
    assert joined.written_table(query.sql) == told(query.sql)


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("INSERT INTO habits (user_id, id) VALUES ($1, $2)", "habits"),
        ("INSERT INTO\n    learning.sessions AS s (id) VALUES ($1)", "learning.sessions"),
        ("UPDATE habits AS h SET name = $1", "habits"),
        ("DELETE FROM habits AS h WHERE h.id = $1", "habits"),
        ("DELETE FROM habits AS h WHERE h.id = $1\nRETURNING h.id", None),
        ("SELECT h.id FROM habits AS h FOR UPDATE", None),
        ("WITH x AS (DELETE FROM habits) SELECT 1", None),
        ("WITH x AS (SELECT 1) DELETE FROM habits", None),
    ],
)
def test_planted_writes(text: str, table: str | None) -> None:
    assert joined.written_table(text) == told(text) == table


@every_query
def test_every_table_in_the_parse_tree_is_named_in_the_text(query: Query) -> None:
    tables = {
        trees.table_name(node)
        for node in trees.walk(trees.parse(query.sql))
        if isinstance(node, ast.RangeVar)
    }
    assert [table for table in tables if not joined.names(query.sql, table)] == []


def test_planted_names() -> None:
    text = "SELECT s.id FROM learning.sessions AS s, user_quest_progress AS p"
    assert joined.names(text, "learning.sessions")
    assert joined.names(text, "sessions")  # better once too often
    assert joined.names(text, "user_quest_progress")
    assert not joined.names(text, "user_progress")
    assert not joined.names(text, "quest")


async def test_nothing_hides_a_table_from_the_text(owner: Connection) -> None:
    """Through a view, or a function of ours, a read would see what its text does not name."""
    views = await owner.fetch(
        "SELECT c.relname FROM pg_class AS c WHERE c.relkind IN ('v', 'm') "
        "AND c.relnamespace::regnamespace::text IN ('public', 'learning')"
    )
    assert views == []
    functions = await owner.fetch(
        "SELECT p.proname FROM pg_proc AS p "
        "WHERE p.pronamespace::regnamespace::text IN ('public', 'learning')"
    )
    reading = {row["proname"] for row in functions}
    called = {
        (query.name, trees.function_name(node))
        for _, query in QUERIES
        for node in trees.walk(trees.parse(query.sql))
        if isinstance(node, ast.FuncCall) and trees.function_name(node) in reading
    }
    assert called == set()


async def test_no_query_is_called_like_a_table(owner: Connection) -> None:
    """Parts are called like their queries; a table of that name would be hidden by the part."""
    tables = {row["relname"] for row in await owner.fetch("SELECT relname FROM pg_class")}
    assert tables & {query.name for _, query in QUERIES} == set()


@pytest.mark.parametrize("query", NOTABLE, ids=[query.name for query in NOTABLE])
async def test_each_write_can_be_a_part(query: Query, owner: Connection) -> None:
    """Whether its rows are counted or not; the user is one parameter for both parts."""
    other = next(each for each in NOTABLE if joined.may_join(query, each))
    for counted in (True, False):
        text = joined.compose([(other, True), (query, counted)])
        prepared = await owner.prepare(text)
        parameters = len(query.parameters) + len(other.parameters) - 1
        assert len(prepared.get_parameters()) == parameters
        assert sql_lint.joined_problems(text) == []
        first, second = write_parts(text)
        assert (first.name, second.name) == (other.name, query.name)
        assert (first.counted, second.counted) == (True, counted)
        await owner.prepare(failing_in(text, second))
        await owner.prepare(miscounting(text, first))
