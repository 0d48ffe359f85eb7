"""Streaks, shields, boosts and achievements move with what is paid, and follow it back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from app.core import outbox, together, transaction
from app.core.clock import MovableClock
from app.core.errors import WrongState
from app.core.transaction import Tx
from app.gamification import actions
from app.gamification.actions import Awarded, Reversed, Reward
from app.gamification.streaks import StreakType
from tests.support import Database, Service, User, moment, running

T = TypeVar("T")
SEEN = """
{
  gamification {
    level totalXp coins xpBoost xpBoostUntil streakShields
    streaks { type current longest lastActivityDate }
    achievements { key earnedAt }
  }
}
"""


@pytest.fixture
async def service(database: Database) -> AsyncGenerator[Service]:
    clock = MovableClock(moment("2026-04-01T09:00:00+00:00"))
    async with running(database, clock, session_days=400, session_idle_days=400) as started:
        yield started


async def within(service: Service, user: User, act: Callable[[Tx], Awaitable[T]]) -> T:
    """What an action does in a transaction of the user, as another room would call it."""
    pool = service.app.state.databases.api
    async with transaction.opened(pool, user.id, service.clock.now()) as tx:
        await transaction.take_clock(tx)
        result = await act(tx)
        await outbox.flush(tx)
    return result


async def focus(service: Service, user: User, seconds: int = 1500) -> Awarded:
    reward = Reward(
        "focus_complete",
        uuid4(),
        f"focus:{uuid4()}",
        25,
        5,
        streak=StreakType.FOCUS,
        facts={"active_seconds": seconds},
    )
    return await within(service, user, lambda tx: actions.award(tx, reward))


async def seen(service: Service, user: User) -> Any:
    return (await service.ask(SEEN, None, user)).data["gamification"]


async def streak(service: Service, user: User, kind: str) -> tuple[int, int]:
    found = (await seen(service, user))["streaks"]
    return next((s["current"], s["longest"]) for s in found if s["type"] == kind)


async def test_a_day_counts_once_and_a_missed_day_ends_the_streak(
    service: Service, user: User
) -> None:
    for day in range(1, 4):
        await focus(service, user)
        await focus(service, user)
        assert await streak(service, user, "DAILY") == (day, day)
        assert await streak(service, user, "FOCUS") == (day, day)
        assert await streak(service, user, "HABIT") == (0, 0)
        service.clock.advance(timedelta(days=1))
    assert await streak(service, user, "DAILY") == (3, 3)
    service.clock.advance(timedelta(days=1))
    assert await streak(service, user, "DAILY") == (0, 3)
    await focus(service, user)
    assert await streak(service, user, "DAILY") == (1, 3)


async def test_a_shield_covers_a_missed_day_for_every_streak(service: Service, user: User) -> None:
    await within(service, user, lambda tx: actions.add_shields(tx, 1))
    await focus(service, user)
    service.clock.advance(timedelta(days=2))
    assert await streak(service, user, "DAILY") == (1, 1)
    await focus(service, user)
    assert await streak(service, user, "DAILY") == (2, 2)
    assert await streak(service, user, "FOCUS") == (2, 2)
    assert (await seen(service, user))["streakShields"] == 0
    service.clock.advance(timedelta(days=2))
    await focus(service, user)
    assert await streak(service, user, "DAILY") == (1, 2)


async def test_one_shield_is_not_spent_on_a_gap_of_two_days(service: Service, user: User) -> None:
    await within(service, user, lambda tx: actions.add_shields(tx, 1))
    await focus(service, user)
    service.clock.advance(timedelta(days=3))
    await focus(service, user)
    assert await streak(service, user, "DAILY") == (1, 1)
    assert (await seen(service, user))["streakShields"] == 1


async def test_a_boost_multiplies_while_it_runs(service: Service, user: User) -> None:
    plain = await focus(service, user)
    await within(service, user, lambda tx: actions.start_boost(tx, Decimal("1.5"), 1))
    boosted = await focus(service, user)
    assert (plain.xp, boosted.xp, boosted.coins) == (25, 37, 5)
    with pytest.raises(WrongState):
        await within(service, user, lambda tx: actions.start_boost(tx, Decimal(2), 1))
    await within(service, user, lambda tx: actions.start_boost(tx, Decimal("1.5"), 1))
    assert (await seen(service, user))["xpBoost"] == 1.5
    service.clock.advance(timedelta(minutes=119))
    assert (await focus(service, user)).xp == 37
    service.clock.advance(timedelta(minutes=1))
    assert (await focus(service, user)).xp == 25
    assert (await seen(service, user))["xpBoostUntil"] is None


async def test_achievements_are_unlocked_once_and_pay_once(service: Service, user: User) -> None:
    first = await focus(service, user)
    assert first.achievements == ("first_focus",)
    assert (first.xp, first.level) == (25, 1)
    assert (await seen(service, user))["totalXp"] == 25 + 25
    for _ in range(8):
        assert (await focus(service, user)).achievements == ()
    tenth = await focus(service, user)
    assert tenth.achievements == ("focus_10",)
    long = await focus(service, user, seconds=3600)
    assert long.achievements == ("deep_work",)
    earned = {a["key"] for a in (await seen(service, user))["achievements"]}
    assert earned == {"first_focus", "focus_10", "deep_work"}
    assert (await service.outbox(user)).count("achievement.unlocked") == 3


async def test_streaks_unlock_and_hidden_ones_show_only_when_earned(
    service: Service, user: User
) -> None:
    query = (
        "{ achievements { key earnedAt } nextAchievement { achievement { key } progress target } }"
    )
    open_ones = (await service.ask(query, None, user)).data
    assert "streak_100" not in {a["key"] for a in open_ones["achievements"]}
    unlocked: tuple[str, ...] = ()
    for _ in range(100):
        unlocked = (await focus(service, user)).achievements
        service.clock.advance(timedelta(days=1))
    assert "streak_100" in unlocked
    now = (await service.ask(query, None, user)).data
    assert "streak_100" in {a["key"] for a in now["achievements"]}


async def test_rewards_of_one_transaction_add_up(service: Service, user: User) -> None:
    event = uuid4()
    milestone = Reward("goal_milestone", event, f"milestone:{event}", 10, 0)
    goal = Reward("goal_complete", event, f"goal:{event}", 0, 20)

    async def pay(tx: Tx) -> list[Awarded]:
        return [await actions.award(tx, each) for each in (milestone, goal, milestone)]

    paid = await within(service, user, pay)
    assert [(each.xp, each.coins, each.repeated) for each in paid] == [
        (10, 0, False),
        (0, 20, False),
        (10, 0, True),
    ]
    shown = await seen(service, user)
    assert (shown["totalXp"], shown["coins"]) == (10, 20)


async def test_a_key_that_was_read_among_others_is_paid_by_itself(
    service: Service, user: User
) -> None:
    event = uuid4()
    keys = [f"event:{event}", f"event:{event}:1", f"event:{event}:2"]

    async def pay(tx: Tx, key: str) -> Awarded:
        ((known,),) = await together.read(tx, actions.state(tx, "event", event, keys))
        return await actions.award(tx, Reward("event", event, key, 10, 0), known)

    for key, repeated in ((keys[1], False), (keys[0], False), (keys[1], True), (keys[2], False)):
        paid = await within(service, user, partial(pay, key=key))
        assert (paid.xp, paid.repeated) == (10, repeated)
    with pytest.raises(ValueError, match="a key holds no #"):
        await within(
            service, user, lambda tx: actions.award(tx, Reward("event", event, "a#1", 10, 0))
        )


async def test_the_next_achievement_is_the_one_nearest_to_done(
    service: Service, user: User
) -> None:
    query = "{ nextAchievement { achievement { key } progress target } }"
    for _ in range(8):
        await focus(service, user)
    found = (await service.ask(query, None, user)).data["nextAchievement"]
    assert found == {"achievement": {"key": "focus_10"}, "progress": 8, "target": 10}


async def test_a_reversal_recounts_the_streaks_from_the_days_that_are_left(
    service: Service, user: User
) -> None:
    await focus(service, user)
    service.clock.advance(timedelta(days=1))
    event, key = uuid4(), f"focus:{uuid4()}"
    reward = Reward("focus_complete", event, key, 25, 5, streak=StreakType.FOCUS)
    await within(service, user, lambda tx: actions.award(tx, reward))
    assert await streak(service, user, "FOCUS") == (2, 2)

    async def take_back(tx: Tx) -> Reversed | None:
        return await actions.reverse(tx, "focus_complete", event, key, "test")

    taken = await within(service, user, take_back)

    assert taken is not None
    assert taken.daily_streak == 1
    assert await streak(service, user, "FOCUS") == (1, 1)
    assert await within(service, user, take_back) is None


LEDGER = """
query ($filter: PointsLedgerFilterInput, $first: Int, $after: String, $last: Int, $before: String) {
  pointsLedger(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { uuid eventType xp coins reversed reverses { uuid } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def test_the_ledger_is_read_in_pages_from_both_ends(service: Service, user: User) -> None:
    for _ in range(7):
        await focus(service, user)
        service.clock.advance(timedelta(minutes=1))
    whole = (await service.ask(LEDGER, {"first": 100}, user)).data["pointsLedger"]
    rows = [node["uuid"] for node in whole["nodes"]]
    assert whole["totalCount"] == len(rows) == 8

    forward: list[str] = []
    after = None
    while True:
        page = (await service.ask(LEDGER, {"first": 3, "after": after}, user)).data["pointsLedger"]
        forward += [node["uuid"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    backward: list[str] = []
    before = None
    while True:
        asked = {"last": 3, "before": before}
        page = (await service.ask(LEDGER, asked, user)).data["pointsLedger"]
        backward = [node["uuid"] for node in page["nodes"]] + backward
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break

    assert forward == rows
    assert backward == rows
    only = (await service.ask(LEDGER, {"filter": {"eventType": "achievement"}}, user)).data
    assert [n["eventType"] for n in only["pointsLedger"]["nodes"]] == ["achievement"]


ADJUST = """
mutation ($input: AdjustPointsInput!) {
  adjustPoints(input: $input) { award { xp coins level } errors { code path } }
}
"""
REVERSE = """
mutation ($input: ReversePointsInput!) {
  reversePoints(input: $input) { award { xp coins } errors { code path } }
}
"""
RECONCILE = """
mutation ($input: ReconcileLedgerInput!) {
  reconcileLedger(input: $input) {
    comparison { storedXp ledgerXp storedCoins ledgerCoins corrected } errors { code path }
  }
}
"""


class TestStaff:
    """What admins may do to a user's points."""

    @pytest.fixture
    async def admin(self, service: Service) -> User:
        return await service.make_user("admin")

    async def audited(self, service: Service, admin: User) -> list[str]:
        rows = await service.owner.fetch(
            "SELECT event_type FROM audit_log WHERE user_id = $1 ORDER BY created_at", admin.id
        )
        return [row["event_type"] for row in rows]

    async def test_an_adjustment_happens_once(
        self, service: Service, user: User, admin: User
    ) -> None:
        given = {
            "userId": str(user.id),
            "xp": 120,
            "coins": 30,
            "reason": "A bug ate them",
            "idempotencyKey": "one",
        }
        first = await service.ask(ADJUST, {"input": given}, admin)
        again = await service.ask(ADJUST, {"input": given}, admin)
        assert first.data == again.data
        assert first.data["adjustPoints"]["award"] == {"xp": 120, "coins": 30, "level": 2}
        assert (await seen(service, user))["totalXp"] == 120
        assert await self.audited(service, admin) == ["points.adjusted"]
        taking = {**given, "xp": 0, "coins": -31, "idempotencyKey": "two"}
        refused = await service.ask(ADJUST, {"input": taking}, admin)
        assert refused.data["adjustPoints"]["errors"][0]["code"] == "INSUFFICIENT_COINS"

    async def test_an_entry_is_taken_back_once(
        self, service: Service, user: User, admin: User
    ) -> None:
        await focus(service, user)
        entry: UUID = await service.owner.fetchval(
            "SELECT id FROM points_ledger WHERE user_id = $1 AND event_type = 'focus_complete'",
            user.id,
        )
        given = {"userId": str(user.id), "entryId": str(entry), "reason": "A mistake"}
        first = (await service.ask(REVERSE, {"input": given}, admin)).data["reversePoints"]
        again = (await service.ask(REVERSE, {"input": given}, admin)).data["reversePoints"]
        assert first["award"] == {"xp": -25, "coins": -5}
        assert again == {"award": None, "errors": []}

    async def test_wrong_sums_are_set_right(
        self, service: Service, user: User, admin: User
    ) -> None:
        await focus(service, user)
        await service.owner.execute(
            "UPDATE user_wallet SET coins = 900, total_earned = 900 WHERE user_id = $1", user.id
        )
        given = {"input": {"userId": str(user.id)}}
        first = (await service.ask(RECONCILE, given, admin)).data["reconcileLedger"]
        again = (await service.ask(RECONCILE, given, admin)).data["reconcileLedger"]
        assert first["comparison"]["corrected"] is True
        assert first["comparison"]["storedCoins"] == 900
        assert again["comparison"]["corrected"] is False
        assert (await seen(service, user))["coins"] == first["comparison"]["ledgerCoins"]

    async def test_who_is_no_admin_is_refused_and_noted(self, service: Service, user: User) -> None:
        given = {"input": {"userId": str(user.id)}}
        assert (await service.ask(RECONCILE, given, user)).codes == ["FORBIDDEN"]
        assert await self.audited(service, user) == ["operation.refused"]
