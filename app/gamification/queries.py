"""What the viewer sees of the own rewards."""

from __future__ import annotations

import strawberry

from app.core import sql
from app.core.access import READ
from app.core.context import Info
from app.core.fields import query
from app.gamification.types import Gamification

SQL = sql.load("gamification")

GAMIFICATION = "Level, XP and coins of the viewer."


async def _gamification(info: Info) -> Gamification:
    ctx = info.context
    return await SQL["gamification_of_viewer"].one(ctx.reader, user_id=ctx.user_id)


@strawberry.type
class GamificationViewer:
    """The rewards' part of `Viewer`."""

    @strawberry.field(description=GAMIFICATION)
    async def gamification(self, info: Info) -> Gamification:
        """The sums of the signed-in user."""
        return await _gamification(info)


@strawberry.type
class GamificationQuery:
    """Root fields of the rewards."""

    @query(READ, GAMIFICATION)
    async def gamification(self, info: Info) -> Gamification | None:
        """The same as `viewer { gamification }`."""
        return await _gamification(info)
