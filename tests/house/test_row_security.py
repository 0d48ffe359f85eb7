"""Row-level security, table by table: a role sees and changes what is its to see, and no more."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy

from app.core import transaction
from app.core.db import Pool, Role, open_pool
from app.core.reader import Reader
from app.core.settings import Settings
from tests.house import outcomes, rows
from tests.house.catalogue import Connection, Facts, privileges, read_facts, tables_of
from tests.house.outcomes import acting, touched
from tests.house.rows import NOW, VISIBLE, CannotFill, Rows
from tests.support import Database

pytestmark = pytest.mark.sql

OWNED = tables_of("user")
CATALOGUES = tables_of("reference")
EVERY = [*OWNED, *CATALOGUES, *tables_of("own"), *tables_of("local")]

UNREAD_CATALOGUES = {"projection_state", "learning.import_runs"}
"""Catalogues that are not for people to read: the relay's leases, and the authors' imports."""
WRITTEN_CATALOGUES = {"market_items": {"remaining_stock", "updated_at"}}
"""What the API role may change in catalogues: a purchase takes from the stock."""
RELAY = {
    "outbox": {
        "SELECT",
        "UPDATE(processed)",
        "UPDATE(attempts)",
        "UPDATE(next_attempt_at)",
        "UPDATE(delivered_at)",
        "UPDATE(dead_at)",
        "UPDATE(last_error)",
    },
    "projection_state": {"SELECT", "INSERT", "UPDATE"},
    "users": {"SELECT(id)", "SELECT(change_seq)"},
    "system_clock": {"SELECT"},
    "schema_migrations": {"SELECT"},
}
"""All that the relay role may do; of everything else it may do nothing."""
STAFF = {
    # Neither the record of what was done nor the ledger is ever rewritten.
    "audit_log": {"SELECT", "INSERT", "DELETE"},
    "points_ledger": {"SELECT", "INSERT", "DELETE"},
    "schema_migrations": {"SELECT"},
}
"""Where the staff role may not do everything."""


@dataclass(frozen=True)
class Filled:
    """A database with rows of two users in every user-owned table, and in every catalogue."""

    rows: Rows
    facts: Facts
    users: tuple[UUID, UUID]
    counts: Mapping[str, int]
    """How many rows of each user there are in a user-owned table."""

    def own(self, table: str) -> str:
        """The column that names the owner."""
        column = self.facts.owner_column(table)
        assert column is not None
        return column


async def fill(owner: Connection, api: Connection, facts: Facts) -> Filled:
    """Rows everywhere; those of users by the API role itself wherever it may insert them."""
    users = (uuid4(), uuid4())
    made = Rows(facts, owner)
    for table in made.order():
        if table in tables_of("local"):
            continue
        column = facts.owner_column(table)
        if column is None:
            if not await made.adopt(table):
                await made.insert(owner, table, None)
            if "visible" in facts.tables[table].columns:
                await made.insert(owner, table, None, **_visible(facts, table))
            continue
        granted = await outcomes.allowed(api, facts.tables[table], "INSERT")
        for user in users:
            async with api.transaction():
                await api.execute(f"SET LOCAL app.user_id = '{user}'")
                await made.insert(api if column in granted else owner, table, user)
    counts = {
        table: await owner.fetchval(
            f"SELECT count(*) FROM {table} WHERE {facts.owner_column(table)} = $1", users[0]
        )
        for table in OWNED
    }
    return Filled(made, facts, users, counts)


def _visible(facts: Facts, table: str) -> dict[str, Any]:
    """What makes a content row visible: it also needs a parent then."""
    parents = {name for key in facts.tables[table].foreign_keys for name in key.columns}
    return {**dict.fromkeys(parents - {"import_run_id"}, rows.PARENT), **VISIBLE}


@pytest.fixture(scope="module")
async def filled(owner: Connection, api: Connection, facts: Facts) -> Filled:
    """The file's database, filled."""
    return await fill(owner, api, facts)


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


