"""Root fields for the milestones of goals: add, edit, reorder, delete, complete, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry import Maybe

from app.core import ids, inputs, order, outbox, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.sql import Row
from app.core.transaction import Tx
from app.gamification.types import Award, award_of
from app.habits import loaders, rules
from app.habits.actions import goals as actions
from app.habits.events import (
    GoalProgressed,
    MilestoneAdded,
    MilestoneDeleted,
    MilestonesReordered,
    MilestoneUpdated,
)
from app.habits.rules import GoalStatus
from app.habits.types import Goal, GoalMilestone

SQL = sql.load("habits")


@strawberry.input(description="A new milestone of a goal.")
class AddMilestoneInput:
    """Input of `addMilestone`."""

    goal_id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")
    title: str = inputs.text(inputs.SHORT, "What is to be reached.", least=1)
    description: str | None = inputs.text(inputs.LONG, "More about it.", default=None)
    uuid: UUID | None = inputs.client_uuid("milestone")


@strawberry.input(description="Changes to a milestone: what is left out stays, null clears.")
class UpdateMilestoneInput:
    """Input of `updateMilestone`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the milestone.")
    title: Maybe[str | None] = inputs.kept(
        inputs.text(inputs.SHORT, "What is to be reached; not null.", least=1)
    )
    description: Maybe[str | None] = inputs.text(inputs.LONG, "More about it.", default=None)


@strawberry.input(description="The user's own order of a goal's milestones.")
class ReorderMilestonesInput:
    """Input of `reorderMilestones`."""

    goal_id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")
    ids: list[strawberry.ID] = inputs.many(
        rules.MOST_MILESTONES, "Ids or uuids of all the goal's milestones, in their new order."
    )


@strawberry.input(description="The milestone to delete.")
class DeleteMilestoneInput:
    """Input of `deleteMilestone`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the milestone.")


@strawberry.input(description="The milestone that is reached.")
class CompleteMilestoneInput:
    """Input of `completeMilestone`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the milestone.")


