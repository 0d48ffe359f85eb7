"""Root fields that tell of rewards as they are paid."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import strawberry

from app.core import sql
from app.core.access import READ
from app.core.context import Context, Info
from app.core.fields import subscription
from app.core.following import SEQ, Since, moment_of
from app.core.scalars import Long
from app.gamification import loaders
from app.gamification.events import AchievementUnlocked, LevelReached, WalletChanged
from app.gamification.types import Achievement, Gamification

SQL = sql.load("gamification")


@strawberry.type(description="A change of the viewer's coins or XP.")
class WalletChange:
    """An outbox row of the wallet."""

    seq: Long = strawberry.field(description=SEQ)
    occurred_at: datetime = strawberry.field(description="When it happened.")
    coins: Long = strawberry.field(description="Coins in the wallet after it.")
    total_xp: Long = strawberry.field(description="XP after it.")
    level: int = strawberry.field(description="Level after it.")
    gamification: Gamification = strawberry.field(description="All sums as they are now.")


@strawberry.type(description="A level that the viewer has reached.")
class LevelUp:
    """An outbox row of a level."""

    seq: Long = strawberry.field(description=SEQ)
    occurred_at: datetime = strawberry.field(description="When it happened.")
    level: int = strawberry.field(description="The level.")


@strawberry.type(description="An achievement that the viewer has earned.")
class UnlockedAchievement:
    """An outbox row of an achievement."""

    seq: Long = strawberry.field(description=SEQ)
    occurred_at: datetime = strawberry.field(description="When it happened.")
    achievement: Achievement | None = strawberry.field(
        description="The achievement; null when it was taken out of the catalogue since."
    )


async def _sums(ctx: Context) -> Any:
    return await SQL["gamification_of_viewer"].one(ctx.reader, user_id=ctx.user_id, now=ctx.now)


@strawberry.type
class GamificationSubscription:
    """Subscriptions of the rewards."""

    @subscription(READ, "Every change of the viewer's coins or XP, in order, as it commits.")
    async def wallet_changed(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[WalletChange]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow([WalletChanged.topic], since):
            told = WalletChanged.model_validate(row["payload"])
            yield WalletChange(
                seq=row["seq"],
                occurred_at=moment_of(row),
                coins=Long(told.coins),
                total_xp=Long(told.total_xp),
                level=told.level,
                gamification=await _sums(ctx),
            )

    @subscription(READ, "Every level that the viewer reaches.")
    async def level_reached(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[LevelUp]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        async for row in info.context.follow([LevelReached.topic], since):
            told = LevelReached.model_validate(row["payload"])
            yield LevelUp(seq=row["seq"], occurred_at=moment_of(row), level=told.level)

    @subscription(READ, "Every achievement that the viewer earns.")
    async def achievement_unlocked(
        self,
        info: Info,
        since: Since = None,
    ) -> AsyncGenerator[UnlockedAchievement]:
        """A position older than what is kept is RESYNC_REQUIRED."""
        ctx = info.context
        async for row in ctx.follow([AchievementUnlocked.topic], since):
            achievement: Any = await ctx.load(loaders.achievement_by_id, row["row_id"])
            yield UnlockedAchievement(
                seq=row["seq"], occurred_at=moment_of(row), achievement=achievement
            )
