"""The lint of all named queries and of the pages made of them, and proof that each rule bites."""

from __future__ import annotations

from textwrap import dedent

import pytest

from app.core import sql
from app.core.sql import Query
from tests.house import pages, sql_lint
from tests.house.catalogue import Facts
from tests.house.named import QUERIES

pytestmark = pytest.mark.sql

BY_NAME = {(room, query.name): query for room, query in QUERIES}
LISTS, _ = pages.lists()
LOOK_UPS, _ = pages.look_ups()
SCOPES = {query.name: query.scope for _, query in QUERIES}


def made(text: str, scope: str = "user") -> Query:
    """A query as a file would hold it."""
    mark = "" if scope == "user" else f"-- scope: {scope}\n"
    (only,) = sql.parse(f"-- name: planted\n{mark}{dedent(text)}", "planted")
    return only


@pytest.mark.parametrize(
    "query",
    [query for _, query in QUERIES],
    ids=[f"{room}.{query.name}" for room, query in QUERIES],
)
def test_query(query: Query, facts: Facts) -> None:
    assert sql_lint.lint(query, facts) == []


@pytest.mark.parametrize("listed", LISTS, ids=[each.where for each in LISTS])
async def test_pages(listed: pages.Listed, facts: Facts) -> None:
    for key in listed.keys:
        for query in await pages.statements(BY_NAME[listed.room, listed.name], key):
            assert sql_lint.lint(query, facts) == [], query.name


@pytest.mark.parametrize("wanted", LOOK_UPS, ids=[each.where for each in LOOK_UPS])
async def test_look_ups(wanted: pages.LookUp, facts: Facts) -> None:
    for query in await pages.look_up(BY_NAME[wanted.room, wanted.name], wanted.column):
        assert sql_lint.lint(query, facts) == [], query.name


def test_cross_user_queries_are_listed() -> None:
    listed = sql_lint.cross_user_queries(sql_lint.CROSS_USER_QUERIES.read_text("utf-8"))
    assert sql_lint.list_problems(SCOPES, listed) == []


def test_planted_list() -> None:
    listed = sql_lint.cross_user_queries("# Why.\none  It counts all.\ngone  It was.\nmute\n")
    scopes = {"one": "staff", "mute": "relay", "new": "system", "plain": "user"}
    assert sorted(sql_lint.list_problems(scopes, listed)) == [
        "gone is listed but no marked query",
        "mute is listed without a reason",
        "new is marked as `scope: system` but not listed",
    ]


# What is fine: one user named for each table, in whatever place it stands.
FINE = [
    "SELECT q.id FROM user_quests AS q WHERE q.user_id = :user_id",
    "SELECT q.id FROM user_quests AS q WHERE :user_id::uuid = q.user_id AND q.id = ANY(:ids)",
    "SELECT id FROM user_quests WHERE user_id = :user_id",
    "SELECT user_quests.id FROM user_quests WHERE user_quests.user_id = :user_id::text::uuid",
    "SELECT u.id FROM users AS u WHERE u.id = :user_id",
    "SELECT s.id FROM learning.sessions AS s WHERE s.user_id = :user_id",
    "SELECT li.user_id FROM login_identities AS li WHERE li.identity_key = :key",
    "SELECT r.id FROM roles AS r",
    """
    SELECT h.id FROM habits AS h
    LEFT JOIN habit_completions AS c ON c.habit_id = h.id AND c.user_id = :user_id
    WHERE h.user_id = :user_id
    """,
    """
    SELECT h.id FROM habits AS h
    INNER JOIN habit_completions AS c
        ON c.habit_id = h.id AND c.user_id = :user_id AND h.user_id = :user_id
    """,
    """
    WITH sessions AS (SELECT 1 AS id) SELECT s.id FROM sessions AS s
    """,
    """
    WITH RECURSIVE tree AS (
        SELECT g.id FROM goals AS g WHERE g.user_id = :user_id
        UNION ALL SELECT t.id FROM tree AS t WHERE t.id IS NULL
    ) SELECT t.id FROM tree AS t
    """,
    """
    SELECT q.id, q.title
    FROM (SELECT set_config('app.user_id', :user_id::text, TRUE) AS v OFFSET 0) AS s
    CROSS JOIN LATERAL (
        SELECT q.id, q.title FROM user_quests AS q
        WHERE q.user_id = :user_id::text::uuid AND s.v IS NOT NULL AND q.id = :id OFFSET 0
    ) AS q
    """,
    "INSERT INTO habits (user_id, id, name) VALUES (:user_id, :id, :name)",
    "INSERT INTO habits (id, user_id) SELECT x.id, :user_id::uuid FROM unnest(:ids) AS x (id)",
    "INSERT INTO users (id, email) VALUES (:user_id, :email)",
    "INSERT INTO login_identities (identity_key, user_id) VALUES (:key, :who)",
    """
    INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
    ON CONFLICT (user_id) DO UPDATE
    SET coins = greatest(excluded.coins, 0), updated_at = excluded.updated_at
    """,
    "INSERT INTO habits (user_id, id) VALUES (:user_id, :id) ON CONFLICT DO NOTHING",
    "UPDATE users AS u SET change_seq = 1, updated_at = now() WHERE u.id = :user_id",
    "DELETE FROM habits AS h WHERE h.user_id = :user_id AND h.id = :id",
    "DELETE FROM rate_limits AS r WHERE r.window_start < :before",
    "SELECT q.id FROM user_quests AS q WHERE q.user_id = :user_id FOR UPDATE",
    "SELECT c.change_seq FROM system_clock AS c FOR UPDATE",
    """
    SELECT q.id FROM user_quests AS q INNER JOIN universal_quests AS uq ON uq.id = q.source_quest_id
    WHERE q.user_id = :user_id FOR UPDATE OF q
    """,
    """
    WITH gone AS (DELETE FROM habits AS h WHERE h.user_id = :user_id RETURNING h.id),
    kept AS (
        UPDATE goals AS g SET title = '', updated_at = :now WHERE g.user_id = :user_id RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) AS gone, (SELECT count(*) FROM kept) AS kept
    """,
    """
    INSERT INTO habits (user_id, id, sort_order)
    SELECT :user_id, :id, max(h.sort_order) FROM habits AS h WHERE h.user_id = :user_id
    """,
]


