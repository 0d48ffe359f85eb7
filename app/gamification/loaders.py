"""Reads of the rewards: batched by id, and the viewer's own sums and streaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core import page, sql
from app.core.context import Context
from app.core.page import MANUAL
from app.core.relation import one_each
from app.core.selecting import Join, Wanted
from app.core.sql import Row

SQL = sql.load("gamification")
MOST_ACHIEVEMENTS = 100
"""Four times what the catalogue holds; the cost of an operation counts with it."""


def _whole_ledger(ctx: Context) -> dict[str, Any]:
    return {"user_id": ctx.user_id, "event_type": None, "since": None, "until": None}


async def ledger_entry_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's ledger entries."""
    rows = await SQL["ledger_list"].among(ctx.reader, "id", ids, wanted, **_whole_ledger(ctx))
    return one_each(ids, rows, "id")


LEDGER_ENTRY = Join(SQL["ledger_list"], "id", _whole_ledger)
"""The same rows where they come along with others."""


async def achievement_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """Achievements; hidden ones only once the viewer has earned them."""
    rows = await SQL["achievement_list"].among(
        ctx.reader, "id", ids, wanted, user_id=ctx.user_id, earned=None, category=None
    )
    return one_each(ids, rows, "id")


async def achievement_rows(
    ctx: Context, wanted: Wanted | None = None, *, earned: bool | None, category: str | None
) -> list[Row]:
    """The achievements that the viewer may know of, in the catalogue's order."""
    return await page.whole(
        ctx.reader,
        SQL["achievement_list"],
        MANUAL,
        MOST_ACHIEVEMENTS,
        wanted,
        user_id=ctx.user_id,
        earned=earned,
        category=category,
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
