"""The story of a morning, told by operations: each answer as it must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from app.testing import Questline
from tools.morning import before
from tools.morning.before import Mara
from tools.morning.telling import Telling

_HALF_PAST_THREE = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
_MORNING = datetime(2026, 3, 10, 6, 10, tzinfo=UTC)
_PLANNED = 1_500
_WATER, _CHAPTER = "Drink a glass of water", "Read one chapter"
_PAID = (
    ("habit_complete", 12, 0, ""),
    ("habit_streak", 0, 0, ""),
    ("achievement", 150, 50, ""),
    ("achievement", 150, 35, ""),
    ("focus_complete", 25, 5, ""),
    ("achievement", 25, 10, ""),
    ("universal_quest_claim", 50, 10, ""),
    ("milestone_complete", 10, 0, ""),
    ("goal_complete", 0, 20, ""),
    ("habit_complete", 5, 0, "taken back"),
    ("habit_complete", -5, 0, "takes it back"),
    ("habit_complete", 5, 0, ""),
)
"""The ledger of the morning."""


def tell(
    questline: Questline,
    say: Callable[[str], None],
    *,
    timezone: str = "Europe/Rome",
    day_start_hour: int = 4,
) -> None:
    """Play the story as a new user of a throwaway service, whose clock it moves.

    Raises `StoryError` at the first answer that is not the story's, as it is where the days of
    the zone, or the hour at which they begin, are others.
    """
    telling = Telling(say, ZoneInfo(timezone))
    questline.move_clock(to=before.FIRST_EVENING)
    telling.chapter("The week before")
    mara = before.begin(telling, questline.as_nobody(), timezone, day_start_hour)
    before.live(telling, mara)
    telling.chapter("The night")
    _lie_awake(telling, mara)
    telling.chapter("The morning")
    wallet = _look(telling, mara)
    _drink(telling, mara)
    session_id = _focus(telling, mara)
    _second_device(telling, questline.as_nobody(), mara, session_id)
    _claim(telling, mara)
    _reach(telling, mara)
    _mistake(telling, mara)
    telling.chapter("Looking back")
    _look_back(telling, mara, wallet)


def _habit(day: Any, name: str) -> Any:
    return next(each for each in day["habits"]["nodes"] if each["name"] == name)


def _pair(award: Any) -> tuple[int, int]:
    return award["xp"], award["coins"]


def _keys(award: Any) -> list[str]:
    return sorted(each["key"] for each in award["achievements"])


def _lie_awake(telling: Telling, mara: Mara) -> None:
    telling.clock(mara.phone, "She lies awake.", to=_HALF_PAST_THREE)
    day = telling.step(
        "It is Tuesday by the calendar, but for her still Monday: the water counts as done.",
        mara.phone,
        "LookAtTheDay",
    )
    telling.shows("done today", _habit(day, _WATER)["isDoneToday"], True)


def _look(telling: Telling, mara: Mara) -> Any:
    """Look at the day; what she owns at its beginning."""
    telling.clock(mara.phone, "She wakes.", to=_MORNING)
    day = telling.step("A new day. She looks at it.", mara.phone, "LookAtTheDay")
    wallet = day["viewer"]["gamification"]
    telling.shows("level", wallet["level"], 2)
    telling.shows("XP, coins", (wallet["totalXp"], wallet["coins"]), (105, 25))
    for name, streak, days in ((_WATER, 6, [9, 8, 7, 6, 5, 4]), (_CHAPTER, 0, [])):
        habit = _habit(day, name)
        telling.shows("habit", habit["name"], name)
        telling.shows("  due today", habit["isDueToday"], True)
        telling.shows("  done today", habit["isDoneToday"], False)
        telling.shows("  streak", habit["currentStreak"], streak)
        last = [each["completedDate"] for each in habit["recentCompletions"]]
        telling.shows("  last days", last, [f"2026-03-{day:02}" for day in days])
    (goal,) = day["goals"]["nodes"]
    telling.shows("goal", f"{goal['title']}, {goal['progress']} %", "Hand in the report, 0 %")
    open_ones = [each["title"] for each in goal["milestones"] if not each["isCompleted"]]
    telling.shows("  open milestones", open_ones, ["The first draft"])
    telling.shows(
        "active quests", [each["title"] for each in day["quests"]["nodes"]], ["Call a friend"]
    )
    telling.shows("Daily Focus", _daily_focus(day), {"status": "ACTIVE", "progress": 0})
    telling.shows("focus session", day["activeFocusSession"], None)
    return wallet


def _daily_focus(query: Any) -> Any:
    quests = {each["key"]: each for each in query["universalQuests"]}
    return quests["daily_focus"]["myProgress"]


def _drink(telling: Telling, mara: Mara) -> None:
    payload = telling.step(
        "She drinks her water: the seventh day in a row, which pays 7 XP on top of the 5.",
        mara.phone,
        "CompleteHabit",
        {"id": mara.water},
    )["completeHabit"]
    telling.shows("streak", payload["habit"]["currentStreak"], 7)
    award = payload["award"]
    telling.shows("XP, coins", _pair(award), (12, 0))
    telling.shows("achievements", _keys(award), ["habit_streak_7", "streak_7"])
    telling.shows("daily streak", award["dailyStreak"], 7)
    telling.shows("level", award["level"], 3)


def _focus(telling: Telling, mara: Mara) -> str:
    """A session of 25 minutes with an interruption; returns its id."""
    phone = mara.phone
    wanted = {"uuid": str(uuid4()), "durationSeconds": _PLANNED, "taskTitle": "The first draft"}
    session = telling.step(
        "She sits down to focus for 25 minutes. The phone makes up the uuid: were the answer lost, "
        "it could send the same call again.",
        phone,
        "StartFocus",
        {"input": wanted},
    )["startFocus"]["session"]
    telling.shows("status", session["status"], "ACTIVE")
    telling.shows("remaining seconds", session["remainingSeconds"], _PLANNED)
    variables = {"id": session["id"]}
    telling.later(phone, "Somebody rings.", minutes=10)
    paused = telling.step("She pauses.", phone, "PauseFocus", variables)["pauseFocus"]["session"]
    telling.shows("status", paused["status"], "PAUSED")
    telling.shows("active minutes", paused["activeSeconds"] // 60, 10)
    telling.later(phone, "It was the post.", minutes=5)
    resumed = telling.step("She goes on.", phone, "ResumeFocus", variables)["resumeFocus"]
    telling.shows("status", resumed["session"]["status"], "ACTIVE")
    telling.shows("active minutes", resumed["session"]["activeSeconds"] // 60, 10)
    telling.later(phone, "The time is up.", minutes=15)
    payload = telling.step(
        "She completes the session: 25 minutes are paid, the interruption is not. Daily Focus "
        "moves, and it was her first session.",
        phone,
        "CompleteFocus",
        variables,
    )["completeFocus"]
    telling.shows("status", payload["session"]["status"], "COMPLETED")
    telling.shows("active seconds", payload["session"]["activeSeconds"], _PLANNED)
    telling.shows("XP, coins", _pair(payload["award"]), (25, 5))
    telling.shows("achievements", _keys(payload["award"]), ["first_focus"])
    telling.shows(
        "Daily Focus", _daily_focus(payload["query"]), {"status": "COMPLETED", "progress": 25}
    )
    return session["id"]


def _second_device(telling: Telling, nobody: Questline, mara: Mara, session_id: str) -> None:
    payload = telling.step(
        "Her tablet wakes up, too. It signs in with a session of its own.",
        nobody,
        "SignIn",
        {"input": mara.account},
        secret=True,
    )["signIn"]
    telling.shows("signed in", payload["user"]["name"], "Mara")
    tablet = replace(nobody, token=payload["session"]["token"])
    payload = telling.step(
        "The tablet's countdown is over, too, so it completes the same session: it gets the "
        "present state, and nothing is paid twice.",
        tablet,
        "CompleteFocus",
        {"id": session_id},
    )["completeFocus"]
    telling.shows("status", payload["session"]["status"], "COMPLETED")
    telling.shows("XP of the session", payload["session"]["xpAwarded"], 25)
    telling.shows("award", payload["award"], None)
    telling.shows(
        "Daily Focus", _daily_focus(payload["query"]), {"status": "COMPLETED", "progress": 25}
    )


def _claim(telling: Telling, mara: Mara) -> None:
    payload = telling.step(
        "She claims Daily Focus.", mara.phone, "ClaimUniversalQuest", {"id": mara.daily_focus}
    )["claimUniversalQuest"]
    telling.shows("Daily Focus", payload["universalQuest"]["myProgress"]["status"], "CLAIMED")
    telling.shows("XP, coins", _pair(payload["award"]), (50, 10))


def _reach(telling: Telling, mara: Mara) -> None:
    payload = telling.step(
        "The draft is finished. It was the goal's last open milestone, so the goal is reached.",
        mara.phone,
        "CompleteMilestone",
        {"id": mara.milestone},
    )["completeMilestone"]
    telling.shows("milestone completed", payload["milestone"]["isCompleted"], True)
    telling.shows(
        "goal", (payload["goal"]["status"], payload["goal"]["progress"]), ("COMPLETED", 100)
    )
    telling.shows("XP of the milestone", payload["award"]["xp"], 10)
    telling.shows("coins of the goal", payload["goalAward"]["coins"], 20)


def _mistake(telling: Telling, mara: Mara) -> None:
    variables = {"id": mara.chapter}
    done = telling.step(
        "Her thumb slips: she marks her chapter as read.", mara.phone, "CompleteHabit", variables
    )["completeHabit"]
    telling.shows("streak", done["habit"]["currentStreak"], 1)
    telling.shows("XP", done["award"]["xp"], 5)
    taken = telling.step(
        "She takes it back, and with it what it paid.", mara.phone, "UncompleteHabit", variables
    )["uncompleteHabit"]
    telling.shows("done today", taken["habit"]["isDoneToday"], False)
    telling.shows("streak", taken["habit"]["currentStreak"], 0)
    telling.shows("XP", taken["award"]["xp"], -5)
    telling.later(mara.phone, "A chapter later.", minutes=20)
    done = telling.step(
        "Now she has read it, and marks it again.", mara.phone, "CompleteHabit", variables
    )["completeHabit"]
    telling.shows("done today", done["habit"]["isDoneToday"], True)
    telling.shows("streak", done["habit"]["currentStreak"], 1)
    telling.shows("XP", done["award"]["xp"], 5)


def _look_back(telling: Telling, mara: Mara, earlier: Any) -> None:
    """What she owns is what she owned, and what the ledger says of the morning."""
    seen = telling.step(
        "What the morning has paid, the earliest first.",
        mara.phone,
        "LookBack",
        {"since": _MORNING.isoformat()},
    )
    entries = sorted(seen["pointsLedger"]["nodes"], key=_place)
    for entry, expected in zip(entries, _PAID, strict=False):
        at = datetime.fromisoformat(entry["createdAt"]).astimezone(telling.zone)
        telling.shows(f"{at:%H:%M}", _line(*_paid(entry)), _line(*expected))
    telling.shows("entries", len(entries), len(_PAID))
    wallet = seen["viewer"]["gamification"]
    xp, coins = _sums(entries)
    telling.shows("XP, coins of the morning", (xp, coins), (427, 130))
    before_them = (wallet["totalXp"] - xp, wallet["coins"] - coins)
    telling.shows("  before it", before_them, (earlier["totalXp"], earlier["coins"]))
    telling.shows("  now", (wallet["totalXp"], wallet["coins"]), (532, 155))
    everything = telling.again(mara.phone, "LookBack")["pointsLedger"]
    telling.shows("more pages of the ledger", everything["pageInfo"]["hasNextPage"], False)
    telling.shows("sums of all its entries", _sums(everything["nodes"]), (532, 155))
    telling.shows("level", wallet["level"], 3)
    streaks = {each["type"]: each["current"] for each in wallet["streaks"] if each["current"]}
    telling.shows("streaks", streaks, {"DAILY": 7, "FOCUS": 1, "HABIT": 7})
    keys = ["first_focus", "first_habit", "habit_streak_7", "streak_3", "streak_7"]
    telling.shows("achievements", _keys(wallet), keys)


def _place(entry: Any) -> tuple[str, bool, int, int]:
    """What was paid in one step: the deed first, what it unlocked last."""
    unlocked = entry["eventType"] == "achievement"
    return entry["createdAt"], unlocked, -entry["xp"], -entry["coins"]


def _paid(entry: Any) -> tuple[str, int, int, str]:
    """Event, XP, coins, and whether the entry takes another one back or was taken back."""
    note = "taken back" if entry["reversed"] else "takes it back" if entry["reverses"] else ""
    return entry["eventType"], entry["xp"], entry["coins"], note


def _line(event: str, xp: int, coins: int, note: str) -> str:
    return f"{event:<22}{xp:>4} XP {coins:>3} coins  {note}".rstrip()


def _sums(entries: list[Any]) -> tuple[int, int]:
    """XP and coins."""
    return sum(each["xp"] for each in entries), sum(each["coins"] for each in entries)
