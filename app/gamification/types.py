"""GraphQL types of points, coins, levels, streaks and achievements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from app.core.bounds import AtMost
from app.core.context import Info
from app.core.node import Node, column, global_id, row_uuid
from app.core.relation import to_one
from app.core.scalars import Long
from app.gamification import loaders, streaks
from app.gamification.actions import Awarded, Reversed
from app.gamification.rules import level_of
from app.gamification.streaks import Streak, StreakType


def _xp_into_level(root: Any) -> Long:
    return Long(level_of(root["total_xp"]).into)


def _decimal(name: str, description: str) -> Any:
    def resolve(root: Any) -> float:
        return float(root[name])

    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(description="Days in a row on which the viewer did something.")
class StreakCount:
    """A row of `user_streaks`, read at a day."""

    type: StreakType = strawberry.field(description="What its days are counted of.")
    current: int = strawberry.field(
        description="Days in a row now; 0 once a day was missed that no shield covers."
    )
    longest: int = strawberry.field(description="The most days in a row ever.")
    last_activity_date: date | None = strawberry.field(
        description="The last of its days, on the user's calendar."
    )


def streak_counts(rows: list[Any], today: date) -> list[StreakCount]:
    """All kinds of streaks as they read on a day; those that never began read as 0."""
    found: dict[str, Any] = {row["streak_type"]: row for row in rows}
    counted: list[StreakCount] = []
    for kind in StreakType:
        row = found.get(kind)
        if row is None:
            counted.append(StreakCount(type=kind, current=0, longest=0, last_activity_date=None))
            continue
        streak = Streak(
            kind, row["current_streak"], row["longest_streak"], row["last_activity_date"]
        )
        covered = {date.fromisoformat(day) for day in row["covered_days"]}
        # Shields are spent when the daily streak is moved on, so only it reads as saved before.
        shields = row["streak_shields"] if kind == StreakType.DAILY else 0
        counted.append(
            StreakCount(
                type=kind,
                current=streaks.shown(streak, today, covered, shields),
                longest=streak.longest,
                last_activity_date=streak.last_day,
            )
        )
    return counted


@strawberry.type(description="Something to be earned once, for good.")
class Achievement(Node):
    """A row of `achievement_definitions` with the viewer's own `earned_at`."""

    id: strawberry.ID = global_id("Achievement")
    uuid: UUID = row_uuid()
    key: str = strawberry.field(description="Stable name for programs, such as `first_focus`.")
    name: str = strawberry.field(description="Title to show.")
    description: str | None = strawberry.field(description="What has to be done.")
    category: str = strawberry.field(description="Group in which it is shown.")
    icon: str | None = strawberry.field(description="Name of an icon.")
    xp_reward: int = column("reward_xp", "XP paid once when it is unlocked.")
    coin_reward: int = column("reward_coins", "Coins paid once when it is unlocked.")
    is_hidden: bool = strawberry.field(
        description="Whether only those who have earned it can see it."
    )
    earned_at: datetime | None = strawberry.field(
        description="When the viewer earned it; null while it is open."
    )


@strawberry.type(description="The open achievement that is nearest to done.")
class NextAchievement:
    """An achievement with how far the viewer is."""

    achievement: Achievement = strawberry.field(description="The achievement.")
    progress: int = strawberry.field(description="How much of `target` is done.")
    target: int = strawberry.field(description="How much there is to do, in events or days.")


async def _streaks(info: Info) -> list[StreakCount]:
    ctx = info.context
    rows, today = await loaders.streak_rows(ctx)
    return streak_counts(rows, today)


async def _earned(info: Info) -> list[Achievement]:
    return await loaders.achievement_rows(info.context, earned=True, category=None)


async def _unlocked(root: Any, info: Info) -> list[Achievement]:
    rows = await loaders.achievement_rows(info.context, earned=True, category=None)
    return [row for row in rows if row["key"] in root.unlocked]


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
    xp_boost: float = _decimal("xp_boost", "Factor on the XP of events; 1 while no boost runs.")
    xp_boost_until: datetime | None = strawberry.field(
        description="When the running boost ends; null while none runs."
    )
    streak_shields: int = strawberry.field(
        description="Shields in stock; each covers one missed day of the daily streak."
    )
    streaks: list[StreakCount] = strawberry.field(
        resolver=_streaks,
        description="All kinds of streaks, as they read today.",
        metadata={"bound": AtMost(len(StreakType))},
    )
    achievements: list[Achievement] = strawberry.field(
        resolver=_earned,
        description="The achievements earned so far, in the catalogue's order.",
        metadata={"bound": AtMost(loaders.MOST_ACHIEVEMENTS)},
    )


@strawberry.type(description="An entry of the ledger; entries are never changed or deleted.")
class PointsEntry(Node):
    """A row of `points_ledger`."""

    id: strawberry.ID = global_id("PointsEntry")
    uuid: UUID = row_uuid()
    event_type: str = strawberry.field(
        description="What it was paid for, such as `quest_complete` or `achievement`."
    )
    xp: int = strawberry.field(description="XP paid; negative in a reversal.")
    coins: int = strawberry.field(description="Coins paid; negative when taken or spent.")
    multiplier: float = _decimal("multiplier", "Boost that the event's own XP were paid with.")
    local_date: date = strawberry.field(description="The user's day that it counts for.")
    reason: str | None = strawberry.field(description="Why, where that needs saying.")
    created_at: datetime = strawberry.field(description="When it was written.")
    reversed: bool = strawberry.field(description="Whether a later entry has taken it back.")
    reverses: PointsEntry | None = to_one(
        loaders.ledger_entry_by_id,
        key="reverses_id",
        description="The entry that this one takes back, if it is a reversal.",
        join=loaders.LEDGER_ENTRY,
    )


@strawberry.type(description="What an action just paid or took back.")
class Award:
    """Face of `actions.Awarded` and `actions.Reversed`."""

    xp: int = strawberry.field(description="XP paid; negative when a reward was taken back.")
    coins: int = strawberry.field(description="Coins paid; negative when taken back.")
    level: int = strawberry.field(description="Level after it.")
    levels_gained: int = strawberry.field(
        description="Levels that it gained; negative when a reversal lost some."
    )
    capped: bool = strawberry.field(
        description="Whether nothing was paid because the day's limit for such rewards is reached."
    )
    achievements: list[Achievement] = strawberry.field(
        resolver=_unlocked,
        description="The achievements that it unlocked; what they pay comes on top.",
        metadata={"bound": AtMost(loaders.MOST_ACHIEVEMENTS)},
    )
    daily_streak: int = strawberry.field(description="Length of the daily streak after it.")
    unlocked: strawberry.Private[tuple[str, ...]] = ()


def award_of(done: Awarded | Reversed) -> Award:
    """The GraphQL face of what was paid or taken back."""
    paid = isinstance(done, Awarded)
    return Award(
        xp=done.xp,
        coins=done.coins,
        level=done.level,
        levels_gained=done.levels_gained,
        capped=paid and done.capped,
        daily_streak=done.daily_streak,
        unlocked=done.achievements if paid else (),
    )
