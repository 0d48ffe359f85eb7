"""Completing goals and milestones, and taking it back, inside a caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import outbox, sql, together
from app.core.errors import NotFound
from app.core.sql import Row
from app.core.together import Part
from app.core.transaction import Tx
from app.gamification import actions as gamification
from app.gamification.actions import Awarded, Reversed, Reward
from app.habits import rules
from app.habits.events import (
    GoalCompleted,
    GoalProgressed,
    GoalReopened,
    MilestoneCompleted,
    MilestoneUncompleted,
)
from app.habits.rules import GoalStatus
from app.quests import actions as quests

SQL = sql.load("habits")
EVENT = "goal_complete"
MILESTONE_EVENT = "milestone_complete"


@dataclass(frozen=True, slots=True)
class Reached:
    """What completing a milestone paid: for itself, and for the goal where it was the last."""

    milestone: Awarded
    goal: Awarded | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a milestone back has taken: its own reward, and that of a goal that reopens."""

    milestone: Reversed | None
    goal: Reversed | None


def _goal(tx: Tx, goal_id: UUID) -> Part:
    return together.part(SQL["goal_state"], user_id=tx.user_id, id=goal_id)


def _milestone(tx: Tx, milestone_id: UUID) -> Part:
    return together.part(SQL["milestone_state"], user_id=tx.user_id, id=milestone_id)


def _only(rows: Sequence[Row], what: str, path: str = "id") -> Row:
    if not rows:
        raise NotFound(f"You have no {what} with this id.", path)
    return rows[0]


async def goal_in(tx: Tx, goal_id: UUID, path: str = "id") -> Row:
    """The goal with the counts of its milestones; `NotFound` when the viewer has no such goal.

    `path` names the input field that has the id.
    """
    (rows,) = await together.read(tx, _goal(tx, goal_id))
    return _only(rows, "goal", path)


async def milestone_in(tx: Tx, milestone_id: UUID) -> Row:
    """The milestone with what is known of its goal; `NotFound` when there is none."""
    (rows,) = await together.read(tx, _milestone(tx, milestone_id))
    return _only(rows, "milestone")


def set_state(
    tx: Tx, goal_id: UUID, status: GoalStatus, progress: int, completed_at: datetime | None
) -> None:
    """Note where a goal stands."""
    tx.later(
        SQL["goal_set_state"],
        1,
        user_id=tx.user_id,
        id=goal_id,
        status=status,
        progress=progress,
        completed_at=completed_at,
        now=tx.now,
    )


async def complete(tx: Tx, goal_id: UUID) -> Awarded | None:
    """Complete a goal and pay it; None when it was completed before.

    Raises `NotFound`, and `WrongState` for a goal that is not active or has open milestones.
    """
    rows, (state,), running = await together.read(
        tx,
        _goal(tx, goal_id),
        gamification.state(tx, EVENT, goal_id, [_key(goal_id)]),
        quests.running(tx),
    )
    goal = _only(rows, "goal")
    if not rules.may_complete(goal["status"], goal["done"], goal["total"]):
        return None
    paid = await _pay(tx, goal_id, state)
    set_state(tx, goal_id, GoalStatus.COMPLETED, 100, tx.now)
    await quests.count(tx, paid, running)
    outbox.put(tx, goal_id, GoalCompleted(xp=paid.xp, coins=paid.coins))
    return paid


def _key(goal_id: UUID) -> str:
    return f"goal:{goal_id}"


async def _pay(tx: Tx, goal_id: UUID, state: Row | None = None) -> Awarded:
    reward = Reward(EVENT, goal_id, _key(goal_id), 0, rules.GOAL_COINS)
    return await gamification.award(tx, reward, state)


async def reopen(tx: Tx, goal_id: UUID) -> tuple[bool, Reversed | None]:
    """Make a goal active again, without its reward; whether that changed it, and what was taken.

    Raises `NotFound`, `WrongState` for a paused goal, `InsufficientCoins` when they are spent.
    """
    rows, running = await together.read(tx, _goal(tx, goal_id), quests.running(tx))
    goal = _only(rows, "goal")
    if not rules.may_reopen(goal["status"]):
        return False, None
    taken = None
    if goal["status"] == GoalStatus.COMPLETED:
        taken = await _take_back(tx, goal_id)
    progress = rules.progress(goal["done"], goal["total"])
    set_state(tx, goal_id, GoalStatus.ACTIVE, progress, None)
    if taken is not None:
        await quests.count(tx, taken, running)
    outbox.put(tx, goal_id, _reopened(taken))
    return True, taken


