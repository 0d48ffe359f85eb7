"""Quests of the demo user in the states that its days don't come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from app.core import outbox, sql
from app.core.transaction import Tx
from app.quests import rules
from app.quests.events import QuestAbandoned, QuestAccepted, QuestCreated, QuestProgressed
from app.quests.rules import QuestDifficulty, QuestRepeat, QuestStatus

SQL = sql.load("quests")
_TARGET = 3


async def live(tx: Tx, back: int) -> None:
    """What becomes of them on a day that is so many days back."""
    if back == 6:
        fence = await _accepted(tx, "Repaint the fence", QuestDifficulty.HARD)
        await _move(tx, fence, QuestStatus.ABANDONED)
        outbox.put(tx, fence, QuestAbandoned())
    elif back == 5:
        # It is overdue today.
        ends = {"expires_at": tx.now + timedelta(days=3)}
        await _accepted(tx, "Renew the library card", QuestDifficulty.EASY, **ends)
    elif back == 0:
        counts = {"target": _TARGET, "repeat_frequency": QuestRepeat.DAILY}
        stairs = await _accepted(tx, "Take the stairs", QuestDifficulty.EASY, **counts)
        await _move(tx, stairs, QuestStatus.ACTIVE, progress=1)
        outbox.put(tx, stairs, QuestProgressed(progress=1, target=_TARGET))


async def _accepted(tx: Tx, title: str, difficulty: QuestDifficulty, **given: Any) -> UUID:
    """Make a quest and accept it."""
    quest_id = uuid5(tx.user_id, f"quest:{title}")
    worth = rules.WORTH[difficulty]
    row: dict[str, Any] = {"target": 1, "repeat_frequency": None, "expires_at": None, **given}
    await SQL["quest_create"].run(
        tx,
        user_id=tx.user_id,
        id=quest_id,
        title=title,
        description=None,
        category="home",
        difficulty=difficulty,
        xp_reward=worth.xp,
        coin_reward=worth.coins,
        source_quest_id=None,
        now=tx.now,
        **row,
    )
    outbox.put(tx, quest_id, QuestCreated(title=title))
    await _move(tx, quest_id, QuestStatus.ACTIVE)
    outbox.put(tx, quest_id, QuestAccepted())
    return quest_id


async def _move(tx: Tx, quest_id: UUID, status: QuestStatus, progress: int = 0) -> None:
    await SQL["quest_set_state"].run(
        tx,
        user_id=tx.user_id,
        id=quest_id,
        status=status,
        progress=progress,
        accepted_at=tx.now,
        completed_at=None,
        last_completed_date=None,
        streak_count=0,
        now=tx.now,
    )
