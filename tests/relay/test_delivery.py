"""Batches in this process: marks, refused events, retries, dead letters, and the reading itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.core import sql
from app.core.clock import MovableClock
from app.core.db import Pool
from app.relay import admin, retries
from app.relay.envelope import CloudEvent
from tests.relay.helpers import (
    Recorder,
    eventually,
    make_user,
    relaying,
    settings,
    stored,
    waiting,
    write,
)
from tests.support import Database

pytestmark = pytest.mark.sql


async def drained(owner: Any) -> None:
    """Wait until nothing is left to deliver."""

    async def empty() -> bool:
        return await waiting(owner) == 0

    await eventually(empty)


async def test_everything_is_delivered_and_marked(owner: Any, api: Pool, relay_pool: Pool) -> None:
    users = [await make_user(owner) for _ in range(3)]
    for number in range(60):
        await write(api, users[number % 3], events=2)
    recorder = Recorder()
    async with relaying(relay_pool, recorder) as relay:
        await drained(owner)
        assert (await admin.status(relay_pool, MovableClock())).holder == relay.lease.holder
    rows = await stored(owner)
    assert len(rows) == 120
    assert recorder.tries == recorder.ids
    assert {row["attempts"] for row in rows} == {1}
    for user in users:
        mine = [UUID(event["id"]) for event in recorder.events if event["userid"] == str(user)]
        assert mine == [row["id"] for row in rows if row["user_id"] == user]
    state = await owner.fetchrow("SELECT * FROM projection_state WHERE projector = 'relay'")
    assert (state["leased_by"], state["leased_until"]) == (None, None)
    last = json.loads(state["last_processed"])
    assert last["id"] == recorder.events[-1]["id"]
    assert last["seq"] == int(recorder.events[-1]["sequence"])


async def test_a_poison_event_delays_only_its_user(owner: Any, api: Pool, relay_pool: Pool) -> None:
    victim, other = await make_user(owner), await make_user(owner)
    await write(api, victim, events=3)
    mine = [row["id"] for row in await stored(owner)]
    poison = mine[1]
    recorder, clock = Recorder(), MovableClock()
    recorder.refused = {poison}

    async def row() -> Any:
        return await owner.fetchrow("SELECT * FROM outbox WHERE id = $1", poison)

    async def tried() -> bool:
        found = await row()
        return found["attempts"] == attempt and found["last_error"] is not None

    async with relaying(relay_pool, recorder, clock=clock):
        for attempt in range(1, retries.MOST_TRIES + 1):
            before = clock.now()
            await eventually(tried)
            # Events of others come meanwhile, those of the same user wait.
            await write(api, other)

            async def others_came(expected: int = attempt) -> bool:
                return len(recorder.ids) == expected + 1 + (expected == retries.MOST_TRIES)

            await eventually(others_came)
            assert recorder.tries.count(poison) == attempt
            found = await row()
            assert found["last_error"] == f"I don't take {poison}"
            if attempt == retries.MOST_TRIES:
                break
            assert recorder.ids[0] == mine[0]
            assert mine[2] not in recorder.tries
            assert found["dead_at"] is None
            wait = found["next_attempt_at"] - before
            assert timedelta(seconds=2 ** (attempt - 1) * 0.5) <= wait
            assert wait <= timedelta(seconds=2 ** (attempt - 1) * 1.5 + 10)
            clock.set(found["next_attempt_at"])
        assert (await row())["dead_at"] is not None
        assert mine[2] in recorder.ids
        status = await admin.status(relay_pool, clock)
        assert (status.waiting, status.dead, status.delivered) == (0, 1, 12)

        # It stays dead until somebody asks for it, and then has all its tries again.
        clock.advance(timedelta(days=1))
        await write(api, victim)
        await drained(owner)
        assert recorder.tries.count(poison) == retries.MOST_TRIES
        assert await admin.requeue(relay_pool, poison)
        attempt = 1
        await eventually(tried)
        recorder.refused = set()
        assert await admin.requeue(relay_pool, poison)
        await drained(owner)
    assert recorder.ids.count(poison) == 1
    assert recorder.ids[-1] == poison
    assert (await row())["attempts"] == 1


async def test_all_the_dead_are_requeued(owner: Any, api: Pool, relay_pool: Pool) -> None:
    user = await make_user(owner)
    await write(api, user, events=4)
    ids = [row["id"] for row in await stored(owner)]
    await owner.execute(
        "UPDATE outbox SET attempts = 10, dead_at = now() WHERE id = ANY($1)", ids[:2]
    )
    recorder = Recorder()
    async with relaying(relay_pool, recorder):
        await drained(owner)
    assert recorder.ids == ids[2:]
    assert not await admin.requeue(relay_pool, ids[2]), "what is delivered stays delivered"
    assert await admin.requeue_dead(relay_pool) == 2
    assert await admin.requeue_dead(relay_pool) == 0
    async with relaying(relay_pool, recorder):
        await drained(owner)
    assert recorder.ids == ids[2:] + ids[:2]


async def test_one_who_waits_does_not_fill_the_batches(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    victim, other = await make_user(owner), await make_user(owner)
    for _ in range(4):
        await write(api, victim, events=10)
    await write(api, other, events=10)
    rows = await stored(owner)
    first = next(row["id"] for row in rows if row["user_id"] == victim)
    recorder = Recorder()
    recorder.refused = {first}
    async with relaying(relay_pool, recorder, settings(relay_batch=5)):

        async def others_came() -> bool:
            return len(recorder.ids) == 10

        await eventually(others_came)
    assert recorder.ids == [row["id"] for row in rows if row["user_id"] == other]
    assert recorder.tries.count(first) == 1


async def test_an_event_that_can_not_be_told_is_refused_too(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user, other = await make_user(owner), await make_user(owner)
    await owner.execute("UPDATE users SET event_ms = 253402300800000 WHERE id = $1", user)
    await write(api, user)
    await write(api, other)
    recorder = Recorder()
    async with relaying(relay_pool, recorder):

        async def refused() -> bool:
            return await owner.fetchval(
                "SELECT count(*) FROM outbox WHERE user_id = $1 AND last_error LIKE '%no date%'",
                user,
            )

        await eventually(refused)
    assert [event["userid"] for event in recorder.events] == [str(other)]


async def test_an_outage_of_the_destination_costs_no_tries(
    owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user, events=5)
    recorder = Recorder()
    outages = 0

    async def fail(event: CloudEvent) -> None:
        nonlocal outages
        if len(recorder.tries) % 5 == 2 and outages < 3:
            outages += 1
            raise ConnectionRefusedError("not at home")

    recorder.before_put = fail
    async with relaying(relay_pool, recorder):
        await drained(owner)
    rows = await stored(owner)
    assert outages == 3
    assert recorder.ids == [row["id"] for row in rows]
    assert {row["attempts"] for row in rows} == {1}


async def test_marks_respect_what_others_changed(owner: Any, api: Pool, relay_pool: Pool) -> None:
    """An event that is put back while it is delivered is delivered again, not marked by mistake."""
    user = await make_user(owner)
    await write(api, user, events=2)
    ids = [row["id"] for row in await stored(owner)]
    await owner.execute("UPDATE outbox SET attempts = 3 WHERE id = $1", ids[0])
    recorder = Recorder()

    async def put_back(event: CloudEvent) -> None:
        if event.id == ids[0] and not recorder.tries:
            assert await admin.requeue(relay_pool, ids[0])

    recorder.before_put = put_back
    async with relaying(relay_pool, recorder):
        await drained(owner)
    assert recorder.ids == [*ids, ids[0]]
    assert [row["attempts"] for row in await stored(owner)] == [1, 1]


async def test_rows_that_vanish_are_no_trouble(
    database: Database, owner: Any, api: Pool, relay_pool: Pool
) -> None:
    user = await make_user(owner)
    await write(api, user, events=3)
    gone = (await stored(owner))[1]["id"]
    recorder = Recorder()

    # Of its own: the other one is asked all the time whether everything is delivered.
    eraser = await asyncpg.connect(database.owner_url)

    async def erase(event: CloudEvent) -> None:
        if event.id == gone:
            await eraser.execute("DELETE FROM outbox WHERE id = $1", gone)

    recorder.before_put = erase
    try:
        async with relaying(relay_pool, recorder):
            await drained(owner)
    finally:
        await eraser.close()
    assert len(recorder.ids) == 3
    assert [row["processed"] for row in await stored(owner)] == [True, True]


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a plan."""
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


