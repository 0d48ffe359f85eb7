"""Batched reads of quests, universal quests and the viewer's progress in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core import days, sql, together
from app.core.context import Context
from app.core.relation import one_each
from app.core.selecting import Join, Wanted
from app.core.sql import Row
from app.core.together import Part
from app.quests import universal

SQL = sql.load("quests")

UNFILTERED: dict[str, None] = dict.fromkeys(("status", "difficulty", "category", "is_active"))
"""The filters of the list of quests, all of them left open."""


def reading_days(today: date) -> dict[str, date]:
    """The days that decide how a quest reads: today, and the firsts of its week and month."""
    return {
        "today": today,
        "week_start": days.week_start(today),
        "month_start": days.month_start(today),
    }


async def quests_now(
    connection: sql.Connection,
    ids: Iterable[UUID],
    user_id: UUID,
    now: datetime,
    today: date,
    wanted: Wanted | None = None,
) -> list[Row]:
    """The user's quests with these ids, as they read at this moment."""
    return await SQL["quest_list"].among(
        connection, "id", ids, wanted, user_id=user_id, now=now, **reading_days(today), **UNFILTERED
    )


def quest_now(quest_id: UUID, user_id: UUID, now: datetime, today: date) -> Part:
    """One of them, for who reads it together with something else; no row: there is none."""
    return together.look_up(
        SQL["quest_list"],
        "id",
        [quest_id],
        user_id=user_id,
        now=now,
        **reading_days(today),
        **UNFILTERED,
    )


async def quest_by_id(ctx: Context, ids: Sequence[UUID], wanted: Wanted | None) -> list[Row | None]:
    """The viewer's quests; an id of anyone else's is None."""
    rows = await quests_now(ctx.reader, ids, ctx.user_id, ctx.now, ctx.today, wanted)
    return one_each(ids, rows, "id")


def _every_universal_quest(_ctx: Context) -> dict[str, None]:
    return {"type": None, "is_active": None}


async def universal_quest_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """Universal quests, active or retired."""
    rows = await SQL["universal_quest_list"].among(
        ctx.reader, "id", ids, wanted, **_every_universal_quest(ctx)
    )
    return one_each(ids, rows, "id")


def _progress_now(ctx: Context) -> dict[str, Any]:
    viewer = ctx.signed_in
    starts = universal.period_starts(ctx.today, viewer.timezone, viewer.day_start_hour)
    return {"user_id": viewer.user_id, **starts}


async def progress_of_universal_quest(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's progress by the universal quest's id; None for one that was not accepted."""
    rows = await SQL["universal_progress_list"].among(
        ctx.reader, "quest_id", ids, wanted, **_progress_now(ctx)
    )
    return one_each(ids, rows, "quest_id")


async def universal_progress_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's progress by its own id."""
    rows = await SQL["universal_progress_list"].among(
        ctx.reader, "id", ids, wanted, **_progress_now(ctx)
    )
    return one_each(ids, rows, "id")


UNIVERSAL_QUEST = Join(SQL["universal_quest_list"], "id", _every_universal_quest)
PROGRESS = Join(SQL["universal_progress_list"], "quest_id", _progress_now)
"""The same rows where they come along with others."""
