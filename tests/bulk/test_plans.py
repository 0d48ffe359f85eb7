"""The hot queries use their indexes on real amounts of data, for a user who has very much."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pglast import ast

from app.core import page
from app.core.db import Role
from app.core.page import Key, Window
from app.core.sql import Query
from tests.bulk import plans
from tests.bulk.helpers import TODAY
from tests.bulk.plans import Explaining
from tests.house import catalogue, pages, trees
from tests.house.catalogue import Connection, Facts, tables_of
from tests.house.named import QUERIES
from tests.support import Database

pytestmark = pytest.mark.sql

OWNED = frozenset(tables_of("user"))
BY_NAME = {(room, query.name): query for room, query in QUERIES}
LISTS = [
    each
    for each in pages.lists()[0]
    if BY_NAME[each.room, each.name].scope == "user" and not each.whole
]
BY_IDS = [
    query
    for _, query in QUERIES
    if query.name.endswith("_by_ids") and "user_id" in query.parameters
]
LOOK_UPS = sorted(
    {
        (each.room, each.name, each.column)
        for each in pages.look_ups()[0]
        if "user_id" in BY_NAME[each.room, each.name].parameters
    }
)

BY_KEY = [
    query
    for room, query in QUERIES
    if query.scope in ("user", "staff")
    and room not in ("prune", "relay")
    and query.name not in {each.name for each in pages.lists()[0]}
]
"""All that a writing transaction may run: what is no page, in a role that serves people."""

FEW_PAGES, FEW_ROWS = 16, 100
"""Pages of a table, of 8 KiB, below which it is read whole; rows of a user that sort in no time."""
VALUES: Mapping[str, Mapping[str, Any]] = {
    "timestamptz": dict.fromkeys(
        ("now", "idle_since", "day_start", "week_start", "month_start"),
        datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC),
    ),
    "date": dict.fromkeys(("today", "week_start", "month_start"), TODAY),
}
"""What queries must be given besides user and ids, by type and name; filters are left open."""

PARENTS = {
    "goal_milestones": "goal_id",
    "focus_library_tracks": "library_id",
    "workout_exercises": "workout_id",
}
"""Tables that are listed in an order of the owner's within a parent."""
LOGS = {
    "points_ledger": "created_at",
    "focus_sessions": "started_at",
    "habit_completions": "completed_at",
    "user_purchases": "purchased_at",
    "market_transactions": "created_at",
    "reading_sessions": "started_at",
    "workout_sessions": "started_at",
    "learning.attempts": "ts_utc_ms",
    "learning.sessions": "started_utc_ms",
    "decision_telemetry": "shown_at",
    "audit_log": "created_at",
}
"""Tables that are listed by their time, the latest first."""


@pytest.fixture(scope="module")
async def api(database: Database, owner: Connection) -> AsyncGenerator[Connection]:
    """The role that serves signed-in people, in a database that was loaded and analysed."""
    connection = await catalogue.connect(database, Role.API)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def staff(database: Database, owner: Connection) -> AsyncGenerator[Connection]:
    """The role that serves staff, in the same database."""
    connection = await catalogue.connect(database, Role.STAFF)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def small(owner: Connection, heavy: UUID) -> frozenset[str]:
    """Tables with so few pages, or so few rows of the user's, that they say nothing on plans."""
    pages_of = {
        row["name"]: row["relpages"]
        for row in await owner.fetch(
            "SELECT c.oid::regclass::text AS name, c.relpages FROM pg_class AS c "
            "WHERE c.relkind = 'r'"
        )
    }
    found: set[str] = set()
    for table in OWNED:
        column = "id" if table == "users" else "user_id"
        rows = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", heavy)
        if rows < FEW_ROWS or pages_of[table] < FEW_PAGES:
            found.add(table)
    return frozenset(found)


async def arguments(api: Connection, query: Query, user: UUID, ids: list[UUID]) -> dict[str, Any]:
    """Values for a query: the user, ids, what the day is; all filters are left open."""
    prepared = await api.prepare(query.sql)
    types = [each.name for each in prepared.get_parameters()]
    given = {
        name: VALUES.get(kind, {}).get(name)
        for name, kind in zip(query.parameters, types, strict=True)
    }
    for name in given:
        if name == "user_id":
            given[name] = user
        elif name.endswith("ids"):
            given[name] = ids
    return given