async def test_the_oldest_are_read_by_the_index_of_the_undelivered(
    owner: Any, relay_pool: Pool
) -> None:
    """Nothing is sorted and nothing delivered is looked at, whoever is left out."""
    await owner.execute(
        """
        INSERT INTO outbox (user_id, seq, event_type, table_name, row_id, payload, ts_utc_ms,
            processed, delivered_at)
        SELECT md5((n % 50)::text)::uuid, n, 'quest.created', 'user_quests', gen_random_uuid(),
            '{}', n, n < 10000, CASE WHEN n < 10000 THEN now() END
        FROM generate_series(1, 12000) AS n;
        """
    )
    await owner.execute("ANALYZE outbox")
    query = sql.load("relay")["outbox_undelivered"]
    users = [row[0] for row in await owner.fetch("SELECT DISTINCT user_id::text FROM outbox")]
    async with relay_pool.acquire() as connection:
        statement = await connection.prepare(query.sql)
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"SET plan_cache_mode = {mode}")
            for left_out in ([], users[:20]):
                plan = await connection.fetchval(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {statement.get_name()} "
                    f"('{{{','.join(left_out)}}}', 50)"
                )
                found = nodes(plan[0]["Plan"])
                assert [node["Node Type"] for node in found] == ["Limit", "Index Scan"]
                assert found[1]["Index Name"] == "outbox_ts_utc_ms_user_id_seq_idx"
                assert found[1]["Actual Rows"] == 50
                assert found[1].get("Rows Removed by Filter", 0) < 100
        await connection.execute("RESET plan_cache_mode")
