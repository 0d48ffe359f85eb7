"""Which steps a habit's day and a goal's state allow, and what they pay: pure decisions."""

from __future__ import annotations

from datetime import date, timedelta

from app.core.errors import InvalidInput, WrongState
from app.core.words import Words, described_enum

HABIT_XP = 5
MILESTONE_XP = 10
GOAL_COINS = 20
BACK = timedelta(days=7)
"""How far back a day can be marked as done, or the mark taken back."""
MOST_MILESTONES = 20
"""Milestones of one goal."""


@described_enum("Where a goal stands.")
class GoalStatus(Words):
    """The states of a goal."""

    ACTIVE = "active", "It is being worked at."
    PAUSED = "paused", "It rests until it is resumed."
    COMPLETED = "completed", "It was reached and paid."
    ABANDONED = "abandoned", "It was given up; reopening takes it up again."


def check_day(day: date, today: date) -> None:
    """Raises `InvalidInput` unless a day is today or one of the seven before."""
    if day > today:
        raise InvalidInput(f"It is {today} where you are: a later day can't be marked.", "date")
    if day < today - BACK:
        raise InvalidInput(f"At most {BACK.days} days back: from {today - BACK} on.", "date")


def progress(done: int, total: int) -> int:
    """A goal's progress in percent, rounded down; 0 without milestones."""
    return done * 100 // total if total else 0


def may_pause(status: GoalStatus) -> bool:
    """Whether pausing changes anything; raises `WrongState` for what is over."""
    if status == GoalStatus.ACTIVE:
        return True
    if status != GoalStatus.PAUSED:
        raise WrongState(f"This goal is {status}; it can't be paused.", "id")
    return False


def may_resume(status: GoalStatus) -> bool:
    """Whether resuming changes anything; raises `WrongState` for what is over."""
    if status == GoalStatus.PAUSED:
        return True
    if status != GoalStatus.ACTIVE:
        raise WrongState(f"This goal is {status}; reopen it instead.", "id")
    return False


def may_abandon(status: GoalStatus) -> bool:
    """Whether abandoning changes anything; raises `WrongState` for what is completed."""
    if status in (GoalStatus.ACTIVE, GoalStatus.PAUSED):
        return True
    if status != GoalStatus.ABANDONED:
        raise WrongState("This goal is completed; it can't be abandoned.", "id")
    return False


def may_reopen(status: GoalStatus) -> bool:
    """Whether reopening changes anything; raises `WrongState` for what only rests."""
    if status in (GoalStatus.COMPLETED, GoalStatus.ABANDONED):
        return True
    if status != GoalStatus.ACTIVE:
        raise WrongState("This goal is paused; resume it instead.", "id")
    return False


def may_complete(status: GoalStatus, done: int, total: int) -> bool:
    """Whether completing a goal changes anything; raises `WrongState` while milestones are open."""
    if status == GoalStatus.COMPLETED:
        return False
    if status != GoalStatus.ACTIVE:
        raise WrongState(f"Only an active goal can be completed; this one is {status}.", "id")
    if done < total:
        raise WrongState(f"{done} of {total} milestones are done; complete the others.", "id")
    return True


def may_complete_milestone(status: GoalStatus, *, is_completed: bool) -> bool:
    """Whether completing a milestone changes anything; its goal must be active."""
    if is_completed:
        return False
    if status != GoalStatus.ACTIVE:
        raise WrongState(f"The goal of this milestone is {status}.", "id")
    return True


def may_add_milestone(status: GoalStatus, total: int) -> None:
    """Raises `WrongState` for a completed goal, or for one that has very many milestones."""
    if status == GoalStatus.COMPLETED:
        raise WrongState("This goal is completed; reopen it first.", "goalId")
    if total >= MOST_MILESTONES:
        raise WrongState(f"A goal has at most {MOST_MILESTONES} milestones.", "goalId")
