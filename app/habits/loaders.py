"""Batched reads of habits with their days, and of goals with their milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core import days, sql
from app.core.context import Context
from app.core.relation import many_each, one_each
from app.core.selecting import Join, JoinMany, Wanted
from app.core.sql import Row
from app.habits.rules import MOST_MILESTONES

SQL = sql.load("habits")
RECENT = 7
"""How many of a habit's last days are shown with it."""
UNFILTERED_HABITS: dict[str, None] = dict.fromkeys(("is_active", "frequency"))
UNFILTERED_GOALS: dict[str, None] = dict.fromkeys(("status", "category"))
UNFILTERED_COMPLETIONS: dict[str, None] = dict.fromkeys(("habit_id", "first_day", "last_day"))
"""The filters of the lists, all of them left open."""


def reading_days(today: date) -> dict[str, date]:
    """The days that decide how a habit reads: today, and the first of its week."""
    return {"today": today, "week_start": days.week_start(today)}


def _habits_now(ctx: Context) -> dict[str, Any]:
    return {"user_id": ctx.user_id, **reading_days(ctx.today), **UNFILTERED_HABITS}


async def habit_by_id(ctx: Context, ids: Sequence[UUID], wanted: Wanted | None) -> list[Row | None]:
    """The viewer's habits; an id of anyone else's is None."""
    rows = await SQL["habit_list"].among(ctx.reader, "id", ids, wanted, **_habits_now(ctx))
    return one_each(ids, rows, "id")


async def completion_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """Days on which habits of the viewer's were done, by their own id."""
    rows = await SQL["completion_list"].among(
        ctx.reader, "id", ids, wanted, **_every_completion(ctx)
    )
    return one_each(ids, rows, "id")


async def completions_of_habit(
    ctx: Context,
    ids: Sequence[UUID],
    wanted: Wanted | None,
) -> list[list[Row]]:
    """The last days on which each habit was done, the latest first."""
    rows = await SQL["completions_of_habits"].each_of(
        ctx.reader, "habit_id", wanted, user_id=ctx.user_id, ids=list(ids), most=RECENT
    )
    return many_each(ids, rows, "habit_id")


def _every_goal(ctx: Context) -> dict[str, Any]:
    return {"user_id": ctx.user_id, **UNFILTERED_GOALS}


async def goal_by_id(ctx: Context, ids: Sequence[UUID], wanted: Wanted | None) -> list[Row | None]:
    """The viewer's goals; an id of anyone else's is None."""
    rows = await SQL["goal_list"].among(ctx.reader, "id", ids, wanted, **_every_goal(ctx))
    return one_each(ids, rows, "id")


async def milestone_by_id(
    ctx: Context, ids: Sequence[UUID], wanted: Wanted | None
) -> list[Row | None]:
    """The viewer's milestones; an id of anyone else's is None."""
    rows = await SQL["milestone_list"].among(ctx.reader, "id", ids, wanted, user_id=ctx.user_id)
    return one_each(ids, rows, "id")


async def milestones_of_goal(
    ctx: Context,
    ids: Sequence[UUID],
    wanted: Wanted | None,
) -> list[list[Row]]:
    """The milestones of each goal, in the user's own order."""
    rows = await SQL["milestones_of_goals"].each_of(
        ctx.reader, "goal_id", wanted, user_id=ctx.user_id, ids=list(ids), most=MOST_MILESTONES
    )
    return many_each(ids, rows, "goal_id")


def _every_completion(ctx: Context) -> dict[str, Any]:
    return {"user_id": ctx.user_id, **UNFILTERED_COMPLETIONS}


def _every_milestone(ctx: Context) -> dict[str, Any]:
    return {"user_id": ctx.user_id}


HABIT = Join(SQL["habit_list"], "id", _habits_now)
GOAL = Join(SQL["goal_list"], "id", _every_goal)
COMPLETIONS = JoinMany(
    SQL["completion_list"], "habit_id", _every_completion, "completed_date DESC", RECENT
)
MILESTONES = JoinMany(
    SQL["milestone_list"],
    "goal_id",
    _every_milestone,
    "sort_order, created_at, id",
    MOST_MILESTONES,
)
"""The same rows where they come along with others."""
