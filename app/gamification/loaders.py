"""Reads of the rewards: batched by id, and the viewer's own sums and streaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core import sql
from app.core.context import Context
from app.core.relation import one_each
from app.core.sql import Row

SQL = sql.load("gamification")


async def ledger_entry_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's ledger entries."""
    rows = await SQL["ledger_entry_by_ids"].all(ctx.reader, user_id=ctx.user_id, ids=list(ids))
    return one_each(ids, rows, "id")


async def achievement_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """Achievements; hidden ones only once the viewer has earned them."""
    rows = await SQL["achievement_by_ids"].all(ctx.reader, user_id=ctx.user_id, ids=list(ids))
    return one_each(ids, rows, "id")


async def achievement_rows(ctx: Context, *, earned: bool | None, category: str | None) -> list[Row]:
    """The achievements that the viewer may know of."""
    return await SQL["achievement_list"].all(
        ctx.reader, user_id=ctx.user_id, earned=earned, category=category
    )


async def streak_rows(ctx: Context) -> tuple[list[Row], date]:
    """The viewer's streaks, and the viewer's today at which they are to be read."""
    rows = await SQL["streaks_of_viewer"].all(ctx.reader, user_id=ctx.user_id)
    return rows, ctx.today


async def event_counts(ctx: Context, event_types: Sequence[str]) -> dict[str, int]:
    """How often events happened to the viewer, up to the thousand that achievements count."""
    rows = await SQL["event_counts"].all(
        ctx.reader, user_id=ctx.user_id, event_types=list(event_types)
    )
    return {row["event_type"]: row["events"] for row in rows}
