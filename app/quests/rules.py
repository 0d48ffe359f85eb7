"""What a quest pays, and which steps its state allows: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from app.core import days
from app.core.errors import WrongState
from app.core.words import Words, described_enum

PAID_PER_DAY = 20
"""Completions of own quests that are paid in one local day, so that nobody farms them."""


@described_enum("How hard a quest is; it decides what completing it pays.")
class QuestDifficulty(Words):
    """The difficulties with their rewards."""

    EASY = "easy", "Pays 25 XP and 10 coins."
    NORMAL = "normal", "Pays 50 XP and 25 coins."
    HARD = "hard", "Pays 100 XP and 50 coins."
    EPIC = "epic", "Pays 250 XP and 100 coins."


@described_enum("Where a quest stands.")
class QuestStatus(Words):
    """The states of an own quest."""

    AVAILABLE = "available", "It waits to be accepted."
    ACTIVE = "active", "It was accepted and is under way."
    COMPLETED = "completed", "It is done and was paid."
    CLAIMED = "claimed", "Kept for stored data; own quests are paid when they are completed."
    ABANDONED = "abandoned", "It was given up; accepting it takes it up again."
    EXPIRED = "expired", "Its time ran out before it was completed."


@described_enum("How often a repeatable quest opens again.")
class QuestRepeat(Words):
    """The periods of repeatable quests."""

    DAILY = "daily", "Each of the user's days."
    WEEKLY = "weekly", "Each ISO week, from Monday."
    MONTHLY = "monthly", "Each calendar month."


@dataclass(frozen=True, slots=True)
class Worth:
    """What completing pays."""

    xp: int
    coins: int


WORTH: dict[QuestDifficulty, Worth] = {
    QuestDifficulty.EASY: Worth(25, 10),
    QuestDifficulty.NORMAL: Worth(50, 25),
    QuestDifficulty.HARD: Worth(100, 50),
    QuestDifficulty.EPIC: Worth(250, 100),
}


def period_start(day: date, repeat: QuestRepeat | None) -> date:
    """The first day of the period that a day belongs to; the day itself without a period."""
    if repeat == QuestRepeat.WEEKLY:
        return days.week_start(day)
    if repeat == QuestRepeat.MONTHLY:
        return days.month_start(day)
    return day


def period_name(day: date, repeat: QuestRepeat | None) -> str:
    """A name for the period, once and for all: part of the key under which it is paid."""
    return "once" if repeat is None else period_start(day, repeat).isoformat()


def payment_keys(quest_id: UUID, day: date) -> dict[QuestRepeat | None, str]:
    """The key under which a completion is paid, for each way in which the quest may repeat."""
    repeats = (None, *QuestRepeat)
    return {repeat: f"quest:{quest_id}:{period_name(day, repeat)}" for repeat in repeats}


def streak_after(completed: Sequence[date], repeat: QuestRepeat | None) -> int:
    """Periods in a row up to the last of some completion dates; 0 without any."""
    if repeat is None or not completed:
        return 0
    starts = sorted({period_start(day, repeat) for day in completed}, reverse=True)
    length = 1
    for later, earlier in pairwise(starts):
        if period_start(later - timedelta(days=1), repeat) != earlier:
            break
        length += 1
    return length


def may_accept(status: QuestStatus) -> bool:
    """Whether accepting changes anything; raises `WrongState` for what can't be accepted."""
    if status in (QuestStatus.AVAILABLE, QuestStatus.ABANDONED):
        return True
    if status == QuestStatus.EXPIRED:
        raise WrongState("This quest has expired; give it a later end first.", "id")
    return False


def may_progress(status: QuestStatus) -> None:
    """Raises `WrongState` unless the quest is under way."""
    if status != QuestStatus.ACTIVE:
        raise WrongState(f"Only an active quest makes progress; this one is {status}.", "id")


def may_abandon(status: QuestStatus) -> bool:
    """Whether abandoning changes anything; raises `WrongState` for what is done or expired."""
    if status in (QuestStatus.AVAILABLE, QuestStatus.ACTIVE):
        return True
    if status != QuestStatus.ABANDONED:
        raise WrongState(f"This quest is {status}; it can't be abandoned.", "id")
    return False


def may_complete(status: QuestStatus, progress: int, target: int) -> bool:
    """Whether completing changes anything; raises `WrongState` for what can't be completed.

    A quest with a target of 1 has nothing to count: completing it is its progress.
    """
    if status in (QuestStatus.COMPLETED, QuestStatus.CLAIMED):
        return False
    if status != QuestStatus.ACTIVE:
        raise WrongState(f"Only an active quest can be completed; this one is {status}.", "id")
    if target > 1 and progress < target:
        raise WrongState(f"The progress is {progress} of {target}.", "id")
    return True


def may_uncomplete(status: QuestStatus, *, completed_today: bool) -> bool:
    """Whether taking a completion back changes anything; only on the day that it happened."""
    if status != QuestStatus.COMPLETED:
        return False
    if not completed_today:
        raise WrongState("A completion can be taken back on the same day only.", "id")
    return True
