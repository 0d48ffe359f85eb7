"""How universal quests move from period to period: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import days
from app.core.errors import WrongState
from app.core.words import Words, described_enum


@described_enum("How often a universal quest can be done.")
class UniversalQuestType(Words):
    """The periods of universal quests."""

    DAILY = "daily", "Once each of the user's days."
    WEEKLY = "weekly", "Once each ISO week, from Monday."
    MONTHLY = "monthly", "Once each calendar month."
    ONE_TIME = "one_time", "Once for ever."


@described_enum("Where the viewer stands with a universal quest in its present period.")
class UniversalQuestStatus(Words):
    """The states of the viewer's progress."""

    ACTIVE = "active", "Accepted and under way."
    COMPLETED = "completed", "Done; the reward waits to be claimed."
    CLAIMED = "claimed", "Done and paid for this period."


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does to quests of one target type: adds to the progress, or sets a level."""

    add: int = 0
    level: int | None = None
    """The height that the quest has reached anyhow, such as the length of a streak."""


def moved(progress: int, move: Move) -> int:
    """The progress after a move, never below 0."""
    return move.level if move.level is not None else max(0, progress + move.add)


def period_starts(today: date, zone: str, day_start_hour: int) -> dict[str, datetime]:
    """The moments at which the user's day, ISO week and month began."""
    firsts = {
        "day_start": today,
        "week_start": days.week_start(today),
        "month_start": days.month_start(today),
    }
    return {name: days.day_start(first, zone, day_start_hour) for name, first in firsts.items()}


def period_name(day: date, kind: UniversalQuestType) -> str:
    """A name for the quest's period, once and for all: part of the key under which it is paid."""
    if kind == UniversalQuestType.DAILY:
        return day.isoformat()
    if kind == UniversalQuestType.WEEKLY:
        return days.week_start(day).isoformat()
    if kind == UniversalQuestType.MONTHLY:
        return days.month_start(day).isoformat()[:7]
    return "once"


def payment_keys(quest_id: UUID, day: date) -> dict[UniversalQuestType, str]:
    """The key under which a claim is paid, for each kind of quest."""
    return {kind: f"universal:{quest_id}:{period_name(day, kind)}" for kind in UniversalQuestType}


def may_claim(status: UniversalQuestStatus, progress: int, target: int) -> bool:
    """Whether claiming changes anything; raises `WrongState` before the quest is complete."""
    if status == UniversalQuestStatus.CLAIMED:
        return False
    if status != UniversalQuestStatus.COMPLETED:
        raise WrongState(f"The progress is {progress} of {target}.", "id")
    return True