@pytest.mark.parametrize("text", FINE)
def test_nothing_to_say(text: str, facts: Facts) -> None:
    assert sql_lint.lint(made(text), facts) == []


# One user, and one alone.
UNOWNED = [
    ("SELECT q.id FROM user_quests AS q", "user_quests lacks q.user_id = :user_id"),
    ("SELECT id FROM user_quests", "user_quests lacks user_quests.user_id = :user_id"),
    (
        "SELECT q.id FROM user_quests AS q WHERE q.user_id = :other_id",
        "user_quests lacks q.user_id",
    ),
    ("SELECT q.id FROM user_quests AS q WHERE q.id = :user_id", "user_quests lacks q.user_id"),
    ("SELECT u.id FROM users AS u WHERE u.user_id = :user_id", "users lacks u.id = :user_id"),
    ("SELECT s.id FROM learning.sessions AS s", "learning.sessions lacks s.user_id = :user_id"),
    (
        "SELECT q.id FROM user_quests AS q WHERE q.user_id = ANY(:user_ids)",
        "user_quests lacks q.user_id",
    ),
    (
        "SELECT q.id FROM user_quests AS q WHERE q.user_id = :user_id OR q.is_active",
        "user_quests lacks q.user_id",
    ),
    (
        "SELECT q.id FROM user_quests AS q WHERE NOT (q.user_id = :user_id)",
        "user_quests lacks q.user_id",
    ),
    (
        "SELECT q.id FROM user_quests AS q WHERE q.user_id <> :user_id",
        "user_quests lacks q.user_id",
    ),
    (
        """
        SELECT h.id FROM habits AS h INNER JOIN habit_completions AS c ON c.user_id = h.user_id
        WHERE h.user_id = :user_id
        """,
        "habit_completions lacks c.user_id = :user_id",
    ),
    (
        "SELECT h.id FROM habits AS h, goals AS g WHERE user_id = :user_id",
        "habits lacks h.user_id = :user_id",
    ),
    (
        """
        SELECT h.id FROM habits AS h LEFT JOIN goals AS g
        ON h.user_id = :user_id AND g.user_id = :user_id
        """,
        "habits lacks h.user_id = :user_id",
    ),
    (
        """
        SELECT h.id FROM habits AS h FULL JOIN goals AS g
        ON h.user_id = :user_id AND g.user_id = :user_id
        """,
        "goals lacks g.user_id = :user_id",
    ),
    (
        """
        SELECT h.id, (SELECT count(*) FROM habit_completions AS c WHERE c.habit_id = h.id) AS n
        FROM habits AS h WHERE h.user_id = :user_id
        """,
        "habit_completions lacks c.user_id",
    ),
    (
        """
        SELECT h.id FROM habits AS h
        CROSS JOIN LATERAL (
            SELECT c.id FROM habit_completions AS c WHERE c.user_id = h.user_id
        ) AS x
        WHERE h.user_id = :user_id
        """,
        "habit_completions lacks c.user_id",
    ),
    ("WITH x AS (SELECT h.id FROM habits AS h) SELECT x.id FROM x", "habits lacks h.user_id"),
    (
        "WITH sessions AS (SELECT 1 AS id) SELECT s.id FROM learning.sessions AS s, sessions AS t",
        "learning.sessions lacks s.user_id",
    ),
    (
        """
        SELECT x.id
        FROM (WITH habits AS (SELECT 1 AS id) SELECT h.id FROM habits AS h) AS x, habits AS y
        """,
        "habits lacks y.user_id",
    ),
    ("SELECT h.id FROM habits AS h TABLESAMPLE system (1)", "habits lacks h.user_id"),
    (
        """
        SELECT g.id FROM goals AS g WHERE g.user_id = :user_id
        UNION ALL SELECT h.id FROM habits AS h
        """,
        "habits lacks h.user_id",
    ),
    ("SELECT x.id FROM nowhere AS x", "nowhere is not in sql/distribution.json"),
    ("SELECT s.id FROM learning.habits AS s", "learning.habits is not in sql/distribution.json"),
    (
        "UPDATE habits AS h SET name = '', updated_at = :now WHERE h.id = :id",
        "habits lacks h.user_id",
    ),
    (
        """
        UPDATE habits AS h SET name = g.title, updated_at = :now FROM goals AS g
        WHERE h.user_id = :user_id AND g.user_id = h.user_id
        """,
        "goals lacks g.user_id",
    ),
    ("DELETE FROM habits AS h", "habits lacks h.user_id"),
    (
        "DELETE FROM habits AS h USING goals AS g WHERE h.user_id = :user_id",
        "goals lacks g.user_id",
    ),
]

