"""The reads of the endpoint: one statement for each list, and one loop over its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from orjson import Fragment

from app.core import days
from app.quests import universal
from bench.plain import statements
from bench.workloads import LIST_SIZE, NESTED_GOALS, NESTED_HABITS, NESTED_QUESTS


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asking, and when."""

    user_id: UUID
    now: datetime
    zone: str
    day_start_hour: int

    @property
    def today(self) -> date:
        """The date where the user is."""
        return days.local_date(self.now, self.zone, self.day_start_hour)


@lru_cache(maxsize=64)
def firsts(today: date) -> tuple[date, date, date]:
    """The first dates of the user's day, week and month."""
    return today, days.week_start(today), days.month_start(today)


@lru_cache(maxsize=1_024)
def beginnings(today: date, zone: str, hour: int) -> tuple[datetime, ...]:
    """The moments at which the user's day, week and month began."""
    return tuple(universal.period_starts(today, zone, hour).values())


async def point(connection: Any, asker: Asker, asked: Mapping[str, Any]) -> Any:
    """One quest, or null."""
    row = await connection.fetchrow(
        statements.POINT, asker.user_id, asker.now, *firsts(asker.today), UUID(asked["id"])
    )
    if row is None:
        return {"quest": None}
    made, title, status, difficulty, progress, target = row
    return {
        "quest": {
            "id": made,
            "title": title,
            "status": status,
            "difficulty": difficulty,
            "progress": progress,
            "target": target,
        }
    }


async def listed(connection: Any, asker: Asker, _asked: Mapping[str, Any]) -> Any:
    """Quests, each with its universal quest."""
    rows = await connection.fetch(
        statements.LIST, asker.user_id, asker.now, *firsts(asker.today), LIST_SIZE
    )
    nodes = [
        {
            "id": made,
            "title": title,
            "description": description,
            "category": category,
            "difficulty": difficulty,
            "status": status,
            "progress": progress,
            "target": target,
            "xpReward": xp,
            "coinReward": coins,
            "sortOrder": place,
            "createdAt": created,
            "sourceQuest": None
            if source is None
            else {"id": source, "key": key, "title": source_title, "xpReward": source_xp},
        }
        for (
            made,
            title,
            description,
            category,
            difficulty,
            status,
            progress,
            target,
            xp,
            coins,
            place,
            created,
            source,
            key,
            source_title,
            source_xp,
        ) in rows
    ]
    return {"quests": {"nodes": nodes}}


async def big(connection: Any, asker: Asker, asked: Mapping[str, Any]) -> Any:
    """Many quests."""
    rows = await connection.fetch(
        statements.BIG, asker.user_id, asker.now, *firsts(asker.today), asked["first"]
    )
    nodes = [
        {
            "id": made,
            "title": title,
            "description": description,
            "category": category,
            "difficulty": difficulty,
            "status": status,
            "progress": progress,
            "target": target,
            "isActive": active,
            "sortOrder": place,
            "createdAt": created,
            "updatedAt": updated,
        }
        for (
            made,
            title,
            description,
            category,
            difficulty,
            status,
            progress,
            target,
            active,
            place,
            created,
            updated,
        ) in rows
    ]
    return {"quests": {"nodes": nodes}}


async def nested(connection: Any, asker: Asker, _asked: Mapping[str, Any]) -> Any:
    """Habits with their last days, goals with their milestones, and quests."""
    user_id, today = asker.user_id, asker.today
    habits = await connection.fetch(
        statements.HABITS, user_id, today, days.week_start(today), NESTED_HABITS
    )
    goals = await connection.fetch(statements.GOALS, user_id, NESTED_GOALS)
    quests = await connection.fetch(
        statements.QUESTS, user_id, asker.now, *firsts(today), NESTED_QUESTS
    )
    habit_nodes = [
        {
            "id": made,
            "name": name,
            "frequency": frequency,
            "icon": icon,
            "color": color,
            "currentStreak": streak,
            "longestStreak": longest,
            "isDueToday": due,
            "isDoneToday": done,
            "doneThisWeek": this_week,
            "recentCompletions": Fragment(recent or "[]"),
        }
        for (
            made,
            name,
            frequency,
            icon,
            color,
            streak,
            longest,
            due,
            done,
            this_week,
            recent,
        ) in habits
    ]
    goal_nodes = [
        {
            "id": made,
            "title": title,
            "status": status,
            "progress": progress,
            "targetDate": target_date,
            "priority": priority,
            "milestones": Fragment(milestones or "[]"),
        }
        for made, title, status, progress, target_date, priority, milestones in goals
    ]
    quest_nodes = [
        {
            "id": made,
            "title": title,
            "status": status,
            "progress": progress,
            "target": target,
            "difficulty": difficulty,
        }
        for made, title, status, progress, target, difficulty in quests
    ]
    return {
        "habits": {"nodes": habit_nodes},
        "goals": {"nodes": goal_nodes},
        "quests": {"nodes": quest_nodes},
    }


READS: Final[Mapping[str, Callable[[Any, Asker, Mapping[str, Any]], Awaitable[Any]]]] = {
    "point": point,
    "list": listed,
    "nested": nested,
    "big": big,
}
"""By the name of the workload."""
