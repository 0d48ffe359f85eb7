"""The ledger of a demo user: pays, takes back and spends by the rules, and keeps the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import floor
from uuid import UUID

from app.bulk.catalogue import Achievement
from app.bulk.life import Earning, Life, Undoing
from app.gamification import achievements, streaks
from app.gamification.achievements import Standing
from app.gamification.events import (
    AchievementUnlocked,
    LevelReached,
    PointsAwarded,
    PointsReversed,
    WalletChanged,
)
from app.gamification.rules import level_of
from app.gamification.streaks import SHIELD_EVENT, Streak, StreakType

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    at: datetime
    day: date
    event_type: str
    event_id: UUID | None
    key: str
    xp: int = 0
    coins: int = 0
    multiplier: Decimal = ONE
    reason: str | None = None
    reverses: UUID | None = None


@dataclass(slots=True)
class Ledger:
    """The sums at a moment of the person's life, and what the rules ask for besides."""

    life: Life
    open: list[Achievement]
    """Achievements that are still to be earned."""
    total_xp: int = 0
    coins: int = 0
    earned: int = 0
    spent: int = 0
    shields: int = 0
    boost: Decimal = ONE
    boost_until: datetime | None = None
    changed_at: datetime | None = None
    streaks: dict[StreakType, Streak] = field(default_factory=dict[StreakType, Streak])
    covered: set[date] = field(default_factory=set[date])
    counts: Counter[str] = field(default_factory=Counter[str])
    """Events of each type that were not taken back."""
    payments: Counter[str] = field(default_factory=Counter[str])
    paid: dict[str, tuple[UUID, Entry]] = field(default_factory=dict[str, tuple[UUID, Entry]])
    """The last payment of each key."""

    def pay(self, item: Earning) -> None:
        """Pay something, move the streaks, and unlock what it completes."""
        running = self.boost_until is not None and self.boost_until > item.at
        boost = self.boost if running else ONE
        entry = Entry(
            item.at,
            item.day,
            item.event_type,
            item.event_id,
            f"{item.key}#{self.payments[item.key]}",
            floor(item.xp * boost) + item.bonus_xp,
            item.coins,
            boost,
        )
        before = self.total_xp
        entry_id = self._write(entry)
        self.earned += entry.coins
        if self.life.is_told(item.at):
            told = PointsAwarded(
                event_type=entry.event_type,
                event_id=entry.event_id,
                xp=entry.xp,
                coins=entry.coins,
            )
            self.life.tell(item.at, entry_id, told)
        self.payments[item.key] += 1
        self.counts[item.event_type] += 1
        self.paid[item.key] = entry_id, entry
        moved = set[str](self._move_streaks(item, paid=entry.xp > 0 or entry.coins > 0))
        unlocked = self._unlock(item, moved | {item.event_type})
        if entry.xp or entry.coins or unlocked:
            self._tell_sums(item.at, before)

    def undo(self, item: Undoing) -> None:
        """Take the last payment of a key back."""
        paid_id, paid = self.paid[item.key]
        before = self.total_xp
        entry = Entry(
            item.at,
            item.day,
            paid.event_type,
            paid.event_id,
            f"reverse:{paid_id}",
            -paid.xp,
            -paid.coins,
            reason=item.reason,
            reverses=paid_id,
        )
        entry_id = self._write(entry)
        self.earned += entry.coins
        self.counts[paid.event_type] -= 1
        if self.life.is_told(item.at):
            told = PointsReversed(reverses_id=paid_id, xp=entry.xp, coins=entry.coins)
            self.life.tell(item.at, entry_id, told)
        self._tell_sums(item.at, before)

    def spend(self, entry: Entry) -> None:
        """Take coins, or give back what a refund returns."""
        self._write(entry)
        self.spent -= entry.coins
        self._tell_sums(entry.at, self.total_xp)

    def start_boost(self, factor: Decimal, at: datetime, hours: int) -> None:
        """Let a boost run, after the one that is running."""
        start = self.boost_until if self.boost_until and self.boost_until > at else at
        self.boost, self.boost_until = factor, start + timedelta(hours=hours)

    def _write(self, entry: Entry) -> UUID:
        entry_id = self.life.id()
        self.life.put(
            "points_ledger",
            id=entry_id,
            event_type=entry.event_type,
            event_id=entry.event_id,
            coins=entry.coins,
            xp=entry.xp,
            multiplier=entry.multiplier,
            local_date=entry.day,
            reason=entry.reason,
            reverses_id=entry.reverses,
            idempotency_key=entry.key,
            created_at=entry.at,
        )
        self.total_xp += entry.xp
        self.coins += entry.coins
        self.changed_at = entry.at
        return entry_id

    def _tell_sums(self, at: datetime, before: int) -> None:
        """Tell of new levels and sums; `before` are the XP as they were."""
        if not self.life.is_told(at):
            return
        user_id, level = self.life.person.id, level_of(self.total_xp).level
        for reached in range(level_of(before).level + 1, level + 1):
            self.life.tell(at, user_id, LevelReached(level=reached))
        changed = WalletChanged(coins=self.coins, total_xp=self.total_xp, level=level)
        self.life.tell(at, user_id, changed)

    def _move_streaks(self, item: Earning, *, paid: bool) -> Iterator[StreakType]:
        kinds = [StreakType.DAILY] if paid else []
        if item.streak is not None:
            kinds.append(item.streak)
        for kind in kinds:
            streak = self.streaks.get(kind) or Streak(kind)
            if streak.last_day == item.day:
                continue
            if kind == StreakType.DAILY:
                self._cover(streak, item)
            self.streaks[kind] = streaks.advance(streak, item.day, self.covered)
            yield kind

    def _cover(self, daily: Streak, item: Earning) -> None:
        """Let shields save the daily streak where they suffice."""
        for day in streaks.days_to_shield(daily, item.day, self.covered, self.shields):
            self.shields -= 1
            self.covered.add(day)
            self._write(Entry(item.at, day, SHIELD_EVENT, None, f"shield:{day}"))

    def _unlock(self, item: Earning, triggers: set[str]) -> bool:
        """Pay the achievements that are completed; whether there were any."""
        asked = [each for each in self.open if not triggers.isdisjoint(each.triggers)]
        if not asked:
            return False
        standing = Standing(
            counts=self.counts,
            streaks={
                kind: streaks.shown(streak, item.day, self.covered)
                for kind, streak in self.streaks.items()
            },
            event=item.event_type,
            facts=item.facts,
        )
        met = [each for each in asked if achievements.is_met(each.condition, standing)]
        for each in met:
            self._achieve(each, item)
        return bool(met)

    def _achieve(self, each: Achievement, item: Earning) -> None:
        self.open.remove(each)
        self.earned += each.coins
        key = f"achievement:{each.key}#0"
        self._write(Entry(item.at, item.day, "achievement", each.id, key, each.xp, each.coins))
        self.life.put(
            "user_achievements",
            id=self.life.id(),
            achievement_key=each.key,
            earned_at=item.at,
            notified=True,
            updated_at=item.at,
        )
        told = AchievementUnlocked(key=each.key, xp=each.xp, coins=each.coins)
        self.life.tell(item.at, each.id, told)
