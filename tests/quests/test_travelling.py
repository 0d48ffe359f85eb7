"""Who travels or moves the day's beginning is paid once for each local date, and loses none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.clock import MovableClock
from tests.quests.test_mutations import UNCOMPLETE, accepted
from tests.quests.test_repeats import complete, read
from tests.quests.test_universal import accept, claim, complete_one, offered, progress
from tests.support import Database, Service, User, moment, running

PROFILE = """
mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    user { timezone dayStartHour } errors { __typename code path }
  }
}
"""
STREAK = "{ gamification { streaks { type current longest } } }"
REFUSED = {"__typename": "ConflictError", "code": "CONFLICT"}
HONOLULU = "Pacific/Honolulu"
AUCKLAND = "Pacific/Auckland"
# Wednesday 2026-06-10, 10:00 in Honolulu; Thursday 2026-06-11, 08:00 in Auckland.
START = moment("2026-06-10T20:00:00+00:00")


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    """A service whose clock stands at `START`."""
    clock = MovableClock(START)
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def move(service: Service, user: User, **changed: Any) -> list[Any]:
    """Change the zone or the day's beginning; gives the errors."""
    answer = await service.ask(PROFILE, {"input": changed}, user)
    return answer.data["updateProfile"]["errors"]


async def paid_dates(service: Service, user: User, event: str = "quest_complete") -> list[str]:
    """The local dates of the payments of an event, in their order."""
    rows = await service.owner.fetch(
        """
        SELECT l.local_date FROM points_ledger AS l
        WHERE l.user_id = $1 AND l.event_type = $2 AND (l.xp > 0 OR l.coins > 0)
        ORDER BY l.created_at, l.local_date
        """,
        user.id,
        event,
    )
    return [row["local_date"].isoformat() for row in rows]


async def daily_streak(service: Service, user: User) -> int:
    listed = (await service.ask(STREAK, None, user)).data["gamification"]["streaks"]
    return next((each["current"] for each in listed if each["type"] == "DAILY"), 0)


async def test_a_second_change_within_24_hours_is_refused(service: Service) -> None:
    user = await service.make_user(timezone=HONOLULU)
    assert await move(service, user, timezone=AUCKLAND) == []
    service.clock.set(START + timedelta(hours=24, seconds=-30))
    for changed, field in (
        ({"timezone": HONOLULU}, "timezone"),
        ({"dayStartHour": 4}, "dayStartHour"),
        ({"timezone": HONOLULU, "dayStartHour": 4}, "timezone"),
        ({"name": "Ada", "dayStartHour": 4}, "dayStartHour"),
    ):
        assert await move(service, user, **changed) == [{**REFUSED, "path": [field]}]
    # What changes nothing is no change, and leaves the time of the last one.
    assert await move(service, user, timezone=AUCKLAND, dayStartHour=0) == []
    service.clock.set(START + timedelta(hours=24, seconds=30))
    assert await move(service, user, dayStartHour=4) == []
    assert await move(service, user, timezone=HONOLULU) == [{**REFUSED, "path": ["timezone"]}]


async def test_going_on_a_date_opens_the_next_and_going_back_opens_none(service: Service) -> None:
    user = await service.make_user(timezone=HONOLULU)
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50

    # Westwards it is tomorrow at once: a date of its own, and paid.
    assert await move(service, user, timezone=AUCKLAND) == []
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert (await complete(service, user, quest_id))["award"] is None
    assert await daily_streak(service, user) == 2

    # A day later back: the date that comes again has been paid for.
    service.clock.set(START + timedelta(hours=25))
    assert await move(service, user, timezone=HONOLULU) == []
    assert (await complete(service, user, quest_id))["award"] is None
    assert (await read(service, user, quest_id))["streakCount"] == 2
    assert await paid_dates(service, user) == ["2026-06-10", "2026-06-11"]

    # And the one after it opens with its midnight in Honolulu.
    service.clock.set(moment("2026-06-12T09:59:00+00:00"))
    assert (await complete(service, user, quest_id))["award"] is None
    service.clock.set(moment("2026-06-12T10:00:00+00:00"))
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert (await read(service, user, quest_id))["streakCount"] == 3
    assert await daily_streak(service, user) == 3


async def test_a_date_that_comes_again_is_not_lost_and_not_paid_twice(service: Service) -> None:
    """From Auckland's 11 June back to Honolulu's 10: what was open then is paid for the 10th."""
    user = await service.make_user(timezone=AUCKLAND)
    done = await accepted(service, user, repeatFrequency="DAILY")
    other = await accepted(service, user, repeatFrequency="DAILY")
    await complete(service, user, done)
    assert await move(service, user, timezone=HONOLULU) == []

    seen = await read(service, user, done)
    assert (seen["status"], seen["streakCount"]) == ("COMPLETED", 1)
    assert (await complete(service, user, done))["award"] is None
    assert (await complete(service, user, other))["award"]["xp"] == 50
    # The streak counts from its last day on: an earlier date neither moves nor breaks it.
    assert await daily_streak(service, user) == 1

    # Of 11 June is taken back on 11 June only, whichever day it is called meanwhile.
    refused = await service.ask(UNCOMPLETE, {"input": {"id": done}}, user)
    assert refused.data["uncompleteQuest"]["errors"][0]["code"] == "WRONG_STATE"

    service.clock.set(moment("2026-06-11T10:00:00+00:00"))
    assert (await complete(service, user, done))["award"] is None
    assert (await complete(service, user, other))["award"]["xp"] == 50
    assert await paid_dates(service, user) == ["2026-06-11", "2026-06-10", "2026-06-11"]
    assert await daily_streak(service, user) == 1

    service.clock.set(moment("2026-06-12T10:00:00+00:00"))
    assert (await complete(service, user, done))["award"]["xp"] == 50
    assert await daily_streak(service, user) == 2