async def _take_back(tx: Tx, goal_id: UUID) -> Reversed | None:
    return await gamification.reverse(tx, EVENT, goal_id, _key(goal_id), "goal_reopened")


def _reopened(taken: Reversed | None) -> GoalReopened:
    return GoalReopened(xp=taken.xp if taken else 0, coins=taken.coins if taken else 0)


async def complete_milestone(tx: Tx, milestone_id: UUID) -> Reached | None:
    """Complete a milestone and pay it; the last one completes its goal. None: it was completed.

    Raises `NotFound`, and `WrongState` when the goal is not active.
    """
    key = f"milestone:{milestone_id}"
    rows, (state,), running = await together.read(
        tx,
        _milestone(tx, milestone_id),
        gamification.state(tx, MILESTONE_EVENT, milestone_id, [key]),
        quests.running(tx),
    )
    step = _only(rows, "milestone")
    if not rules.may_complete_milestone(step["status"], is_completed=step["is_completed"]):
        return None
    goal_id: UUID = step["goal_id"]
    reward = Reward(MILESTONE_EVENT, milestone_id, key, rules.MILESTONE_XP, 0)
    paid = await gamification.award(tx, reward, state)
    told = MilestoneCompleted(goal_id=goal_id, xp=paid.xp, coins=paid.coins)
    outbox.put(tx, milestone_id, told)
    last = step["done"] + 1 == step["total"]
    goal = await _pay(tx, goal_id) if last else None
    progress = rules.progress(step["done"] + 1, step["total"])
    _move(tx, step, is_completed=True, completes_goal=last, progress=progress)
    outbox.put(tx, goal_id, GoalProgressed(progress=progress))
    if goal is not None:
        outbox.put(tx, goal_id, GoalCompleted(xp=goal.xp, coins=goal.coins))
    await quests.count(tx, goal or paid, running)
    return Reached(paid, goal)


async def uncomplete_milestone(tx: Tx, milestone_id: UUID) -> TakenBack | None:
    """Take a milestone back with its reward; a completed goal reopens. None: it was open.

    Raises `NotFound`, and `InsufficientCoins` when the goal's coins are spent.
    """
    rows, running = await together.read(tx, _milestone(tx, milestone_id), quests.running(tx))
    step = _only(rows, "milestone")
    if not step["is_completed"]:
        return None
    goal_id: UUID = step["goal_id"]
    reopens = step["status"] == GoalStatus.COMPLETED
    goal = await _take_back(tx, goal_id) if reopens else None
    key, reason = f"milestone:{milestone_id}", "milestone_uncompleted"
    taken = await gamification.reverse(tx, MILESTONE_EVENT, milestone_id, key, reason)
    progress = rules.progress(step["done"] - 1, step["total"])
    _move(tx, step, is_completed=False, completes_goal=False, progress=progress)
    xp, coins = (taken.xp, taken.coins) if taken else (0, 0)
    outbox.put(tx, milestone_id, MilestoneUncompleted(goal_id=goal_id, xp=xp, coins=coins))
    outbox.put(tx, goal_id, GoalProgressed(progress=progress))
    if reopens:
        outbox.put(tx, goal_id, _reopened(goal))
    if taken is not None:
        await quests.count(tx, taken, running)
    return TakenBack(taken, goal)


def _move(tx: Tx, step: Row, *, is_completed: bool, completes_goal: bool, progress: int) -> None:
    """Note a milestone's state and where that brings its goal."""
    status: GoalStatus = step["status"]
    if completes_goal:
        status = GoalStatus.COMPLETED
    elif status == GoalStatus.COMPLETED:
        status = GoalStatus.ACTIVE
    tx.later(
        SQL["milestone_set_state"],
        1,
        user_id=tx.user_id,
        id=step["id"],
        is_completed=is_completed,
        completed_at=tx.now if is_completed else None,
        now=tx.now,
    )
    set_state(tx, step["goal_id"], status, progress, tx.now if completes_goal else None)