INSERTS = [
    ("INSERT INTO habits VALUES (:user_id)", "INSERT INTO habits has no column list"),
    ("INSERT INTO habits (id) VALUES (:id)", "INSERT INTO habits does not take user_id"),
    ("INSERT INTO habits DEFAULT VALUES", "INSERT INTO habits does not take user_id"),
    ("INSERT INTO users (email) VALUES (:email)", "INSERT INTO users does not take id"),
    (
        "INSERT INTO habits (user_id, id) VALUES (:owner_id, :id)",
        "INSERT INTO habits does not take user_id from :user_id",
    ),
    (
        "INSERT INTO habits (user_id, id) VALUES (:user_id, :id), (:id, :user_id)",
        "INSERT INTO habits does not take user_id from :user_id",
    ),
    (
        """
        INSERT INTO habits (user_id, id)
        SELECT g.user_id, g.id FROM goals AS g WHERE g.user_id = :user_id
        """,
        "INSERT INTO habits does not take user_id from :user_id",
    ),
    (
        """
        INSERT INTO habits (user_id, id) SELECT :user_id, :id
        UNION ALL SELECT x.id, :id FROM unnest(:ids::uuid[]) AS x (id)
        """,
        "INSERT INTO habits does not take user_id from :user_id",
    ),
]

UPDATES = [
    (
        "UPDATE habits AS h SET name = '' WHERE h.user_id = :user_id",
        "the update of habits does not set updated_at",
    ),
    (
        """
        WITH x AS (
            UPDATE learning.sessions AS s SET score = 1 WHERE s.user_id = :user_id RETURNING 1
        )
        SELECT count(*) FROM x
        """,
        "the update of learning.sessions does not set updated_at",
    ),
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE SET coins = excluded.coins
        """,
        "the update of user_wallet does not set updated_at",
    ),
    (
        "UPDATE habits AS h SET user_id = :other, updated_at = :now WHERE h.user_id = :user_id",
        "the update of habits sets user_id, by which it is distributed",
    ),
    (
        "UPDATE rate_limits AS r SET bucket = :bucket WHERE r.bucket = :old",
        "the update of rate_limits sets bucket, by which it is distributed",
    ),
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE
        SET user_id = excluded.user_id, updated_at = excluded.updated_at
        """,
        "the update of user_wallet sets user_id, by which it is distributed",
    ),
]

