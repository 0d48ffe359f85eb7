"""Row-level security, table by table: the API role sees and changes what is the user's alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.db import Role
from tests.house import outcomes
from tests.house.catalogue import Connection, Facts, read_facts
from tests.house.filled import CATALOGUES, OWNED, Filled
from tests.house.outcomes import acting, touched
from tests.house.rows import CannotFill, Rows

pytestmark = pytest.mark.sql

UNREAD_CATALOGUES = {"projection_state", "learning.import_runs"}
"""Catalogues that are not for people to read: the relay's leases, and the authors' imports."""
WRITTEN_CATALOGUES = {"market_items": {"remaining_stock", "updated_at"}}
"""What the API role may change in catalogues: a purchase takes from the stock."""


# Rows of one owner.


def test_every_table_is_filled(filled: Filled) -> None:
    assert {table: n for table, n in filled.counts.items() if n == 0} == {}


async def owned_problems(connection: Connection, filled: Filled, table: str) -> list[str]:
    """What the first user, on this connection, can do too much or too little in a table."""
    known, column = filled.facts.tables[table], filled.own(table)
    me, other = filled.users
    n = filled.counts[table]
    theirs = await filled.rows.values(table, other)
    return [
        *await outcomes.reading(connection, known, column, {me: n}),
        *await outcomes.writing(connection, known, column, n, other, theirs),
    ]


@pytest.mark.parametrize("table", OWNED)
async def test_user_has_only_their_own_rows(table: str, api: Connection, filled: Filled) -> None:
    async with acting(api, filled.users[0]):
        assert await owned_problems(api, filled, table) == []


async def nobody_problems(connection: Connection, filled: Filled, table: str) -> list[str]:
    """What can be done in a table with nobody set."""
    known, column = filled.facts.tables[table], filled.own(table)
    other = filled.users[1]
    theirs = await filled.rows.values(table, other)
    return [
        *await outcomes.reading(connection, known, column, {}),
        *await outcomes.writing(connection, known, column, 0, other, theirs),
    ]


@pytest.mark.parametrize("table", OWNED)
async def test_nobody_has_no_rows(table: str, api: Connection, filled: Filled) -> None:
    async with acting(api, None):
        assert await nobody_problems(api, filled, table) == []


@pytest.mark.parametrize("table", OWNED)
async def test_a_setting_that_ended_is_nobody(table: str, api: Connection, filled: Filled) -> None:
    async with acting(api, filled.users[0]):
        pass
    async with acting(api, None):
        assert await api.fetchval("SELECT current_setting('app.user_id', TRUE)") == ""
        assert await nobody_problems(api, filled, table) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("ALTER TABLE habits DISABLE ROW LEVEL SECURITY", "habits: sees"),
        ("CREATE POLICY p ON habits FOR SELECT TO questline_api USING (TRUE)", "habits: sees"),
        ("CREATE POLICY p ON habits TO questline_api USING (TRUE)", "UPDATE habits SET id = id: 2"),
        ("CREATE POLICY p ON habits TO questline_api USING (TRUE)", "DELETE FROM habits WHERE"),
        (
            "CREATE POLICY p ON habits FOR INSERT TO questline_api WITH CHECK (TRUE)",
            "INSERT INTO habits",
        ),
        (
            """
            CREATE POLICY p ON habits FOR UPDATE TO questline_api
            USING (user_id = (SELECT nullif(current_setting('app.user_id', TRUE), '')::uuid))
            WITH CHECK (TRUE)
            """,
            "UPDATE habits SET user_id = $1",
        ),
        ("DROP POLICY api_own ON habits", "habits: sees {}"),
        (
            "GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO questline_api",
            "TRUNCATE habits CASCADE",
        ),
    ],
)
async def test_planted_leak(change: str, problem: str, owner: Connection, filled: Filled) -> None:
    async with acting(owner, filled.users[0], Role.API, change):
        found = await owned_problems(owner, filled, "habits")
    assert any(problem in each for each in found), found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("CREATE POLICY p ON habits FOR SELECT TO questline_api USING (TRUE)", "habits: sees"),
        (
            """
            CREATE POLICY p ON habits FOR INSERT TO questline_api
            WITH CHECK (nullif(current_setting('app.user_id', TRUE), '') IS NULL)
            """,
            "INSERT INTO habits",
        ),
    ],
)
async def test_planted_leak_to_nobody(
    change: str, problem: str, owner: Connection, filled: Filled
) -> None:
    async with acting(owner, None, Role.API, change):
        found = await nobody_problems(owner, filled, "habits")
    assert any(problem in each for each in found), found


async def test_owner_takes_the_role_in_plants(owner: Connection, filled: Filled) -> None:
    async with acting(owner, filled.users[0], Role.API):
        assert await owned_problems(owner, filled, "habits") == []


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("a integer NOT NULL, b integer NOT NULL, CONSTRAINT odd_check CHECK (a > b)", "odd_check"),
        ("a text NOT NULL CHECK (a ~ '^[0-9]{7}$')", "odd.a: no value for text"),
        ("a point NOT NULL", "odd.a: no value for point"),
        ("a uuid NOT NULL REFERENCES ideal (id)", "odd: there is no row of ideal to refer to"),
    ],
)
async def test_planted_table_that_cannot_be_filled(
    columns: str, problem: str, owner: Connection
) -> None:
    odd = f"CREATE TABLE ideal (id uuid PRIMARY KEY); CREATE TABLE odd ({columns})"
    async with acting(owner, None, change=odd):
        made = Rows(await read_facts(owner), owner)
        with pytest.raises(CannotFill, match=problem):
            await made.insert(owner, "odd", None)


# What belongs to nobody in particular.


async def shown(owner: Connection, filled: Filled, table: str) -> int:
    """How many rows of a catalogue are for people to see."""
    visible = "visible" in filled.facts.tables[table].columns
    condition = "t.visible" if visible else "TRUE"
    return await owner.fetchval(f"SELECT count(*) FROM {table} AS t WHERE {condition}")


async def catalogue_problems(
    connection: Connection, filled: Filled, table: str, number: int
) -> list[str]:
    """What the API role, on this connection, can do too much or too little in a catalogue."""
    known = filled.facts.tables[table]
    wanted = "refused" if table in UNREAD_CATALOGUES else number
    tries: list[tuple[str, int | str]] = [
        (f"SELECT 1 FROM {table}", wanted),
        (f"INSERT INTO {table} DEFAULT VALUES", "refused"),
        (f"DELETE FROM {table}", "refused"),
        (f"TRUNCATE {table} CASCADE", "refused"),
    ]
    for column in known.columns.values():
        changes = column.name in WRITTEN_CATALOGUES.get(table, ())
        text = f"UPDATE {table} SET {column.name} = {column.name}"
        tries.append((text, number if changes else "refused"))
    results = [(text, await touched(connection, text), expected) for text, expected in tries]
    return [f"{text}: {result}" for text, result, expected in results if result != expected]


@pytest.mark.parametrize("table", CATALOGUES)
async def test_catalogue_is_read_and_not_written(
    table: str, api: Connection, owner: Connection, filled: Filled
) -> None:
    number = await shown(owner, filled, table)
    async with acting(api, filled.users[0]):
        assert await catalogue_problems(api, filled, table, number) == []


@pytest.mark.parametrize(
    ("table", "change", "problem"),
    [
        (
            "roles",
            "GRANT UPDATE (name) ON roles TO questline_api",
            "UPDATE roles SET name = name: 0",
        ),
        ("roles", "DROP POLICY api_read ON roles", "SELECT 1 FROM roles: 0"),
        (
            "projection_state",
            "GRANT SELECT ON projection_state TO questline_api",
            "SELECT 1 FROM projection_state: 0",
        ),
        (
            "market_items",
            "GRANT UPDATE ON market_items TO questline_api",
            "UPDATE market_items SET cost_coins = cost_coins: 10",
        ),
        (
            "learning.skills",
            "CREATE POLICY p ON learning.skills TO questline_api USING (TRUE)",
            "SELECT 1 FROM learning.skills: 2",
        ),
    ],
)
async def test_planted_catalogue(
    table: str, change: str, problem: str, owner: Connection, filled: Filled
) -> None:
    number = await shown(owner, filled, table)
    async with acting(owner, filled.users[0], Role.API, change):
        found = await catalogue_problems(owner, filled, table, number)
    assert problem in found, found


CONTENT = "learning.domains", "learning.skills", "learning.questions"


async def test_content_is_what_has_a_visible_flag(facts: Facts) -> None:
    assert {name for name, each in facts.tables.items() if "visible" in each.columns} == set(
        CONTENT
    )


@pytest.mark.parametrize("table", CONTENT)
async def test_learners_see_visible_content_alone(
    table: str, api: Connection, staff: Connection, filled: Filled
) -> None:
    text = f"SELECT t.visible FROM {table} AS t"
    for user in (filled.users[0], None):
        async with acting(api, user):
            assert [row["visible"] for row in await api.fetch(text)] == [True]
    assert {row["visible"] for row in await staff.fetch(text)} == {True, False}


async def test_identities_are_seen_by_their_key_alone(api: Connection, filled: Filled) -> None:
    me, other = filled.users
    insert = "INSERT INTO login_identities (identity_key, user_id) VALUES ($1, $2)"
    everything = "SELECT li.identity_key FROM login_identities AS li"
    async with acting(api, me):
        for key, user in (("email:me", me), ("email:other", other)):
            await api.execute("SELECT set_config('app.identity_key', $1, TRUE)", key)
            assert await touched(api, insert, f"{key}!", user) == "refused"
            await api.execute(insert, key, user)
            assert [row["identity_key"] for row in await api.fetch(everything)] == [key]
        assert await touched(api, "UPDATE login_identities SET user_id = user_id") == "refused"
        assert await touched(api, "DELETE FROM login_identities") == "refused"
        for key in ("", "email:%", "email:nobody"):
            await api.execute("SELECT set_config('app.identity_key', $1, TRUE)", key)
            assert await api.fetch(everything) == []
    async with acting(api, me):
        assert await api.fetch(everything) == []
        assert await touched(api, insert, "email:me", me) == "refused"


async def test_tries_are_counted_by_anyone_and_deleted_by_staff(
    api: Connection, staff: Connection, filled: Filled
) -> None:
    async with acting(api, None):
        assert await touched(api, "UPDATE rate_limits SET hits = hits + 1") == 1
        assert await touched(api, "DELETE FROM rate_limits") == "refused"
    async with acting(staff, None):
        assert await touched(staff, "DELETE FROM rate_limits") == 1


async def test_audit_rows_of_nobody_are_added_and_not_seen(api: Connection, filled: Filled) -> None:
    insert = "INSERT INTO audit_log (user_id, event_type, status) VALUES ($1, 'x', 'failure')"
    for user in (None, filled.users[0]):
        async with acting(api, user):
            await api.execute(insert, UUID(int=0))
            seen = await api.fetch("SELECT a.user_id FROM audit_log AS a")
            assert {row["user_id"] for row in seen} == ({user} if user else set())
            # What comes back is read, and a row of nobody is nobody's to read.
            assert await touched(api, f"{insert} RETURNING id", UUID(int=0)) == "refused"