async def cursor_in(
    api: Connection, query: Query, key: Key, user: UUID, values: Mapping[str, Any]
) -> str:
    """The cursor of the row in the midst of the list."""
    text = (
        f"SELECT page.* FROM ({query.sql}) AS page ORDER BY {key.order(backward=False)} "
        f"OFFSET (SELECT count(*) / 2 FROM ({query.sql}) AS every) LIMIT 1"
    )
    async with api.transaction():
        await plans.act_as(api, user)
        row = await api.fetchrow(text, *query.arguments(values))
    assert row is not None
    return key.cursor(row)


@pytest.mark.parametrize("listed", LISTS, ids=[each.name for each in LISTS])
async def test_pages_come_out_of_an_index(
    listed: pages.Listed, api: Connection, heavy: UUID, small: frozenset[str]
) -> None:
    query = BY_NAME[listed.room, listed.name]
    values = await arguments(api, query, heavy, [])
    for key in listed.keys:
        cursor = await cursor_in(api, query, key, heavy, values)
        for window in (
            Window.of(20, None, None, None),
            Window.of(20, cursor, None, None),
            Window.of(None, None, 20, None),
            Window.of(None, None, 20, cursor),
        ):
            explaining = Explaining(api, heavy)
            await page.read(explaining, query, key, window, **values)
            found = plans.problems(explaining.plan, OWNED, small, sorted_by_index=True)
            assert found == [], (key.name, window, explaining.plan)


@pytest.mark.parametrize("listed", LISTS, ids=[each.name for each in LISTS])
async def test_counts_use_an_index(
    listed: pages.Listed, api: Connection, heavy: UUID, small: frozenset[str]
) -> None:
    query = BY_NAME[listed.room, listed.name]
    explaining = Explaining(api, heavy)
    await query.count(explaining, **await arguments(api, query, heavy, []))
    assert plans.problems(explaining.plan, OWNED, small, sorted_by_index=True) == []
    # What only shows, such as whether an entry was reversed, is not read for a count.
    read = [table for node in plans.nodes(explaining.plan or {}) if (table := plans.table_of(node))]
    assert len(read) == 1, explaining.plan


@pytest.mark.parametrize(("room", "name", "column"), LOOK_UPS, ids=map(" ".join, LOOK_UPS))
async def test_rows_are_looked_up_by_an_index(
    room: str, name: str, column: str, api: Connection, heavy: UUID, small: frozenset[str]
) -> None:
    query = BY_NAME[room, name]
    values = await arguments(api, query, heavy, [])
    async with api.transaction():
        await plans.act_as(api, heavy)
        rows = await query.all(api, **values)
    keys = list({row[column] for row in rows})[:20]
    assert keys
    explaining = Explaining(api, heavy)
    await query.among(explaining, column, keys, **values)
    found = plans.problems(explaining.plan, OWNED, small, sorted_by_index=False)
    assert found == [], explaining.plan


@pytest.mark.parametrize("query", BY_IDS, ids=[query.name for query in BY_IDS])
async def test_rows_are_found_by_their_ids(
    query: Query,
    api: Connection,
    owner: Connection,
    heavy: UUID,
    small: frozenset[str],
) -> None:
    ids = await some_ids(owner, query, heavy)
    values = await arguments(api, query, heavy, ids)
    explaining = Explaining(api, heavy)
    await query.all(explaining, **values)
    found = plans.problems(explaining.plan, OWNED, small, sorted_by_index=False)
    assert found == [], explaining.plan


@pytest.mark.parametrize("query", BY_KEY, ids=[query.name for query in BY_KEY])
async def test_writing_transactions_plan_once(
    query: Query, api: Connection, staff: Connection, small: frozenset[str]
) -> None:
    try:
        plan = await plans.generic(api, query.sql, len(query.parameters))
    except asyncpg.InsufficientPrivilegeError:
        plan = await plans.generic(staff, query.sql, len(query.parameters))
    assert unindexed(plan, small) == [], plan


