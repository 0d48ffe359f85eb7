"""Root fields that change quests: make, edit, delete, accept, complete and take back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry import Maybe, Some

from app.core import ids, inputs, outbox, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import InvalidInput, NotFound, WrongState
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.sql import Row
from app.core.transaction import Tx
from app.gamification import actions as gamification
from app.gamification.actions import Reward
from app.gamification.types import Award
from app.quests import loaders, rules
from app.quests.events import (
    QuestAccepted,
    QuestCompleted,
    QuestCreated,
    QuestDeleted,
    QuestUncompleted,
    QuestUpdated,
)
from app.quests.rules import QuestDifficulty, QuestStatus
from app.quests.types import Quest

SQL = sql.load("quests")
LARGEST_TARGET = 1_000_000


@strawberry.input(description="A new quest.")
class CreateQuestInput:
    """Input of `createQuest`."""

    title: str = inputs.text(inputs.SHORT, "What is to be done.", least=1)
    description: str | None = inputs.text(inputs.LONG, "More about it.", default=None)
    category: str | None = inputs.text(inputs.SHORT, "A word to group by.", default=None)
    difficulty: QuestDifficulty = strawberry.field(
        default=QuestDifficulty.NORMAL, description="How hard it is; decides the reward."
    )
    target: int = inputs.number(1, LARGEST_TARGET, "How much there is to do.", default=1)
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it stops being possible; a moment in the future."
    )
    uuid: UUID | None = inputs.client_uuid("quest")


@strawberry.input(description="Changes to a quest: what is left out stays, null clears.")
class UpdateQuestInput:
    """Input of `updateQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")
    title: Maybe[str | None] = inputs.kept(
        inputs.text(inputs.SHORT, "What is to be done; not null.", least=1)
    )
    description: Maybe[str | None] = inputs.text(inputs.LONG, "More about it.", default=None)
    category: Maybe[str | None] = inputs.text(inputs.SHORT, "A word to group by.", default=None)
    difficulty: Maybe[QuestDifficulty | None] = inputs.kept(
        strawberry.field(
            description="How hard it is; decides the reward of the next completion; not null."
        )
    )
    target: Maybe[int | None] = inputs.kept(
        inputs.number(1, LARGEST_TARGET, "How much there is to do; not null.")
    )
    expires_at: Maybe[datetime | None] = strawberry.field(
        default=None, description="When it stops being possible; null: never."
    )


@strawberry.input(description="Names one of the viewer's quests.")
class QuestIdInput:
    """Base of the inputs that take a quest and nothing else."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


@strawberry.input(description="The quest to delete.")
class DeleteQuestInput(QuestIdInput):
    """Input of `deleteQuest`."""


@strawberry.input(description="The quest to accept.")
class AcceptQuestInput(QuestIdInput):
    """Input of `acceptQuest`."""


@strawberry.input(description="The quest to complete.")
class CompleteQuestInput(QuestIdInput):
    """Input of `completeQuest`."""


@strawberry.input(description="The quest whose completion is taken back.")
class UncompleteQuestInput(QuestIdInput):
    """Input of `uncompleteQuest`."""


@strawberry.type(description="Result of `createQuest`.")
class CreateQuestPayload(Payload):
    """The new quest."""

    quest: Quest | None = strawberry.field(
        default=None, description="The quest; null when it was deleted since the first call."
    )


@strawberry.type(description="Result of `updateQuest`.")
class UpdateQuestPayload(Payload):
    """The changed quest."""

    quest: Quest | None = strawberry.field(default=None, description="The quest as it is now.")


@strawberry.type(description="Result of `deleteQuest`.")
class DeleteQuestPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted quest, to drop it from a cache."
    )


@strawberry.type(description="Result of `acceptQuest`.")
class AcceptQuestPayload(Payload):
    """The accepted quest."""

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
class QuestsMutation:
    """Mutations of the quests."""

    @mutation(WRITE, "Make a quest. It waits to be accepted.")
    async def create_quest(self, info: Info, input: CreateQuestInput) -> CreateQuestPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        quest_id = input.uuid or uuid4()
        worth = rules.WORTH[input.difficulty]
        request = _request(input)
        async with ctx.transaction() as tx:
            if await receipts.find(tx, f"quest:{quest_id}", "createQuest", request, "uuid") is None:
                _refuse_past(input.expires_at, tx)
                await SQL["quest_create"].run(
                    tx,
                    user_id=tx.user_id,
                    id=quest_id,
                    title=input.title,
                    description=input.description,
                    category=input.category,
                    difficulty=input.difficulty,
                    xp_reward=worth.xp,
                    coin_reward=worth.coins,
                    target=input.target,
                    expires_at=input.expires_at,
                    now=tx.now,
                )
                await receipts.keep(tx, f"quest:{quest_id}", "createQuest", request, {})
                outbox.put(tx, quest_id, QuestCreated(title=input.title))
            else:
                tx.discard()
        return CreateQuestPayload(quest=await ctx.load(loaders.quest_by_id, quest_id))

    @mutation(WRITE, "Edit a quest: what the input leaves out stays, null clears.")
    async def update_quest(self, info: Info, input: UpdateQuestInput) -> UpdateQuestPayload:  # noqa: A002
        """Title, difficulty and target can't be null."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        difficulty = _value(input.difficulty) or QuestDifficulty.NORMAL
        worth = rules.WORTH[difficulty]
        async with ctx.transaction() as tx:
            quest = await _quest(tx, quest_id)
            if input.target is not None and quest["status"] == QuestStatus.COMPLETED:
                raise WrongState("The target of a completed quest can't change.", "target")
            _refuse_past(_value(input.expires_at), tx)
            await SQL["quest_update"].run(
                tx,
                user_id=tx.user_id,
                id=quest_id,
                set_title=input.title is not None,
                title=_value(input.title),
                set_description=input.description is not None,
                description=_value(input.description),
                set_category=input.category is not None,
                category=_value(input.category),
                set_difficulty=input.difficulty is not None,
                difficulty=difficulty,
                xp_reward=worth.xp,
                coin_reward=worth.coins,
                set_target=input.target is not None,
                target=_value(input.target),
                set_expires_at=input.expires_at is not None,
                expires_at=_value(input.expires_at),
                now=tx.now,
            )
            outbox.put(tx, quest_id, QuestUpdated())
        return UpdateQuestPayload(quest=await ctx.load(loaders.quest_by_id, quest_id))

    @mutation(WRITE, "Delete a quest for good; what it paid stays paid.")
    async def delete_quest(self, info: Info, input: DeleteQuestInput) -> DeleteQuestPayload:  # noqa: A002
        """Deleting it again within seven days answers the same."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        key = f"delete:quest:{quest_id}"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "deleteQuest", {}, "id") is None:
                deleted = await SQL["quest_delete"].run(tx, user_id=tx.user_id, id=quest_id)
                if not deleted:
                    raise NotFound("You have no quest with this id.", "id")
                await receipts.keep(tx, key, "deleteQuest", {}, {})
                outbox.put(tx, quest_id, QuestDeleted())
            else:
                tx.discard()
        return DeleteQuestPayload(deleted_id=strawberry.ID(ids.encode("Quest", quest_id)))

    @mutation(WRITE, "Accept a quest that is available, or take an abandoned one up again.")
    async def accept_quest(self, info: Info, input: AcceptQuestInput) -> AcceptQuestPayload:  # noqa: A002
        """A quest that was accepted before stays as it is."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        async with ctx.transaction() as tx:
            quest = await _quest(tx, quest_id)
            if rules.may_accept(quest["status"]):
                await _set_state(
                    tx, quest, status=QuestStatus.ACTIVE, accepted_at=tx.now, completed_at=None
                )
                outbox.put(tx, quest_id, QuestAccepted())
            else:
                tx.discard()
        return AcceptQuestPayload(quest=await ctx.load(loaders.quest_by_id, quest_id))

    @mutation(WRITE, "Complete an active quest and earn its reward.")
    async def complete_quest(self, info: Info, input: CompleteQuestInput) -> CompleteQuestPayload:  # noqa: A002
        """A quest that was completed before stays as it is and pays nothing more."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        award: Award | None = None
        async with ctx.transaction() as tx:
            quest = await _quest(tx, quest_id)
            if rules.may_complete(quest["status"], quest["progress"], quest["target"]):
                await _set_state(
                    tx,
                    quest,
                    status=QuestStatus.COMPLETED,
                    progress=max(quest["progress"], quest["target"]),
                    completed_at=tx.now,
                    last_completed_date=tx.today,
                )
                paid = await gamification.award(
                    tx,
                    Reward(
                        "quest_complete",
                        quest_id,
                        _ledger_key(quest_id),
                        quest["xp_reward"],
                        quest["coin_reward"],
                        daily_cap=rules.PAID_PER_DAY,
                    ),
                )
                outbox.put(tx, quest_id, QuestCompleted(xp=paid.xp, coins=paid.coins))
                award = _award(paid)
            else:
                tx.discard()
        return CompleteQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id), award=award
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
            quest = await _quest(tx, quest_id)
            today = quest["last_completed_date"] == tx.today
            if rules.may_uncomplete(quest["status"], completed_today=today):
                await _set_state(
                    tx,
                    quest,
                    status=QuestStatus.ACTIVE,
                    completed_at=None,
                    last_completed_date=None,
                )
                taken = await gamification.reverse(
                    tx, "quest_complete", quest_id, _ledger_key(quest_id), "quest_uncompleted"
                )
                xp, coins = (taken.xp, taken.coins) if taken else (0, 0)
                outbox.put(tx, quest_id, QuestUncompleted(xp=xp, coins=coins))
                award = _award(taken) if taken else None
            else:
                tx.discard()
        return UncompleteQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id), award=award
        )


def _value(maybe: Some[Any] | None) -> Any:
    return None if maybe is None else maybe.value


def _request(input: CreateQuestInput) -> dict[str, Any]:  # noqa: A002
    """What a repeated call must agree in to count as the same."""
    return {
        "title": input.title,
        "description": input.description,
        "category": input.category,
        "difficulty": input.difficulty,
        "target": input.target,
        "expiresAt": input.expires_at,
    }


def _refuse_past(expires_at: datetime | None, tx: Tx) -> None:
    if expires_at is not None and expires_at <= tx.now:
        raise InvalidInput("The end must lie in the future.", "expiresAt")


async def _quest(tx: Tx, quest_id: UUID) -> Row:
    """The quest, read under the user's clock; `NotFound` when the viewer has none with this id."""
    rows = await SQL["quest_by_ids"].all(tx, user_id=tx.user_id, ids=[quest_id], now=tx.now)
    if not rows:
        raise NotFound("You have no quest with this id.", "id")
    return rows[0]


async def _set_state(tx: Tx, quest: Row, **changed: Any) -> None:
    """Write a quest's state: what `changed` names, the rest as it was read."""
    kept = {
        column: quest[column]
        for column in (
            "status",
            "progress",
            "accepted_at",
            "completed_at",
            "last_completed_date",
        )
    }
    await SQL["quest_set_state"].run(
        tx, user_id=tx.user_id, id=quest["id"], now=tx.now, **{**kept, **changed}
    )


def _ledger_key(quest_id: UUID) -> str:
    return f"quest:{quest_id}:once"


def _award(paid: gamification.Awarded) -> Award:
    return Award(
        xp=paid.xp,
        coins=paid.coins,
        level=paid.level,
        levels_gained=paid.levels_gained,
        capped=paid.capped,
    )
