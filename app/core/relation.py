"""Declares a relation once: which loader answers it and which column of the parent is its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import strawberry

from app.core.bounds import AtMost
from app.core.context import Batch, Info
from app.core.selecting import Join, JoinMany
from app.core.sql import Row
from app.engine import Relation


def to_one(batch: Batch, key: str, description: str, join: Join | None = None) -> Any:
    """The one row that the parent's `key` points to, or null where the key is null.

    With a `join`, which must find the same row as the loader, a list's statement may bring it.
    """

    async def resolve(root: Any, info: Info) -> Any:
        value = root[key]
        return None if value is None else await info.context.load(batch, value)

    return _declare(resolve, Relation(batch, key, many=False, join=join), description)


def to_many(
    batch: Batch, key: str, description: str, most: int, join: JoinMany | None = None
) -> Any:
    """The rows that point back to the parent's `key`, in the order of the loader's SQL.

    `most` is the LIMIT for each parent there. With a `join`, which must find the same rows in the
    same order as the loader, a list's statement may bring them.
    """

    async def resolve(root: Any, info: Info) -> Any:
        return await info.context.load(batch, root[key])

    return _declare(
        resolve, Relation(batch, key, many=True, join=join), description, bound=AtMost(most)
    )


def _declare(
    resolve: Callable[..., Any], relation: Relation, description: str, **metadata: Any
) -> Any:
    del resolve.__annotations__["return"]  # the field's own annotation gives the type
    return strawberry.field(
        resolver=resolve, description=description, metadata={"relation": relation, **metadata}
    )


def one_each(keys: Sequence[Any], rows: Sequence[Row], column: str) -> list[Row | None]:
    """Rows sorted to the keys they were loaded by: one or None for each key."""
    found = {row[column]: row for row in rows}
    return [found.get(key) for key in keys]


def many_each(keys: Sequence[Any], rows: Sequence[Row], column: str) -> list[list[Row]]:
    """Rows sorted to the keys they were loaded by: a list, perhaps empty, for each key."""
    found: dict[Any, list[Row]] = {key: [] for key in keys}
    for row in rows:
        found[row[column]].append(row)
    return [found[key] for key in keys]
