"""What a piece of work left in the database: the rows that it committed, table by table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from app.core import ids
from tests.support import Service

Effect: TypeAlias = dict[str, tuple[int, tuple[str, ...]]]
"""By table: how many rows more there are, and the rows that were added or changed, made alike."""

# Tries are counted whatever becomes of them.
COUNTED_ALWAYS = "rate_limits"
# The service prunes while it runs, and holds a lease for that.
LEASES = "projection_state"
_LAST_XID = 2**40


@dataclass(frozen=True)
class Mark:
    """A moment between two transactions."""

    xid: int
    counts: Mapping[str, int]


async def mark(service: Service) -> Mark:
    """The present moment; nothing may be writing."""
    xid: int = await service.owner.fetchval("SELECT pg_current_xact_id()::xid::text::bigint")
    rows = await _read(service, _LAST_XID)
    return Mark(xid, {name: count for name, count, _ in rows})


async def effect(service: Service, since: Mark, *ignored: str) -> Effect:
    """What was committed since the mark; empty when nothing was.

    A changed row is a row of a newer transaction, so that even a change to the same value shows.
    Deleted rows show in the count.
    """
    return {
        name: (count - since.counts.get(name, 0), tuple(sorted(alike(row) for row in new)))
        for name, count, new in await _read(service, since.xid)
        if name not in (COUNTED_ALWAYS, LEASES, *ignored)
        and (new or count != since.counts.get(name, 0))
    }


async def _read(service: Service, xid: int) -> list[tuple[str, int, list[Any]]]:
    # Most tables are empty in most tests; those that never held a row are not even asked.
    held = await service.owner.fetch(
        """
        SELECT c.oid::regclass::text AS name
        FROM pg_class AS c
        WHERE c.relnamespace IN ('public'::regnamespace, 'learning'::regnamespace)
        AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
        ORDER BY 1
        """
    )
    query = " UNION ALL ".join(
        f"SELECT '{r['name']}' AS name, count(*) AS total, array_agg(to_jsonb(t)::text) "
        f"FILTER (WHERE t.xmin::text::bigint > $1) AS new FROM {r['name']} AS t"
        for r in held
    )
    rows = await service.owner.fetch(query, xid)
    return [(r["name"], r["total"], [json.loads(each) for each in r["new"] or ()]) for r in rows]


# What differs between two runs of the same thing, in the order in which it is made alike.
_VARYING = (
    (re.compile(r"ql_[0-9a-f]{32}_[\w-]{43}"), "<token>"),
    (re.compile(r"^WyJ[\w-]{20,}$"), "<cursor>"),
    (re.compile(r"\$argon2id\$\S+"), "<hash>"),
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})\b"), "<hex>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<date>"),
    (re.compile(r"\b1\d{12}\b"), "<milliseconds>"),
)


def unlike(one: Effect, other: Effect) -> str:
    """The tables in which two effects differ, with both sides; empty when they are the same."""
    return "; ".join(
        f"{name}: {one.get(name)} instead of {other.get(name)}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    )


_POSITIONS = re.compile(r"(?:.*_)?seq|.*_ms")


def alike(value: Any) -> str:
    """A row or an answer as text, without what differs from run to run: ids, times, secrets."""
    return json.dumps(_alike(value), sort_keys=True)


def _alike(value: Any) -> Any:
    if isinstance(value, str):
        named = ids.decode(value)
        if named is not None:
            return f"<id of a {named[0]}>"
        for pattern, mark_ in _VARYING:
            value = pattern.sub(mark_, cast("str", value))
        return value
    if isinstance(value, list):
        return [_alike(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {
            name: "<position>"
            if isinstance(each, int) and (_POSITIONS.fullmatch(name) or name == "id")
            else _alike(each)
            for name, each in fields.items()
        }
    return value
