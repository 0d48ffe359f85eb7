"""Completes rows level by level: all parents' children in one load, no future and no task a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.engine.codegen import Bail
from app.engine.plans import Branch, RowPlan
from app.engine.sources import Loading


async def complete(
    plan: RowPlan,
    rows: Sequence[Any],
    row_types: frozenset[type],
    context: Loading,
    built: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The dicts of all rows with what is behind their relations; raises `Bail`.

    `built` are the dicts without it, where they are made already.
    """
    if not rows:
        return []
    out = build(plan, rows, row_types) if built is None else built
    for branch in plan.of(rows[0]).branches:
        await _follow(branch, rows, out, row_types, context)
    return out


def build(plan: RowPlan, rows: Sequence[Any], row_types: frozenset[type]) -> list[dict[str, Any]]:
    """The dicts of all rows, with None where a relation is; raises `Bail`."""
    if not row_types.issuperset(map(type, rows)):
        raise Bail
    try:
        return plan.of(rows[0]).build(rows)
    except Bail:
        raise
    except Exception as error:
        # Whatever it was, graphql-core meets it again and words it.
        raise Bail from error


async def _follow(
    branch: Branch,
    rows: Sequence[Any],
    out: list[dict[str, Any]],
    row_types: frozenset[type],
    context: Loading,
) -> None:
    try:
        keys = [row[branch.relation.key] for row in rows]
        wanted = [key for key in dict.fromkeys(keys) if key is not None]
    except Exception as error:
        raise Bail from error
    if branch.relation.many and len(wanted) < len(keys) and None in keys:
        raise Bail
    if not wanted:
        if branch.non_null and not branch.relation.many:
            raise Bail
        return
    try:
        loaded = await context.load_all(branch.relation.batch, wanted, branch.child.columns)
    except Exception as error:
        raise Bail from error
    if branch.relation.many:
        await _many(branch, keys, wanted, loaded, out, row_types, context)
    else:
        await _one(branch, keys, wanted, loaded, out, row_types, context)


async def _one(
    branch: Branch,
    keys: list[Any],
    wanted: list[Any],
    loaded: Sequence[Any],
    out: list[dict[str, Any]],
    row_types: frozenset[type],
    context: Loading,
) -> None:
    there = [(key, row) for key, row in zip(wanted, loaded, strict=True) if row is not None]
    children = await complete(branch.child, [row for _, row in there], row_types, context)
    found = {key: child for (key, _), child in zip(there, children, strict=True)}
    name = branch.key
    for key, parent in zip(keys, out, strict=True):
        child = None if key is None else found.get(key)
        if child is None and branch.non_null:
            raise Bail
        parent[name] = child


async def _many(
    branch: Branch,
    keys: list[Any],
    wanted: list[Any],
    loaded: Sequence[Any],
    out: list[dict[str, Any]],
    row_types: frozenset[type],
    context: Loading,
) -> None:
    if not all(type(group) is list for group in loaded):
        raise Bail
    children = await complete(
        branch.child, [row for group in loaded for row in group], row_types, context
    )
    found: dict[Any, list[dict[str, Any]]] = {}
    start = 0
    for key, group in zip(wanted, loaded, strict=True):
        end = start + len(group)
        found[key] = children[start:end]
        start = end
    for key, parent in zip(keys, out, strict=True):
        parent[branch.key] = found[key]
