"""The staff and the relay role: they have what they are for, and nothing else."""

from __future__ import annotations

import pytest

from app.core.db import Role
from tests.house import outcomes
from tests.house.catalogue import Connection, privileges
from tests.house.filled import EVERY, OWNED, Filled
from tests.house.outcomes import acting, touched

pytestmark = pytest.mark.sql

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
