"""Paying and taking back: the only writes of the ledger, the wallet and the level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from app.core import outbox, sql
from app.core.errors import InsufficientCoins
from app.core.transaction import Tx
from app.gamification.rules import level_of

SQL = sql.load("gamification")


class PointsAwarded(outbox.Event):
    """XP and coins were paid."""

    topic: ClassVar[str] = "points.awarded"
    table: ClassVar[str] = "points_ledger"
    event_type: str
    event_id: UUID
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


@dataclass(frozen=True, slots=True)
class Reward:
    """What an event is worth. `key` names the event once and for all: `quest:<id>:<period>`."""

    event_type: str
    event_id: UUID
    key: str
    xp: int
    coins: int
    daily_cap: int | None = None
    """How many events of the type are paid in a local day; later ones get nothing."""


@dataclass(frozen=True, slots=True)
class Awarded:
    """What was paid, and where it brought the user."""

    ledger_id: UUID
    xp: int
    coins: int
    level: int
    levels_gained: int
    capped: bool


async def award(tx: Tx, reward: Reward) -> Awarded:
    """Pay a reward once: a key that is paid already answers with the earlier payment.

    What was reversed can be paid again under the same key; the stored key counts the payments.
    """
    state = await _state(tx, reward.event_type, reward.event_id, reward.key)
    before = level_of(state["total_xp"])
    if state["paid_id"] is not None and not state["paid_reversed"]:
        return Awarded(
            ledger_id=state["paid_id"],
            xp=state["paid_xp"],
            coins=state["paid_coins"],
            level=before.level,
            levels_gained=0,
            capped=state["paid_reason"] == "daily_cap",
        )
    capped = reward.daily_cap is not None and state["paid_today"] >= reward.daily_cap
    xp, coins = (0, 0) if capped else (reward.xp, reward.coins)
    ledger_id = uuid4()
    after = await _write(
        tx,
        state,
        ledger_id=ledger_id,
        event_type=reward.event_type,
        event_id=reward.event_id,
        xp=xp,
        coins=coins,
        local_date=tx.today,
        reason="daily_cap" if capped else None,
        reverses_id=None,
        idempotency_key=f"{reward.key}#{state['payments']}",
    )
    outbox.put(
        tx,
        ledger_id,
        PointsAwarded(event_type=reward.event_type, event_id=reward.event_id, xp=xp, coins=coins),
    )
    for level in range(before.level + 1, after + 1):
        outbox.put(tx, tx.user_id, LevelReached(level=level))
    return Awarded(ledger_id, xp, coins, after, after - before.level, capped)


async def reverse(tx: Tx, event_type: str, event_id: UUID, key: str, reason: str) -> Awarded | None:
    """Take the payment of a key back to the last coin; None when nothing is paid under it.

    Raises `InsufficientCoins` when the coins are spent already.
    """
    state = await _state(tx, event_type, event_id, key)
    if state["paid_id"] is None or state["paid_reversed"]:
        return None
    xp, coins = -state["paid_xp"], -state["paid_coins"]
    if state["coins"] + coins < 0:
        raise InsufficientCoins(
            "The coins of this reward are spent already.", balance=state["coins"], cost=-coins
        )
    before = level_of(state["total_xp"])
    ledger_id = uuid4()
    after = await _write(
        tx,
        state,
        ledger_id=ledger_id,
        event_type=event_type,
        event_id=event_id,
        xp=xp,
        coins=coins,
        local_date=tx.today,
        reason=reason,
        reverses_id=state["paid_id"],
        idempotency_key=f"reverse:{state['paid_id']}",
    )
    outbox.put(tx, ledger_id, PointsReversed(reverses_id=state["paid_id"], xp=xp, coins=coins))
    return Awarded(ledger_id, xp, coins, after, after - before.level, capped=False)


async def _state(tx: Tx, event_type: str, event_id: UUID, key: str) -> sql.Row:
    """All that the rules need, in one read under the user's clock."""
    return await SQL["award_state"].one(
        tx,
        user_id=tx.user_id,
        event_type=event_type,
        event_id=event_id,
        key_prefix=f"{key}#",
        today=tx.today,
    )


async def _write(
    tx: Tx,
    state: sql.Row,
    *,
    ledger_id: UUID,
    xp: int,
    coins: int,
    local_date: date,
    **ledger: Any,
) -> int:
    """The ledger row with the new sums, in one joined write; returns the level it leads to."""
    total_xp: int = state["total_xp"] + xp
    level = level_of(total_xp)
    written = await SQL["ledger_write"].one(
        tx,
        user_id=tx.user_id,
        id=ledger_id,
        xp=xp,
        coins=coins,
        local_date=local_date,
        now=tx.now,
        wallet_coins=state["coins"] + coins,
        total_earned=state["total_earned"] + coins,
        total_spent=state["total_spent"],
        total_xp=total_xp,
        level=level.level,
        xp_to_next_level=level.missing,
        **ledger,
    )
    if (written["ledger_rows"], written["wallet_rows"], written["progress_rows"]) != (1, 1, 1):
        raise RuntimeError("a part of the joined write touched another number of rows than one")
    return level.level
