"""Batched reads of users."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import sql
from app.core.context import Context
from app.core.relation import one_each
from app.core.selecting import Wanted
from app.core.sql import Row

SQL = sql.load("auth")


async def user_by_id(ctx: Context, ids: Sequence[UUID], _wanted: Wanted | None) -> list[Row | None]:
    """The viewer's own account; every other id is None."""
    rows = await SQL["user_by_ids"].all(ctx.reader, user_id=ctx.user_id, ids=list(ids))
    return one_each(ids, rows, "id")


async def session_by_id(
    ctx: Context, ids: Sequence[UUID], _wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's sessions and API tokens, live or ended."""
    rows = await SQL["session_by_ids"].all(ctx.reader, user_id=ctx.user_id, ids=list(ids))
    return one_each(ids, rows, "id")
