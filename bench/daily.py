"""The habits and goals of a viewer, as a person has them who keeps at it: plain states, no chance.

Alike for all viewers but for their ids and the dates of their days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from app.habits import rules, streaks
from app.habits.rules import GoalStatus
from app.habits.streaks import HabitFrequency, Schedule

Row: TypeAlias = dict[str, object]

HABITS: Final = 22
GOALS: Final = 12
MILESTONES: Final = 5
"""Of each goal."""
TABLES: Final = ("habits", "habit_completions", "goals", "goal_milestones")
_DAYS = 35
"""That habits were done on: five weeks, today the last."""
_MISSED = 11
"""Of so many days in a row a habit was left out on one, and each on another one."""
_NAMES = (
    ("Read ten pages", "book", "#3366cc"),
    ("Stretch", "body", "#cc6633"),
    ("Practise the piano", "music", "#339966"),
    ("Write the diary", "pen", "#996633"),
    ("Go for a run", "shoe", None),
)
_SCHEDULES = (
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.DAILY),
    Schedule(HabitFrequency.WEEKLY, 3),
    Schedule(HabitFrequency.CUSTOM, weekdays=(0, 2, 4)),
)
_GOALS = ("Run ten kilometres", "Speak some Italian", "Build a shelf")
_STEPS = ("Make a plan", "Begin", "Get half-way", "Ask somebody to look at it", "Finish")


@dataclass(frozen=True, slots=True)
class Daily:
    """Makes the rows of one viewer."""

    user_id: UUID
    today: date
    made: datetime
    """When everything was made: before the first day."""
    new_id: Callable[[], UUID]

    def rows(self) -> dict[str, list[Row]]:
        """All rows, by table."""
        tables: dict[str, list[Row]] = {name: [] for name in TABLES}
        for place in range(HABITS):
            self._habit(tables, place)
        for place in range(GOALS):
            self._goal(tables, place)
        return tables

    def _habit(self, tables: dict[str, list[Row]], place: int) -> None:
        habit_id = self.new_id()
        schedule = _SCHEDULES[place % len(_SCHEDULES)]
        name, icon, color = _NAMES[place % len(_NAMES)]
        done = self._done(schedule, place)
        steps = streaks.walk(schedule, done)
        before = paid = 0
        for step in steps:
            if step.broken:
                paid = 0
            reached = max(streaks.reached(before, step.length, paid), default=0)
            before, paid = step.length, max(paid, reached)
            at = datetime.combine(step.day, time(12), UTC)
            tables["habit_completions"].append(
                {
                    "user_id": self.user_id,
                    "id": self.new_id(),
                    "habit_id": habit_id,
                    "completed_at": at,
                    "completed_date": step.day,
                    "streak_reached": reached,
                    "created_at": at,
                }
            )
        stands = streaks.standing(schedule, steps)
        tables["habits"].append(
            {
                "user_id": self.user_id,
                "id": habit_id,
                "name": name,
                "frequency": schedule.frequency,
                "target_count": schedule.target,
                "custom_days": schedule.weekdays or None,
                "icon": icon,
                "color": color,
                "current_streak": stands.current,
                "longest_streak": stands.longest,
                "last_completed_date": stands.last_day,
                "streak_until": stands.until,
                "sort_order": place,
                "created_at": self.made,
                "updated_at": self.made,
            }
        )

    def _done(self, schedule: Schedule, place: int) -> list[date]:
        """The days on which a habit was done; every other one still waits for today."""
        back = range(_DAYS - 1, place % 2 - 1, -1)
        ago = [number for number in back if (number + place) % _MISSED != _MISSED - 1]
        found = [self.today - timedelta(days=number) for number in ago]
        return [day for day in found if schedule.is_due(day)]

    def _goal(self, tables: dict[str, list[Row]], place: int) -> None:
        goal_id, reached = self.new_id(), place % MILESTONES
        for number, title in enumerate(_STEPS):
            at = self.made + timedelta(days=number + 1) if number < reached else None
            tables["goal_milestones"].append(
                {
                    "user_id": self.user_id,
                    "id": self.new_id(),
                    "goal_id": goal_id,
                    "title": title,
                    "is_completed": at is not None,
                    "completed_at": at,
                    "sort_order": number,
                    "created_at": self.made,
                    "updated_at": at or self.made,
                }
            )
        tables["goals"].append(
            {
                "user_id": self.user_id,
                "id": goal_id,
                "title": _GOALS[place % len(_GOALS)],
                "target_date": self.today + timedelta(days=30 + place) if place % 3 else None,
                "started_at": self.made,
                "status": GoalStatus.PAUSED if place % 4 == 3 else GoalStatus.ACTIVE,
                "progress": rules.progress(reached, MILESTONES),
                "priority": place % 3,
                "sort_order": place,
                "created_at": self.made,
                "updated_at": self.made,
            }
        )
