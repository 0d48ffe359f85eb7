"""GraphQL types of points, coins and levels."""

from __future__ import annotations

from typing import Any

import strawberry

from app.core.scalars import Long
from app.gamification.rules import level_of


def _xp_into_level(root: Any) -> Long:
    return Long(level_of(root["total_xp"]).into)


@strawberry.type(description="What the viewer has earned so far.")
class Gamification:
    """The user's row of progress joined with the wallet."""

    level: int = strawberry.field(description="Level reached, from 1.")
    total_xp: Long = strawberry.field(description="All XP ever earned, less what was reversed.")
    xp_into_level: Long = strawberry.field(
        resolver=_xp_into_level, description="XP earned since the present level began."
    )
    xp_to_next_level: Long = strawberry.field(description="XP that the next level still takes.")
    coins: Long = strawberry.field(description="Coins in the wallet now.")
    total_earned: Long = strawberry.field(description="Coins ever earned.")
    total_spent: Long = strawberry.field(description="Coins ever spent.")


@strawberry.type(description="What an action just paid.")
class Award:
    """Face of `actions.Awarded`."""

    xp: int = strawberry.field(description="XP paid; negative when a reward was taken back.")
    coins: int = strawberry.field(description="Coins paid; negative when taken back.")
    level: int = strawberry.field(description="Level after it.")
    levels_gained: int = strawberry.field(
        description="Levels that it gained; negative when a reversal lost some."
    )
    capped: bool = strawberry.field(
        description="Whether nothing was paid because the day's limit for such rewards is reached."
    )
