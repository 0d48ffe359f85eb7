"""Root fields that read habits and goals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import strawberry

from app.core import ids, inputs, page, sql
from app.core.access import READ
from app.core.context import Info
from app.core.errors import InvalidInput
from app.core.fields import query
from app.core.page import Connection, Window
from app.habits import loaders
from app.habits.lists import GoalFilterInput, HabitFilterInput, goal_page, habit_page
from app.habits.types import (
    HISTORY,
    MOST_DAYS,
    Goal,
    GoalOrder,
    Habit,
    HabitCompletion,
    HabitOrder,
    HabitStats,
)

SQL = sql.load("habits")
USUAL_DAYS = 30


@strawberry.type
class HabitsQuery:
    """Root fields of the habits."""

    @query(READ, "The viewer's habits, in pages.")
    async def habits(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            HabitFilterInput | None, strawberry.argument(description="Which habits to list.")
        ] = None,
        order_by: Annotated[
            HabitOrder, strawberry.argument(description="The order of the list.")
        ] = HabitOrder.MANUAL,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Habit] | None:
        """A malformed cursor, or one of another order, is BAD_USER_INPUT."""
        filters = filter or HabitFilterInput()
        inputs.check(filters, "filter")
        ctx = info.context
        window = Window.of(first, after, last, before)
        return await habit_page(ctx, filters, order_by, window, ctx.wanted_of_page(info))

    @query(READ, "One habit of the viewer's; null when there is none with this id.")
    async def habit(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the habit.")],  # noqa: A002
    ) -> Habit | None:
        """Another user's id and a random one both give null."""
        ctx = info.context
        return await ctx.load(loaders.habit_by_id, ids.parse(id, "Habit", "id"), ctx.wanted(info))

    @query(READ, "The days on which habits were done, the latest first, in pages.")
    async def habit_history(
        self,
        info: Info,
        from_day: Annotated[
            date, strawberry.argument(name="from", description="The first day that counts.")
        ],
        to_day: Annotated[
            date, strawberry.argument(name="to", description="The last day that counts.")
        ],
        habit_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Id or uuid of a habit: only its days."),
        ] = None,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[HabitCompletion] | None:
        """A habit that is not the viewer's has no days. An end before the beginning is refused."""
        ctx = info.context
        if to_day < from_day:
            raise InvalidInput("The end lies before the beginning.", "to")
        window = Window.of(first, after, last, before)
        habit = None if habit_id is None else ids.parse(habit_id, "Habit", "habitId")
        return await page.read(
            ctx.reader,
            SQL["completion_list"],
            HISTORY,
            window,
            ctx.wanted_of_page(info),
            user_id=ctx.user_id,
            habit_id=habit,
            first_day=from_day,
            last_day=to_day,
        )

    @query(READ, "The viewer's habits in figures, over the last days.")
    async def habit_stats(
        self,
        info: Info,
        days: Annotated[
            int,
            strawberry.argument(description=f"How many days, today the last; 1 to {MOST_DAYS}."),
        ] = USUAL_DAYS,
    ) -> HabitStats | None:
        """A number of days out of range is BAD_USER_INPUT."""
        ctx = info.context
        if not 1 <= days <= MOST_DAYS:
            raise InvalidInput(f"A number from 1 to {MOST_DAYS}; this is {days}.", "days")
        viewer = ctx.signed_in
        return await SQL["habit_stats"].one(
            ctx.reader,
            user_id=viewer.user_id,
            today=ctx.today,
            first_day=ctx.today - timedelta(days=days - 1),
            zone=viewer.timezone,
            day_start_hour=viewer.day_start_hour,
        )


@strawberry.type
class GoalsQuery:
    """Root fields of the goals."""

    @query(READ, "The viewer's goals, in pages.")
    async def goals(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            GoalFilterInput | None, strawberry.argument(description="Which goals to list.")
        ] = None,
        order_by: Annotated[
            GoalOrder, strawberry.argument(description="The order of the list.")
        ] = GoalOrder.MANUAL,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Goal] | None:
        """A malformed cursor, or one of another order, is BAD_USER_INPUT."""
        filters = filter or GoalFilterInput()
        inputs.check(filters, "filter")
        ctx = info.context
        window = Window.of(first, after, last, before)
        return await goal_page(ctx, filters, order_by, window, ctx.wanted_of_page(info))

    @query(READ, "One goal of the viewer's; null when there is none with this id.")
    async def goal(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the goal.")],  # noqa: A002
    ) -> Goal | None:
        """Another user's id and a random one both give null."""
        ctx = info.context
        return await ctx.load(loaders.goal_by_id, ids.parse(id, "Goal", "id"), ctx.wanted(info))
