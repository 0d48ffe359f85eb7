"""Root fields for the quests themselves: make, edit, reorder, delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry import Maybe

from app.core import ids, inputs, order, outbox, page, receipts, sql
from app.core.access import WRITE
from app.core.context import Info
from app.core.errors import InvalidInput, NotFound, WrongState
from app.core.fields import mutation
from app.core.page import Connection, Window
from app.core.payload import Payload
from app.core.transaction import Tx
from app.quests import loaders, rules
from app.quests.events import QuestCreated, QuestDeleted, QuestsReordered, QuestUpdated
from app.quests.lists import QuestFilterInput, quest_page
from app.quests.mutations.steps import quest_in
from app.quests.rules import QuestDifficulty, QuestRepeat, QuestStatus
from app.quests.types import Quest, QuestOrder

SQL = sql.load("quests")
LARGEST_TARGET = 1_000_000
MOST_REORDERED = 5_000


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
    repeat_frequency: QuestRepeat | None = strawberry.field(
        default=None, description="How often it opens again; left out, it is done once."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it stops being possible; a moment in the future."
    )
    source_quest_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id or uuid of the universal quest that it is a copy of."
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
    is_active: Maybe[bool | None] = inputs.kept(
        strawberry.field(description="False puts it away, true takes it out again; not null.")
    )
    repeat_frequency: Maybe[QuestRepeat | None] = strawberry.field(
        default=None, description="How often it opens again; null: it is done once."
    )
    expires_at: Maybe[datetime | None] = strawberry.field(
        default=None, description="When it stops being possible; null: never."
    )


@strawberry.input(description="The user's own order of all quests.")
class ReorderQuestsInput:
    """Input of `reorderQuests`."""

    ids: list[strawberry.ID] = inputs.many(
        MOST_REORDERED, "Ids or uuids of all the viewer's quests, in their new order."
    )


@strawberry.input(description="The quest to delete.")
class DeleteQuestInput:
    """Input of `deleteQuest`."""

    id: strawberry.ID = strawberry.field(description="Id or uuid of the quest.")


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


@strawberry.type(description="Result of `reorderQuests`.")
class ReorderQuestsPayload(Payload):
    """The list in its new order."""

    reordered: strawberry.Private[bool] = False

    @strawberry.field(description="The list in its new order, in pages; null beside errors.")
    async def quests(
        self,
        info: Info,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Quest] | None:
        """Read after the commit, like every field of a payload."""
        if not self.reordered:
            return None
        window = Window.of(first, after, last, before)
        return await quest_page(info.context, QuestFilterInput(), QuestOrder.MANUAL, window)


@strawberry.type(description="Result of `deleteQuest`.")
class DeleteQuestPayload(Payload):
    """What is gone."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the deleted quest, to drop it from a cache."
    )


