"""GraphQL types of the quests: own ones, and the universal ones that the service offers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.node import Node, global_id, row_uuid
from app.core.page import MANUAL, NEWEST, Key
from app.core.relation import to_one
from app.core.words import Words, described_enum
from app.quests import loaders
from app.quests.rules import QuestDifficulty, QuestStatus


@described_enum("How often a universal quest can be done.")
class UniversalQuestType(Words):
    """The periods of universal quests."""

    DAILY = "daily", "Once each of the user's days."
    WEEKLY = "weekly", "Once each ISO week."
    MONTHLY = "monthly", "Once each calendar month."
    ONE_TIME = "one_time", "Once for ever."


@strawberry.type(description="A quest that the service offers to everyone.")
class UniversalQuest(Node):
    """A row of `universal_quests`."""

    id: strawberry.ID = global_id("UniversalQuest")
    uuid: UUID = row_uuid()
    key: str = strawberry.field(description="Stable name for programs, such as `daily_focus`.")
    title: str = strawberry.field(description="Title to show.")
    description: str | None = strawberry.field(description="What it asks for.")
    type: UniversalQuestType = strawberry.field(description="How often it can be done.")
    xp_reward: int = strawberry.field(description="XP paid when it is claimed.")
    coin_reward: int = strawberry.field(description="Coins paid when it is claimed.")
    target: int = strawberry.field(description="How much of `targetType` completes it.")
    target_type: str = strawberry.field(
        description="What counts towards it, such as `focus_minutes` or `streak_days`."
    )


@strawberry.type(description="Something the viewer has set out to do.")
class Quest(Node):
    """A row of `user_quests`."""

    id: strawberry.ID = global_id("Quest")
    uuid: UUID = row_uuid()
    title: str = strawberry.field(description="What is to be done.")
    description: str | None = strawberry.field(description="More about it.")
    category: str | None = strawberry.field(description="A word of the user's own to group by.")
    difficulty: QuestDifficulty = strawberry.field(description="How hard it is.")
    xp_reward: int = strawberry.field(description="XP that completing it pays.")
    coin_reward: int = strawberry.field(description="Coins that completing it pays.")
    status: QuestStatus = strawberry.field(
        description="Where it stands; what is overdue reads as EXPIRED."
    )
    progress: int = strawberry.field(description="How much of `target` is done.")
    target: int = strawberry.field(description="How much there is to do, in the user's own unit.")
    accepted_at: datetime | None = strawberry.field(description="When it was accepted.")
    completed_at: datetime | None = strawberry.field(description="When it was completed.")
    expires_at: datetime | None = strawberry.field(
        description="When it stops being possible, if ever."
    )
    sort_order: int = strawberry.field(description="Its place in the user's own order.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")
    source_quest: UniversalQuest | None = to_one(
        loaders.universal_quest_by_id,
        key="source_quest_id",
        description="The universal quest that it was copied from, if it was.",
    )


@described_enum("Named orders of quests; a cursor belongs to the order that it was made in.")
class QuestOrder(Words):
    """The orders that an index serves."""

    MANUAL = "manual", "The user's own order."
    NEWEST = "newest", "The newest first."


ORDERS: dict[QuestOrder, Key] = {QuestOrder.MANUAL: MANUAL, QuestOrder.NEWEST: NEWEST}
