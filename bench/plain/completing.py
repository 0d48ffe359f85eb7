"""The mutation of the endpoint: the clock, one read, one joined write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from math import floor
from typing import Any
from uuid import UUID, uuid4

from app.core.clock import milliseconds
from app.gamification import achievements, streaks
from app.gamification.achievements import Standing
from app.gamification.rules import level_of
from app.gamification.streaks import Streak, StreakType
from app.quests.rules import PAID_PER_DAY
from bench.plain import statements
from bench.plain.reading import Asker, beginnings

_EVENT = "quest_complete"
_BLOCK = 64
_ONE = Decimal(1)


class Refused(Exception):
    """The quest can't be completed."""


@dataclass(slots=True)
class _Written:
    """The rows to write, as columns."""

    day: date
    entries: list[tuple[Any, ...]] = field(default_factory=list[Any])
    events: list[tuple[str, str, UUID, Any]] = field(default_factory=list[Any])
    earned: list[str] = field(default_factory=list[str])
    moved: list[tuple[Any, ...]] = field(default_factory=list[Any])

    def pay(
        self,
        event: str,
        event_id: UUID | None,
        key: str,
        xp: int,
        coins: int,
        multiplier: Decimal = _ONE,
        reason: str | None = None,
    ) -> UUID:
        """A row of the ledger."""
        entry = uuid4()
        self.entries.append((entry, event, event_id, coins, xp, multiplier, self.day, reason, key))
        return entry

    def tell(self, topic: str, table: str, row_id: UUID, **payload: Any) -> None:
        """An event of the outbox."""
        self.events.append((topic, table, row_id, payload))


async def complete(connection: Any, asker: Asker, quest_id: UUID) -> Any:
    """Complete an active quest that is done once, under the user's clock; raises `Refused`."""
    user_id, now = asker.user_id, asker.now
    clock = await connection.fetchrow(
        statements.CLOCK.sql,
        *statements.CLOCK.arguments({"n": _BLOCK, "now_ms": milliseconds(now), "user_id": user_id}),
    )
    if not clock["approved"] or clock["disabled_at"] is not None:
        raise Refused("this account may not write")
    today = asker.today
    key = f"quest:{quest_id}:once"
    row = await _read(connection, asker, quest_id, today, key)
    if row is None or row["quest_status"] != "active":
        raise Refused("there is no such active quest")
    if row["quest_target"] > 1 and row["quest_progress"] < row["quest_target"]:
        raise Refused("the target is not reached")
    payments = row["payments"] or ()
    if not all(each["reversed"] for each in payments):
        raise Refused("it was paid before")
    out = _Written(today)
    boosted = row["xp_boost_until"] is not None and row["xp_boost_until"] > now
    boost = row["xp_boost"] if boosted else _ONE
    capped = row["paid_today"] >= PAID_PER_DAY
    xp = 0 if capped else floor(row["xp_reward"] * boost)
    coins = 0 if capped else row["coin_reward"]
    entry = out.pay(
        _EVENT,
        quest_id,
        f"{key}#{len(payments)}",
        xp,
        coins,
        boost,
        "daily_cap" if capped else None,
    )
    out.tell(
        "points.awarded",
        "points_ledger",
        entry,
        event_type=_EVENT,
        event_id=str(quest_id),
        xp=xp,
        coins=coins,
    )
    known, covered, shields = _streaks(row)
    before = known.get(StreakType.DAILY, Streak(StreakType.DAILY))
    daily = before
    if xp > 0 or coins > 0:
        for day in streaks.days_to_shield(before, today, covered, shields):
            shields -= 1
            covered.add(day)
            out.entries.append(
                (uuid4(), "streak_shield", None, 0, 0, _ONE, day, None, f"shield:{day}")
            )
        daily = streaks.advance(before, today, covered)
    lengths = {
        kind: streaks.shown(each, today, covered)
        for kind, each in {**known, StreakType.DAILY: daily}.items()
    }
    earned_xp, earned_coins = _unlock(out, row, lengths)
    total_xp = row["total_xp"] + xp + earned_xp
    wallet = row["coins"] + coins + earned_coins
    level = level_of(total_xp)
    for reached in range(level_of(row["total_xp"]).level + 1, level.level + 1):
        out.tell("level.reached", "user_progress", user_id, level=reached)
    if (total_xp, wallet) != (row["total_xp"], row["coins"]):
        out.tell(
            "wallet.changed",
            "user_wallet",
            user_id,
            coins=wallet,
            total_xp=total_xp,
            level=level.level,
        )
    length = streaks.shown(daily, today, covered, shields)
    _move(out, row["running"] or (), length, now)
    out.tell("quest.completed", "user_quests", quest_id, xp=xp, coins=coins)
    written = await connection.fetchrow(
        statements.COMPLETE,
        user_id,
        quest_id,
        max(row["quest_progress"], row["quest_target"]),
        now,
        today,
        *_columns(out.entries, 9),
        wallet,
        row["total_earned"] + coins + earned_coins,
        row["total_spent"],
        total_xp,
        level.level,
        level.missing,
        shields,
        daily.current,
        daily.longest,
        daily.last_day,
        daily != before,
        out.earned,
        *_columns(out.moved, 5),
        clock["change_seq"] - _BLOCK + 1,
        clock["event_ms"] - _BLOCK + 1,
        *_columns(out.events, 4),
    )
    if written[1] != len(out.entries) + 3:
        raise RuntimeError("the joined write touched other rows than expected")
    return {
        "completeQuest": {
            "quest": {"id": written[0], "status": "COMPLETED", "completedAt": now},
            "award": {
                "xp": xp,
                "coins": coins,
                "level": level.level,
                "dailyStreak": length,
                "capped": capped,
            },
        }
    }


