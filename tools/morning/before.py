"""What comes before the morning: an account, plans, and a week in which a habit is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from app.testing import Questline
from tools.morning.telling import Telling

FIRST_EVENING = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
"""A Wednesday, half past nine in Rome."""
_DAYS = 6


@dataclass(slots=True)
class Mara:
    """Whom the story is about: her phone, how she signs in, and the ids that answers told."""

    phone: Questline
    account: dict[str, str]
    water: str
    """Id of a habit, as `chapter`."""
    chapter: str
    milestone: str
    """The only one of her goal."""
    daily_focus: str
    """Id of the universal quest."""


def begin(telling: Telling, nobody: Questline, timezone: str, day_start_hour: int) -> Mara:
    """Sign up and make plans."""
    account = {"email": f"{uuid4().hex}@questline.example", "password": "horses eat no batteries"}
    payload = telling.step(
        "Mara signs up. Her evenings are long, so her day begins at four in the morning.",
        nobody,
        "SignUp",
        {
            "input": {
                **account,
                "name": "Mara",
                "timezone": timezone,
                "dayStartHour": day_start_hour,
            }
        },
        secret=True,
    )["signUp"]
    telling.shows("timezone", payload["user"]["timezone"], timezone)
    telling.shows("dayStartHour", payload["user"]["dayStartHour"], day_start_hour)
    phone = replace(nobody, token=payload["session"]["token"])
    made = telling.step("She makes two habits, a goal and a quest.", phone, "SetOut")
    telling.shows("the goal", made["goal"]["goal"]["status"], "ACTIVE")
    daily_focus = _offered(telling, phone)
    ids = {
        "goal": made["goal"]["goal"]["id"],
        "quest": made["quest"]["quest"]["id"],
        "dailyFocus": daily_focus,
    }
    plan = telling.step(
        "The goal gets a milestone. She accepts her quest, and Daily Focus for every day.",
        phone,
        "PlanOn",
        ids,
    )
    telling.shows("the quest", plan["acceptQuest"]["quest"]["status"], "ACTIVE")
    progress = plan["acceptUniversalQuest"]["universalQuest"]["myProgress"]
    telling.shows("Daily Focus", progress, {"status": "ACTIVE", "progress": 0})
    return Mara(
        phone=phone,
        account=account,
        water=made["water"]["habit"]["id"],
        chapter=made["chapter"]["habit"]["id"],
        milestone=plan["addMilestone"]["milestone"]["id"],
        daily_focus=daily_focus,
    )


def _offered(telling: Telling, phone: Questline) -> str:
    """Look at what the service offers each day; the id of Daily Focus."""
    day = telling.step("She looks at what the service offers each day.", phone, "LookAtTheDay")
    offered: dict[str, Any] = {each["key"]: each for each in day["universalQuests"]}
    quest = offered["daily_focus"]
    telling.shows("daily_focus", quest["title"], "Daily Focus")
    telling.shows("target", f"{quest['target']} {quest['targetType']}", "25 focus_minutes")
    telling.shows("myProgress", quest["myProgress"], None)
    return quest["id"]


def live(telling: Telling, mara: Mara) -> None:
    """Six evenings, on each of which she drinks her water: the last one is Monday's."""
    variables = {"id": mara.water}
    payload = telling.step(
        "She drinks a glass of water. From now on she does so each evening.",
        mara.phone,
        "CompleteHabit",
        variables,
    )["completeHabit"]
    for day in range(_DAYS):
        at = FIRST_EVENING + timedelta(days=day)
        if day:
            mara.phone.move_clock(to=at)
            payload = telling.again(mara.phone, "CompleteHabit", variables)["completeHabit"]
        streak = payload["habit"]["currentStreak"]
        keys = [each["key"] for each in payload["award"]["achievements"]]
        unlocked = {0: ["first_habit"], 2: ["streak_3"]}.get(day, [])
        told = _day(streak, payload["award"]["xp"], keys)
        telling.shows(f"{at:%A}", told, _day(day + 1, 5, unlocked))


def _day(streak: int, xp: int, keys: list[str]) -> str:
    return ", ".join([f"streak {streak}", f"{xp} XP", *keys])