@strawberry.input(description="The milestone that is not reached after all.")
class UncompleteMilestoneInput:
    """Input of `uncompleteMilestone`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the milestone.")


@strawberry.type(description="Result of `addMilestone`.")
class AddMilestonePayload(Payload):
    """The new milestone."""

    milestone: GoalMilestone | None = strawberry.field(
        default=None,
        description="The milestone; null when it was deleted since the first call.",
    )
    goal: Goal | None = strawberry.field(
        default=None, description="Its goal, whose progress moved with it."
    )


@strawberry.type(description="Result of `updateMilestone`.")
class UpdateMilestonePayload(Payload):
    """The changed milestone."""

    milestone: GoalMilestone | None = strawberry.field(
        default=None, description="The milestone as it is now."
    )


@strawberry.type(description="Result of `reorderMilestones`.")
class ReorderMilestonesPayload(Payload):
    """The goal whose milestones have a new order."""

    goal: Goal | None = strawberry.field(
        default=None, description="The goal, which leads to its milestones."
    )


@strawberry.type(description="Result of `deleteMilestone`.")
class DeleteMilestonePayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted milestone, to drop it from a cache."
    )
    goal: Goal | None = strawberry.field(
        default=None,
        description="The goal that it belonged to; null when that was deleted since.",
    )


@strawberry.type(description="Result of `completeMilestone`.")
class CompleteMilestonePayload(Payload):
    """The completed milestone and what it paid."""

    milestone: GoalMilestone | None = strawberry.field(
        default=None, description="The milestone as it is now."
    )
    goal: Goal | None = strawberry.field(
        default=None, description="Its goal, whose progress moved with it."
    )
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when it was completed before this call."
    )
    goal_award: Award | None = strawberry.field(
        default=None,
        description="What the goal paid on top; null unless this was its last open milestone.",
    )


@strawberry.type(description="Result of `uncompleteMilestone`.")
class UncompleteMilestonePayload(Payload):
    """The reopened milestone and what was taken back."""

    milestone: GoalMilestone | None = strawberry.field(
        default=None, description="The milestone as it is now."
    )
    goal: Goal | None = strawberry.field(
        default=None, description="Its goal, whose progress moved with it."
    )
    award: Award | None = strawberry.field(
        default=None, description="What was taken back, negative; null when nothing was."
    )
    goal_award: Award | None = strawberry.field(
        default=None,
        description="What was taken back for the goal, negative; null unless it was completed.",
    )


@strawberry.type
class MilestonesMutation:
    """Mutations of the milestones of goals."""

    @mutation(WRITE, "Give a goal another milestone, its last one; the progress is counted anew.")
    async def add_milestone(self, info: Info, input: AddMilestoneInput) -> AddMilestonePayload:  # noqa: A002
        """A completed goal takes none. The uuid is the key under which the call can be repeated."""
        ctx = info.context
        goal_id = ids.parse(input.goal_id, "Goal", "goalId")
        milestone_id = input.uuid or uuid4()
        request = {
            "goalId": str(goal_id),
            "title": input.title,
            "description": input.description,
        }
        key, operation = f"milestone:{milestone_id}", "addMilestone"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, operation, request, "uuid") is None:
                goal = await actions.goal_in(tx, goal_id, "goalId")
                rules.may_add_milestone(goal["status"], goal["total"])
                tx.later(
                    SQL["milestone_create"],
                    1,
                    user_id=tx.user_id,
                    id=milestone_id,
                    goal_id=goal_id,
                    title=input.title,
                    description=input.description,
                    now=tx.now,
                )
                await receipts.keep(tx, key, operation, request, {})
                outbox.put(tx, milestone_id, MilestoneAdded(goal_id=goal_id, title=input.title))
                _recount(tx, goal_id, goal, goal["done"], goal["total"] + 1)
            else:
                tx.discard()
        return AddMilestonePayload(
            milestone=await ctx.load(loaders.milestone_by_id, milestone_id),
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal")),
        )

    @mutation(WRITE, "Edit a milestone: what the input leaves out stays, null clears.")
    async def update_milestone(
        self,
        info: Info,
        input: UpdateMilestoneInput,  # noqa: A002
    ) -> UpdateMilestonePayload:
        """Its state has operations of its own."""
        ctx = info.context
        milestone_id = ids.parse(input.id, "GoalMilestone", "id")
        async with ctx.transaction() as tx:
            step = await actions.milestone_in(tx, milestone_id)
            maybes: dict[str, Maybe[Any]] = {
                "title": input.title,
                "description": input.description,
            }
            changed = {
                column: maybe.value
                for column, maybe in maybes.items()
                if maybe is not None and maybe.value != step[column]
            }
            if not changed:
                tx.discard()
            else:
                edited = {column: step[column] for column in maybes} | changed
                tx.later(
                    SQL["milestone_update"],
                    1,
                    user_id=tx.user_id,
                    id=milestone_id,
                    now=tx.now,
                    **edited,
                )
                told = MilestoneUpdated(goal_id=step["goal_id"], fields=sorted(changed))
                outbox.put(tx, milestone_id, told)
        return UpdateMilestonePayload(
            milestone=await ctx.load(loaders.milestone_by_id, milestone_id)
        )

    @mutation(WRITE, "Put a goal's milestones into an order of the user's own.")
    async def reorder_milestones(
        self,
        info: Info,
        input: ReorderMilestonesInput,  # noqa: A002
    ) -> ReorderMilestonesPayload:
        """Takes the ids of all milestones; another set than the stored one is a CONFLICT."""
        ctx = info.context
        goal_id = ids.parse(input.goal_id, "Goal", "goalId")
        wanted = [ids.parse(each, "GoalMilestone", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            await actions.goal_in(tx, goal_id, "goalId")
            rows = await SQL["milestone_ids"].all(tx, user_id=tx.user_id, goal_id=goal_id)
            if order.changes(wanted, rows, "the goal's milestones"):
                tx.later(SQL["milestone_reorder"], None, user_id=tx.user_id, ids=wanted, now=tx.now)
                outbox.put(tx, goal_id, MilestonesReordered(goal_id=goal_id))
            else:
                tx.discard()
        return ReorderMilestonesPayload(
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal"))
        )

    @mutation(WRITE, "Delete a milestone for good; what it paid stays paid.")
    async def delete_milestone(
        self,
        info: Info,
        input: DeleteMilestoneInput,  # noqa: A002
    ) -> DeleteMilestonePayload:
        """The goal's progress is counted anew, which completes nothing by itself.

        Deleting it again within seven days answers the same.
        """
        ctx = info.context
        milestone_id = ids.parse(input.id, "GoalMilestone", "id")
        key = f"delete:milestone:{milestone_id}"
        async with ctx.transaction() as tx:
            kept = await receipts.find(tx, key, "deleteMilestone", {}, "id")
            if kept is None:
                step = await actions.milestone_in(tx, milestone_id)
                goal_id: UUID = step["goal_id"]
                tx.later(SQL["milestone_delete"], 1, user_id=tx.user_id, id=milestone_id)
                await receipts.keep(tx, key, "deleteMilestone", {}, {"goalId": goal_id})
                outbox.put(tx, milestone_id, MilestoneDeleted(goal_id=goal_id))
                done = step["done"] - step["is_completed"]
                _recount(tx, goal_id, step, done, step["total"] - 1)
            else:
                goal_id = UUID(kept["goalId"])
                tx.discard()
        return DeleteMilestonePayload(
            deleted_id=strawberry.ID(ids.encode("GoalMilestone", milestone_id)),
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal")),
        )

    @mutation(WRITE, "Complete a milestone of an active goal and earn its reward.")
    async def complete_milestone(
        self,
        info: Info,
        input: CompleteMilestoneInput,  # noqa: A002
    ) -> CompleteMilestonePayload:
        """The last open one completes the goal too. One that is complete stays as it is."""
        ctx = info.context
        milestone_id = ids.parse(input.id, "GoalMilestone", "id")
        async with ctx.transaction() as tx:
            reached = await actions.complete_milestone(tx, milestone_id)
            if reached is None:
                tx.discard()
        milestone = await ctx.load(loaders.milestone_by_id, milestone_id)
        return CompleteMilestonePayload(
            milestone=milestone,
            goal=milestone
            and await ctx.load(loaders.goal_by_id, milestone["goal_id"], ctx.wanted(info, "goal")),
            award=reached and award_of(reached.milestone),
            goal_award=reached and reached.goal and award_of(reached.goal),
        )

    @mutation(WRITE, "Take a completed milestone back, with its reward; a completed goal reopens.")
    async def uncomplete_milestone(
        self,
        info: Info,
        input: UncompleteMilestoneInput,  # noqa: A002
    ) -> UncompleteMilestonePayload:
        """Refused with INSUFFICIENT_COINS when the goal's coins are spent already."""
        ctx = info.context
        milestone_id = ids.parse(input.id, "GoalMilestone", "id")
        async with ctx.transaction() as tx:
            taken = await actions.uncomplete_milestone(tx, milestone_id)
            if taken is None:
                tx.discard()
        milestone = await ctx.load(loaders.milestone_by_id, milestone_id)
        return UncompleteMilestonePayload(
            milestone=milestone,
            goal=milestone
            and await ctx.load(loaders.goal_by_id, milestone["goal_id"], ctx.wanted(info, "goal")),
            award=taken and taken.milestone and award_of(taken.milestone),
            goal_award=taken and taken.goal and award_of(taken.goal),
        )


def _recount(tx: Tx, goal_id: UUID, known: Row, done: int, total: int) -> None:
    """Note a goal's progress by its milestones; a completed goal stays at 100."""
    if known["status"] == GoalStatus.COMPLETED:
        return
    progress = rules.progress(done, total)
    if progress != known["progress"]:
        actions.set_state(tx, goal_id, known["status"], progress, None)
        outbox.put(tx, goal_id, GoalProgressed(progress=progress))
