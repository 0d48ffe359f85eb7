"""Paying and taking back: what other rooms may ask for, inside their own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from math import floor
from typing import Any
from uuid import UUID

from app.core import outbox, sql
from app.core.errors import InsufficientCoins, NotFound, WrongState
from app.core.together import Part
from app.core.transaction import Tx
from app.gamification import achievements, ledger, streaks
from app.gamification.achievements import Standing
from app.gamification.events import AchievementUnlocked, PointsAwarded, PointsReversed
from app.gamification.ledger import Account, Entry
from app.gamification.streaks import SHIELD_EVENT, Streak, StreakType

SQL = sql.load("gamification")
ACHIEVEMENT = "achievement"
ADJUSTMENT = "adjustment"
UNMOVING = (ACHIEVEMENT, ADJUSTMENT, SHIELD_EVENT)
"""Ledger rows that are no events: they move no streak."""
CAPPED = "daily_cap"


@dataclass(frozen=True, slots=True)
class Reward:
    """What an event is worth. `key` names the event once and for all: `quest:<id>:<period>`.

    An event that pays nothing may be rewarded too: its entry of zeros is what achievements count.
    """

    event_type: str
    event_id: UUID
    key: str
    xp: int
    coins: int
    bonus_xp: int = 0
    """XP on top that no boost multiplies."""
    daily_cap: int | None = None
    """How many events of the type are paid in a local day; later ones get nothing."""
    streak: StreakType | None = None
    """The streak that the event moves besides the daily one."""
    facts: Mapping[str, int] = field(default_factory=dict[str, int])
    """What achievements may ask of the event: active_seconds, streak."""
    day: date | None = None
    """The local date that it counts for, when that is an earlier one than today."""


@dataclass(frozen=True, slots=True)
class Awarded:
    """What was paid, and where it brought the user."""

    xp: int
    coins: int
    level: int
    levels_gained: int
    capped: bool
    achievements: tuple[str, ...] = ()
    daily_streak: int = 0
    repeated: bool = False
    """Whether the event was paid before, so that this call paid nothing."""


@dataclass(frozen=True, slots=True)
class Reversed:
    """What was taken back; `xp` and `coins` are negative or 0."""

    xp: int
    coins: int
    level: int
    levels_gained: int
    daily_streak: int
    same_event_days: list[date]
    """The local dates of the event's other payments, for streaks of its own."""


def state(tx: Tx, event_type: str, event_id: UUID, keys: Sequence[str]) -> Part:
    """What `award` reads, for who reads it together with something else.

    `keys` are those under which the event might be paid, where that is not known yet.
    """
    return ledger.state(tx, event_type, event_id, keys)


async def award(tx: Tx, reward: Reward, known: sql.Row | None = None) -> Awarded:
    """Pay a reward once: a key that is paid already answers with the earlier payment.

    `known` is the row of `state`, read in this transaction before anything was paid in it; without
    it that is read here. Noted for the joined write: the ledger row, the sums and the level, the
    streaks, and the achievements that this unlocks with what they pay. What was reversed can be
    paid again under the same key; the stored key counts the payments.
    """
    if known is None:
        account = await ledger.read(tx, reward.event_type, reward.event_id, reward.key)
    else:
        account = ledger.account_of(known)
    before = account.level
    paid = [each for each in account.row["payments"] or () if _is_under(each, reward.key)]
    for each in paid:
        if not each["reversed"]:
            return Awarded(
                each["xp"],
                each["coins"],
                before,
                0,
                capped=each["reason"] == CAPPED,
                daily_streak=_daily(tx, account),
                repeated=True,
            )
    entry = _entry(tx, account, reward, len(paid))
    account.add(entry)
    outbox.put(
        tx,
        entry.id,
        PointsAwarded(
            event_type=entry.event_type, event_id=entry.event_id, xp=entry.xp, coins=entry.coins
        ),
    )
    pays = entry.xp > 0 or entry.coins > 0
    if entry.day == tx.today:
        _move_streaks(tx, account, reward, paid=pays)
    elif pays or reward.streak is not None:
        await _make_up_for(tx, account, entry)
    unlocked = _unlock(tx, account, reward)
    ledger.write(tx, account)
    return Awarded(
        entry.xp,
        entry.coins,
        account.level,
        account.level - before,
        capped=entry.reason == CAPPED,
        achievements=unlocked,
        daily_streak=_daily(tx, account),
    )


