"""What sessions pay, and what they move besides: streak, achievements, universal quests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.core import ids
from app.focus.rules import FocusMode, Worth, worth
from tests.examples import mutate
from tests.focus.steps import attempt, minutes, start
from tests.gamification.soundness import assert_sound
from tests.support import Service, User

AWARD = "award { xp coins achievements { key } dailyStreak }"


@pytest.mark.parametrize(
    ("seconds", "paid"),
    [
        (0, ("focus_short", 0, 0)),
        (59, ("focus_short", 0, 0)),
        (60, ("focus_complete", 5, 2)),
        (359, ("focus_complete", 5, 2)),
        (360, ("focus_complete", 6, 2)),
        (899, ("focus_complete", 14, 2)),
        (900, ("focus_complete", 15, 3)),
        (1500, ("focus_complete", 25, 5)),
        (3600, ("focus_complete", 60, 12)),
        (14_400, ("focus_complete", 240, 48)),
    ],
)
def test_focus_pays_by_the_minute(seconds: int, paid: tuple[str, int, int]) -> None:
    assert worth(FocusMode.FOCUS, seconds, 14_400) == Worth(*paid)


@pytest.mark.parametrize(
    ("mode", "seconds", "planned", "paid"),
    [
        (FocusMode.BREAK, 149, 300, (0, 0)),
        (FocusMode.BREAK, 150, 300, (2, 0)),
        (FocusMode.BREAK, 300, 300, (2, 0)),
        (FocusMode.BREAK, 150, 301, (0, 0)),
        (FocusMode.BREAK, 151, 301, (2, 0)),
        (FocusMode.LONG_BREAK, 449, 900, (0, 0)),
        (FocusMode.LONG_BREAK, 450, 900, (3, 1)),
    ],
)
def test_a_break_pays_when_half_of_it_was_taken(
    mode: FocusMode, seconds: int, planned: int, paid: tuple[int, int]
) -> None:
    assert worth(mode, seconds, planned) == Worth("break_complete", *paid)


async def completed(
    service: Service, user: User, active: timedelta, planned: int = 1500, mode: str = "FOCUS"
) -> Any:
    """The award of a session that was completed after a while."""
    session_id = await start(service, user, planned, mode)
    service.clock.advance(active)
    payload = await attempt(service, user, "completeFocus", session_id, AWARD)
    assert payload["errors"] == []
    return payload["award"]


async def streaks(service: Service, user: User) -> dict[str, int]:
    answer = await service.ask("{ gamification { streaks { type current } } }", None, user)
    return {each["type"]: each["current"] for each in answer.data["gamification"]["streaks"]}


async def test_the_first_session_moves_the_streak_and_unlocks_its_achievement(
    service: Service, user: User
) -> None:
    award = await completed(service, user, minutes(25))
    assert (award["xp"], award["coins"], award["dailyStreak"]) == (25, 5, 1)
    assert award["achievements"] == [{"key": "first_focus"}]
    assert (await streaks(service, user))["FOCUS"] == 1
    service.clock.advance(timedelta(days=1))
    await completed(service, user, minutes(25))
    assert (await streaks(service, user))["FOCUS"] == 2
    await assert_sound(service, user)


async def test_an_hour_in_one_session_is_deep_work(service: Service, user: User) -> None:
    await completed(service, user, minutes(25))
    short = await completed(service, user, minutes(60) - timedelta(seconds=1), planned=4000)
    assert short["achievements"] == []
    award = await completed(service, user, minutes(60), planned=3600)
    assert award["achievements"] == [{"key": "deep_work"}]


async def test_a_session_of_seconds_counts_for_nothing(service: Service, user: User) -> None:
    """Else a hundred of them in a row would be worth an achievement."""
    award = await completed(service, user, timedelta(seconds=59))
    assert award == {"xp": 0, "coins": 0, "achievements": [], "dailyStreak": 0}
    assert set((await streaks(service, user)).values()) == {0}


async def test_a_break_moves_the_daily_streak_alone(service: Service, user: User) -> None:
    award = await completed(service, user, minutes(8), planned=900, mode="LONG_BREAK")
    assert award == {"xp": 3, "coins": 1, "achievements": [], "dailyStreak": 1}
    assert (await streaks(service, user))["FOCUS"] == 0


async def test_a_boost_is_kept_with_the_session(service: Service, user: User) -> None:
    await completed(service, user, minutes(25))
    await service.owner.execute(
        "UPDATE user_progress SET xp_boost = 1.5, xp_boost_until = $2 WHERE user_id = $1",
        user.id,
        service.clock.now() + timedelta(days=1),
    )
    session_id = await start(service, user, 1500)
    service.clock.advance(minutes(25))
    done = await attempt(service, user, "completeFocus", session_id, AWARD)
    assert (done["award"]["xp"], done["session"]["xpAwarded"]) == (37, 37)


async def accepted(service: Service, user: User, counts: str, target: int, kind: str) -> str:
    """A universal quest that the user has accepted."""
    quest_id = await service.owner.fetchval(
        """
        INSERT INTO universal_quests (key, title, type, xp_reward, coin_reward, target, target_type)
        VALUES ($1, 'Focus', $2, 50, 10, $3, $4) RETURNING id
        """,
        uuid4().hex,
        kind,
        target,
        counts,
    )
    await mutate(service, user, "acceptUniversalQuest", id=ids.encode("UniversalQuest", quest_id))
    return str(quest_id)


async def progress(service: Service, user: User, quest_id: str) -> tuple[int, str]:
    query = "{ universalQuests { uuid myProgress { progress status } } }"
    listed = (await service.ask(query, None, user)).data["universalQuests"]
    mine = next(each["myProgress"] for each in listed if each["uuid"] == quest_id)
    return mine["progress"], mine["status"]


async def test_universal_quests_are_moved_in_minutes_and_in_sessions(
    service: Service, user: User
) -> None:
    by_minutes = await accepted(service, user, "focus_minutes", 25, "daily")
    by_sessions = await accepted(service, user, "focus_sessions", 3, "one_time")
    await completed(service, user, minutes(24) + timedelta(seconds=59))
    assert await progress(service, user, by_minutes) == (24, "ACTIVE")
    assert await progress(service, user, by_sessions) == (1, "ACTIVE")
    await completed(service, user, timedelta(seconds=30))
    await completed(service, user, minutes(5), planned=300, mode="BREAK")
    assert await progress(service, user, by_minutes) == (24, "ACTIVE")
    assert await progress(service, user, by_sessions) == (1, "ACTIVE")
    await completed(service, user, minutes(1))
    assert await progress(service, user, by_minutes) == (25, "COMPLETED")
    await completed(service, user, minutes(1))
    assert await progress(service, user, by_sessions) == (3, "COMPLETED")
