"""The lists of the viewer's habits and goals: their filters and their pages."""

from __future__ import annotations

import strawberry

from app.core import inputs, page, sql
from app.core.context import Context
from app.core.page import Connection, Window
from app.core.selecting import Wanted
from app.habits import loaders
from app.habits.rules import GoalStatus
from app.habits.streaks import HabitFrequency
from app.habits.types import GOAL_ORDERS, HABIT_ORDERS, Goal, GoalOrder, Habit, HabitOrder

SQL = sql.load("habits")


@strawberry.input(description="Which habits to list; what is left out does not matter.")
class HabitFilterInput:
    """The conditions combine with AND."""

    is_active: bool | None = strawberry.field(
        default=None, description="Only those in use (true) or archived (false)."
    )
    frequency: HabitFrequency | None = strawberry.field(
        default=None, description="Only of this kind of schedule."
    )


@strawberry.input(description="Which goals to list; what is left out does not matter.")
class GoalFilterInput:
    """The conditions combine with AND."""

    status: GoalStatus | None = strawberry.field(default=None, description="Only in this state.")
    category: str | None = inputs.text(inputs.SHORT, "Only of this category.", default=None)


async def habit_page(
    ctx: Context,
    filters: HabitFilterInput,
    order: HabitOrder,
    window: Window,
    wanted: Wanted | None = None,
) -> Connection[Habit]:
    """A page of the viewer's habits."""
    return await page.read(
        ctx.reader,
        SQL["habit_list"],
        HABIT_ORDERS[order],
        window,
        wanted,
        user_id=ctx.user_id,
        is_active=filters.is_active,
        frequency=filters.frequency,
        **loaders.reading_days(ctx.today),
    )


async def goal_page(
    ctx: Context,
    filters: GoalFilterInput,
    order: GoalOrder,
    window: Window,
    wanted: Wanted | None = None,
) -> Connection[Goal]:
    """A page of the viewer's goals."""
    return await page.read(
        ctx.reader,
        SQL["goal_list"],
        GOAL_ORDERS[order],
        window,
        wanted,
        user_id=ctx.user_id,
        status=filters.status,
        category=filters.category,
    )
