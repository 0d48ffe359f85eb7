"""GraphQL types of habits with their days, and of goals with their milestones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from app.core.bounds import AtMost
from app.core.node import Node, global_id, row_uuid
from app.core.page import MANUAL, NEWEST, Column, Key
from app.core.relation import to_many, to_one
from app.core.words import Words, described_enum
from app.habits import loaders
from app.habits.rules import MOST_MILESTONES, GoalStatus
from app.habits.streaks import WEEKDAYS, HabitFrequency, Weekday

MOST_DAYS = 120
"""Days that the statistics of habits go back."""


@strawberry.type(description="A day on which a habit was done.")
class HabitCompletion(Node):
    """A row of `habit_completions`."""

    id: strawberry.ID = global_id("HabitCompletion")
    uuid: UUID = row_uuid()
    completed_date: date = strawberry.field(description="The user's day that it counts for.")
    completed_at: datetime = strawberry.field(description="When it was marked as done.")
    notes: str | None = strawberry.field(description="What the user noted about it.")
    streak_reached: int = strawberry.field(
        description="The length of the habit's streak that it reached and was paid for on top; "
        "0 for most days."
    )
    habit: Habit | None = to_one(
        loaders.habit_by_id,
        key="habit_id",
        description="The habit that was done.",
        join=loaders.HABIT,
    )


def _custom_days(root: Any) -> list[Weekday] | None:
    numbers: list[int] | None = root["custom_days"]
    return None if numbers is None else [WEEKDAYS[number] for number in numbers]


@strawberry.type(description="Something that the viewer wants to do again and again.")
class Habit(Node):
    """A row of `habits`, as it reads today."""

    id: strawberry.ID = global_id("Habit")
    uuid: UUID = row_uuid()
    name: str = strawberry.field(description="What is to be done.")
    description: str | None = strawberry.field(description="More about it.")
    frequency: HabitFrequency = strawberry.field(description="How often it is to be done.")
    target_count: int = strawberry.field(
        description="On how many different days of an ISO week a weekly habit is to be done; 1 for "
        "the others."
    )
    custom_days: list[Weekday] | None = strawberry.field(
        resolver=_custom_days,
        description="The weekdays of a custom habit, from Monday on; null for the others.",
    )
    icon: str | None = strawberry.field(description="Name of an icon.")
    color: str | None = strawberry.field(description="Colour as `#rrggbb`.")
    is_active: bool = strawberry.field(description="False when it is archived.")
    current_streak: int = strawberry.field(
        description="Days in a row up to the last one on which it was done, or weeks in a row for "
        "a weekly habit; 0 once it is broken. The days between those of a custom habit don't break "
        "it, and the present day or week does not until it is over."
    )
    longest_streak: int = strawberry.field(description="The longest streak, in the same unit.")
    last_completed_date: date | None = strawberry.field(
        description="The last of the user's days on which it was done."
    )
    is_due_today: bool = strawberry.field(
        description="Whether it is to be done today, done or not: a daily habit always, a custom "
        "one on its weekdays, a weekly one until its target was reached on earlier days."
    )
    is_done_today: bool = strawberry.field(description="Whether it was done today.")
    done_this_week: int = strawberry.field(
        description="On how many days of the present ISO week it was done."
    )
    sort_order: int = strawberry.field(description="Its place in the user's own order.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    recent_completions: list[HabitCompletion] = to_many(
        loaders.completions_of_habit,
        key="id",
        description=f"The last {loaders.RECENT} days on which it was done, the latest first.",
        most=loaders.RECENT,
        join=loaders.COMPLETIONS,
    )


@strawberry.type(description="A step on the way to a goal.")
class GoalMilestone(Node):
    """A row of `goal_milestones`."""

    id: strawberry.ID = global_id("GoalMilestone")
    uuid: UUID = row_uuid()
    title: str = strawberry.field(description="What is to be reached.")
    description: str | None = strawberry.field(description="More about it.")
    is_completed: bool = strawberry.field(description="Whether it is reached.")
    completed_at: datetime | None = strawberry.field(description="When it was reached.")
    sort_order: int = strawberry.field(description="Its place within the goal.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    goal: Goal | None = to_one(
        loaders.goal_by_id,
        key="goal_id",
        description="The goal that it belongs to.",
        join=loaders.GOAL,
    )


@strawberry.type(description="Something that the viewer wants to reach.")
class Goal(Node):
    """A row of `goals`."""

    id: strawberry.ID = global_id("Goal")
    uuid: UUID = row_uuid()
    title: str = strawberry.field(description="What is to be reached.")
    description: str | None = strawberry.field(description="More about it.")
    category: str | None = strawberry.field(description="A word of the user's own to group by.")
    target_date: date | None = strawberry.field(description="The day by which to reach it.")
    status: GoalStatus = strawberry.field(description="Where it stands.")
    progress: int = strawberry.field(
        description="Done milestones in percent of all, rounded down; without milestones 0, or 100 "
        "once it is completed."
    )
    priority: int = strawberry.field(
        description="How much it matters, as a number of the user's choice."
    )
    started_at: datetime | None = strawberry.field(description="When work on it began.")
    completed_at: datetime | None = strawberry.field(
        description="When it was reached; null unless it is."
    )
    sort_order: int = strawberry.field(description="Its place in the user's own order.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    milestones: list[GoalMilestone] = to_many(
        loaders.milestones_of_goal,
        key="id",
        description=f"Its milestones in the user's own order, at most {MOST_MILESTONES}.",
        most=MOST_MILESTONES,
        join=loaders.MILESTONES,
    )


@strawberry.type(description="What became of the habits on one of the user's days.")
class HabitDay:
    """An entry of the `days` of `habit_stats`."""

    date: date = strawberry.field(description="The day.")
    completions: int = strawberry.field(description="Habits that were done, due or not.")
    due: int = strawberry.field(description="Daily and custom habits that were due.")
    due_done: int = strawberry.field(description="How many of those that were due were done.")
    is_perfect: bool = strawberry.field(
        description="Whether some were due, and all of them were done."
    )


@strawberry.type(description="The viewer's habits in figures.")
class HabitStats:
    """The row of `habit_stats`."""

    active_habits: int = strawberry.field(description="Habits in use.")
    archived_habits: int = strawberry.field(description="Habits that were put away.")
    best_current_streak: int = strawberry.field(
        description="The longest streak that stands today, in days, or in weeks of a weekly habit."
    )
    longest_streak: int = strawberry.field(description="The longest streak of any habit so far.")
    completions: int = strawberry.field(
        description="How often habits were done in the days asked for."
    )
    due: int = strawberry.field(
        description="How often daily and custom habits were due in the days asked for, by the "
        "schedules as they are now. Archived habits were not, nor was one before it was made."
    )
    due_done: int = strawberry.field(description="How many of those were done.")
    perfect_days: int = strawberry.field(
        description="Days on which some habits were due and all of them were done."
    )
    days: list[HabitDay] = strawberry.field(
        description="Day by day, the earliest first.", metadata={"bound": AtMost(MOST_DAYS)}
    )


@described_enum("Named orders of habits; a cursor belongs to the order that it was made in.")
class HabitOrder(Words):
    """The orders that an index serves."""

    MANUAL = "manual", "The user's own order."
    NEWEST = "newest", "The newest first."


@described_enum("Named orders of goals; a cursor belongs to the order that it was made in.")
class GoalOrder(Words):
    """The orders that an index serves."""

    MANUAL = "manual", "The user's own order."
    NEWEST = "newest", "The newest first."
    DEADLINE = "deadline", "Those that are due soonest first, those without a date last."


HABIT_ORDERS: dict[HabitOrder, Key] = {HabitOrder.MANUAL: MANUAL, HabitOrder.NEWEST: NEWEST}
GOAL_ORDERS: dict[GoalOrder, Key] = {
    GoalOrder.MANUAL: MANUAL,
    GoalOrder.NEWEST: NEWEST,
    GoalOrder.DEADLINE: Key(
        "DEADLINE",
        (Column("due_order", "date"), Column("created_at", "timestamptz"), Column("id", "uuid")),
    ),
}
HISTORY = Key("HISTORY", (Column("completed_date", "date", True), Column("habit_id", "uuid", True)))
"""The order of the days on which habits were done: the latest first; each habit once a day."""
