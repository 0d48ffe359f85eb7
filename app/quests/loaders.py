"""Batched reads of quests, universal quests and the viewer's progress in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core import days, sql
from app.core.context import Context
from app.core.relation import one_each
from app.core.sql import Row

SQL = sql.load("quests")


def reading_days(today: date) -> dict[str, date]:
    """The days that decide how a quest reads: today, and the firsts of its week and month."""
    return {
        "today": today,
        "week_start": days.week_start(today),
        "month_start": days.month_start(today),
    }


async def quest_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's quests; an id of anyone else's is None."""
    rows = await SQL["quest_by_ids"].all(
        ctx.reader,
        user_id=ctx.user_id,
        ids=list(ids),
        now=ctx.now,
        **reading_days(ctx.today),
    )
    return one_each(ids, rows, "id")


async def universal_quest_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """Universal quests, active or retired."""
    rows = await SQL["universal_quest_by_ids"].all(ctx.reader, ids=list(ids))
    return one_each(ids, rows, "id")


async def progress_of_universal_quest(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's progress by the universal quest's id; None for one that was not accepted."""
    rows = await SQL["universal_progress_by_quest_ids"].all(
        ctx.reader, user_id=ctx.user_id, quest_ids=list(ids), **_period_starts(ctx)
    )
    return one_each(ids, rows, "quest_id")


async def universal_progress_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's progress by its own id."""
    rows = await SQL["universal_progress_by_ids"].all(
        ctx.reader, user_id=ctx.user_id, ids=list(ids), **_period_starts(ctx)
    )
    return one_each(ids, rows, "id")


def _period_starts(ctx: Context) -> dict[str, Any]:
    zone, day_start_hour = ctx.signed_in.timezone, ctx.signed_in.day_start_hour
    today = ctx.today
    return {
        "day_start": days.day_start(today, zone, day_start_hour),
        "week_start": days.day_start(days.week_start(today), zone, day_start_hour),
        "month_start": days.day_start(days.month_start(today), zone, day_start_hour),
    }