# Staff and relay.


async def grant_problems(connection: Connection, role: Role) -> list[str]:
    """Where the staff or the relay role has more, or less, than it is meant to have."""
    everything = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    meant = RELAY if role is Role.RELAY else {name: STAFF.get(name, everything) for name in EVERY}
    has = await privileges(connection, role)
    return [
        f"{table}: {each} is {'missing' if each in meant.get(table, ()) else 'too much'}"
        for table in sorted(meant.keys() | has.keys())
        for each in sorted(meant.get(table, set()) ^ has.get(table, set()))
    ]


@pytest.mark.parametrize("role", [Role.STAFF, Role.RELAY])
async def test_role_may_do_what_it_is_for(role: Role, owner: Connection) -> None:
    assert await grant_problems(owner, role) == []


@pytest.mark.parametrize(
    ("role", "change", "problem"),
    [
        (Role.RELAY, "GRANT SELECT ON habits TO questline_relay", "habits: SELECT is too much"),
        (
            Role.RELAY,
            "GRANT SELECT (email) ON users TO questline_relay",
            "users: SELECT(email) is too much",
        ),
        (
            Role.RELAY,
            "GRANT UPDATE (payload) ON outbox TO questline_relay",
            "outbox: UPDATE(payload) is too much",
        ),
        (
            Role.RELAY,
            "REVOKE UPDATE (dead_at) ON outbox FROM questline_relay",
            "outbox: UPDATE(dead_at) is missing",
        ),
        (
            Role.STAFF,
            "GRANT UPDATE ON points_ledger TO questline_staff",
            "points_ledger: UPDATE is too much",
        ),
        (Role.STAFF, "GRANT TRUNCATE ON habits TO questline_staff", "habits: TRUNCATE is too much"),
        (Role.STAFF, "REVOKE DELETE ON habits FROM questline_staff", "habits: DELETE is missing"),
    ],
)
async def test_planted_grant(role: Role, change: str, problem: str, owner: Connection) -> None:
    async with acting(owner, None, change=change):
        assert await grant_problems(owner, role) == [problem]


@pytest.mark.parametrize("table", EVERY)
async def test_relay_reads_nothing_else(table: str, relay: Connection, filled: Filled) -> None:
    async with acting(relay, filled.users[0]):
        result = await touched(relay, f"SELECT t.* FROM {table} AS t")
        assert (result == "refused") is ("SELECT" not in RELAY.get(table, set()))


async def test_relay_sees_every_event_and_every_clock(relay: Connection, filled: Filled) -> None:
    users = set(filled.users)
    events = await relay.fetch("SELECT o.user_id FROM outbox AS o")
    clocks = await relay.fetch("SELECT u.id, u.change_seq FROM users AS u")
    assert {row["user_id"] for row in events} == users
    assert {row["id"] for row in clocks} == users
    async with acting(relay, None):
        assert await touched(relay, "SELECT u.email FROM users AS u") == "refused"
        assert await touched(relay, "UPDATE outbox SET attempts = attempts + 1") == len(users)
        assert await touched(relay, "UPDATE outbox SET payload = payload") == "refused"


@pytest.mark.parametrize("table", OWNED)
async def test_staff_sees_everyone(table: str, staff: Connection, filled: Filled) -> None:
    column, n = filled.own(table), filled.counts[table]
    wanted = dict.fromkeys(filled.users, n)
    assert await outcomes.reading(staff, filled.facts.tables[table], column, wanted) == []


# Nothing stays on a connection.

AnyConnection: TypeAlias = "Connection | PoolConnectionProxy[asyncpg.Record]"


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncGenerator[Pool]:
    """The service's own pool, with one connection, so that each use gets the same one."""
    limits: dict[str, Any] = {"lock_timeout": 5}
    settings = Settings(**limits)
    opened = await open_pool(database.ways[Role.API], settings, 1, asyncpg.Connection)
    yield opened
    await opened.close()


