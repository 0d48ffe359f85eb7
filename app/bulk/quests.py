"""Own quests of demo users: in every state, and repeating ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, groupby
from uuid import UUID

from app.bulk import texts
from app.bulk.life import Earning, Life, Undoing
from app.bulk.people import Day
from app.quests import rules
from app.quests.events import (
    QuestAbandoned,
    QuestAccepted,
    QuestCompleted,
    QuestCreated,
    QuestUncompleted,
)
from app.quests.rules import QuestDifficulty, QuestRepeat, QuestStatus

QUEST_COMPLETE = "quest_complete"
_LASTS = timedelta(days=14)


@dataclass(slots=True)
class _Quest:
    """A quest as its row will be."""

    id: UUID
    title: str
    category: str
    difficulty: QuestDifficulty
    place: int
    made: datetime
    target: int = 1
    repeat: QuestRepeat | None = None
    status: QuestStatus = QuestStatus.AVAILABLE
    progress: int = 0
    accepted: datetime | None = None
    done: datetime | None = None
    done_on: date | None = None
    expires: datetime | None = None
    streak: int = 0


def write(life: Life) -> list[tuple[UUID, str]]:
    """The quests; returns their ids and titles."""
    weight, places = life.person.weight, count(1)
    quests = [
        _once(life, index, next(places))
        for index in range(len(life.days))
        for _ in range(life.times(weight.quests))
    ]
    ideas = life.person.random.sample(texts.REPEATING_QUESTS, life.some(weight.repeating_quests))
    quests += [_repeating(life, *idea, next(places)) for idea in ideas]
    for quest in quests:
        _put(life, quest)
    return [(quest.id, quest.title) for quest in quests]


def _once(life: Life, index: int, place: int) -> _Quest:
    """A quest made on the day of an index. Most are done within days, and old ones are settled."""
    title, category, difficulty = life.one(texts.QUESTS)
    number = life.some((2, 30))
    quest = _Quest(
        life.id(),
        title.format(n=number),
        category,
        difficulty,
        place,
        life.at(life.days[index], 0, 6),
        target=number if life.chance(0.15) else 1,
    )
    life.tell(quest.made, quest.id, QuestCreated(title=quest.title))
    if life.chance(0.2):
        quest.expires = quest.made + _LASTS
    fate = life.person.random.random()
    if fate < 0.07 and life.recent(quest.made, 60):
        return quest
    quest.accepted = quest.made + life.minutes(5, 60)
    life.tell(quest.accepted, quest.id, QuestAccepted())
    if fate < 0.15 and life.recent(quest.made, 60):
        quest.status, quest.progress = QuestStatus.ACTIVE, life.some((0, quest.target - 1))
    elif fate < 0.2:
        quest.status = QuestStatus.ABANDONED
        life.tell(quest.accepted + life.minutes(30, 90), quest.id, QuestAbandoned())
    else:
        quest.status, quest.progress = QuestStatus.COMPLETED, quest.target
        _complete(life, quest, life.later_day(index, most=2 if life.chance(0.4) else 0))
    return quest


def _repeating(
    life: Life, title: str, category: str, difficulty: QuestDifficulty, place: int
) -> _Quest:
    """A quest of some period, completed in most periods since the person joined."""
    quest = _Quest(
        life.id(), title, category, difficulty, place, life.person.joined_at + life.minutes(5, 60)
    )
    quest.repeat = life.one(list(QuestRepeat))
    quest.accepted = quest.made + life.minutes(5, 60)
    quest.status = QuestStatus.ACTIVE
    life.tell(quest.made, quest.id, QuestCreated(title=title))
    life.tell(quest.accepted, quest.id, QuestAccepted())
    done: list[date] = []
    for _, days in groupby(life.days, lambda day: rules.period_start(day.date, quest.repeat)):
        if life.chance(0.75):
            day = life.one(list(days))
            _complete(life, quest, day)
            done.append(day.date)
    if done:
        quest.status, quest.progress = QuestStatus.COMPLETED, 1
        quest.streak = rules.streak_after(done, quest.repeat)
    return quest


def _complete(life: Life, quest: _Quest, day: Day) -> None:
    """Complete and pay it; a few times it is taken back at once, and completed again."""
    worth = rules.WORTH[quest.difficulty]
    key = f"quest:{quest.id}:{rules.period_name(day.date, quest.repeat)}"
    at = life.at(day, 8)
    paid = Earning(at, day.date, QUEST_COMPLETE, quest.id, key, worth.xp, worth.coins)
    life.timeline.append(paid)
    life.tell(at, quest.id, QuestCompleted(xp=worth.xp, coins=worth.coins))
    if life.chance(0.01):
        undone, at = at + life.minutes(1, 5), at + life.minutes(20, 40)
        life.timeline.append(Undoing(undone, day.date, key, "quest_uncompleted"))
        life.timeline.append(paid._replace(at=at))
        life.tell(undone, quest.id, QuestUncompleted(xp=-worth.xp, coins=-worth.coins))
        life.tell(at, quest.id, QuestCompleted(xp=worth.xp, coins=worth.coins))
    quest.done, quest.done_on = at, day.date
    quest.expires = quest.expires and at + _LASTS


def _put(life: Life, quest: _Quest) -> None:
    worth = rules.WORTH[quest.difficulty]
    life.put(
        "user_quests",
        id=quest.id,
        source_quest_id=None,
        title=quest.title,
        description=life.maybe(0.3, f"Because it matters to {life.person.name}."),
        category=quest.category,
        difficulty=quest.difficulty,
        xp_reward=worth.xp,
        coin_reward=worth.coins,
        status=quest.status,
        progress=quest.progress,
        target=quest.target,
        is_active=not life.chance(0.05),
        is_repeatable=quest.repeat is not None,
        repeat_frequency=quest.repeat,
        accepted_at=quest.accepted,
        completed_at=quest.done,
        claimed_at=None,
        expires_at=quest.expires,
        last_completed_date=quest.done_on,
        streak_count=quest.streak,
        sort_order=quest.place,
        created_at=quest.made,
        updated_at=quest.done or quest.accepted or quest.made,
    )
