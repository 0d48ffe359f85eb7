"""Root fields that read quests."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.core import ids, inputs, page, sql
from app.core.access import READ
from app.core.bounds import AtMost
from app.core.context import Info
from app.core.fields import query
from app.core.page import MANUAL, Connection, Window
from app.quests import loaders
from app.quests.lists import QuestFilterInput, quest_page
from app.quests.types import Quest, QuestOrder, UniversalQuest
from app.quests.universal import UniversalQuestType

SQL = sql.load("quests")
MOST_UNIVERSAL_QUESTS = 100
"""Several times what the catalogue holds; the cost of an operation counts with it."""


@strawberry.type
class QuestsQuery:
    """Root fields of the quests."""

    @query(READ, "The viewer's quests, in pages.")
    async def quests(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            QuestFilterInput | None, strawberry.argument(description="Which quests to list.")
        ] = None,
        order_by: Annotated[
            QuestOrder, strawberry.argument(description="The order of the list.")
        ] = QuestOrder.MANUAL,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[Quest] | None:
        """A malformed cursor, or one of another order, is BAD_USER_INPUT."""
        filters = filter or QuestFilterInput()
        inputs.check(filters, "filter")
        ctx = info.context
        window = Window.of(first, after, last, before)
        return await quest_page(ctx, filters, order_by, window, ctx.wanted_of_page(info))

    @query(READ, "One quest of the viewer's; null when there is none with this id.")
    async def quest(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the quest.")],  # noqa: A002
    ) -> Quest | None:
        """Another user's id and a random one both give null."""
        ctx = info.context
        return await ctx.load(loaders.quest_by_id, ids.parse(id, "Quest", "id"), ctx.wanted(info))

    @query(
        READ,
        "The quests that the service offers to everyone, in the catalogue's order.",
        AtMost(MOST_UNIVERSAL_QUESTS),
    )
    async def universal_quests(
        self,
        info: Info,
        type: Annotated[  # noqa: A002
            UniversalQuestType | None, strawberry.argument(description="Only of this period.")
        ] = None,
    ) -> list[UniversalQuest] | None:
        """Those that are offered now."""
        return await page.whole(
            info.context.reader,
            SQL["universal_quest_list"],
            MANUAL,
            MOST_UNIVERSAL_QUESTS,
            info.context.wanted(info),
            type=type,
            is_active=True,
        )