@strawberry.type
class OwnQuestsMutation:
    """Mutations of the quests themselves."""

    @mutation(WRITE, "Make a quest. It waits to be accepted.")
    async def create_quest(self, info: Info, input: CreateQuestInput) -> CreateQuestPayload:  # noqa: A002
        """The optional uuid is the key under which the call can be repeated."""
        ctx = info.context
        quest_id = input.uuid or uuid4()
        source_id = None
        if input.source_quest_id is not None:
            source_id = ids.parse(input.source_quest_id, "UniversalQuest", "sourceQuestId")
            if await ctx.load(loaders.universal_quest_by_id, source_id) is None:
                raise NotFound("There is no universal quest with this id.", "sourceQuestId")
        worth = rules.WORTH[input.difficulty]
        request = _request(input)
        async with ctx.transaction() as tx:
            if await receipts.find(tx, f"quest:{quest_id}", "createQuest", request, "uuid") is None:
                _refuse_past(input.expires_at, tx)
                tx.later(
                    SQL["quest_create"],
                    1,
                    user_id=tx.user_id,
                    id=quest_id,
                    source_quest_id=source_id,
                    title=input.title,
                    description=input.description,
                    category=input.category,
                    difficulty=input.difficulty,
                    xp_reward=worth.xp,
                    coin_reward=worth.coins,
                    target=input.target,
                    repeat_frequency=input.repeat_frequency,
                    expires_at=input.expires_at,
                    now=tx.now,
                )
                await receipts.keep(tx, f"quest:{quest_id}", "createQuest", request, {})
                outbox.put(tx, quest_id, QuestCreated(title=input.title))
            else:
                tx.discard()
        return CreateQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest"))
        )

    @mutation(WRITE, "Edit a quest: what the input leaves out stays, null clears.")
    async def update_quest(self, info: Info, input: UpdateQuestInput) -> UpdateQuestPayload:  # noqa: A002
        """The target of a completed quest can't change."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        async with ctx.transaction() as tx:
            quest = await quest_in(tx, quest_id)
            if input.target is not None and quest["status"] == QuestStatus.COMPLETED:
                raise WrongState("The target of a completed quest can't change.", "target")
            changed = {
                column: maybe.value
                for column, maybe in _columns(input).items()
                if maybe is not None and maybe.value != quest[column]
            }
            if not changed:
                tx.discard()
            else:
                _refuse_past(changed.get("expires_at"), tx)
                edited = {column: quest[column] for column in _columns(input)} | changed
                worth = rules.WORTH[QuestDifficulty(edited["difficulty"])]  # pyright: ignore[reportCallIssue]
                tx.later(
                    SQL["quest_update"],
                    1,
                    user_id=tx.user_id,
                    id=quest_id,
                    xp_reward=worth.xp,
                    coin_reward=worth.coins,
                    now=tx.now,
                    **edited,
                )
                outbox.put(tx, quest_id, QuestUpdated(fields=sorted(changed)))
        return UpdateQuestPayload(
            quest=await ctx.load(loaders.quest_by_id, quest_id, ctx.wanted(info, "quest"))
        )

    @mutation(WRITE, "Put the quests into an order of the user's own.")
    async def reorder_quests(self, info: Info, input: ReorderQuestsInput) -> ReorderQuestsPayload:  # noqa: A002
        """Takes the ids of all quests; another set than the stored one is a CONFLICT."""
        ctx = info.context
        wanted = [ids.parse(each, "Quest", "ids") for each in input.ids]
        async with ctx.transaction() as tx:
            rows = await SQL["quest_ids"].all(tx, user_id=tx.user_id)
            if order.changes(wanted, rows, "your quests"):
                tx.later(SQL["quest_reorder"], None, user_id=tx.user_id, ids=wanted, now=tx.now)
                outbox.put(tx, tx.user_id, QuestsReordered())
            else:
                tx.discard()
        return ReorderQuestsPayload(reordered=True)

    @mutation(WRITE, "Delete a quest for good; what it paid stays paid.")
    async def delete_quest(self, info: Info, input: DeleteQuestInput) -> DeleteQuestPayload:  # noqa: A002
        """Deleting it again within seven days answers the same."""
        ctx = info.context
        quest_id = ids.parse(input.id, "Quest", "id")
        key = f"delete:quest:{quest_id}"
        async with ctx.transaction() as tx:
            if await receipts.find(tx, key, "deleteQuest", {}, "id") is None:
                missing = NotFound("You have no quest with this id.", "id")
                tx.later(SQL["quest_delete"], 1, missing, user_id=tx.user_id, id=quest_id)
                await receipts.keep(tx, key, "deleteQuest", {}, {})
                outbox.put(tx, quest_id, QuestDeleted())
            else:
                tx.discard()
        return DeleteQuestPayload(deleted_id=strawberry.ID(ids.encode("Quest", quest_id)))


def _columns(input: UpdateQuestInput) -> dict[str, Maybe[Any]]:  # noqa: A002
    """The columns that an edit may change, with what the input says of each."""
    return {
        "title": input.title,
        "description": input.description,
        "category": input.category,
        "difficulty": input.difficulty,
        "target": input.target,
        "is_active": input.is_active,
        "repeat_frequency": input.repeat_frequency,
        "expires_at": input.expires_at,
    }


def _request(input: CreateQuestInput) -> dict[str, Any]:  # noqa: A002
    """What a repeated call must agree in to count as the same."""
    return {
        "title": input.title,
        "description": input.description,
        "category": input.category,
        "difficulty": input.difficulty,
        "target": input.target,
        "repeatFrequency": input.repeat_frequency,
        "expiresAt": input.expires_at,
        "sourceQuestId": input.source_quest_id,
    }


def _refuse_past(expires_at: datetime | None, tx: Tx) -> None:
    if expires_at is not None and expires_at <= tx.now:
        raise InvalidInput("The end must lie in the future.", "expiresAt")
