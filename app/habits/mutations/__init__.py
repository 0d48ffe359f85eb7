"""Root fields that change habits and goals."""

from app.habits.mutations.completing import HabitDaysMutation
from app.habits.mutations.goals import GoalsMutation
from app.habits.mutations.habits import HabitsMutation
from app.habits.mutations.milestones import MilestonesMutation
from app.habits.mutations.steps import GoalStepsMutation

__all__ = [
    "GoalStepsMutation",
    "GoalsMutation",
    "HabitDaysMutation",
    "HabitsMutation",
    "MilestonesMutation",
]
