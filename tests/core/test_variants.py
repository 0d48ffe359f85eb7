"""Filters that are not set leave a statement, and what is left of it means the same."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.core import sql
from app.core.sql import Query
from app.core.variants import filters, shifted, without
from tests.house.named import QUERIES
from tests.support import Service

FILTERED = [query for _, query in QUERIES if filters(query.sql, query.parameters)]


def parsed(text: str) -> Query:
    (query,) = sql.parse(f"-- name: a\n{text}", "x.sql")
    return query


LISTED = parsed(
    "SELECT q.a FROM q WHERE (:b::text IS null OR q.b = :b) AND q.c = :c "
    "AND (:d::int[] IS NULL OR (q.d = any(:d) OR q.e = ')'))"
)


def test_a_filter_that_is_not_set_is_gone_with_its_parameter() -> None:
    assert LISTED.fitted({"b": None, "c": 1, "d": None}) == (
        "SELECT q.a FROM q WHERE true AND q.c = $1 AND true",
        [1],
    )


def test_a_filter_that_is_set_keeps_its_type() -> None:
    text, arguments = LISTED.fitted({"b": "x", "c": 1, "d": [2]})
    assert text == (
        "SELECT q.a FROM q WHERE (q.b = $1::text) AND q.c = $2 "
        "AND ((q.d = any($3::int[]) OR q.e = ')'))"
    )
    assert arguments == ["x", 1, [2]]
    assert LISTED.fitted({"b": "x", "c": 1, "d": None})[1] == ["x", 1]


def test_a_parameter_that_is_used_elsewhere_stays() -> None:
    query = parsed("SELECT :a::int FROM q WHERE (:a::int IS null OR q.b = :a)")
    assert query.fitted({"a": None}) == ("SELECT $1::int FROM q WHERE true", [None])


def test_what_only_looks_like_a_filter_stays() -> None:
    text = "SELECT 1 FROM q WHERE (q.b IS null OR q.b > :c)"
    assert parsed(text).fitted({"c": None}) == (text.replace(":c", "$1"), [None])


def test_wrong_names_are_refused() -> None:
    with pytest.raises(TypeError, match="takes"):
        LISTED.fitted({"b": 1})


def test_parameters_come_after_others() -> None:
    assert shifted("SELECT $1, $10, $2", 10, 3) == "SELECT $4, $13, $5"


@pytest.mark.parametrize("query", FILTERED, ids=[query.name for query in FILTERED])
async def test_every_variant_is_a_statement(query: Query, service: Service) -> None:
    optional = filters(query.sql, query.parameters)
    whole = await service.owner.prepare(query.sql)
    named = dict(zip(query.parameters, [p.name for p in whole.get_parameters()], strict=True))
    for size in range(len(optional) + 1):
        for unset in combinations(optional, size):
            text, left = without(query.sql, query.parameters, unset)
            prepared = await service.owner.prepare(text)
            assert [p.name for p in prepared.get_parameters()] == [named[name] for name in left]
            assert prepared.get_attributes() == whole.get_attributes()