SHARDS = [
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE SET coins = 1, updated_at = now()
        """,
        "ON CONFLICT DO UPDATE of user_wallet calls now(), which is not immutable",
    ),
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE SET coins = 1, updated_at = excluded.updated_at
        WHERE random() > 0.5
        """,
        "ON CONFLICT DO UPDATE of user_wallet calls random(), which is not immutable",
    ),
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE SET coins = 1, updated_at = current_timestamp
        """,
        "ON CONFLICT DO UPDATE of user_wallet reads the time or the role",
    ),
    (
        """
        INSERT INTO user_wallet (user_id, coins) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE
        SET coins = (SELECT 1), updated_at = excluded.updated_at
        """,
        "ON CONFLICT DO UPDATE of user_wallet has a subquery",
    ),
    (
        """
        UPDATE habits AS h SET sort_order = (random() * 9)::int, updated_at = now()
        WHERE h.user_id = :user_id
        """,
        "UPDATE or DELETE calls random(), which is volatile",
    ),
    (
        "DELETE FROM habits AS h WHERE h.user_id = :user_id AND h.created_at < clock_timestamp()",
        "UPDATE or DELETE calls clock_timestamp(), which is volatile",
    ),
    (
        """
        WITH x AS (DELETE FROM habits AS h WHERE h.user_id = :user_id AND h.id = gen_random_uuid())
        SELECT 1
        """,
        "UPDATE or DELETE calls gen_random_uuid(), which is volatile",
    ),
    (
        """
        MERGE INTO user_wallet AS w USING (SELECT :user_id::uuid AS id) AS x ON x.id = w.user_id
        WHEN MATCHED THEN DELETE
        """,
        "MERGE is not used",
    ),
    ("TRUNCATE habits", "TruncateStmt is not used"),
    (
        """
        INSERT INTO habits (user_id, id, sort_order) VALUES (:user_id, :id, (SELECT 1))
        """,
        "INSERT INTO habits has a subquery in VALUES",
    ),
    (
        """
        UPDATE habits AS h SET name = '', updated_at = :now
        WHERE h.user_id = :user_id AND (h.id, h.name) IN (
            SELECT g.id, g.title FROM goals AS g WHERE g.user_id = :user_id
        )
        """,
        "UPDATE compares a row with a subquery",
    ),
    (
        "SELECT r.hits FROM rate_limits AS r FOR UPDATE",
        "rate_limits is locked without r.bucket",
    ),
    (
        """
        WITH a AS (DELETE FROM habits AS h WHERE h.user_id = :user_id AND h.id = :id),
        b AS (UPDATE habits AS h SET name = '', updated_at = :now WHERE h.user_id = :user_id)
        SELECT 1
        """,
        "two parts of the statement write habits",
    ),
    (
        """
        WITH a AS (INSERT INTO habits (user_id, id) VALUES (:user_id, :id))
        DELETE FROM habits AS h WHERE h.user_id = :user_id
        """,
        "two parts of the statement write habits",
    ),
    (
        """
        WITH a AS (INSERT INTO habits (user_id, id) VALUES (:user_id, :id))
        SELECT count(*) FROM habits AS h WHERE h.user_id = :user_id
        """,
        "the last part reads habits, which another part writes",
    ),
    (
        """
        WITH a AS (DELETE FROM learning.sessions AS s WHERE s.user_id = :user_id),
        b AS (
            INSERT INTO habits (user_id, id)
            SELECT :user_id, s.id FROM learning.sessions AS s WHERE s.user_id = :user_id
        )
        SELECT 1
        """,
        "b reads learning.sessions, which another part writes",
    ),
]


@pytest.mark.parametrize(("text", "problem"), UNOWNED + INSERTS + UPDATES + SHARDS)
def test_planted(text: str, problem: str, facts: Facts) -> None:
    found = sql_lint.lint(made(text), facts)
    assert any(each.startswith(problem) for each in found), found


@pytest.mark.parametrize("scope", ["staff", "relay", "system"])
@pytest.mark.parametrize(
    "text",
    [
        "SELECT q.id FROM user_quests AS q",
        "SELECT q.id FROM user_quests AS q WHERE q.user_id = ANY(:user_ids)",
        "INSERT INTO habits (user_id, id) SELECT x.id, :id FROM unnest(:ids::uuid[]) AS x (id)",
    ],
)
def test_marked_queries_may_look_across_users(text: str, scope: str, facts: Facts) -> None:
    assert sql_lint.lint(made(text, scope), facts) == []
    assert sql_lint.lint(made(text), facts) != []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT q.id FROM user_quests AS q FOR UPDATE", "user_quests is locked without q.user_id"),
        (
            "SELECT o.id FROM outbox AS o WHERE o.user_id = ANY(:ids) FOR UPDATE SKIP LOCKED",
            "outbox is locked without o.user_id",
        ),
        *UPDATES,
        *SHARDS,
    ],
)
def test_planted_in_a_marked_query(text: str, problem: str, facts: Facts) -> None:
    found = sql_lint.lint(made(text, "staff"), facts)
    assert any(each.startswith(problem) for each in found), found


async def test_planted_page(facts: Facts) -> None:
    listed = made("SELECT q.id, q.created_at FROM user_quests AS q WHERE q.id <> :user_id")
    for query in await pages.statements(listed, pages.page.NEWEST):
        assert sql_lint.lint(query, facts) == ["user_quests lacks q.user_id = :user_id"]
