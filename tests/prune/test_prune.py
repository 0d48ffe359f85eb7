"""Pruning: each table by its own age, in small batches, by one process, once an hour."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import prune
from app.core.clock import MovableClock
from app.core.db import Pool, Role, close_pool, open_pool
from app.core.settings import Settings
from tests.relay.helpers import command, eventually, make_user
from tests.support import Database, running

pytestmark = pytest.mark.sql

TABLES = ("outbox", "mutation_receipts", "sessions", "audit_log", "rate_limits")
NOW = datetime.fromisoformat("2030-06-15T12:00:00+00:00")


def settings(**changes: Any) -> Settings:
    return Settings(**changes)


@pytest.fixture(scope="module")
async def owner(database: Database) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture(autouse=True)
async def _empty(owner: Any) -> None:
    for table in (*TABLES, "projection_state"):
        await owner.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="module")
async def staff(database: Database) -> AsyncGenerator[Pool]:
    pool = await open_pool(database.ways[Role.STAFF], settings(), 2, asyncpg.Connection)
    yield pool
    await close_pool(pool, settings())


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


async def put_event(owner: Any, user_id: UUID, seq: int, **columns: Any) -> None:
    """An event in the outbox with some of its columns of delivery."""
    names, values = list(columns), list(columns.values())
    await owner.execute(
        f"""
        INSERT INTO outbox (user_id, seq, event_type, table_name, row_id, payload, ts_utc_ms,
            {", ".join(["created_at", *names])})
        VALUES ($1, $2, 'quest.created', 'user_quests', gen_random_uuid(), '{{}}', $2,
            {", ".join(f"${number}" for number in range(3, len(values) + 4))})
        """,
        user_id,
        seq,
        NOW - timedelta(days=1000),
        *values,
    )


async def fill(owner: Any, ages: dict[str, list[timedelta]]) -> UUID:
    """Rows of these ages in each table."""
    user_id = await make_user(owner)
    for number, age in enumerate(ages.get("outbox", []), 1):
        await put_event(owner, user_id, number, processed=True, delivered_at=NOW - age)
    for age in ages.get("mutation_receipts", []):
        await owner.execute(
            "INSERT INTO mutation_receipts (user_id, key, operation, request_hash, result, "
            "created_at) VALUES ($1, $2, 'op', 'hash', '{}', $3)",
            user_id,
            str(uuid4()),
            NOW - age,
        )
    for age in ages.get("sessions", []):
        await owner.execute(
            "INSERT INTO sessions (user_id, kind, token, expires_at) "
            "VALUES ($1, 'session', $2, $3)",
            user_id,
            str(uuid4()),
            NOW - age,
        )
    for age in ages.get("audit_log", []):
        await owner.execute(
            "INSERT INTO audit_log (user_id, event_type, status, created_at) "
            "VALUES ($1, 'user.signed_in', 'success', $2)",
            user_id,
            NOW - age,
        )
    for age in ages.get("rate_limits", []):
        await owner.execute(
            "INSERT INTO rate_limits (bucket, window_start) VALUES ($1, $2)",
            str(uuid4()),
            NOW - age,
        )
    return user_id


TIMES = {
    "outbox": "delivered_at",
    "mutation_receipts": "created_at",
    "sessions": "expires_at",
    "audit_log": "created_at",
    "rate_limits": "window_start",
}


async def ages_left(owner: Any) -> dict[str, list[timedelta]]:
    """How old what is left is."""
    return {
        table: [
            NOW - row[0]
            for row in await owner.fetch(f"SELECT {column} FROM {table} ORDER BY 1 DESC")
        ]
        for table, column in TIMES.items()
    }


MOMENT = timedelta(seconds=10)


@pytest.mark.parametrize(
    ("changes", "ages"),
    [
        (
            {},
            {
                "outbox": timedelta(days=30),
                "mutation_receipts": timedelta(days=7),
                "sessions": timedelta(days=30),
                "audit_log": timedelta(days=400),
                "rate_limits": timedelta(hours=1),
            },
        ),
        (
            {
                "keep_outbox_days": 1,
                "keep_receipts_days": 2,
                "keep_sessions_days": 3,
                "keep_audit_days": 4,
                "keep_rate_limits_hours": 5,
            },
            {
                "outbox": timedelta(days=1),
                "mutation_receipts": timedelta(days=2),
                "sessions": timedelta(days=3),
                "audit_log": timedelta(days=4),
                "rate_limits": timedelta(hours=5),
            },
        ),
    ],
    ids=["defaults", "settings"],
)
async def test_each_table_keeps_its_own_age(
    owner: Any,
    staff: Pool,
    clock: MovableClock,
    changes: dict[str, int],
    ages: dict[str, timedelta],
) -> None:
    await fill(
        owner,
        {
            table: [-timedelta(days=9), age - MOMENT, age + MOMENT, age + timedelta(days=900)]
            for table, age in ages.items()
        },
    )
    report = await prune.run(staff, settings(**changes), clock)
    assert report == prune.Report(dict.fromkeys(TABLES, 2), complete=True)
    assert await ages_left(owner) == {
        table: [-timedelta(days=9), age - MOMENT] for table, age in ages.items()
    }


async def test_events_that_are_not_delivered_stay_for_ever(
    owner: Any, staff: Pool, clock: MovableClock
) -> None:
    user_id = await make_user(owner)
    await put_event(owner, user_id, 1)
    await put_event(owner, user_id, 2, dead_at=NOW - timedelta(days=999), attempts=10)
    await put_event(owner, user_id, 3, attempts=2, next_attempt_at=NOW - timedelta(days=999))
    report = await prune.run(staff, settings(), clock)
    assert report is not None
    assert report.deleted["outbox"] == 0
    assert await owner.fetchval("SELECT count(*) FROM outbox") == 3


async def many(owner: Any, count: int) -> None:
    """Old counters."""
    await owner.execute(
        "INSERT INTO rate_limits (bucket, window_start) "
        "SELECT n::text, $1 FROM generate_series(1, $2::integer) AS n",
        NOW - timedelta(days=1),
        count,
    )


async def test_batches_are_small_and_grow_when_they_are_quick(
    owner: Any, staff: Pool, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "_FIRST_BATCH", 10)
    monkeypatch.setattr(prune, "_LARGEST_BATCH", 40)
    monkeypatch.setattr(prune, "_QUICK", 60.0)
    await many(owner, 125)
    heard: list[int] = []

    def hear(table: str, deleted: int) -> None:
        if table == "rate_limits":
            heard.append(deleted)

    report = await prune.run(staff, settings(), clock, progress=hear)
    assert heard == [0, 10, 30, 70, 110, 125]
    assert report == prune.Report({**dict.fromkeys(TABLES, 0), "rate_limits": 125}, complete=True)


@pytest.fixture
async def slow_deletion(owner: Any) -> AsyncGenerator[None]:
    """Makes the deletion of a counter take 2 ms."""
    await owner.execute(
        """
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_sleep(0.002);
            RETURN OLD;
        END;
        $$;
        CREATE TRIGGER linger BEFORE DELETE ON rate_limits
        FOR EACH ROW EXECUTE FUNCTION linger();
        """
    )
    yield
    await owner.execute("DROP TRIGGER linger ON rate_limits; DROP FUNCTION linger()")


@pytest.mark.usefixtures("slow_deletion")
async def test_batches_that_take_too_long_are_tried_smaller(
    database: Database, owner: Any, clock: MovableClock
) -> None:
    await many(owner, 300)
    chosen = settings(statement_timeout=0.5)
    pool = await open_pool(database.ways[Role.STAFF], chosen, 1, asyncpg.Connection)
    heard: list[int] = []

    def hear(table: str, deleted: int) -> None:
        if table == "rate_limits" and deleted:
            heard.append(deleted)

    try:
        report = await prune.run(pool, chosen, clock, progress=hear)
    finally:
        await close_pool(pool, chosen)
    assert report is not None
    assert report.deleted["rate_limits"] == 300
    # The first batch, of 500, would have taken longer than a statement may.
    assert heard[0] == 50


@pytest.mark.usefixtures("slow_deletion")
async def test_a_run_ends_in_time_and_says_that_there_is_more(
    owner: Any, staff: Pool, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "_FIRST_BATCH", 20)
    monkeypatch.setattr(prune, "_LARGEST_BATCH", 20)
    monkeypatch.setattr(prune, "RUN_SECONDS", 0.3)
    await many(owner, 1_000)
    started = time.monotonic()
    report = await prune.run(staff, settings(), clock)
    assert time.monotonic() - started < 5
    assert report is not None
    assert not report.complete
    left = await owner.fetchval("SELECT count(*) FROM rate_limits")
    assert 0 < left == 1_000 - report.deleted["rate_limits"] < 1_000


async def test_one_process_at_a_time(owner: Any, staff: Pool, clock: MovableClock) -> None:
    await many(owner, 10)
    others: list[asyncio.Task[prune.Report | None]] = []

    def meanwhile(_table: str, _deleted: int) -> None:
        others.append(asyncio.create_task(prune.run(staff, settings(), clock)))

    report = await prune.run(staff, settings(), clock, progress=meanwhile)
    assert report is not None
    assert report.deleted["rate_limits"] == 10
    # The last one may have come after the end.
    assert [await other for other in others[:-1]] == [None] * (len(others) - 1)
    await others[-1]
    assert await prune.run(staff, settings(), clock) is not None


async def test_who_was_killed_holds_nobody_up_for_long(
    owner: Any, staff: Pool, clock: MovableClock
) -> None:
    await owner.execute(
        "INSERT INTO projection_state (projector, leased_by, leased_until) "
        "VALUES ('prune', 'somebody', now() + interval '10 s')"
    )
    assert await prune.run(staff, settings(), clock) is None
    await owner.execute("UPDATE projection_state SET leased_until = now() - interval '1 ms'")
    assert await prune.run(staff, settings(), clock) is not None


async def test_not_again_within_the_hour(owner: Any, staff: Pool, clock: MovableClock) -> None:
    async def due() -> bool:
        since = clock.now() - prune.HOUR
        return await prune.run(staff, settings(), clock, unless_since=since) is not None

    assert await due()
    assert not await due()
    clock.advance(timedelta(minutes=59))
    assert not await due()
    # Who asks for it by hand need not wait.
    assert await prune.run(staff, settings(), clock) is not None
    clock.advance(timedelta(minutes=59))
    assert not await due()
    clock.advance(timedelta(minutes=2))
    assert await due()


async def test_a_run_that_fails_is_due_again(owner: Any, staff: Pool, clock: MovableClock) -> None:
    def fail(_table: str, _deleted: int) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await prune.run(staff, settings(), clock, progress=fail)
    since = clock.now() - prune.HOUR
    assert await prune.run(staff, settings(), clock, unless_since=since) is not None


async def test_the_service_prunes_by_itself(
    database: Database, owner: Any, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(prune, "LOOK_SECONDS", 0.02)
    await many(owner, 10)

    async def pruned() -> bool:
        return await owner.fetchval("SELECT count(*) FROM rate_limits") == 0

    async with running(database, clock):
        await eventually(pruned)
        await many(owner, 10)
        await asyncio.sleep(0.3)
        assert not await pruned()
        clock.advance(timedelta(hours=1, seconds=1))
        await eventually(pruned)


async def test_trouble_of_the_database_does_not_end_it(
    database: Database, owner: Any, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(prune, "LOOK_SECONDS", 0.02)
    await owner.execute("ALTER TABLE rate_limits RENAME TO elsewhere")
    try:
        async with running(database, clock):
            await asyncio.sleep(0.3)
            await owner.execute("ALTER TABLE elsewhere RENAME TO rate_limits")
            await many(owner, 10)

            async def pruned() -> bool:
                return await owner.fetchval("SELECT count(*) FROM rate_limits") == 0

            await eventually(pruned)
    finally:
        await owner.execute("ALTER TABLE IF EXISTS elsewhere RENAME TO rate_limits")


async def test_the_command(database: Database, owner: Any) -> None:
    await owner.execute(
        "INSERT INTO rate_limits (bucket, window_start) "
        "SELECT n::text, now() - interval '2 hours' FROM generate_series(1, 1234) AS n"
    )
    code, said, complaints = await command(database.ways[Role.STAFF], "prune", role="staff")
    assert code == 0, complaints
    assert [line.split() for line in said.splitlines()] == [
        ["table", "deleted"],
        ["outbox", "0"],
        ["mutation_receipts", "0"],
        ["sessions", "0"],
        ["audit_log", "0"],
        ["rate_limits", "1234"],
    ]
    assert await owner.fetchval("SELECT count(*) FROM rate_limits") == 0
    await owner.execute(
        "UPDATE projection_state SET leased_by = 'somebody', leased_until = now() + interval '1 h'"
    )
    code, said, complaints = await command(database.ways[Role.STAFF], "prune", role="staff")
    assert (code, said) == (0, "")
    assert "Another process is pruning" in complaints
