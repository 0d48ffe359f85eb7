"""Root fields for the steps of a goal: pause, resume, abandon, complete, reopen."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from app.core import ids, outbox
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.sql import Row
from app.gamification.types import Award, award_of
from app.habits import loaders, rules
from app.habits.actions import goals as actions
from app.habits.events import GoalAbandoned, GoalEvent, GoalPaused, GoalResumed
from app.habits.rules import GoalStatus
from app.habits.types import Goal


@strawberry.input(description="The goal to let rest.")
class PauseGoalInput:
    """Input of `pauseGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.input(description="The goal to go on with.")
class ResumeGoalInput:
    """Input of `resumeGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.input(description="The goal to give up.")
class AbandonGoalInput:
    """Input of `abandonGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.input(description="The goal to complete.")
class CompleteGoalInput:
    """Input of `completeGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.input(description="The goal to take up again.")
class ReopenGoalInput:
    """Input of `reopenGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.type(description="Result of `pauseGoal`.")
class PauseGoalPayload(Payload):
    """The goal that rests."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")


@strawberry.type(description="Result of `resumeGoal`.")
class ResumeGoalPayload(Payload):
    """The goal that is worked at again."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")


@strawberry.type(description="Result of `abandonGoal`.")
class AbandonGoalPayload(Payload):
    """The abandoned goal."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")


@strawberry.type(description="Result of `completeGoal`.")
class CompleteGoalPayload(Payload):
    """The completed goal and what it paid."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when it was completed before this call."
    )


@strawberry.type(description="Result of `reopenGoal`.")
class ReopenGoalPayload(Payload):
    """The reopened goal and what was taken back."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What was taken back, negative; null when nothing was."
    )


@strawberry.type
class GoalStepsMutation:
    """Mutations that move a goal from state to state."""

    @mutation(WRITE, "Let an active goal rest.")
    async def pause_goal(self, info: Info, input: PauseGoalInput) -> PauseGoalPayload:  # noqa: A002
        """A paused goal stays as it is; one that is over can't be paused."""
        goal = await _move(info, input.id, rules.may_pause, GoalStatus.PAUSED, GoalPaused())
        return PauseGoalPayload(goal=goal)

    @mutation(WRITE, "Go on with a paused goal.")
    async def resume_goal(self, info: Info, input: ResumeGoalInput) -> ResumeGoalPayload:  # noqa: A002
        """An active goal stays as it is; one that is over is reopened instead."""
        goal = await _move(info, input.id, rules.may_resume, GoalStatus.ACTIVE, GoalResumed())
        return ResumeGoalPayload(goal=goal)

    @mutation(WRITE, "Give up a goal; reopening takes it up again.")
    async def abandon_goal(self, info: Info, input: AbandonGoalInput) -> AbandonGoalPayload:  # noqa: A002
        """An abandoned goal stays as it is; a completed one can't be abandoned."""
        goal = await _move(info, input.id, rules.may_abandon, GoalStatus.ABANDONED, GoalAbandoned())
        return AbandonGoalPayload(goal=goal)

    @mutation(WRITE, "Complete an active goal without open milestones, and earn its reward.")
    async def complete_goal(self, info: Info, input: CompleteGoalInput) -> CompleteGoalPayload:  # noqa: A002
        """Completing the last milestone does this by itself. A completed goal stays as it is."""
        ctx = info.context
        goal_id = ids.parse(input.id, "Goal", "id")
        async with ctx.transaction() as tx:
            paid = await actions.complete(tx, goal_id)
            if paid is None:
                tx.discard()
        return CompleteGoalPayload(
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal")),
            award=paid and award_of(paid),
        )

    @mutation(
        WRITE,
        "Take a completed or abandoned goal up again; the reward of completing is taken back.",
    )
    async def reopen_goal(self, info: Info, input: ReopenGoalInput) -> ReopenGoalPayload:  # noqa: A002
        """Refused with INSUFFICIENT_COINS when the coins are spent already."""
        ctx = info.context
        goal_id = ids.parse(input.id, "Goal", "id")
        async with ctx.transaction() as tx:
            changed, taken = await actions.reopen(tx, goal_id)
            if not changed:
                tx.discard()
        return ReopenGoalPayload(
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal")),
            award=taken and award_of(taken),
        )


async def _move(
    info: Info,
    global_id: strawberry.ID,
    may_move: Callable[[GoalStatus], bool],
    status: GoalStatus,
    told: GoalEvent,
) -> Row | None:
    """Move a goal to another state where the rule lets it; returns it as it is then."""
    ctx = info.context
    goal_id = ids.parse(global_id, "Goal", "id")
    async with ctx.transaction() as tx:
        goal = await actions.goal_in(tx, goal_id)
        if may_move(goal["status"]):
            actions.set_state(tx, goal_id, status, goal["progress"], None)
            outbox.put(tx, goal_id, told)
        else:
            tx.discard()
    return await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal"))
