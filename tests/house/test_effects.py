"""The marks by which the other tests see a change see every committed one, and no other."""

from __future__ import annotations

import pytest

from tests.house.effects import COUNTED_ALWAYS, LEASES, Effect, effect, mark
from tests.support import Service, User

INSERT = "INSERT INTO ideas (user_id, title) VALUES ($1, 'Once')"
CHANGES = {
    "insert": (INSERT, 1, 1),
    "update": ("UPDATE ideas SET title = 'Twice' WHERE user_id = $1", 0, 1),
    "update to the same": ("UPDATE ideas SET title = title WHERE user_id = $1", 0, 1),
    "delete": ("DELETE FROM ideas WHERE user_id = $1", -1, 0),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_committed_change_is_seen(service: Service, user: User, name: str) -> None:
    statement, more, rows = CHANGES[name]
    if name != "insert":
        await service.owner.execute(INSERT, user.id)
    before = await mark(service)
    await service.owner.execute(statement, user.id)
    seen = await effect(service, before)
    assert list(seen) == ["ideas"]
    assert (seen["ideas"][0], len(seen["ideas"][1])) == (more, rows)
    assert await effect(service, before, "ideas") == {}


async def test_what_was_rolled_back_is_not_seen(service: Service, user: User) -> None:
    before, digests = await mark(service), await service.fingerprint()
    undone = service.owner.transaction()
    await undone.start()
    await service.owner.execute(INSERT, user.id)
    await undone.rollback()
    assert await effect(service, before) == {}
    assert await service.fingerprint() == digests


async def made(service: Service) -> Effect:
    """What making a user leaves."""
    before = await mark(service)
    await service.make_user()
    return await effect(service, before)


async def test_two_runs_of_the_same_look_alike(service: Service) -> None:
    one, other = await made(service), await made(service)
    assert one == other
    assert set(one) == {"users", "sessions", "login_identities"}
    assert {COUNTED_ALWAYS, LEASES} <= set(await service.tables())
