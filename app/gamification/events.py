"""What happens to points, levels and achievements, as the outbox tells it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from app.core import outbox


class PointsAwarded(outbox.Event):
    """XP and coins were paid."""

    topic: ClassVar[str] = "points.awarded"
    table: ClassVar[str] = "points_ledger"
    event_type: str
    event_id: UUID | None
    xp: int
    coins: int


class PointsReversed(outbox.Event):
    """A payment was taken back."""

    topic: ClassVar[str] = "points.reversed"
    table: ClassVar[str] = "points_ledger"
    reverses_id: UUID
    xp: int
    coins: int


class LevelReached(outbox.Event):
    """The user came to a higher level; one event for each level passed."""

    topic: ClassVar[str] = "level.reached"
    table: ClassVar[str] = "user_progress"
    level: int


class AchievementUnlocked(outbox.Event):
    """An achievement was earned."""

    topic: ClassVar[str] = "achievement.unlocked"
    table: ClassVar[str] = "user_achievements"
    key: str
    xp: int
    coins: int


class WalletChanged(outbox.Event):
    """The sums of the wallet and the level are other ones than before."""

    topic: ClassVar[str] = "wallet.changed"
    table: ClassVar[str] = "user_wallet"
    coins: int
    total_xp: int
    level: int