def _is_under(payment: dict[str, Any], key: str) -> bool:
    stored: str = payment["key"]
    return stored.startswith(f"{key}#")


def _entry(tx: Tx, account: Account, reward: Reward, payments: int) -> Entry:
    capped = reward.daily_cap is not None and account.row["paid_today"] >= reward.daily_cap
    boost = account.boost(tx.now)
    return Entry(
        event_type=reward.event_type,
        event_id=reward.event_id,
        key=f"{reward.key}#{payments}",
        xp=0 if capped else floor(reward.xp * boost) + reward.bonus_xp,
        coins=0 if capped else reward.coins,
        day=reward.day or tx.today,
        multiplier=boost,
        reason=CAPPED if capped else None,
    )


def _daily(tx: Tx, account: Account) -> int:
    daily = account.moved.get(StreakType.DAILY, account.streaks[StreakType.DAILY])
    return streaks.shown(daily, tx.today, account.covered, account.shields)


def _move_streaks(tx: Tx, account: Account, reward: Reward, *, paid: bool) -> None:
    """Move the event's streaks; shields save the daily one, and what they cover saves all."""
    today = tx.today
    if paid:
        daily = account.streaks[StreakType.DAILY]
        for day in streaks.days_to_shield(daily, today, account.covered, account.shields):
            account.shields -= 1
            account.covered.add(day)
            account.add(Entry(SHIELD_EVENT, None, f"shield:{day}", 0, 0, day))
    kinds = [StreakType.DAILY] if paid else []
    if reward.streak is not None:
        kinds.append(reward.streak)
    for kind in kinds:
        moved = streaks.advance(account.streaks[kind], today, account.covered)
        if moved != account.streaks[kind]:
            account.moved[kind] = moved


def _unlock(tx: Tx, account: Account, reward: Reward) -> tuple[str, ...]:
    """Pay the achievements whose condition this event completes."""
    counts: dict[str, int] = dict(account.row["counts"] or {})
    if reward.event_type in counts:
        counts[reward.event_type] += 1
    now = {**account.streaks, **account.moved}
    standing = Standing(
        counts=counts,
        streaks={
            kind: streaks.shown(streak, tx.today, account.covered) for kind, streak in now.items()
        },
        event=reward.event_type,
        facts=reward.facts,
    )
    unlocked: list[str] = []
    for definition in account.row["open_achievements"] or ():
        if not achievements.is_met(achievements.read(definition["condition"]), standing):
            continue
        key: str = definition["key"]
        unlocked.append(key)
        account.achieved.append(key)
        row_id = UUID(definition["id"])
        xp, coins = definition["xp"], definition["coins"]
        account.add(Entry(ACHIEVEMENT, row_id, f"achievement:{key}#0", xp, coins, tx.today))
        outbox.put(tx, row_id, AchievementUnlocked(key=key, xp=xp, coins=coins))
    return tuple(unlocked)


async def reverse(
    tx: Tx, event_type: str, event_id: UUID, key: str, reason: str
) -> Reversed | None:
    """Take the payment of a key back to the last coin; None when nothing is paid under it.

    Achievements stay; the streaks are counted anew without the event. Raises `InsufficientCoins`
    when the coins are spent already.
    """
    account = await ledger.read_for_reversal(
        tx, UNMOVING, event_type=event_type, event_id=event_id, key=key
    )
    if account.row["paid_id"] is None or account.row["paid_reversed"]:
        return None
    return await _take_back(tx, account, reason)


async def reverse_entry(tx: Tx, entry_id: UUID, reason: str) -> Reversed | None:
    """Take one ledger entry back; None when that has happened already.

    Raises `NotFound` for an unknown entry, `WrongState` for one that is itself a reversal.
    """
    account = await ledger.read_for_reversal(tx, UNMOVING, entry_id=entry_id)
    if account.row["paid_id"] is None:
        raise NotFound("There is no such entry in this ledger.", "entryId")
    if account.row["paid_reverses_id"] is not None:
        raise WrongState("A reversal can't be reversed; pay anew instead.", "entryId")
    if account.row["paid_reversed"]:
        return None
    return await _take_back(tx, account, reason)


