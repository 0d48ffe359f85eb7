"""What happens to habits, goals and milestones, as the outbox tells it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core import outbox


class HabitEvent(outbox.Event):
    """Something happened to a habit; the row has the rest."""

    table: ClassVar[str] = "habits"


class HabitCreated(HabitEvent):
    """A habit was made."""

    topic: ClassVar[str] = "habit.created"
    name: str


class HabitUpdated(HabitEvent):
    """A habit was edited; `fields` are the columns that changed."""

    topic: ClassVar[str] = "habit.updated"
    fields: list[str]


class HabitArchived(HabitEvent):
    """A habit was put away."""

    topic: ClassVar[str] = "habit.archived"


class HabitUnarchived(HabitEvent):
    """A habit was taken out again."""

    topic: ClassVar[str] = "habit.unarchived"


class HabitDeleted(HabitEvent):
    """A habit was deleted with its days."""

    topic: ClassVar[str] = "habit.deleted"


class HabitsReordered(HabitEvent):
    """The user's own order of the habits changed; told once for all of them."""

    topic: ClassVar[str] = "habit.reordered"


class HabitCompleted(HabitEvent):
    """A habit was done on a day."""

    topic: ClassVar[str] = "habit.completed"
    day: date
    streak: int
    xp: int
    coins: int


class HabitUncompleted(HabitEvent):
    """A day on which a habit was done was taken back."""

    topic: ClassVar[str] = "habit.uncompleted"
    day: date
    streak: int
    xp: int
    coins: int


class GoalEvent(outbox.Event):
    """Something happened to a goal; the row has the rest."""

    table: ClassVar[str] = "goals"


class GoalCreated(GoalEvent):
    """A goal was made."""

    topic: ClassVar[str] = "goal.created"
    title: str


class GoalUpdated(GoalEvent):
    """A goal was edited; `fields` are the columns that changed."""

    topic: ClassVar[str] = "goal.updated"
    fields: list[str]


class GoalDeleted(GoalEvent):
    """A goal was deleted with its milestones."""

    topic: ClassVar[str] = "goal.deleted"


class GoalsReordered(GoalEvent):
    """The user's own order of the goals changed; told once for all of them."""

    topic: ClassVar[str] = "goal.reordered"


class GoalPaused(GoalEvent):
    """A goal rests."""

    topic: ClassVar[str] = "goal.paused"


class GoalResumed(GoalEvent):
    """A goal that rested is worked at again."""

    topic: ClassVar[str] = "goal.resumed"


class GoalAbandoned(GoalEvent):
    """A goal was given up."""

    topic: ClassVar[str] = "goal.abandoned"


class GoalReopened(GoalEvent):
    """A goal that was over is worked at again; a reward was taken back with it."""

    topic: ClassVar[str] = "goal.reopened"
    xp: int
    coins: int


class GoalProgressed(GoalEvent):
    """The share of done milestones changed."""

    topic: ClassVar[str] = "goal.progressed"
    progress: int


class GoalCompleted(GoalEvent):
    """A goal was reached."""

    topic: ClassVar[str] = "goal.completed"
    xp: int
    coins: int


class MilestoneEvent(outbox.Event):
    """Something happened to a milestone of a goal."""

    table: ClassVar[str] = "goal_milestones"
    goal_id: UUID


class MilestoneAdded(MilestoneEvent):
    """A goal got another milestone."""

    topic: ClassVar[str] = "milestone.added"
    title: str


class MilestoneUpdated(MilestoneEvent):
    """A milestone was edited; `fields` are the columns that changed."""

    topic: ClassVar[str] = "milestone.updated"
    fields: list[str]


class MilestoneDeleted(MilestoneEvent):
    """A milestone was deleted."""

    topic: ClassVar[str] = "milestone.deleted"


class MilestonesReordered(MilestoneEvent):
    """The order of a goal's milestones changed; told once, with the goal's id as the row."""

    topic: ClassVar[str] = "milestone.reordered"


class MilestoneCompleted(MilestoneEvent):
    """A milestone was reached."""

    topic: ClassVar[str] = "milestone.completed"
    xp: int
    coins: int


class MilestoneUncompleted(MilestoneEvent):
    """A milestone that was reached was taken back."""

    topic: ClassVar[str] = "milestone.uncompleted"
    xp: int
    coins: int
