"""Old rows, and how old what is left of them is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.prune.conftest import NOW
from tests.relay.helpers import make_user


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


async def many(owner: Any, count: int) -> None:
    """Old counters."""
    await owner.execute(
        "INSERT INTO rate_limits (bucket, window_start) "
        "SELECT n::text, $1 FROM generate_series(1, $2::integer) AS n",
        NOW - timedelta(days=1),
        count,
    )
