"""Root fields for the habits themselves: make, edit, archive, reorder, delete."""

from __future__ import annotations

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
from app.core.sql import Row
from app.habits import loaders, streaks
from app.habits.actions.habits import habit_in, schedule_of, streak_columns
from app.habits.events import (
    HabitArchived,
    HabitCreated,
    HabitDeleted,
    HabitEvent,
    HabitsReordered,
    HabitUnarchived,
    HabitUpdated,
)
from app.habits.lists import HabitFilterInput, habit_page
from app.habits.streaks import WEEKDAYS, HabitFrequency, Weekday
from app.habits.types import Habit, HabitOrder

SQL = sql.load("habits")
MOST_REORDERED = 5_000
COLOR = r"#[0-9a-fA-F]{6}"
COLOR_SAYS = "A colour as #rrggbb, please."
TARGET = "On how many different days of an ISO week a weekly habit is to be done; 1 for the others."
DAYS = "The weekdays of a custom habit; a habit of another kind has none."


@strawberry.input(description="A new habit.")
class CreateHabitInput:
    """Input of `createHabit`."""

    name: str = inputs.text(inputs.SHORT, "What is to be done.", least=1)
    description: str | None = inputs.text(inputs.LONG, "More about it.", default=None)
    frequency: HabitFrequency = strawberry.field(
        default=HabitFrequency.DAILY, description="How often it is to be done."
    )
    target_count: int = inputs.number(1, len(WEEKDAYS), TARGET, default=1)
    custom_days: list[Weekday] | None = inputs.many(len(WEEKDAYS), DAYS, default=None)
    icon: str | None = inputs.text(inputs.SHORT, "Name of an icon.", default=None)
    color: str | None = inputs.text(
        inputs.SHORT, "Colour as `#rrggbb`.", pattern=COLOR, says=COLOR_SAYS, default=None
    )
    uuid: UUID | None = inputs.client_uuid("habit")


@strawberry.input(description="Changes to a habit: what is left out stays, null clears.")
class UpdateHabitInput:
    """Input of `updateHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")
    name: Maybe[str | None] = inputs.kept(
        inputs.text(inputs.SHORT, "What is to be done; not null.", least=1)
    )
    description: Maybe[str | None] = inputs.text(inputs.LONG, "More about it.", default=None)
    frequency: Maybe[HabitFrequency | None] = inputs.kept(
        strawberry.field(
            description="How often it is to be done; the streak is counted anew by it; not null."
        )
    )
    target_count: Maybe[int | None] = inputs.kept(
        inputs.number(1, len(WEEKDAYS), f"{TARGET} Not null.")
    )
    custom_days: Maybe[list[Weekday] | None] = inputs.many(len(WEEKDAYS), DAYS, default=None)
    icon: Maybe[str | None] = inputs.text(inputs.SHORT, "Name of an icon.", default=None)
    color: Maybe[str | None] = inputs.text(
        inputs.SHORT, "Colour as `#rrggbb`.", pattern=COLOR, says=COLOR_SAYS, default=None
    )


@strawberry.input(description="The habit to put away.")
class ArchiveHabitInput:
    """Input of `archiveHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")


@strawberry.input(description="The habit to take out again.")
class UnarchiveHabitInput:
    """Input of `unarchiveHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")


@strawberry.input(description="The user's own order of all habits.")
class ReorderHabitsInput:
    """Input of `reorderHabits`."""

    ids: list[strawberry.ID] = inputs.many(
        MOST_REORDERED, "Ids or uuids of all the viewer's habits, in their new order."
    )


