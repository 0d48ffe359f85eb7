"""What happens to quests, as the outbox tells it."""

from __future__ import annotations

from typing import ClassVar

from app.core import outbox


class QuestEvent(outbox.Event):
    """Something happened to an own quest; the row has the rest."""

    table: ClassVar[str] = "user_quests"


class QuestCreated(QuestEvent):
    """A quest was made."""

    topic: ClassVar[str] = "quest.created"
    title: str


class QuestUpdated(QuestEvent):
    """A quest was edited."""

    topic: ClassVar[str] = "quest.updated"


class QuestDeleted(QuestEvent):
    """A quest was deleted."""

    topic: ClassVar[str] = "quest.deleted"


class QuestAccepted(QuestEvent):
    """A quest was accepted."""

    topic: ClassVar[str] = "quest.accepted"


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
