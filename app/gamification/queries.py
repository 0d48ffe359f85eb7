"""What the viewer sees of the own rewards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.core import inputs, page, sql
from app.core.access import READ
from app.core.bounds import AtMost
from app.core.context import Context, Info
from app.core.fields import query
from app.core.page import LATEST, Connection, Window
from app.gamification import achievements, loaders
from app.gamification.achievements import AllOf, Counted, Kept, Standing
from app.gamification.streaks import StreakType
from app.gamification.types import (
    Achievement,
    Gamification,
    NextAchievement,
    PointsEntry,
    streak_counts,
)

SQL = sql.load("gamification")

GAMIFICATION = "Level, XP, coins, streaks and achievements of the viewer."


@strawberry.input(description="Which achievements to list; what is left out does not matter.")
class AchievementFilterInput:
    """The conditions combine with AND."""

    earned: bool | None = strawberry.field(
        default=None, description="Only those earned (true) or still open (false)."
    )
    category: str | None = inputs.text(inputs.SHORT, "Only of this category.", default=None)


@strawberry.input(description="Which ledger entries to list; what is left out does not matter.")
class PointsLedgerFilterInput:
    """The conditions combine with AND."""

    event_type: str | None = inputs.text(
        inputs.SHORT, "Only entries of this event type.", default=None
    )
    since: datetime | None = strawberry.field(
        default=None, description="Only entries written at this moment or later."
    )
    until: datetime | None = strawberry.field(
        default=None, description="Only entries written before this moment."
    )


async def _gamification(ctx: Context) -> Gamification:
    return await SQL["gamification_of_viewer"].one(ctx.reader, user_id=ctx.user_id, now=ctx.now)


@strawberry.type
class GamificationViewer:
    """The rewards' part of `Viewer`."""

    @strawberry.field(description=GAMIFICATION)
    async def gamification(self, info: Info) -> Gamification:
        """The sums of the signed-in user."""
        return await _gamification(info.context)


@strawberry.type
class GamificationQuery:
    """Root fields of the rewards."""

    @query(READ, GAMIFICATION)
    async def gamification(self, info: Info) -> Gamification | None:
        """The same as `viewer { gamification }`."""
        return await _gamification(info.context)

    @query(
        READ,
        "The achievements in the catalogue's order; hidden ones only once earned.",
        AtMost(loaders.MOST_ACHIEVEMENTS),
    )
    async def achievements(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            AchievementFilterInput | None,
            strawberry.argument(description="Which achievements to list."),
        ] = None,
    ) -> list[Achievement] | None:
        """The whole catalogue."""
        ctx = info.context
        filters = filter or AchievementFilterInput()
        inputs.check(filters, "filter")
        return await loaders.achievement_rows(
            ctx, ctx.wanted(info), earned=filters.earned, category=filters.category
        )

    @query(READ, "The open achievement nearest to done; null when all are earned.")
    async def next_achievement(self, info: Info) -> NextAchievement | None:
        """Hidden achievements are left out; of equally near ones the catalogue's first."""
        ctx = info.context
        rows = await loaders.achievement_rows(ctx, earned=False, category=None)
        conditions = [achievements.read(row["trigger_config"]) for row in rows]
        events = sorted({event for each in conditions for event in _events(each)})
        streak_rows, today = await loaders.streak_rows(ctx)
        standing = Standing(
            counts=await loaders.event_counts(ctx, events),
            streaks={
                StreakType(count.type): count.current  # pyright: ignore[reportCallIssue]
                for count in streak_counts(streak_rows, today)
            },
        )
        best: NextAchievement | None = None
        for row, condition in zip(rows, conditions, strict=True):
            done, whole = achievements.progress(condition, standing)
            if best is None or done * best.target > best.progress * whole:
                best = NextAchievement(achievement=row, progress=done, target=whole)
        return best

    @query(READ, "The viewer's ledger in pages, the latest entry first.")
    async def points_ledger(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            PointsLedgerFilterInput | None,
            strawberry.argument(description="Which entries to list."),
        ] = None,
        first: page.First = None,
        after: page.After = None,
        last: page.Last = None,
        before: page.Before = None,
    ) -> Connection[PointsEntry] | None:
        """A malformed cursor is BAD_USER_INPUT."""
        ctx = info.context
        filters = filter or PointsLedgerFilterInput()
        inputs.check(filters, "filter")
        return await page.read(
            ctx.reader,
            SQL["ledger_list"],
            LATEST,
            Window.of(first, after, last, before),
            ctx.wanted_of_page(info),
            user_id=ctx.user_id,
            event_type=filters.event_type,
            since=filters.since,
            until=filters.until,
        )


def _events(condition: Counted | Kept | AllOf) -> list[str]:
    """The event types that a condition counts."""
    if isinstance(condition, AllOf):
        return [event for each in condition.all for event in _events(each)]
    return [condition.event] if isinstance(condition, Counted) else []
