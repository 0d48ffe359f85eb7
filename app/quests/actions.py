"""Moves universal quests: what other rooms ask for when something that counts has happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from app.core import outbox, sql
from app.core.transaction import Tx
from app.gamification.actions import Awarded, Reversed
from app.quests import universal
from app.quests.events import UniversalQuestCompleted, UniversalQuestProgressed
from app.quests.universal import Move, UniversalQuestStatus

SQL = sql.load("quests")
STREAK_DAYS = "streak_days"
QUESTS_COMPLETED = "quests_completed"


@dataclass(slots=True)
class Running:
    """The user's progress in one universal quest, as it is to be written."""

    row: sql.Row
    status: str
    progress: int
    completed_at: datetime | None
    claimed_at: datetime | None
    times_completed: int

    @classmethod
    def of(cls, row: sql.Row) -> Running:
        """As it was read."""
        return cls(
            row,
            row["status"],
            row["progress"],
            row["completed_at"],
            row["claimed_at"],
            row["times_completed"],
        )


async def count(
    tx: Tx, award: Awarded | Reversed, *, day: date | None = None, **amounts: int
) -> None:
    """Move every running universal quest that an event counts for.

    `amounts` are by target type: `focus_minutes=25`; negative ones take back what a reversed event
    had moved. The length of the daily streak after the award is counted along. An event of an
    earlier `day` than today counts only where the present period holds that day.
    """
    moves = {kind: Move(add=amount) for kind, amount in amounts.items()}
    moves[STREAK_DAYS] = Move(level=award.daily_streak)
    await _move(tx, moves, day or tx.today)


async def _move(tx: Tx, moves: Mapping[str, Move], day: date) -> None:
    """One read of the running quests, and one write of those that moved."""
    rows = await SQL["universal_progress_list"].among(tx, "target_type", moves, **_now(tx))
    changed: list[Running] = []
    for row in sorted(rows, key=itemgetter("quest_id")):
        move = moves[row["target_type"]]
        if not row["is_active"] or not universal.counts(move, row["type"], day, tx.today):
            continue
        progress = universal.moved(row["progress"], move)
        if progress == row["progress"] or row["status"] == UniversalQuestStatus.CLAIMED:
            continue
        running = Running.of(row)
        running.progress = progress
        done = progress >= row["target"]
        running.status = UniversalQuestStatus.COMPLETED if done else UniversalQuestStatus.ACTIVE
        running.completed_at = (row["completed_at"] or tx.now) if done else None
        changed.append(running)
        quest_id = row["quest_id"]
        outbox.put(
            tx,
            row["id"],
            UniversalQuestProgressed(quest_id=quest_id, progress=progress, target=row["target"]),
        )
        if done and row["status"] != UniversalQuestStatus.COMPLETED:
            outbox.put(tx, row["id"], UniversalQuestCompleted(quest_id=quest_id))
    if changed:
        await write_running(tx, changed)


async def read_running(tx: Tx, quest_id: UUID) -> sql.Row | None:
    """The user's progress in a quest, as it reads in the present period; None: not accepted."""
    rows = await SQL["universal_progress_list"].among(tx, "quest_id", [quest_id], **_now(tx))
    return rows[0] if rows else None


def _now(tx: Tx) -> dict[str, Any]:
    starts = universal.period_starts(tx.today, tx.zone, tx.day_start_hour)
    return {"user_id": tx.user_id, "now": tx.now, **starts}


async def write_running(tx: Tx, changed: list[Running]) -> None:
    """Write the progress of several quests in one statement."""
    touched = await SQL["universal_set"].run(
        tx,
        user_id=tx.user_id,
        now=tx.now,
        ids=[each.row["id"] for each in changed],
        statuses=[each.status for each in changed],
        progresses=[each.progress for each in changed],
        completed_ats=[each.completed_at for each in changed],
        claimed_ats=[each.claimed_at for each in changed],
        last_reset_ats=[each.row["last_reset_at"] for each in changed],
        times_completed=[each.times_completed for each in changed],
    )
    if touched != len(changed):
        raise RuntimeError(f"wrote {touched} of {len(changed)} universal quests")