@pytest.mark.parametrize(("room", "name", "column"), LOOK_UPS, ids=map(" ".join, LOOK_UPS))
async def test_look_ups_are_planned_once(
    room: str, name: str, column: str, api: Connection, small: frozenset[str]
) -> None:
    query = BY_NAME[room, name]
    text = (
        f"SELECT t.* FROM ({query.sql}) AS t WHERE t.{column} = any(${len(query.parameters) + 1})"
    )
    plan = await plans.generic(api, text, len(query.parameters) + 1)
    assert unindexed(plan, small) == [], plan


def unindexed(plan: plans.Plan, small: frozenset[str]) -> list[str]:
    """What is wrong with a plan made for any arguments; it need not read what people own."""
    found = plans.problems(plan, OWNED, small, sorted_by_index=False)
    return [each for each in found if each != "it reads no table that people own"]


async def some_ids(owner: Connection, query: Query, user: UUID) -> list[UUID]:
    """Ids of 20 of the user's rows in the first table that people own and the query names."""
    for node in trees.walk(trees.parse(query.sql)):
        if isinstance(node, ast.RangeVar) and (table := trees.table_name(node)) in OWNED:
            column = "id" if table == "users" else "user_id"
            rows = await owner.fetch(f"SELECT id FROM {table} WHERE {column} = $1 LIMIT 20", user)
            assert rows
            return [row["id"] for row in rows]
    raise AssertionError(f"{query.name} reads no table that people own")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "SELECT l.id FROM points_ledger AS l WHERE l.user_id = $1 ORDER BY l.xp, l.id LIMIT 20",
            "all rows are sorted",
        ),
        (
            "SELECT l.id FROM points_ledger AS l WHERE l.user_id <> $1 AND l.xp > 90",
            "points_ledger is read by Seq Scan",
        ),
        ("SELECT r.id FROM roles AS r WHERE r.id = $1", "it reads no table that people own"),
    ],
)
async def test_planted_plan(text: str, problem: str, owner: Connection, heavy: UUID) -> None:
    explaining = Explaining(owner, heavy)
    await explaining.fetch(text, heavy)
    assert plans.problems(explaining.plan, OWNED, (), sorted_by_index=True) == [problem]


async def test_lists_of_the_owners_order_have_their_index(
    api: Connection, owner: Connection, facts: Facts, heavy: UUID, small: frozenset[str]
) -> None:
    """Also those that no query reads yet."""
    ordered = {name for name in OWNED if "sort_order" in facts.tables[name].columns}
    assert {"user_quests"} <= ordered - small
    for table in sorted(ordered):
        made = "added_at" if table == "focus_library_tracks" else "created_at"
        parent = PARENTS.get(table)
        within, given = "", [heavy]
        if parent:
            within = f" AND t.{parent} = $2"
            given.append(
                await owner.fetchval(f"SELECT {parent} FROM {table} WHERE user_id = $1", heavy)
            )
        text = (
            f"SELECT t.id FROM {table} AS t WHERE t.user_id = $1{within} "
            f"ORDER BY t.sort_order, t.{made}, t.id LIMIT 20"
        )
        await assert_in_order(api, heavy, text, given, table in small)


async def test_logs_have_their_index(api: Connection, heavy: UUID, small: frozenset[str]) -> None:
    assert {"points_ledger", "focus_sessions", "learning.attempts"} <= LOGS.keys() - small
    for table, column in LOGS.items():
        text = (
            f"SELECT t.id FROM {table} AS t WHERE t.user_id = $1 "
            f"ORDER BY t.{column} DESC, t.id LIMIT 20"
        )
        await assert_in_order(api, heavy, text, [heavy], table in small)


async def assert_in_order(
    api: Connection, user: UUID, text: str, given: list[UUID], is_small: bool
) -> None:
    """The rows come out of an index in their order.

    A small table is quicker to read whole and to sort; with that forbidden its index still shows.
    """
    forbidden = ("enable_seqscan", "enable_bitmapscan", "enable_sort") if is_small else ()
    for name in forbidden:
        await api.execute(f"SET {name} = off")
    try:
        explaining = Explaining(api, user, "auto")
        await explaining.fetch(text, *given)
    finally:
        await api.execute("RESET ALL")
    found = plans.problems(explaining.plan, OWNED, (), sorted_by_index=True)
    assert found == [], (text, explaining.plan)