async def setting_names(connection: AnyConnection) -> set[str]:
    """The settings that policies read, and the one that says who acts."""
    texts = await connection.fetch(
        "SELECT concat(p.qual, p.with_check) AS text FROM pg_policies AS p"
    )
    found = {
        name for row in texts for name in re.findall(r"current_setting\('([^']+)'", row["text"])
    }
    assert found == {"app.user_id", "app.identity_key"}
    return found | {"app.actor_id"}


async def leftovers(connection: AnyConnection, before: Mapping[str, str]) -> list[str]:
    """What a use of the connection has left behind."""
    names = await setting_names(connection)
    after = await settings_of(connection)
    kept = [f"{name} = {after[name]}" for name in after if after[name] != before[name]]
    for name in sorted(names):
        value = await connection.fetchval("SELECT current_setting($1, TRUE)", name)
        kept += [f"{name} = {value}"] if value else []
    for table in OWNED:
        kept += (
            [f"sees {table}"] if await connection.fetch(f"SELECT 1 FROM {table} LIMIT 1") else []
        )
    return kept


async def settings_of(connection: AnyConnection) -> dict[str, str]:
    """Every setting that PostgreSQL itself has."""
    found = await connection.fetch("SELECT s.name, s.setting FROM pg_settings AS s")
    return {row["name"]: row["setting"] for row in found}


async def commit(pool: Pool, user: UUID) -> None:
    async with transaction.opened(pool, user, NOW, "email:me") as tx:
        assert await tx.fetchrow("SELECT u.id FROM users AS u") is not None


async def roll_back(pool: Pool, user: UUID) -> None:
    async with transaction.opened(pool, user, NOW, "email:me") as tx:
        tx.discard()


async def fail(pool: Pool, user: UUID) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with transaction.opened(pool, user, NOW, "email:me") as tx:
            await tx.fetch("SELECT 1 FROM nowhere")


async def raise_inside(pool: Pool, user: UUID) -> None:
    with pytest.raises(RuntimeError):
        async with transaction.opened(pool, user, NOW, "email:me"):
            raise RuntimeError


async def read(pool: Pool, user: UUID) -> None:
    reader = Reader(pool, user)
    assert await reader.fetchrow("SELECT u.id FROM users AS u") is not None
    await reader.close()


async def read_badly(pool: Pool, user: UUID) -> None:
    reader = Reader(pool, user)
    with pytest.raises(asyncpg.UndefinedTableError):
        await reader.fetch("SELECT 1 FROM nowhere")
    await reader.close()


@pytest.mark.parametrize("use", [commit, roll_back, fail, raise_inside, read, read_badly])
async def test_nothing_is_left_on_the_connection(use: Any, pool: Pool, filled: Filled) -> None:
    async with pool.acquire() as connection:
        before = await settings_of(connection)
        backend = await connection.fetchval("SELECT pg_backend_pid()")
    await use(pool, filled.users[0])
    async with pool.acquire() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") == backend
        assert await leftovers(connection, before) == []


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("SELECT set_config('app.user_id', '{user}', FALSE)", "app.user_id = "),
        ("SELECT set_config('app.user_id', '{user}', FALSE)", "sees habits"),
        ("SET app.actor_id = '{user}'", "app.actor_id = "),
        ("SET TimeZone = 'Europe/Rome'", "TimeZone = Europe/Rome"),
    ],
)
async def test_planted_leftover(statement: str, left: str, api: Connection, filled: Filled) -> None:
    before = await settings_of(api)
    try:
        await api.execute(statement.format(user=filled.users[0]))
        found = await leftovers(api, before)
    finally:
        await api.execute("RESET app.user_id; RESET app.actor_id; RESET TimeZone")
    assert any(each.startswith(left) for each in found), found
