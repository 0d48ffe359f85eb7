"""The columns of a query are what the GraphQL type of its rows shows, null where that may be."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from textwrap import dedent

import pytest

from app.core.sql import Query
from tests.house import named, nullability, shapes, trees
from tests.house.catalogue import Connection, Facts
from tests.house.named import QUERIES

pytestmark = pytest.mark.sql

BY_NAME: Mapping[tuple[str, str], Query] = {(room, query.name): query for room, query in QUERIES}
FEEDS = sorted(shapes.feeds(QUERIES))


@pytest.mark.parametrize(
    ("type_name", "room", "name"), FEEDS, ids=[" ".join(each) for each in FEEDS]
)
async def test_gives_what_its_type_shows(
    type_name: str, room: str, name: str, owner: Connection, facts: Facts
) -> None:
    query = BY_NAME[room, name]
    given = await named.columns(owner, query)
    definition = shapes.object_types()[type_name]
    assert shapes.shape_problems(definition, query, given, facts) == []


def test_every_type_with_an_id_is_fed() -> None:
    assert set(shapes.node_types()) - {type_name for type_name, _, _ in FEEDS} == set()


QUEST = BY_NAME["quests", "quest_list"]


@pytest.mark.parametrize(
    ("column", "made_of", "problem"),
    [
        ("title", None, "Quest.title needs the column title"),
        ("source_quest_id", None, "Quest.source_quest needs the column source_quest_id"),
        ("id", "x.id AS quest_id", "Quest.uuid needs the column id"),
        ("target", "x.expires_at AS target", "Quest.target can't show target"),
        ("xp_reward", "x.xp_reward::bigint", "Quest.xp_reward can't show xp_reward"),
        ("title", "x.category AS title", "Quest.title is never null, but title may be"),
        ("id", "y.id", "Quest.uuid is never null, but id may be"),
    ],
)
async def test_planted_shape(
    column: str, made_of: str | None, problem: str, owner: Connection, facts: Facts
) -> None:
    kept = [f"x.{name}" for name in await named.columns(owner, QUEST) if name != column]
    shown = ", ".join([*kept, made_of] if made_of else kept)
    text = f"SELECT {shown} FROM ({QUEST.sql}) AS x LEFT JOIN user_quests AS y ON y.id = x.id"
    planted = Query("planted", "", "user", text, QUEST.parameters)
    given = await named.columns(owner, planted)
    found = shapes.shape_problems(shapes.object_types()["Quest"], planted, given, facts)
    assert any(each.startswith(problem) for each in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT g.target_date AS it FROM goals AS g", True),
        ("SELECT g.title AS it FROM goals AS g", False),
        ("SELECT title AS it FROM goals", False),
        ("SELECT g.title::text AS it FROM habits AS h LEFT JOIN goals AS g ON g.id = h.id", True),
        ("SELECT h.name AS it FROM habits AS h LEFT JOIN goals AS g ON g.id = h.id", False),
        ("SELECT h.name AS it FROM habits AS h RIGHT JOIN goals AS g ON g.id = h.id", True),
        ("SELECT g.id AS it FROM habits AS h LEFT JOIN goals AS g ON g.id = h.id", True),
        ("SELECT g.id AS it FROM habits AS h JOIN goals AS g ON g.id = h.id", False),
        (
            """
            SELECT g.category AS it FROM habits AS h LEFT JOIN (
                goals AS g INNER JOIN ideas AS i ON g.category = i.category
            ) ON g.id = h.id
            """,
            True,
        ),
        (
            """
            SELECT g.id AS it FROM habits AS h LEFT JOIN goals AS g ON g.id = h.id
            WHERE g.id IS NOT NULL
            """,
            False,
        ),
        ("SELECT g.category AS it FROM goals AS g WHERE g.category IS NOT NULL", False),
        ("SELECT g.category AS it FROM goals AS g WHERE g.category = $1", False),
        ("SELECT g.category AS it FROM goals AS g WHERE g.category = $1 OR g.priority = 1", True),
        ("SELECT coalesce(g.category, '') AS it FROM goals AS g", False),
        ("SELECT coalesce(g.category, g.description) AS it FROM goals AS g", True),
        ("SELECT coalesce(g.category, lower('A')) AS it FROM goals AS g", None),
        ("SELECT CASE WHEN g.progress > 1 THEN 'a' END AS it FROM goals AS g", True),
        ("SELECT x.it FROM (SELECT g.category AS it FROM goals AS g) AS x", True),
        ("WITH x AS (SELECT g.title AS it FROM goals AS g) SELECT x.it FROM x", False),
        ("SELECT g.title AS it FROM goals AS g UNION ALL SELECT g.category FROM goals AS g", None),
        ("SELECT count(*) AS it FROM goals", False),
        ("SELECT max(g.priority) AS it FROM goals AS g", None),
        ("SELECT NULL AS it", True),
        ("UPDATE goals AS g SET title = '' RETURNING g.category AS it", True),
        ("INSERT INTO goals AS g (title) VALUES ('') RETURNING g.title AS it", False),
    ],
)
def test_nullability_is_read_from_the_text(text: str, expected: bool | None, facts: Facts) -> None:
    assert nullability.may_be_null(trees.parse(text), "it", facts) is expected


def test_feeds_are_found_by_what_a_function_returns() -> None:
    module = ast.parse(
        dedent("""
        async def one(info) -> Gamification | None:
            return await SQL["a"].one(info)
        async def many(info) -> Connection[Quest]:
            return await page.read(info, SQL["b"], ORDER, window)
        async def other(info) -> Quest:
            rows = await SQL["d"].all(info)
            return rows[0]
        async def short(info) -> list[Achievement]:
            return await page.whole(info, SQL["c"], ORDER, 500)
        """)
    )
    found = set(shapes.by_annotation(module, {"SQL": "room"}, shapes.object_types()))
    assert found == {
        ("Gamification", "room", "a"),
        ("Quest", "room", "b"),
        ("Achievement", "room", "c"),
    }
