"""Moves universal quests: what other rooms ask for when something that counts has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from app.core import outbox, sql, together
from app.core.together import Part
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


def running(tx: Tx, *kinds: str) -> Part:
    """What `count` reads for these target types, for who reads it together with something else."""
    wanted = {*kinds, STREAK_DAYS}
    return together.look_up(
        SQL["universal_progress_list"], "target_type", sorted(wanted), **_now(tx)
    )


async def count(
    tx: Tx, award: Awarded | Reversed, known: Sequence[sql.Row] | None = None, /, **amounts: int
) -> None:
    """Move every running universal quest that an event counts for.

    `amounts` are by target type: `focus_minutes=25`; negative ones take back what a reversed event
    had moved. The length of the daily streak after the award is counted along. `known` are the rows
    of `running`, read in this transaction before anything moved them; without them they are read
    here.
    """
    moves = {kind: Move(add=amount) for kind, amount in amounts.items()}
    moves[STREAK_DAYS] = Move(level=award.daily_streak)
    if known is None:
        (known,) = await together.read(tx, running(tx, *amounts))
    _move(tx, known, moves)


def _move(tx: Tx, rows: Sequence[sql.Row], moves: Mapping[str, Move]) -> None:
    """Note what the running quests become; one write for all that moved."""
    changed: list[Running] = []
    for row in sorted(rows, key=itemgetter("quest_id")):
        if not row["is_active"]:
            continue
        progress = universal.moved(row["progress"], moves[row["target_type"]])
        if progress == row["progress"] or row["status"] == UniversalQuestStatus.CLAIMED:
            continue
        moved = Running.of(row)
        moved.progress = progress
        done = progress >= row["target"]
        moved.status = UniversalQuestStatus.COMPLETED if done else UniversalQuestStatus.ACTIVE
        moved.completed_at = (row["completed_at"] or tx.now) if done else None
        changed.append(moved)
        quest_id = row["quest_id"]
        outbox.put(
            tx,
            row["id"],
            UniversalQuestProgressed(quest_id=quest_id, progress=progress, target=row["target"]),
        )
        if done and row["status"] != UniversalQuestStatus.COMPLETED:
            outbox.put(tx, row["id"], UniversalQuestCompleted(quest_id=quest_id))
    if changed:
        write_running(tx, changed)


def progress_in(tx: Tx, quest_id: UUID) -> Part:
    """The user's progress in a quest, as it reads in the present period; no row: not accepted."""
    return together.look_up(SQL["universal_progress_list"], "quest_id", [quest_id], **_now(tx))


def _now(tx: Tx) -> dict[str, Any]:
    starts = universal.period_starts(tx.today, tx.zone, tx.day_start_hour)
    return {"user_id": tx.user_id, **starts}


def write_running(tx: Tx, changed: list[Running]) -> None:
    """Note the progress of several quests."""
    tx.later(
        SQL["universal_set"],
        len(changed),
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
