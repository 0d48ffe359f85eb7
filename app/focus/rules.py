"""What a focus session pays, and which steps its state allows: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import AppError, ErrorCode, WrongState
from app.core.words import Words, described_enum

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 14_400
COUNTED_FROM_SECONDS = 60
"""Active seconds below which a focus session counts for nothing."""
LONGEST_OPEN = timedelta(seconds=2 * LONGEST_SECONDS)
"""After this at the latest an open session has expired."""
LONGEST_PAUSE = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@described_enum("What a session is for.")
class FocusMode(Words):
    """The modes of sessions."""

    FOCUS = "focus", "Work. Pays max(5, minutes) XP and max(2, seconds div 300) coins."
    BREAK = "break", "A short rest. Pays 2 XP when at least half of it was taken."
    LONG_BREAK = "long_break", "A long rest. Pays 3 XP and a coin when half of it was taken."


@described_enum("Where a session stands.")
class FocusStatus(Words):
    """The states of a session."""

    ACTIVE = "active", "It runs."
    PAUSED = "paused", "It is paused and can be resumed."
    COMPLETED = "completed", "It was completed and paid."
    ABANDONED = "abandoned", "It was given up, or another one was started in its place."
    EXPIRED = "expired", "Its time ran out before it was completed."


class SessionExpired(AppError):
    """The session's time ran out."""

    code = ErrorCode.SESSION_EXPIRED


@dataclass(frozen=True, slots=True)
class Worth:
    """What completing pays, and the event as which it counts."""

    event: str
    xp: int
    coins: int

    @property
    def is_focus(self) -> bool:
        """Whether it counts as focus: for the streak, achievements and universal quests."""
        return self.event == FOCUS_EVENT


FOCUS_EVENT = "focus_complete"
SHORT_EVENT = "focus_short"
"""Event of a focus session that was over before it counted; nothing counts these."""
BREAK_EVENT = "break_complete"
_BREAK_REWARDS = {FocusMode.BREAK: (2, 0), FocusMode.LONG_BREAK: (3, 1)}


def worth(mode: FocusMode, active_seconds: int, planned_seconds: int) -> Worth:
    """What a session pays for the seconds that it was active, at most the planned ones."""
    if mode != FocusMode.FOCUS:
        paid = _BREAK_REWARDS[mode] if 2 * active_seconds >= planned_seconds else (0, 0)
        return Worth(BREAK_EVENT, *paid)
    if active_seconds < COUNTED_FROM_SECONDS:
        return Worth(SHORT_EVENT, 0, 0)
    return Worth(FOCUS_EVENT, max(5, active_seconds // 60), max(2, active_seconds // 300))


def runs_on_from(now: datetime, began: datetime, paused_at: datetime) -> datetime:
    """The moment from which a resumed session counts on.

    The seconds that are left are stored whole. The part of a second that was active beyond them
    when the session, running since `began`, was paused is given back by counting from that much
    earlier: so the active time stays the elapsed less the paused time, however often one pauses.
    """
    return now - (paused_at - began) % _SECOND


def expires_at(started_at: datetime, planned_seconds: int, paused_at: datetime | None) -> datetime:
    """When an open session expires: at twice its planned length, paused perhaps earlier."""
    latest = started_at + timedelta(seconds=2 * planned_seconds)
    return latest if paused_at is None else min(latest, paused_at + LONGEST_PAUSE)


def may_pause(status: FocusStatus) -> bool:
    """Whether pausing changes anything; raises what keeps an ended session from it."""
    return _is_open(status, "paused") and status == FocusStatus.ACTIVE


def may_resume(status: FocusStatus) -> bool:
    """Whether resuming changes anything; raises what keeps an ended session from it."""
    return _is_open(status, "resumed") and status == FocusStatus.PAUSED


def may_complete(status: FocusStatus) -> bool:
    """Whether completing changes anything; raises what keeps a session from it that ended."""
    return status != FocusStatus.COMPLETED and _is_open(status, "completed")


def may_abandon(status: FocusStatus) -> bool:
    """Whether abandoning changes anything; raises what keeps a session from it that ended."""
    return status != FocusStatus.ABANDONED and _is_open(status, "abandoned")


def _is_open(status: FocusStatus, deed: str) -> bool:
    if status == FocusStatus.EXPIRED:
        raise SessionExpired("This session has expired; start another one.", "id")
    if status not in (FocusStatus.ACTIVE, FocusStatus.PAUSED):
        raise WrongState(f"This session is {status}; it can't be {deed}.", "id")
    return True
