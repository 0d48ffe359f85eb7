"""Root fields for the steps of a quest: accept, progress, abandon, complete and take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry

from app.core import ids, inputs, outbox, receipts, sql, together
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import InvalidInput, NotFound
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.sql import Row
from app.core.transaction import Tx
from app.gamification import actions as gamification
from app.gamification.actions import Reward
from app.gamification.types import Award, award_of
from app.quests import actions, loaders, rules
from app.quests.events import (
    QuestAbandoned,
    QuestAccepted,
    QuestCompleted,
    QuestProgressed,
    QuestUncompleted,
)
from app.quests.rules import QuestStatus
from app.quests.types import Quest

SQL = sql.load("quests")
EVENT = "quest_complete"
LARGEST_DELTA = 1_000_000


@strawberry.input(description="The quest to accept.")
class AcceptQuestInput:
    """Input of `acceptQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


@strawberry.input(description="Progress in a quest.")
class ProgressQuestInput:
    """Input of `progressQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")
    delta: int = inputs.number(
        -LARGEST_DELTA, LARGEST_DELTA, "How much more is done; less when negative."
    )
    idempotency_key: str | None = inputs.idempotency_key("step")


@strawberry.input(description="The quest to give up.")
class AbandonQuestInput:
    """Input of `abandonQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


@strawberry.input(description="The quest to complete.")
class CompleteQuestInput:
    """Input of `completeQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


@strawberry.input(description="The quest whose completion is taken back.")
class UncompleteQuestInput:
    """Input of `uncompleteQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


@strawberry.type(description="Result of `acceptQuest`.")
class AcceptQuestPayload(Payload):
    """The accepted quest."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")


@strawberry.type(description="Result of `progressQuest`.")
class ProgressQuestPayload(Payload):
    """The quest that moved."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")


@strawberry.type(description="Result of `abandonQuest`.")
class AbandonQuestPayload(Payload):
    """The abandoned quest."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")


@strawberry.type(description="Result of `completeQuest`.")
class CompleteQuestPayload(Payload):
    """The completed quest and what it paid."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What it paid; null when it was completed before this call."
    )


