"""Root fields that tell of changes of habits and goals as they commit."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.core import ids
from app.core.access import READ
from app.core.context import Info
from app.core.fields import subscription
from app.core.following import SEQ, Since, moment_of, topics
from app.core.scalars import Long
from app.habits import loaders
from app.habits.events import GoalEvent, HabitEvent, MilestoneEvent
from app.habits.types import Goal, Habit


@strawberry.type(description="A change of one of the viewer's habits.")
class HabitChange:
    """An outbox row of a habit, with the habit as it is after it."""

    seq: Long = strawberry.field(description=SEQ)
    event: str = strawberry.field(description="What happened, such as `habit.completed`.")
    occurred_at: datetime = strawberry.field(description="When it happened.")
    habit_id: strawberry.ID = strawberry.field(description="Id of the habit, also when it is gone.")
    habit: Habit | None = strawberry.field(
        description="The habit as it is now; null when it was deleted, or for a new order of all."
    )


@strawberry.type(description="A change of one of the viewer's goals, or of its milestones.")
class GoalChange:
    """An outbox row of a goal or a milestone, with the goal as it is after it."""

    seq: Long = strawberry.field(description=SEQ)
    event: str = strawberry.field(
        description="What happened, such as `goal.completed` or `milestone.added`."
    )
    occurred_at: datetime = strawberry.field(description="When it happened.")
    goal_id: strawberry.ID = strawberry.field(description="Id of the goal, also when it is gone.")
    goal: Goal | None = strawberry.field(
        description="The goal as it is now; null when it was deleted, or for a new order of all."
    )


@strawberry.type
class HabitsSubscription:
    """Subscriptions of the habits and goals."""

    @subscription(READ, "Every change of the viewer's habits, in order, as it commits.")
    async def habit_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[HabitChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow(topics(HabitEvent), since):
            habit: Any = await ctx.load(loaders.habit_by_id, row["row_id"])
            yield HabitChange(
                seq=row["seq"],
                event=row["event_type"],
                occurred_at=moment_of(row),
                habit_id=strawberry.ID(ids.encode("Habit", row["row_id"])),
                habit=habit,
            )

    @subscription(
        READ, "Every change of the viewer's goals and milestones, in order, as it commits."
    )
    async def goal_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[GoalChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow(topics(GoalEvent, MilestoneEvent), since):
            named = row["payload"].get("goal_id")
            goal_id: UUID = row["row_id"] if named is None else UUID(named)
            goal: Any = await ctx.load(loaders.goal_by_id, goal_id)
            yield GoalChange(
                seq=row["seq"],
                event=row["event_type"],
                occurred_at=moment_of(row),
                goal_id=strawberry.ID(ids.encode("Goal", goal_id)),
                goal=goal,
            )