async def _take_back(tx: Tx, account: Account, reason: str) -> Reversed:
    paid = account.row
    entry_id: UUID = paid["paid_id"]
    xp, coins = paid["paid_xp"], paid["paid_coins"]
    if account.coins < coins:
        raise InsufficientCoins(
            "The coins of this reward are spent already.", balance=account.coins, cost=coins
        )
    before = account.level
    entry = Entry(
        paid["paid_event_type"],
        paid["paid_event_id"],
        f"reverse:{entry_id}",
        -xp,
        -coins,
        tx.today,
        reason=reason,
        reverses_id=entry_id,
    )
    account.add(entry)
    outbox.put(tx, entry.id, PointsReversed(reverses_id=entry_id, xp=-xp, coins=-coins))
    _recount_streaks(account)
    ledger.write(tx, account)
    return Reversed(
        xp=-xp,
        coins=-coins,
        level=account.level,
        levels_gained=account.level - before,
        daily_streak=_daily(tx, account),
        same_event_days=[date.fromisoformat(day) for day in paid["same_event_days"] or ()],
    )


def _recount_streaks(account: Account) -> None:
    """Count the streaks that the reversed event has moved anew from the days that are left."""
    event_type: str = account.row["paid_event_type"]
    if event_type in UNMOVING:
        return
    left = [
        (kind, date.fromisoformat(day), paid) for kind, day, paid in account.row["event_days"] or ()
    ]
    account.moved.update(_recounted(account, event_type, left))


async def _make_up_for(tx: Tx, account: Account, entry: Entry) -> None:
    """Count the streaks anew with an event of an earlier day, as taking it back would."""
    rows = await SQL["event_days"].all(tx, user_id=tx.user_id, unmoving=list(UNMOVING))
    found = [(row["event_type"], row["local_date"], row["paid"]) for row in rows]
    found.append((entry.event_type, entry.day, entry.xp > 0 or entry.coins > 0))
    for kind, counted in _recounted(account, entry.event_type, found).items():
        longest = max(counted.longest, account.streaks[kind].longest)
        account.moved[kind] = replace(counted, longest=longest)


def _recounted(
    account: Account, event_type: str, found: list[tuple[str, date, bool]]
) -> dict[StreakType, Streak]:
    """The streaks that an event moves, counted from events with their days, and if they paid."""
    days = {StreakType.DAILY: [day for _, day, paid in found if paid]}
    for kind, events in streaks.EVENTS.items():
        if event_type in events:
            days[kind] = [day for name, day, _ in found if name in events]
    return {kind: streaks.recounted(kind, each, account.covered) for kind, each in days.items()}


async def adjust(tx: Tx, adjustment_id: UUID, xp: int, coins: int, reason: str) -> Awarded:
    """Staff's correction: XP are only ever added, coins may be taken.

    Raises `InsufficientCoins` when the wallet holds fewer coins than are to be taken.
    """
    account = await ledger.read(tx, ADJUSTMENT, adjustment_id, f"adjustment:{adjustment_id}")
    if account.coins + coins < 0:
        raise InsufficientCoins(
            "The wallet holds fewer coins than that.", "coins", balance=account.coins, cost=-coins
        )
    before = account.level
    entry = Entry(
        ADJUSTMENT,
        adjustment_id,
        f"adjustment:{adjustment_id}#0",
        xp,
        coins,
        tx.today,
        reason=reason,
    )
    account.add(entry)
    outbox.put(
        tx,
        entry.id,
        PointsAwarded(event_type=ADJUSTMENT, event_id=adjustment_id, xp=xp, coins=coins),
    )
    ledger.write(tx, account)
    return Awarded(xp, coins, account.level, account.level - before, capped=False)


async def start_boost(tx: Tx, factor: Decimal, hours: int) -> None:
    """Let a boost run: the same factor again runs on after the one that is running.

    Raises `WrongState` while a boost of another factor runs.
    """
    account = await ledger.read(tx, "boost", None, "boost")
    until = account.xp_boost_until
    running = until is not None and until > tx.now
    if running and account.xp_boost != factor:
        raise WrongState("Another boost is running; wait until it has ended.")
    start = until if running and until is not None else tx.now
    account.xp_boost = factor
    account.xp_boost_until = start + timedelta(hours=hours)
    ledger.write(tx, account)


async def add_shields(tx: Tx, count: int) -> None:
    """Put streak shields into the user's stock."""
    account = await ledger.read(tx, "shield", None, "shield")
    account.shields += count
    ledger.write(tx, account)
