"""Batched reads of quests and universal quests."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import sql
from app.core.context import Context
from app.core.relation import one_each
from app.core.sql import Row

SQL = sql.load("quests")


async def quest_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's quests; an id of anyone else's is None."""
    rows = await SQL["quest_by_ids"].all(
        ctx.reader, user_id=ctx.user_id, ids=list(ids), now=ctx.now
    )
    return one_each(ids, rows, "id")


async def universal_quest_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """Universal quests, active or retired."""
    rows = await SQL["universal_quest_by_ids"].all(ctx.reader, ids=list(ids))
    return one_each(ids, rows, "id")
