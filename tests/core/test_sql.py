"""The reader of query files numbers parameters, keeps casts and texts, and refuses bad files."""

from __future__ import annotations

import pytest

from app.core import sql
from app.core.sql import Queries, QueryFileError


def parsed(text: str) -> list[sql.Query]:
    return list(sql.parse(text, "x.sql"))


def test_parameters_are_numbered_by_their_first_use() -> None:
    (query,) = parsed("-- name: a\nSELECT :b::int, :c, :b, 'a :text', \"q:d\" -- :no\n")
    assert query.parameters == ("b", "c")
    assert query.sql == "SELECT $1::int, $2, $1, 'a :text', \"q:d\" -- :no"


def test_comments_and_scope_belong_to_the_query() -> None:
    one, two = parsed(
        "-- name: a\n-- scope: staff\n-- Says\n-- why.\nSELECT 1;\n\n-- name: b\nSELECT 2"
    )
    assert (one.scope, one.description, one.sql) == ("staff", "Says why.", "SELECT 1")
    assert (two.scope, two.sql) == ("user", "SELECT 2")


@pytest.mark.parametrize(
    "text", ["SELECT 1\n-- name: a\nSELECT 2", "-- name: a\n-- name: b\nSELECT 1"]
)
def test_bad_files_are_refused(text: str) -> None:
    with pytest.raises(QueryFileError):
        parsed(text)


def test_a_name_may_stand_once() -> None:
    with pytest.raises(QueryFileError):
        Queries("x", iter(parsed("-- name: a\nSELECT 1\n-- name: a\nSELECT 2")))


def test_wrong_argument_names_are_refused() -> None:
    (query,) = parsed("-- name: a\nSELECT :b")
    with pytest.raises(TypeError, match="takes"):
        query.arguments({"c": 1})
    with pytest.raises(TypeError, match="takes"):
        query.arguments({"b": 1, "c": 1})
