"""Pruning: each table by its own age, in small batches, by one process, once an hour."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app import prune
from app.core.clock import MovableClock
from app.core.db import Pool, Role, close_pool, open_pool
from app.core.settings import Settings
from tests.prune.conftest import NOW, TABLES
from tests.prune.rows import ages_left, fill, many, put_event
from tests.relay.helpers import command, make_user
from tests.support import Database

pytestmark = pytest.mark.sql


def settings(**changes: Any) -> Settings:
    return Settings(**changes)


@pytest.fixture(scope="module")
async def staff(database: Database) -> AsyncGenerator[Pool]:
    pool = await open_pool(database.ways[Role.STAFF], settings(), 2, asyncpg.Connection)
    yield pool
    await close_pool(pool, settings())


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


async def test_one_process_at_a_time(
    database: Database, owner: Any, staff: Pool, clock: MovableClock
) -> None:
    await many(owner, 10)
    others: list[prune.Report | None] = []

    async def other() -> None:
        pool = await open_pool(database.ways[Role.STAFF], settings(), 1, asyncpg.Connection)
        others.append(await prune.run(pool, settings(), clock))
        await close_pool(pool, settings())

    def meanwhile(_table: str, _deleted: int) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, other()).result()

    report = await prune.run(staff, settings(), clock, progress=meanwhile)
    assert report is not None
    assert report.deleted["rate_limits"] == 10
    assert others == [None] * 10
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
