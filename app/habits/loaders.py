"""Batched reads of habits with their days, and of goals with their milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core import days, sql
from app.core.context import Context
from app.core.relation import many_each, one_each
from app.core.sql import Row
from app.habits.rules import MOST_MILESTONES

SQL = sql.load("habits")
RECENT = 7
"""How many of a habit's last days are shown with it."""
UNFILTERED_HABITS: dict[str, None] = dict.fromkeys(("is_active", "frequency"))
UNFILTERED_GOALS: dict[str, None] = dict.fromkeys(("status", "category"))
"""The filters of the two lists, all of them left open."""


def reading_days(today: date) -> dict[str, date]:
    """The days that decide how a habit reads: today, and the first of its week."""
    return {"today": today, "week_start": days.week_start(today)}


async def habit_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's habits; an id of anyone else's is None."""
    rows = await SQL["habit_list"].among(
        ctx.reader,
        "id",
        ids,
        user_id=ctx.user_id,
        **reading_days(ctx.today),
        **UNFILTERED_HABITS,
    )
    return one_each(ids, rows, "id")


async def completion_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """Days on which habits of the viewer's were done, by their own id."""
    unfiltered: dict[str, Any] = dict.fromkeys(("habit_id", "first_day", "last_day"))
    rows = await SQL["completion_list"].among(
        ctx.reader, "id", ids, user_id=ctx.user_id, **unfiltered
    )
    return one_each(ids, rows, "id")


async def completions_of_habit(ctx: Context, ids: Sequence[UUID]) -> list[list[Row]]:
    """The last days on which each habit was done, the latest first."""
    rows = await SQL["completions_of_habits"].all(
        ctx.reader, user_id=ctx.user_id, ids=list(ids), most=RECENT
    )
    return many_each(ids, rows, "habit_id")


async def goal_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's goals; an id of anyone else's is None."""
    rows = await SQL["goal_list"].among(
        ctx.reader, "id", ids, user_id=ctx.user_id, **UNFILTERED_GOALS
    )
    return one_each(ids, rows, "id")


async def milestone_by_id(ctx: Context, ids: Sequence[UUID]) -> list[Row | None]:
    """The viewer's milestones; an id of anyone else's is None."""
    rows = await SQL["milestone_list"].among(ctx.reader, "id", ids, user_id=ctx.user_id)
    return one_each(ids, rows, "id")


async def milestones_of_goal(ctx: Context, ids: Sequence[UUID]) -> list[list[Row]]:
    """The milestones of each goal, in the user's own order."""
    rows = await SQL["milestones_of_goals"].all(
        ctx.reader, user_id=ctx.user_id, ids=list(ids), most=MOST_MILESTONES
    )
    return many_each(ids, rows, "goal_id")
