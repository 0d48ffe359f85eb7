"""What happens to quests, as the outbox tells it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from app.core import outbox


class QuestEvent(outbox.Event):
    """Something happened to an own quest; the row has the rest."""

    table: ClassVar[str] = "user_quests"


class QuestCreated(QuestEvent):
    """A quest was made."""

    topic: ClassVar[str] = "quest.created"
    title: str


class QuestUpdated(QuestEvent):
    """A quest was edited; `fields` are the columns that changed."""

    topic: ClassVar[str] = "quest.updated"
    fields: list[str]


class QuestDeleted(QuestEvent):
    """A quest was deleted."""

    topic: ClassVar[str] = "quest.deleted"


class QuestsReordered(QuestEvent):
    """The user's own order of the quests changed; told once for all of them."""

    topic: ClassVar[str] = "quest.reordered"


class QuestAccepted(QuestEvent):
    """A quest was accepted."""

    topic: ClassVar[str] = "quest.accepted"


class QuestProgressed(QuestEvent):
    """A quest made progress."""

    topic: ClassVar[str] = "quest.progressed"
    progress: int
    target: int


class QuestAbandoned(QuestEvent):
    """A quest was given up."""

    topic: ClassVar[str] = "quest.abandoned"


class QuestCompleted(QuestEvent):
    """A quest was completed."""

    topic: ClassVar[str] = "quest.completed"
    xp: int
    coins: int


class QuestUncompleted(QuestEvent):
    """A completion was taken back."""

    topic: ClassVar[str] = "quest.uncompleted"
    xp: int
    coins: int


class UniversalQuestEvent(outbox.Event):
    """Something happened to the viewer's progress in a universal quest."""

    table: ClassVar[str] = "user_quest_progress"
    quest_id: UUID


class UniversalQuestAccepted(UniversalQuestEvent):
    """A universal quest was accepted."""

    topic: ClassVar[str] = "universal_quest.accepted"


class UniversalQuestProgressed(UniversalQuestEvent):
    """An event moved a universal quest."""

    topic: ClassVar[str] = "universal_quest.progressed"
    progress: int
    target: int


class UniversalQuestCompleted(UniversalQuestEvent):
    """An event completed a universal quest; it waits to be claimed."""

    topic: ClassVar[str] = "universal_quest.completed"


class UniversalQuestClaimed(UniversalQuestEvent):
    """The reward of a universal quest was claimed."""

    topic: ClassVar[str] = "universal_quest.claimed"
    xp: int
    coins: int
