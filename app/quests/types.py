"""GraphQL types of the quests: own ones, and the universal ones that the service offers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.node import Node, global_id, row_uuid
from app.core.page import MANUAL, NEWEST, Column, Key
from app.core.relation import to_one
from app.core.words import Words, described_enum
from app.quests import loaders
from app.quests.rules import QuestDifficulty, QuestRepeat, QuestStatus
from app.quests.universal import UniversalQuestStatus, UniversalQuestType


@strawberry.type(description="How far the viewer is with a universal quest in its present period.")
class UniversalQuestProgress(Node):
    """A row of `user_quest_progress`."""

    id: strawberry.ID = global_id("UniversalQuestProgress")
    uuid: UUID = row_uuid()
    status: UniversalQuestStatus = strawberry.field(description="Where the viewer stands.")
    progress: int = strawberry.field(
        description="How much of the quest's `target` is done in this period."
    )
    accepted_at: datetime = strawberry.field(description="When the viewer accepted the quest.")
    completed_at: datetime | None = strawberry.field(
        description="When it was completed in this period."
    )
    claimed_at: datetime | None = strawberry.field(
        description="When its reward was claimed in this period."
    )
    times_completed: int = strawberry.field(description="In how many periods it was claimed.")


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
    is_active: bool = strawberry.field(
        description="Whether it is offered; a retired one is moved by nothing."
    )
    my_progress: UniversalQuestProgress | None = to_one(
        loaders.progress_of_universal_quest,
        key="id",
        description="The viewer's progress; null until the viewer has accepted the quest.",
        join=loaders.PROGRESS,
    )


@strawberry.type(description="Something the viewer has set out to do.")
class Quest(Node):
    """A row of `user_quests`, as it reads now."""

    id: strawberry.ID = global_id("Quest")
    uuid: UUID = row_uuid()
    title: str = strawberry.field(description="What is to be done.")
    description: str | None = strawberry.field(description="More about it.")
    category: str | None = strawberry.field(description="A word of the user's own to group by.")
    difficulty: QuestDifficulty = strawberry.field(description="How hard it is.")
    xp_reward: int = strawberry.field(description="XP that completing it pays.")
    coin_reward: int = strawberry.field(description="Coins that completing it pays.")
    status: QuestStatus = strawberry.field(
        description=(
            "Where it stands. What is overdue reads as EXPIRED; a repeatable quest that was "
            "completed in an earlier period reads as ACTIVE again."
        )
    )
    progress: int = strawberry.field(description="How much of `target` is done.")
    target: int = strawberry.field(description="How much there is to do, in the user's own unit.")
    is_active: bool = strawberry.field(description="False when the user has put it away.")
    repeat_frequency: QuestRepeat | None = strawberry.field(
        description="How often it opens again; null for a quest that is done once."
    )
    streak_count: int = strawberry.field(
        description="Periods in a row in which it was completed; 0 once one was missed."
    )
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
        join=loaders.UNIVERSAL_QUEST,
    )


@described_enum("Named orders of quests; a cursor belongs to the order that it was made in.")
class QuestOrder(Words):
    """The orders that an index serves."""

    MANUAL = "manual", "The user's own order."
    NEWEST = "newest", "The newest first."
    DEADLINE = "deadline", "Those that expire soonest first, those without an end last."


ORDERS: dict[QuestOrder, Key] = {
    QuestOrder.MANUAL: MANUAL,
    QuestOrder.NEWEST: NEWEST,
    QuestOrder.DEADLINE: Key(
        "DEADLINE",
        (
            Column("expiry_order", "timestamptz"),
            Column("created_at", "timestamptz"),
            Column("id", "uuid"),
        ),
    ),
}
