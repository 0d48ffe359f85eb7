"""Goals of demo users with their milestones."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life
from app.bulk.people import Day
from app.habits import rules
from app.habits.actions import goals as actions
from app.habits.events import GoalCompleted, GoalCreated, MilestoneCompleted
from app.habits.rules import GoalStatus

_STATUSES = (
    GoalStatus.ACTIVE,
    GoalStatus.ACTIVE,
    GoalStatus.ACTIVE,
    GoalStatus.PAUSED,
    GoalStatus.ABANDONED,
)


def write(life: Life) -> list[UUID]:
    """The goals; returns their ids."""
    return [_goal(life, place) for place in range(1, life.some(life.person.weight.goals) + 1)]


def _goal(life: Life, place: int) -> UUID:
    """A goal that was begun on some day; its milestones are done one after the other since.

    Some have none and are completed by hand.
    """
    title, category, milestones = texts.GOALS[place % len(texts.GOALS)]
    if life.chance(0.15):
        milestones = ()
    goal_id, index = life.id(), life.some((0, len(life.days) - 1))
    made = life.at(life.days[index], 0, 3)
    life.tell(made, goal_id, GoalCreated(title=title))
    done: list[datetime] = []
    done_on = index
    for number, milestone in enumerate(milestones, 1):
        if len(done) == number - 1 and done_on < len(life.days) - 1 and life.chance(0.7):
            done_on = min(done_on + life.some((1, 20)), len(life.days) - 1)
            done.append(_reach(life, goal_id, milestone, number, made, done_on))
        else:
            _put_milestone(life, life.id(), goal_id, milestone, number, made, None)
    completed = done[-1] if done and len(done) == len(milestones) else None
    if not milestones and life.chance(0.5):
        done_on = len(life.days) - 1
        completed = life.at(life.days[done_on], 4)
    if completed:
        _complete(life, goal_id, life.days[done_on], completed)
    life.put(
        "goals",
        id=goal_id,
        title=title,
        description=None,
        category=category,
        target_date=life.maybe(0.7, made.date() + timedelta(days=life.some((30, 300)))),
        started_at=made,
        completed_at=completed,
        status=GoalStatus.COMPLETED if completed else life.one(_STATUSES),
        progress=100 if completed else rules.progress(len(done), len(milestones)),
        priority=life.some((0, 3)),
        sort_order=place,
        created_at=made,
        updated_at=completed or (done[-1] if done else made),
    )
    return goal_id


def _complete(life: Life, goal_id: UUID, day: Day, at: datetime) -> None:
    life.timeline.append(
        Earning(at, day.date, actions.EVENT, goal_id, f"goal:{goal_id}", 0, rules.GOAL_COINS)
    )
    life.tell(at, goal_id, GoalCompleted(xp=0, coins=rules.GOAL_COINS))


def _reach(
    life: Life, goal_id: UUID, title: str, number: int, made: datetime, index: int
) -> datetime:
    milestone_id, day = life.id(), life.days[index]
    at, xp = life.at(day, 4), rules.MILESTONE_XP
    key = f"milestone:{milestone_id}"
    life.timeline.append(Earning(at, day.date, actions.MILESTONE_EVENT, milestone_id, key, xp, 0))
    life.tell(at, milestone_id, MilestoneCompleted(goal_id=goal_id, xp=xp, coins=0))
    _put_milestone(life, milestone_id, goal_id, title, number, made, at)
    return at


def _put_milestone(
    life: Life,
    milestone_id: UUID,
    goal_id: UUID,
    title: str,
    number: int,
    made: datetime,
    done: datetime | None,
) -> None:
    life.put(
        "goal_milestones",
        id=milestone_id,
        goal_id=goal_id,
        title=title,
        description=None,
        is_completed=done is not None,
        completed_at=done,
        sort_order=number,
        created_at=made,
        updated_at=done or made,
    )
