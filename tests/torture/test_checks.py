"""The checks of the torture see what they are for: each half, planted by hand, is found."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support import Service, User
from tests.torture.checks import halves, lost
from tests.torture.writers import Call, Writer, steps

PAY_AGAIN = """
    INSERT INTO points_ledger (user_id, event_type, event_id, local_date, idempotency_key)
    SELECT user_id, event_type, event_id, local_date, 'again' FROM points_ledger
"""


async def _completed(service: Service, user: User) -> Writer:
    writer = Writer(user)
    for step in steps(str(uuid4())):
        await writer.call(service, step)
    return writer


async def test_a_whole_quest_is_whole(service: Service, user: User) -> None:
    writer = await _completed(service, user)
    assert await halves(service.owner, [user.id]) == []
    assert await lost(service.owner, user.id, writer.acknowledged) == []


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        ("DELETE FROM user_quests", "a receipt without its quest"),
        ("DELETE FROM user_quests", "an event without its row in user_quests"),
        ("DELETE FROM mutation_receipts", "a quest without its receipt"),
        ("DELETE FROM outbox", "a quest without its event of creation"),
        ("DELETE FROM outbox", "an accepted quest without its event"),
        ("DELETE FROM outbox", "a completed quest without its event"),
        ("DELETE FROM outbox", "a payment without its event"),
        ("DELETE FROM points_ledger", "a completed quest that is not paid exactly once"),
        ("DELETE FROM points_ledger", "sums that are not the ledger's"),
        ("DELETE FROM points_ledger", "an event without its row in points_ledger"),
        ("DELETE FROM user_wallet", "an event without its row in user_wallet"),
        (
            "UPDATE user_wallet SET coins = coins + 1, total_earned = total_earned + 1",
            "sums that are not the ledger's",
        ),
        ("UPDATE outbox SET seq = seq + 100000", "an event past its user's clock"),
        (PAY_AGAIN, "a completed quest that is not paid exactly once"),
    ],
)
async def test_a_half_is_found(service: Service, user: User, damage: str, seen: str) -> None:
    await _completed(service, user)
    where = f" WHERE user_id = '{user.id}'"
    await service.owner.execute(damage + where)
    found = await halves(service.owner, [user.id])
    assert seen in {each.rpartition(": ")[0] for each in found}


async def test_a_lost_write_is_found(service: Service, user: User) -> None:
    writer = await _completed(service, user)
    never = Call("createQuest", str(uuid4()))
    assert await lost(service.owner, user.id, [*writer.acknowledged, never]) == [never]
    await service.owner.execute(
        "UPDATE user_quests SET status = 'active', completed_at = NULL WHERE user_id = $1", user.id
    )
    [undone] = await lost(service.owner, user.id, writer.acknowledged)
    assert undone.name == "completeQuest"