async def _read(connection: Any, asker: Asker, quest_id: UUID, today: date, key: str) -> Any:
    state = statements.STATE.arguments(
        {
            "user_id": asker.user_id,
            "event_type": _EVENT,
            "event_id": quest_id,
            "keys": [key],
            "today": today,
        }
    )
    return await connection.fetchrow(
        statements.COMPLETING,
        *state,
        asker.user_id,
        asker.now,
        *beginnings(today, asker.zone, asker.day_start_hour),
        quest_id,
    )


def _streaks(row: Any) -> tuple[dict[StreakType, Streak], set[date], int]:
    known = {
        StreakType(kind): Streak(  # pyright: ignore[reportCallIssue]
            StreakType(kind),  # pyright: ignore[reportCallIssue]
            current,
            longest,
            None if last is None else date.fromisoformat(last),
        )
        for kind, current, longest, last in row["streaks"] or ()
    }
    covered = {date.fromisoformat(day) for day in row["covered_days"] or ()}
    return known, covered, row["streak_shields"]


def _unlock(out: _Written, row: Any, lengths: dict[StreakType, int]) -> tuple[int, int]:
    """Pay the achievements that are completed; what they pay."""
    counts: dict[str, int] = dict(row["counts"] or {})
    if _EVENT in counts:
        counts[_EVENT] += 1
    standing = Standing(counts, lengths, _EVENT, {})
    xp = coins = 0
    for each in row["open_achievements"] or ():
        if not achievements.is_met(achievements.read(each["condition"]), standing):
            continue
        key, row_id = each["key"], UUID(each["id"])
        out.earned.append(key)
        out.pay("achievement", row_id, f"achievement:{key}#0", each["xp"], each["coins"])
        out.tell(
            "achievement.unlocked",
            "user_achievements",
            row_id,
            key=key,
            xp=each["xp"],
            coins=each["coins"],
        )
        xp += each["xp"]
        coins += each["coins"]
    return xp, coins


def _move(out: _Written, running: Any, length: int, now: datetime) -> None:
    """Move the universal quests that count completed quests, or the daily streak."""
    for each in running:
        progress = length if each["kind"] == "streak_days" else each["progress"] + 1
        if progress == each["progress"] or each["status"] == "claimed":
            continue
        done = progress >= each["target"]
        row_id, status = UUID(each["id"]), "completed" if done else "active"
        out.moved.append((row_id, status, progress, now if done else None, each["lapsed"]))
        quest = each["quest"]
        out.tell(
            "universal_quest.progressed",
            "user_quest_progress",
            row_id,
            quest_id=quest,
            progress=progress,
            target=each["target"],
        )
        if done and each["status"] != "completed":
            out.tell("universal_quest.completed", "user_quest_progress", row_id, quest_id=quest)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]
