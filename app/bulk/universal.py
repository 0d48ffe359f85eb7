"""Quests that the service offers to everyone, as far as demo users have come with them."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from app.bulk.catalogue import UniversalQuest
from app.bulk.life import Earning, Life
from app.core import days
from app.quests import universal
from app.quests.events import UniversalQuestAccepted, UniversalQuestClaimed
from app.quests.universal import UniversalQuestStatus, UniversalQuestType

UNIVERSAL_QUEST_CLAIM = "universal_quest_claim"


def write(life: Life) -> None:
    """The progress in some universal quests."""
    for quest in life.catalogue.universal_quests[: life.some(life.person.weight.universal_quests)]:
        _follow(life, quest)


def _follow(life: Life, quest: UniversalQuest) -> None:
    """Accepted soon after joining, and claimed in some of the periods since."""
    kind = UniversalQuestType(quest.type)  # pyright: ignore[reportCallIssue]
    progress_id, accepted = life.id(), life.person.joined_at + life.minutes(1, 30)
    life.tell(accepted, progress_id, UniversalQuestAccepted(quest_id=quest.id))
    claimed: datetime | None = None
    claims, period = 0, universal.period_name(life.days[0].date, kind)
    for period, come in groupby(life.days, lambda day: universal.period_name(day.date, kind)):
        claimed = None
        if life.chance(0.35):
            day = life.one(list(come))
            claimed, claims = life.at(day, 14), claims + 1
            key = f"universal:{quest.id}:{period}"
            life.timeline.append(
                Earning(
                    claimed, day.date, UNIVERSAL_QUEST_CLAIM, quest.id, key, quest.xp, quest.coins
                )
            )
            told = UniversalQuestClaimed(quest_id=quest.id, xp=quest.xp, coins=quest.coins)
            life.tell(claimed, progress_id, told)
    life.put(
        "user_quest_progress",
        id=progress_id,
        quest_id=quest.id,
        status=UniversalQuestStatus.CLAIMED if claimed else UniversalQuestStatus.ACTIVE,
        progress=quest.target if claimed else life.some((0, quest.target - 1)),
        accepted_at=accepted,
        completed_at=claimed and claimed - life.minutes(1, 30),
        claimed_at=claimed,
        last_reset_at=max(accepted, _began(life, kind)),
        times_completed=claims,
        created_at=accepted,
        updated_at=claimed or accepted,
    )


def _began(life: Life, kind: UniversalQuestType) -> datetime:
    """When the count of the last period that the person came in began."""
    last = life.days[-1].date
    first = {
        UniversalQuestType.WEEKLY: days.week_start(last),
        UniversalQuestType.MONTHLY: days.month_start(last),
        UniversalQuestType.ONE_TIME: life.days[0].date,
    }.get(kind, last)
    return days.day_start(first, life.person.zone, life.person.day_start_hour)
