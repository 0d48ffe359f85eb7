"""Universal quests: accepted, moved when something that counts has happened, and claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from app.core import days, outbox, sql, together
from app.core.errors import NotFound
from app.core.together import Part
from app.core.transaction import Tx
from app.gamification import actions as gamification
from app.gamification.actions import Awarded, Reversed, Reward
from app.quests import universal
from app.quests.events import (
    UniversalQuestAccepted,
    UniversalQuestClaimed,
    UniversalQuestCompleted,
    UniversalQuestProgressed,
)
from app.quests.universal import Move, UniversalQuestStatus

SQL = sql.load("quests")
STREAK_DAYS = "streak_days"
QUESTS_COMPLETED = "quests_completed"
CLAIM_EVENT = "universal_quest_claim"


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
    tx: Tx,
    award: Awarded | Reversed,
    known: Sequence[sql.Row] | None = None,
    /,
    *,
    day: date | None = None,
    **amounts: int,
) -> None:
    """Move every running universal quest that an event counts for.

    `amounts` are by target type: `focus_minutes=25`; negative ones take back what a reversed event
    had moved. The length of the daily streak after the award is counted along. `known` are the rows
    of `running`, read in this transaction before anything moved them; without them they are read
    here. An event of an earlier `day` than today counts only where the present period holds it.
    """
    moves = {kind: Move(add=amount) for kind, amount in amounts.items()}
    moves[STREAK_DAYS] = Move(level=award.daily_streak)
    if known is None:
        (known,) = await together.read(tx, running(tx, *amounts))
    _move(tx, known, moves, day or tx.today)


def _move(tx: Tx, rows: Sequence[sql.Row], moves: Mapping[str, Move], day: date) -> None:
    """Note what the running quests become; one write for all that moved."""
    changed: list[Running] = []
    for row in sorted(rows, key=itemgetter("quest_id")):
        move = moves[row["target_type"]]
        if not row["is_active"] or not universal.counts(move, row["type"], day, tx.today):
            continue
        progress = universal.moved(row["progress"], move)
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


async def accept(tx: Tx, quest_id: UUID) -> bool:
    """Let events move a quest from now on; false when it was accepted before."""
    progress_id = uuid4()
    accepted = await SQL["universal_accept"].run(
        tx,
        user_id=tx.user_id,
        id=progress_id,
        quest_id=quest_id,
        day_start=days.day_start(tx.today, tx.zone, tx.day_start_hour),
        now=tx.now,
    )
    if accepted:
        outbox.put(tx, progress_id, UniversalQuestAccepted(quest_id=quest_id))
    return bool(accepted)


async def claim(tx: Tx, quest_id: UUID) -> tuple[bool, Awarded | None]:
    """Claim a completed quest: whether anything changed, and what was paid, once a period.

    Raises `NotFound` for a quest that was not accepted, and `WrongState` before it is completed.
    """
    keys = universal.payment_keys(quest_id, tx.today)
    rows, (state,), others = await together.read(
        tx,
        progress_in(tx, quest_id),
        gamification.state(tx, CLAIM_EVENT, quest_id, list(keys.values())),
        running(tx),
    )
    if not rows:
        raise NotFound("You have not accepted a universal quest with this id.", "id")
    (row,) = rows
    if not universal.may_claim(row["status"], row["progress"], row["target"]):
        return False, None
    reward = Reward(CLAIM_EVENT, quest_id, keys[row["type"]], row["xp_reward"], row["coin_reward"])
    paid = await gamification.award(tx, reward, state)
    claimed = Running.of(row)
    claimed.status = UniversalQuestStatus.CLAIMED
    claimed.claimed_at = tx.now
    # Whose zone has gone back comes to a date again, and has been paid for it.
    if not paid.repeated:
        claimed.times_completed += 1
    write_running(tx, [claimed])
    # What is claimed moves no more in this period.
    await count(tx, paid, [each for each in others if each["quest_id"] != quest_id])
    xp, coins = (0, 0) if paid.repeated else (paid.xp, paid.coins)
    told = UniversalQuestClaimed(quest_id=quest_id, xp=xp, coins=coins)
    outbox.put(tx, row["id"], told)
    return True, None if paid.repeated else paid
