"""The list of the viewer's quests: its filter and its pages."""

from __future__ import annotations

import strawberry

from app.core import inputs, page, sql
from app.core.context import Context
from app.core.page import Connection, Window
from app.core.selecting import Wanted
from app.quests import loaders
from app.quests.rules import QuestDifficulty, QuestStatus
from app.quests.types import ORDERS, Quest, QuestOrder

SQL = sql.load("quests")


@strawberry.input(description="Which quests to list; what is left out does not matter.")
class QuestFilterInput:
    """The conditions combine with AND."""

    status: QuestStatus | None = strawberry.field(default=None, description="Only in this state.")
    difficulty: QuestDifficulty | None = strawberry.field(
        default=None, description="Only of this difficulty."
    )
    category: str | None = inputs.text(inputs.SHORT, "Only of this category.", default=None)
    is_active: bool | None = strawberry.field(
        default=None, description="Only those in use (true) or put away (false)."
    )


async def quest_page(
    ctx: Context,
    filters: QuestFilterInput,
    order: QuestOrder,
    window: Window,
    wanted: Wanted | None = None,
) -> Connection[Quest]:
    """A page of the viewer's quests."""
    return await page.read(
        ctx.reader,
        SQL["quest_list"],
        ORDERS[order],
        window,
        wanted,
        user_id=ctx.user_id,
        now=ctx.now,
        status=filters.status,
        difficulty=filters.difficulty,
        category=filters.category,
        is_active=filters.is_active,
        **loaders.reading_days(ctx.today),
    )