async def test_who_changes_the_zone_every_day_wins_no_date(service: Service) -> None:
    """Twelve days to and fro, with a try every four hours: a date more than days have passed."""
    user = await service.make_user(timezone=HONOLULU)
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    zones = [AUCKLAND, HONOLULU]
    moves = 0
    for step in range(12 * 6):
        service.clock.set(START + step * timedelta(hours=4, minutes=1))
        if await move(service, user, timezone=zones[moves % 2]) == []:
            moves += 1
        await complete(service, user, quest_id)
    dates = await paid_dates(service, user)
    assert moves >= 10
    assert dates == sorted(set(dates))
    days = [date.fromisoformat(day) for day in dates]
    assert (days[-1] - days[0]).days == len(days) - 1 <= 13
    assert await daily_streak(service, user) == len(days)


async def test_the_days_beginning_moves_like_a_zone(service: Service) -> None:
    """At 02:00 with a beginning at midnight it is the 10th; from four o'clock on, still the 9th."""
    user = await service.make_user()
    service.clock.set(moment("2026-06-10T02:00:00+00:00"))
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert await move(service, user, dayStartHour=4) == []
    assert (await complete(service, user, quest_id))["award"] is None
    service.clock.set(moment("2026-06-10T04:00:00+00:00"))
    assert (await complete(service, user, quest_id))["award"] is None
    service.clock.set(moment("2026-06-11T04:00:00+00:00"))
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert await paid_dates(service, user) == ["2026-06-10", "2026-06-11"]


async def test_a_weekly_quest_over_the_date_line(service: Service) -> None:
    """Sunday in Honolulu is Monday in Auckland: another week, and back again the same one."""
    service.clock.set(moment("2026-06-14T20:00:00+00:00"))
    user = await service.make_user(timezone=HONOLULU)
    quest_id = await accepted(service, user, repeatFrequency="WEEKLY")
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert await move(service, user, timezone=AUCKLAND) == []
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert (await read(service, user, quest_id))["streakCount"] == 2
    service.clock.set(moment("2026-06-15T20:30:00+00:00"))
    assert await move(service, user, timezone=HONOLULU) == []
    service.clock.set(moment("2026-06-22T09:59:00+00:00"))
    assert (await complete(service, user, quest_id))["award"] is None
    service.clock.set(moment("2026-06-22T10:00:00+00:00"))
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50


async def test_a_jump_over_a_whole_date_misses_it(service: Service) -> None:
    """From Pago Pago to Kiritimati there are 25 hours: in the day's last one, two dates.

    The date between never came for this user, and counts as missed: nothing can be done for it.
    """
    service.clock.set(moment("2026-06-11T10:30:00+00:00"))
    user = await service.make_user(timezone="Pacific/Pago_Pago")
    quest_id = await accepted(service, user, repeatFrequency="DAILY")
    await complete(service, user, quest_id)
    assert await move(service, user, timezone="Pacific/Kiritimati") == []
    assert await daily_streak(service, user) == 0
    assert (await complete(service, user, quest_id))["award"]["xp"] == 50
    assert await paid_dates(service, user) == ["2026-06-10", "2026-06-12"]
    assert await daily_streak(service, user) == 1


async def test_a_universal_quest_opens_with_the_date_that_a_traveller_reaches(
    service: Service,
) -> None:
    user = await service.make_user(timezone=HONOLULU)
    quest_id = await offered(service, 1)
    await accept(service, user, quest_id)
    await complete_one(service, user)
    assert (await claim(service, user, quest_id))["award"]["xp"] == 70

    assert await move(service, user, timezone=AUCKLAND) == []
    assert await progress(service, user, quest_id) == {"status": "ACTIVE", "progress": 0}
    await complete_one(service, user)
    assert (await claim(service, user, quest_id))["award"]["xp"] == 70
    assert await paid_dates(service, user, "universal_quest_claim") == ["2026-06-10", "2026-06-11"]


async def test_a_universal_quest_is_not_paid_again_when_its_date_comes_again(
    service: Service,
) -> None:
    """Back in Honolulu it stays claimed; it opens with the date's second midnight, paying nothing.

    The row knows when its count began but not of which date that was; the ledger does.
    """
    user = await service.make_user(timezone=AUCKLAND)
    quest_id = await offered(service, 1)
    await accept(service, user, quest_id)
    await complete_one(service, user)
    await claim(service, user, quest_id)

    assert await move(service, user, timezone=HONOLULU) == []
    assert (await progress(service, user, quest_id))["status"] == "CLAIMED"
    service.clock.set(moment("2026-06-11T10:00:00+00:00"))
    await complete_one(service, user)
    again = await claim(service, user, quest_id)
    assert again["award"] is None
    assert again["errors"] == []
    assert again["universalQuest"]["myProgress"] == {
        "status": "CLAIMED",
        "progress": 1,
        "timesCompleted": 1,
    }
    assert await paid_dates(service, user, "universal_quest_claim") == ["2026-06-11"]
    service.clock.set(moment("2026-06-12T10:00:00+00:00"))
    await complete_one(service, user)
    assert (await claim(service, user, quest_id))["award"]["xp"] == 70
