"""Root fields that tell of changes of quests as they commit."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import strawberry

from app.core import ids
from app.core.access import READ
from app.core.context import Info
from app.core.fields import subscription
from app.core.following import SEQ, Since, moment_of, topics
from app.core.scalars import Long
from app.quests import loaders
from app.quests.events import QuestEvent
from app.quests.types import Quest


@strawberry.type(description="A change of one of the viewer's quests.")
class QuestChange:
    """An outbox row of a quest, with the quest as it is after it."""

    seq: Long = strawberry.field(description=SEQ)
    event: str = strawberry.field(description="What happened, such as `quest.completed`.")
    occurred_at: datetime = strawberry.field(description="When it happened.")
    quest_id: strawberry.ID = strawberry.field(description="Id of the quest, also when it is gone.")
    quest: Quest | None = strawberry.field(
        description="The quest as it is now; null when it was deleted, or for a new order of all."
    )


@strawberry.type
class QuestsSubscription:
    """Subscriptions of the quests."""

    @subscription(READ, "Every change of the viewer's quests, in order, as it commits.")
    async def quest_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[QuestChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow(topics(QuestEvent), since):
            quest: Any = await ctx.load(loaders.quest_by_id, row["row_id"])
            yield QuestChange(
                seq=row["seq"],
                event=row["event_type"],
                occurred_at=moment_of(row),
                quest_id=strawberry.ID(ids.encode("Quest", row["row_id"])),
                quest=quest,
            )
