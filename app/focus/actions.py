"""The steps of a focus session, inside a transaction: what the mutations and the demo user call."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from app.core import outbox, sql, together
from app.core.errors import NotFound
from app.core.sql import Row
from app.core.transaction import Tx
from app.focus import loaders, rules
from app.focus.events import (
    FocusAbandoned,
    FocusCompleted,
    FocusExpired,
    FocusPaused,
    FocusResumed,
    FocusStarted,
)
from app.focus.rules import FocusMode, FocusStatus
from app.gamification import actions as gamification
from app.gamification.actions import Awarded, Reward
from app.gamification.streaks import StreakType
from app.quests import actions as quests

SQL = sql.load("focus")


async def session_in(tx: Tx, session_id: UUID) -> Row:
    """The session, read under the user's clock; `NotFound` when the user has none with this id."""
    rows = await loaders.sessions_now(tx, [session_id], tx.user_id, tx.now)
    if not rows:
        raise NotFound("You have no focus session with this id.", "id")
    return rows[0]


async def start(
    tx: Tx,
    session_id: UUID,
    mode: FocusMode,
    seconds: int,
    quest_id: UUID | None = None,
    task_title: str | None = None,
) -> UUID | None:
    """Start a session in the place of the one that is open, if there is one.

    Answers with the id of a session that ran and was abandoned for it; one that had expired is
    only noted as such. Raises `NotFound` when there is no such quest.
    """
    closed = await SQL["focus_session_close"].maybe(tx, user_id=tx.user_id, now=tx.now)
    tx.later(
        SQL["focus_session_create"],
        1,
        NotFound("You have no quest with this id.", "questId"),
        user_id=tx.user_id,
        id=session_id,
        mode=mode,
        duration_seconds=seconds,
        quest_id=quest_id,
        task_title=task_title,
        now=tx.now,
    )
    abandoned = None
    if closed is not None:
        ran = closed["status"] == FocusStatus.ABANDONED
        abandoned = closed["id"] if ran else None
        outbox.put(tx, closed["id"], FocusAbandoned() if ran else FocusExpired())
    outbox.put(tx, session_id, FocusStarted(mode=mode, duration_seconds=seconds))
    return abandoned


def pause(tx: Tx, session: Row) -> None:
    """Pause a running session."""
    left = session["remaining_seconds"]
    _set_state(tx, session, status=FocusStatus.PAUSED, expires_at=_expires_at(session, tx.now))
    tx.later(
        SQL["focus_pause"],
        1,
        user_id=tx.user_id,
        session_id=session["id"],
        time_remaining_seconds=left,
        now=tx.now,
    )
    outbox.put(tx, session["id"], FocusPaused(remaining_seconds=left))


def resume(tx: Tx, session: Row) -> None:
    """Let a paused session run on."""
    began = session["resumed_at"] or session["started_at"]
    _set_state(tx, session, status=FocusStatus.ACTIVE, expires_at=_expires_at(session, None))
    tx.later(
        SQL["focus_resume"],
        1,
        user_id=tx.user_id,
        session_id=session["id"],
        resumed_at=rules.runs_on_from(tx.now, began, session["paused_at"]),
        now=tx.now,
    )
    outbox.put(tx, session["id"], FocusResumed(remaining_seconds=session["remaining_seconds"]))


async def complete(tx: Tx, session: Row) -> Awarded:
    """Complete an open session: pay it, and move the streak and the universal quests."""
    active = session["active_seconds"]
    worth = rules.worth(session["mode"], active, session["duration_seconds"])
    moved = {"focus_minutes": active // 60, "focus_sessions": 1} if worth.is_focus else {}
    reward = Reward(
        worth.event,
        session["id"],
        f"focus:{session['id']}",
        worth.xp,
        worth.coins,
        streak=StreakType.FOCUS if worth.is_focus else None,
        facts={"active_seconds": active},
    )
    (state,), running = await together.read(
        tx,
        gamification.state(tx, reward.event_type, reward.event_id, [reward.key]),
        quests.running(tx, *moved),
    )
    paid = await gamification.award(tx, reward, state)
    _set_state(
        tx,
        session,
        status=FocusStatus.COMPLETED,
        # Another server's clock may have been ahead when the session began.
        completed_at=max(tx.now, session["started_at"]),
        xp_awarded=paid.xp,
        coins_awarded=paid.coins,
    )
    await quests.count(tx, paid, running, day=None, **moved)
    done = FocusCompleted(active_seconds=active, xp=paid.xp, coins=paid.coins)
    outbox.put(tx, session["id"], done)
    return paid


def abandon(tx: Tx, session: Row) -> None:
    """Give an open session up."""
    ended = max(tx.now, session["started_at"])
    _set_state(tx, session, status=FocusStatus.ABANDONED, abandoned_at=ended)
    outbox.put(tx, session["id"], FocusAbandoned())


def _expires_at(session: Row, paused_at: datetime | None) -> datetime:
    return rules.expires_at(session["started_at"], session["duration_seconds"], paused_at)


def _set_state(tx: Tx, session: Row, **changed: Any) -> None:
    """Write an open session's state: what `changed` names, the rest as it was read."""
    columns = (
        "status",
        "expires_at",
        "completed_at",
        "abandoned_at",
        "xp_awarded",
        "coins_awarded",
    )
    state = {**{column: session[column] for column in columns}, **changed}
    tx.later(
        SQL["focus_session_set_state"], 1, user_id=tx.user_id, id=session["id"], now=tx.now, **state
    )