@strawberry.type(description="Result of `uncompleteQuest`.")
class UncompleteQuestPayload(Payload):
    """The reopened quest and what was taken back."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")
    award: Award | None = strawberry.field(
        default=None, description="What was taken back, negative; null when nothing was."
    )


@strawberry.type
class QuestStepsMutation:
    """Mutations that move a quest from state to state."""

    @mutation(WRITE, "Accept a quest that is available, or take an abandoned one up again.")
    async def accept_quest(self, info: Info, input: AcceptQuestInput) -> AcceptQuestPayload:  # noqa: A002
        """A quest that was accepted before stays as it is."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        async with ctx.transaction() as tx:
            quest = await quest_in(tx, quest_id)
            if rules.may_accept(quest["status"]):
                _set_state(tx, quest, status=QuestStatus.ACTIVE, accepted_at=tx.now)
                outbox.put(tx, quest_id, QuestAccepted())
            else:
                tx.discard()
        return AcceptQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest"))
        )

    @mutation(WRITE, "Add to the progress of an active quest, or take from it.")
    async def progress_quest(self, info: Info, input: ProgressQuestInput) -> ProgressQuestPayload:  # noqa: A002
        """The progress stays between 0 and the target; reaching it completes nothing yet."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        if input.delta == 0:
            raise InvalidInput("A step of 0 moves nothing.", "delta")
        request = {"id": str(quest_id), "delta": input.delta}
        async with ctx.transaction() as tx:
            key = input.idempotency_key
            if await receipts.find_optional(tx, key, "progressQuest", request) is None:
                quest = await quest_in(tx, quest_id)
                rules.may_progress(quest["status"])
                progress = min(max(quest["progress"] + input.delta, 0), quest["target"])
                _set_state(tx, quest, progress=progress)
                await receipts.keep_optional(tx, key, "progressQuest", request)
                moved = QuestProgressed(progress=progress, target=quest["target"])
                outbox.put(tx, quest_id, moved)
            else:
                tx.discard()
        return ProgressQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest"))
        )

    @mutation(WRITE, "Give up a quest; accepting it takes it up again.")
    async def abandon_quest(self, info: Info, input: AbandonQuestInput) -> AbandonQuestPayload:  # noqa: A002
        """A quest that was abandoned before stays as it is."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        async with ctx.transaction() as tx:
            quest = await quest_in(tx, quest_id)
            if rules.may_abandon(quest["status"]):
                _set_state(tx, quest, status=QuestStatus.ABANDONED)
                outbox.put(tx, quest_id, QuestAbandoned())
            else:
                tx.discard()
        return AbandonQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest"))
        )

    @mutation(WRITE, "Complete an active quest and earn its reward.")
    async def complete_quest(self, info: Info, input: CompleteQuestInput) -> CompleteQuestPayload:  # noqa: A002
        """A quest that was completed before stays as it is and pays nothing more."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        award: Award | None = None
        async with ctx.transaction() as tx:
            keys = rules.payment_keys(quest_id, tx.today)
            rows, (state,), running = await together.read(
                tx,
                loaders.quest_now(quest_id, tx.user_id, tx.now, tx.today),
                gamification.state(tx, EVENT, quest_id, list(keys.values())),
                actions.running(tx, actions.QUESTS_COMPLETED),
            )
            quest = _only(rows)
            if rules.may_complete(quest["status"], quest["progress"], quest["target"]):
                repeat = quest["repeat_frequency"]
                _set_state(
                    tx,
                    quest,
                    status=QuestStatus.COMPLETED,
                    progress=max(quest["progress"], quest["target"]),
                    completed_at=tx.now,
                    last_completed_date=tx.today,
                    streak_count=quest["streak_count"] + 1 if repeat else 0,
                )
                reward = Reward(
                    EVENT,
                    quest_id,
                    keys[repeat],
                    quest["xp_reward"],
                    quest["coin_reward"],
                    daily_cap=rules.PAID_PER_DAY,
                )
                paid = await gamification.award(tx, reward, state)
                await actions.count(tx, paid, running, quests_completed=1)
                outbox.put(tx, quest_id, QuestCompleted(xp=paid.xp, coins=paid.coins))
                award = award_of(paid)
            else:
                tx.discard()
        return CompleteQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest")),
            award=award,
        )

    @mutation(WRITE, "Take a completion back on the day that it happened, with its reward.")
    async def uncomplete_quest(
        self,
        info: Info,
        input: UncompleteQuestInput,  # noqa: A002
    ) -> UncompleteQuestPayload:
        """Refused with INSUFFICIENT_COINS when the coins are spent already."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        award: Award | None = None
        async with ctx.transaction() as tx:
            rows, running = await together.read(
                tx,
                loaders.quest_now(quest_id, tx.user_id, tx.now, tx.today),
                actions.running(tx, actions.QUESTS_COMPLETED),
            )
            quest = _only(rows)
            today = quest["last_completed_date"] == tx.today
            if rules.may_uncomplete(quest["status"], completed_today=today):
                repeat = quest["repeat_frequency"]
                key = rules.payment_keys(quest_id, tx.today)[repeat]
                taken = await gamification.reverse(tx, EVENT, quest_id, key, "quest_uncompleted")
                days = taken.same_event_days if taken else []
                _set_state(
                    tx,
                    quest,
                    status=QuestStatus.ACTIVE,
                    completed_at=None,
                    last_completed_date=max(days, default=None),
                    streak_count=rules.streak_after(days, repeat),
                )
                if taken is not None:
                    await actions.count(tx, taken, running, quests_completed=-1)
                    award = award_of(taken)
                xp, coins = (taken.xp, taken.coins) if taken else (0, 0)
                outbox.put(tx, quest_id, QuestUncompleted(xp=xp, coins=coins))
            else:
                tx.discard()
        return UncompleteQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest")),
            award=award,
        )


async def quest_in(tx: Tx, quest_id: UUID) -> Row:
    """The quest, read under the user's clock; `NotFound` when the viewer has none with this id."""
    return _only(await loaders.quests_now(tx, [quest_id], tx.user_id, tx.now, tx.today))


def _only(rows: Sequence[Row]) -> Row:
    """The quest that was read; `NotFound` when there is none."""
    if not rows:
        raise NotFound("You have no quest with this id.", "id")
    return rows[0]


def _set_state(tx: Tx, quest: Row, **changed: Any) -> None:
    """Note a quest's state: what `changed` names, the rest as it was read."""
    columns = (
        "status",
        "progress",
        "accepted_at",
        "completed_at",
        "last_completed_date",
        "streak_count",
    )
    state = {**{column: quest[column] for column in columns}, **changed}
    tx.later(SQL["quest_set_state"], 1, user_id=tx.user_id, id=quest["id"], now=tx.now, **state)
