"""The user's sums under the clock, and the writes that change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from app.core import outbox, sql, together
from app.core.together import Part
from app.core.transaction import Tx
from app.gamification.events import LevelReached, WalletChanged
from app.gamification.rules import level_of
from app.gamification.streaks import Streak, StreakType

SQL = sql.load("gamification")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row for the ledger."""

    event_type: str
    event_id: UUID | None
    key: str
    xp: int
    coins: int
    day: date
    multiplier: Decimal = ONE
    reason: str | None = None
    reverses_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(slots=True)
class Account:
    """The user's sums as read, changed by `add`, and written back by `write`."""

    row: sql.Row
    total_xp: int
    coins: int
    total_earned: int
    total_spent: int
    xp_boost: Decimal
    xp_boost_until: datetime | None
    shields: int
    streaks: dict[StreakType, Streak]
    covered: set[date]
    entries: list[Entry] = field(default_factory=list[Entry])
    moved: dict[StreakType, Streak] = field(default_factory=dict[StreakType, Streak])
    achieved: list[str] = field(default_factory=list[str])

    @property
    def level(self) -> int:
        """The level that the XP give."""
        return level_of(self.total_xp).level

    def add(self, entry: Entry) -> None:
        """Note a ledger row and count it: what it pays is earned, what it takes back is not."""
        self.entries.append(entry)
        self.total_xp += entry.xp
        self.coins += entry.coins
        self.total_earned += entry.coins

    def boost(self, now: datetime) -> Decimal:
        """The factor on an event's own XP at this moment."""
        running = self.xp_boost_until is not None and self.xp_boost_until > now
        return self.xp_boost if running else ONE


def state(tx: Tx, event_type: str, event_id: UUID | None, keys: Sequence[str]) -> Part:
    """All that paying for an event needs, whichever of the keys it is to be paid under."""
    if any("#" in key for key in keys):
        raise ValueError("a key holds no #: what is stored counts the payments behind one")
    return together.part(
        SQL["award_state"],
        user_id=tx.user_id,
        event_type=event_type,
        event_id=event_id,
        keys=list(keys),
        today=tx.today,
    )


async def read(tx: Tx, event_type: str, event_id: UUID | None, key: str) -> Account:
    """What `state` answers, read by itself under the user's clock."""
    ((row,),) = await together.read(tx, state(tx, event_type, event_id, [key]))
    return account_of(row)


async def read_for_reversal(
    tx: Tx,
    unmoving: Sequence[str],
    *,
    entry_id: UUID | None = None,
    event_type: str | None = None,
    event_id: UUID | None = None,
    key: str = "",
) -> Account:
    """All that taking back needs: of one entry, or of the last payment of an event's key."""
    return account_of(
        await SQL["reversal_state"].one(
            tx,
            user_id=tx.user_id,
            unmoving=list(unmoving),
            entry_id=entry_id,
            event_type=event_type,
            event_id=event_id,
            key_prefix=f"{key}#",
        )
    )


def account_of(row: sql.Row) -> Account:
    """The sums as a statement has read them."""
    streaks = {StreakType(kind): Streak(StreakType(kind)) for kind in StreakType}  # pyright: ignore[reportCallIssue]
    for kind, current, longest, last_day in row["streaks"] or ():
        known = StreakType(kind)  # pyright: ignore[reportCallIssue]
        day = None if last_day is None else date.fromisoformat(last_day)
        streaks[known] = Streak(known, current, longest, day)
    return Account(
        row=row,
        total_xp=row["total_xp"],
        coins=row["coins"],
        total_earned=row["total_earned"],
        total_spent=row["total_spent"],
        xp_boost=row["xp_boost"],
        xp_boost_until=row["xp_boost_until"],
        shields=row["streak_shields"],
        streaks=streaks,
        covered={date.fromisoformat(day) for day in row["covered_days"] or ()},
    )


def write(tx: Tx, account: Account) -> None:
    """Note what has changed for the transaction's joined write; tell of new levels and sums."""
    _note(tx, account)
    level = account.level
    for reached in range(level_of(account.row["total_xp"]).level + 1, level + 1):
        outbox.put(tx, tx.user_id, LevelReached(level=reached))
    if (account.total_xp, account.coins) != (account.row["total_xp"], account.row["coins"]):
        changed = WalletChanged(coins=account.coins, total_xp=account.total_xp, level=level)
        outbox.put(tx, tx.user_id, changed)


def _note(tx: Tx, account: Account) -> None:
    level = level_of(account.total_xp)
    entries, moved = account.entries, list(account.moved.values())
    if entries:
        tx.later(
            SQL["ledger_add"],
            len(entries),
            user_id=tx.user_id,
            now=tx.now,
            ids=[e.id for e in entries],
            event_types=[e.event_type for e in entries],
            event_ids=[e.event_id for e in entries],
            coins=[e.coins for e in entries],
            xps=[e.xp for e in entries],
            multipliers=[e.multiplier for e in entries],
            local_dates=[e.day for e in entries],
            reasons=[e.reason for e in entries],
            reverses_ids=[e.reverses_id for e in entries],
            idempotency_keys=[e.key for e in entries],
        )
    tx.later(
        SQL["wallet_put"],
        1,
        user_id=tx.user_id,
        now=tx.now,
        coins=account.coins,
        total_earned=account.total_earned,
        total_spent=account.total_spent,
    )
    tx.later(
        SQL["progress_put"],
        1,
        user_id=tx.user_id,
        now=tx.now,
        total_xp=account.total_xp,
        level=level.level,
        xp_to_next_level=level.missing,
        xp_boost=account.xp_boost,
        xp_boost_until=account.xp_boost_until,
        streak_shields=account.shields,
    )
    if moved:
        tx.later(
            SQL["streaks_put"],
            len(moved),
            user_id=tx.user_id,
            now=tx.now,
            streak_types=[s.type for s in moved],
            current_streaks=[s.current for s in moved],
            longest_streaks=[s.longest for s in moved],
            last_days=[s.last_day for s in moved],
        )
    if account.achieved:
        tx.later(
            SQL["achievements_add"],
            len(account.achieved),
            user_id=tx.user_id,
            now=tx.now,
            achievement_keys=account.achieved,
        )
