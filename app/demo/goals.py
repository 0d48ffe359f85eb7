"""Goals of the demo user: in every state, with milestones and without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from app.core import outbox, sql
from app.core.transaction import Tx
from app.habits.actions import goals as actions
from app.habits.events import (
    GoalAbandoned,
    GoalCreated,
    GoalPaused,
    MilestoneAdded,
)
from app.habits.rules import GoalStatus

SQL = sql.load("habits")


@dataclass(frozen=True, slots=True)
class _Idea:
    """A goal, its milestones, and how many of them are reached, one every third day."""

    title: str
    category: str
    status: GoalStatus
    milestones: tuple[str, ...] = ()
    reached: int = 0
    due_in: int | None = None
    """Days from the first day to its target date."""
    priority: int = 0


_IDEAS = (
    _Idea(
        "Run a half marathon",
        "health",
        GoalStatus.ACTIVE,
        ("5 km", "10 km", "15 km", "The whole distance"),
        2,
        90,
        3,
    ),
    _Idea("Tidy the cellar", "home", GoalStatus.ACTIVE, due_in=30),
    _Idea(
        "Build a bookshelf",
        "home",
        GoalStatus.COMPLETED,
        ("Drawing", "Wood", "Frame", "Varnish"),
        4,
        20,
        2,
    ),
    _Idea("See a dentist", "health", GoalStatus.COMPLETED),
    _Idea("Write a novel", "mind", GoalStatus.PAUSED, ("Outline", "First act"), 1),
    _Idea("Learn the accordion", "music", GoalStatus.ABANDONED, ("A first tune",)),
    # One milestone away from being reached.
    _Idea("Get the driving licence", "learning", GoalStatus.ACTIVE, ("Theory", "Practice"), 1),
)
_SETTLED_BACK = 4
"""How many days ago the goals came to the state that they are in."""


async def make(tx: Tx) -> None:
    """Make all goals with their milestones, on the user's first day."""
    for place, idea in enumerate(_IDEAS, 1):
        goal_id = uuid5(tx.user_id, f"goal:{place}")
        due = None if idea.due_in is None else tx.today + timedelta(days=idea.due_in)
        await SQL["goal_create"].run(
            tx,
            user_id=tx.user_id,
            id=goal_id,
            title=idea.title,
            description=None,
            category=idea.category,
            target_date=due,
            priority=idea.priority,
            now=tx.now,
        )
        outbox.put(tx, goal_id, GoalCreated(title=idea.title))
        for number, title in enumerate(idea.milestones):
            milestone_id = _milestone_id(goal_id, number)
            await SQL["milestone_create"].run(
                tx,
                user_id=tx.user_id,
                id=milestone_id,
                goal_id=goal_id,
                title=title,
                description=None,
                now=tx.now,
            )
            outbox.put(tx, milestone_id, MilestoneAdded(goal_id=goal_id, title=title))


def _milestone_id(goal_id: UUID, number: int) -> UUID:
    return uuid5(goal_id, f"milestone:{number}")


async def live(tx: Tx, day: int, back: int) -> None:
    """What becomes of the goals on a day, counted from the first one and from the last."""
    for place, idea in enumerate(_IDEAS, 1):
        goal_id = uuid5(tx.user_id, f"goal:{place}")
        number, reaches = divmod(day - 1, 3)
        if reaches == 0 and 0 <= number < idea.reached:
            await actions.complete_milestone(tx, _milestone_id(goal_id, number))
        if back == _SETTLED_BACK:
            await _settle(tx, goal_id, idea)


async def _settle(tx: Tx, goal_id: UUID, idea: _Idea) -> None:
    if idea.status == GoalStatus.COMPLETED:
        await actions.complete(tx, goal_id)
    elif idea.status != GoalStatus.ACTIVE:
        goal = await actions.goal_in(tx, goal_id)
        actions.set_state(tx, goal_id, idea.status, goal["progress"], None)
        paused = idea.status == GoalStatus.PAUSED
        outbox.put(tx, goal_id, GoalPaused() if paused else GoalAbandoned())
