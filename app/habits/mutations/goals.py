"""Root fields for the goals themselves: make, edit, reorder, delete."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry import Maybe

from app.core import ids, inputs, order, outbox, page, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import NotFound
from app.core.fields import mutation
from app.core.page import Connection, Window
from app.core.payload import Payload
from app.habits import loaders
from app.habits.actions.goals import goal_in
from app.habits.events import GoalCreated, GoalDeleted, GoalsReordered, GoalUpdated
from app.habits.lists import GoalFilterInput, goal_page
from app.habits.types import Goal, GoalOrder

SQL = sql.load("habits")
MOST_REORDERED = 5_000
GREATEST_PRIORITY = 1_000
PRIORITY = "How much it matters, as a number of the user's choice."


@strawberry.input(description="A new goal.")
class CreateGoalInput:
    """Input of `createGoal`."""

    title: str = inputs.text(inputs.SHORT, "What is to be reached.", least=1)
    description: str | None = inputs.text(inputs.LONG, "More about it.", default=None)
    category: str | None = inputs.text(inputs.SHORT, "A word to group by.", default=None)
    target_date: date | None = strawberry.field(
        default=None, description="The day by which to reach it."
    )
    priority: int = inputs.number(-GREATEST_PRIORITY, GREATEST_PRIORITY, PRIORITY, default=0)
    uuid: UUID | None = inputs.client_uuid("goal")


@strawberry.input(description="Changes to a goal: what is left out stays, null clears.")
class UpdateGoalInput:
    """Input of `updateGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")
    title: Maybe[str | None] = inputs.kept(
        inputs.text(inputs.SHORT, "What is to be reached; not null.", least=1)
    )
    description: Maybe[str | None] = inputs.text(inputs.LONG, "More about it.", default=None)
    category: Maybe[str | None] = inputs.text(inputs.SHORT, "A word to group by.", default=None)
    target_date: Maybe[date | None] = strawberry.field(
        default=None, description="The day by which to reach it; null: none."
    )
    priority: Maybe[int | None] = inputs.kept(
        inputs.number(-GREATEST_PRIORITY, GREATEST_PRIORITY, f"{PRIORITY} Not null.")
    )


@strawberry.input(description="The user's own order of all goals.")
class ReorderGoalsInput:
    """Input of `reorderGoals`."""

    ids: list[strawberry.ID] = inputs.many(
        MOST_REORDERED, "Ids or uuids of all the viewer's goals, in their new order."
    )


@strawberry.input(description="The goal to delete.")
class DeleteGoalInput:
    """Input of `deleteGoal`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the goal.")


@strawberry.type(description="Result of `createGoal`.")
class CreateGoalPayload(Payload):
    """The new goal."""

    goal: Goal | None = strawberry.field(
        default=None, description="The goal; null when it was deleted since the first call."
    )


@strawberry.type(description="Result of `updateGoal`.")
class UpdateGoalPayload(Payload):
    """The changed goal."""

    goal: Goal | None = strawberry.field(default=None, description="The goal as it is now.")


@strawberry.type(description="Result of `reorderGoals`.")
class ReorderGoalsPayload(Payload):
    """The list in its new order."""

    reordered: strawberry.Private[bool] = False

    @strawberry.field(description="The list in its new order, in pages; null beside errors.")
    async def goals(
        self,
        info: Info,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Goal] | None:
        """Read after the commit, like every field of a payload."""
        if not self.reordered:
            return None
        window = Window.of(first, after, last, before)
        return await goal_page(info.context, GoalFilterInput(), GoalOrder.MANUAL, window)


@strawberry.type(description="Result of `deleteGoal`.")
class DeleteGoalPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted goal, to drop it from a cache."
    )


@strawberry.type
class GoalsMutation:
    """Mutations of the goals themselves."""

    @mutation(WRITE, "Make a goal. It is active at once; `addMilestone` gives it its steps.")
    async def create_goal(self, info: Info, input: CreateGoalInput) -> CreateGoalPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        goal_id = input.uuid or uuid4()
        columns = {column: getattr(input, column) for column in COLUMNS}
        key, operation = f"goal:{goal_id}", "createGoal"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, operation, columns, "uuid") is None:
                tx.later(
                    SQL["goal_create"], 1, user_id=tx.user_id, id=goal_id, now=tx.now, **columns
                )
                await receipts.keep(tx, key, operation, columns, {})
                outbox.put(tx, goal_id, GoalCreated(title=input.title))
            else:
                tx.discard()
        return CreateGoalPayload(
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal"))
        )

    @mutation(WRITE, "Edit a goal: what the input leaves out stays, null clears.")
    async def update_goal(self, info: Info, input: UpdateGoalInput) -> UpdateGoalPayload:  # noqa: A002
        """Its state has operations of its own."""
        ctx = info.context
        goal_id = ids.parse(input.id, "Goal", "id")
        async with ctx.transaction() as tx:
            goal = await goal_in(tx, goal_id)
            maybes: dict[str, Maybe[Any]] = {each: getattr(input, each) for each in COLUMNS}
            changed = {
                column: maybe.value
                for column, maybe in maybes.items()
                if maybe is not None and maybe.value != goal[column]
            }
            if not changed:
                tx.discard()
            else:
                edited = {column: goal[column] for column in COLUMNS} | changed
                tx.later(
                    SQL["goal_update"], 1, user_id=tx.user_id, id=goal_id, now=tx.now, **edited
                )
                outbox.put(tx, goal_id, GoalUpdated(fields=sorted(changed)))
        return UpdateGoalPayload(
            goal=await ctx.load(loaders.goal_by_id, goal_id, ctx.wanted(info, "goal"))
        )

    @mutation(WRITE, "Put the goals into an order of the user's own.")
    async def reorder_goals(self, info: Info, input: ReorderGoalsInput) -> ReorderGoalsPayload:  # noqa: A002
        """Takes the ids of all goals; another set than the stored one is a CONFLICT."""
        ctx = info.context
        wanted = [ids.parse(each, "Goal", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            rows = await SQL["goal_ids"].all(tx, user_id=tx.user_id)
            if order.changes(wanted, rows, "your goals"):
                tx.later(SQL["goal_reorder"], None, user_id=tx.user_id, ids=wanted, now=tx.now)
                outbox.put(tx, tx.user_id, GoalsReordered())
            else:
                tx.discard()
        return ReorderGoalsPayload(reordered=True)

    @mutation(WRITE, "Delete a goal with its milestones for good; what it paid stays paid.")
    async def delete_goal(self, info: Info, input: DeleteGoalInput) -> DeleteGoalPayload:  # noqa: A002
        """Deleting it again within seven days answers the same."""
        ctx = info.context
        goal_id = ids.parse(input.id, "Goal", "id")
        key = f"delete:goal:{goal_id}"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "deleteGoal", {}, "id") is None:
                await SQL["goal_unlink"].run(tx, user_id=tx.user_id, id=goal_id, now=tx.now)
                missing = NotFound("You have no goal with this id.", "id")
                tx.later(SQL["goal_delete"], 1, missing, user_id=tx.user_id, id=goal_id)
                await receipts.keep(tx, key, "deleteGoal", {}, {})
                outbox.put(tx, goal_id, GoalDeleted())
            else:
                tx.discard()
        return DeleteGoalPayload(deleted_id=strawberry.ID(ids.encode("Goal", goal_id)))


COLUMNS = ("title", "description", "category", "target_date", "priority")
"""What an edit may change."""
