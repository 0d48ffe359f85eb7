"""Root fields that read quests."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.core import ids, inputs, page, sql
from app.core.access import READ
from app.core.context import Info
from app.core.fields import query
from app.core.page import Connection, Window
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
        first: Annotated[
            int | None,
            strawberry.argument(description="Size of the page, 0 to 100; 20 if left out."),
        ] = None,
        after: Annotated[
            str | None, strawberry.argument(description="Cursor that the page follows.")
        ] = None,
        last: Annotated[
            int | None, strawberry.argument(description="Size of the page, counted from the end.")
        ] = None,
        before: Annotated[
            str | None, strawberry.argument(description="Cursor that the page precedes.")
        ] = None,
    ) -> Connection[Quest] | None:
        """A malformed cursor, or one of another order, is BAD_USER_INPUT."""
        ctx = info.context
        wanted = filter or QuestFilterInput()
        inputs.check(wanted, "filter")
        return await page.read(
            ctx.reader,
            SQL["quest_list"],
            SQL["quest_count"],
            ORDERS[order_by],
            Window.of(first, after, last, before),
            user_id=ctx.user_id,
            now=ctx.now,
            status=wanted.status,
            difficulty=wanted.difficulty,
            category=wanted.category,
        )

    @query(READ, "One quest of the viewer's; null when there is none with this id.")
    async def quest(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id or uuid of the quest.")],  # noqa: A002
    ) -> Quest | None:
        """Another user's id and a random one both give null."""
        return await info.context.load(loaders.quest_by_id, ids.parse(id, "Quest", "id"))
