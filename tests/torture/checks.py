"""What a crash must not leave behind: acknowledged writes that are gone, and halves of writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.torture.writers import Call

# Each finds the rows of some users to which something is missing, or which there are too many of.
_HALVES = {
    "a quest without its event of creation": """
        SELECT q.id FROM user_quests AS q
        WHERE q.user_id = ANY($1) AND 1 <> (
            SELECT count(*) FROM outbox AS o
            WHERE o.user_id = q.user_id AND o.row_id = q.id AND o.event_type = 'quest.created'
        )
    """,
    "a quest without its receipt": """
        SELECT q.id FROM user_quests AS q
        WHERE q.user_id = ANY($1) AND NOT EXISTS (
            SELECT FROM mutation_receipts AS r
            WHERE r.user_id = q.user_id AND r.key = 'quest:' || q.id
        )
    """,
    "a receipt without its quest": """
        SELECT r.key FROM mutation_receipts AS r
        WHERE r.user_id = ANY($1) AND r.operation = 'createQuest' AND NOT EXISTS (
            SELECT FROM user_quests AS q
            WHERE q.user_id = r.user_id AND 'quest:' || q.id = r.key
        )
    """,
    "an accepted quest without its event": """
        SELECT q.id FROM user_quests AS q
        WHERE q.user_id = ANY($1) AND (q.status IN ('active', 'completed'))::int <> (
            SELECT count(*) FROM outbox AS o
            WHERE o.user_id = q.user_id AND o.row_id = q.id AND o.event_type = 'quest.accepted'
        )
    """,
    "a completed quest without its event": """
        SELECT q.id FROM user_quests AS q
        WHERE q.user_id = ANY($1) AND (q.status = 'completed')::int <> (
            SELECT count(*) FROM outbox AS o
            WHERE o.user_id = q.user_id AND o.row_id = q.id AND o.event_type = 'quest.completed'
        )
    """,
    "a completed quest that is not paid exactly once": """
        SELECT q.id FROM user_quests AS q
        WHERE q.user_id = ANY($1) AND (q.status = 'completed')::int <> (
            SELECT count(*) FROM points_ledger AS l
            WHERE l.user_id = q.user_id AND l.event_id = q.id AND l.reverses_id IS NULL
                AND NOT EXISTS (
                    SELECT FROM points_ledger AS r
                    WHERE r.user_id = l.user_id AND r.reverses_id = l.id
                )
        )
    """,
    "a payment without its event": """
        SELECT l.id FROM points_ledger AS l
        WHERE l.user_id = ANY($1) AND 1 <> (
            SELECT count(*) FROM outbox AS o
            WHERE o.user_id = l.user_id AND o.row_id = l.id
                AND o.event_type IN ('points.awarded', 'points.reversed')
        )
    """,
    "sums that are not the ledger's": """
        SELECT u.id FROM users AS u
        LEFT JOIN user_wallet AS w ON w.user_id = u.id
        LEFT JOIN user_progress AS p ON p.user_id = u.id
        WHERE u.id = ANY($1)
            AND (coalesce(w.coins, 0)::bigint, coalesce(p.total_xp, 0)::bigint) IS DISTINCT FROM (
                SELECT (coalesce(sum(l.coins), 0), coalesce(sum(l.xp), 0))
                FROM points_ledger AS l WHERE l.user_id = u.id
            )
    """,
    "an event past its user's clock": """
        SELECT o.id FROM outbox AS o INNER JOIN users AS u ON u.id = o.user_id
        WHERE o.user_id = ANY($1) AND (o.seq > u.change_seq OR o.ts_utc_ms > u.event_ms)
    """,
}

# A row without an id of its own is known by its user's.
_ORPHANS = """
    SELECT o.id FROM outbox AS o
    WHERE o.user_id = ANY($1) AND o.table_name = $2 AND NOT EXISTS (
        SELECT FROM {table} AS t
        WHERE t.user_id = o.user_id
            AND coalesce(to_jsonb(t) ->> 'id', o.user_id::text) = o.row_id::text
    )
"""


async def halves(owner: Any, users: Iterable[UUID]) -> list[str]:
    """Everything of the users that is there by half; empty when all is whole."""
    ids = list(users)
    found = [
        f"{what}: {row[0]}"
        for what, query in _HALVES.items()
        for row in await owner.fetch(query, ids)
    ]
    tables = await owner.fetch(
        "SELECT DISTINCT table_name FROM outbox WHERE user_id = ANY($1) ORDER BY 1", ids
    )
    for row in tables:
        table: str = row["table_name"]
        orphans = await owner.fetch(_ORPHANS.format(table=table), ids, table)
        found += [f"an event without its row in {table}: {each['id']}" for each in orphans]
    return found


_REACHED = {
    "createQuest": ("available", "active", "completed"),
    "acceptQuest": ("active", "completed"),
    "completeQuest": ("completed",),
}


async def lost(owner: Any, user_id: UUID, acknowledged: Iterable[Call]) -> list[Call]:
    """The acknowledged calls whose effect is not there."""
    rows = await owner.fetch("SELECT id, status FROM user_quests WHERE user_id = $1", user_id)
    status = {str(row["id"]): row["status"] for row in rows}
    return [call for call in acknowledged if status.get(call.uuid) not in _REACHED[call.name]]
