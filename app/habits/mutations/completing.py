"""Root fields for the days of a habit: mark one as done, and take the mark back."""

from __future__ import annotations

from datetime import date

import strawberry

from app.core import ids, inputs
from app.core.access import WRITE
from app.core.context import Info
from app.core.fields import mutation
from app.core.payload import Payload
from app.gamification.types import Award, award_of
from app.habits import loaders, rules
from app.habits.actions import habits as actions
from app.habits.types import Habit

DAY = "The user's day that it is about: today, or up to seven days back. Left out, it is today."


@strawberry.input(description="The habit that was done, and on which day.")
class CompleteHabitInput:
    """Input of `completeHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")
    date: date | None = strawberry.field(default=None, description=DAY)
    notes: str | None = inputs.text(inputs.LONG, "What to note about it.", default=None)


@strawberry.input(description="The habit that was not done after all, and on which day.")
class UncompleteHabitInput:
    """Input of `uncompleteHabit`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the habit.")
    date: date | None = strawberry.field(default=None, description=DAY)


@strawberry.type(description="Result of `completeHabit`.")
class CompleteHabitPayload(Payload):
    """The habit and what the day paid."""

    habit: Habit | None = strawberry.field(default=None, description="The habit as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when the day was marked before this call."
    )


@strawberry.type(description="Result of `uncompleteHabit`.")
class UncompleteHabitPayload(Payload):
    """The habit and what was taken back."""

    habit: Habit | None = strawberry.field(default=None, description="The habit as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What was taken back, negative; null when nothing was."
    )


@strawberry.type
class HabitDaysMutation:
    """Mutations of the days on which habits were done."""

    @mutation(WRITE, "Mark a habit as done on a day, and earn its reward: each day once.")
    async def complete_habit(self, info: Info, input: CompleteHabitInput) -> CompleteHabitPayload:  # noqa: A002
        """A day that was marked before stays as it is and pays nothing more."""
        ctx = info.context
        habit_id = ids.parse(input.id, "Habit", "id")
        async with ctx.transaction() as tx:
            day = input.date or tx.today
            rules.check_day(day, tx.today)
            paid = await actions.complete(tx, habit_id, day, input.notes)
            if paid is None:
                tx.discard()
        return CompleteHabitPayload(
            habit=await ctx.load(loaders.habit_by_id, habit_id, ctx.wanted(info, "habit")),
            award=paid and award_of(paid),
        )

    @mutation(WRITE, "Take the mark of a day back, with what it paid.")
    async def uncomplete_habit(
        self,
        info: Info,
        input: UncompleteHabitInput,  # noqa: A002
    ) -> UncompleteHabitPayload:
        """A day that is not marked stays so. The streak is counted anew without the day."""
        ctx = info.context
        habit_id = ids.parse(input.id, "Habit", "id")
        async with ctx.transaction() as tx:
            day = input.date or tx.today
            rules.check_day(day, tx.today)
            changed, taken = await actions.uncomplete(tx, habit_id, day)
            if not changed:
                tx.discard()
        return UncompleteHabitPayload(
            habit=await ctx.load(loaders.habit_by_id, habit_id, ctx.wanted(info, "habit")),
            award=taken and award_of(taken),
        )
