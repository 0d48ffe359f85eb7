"""Root fields that change quests."""

from app.quests.mutations.own import OwnQuestsMutation
from app.quests.mutations.steps import QuestStepsMutation
from app.quests.mutations.universal import UniversalQuestsMutation

__all__ = ["OwnQuestsMutation", "QuestStepsMutation", "UniversalQuestsMutation"]