@strawberry.input(description="The habit to delete.")
class DeleteHabitInput:
    """Input of `deleteHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")


@strawberry.type(description="Result of `createHabit`.")
class CreateHabitPayload(Payload):
    """The new habit."""

    habit: Habit | None = strawberry.field(
        default=None, description="The habit; null when it was deleted since the first call."
    )


@strawberry.type(description="Result of `updateHabit`.")
class UpdateHabitPayload(Payload):
    """The changed habit."""

    habit: Habit | None = strawberry.field(default=None, description="The habit as it is now.")


@strawberry.type(description="Result of `archiveHabit`.")
class ArchiveHabitPayload(Payload):
    """The archived habit."""

    habit: Habit | None = strawberry.field(default=None, description="The habit as it is now.")


@strawberry.type(description="Result of `unarchiveHabit`.")
class UnarchiveHabitPayload(Payload):
    """The habit that is in use again."""

    habit: Habit | None = strawberry.field(default=None, description="The habit as it is now.")


@strawberry.type(description="Result of `reorderHabits`.")
class ReorderHabitsPayload(Payload):
    """The list in its new order."""

    reordered: strawberry.Private[bool] = False

    @strawberry.field(description="The list in its new order, in pages; null beside errors.")
    async def habits(
        self,
        info: Info,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Habit] | None:
        """Read after the commit, like every field of a payload."""
        if not self.reordered:
            return None
        window = Window.of(first, after, last, before)
        return await habit_page(info.context, HabitFilterInput(), HabitOrder.MANUAL, window)


@strawberry.type(description="Result of `deleteHabit`.")
class DeleteHabitPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted habit, to drop it from a cache."
    )


@strawberry.type
class HabitsMutation:
    """Mutations of the habits themselves."""

    @mutation(WRITE, "Make a habit.")
    async def create_habit(self, info: Info, input: CreateHabitInput) -> CreateHabitPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        habit_id = input.uuid or uuid4()
        weekdays = streaks.numbered(input.custom_days)
        columns = {
            "name": input.name,
            "description": input.description,
            "frequency": input.frequency,
            "target_count": input.target_count,
            "custom_days": weekdays,
            "icon": input.icon,
            "color": input.color,
        }
        streaks.check_schedule(input.frequency, input.target_count, weekdays)
        key, operation = f"habit:{habit_id}", "createHabit"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, operation, columns, "uuid") is None:
                tx.later(
                    SQL["habit_create"], 1, user_id=tx.user_id, id=habit_id, now=tx.now, **columns
                )
                await receipts.keep(tx, key, operation, columns, {})
                outbox.put(tx, habit_id, HabitCreated(name=input.name))
            else:
                tx.discard()
        return CreateHabitPayload(
            habit=await ctx.load(loaders.habit_by_id, habit_id, ctx.wanted(info, "habit"))
        )

    @mutation(WRITE, "Edit a habit: what the input leaves out stays, null clears.")
    async def update_habit(self, info: Info, input: UpdateHabitInput) -> UpdateHabitPayload:  # noqa: A002
        """Another schedule counts the streak anew from all days on which the habit was done."""
        ctx = info.context
        habit_id = ids.parse(input.id, "Habit", "id")
        async with ctx.transaction() as tx:
            habit = await habit_in(tx, habit_id)
            stored = {column: habit[column] for column in COLUMNS}
            edited = {**stored, **_given(input)}
            streaks.check_schedule(
                edited["frequency"], edited["target_count"], edited["custom_days"]
            )
            changed = sorted(column for column in COLUMNS if edited[column] != stored[column])
            if not changed:
                tx.discard()
            else:
                schedule = schedule_of(edited)
                steps = streaks.walk(schedule, habit["days_done"])
                tx.later(
                    SQL["habit_update"],
                    1,
                    user_id=tx.user_id,
                    id=habit_id,
                    now=tx.now,
                    **edited,
                    **streak_columns(streaks.standing(schedule, steps)),
                )
                outbox.put(tx, habit_id, HabitUpdated(fields=changed))
        return UpdateHabitPayload(
            habit=await ctx.load(loaders.habit_by_id, habit_id, ctx.wanted(info, "habit"))
        )

    @mutation(WRITE, "Put a habit away; its days and its streak stay as they are.")
    async def archive_habit(self, info: Info, input: ArchiveHabitInput) -> ArchiveHabitPayload:  # noqa: A002
        """A habit that is archived stays as it is."""
        return ArchiveHabitPayload(
            habit=await _set_active(info, input.id, HabitArchived(), is_active=False)
        )

    @mutation(WRITE, "Take an archived habit out again.")
    async def unarchive_habit(
        self,
        info: Info,
        input: UnarchiveHabitInput,  # noqa: A002
    ) -> UnarchiveHabitPayload:
        """A habit that is in use stays as it is."""
        return UnarchiveHabitPayload(
            habit=await _set_active(info, input.id, HabitUnarchived(), is_active=True)
        )

    @mutation(WRITE, "Put the habits into an order of the user's own.")
    async def reorder_habits(self, info: Info, input: ReorderHabitsInput) -> ReorderHabitsPayload:  # noqa: A002
        """Takes the ids of all habits; another set than the stored one is a CONFLICT."""
        ctx = info.context
        wanted = [ids.parse(each, "Habit", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            rows = await SQL["habit_ids"].all(tx, user_id=tx.user_id)
            if order.changes(wanted, rows, "your habits"):
                tx.later(SQL["habit_reorder"], None, user_id=tx.user_id, ids=wanted, now=tx.now)
                outbox.put(tx, tx.user_id, HabitsReordered())
            else:
                tx.discard()
        return ReorderHabitsPayload(reordered=True)

    @mutation(WRITE, "Delete a habit with its days for good; what it paid stays paid.")
    async def delete_habit(self, info: Info, input: DeleteHabitInput) -> DeleteHabitPayload:  # noqa: A002
        """Deleting it again within seven days answers the same."""
        ctx = info.context
        habit_id = ids.parse(input.id, "Habit", "id")
        key = f"delete:habit:{habit_id}"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "deleteHabit", {}, "id") is None:
                await SQL["habit_unlink"].run(tx, user_id=tx.user_id, id=habit_id, now=tx.now)
                missing = NotFound("You have no habit with this id.", "id")
                tx.later(SQL["habit_delete"], 1, missing, user_id=tx.user_id, id=habit_id)
                await receipts.keep(tx, key, "deleteHabit", {}, {})
                outbox.put(tx, habit_id, HabitDeleted())
            else:
                tx.discard()
        return DeleteHabitPayload(deleted_id=strawberry.ID(ids.encode("Habit", habit_id)))


COLUMNS = ("name", "description", "frequency", "target_count", "custom_days", "icon", "color")
"""What an edit may change."""


def _given(input: UpdateHabitInput) -> dict[str, Any]:  # noqa: A002
    """The columns that an edit changes; another kind of schedule drops what only the old one has.

    That is its target or its weekdays, unless the edit names them.
    """
    maybes: dict[str, Maybe[Any]] = {column: getattr(input, column) for column in COLUMNS}
    given = {column: maybe.value for column, maybe in maybes.items() if maybe is not None}
    if "custom_days" in given:
        given["custom_days"] = streaks.numbered(given["custom_days"])
    kind = given.get("frequency")
    if kind is not None and kind != HabitFrequency.WEEKLY:
        given.setdefault("target_count", 1)
    if kind is not None and kind != HabitFrequency.CUSTOM:
        given.setdefault("custom_days", None)
    return given


async def _set_active(
    info: Info, global_id: strawberry.ID, told: HabitEvent, *, is_active: bool
) -> Row | None:
    """Archive a habit or take it out, unless it is there already; returns it as it is then."""
    ctx = info.context
    habit_id = ids.parse(global_id, "Habit", "id")
    async with ctx.transaction() as tx:
        changed = await SQL["habit_set_active"].run(
            tx, user_id=tx.user_id, id=habit_id, is_active=is_active, now=tx.now
        )
        if changed:
            outbox.put(tx, habit_id, told)
        else:
            tx.discard()
    habit = await ctx.load(loaders.habit_by_id, habit_id, ctx.wanted(info, "habit"))
    if habit is None:
        raise NotFound("You have no habit with this id.", "id")
    return habit
