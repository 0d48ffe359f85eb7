"""Joined reads: each part answers what it would answer alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.core import sql, together
from app.core.together import Part
from tests.support import Service, traced

TEXTS = """
-- name: values
SELECT
    :id::uuid AS id, :n::int AS n, :day::date AS day, '1.50'::numeric AS price,
    :at::timestamptz AS at, jsonb_build_object('a', :n::int) AS document, NULL::text AS nothing;
-- name: numbers
SELECT n.n, 'x' || n.n AS id FROM generate_series(1, :most::int) AS n (n) WHERE n.n <> :but;
-- name: none
SELECT 1 AS n WHERE :some::bool;
"""
SQL = {query.name: query for query in sql.parse(TEXTS, "planted")}
VALUES: dict[str, Any] = {
    "id": UUID(int=5),
    "n": 3,
    "day": date(2026, 3, 1),
    "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
}


def parts() -> list[Part]:
    """Parts of one row, of several and of none, with columns of the same names."""
    return [
        together.part(SQL["numbers"], most=4, but=3),
        together.part(SQL["none"], some=False),
        together.part(SQL["values"], **VALUES),
        together.look_up(SQL["numbers"], "n", [2, 4, 9], most=5, but=1),
    ]


async def test_parts_answer_as_they_do_alone(service: Service) -> None:
    connection = service.owner
    rows = await together.read(connection, *parts())
    alone = [(await together.read(connection, each))[0] for each in parts()]
    assert [[dict(row) for row in found] for found in rows] == [
        [dict(row) for row in found] for found in alone
    ]
    assert rows[0] == [{"n": 1, "id": "x1"}, {"n": 2, "id": "x2"}, {"n": 4, "id": "x4"}]
    assert rows[1] == []
    assert rows[2] == [{**VALUES, "price": Decimal("1.50"), "document": {"a": 3}, "nothing": None}]
    assert [row["n"] for row in rows[3]] == [2, 4]


async def test_parts_without_any_row(service: Service) -> None:
    none = together.part(SQL["none"], some=False)
    assert await together.read(service.owner, none, none) == [[], []]


async def test_parts_are_one_statement(service: Service) -> None:
    pool = service.app.state.databases.api
    with traced() as tracer:
        await together.read(pool, *parts())
    assert len(tracer.statements) == 1
