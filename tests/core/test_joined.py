"""What a transaction notes: written joined, in order, before anything could miss it; checked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from app.core import audit, joined, outbox, sql, together, transaction, watch
from app.core.errors import AppError, IdConflict, InvalidInput, NotFound
from app.core.outbox import Event
from app.core.request import RequestInfo
from app.core.sql import Query
from app.core.transaction import Tx
from app.core.viewer import NOBODY
from tests.support import Service, User, traced

QUESTS = """
-- name: add
INSERT INTO user_quests (user_id, id, title, xp_reward, coin_reward, target)
VALUES (:user_id, :id, :title, 1, 1, :target);
-- name: rename
UPDATE user_quests AS q SET title = :title, updated_at = now()
WHERE q.user_id = :user_id AND q.id = :id;
-- name: titles
SELECT q.title FROM user_quests AS q WHERE q.user_id = :user_id ORDER BY q.title;
-- name: feel_rich
INSERT INTO user_wallet (user_id, coins, total_earned) VALUES (:user_id, :coins, :coins);
-- name: say_rich
INSERT INTO user_progress (user_id, total_xp)
SELECT :user_id::uuid, w.coins FROM user_wallet AS w WHERE w.user_id = :user_id;
-- name: coins
SELECT w.coins FROM user_wallet AS w WHERE w.user_id = :user_id;
-- name: taken
DELETE FROM user_quests AS q WHERE q.user_id = :user_id AND q.id = :id RETURNING q.id;
"""
SQL: dict[str, Query] = {query.name: query for query in sql.parse(QUESTS, "planted")}


class Happened(Event):
    """An event of a quest."""

    topic = "quest.planted"
    table = "user_quests"


@asynccontextmanager
async def opened(service: Service, user: User) -> AsyncGenerator[Tx]:
    """A write of the user under the clock."""
    pool = service.app.state.databases.api
    async with transaction.opened(pool, user.id, service.clock.now()) as tx:
        await transaction.take_clock(tx)
        yield tx


def add(tx: Tx, title: str = "One", quest_id: UUID | None = None, target: int = 1) -> UUID:
    """Note a quest."""
    quest_id = quest_id or uuid4()
    tx.later(SQL["add"], 1, user_id=tx.user_id, id=quest_id, title=title, target=target)
    return quest_id


def rename(tx: Tx, quest_id: UUID, title: str, wrong: AppError | None = None) -> None:
    """Note another title."""
    tx.later(SQL["rename"], 1, wrong, user_id=tx.user_id, id=quest_id, title=title)


async def refused(
    service: Service, user: User, note: Callable[[Tx], object], *, beside: bool
) -> None:
    """Commit a write that is wrong, perhaps beside one that is right."""
    async with opened(service, user) as tx:
        if beside:
            tx.later(SQL["feel_rich"], 1, user_id=tx.user_id, coins=7)
        note(tx)


async def titles(service: Service, user: User) -> list[str]:
    """What was committed."""
    rows = await service.owner.fetch(SQL["titles"].sql, user.id)
    return [row["title"] for row in rows]


def sent(statements: list[str]) -> Iterator[str]:
    """How the statements between the clock and the end begin."""
    for each in statements:
        if not each.startswith(("BEGIN", "COMMIT", "ROLLBACK", "UPDATE users")):
            yield each.split("(")[0].strip()


async def test_all_that_is_noted_is_one_statement(service: Service, user: User) -> None:
    before = watch.statements["write add+feel_rich+outbox_put"].times
    with traced() as tracer:
        async with opened(service, user) as tx:
            quest_id = add(tx)
            tx.later(SQL["feel_rich"], None, user_id=tx.user_id, coins=7)
            outbox.put(tx, quest_id, Happened())
            await outbox.flush(tx)
    assert list(sent(tracer.statements)) == ["WITH add AS"]
    assert watch.statements["write add+feel_rich+outbox_put"].times == before + 1
    assert await titles(service, user) == ["One"]
    assert await service.owner.fetchval(SQL["coins"].sql, user.id) == 7
    assert await service.outbox(user) == ["quest.planted"]


async def test_what_is_noted_is_written_without_a_flush(service: Service, user: User) -> None:
    async with opened(service, user) as tx:
        add(tx)
    assert await titles(service, user) == ["One"]


async def test_what_is_discarded_is_not_written(service: Service, user: User) -> None:
    async with opened(service, user) as tx:
        add(tx)
        tx.discard()
    assert await titles(service, user) == []


async def test_writes_of_one_table_keep_their_order(service: Service, user: User) -> None:
    with traced() as tracer:
        async with opened(service, user) as tx:
            quest_id = add(tx, "One")
            tx.later(SQL["feel_rich"], 1, user_id=tx.user_id, coins=7)
            rename(tx, quest_id, "Two")
            outbox.put(tx, quest_id, Happened())
            rename(tx, quest_id, "Three")
            await outbox.flush(tx)
    assert list(sent(tracer.statements)) == [
        "WITH add AS",
        "UPDATE user_quests AS q SET title = $1, updated_at = now",
        "WITH rename AS",
    ]
    assert await titles(service, user) == ["Three"]


async def test_a_part_never_stands_beside_one_that_it_reads(service: Service, user: User) -> None:
    with traced() as tracer:
        async with opened(service, user) as tx:
            tx.later(SQL["feel_rich"], 1, user_id=tx.user_id, coins=7)
            tx.later(SQL["say_rich"], 1, user_id=tx.user_id)
    assert len(list(sent(tracer.statements))) == 2
    xp = await service.owner.fetchval(
        "SELECT p.total_xp FROM user_progress AS p WHERE p.user_id = $1", user.id
    )
    assert xp == 7


async def test_a_read_sees_what_was_noted_before_it(service: Service, user: User) -> None:
    with traced() as tracer:
        async with opened(service, user) as tx:
            add(tx)
            assert await SQL["coins"].all(tx, user_id=tx.user_id) == []
            (row,) = await SQL["titles"].all(tx, user_id=tx.user_id)
            assert row["title"] == "One"
            tx.later(SQL["feel_rich"], 1, user_id=tx.user_id, coins=7)
            (found,) = await together.read(tx, together.part(SQL["coins"], user_id=tx.user_id))
            assert found[0]["coins"] == 7
    assert list(sent(tracer.statements)) == [
        "SELECT w.coins FROM user_wallet AS w WHERE w.user_id = $1",
        "INSERT INTO user_quests",
        "SELECT q.title FROM user_quests AS q WHERE q.user_id = $1 ORDER BY q.title",
        "INSERT INTO user_wallet",
        "SELECT w.coins FROM user_wallet AS w WHERE w.user_id = $1",
    ]


async def test_a_write_at_once_comes_after_what_was_noted(service: Service, user: User) -> None:
    async with opened(service, user) as tx:
        quest_id = add(tx)
        assert await SQL["rename"].run(tx, user_id=tx.user_id, id=quest_id, title="Two") == 1
        tx.later(SQL["feel_rich"], 1, user_id=tx.user_id, coins=7)
        # Names no table that is noted, and yet might do anything to it.
        await tx.execute("SET LOCAL app.actor_id = ''")
        assert tx.noted == []
    assert await titles(service, user) == ["Two"]


@pytest.mark.parametrize("beside", [True, False], ids=["joined", "alone"])
async def test_a_wrong_number_of_rows_is_what_the_caller_said(
    service: Service, user: User, beside: bool
) -> None:
    wrong = NotFound("You have no such quest.", "id")
    with pytest.raises(NotFound) as raised:
        await refused(service, user, lambda tx: rename(tx, uuid4(), "", wrong), beside=beside)
    assert raised.value.path == ("id",)
    assert await service.owner.fetchval(SQL["coins"].sql, user.id) is None


@pytest.mark.parametrize("beside", [True, False], ids=["joined", "alone"])
async def test_a_wrong_number_of_rows_is_else_a_fault_of_ours(
    service: Service, user: User, beside: bool
) -> None:
    with pytest.raises(RuntimeError, match="rename touched 0 rows instead of 1"):
        await refused(service, user, lambda tx: rename(tx, uuid4(), ""), beside=beside)
    assert await service.owner.fetchval(SQL["coins"].sql, user.id) is None


@pytest.mark.parametrize("beside", [True, False], ids=["joined", "alone"])
async def test_a_violated_constraint_is_the_same_error_joined_and_alone(
    service: Service, user: User, beside: bool
) -> None:
    async with opened(service, user) as tx:
        taken = add(tx)
    with pytest.raises(InvalidInput) as out_of_range:
        await refused(service, user, lambda tx: add(tx, target=0), beside=beside)
    with pytest.raises(IdConflict) as used:
        await refused(service, user, lambda tx: add(tx, quest_id=taken), beside=beside)
    assert out_of_range.value.path == ("target",)
    assert used.value.path == ("uuid",)
    assert await titles(service, user) == ["One"]
    assert await service.owner.fetchval(SQL["coins"].sql, user.id) is None


async def test_what_can_not_be_noted_is_refused(service: Service, user: User) -> None:
    async with opened(service, user) as tx:
        for name, values in (("taken", {"id": uuid4()}), ("titles", {})):
            with pytest.raises(TypeError, match=f"query {name} can't be noted"):
                tx.later(SQL[name], 1, user_id=tx.user_id, **values)
        with pytest.raises(TypeError, match="query add takes"):
            tx.later(SQL["add"], 1, user_id=tx.user_id)
        assert tx.noted == []


def test_the_user_is_one_parameter_for_all_parts() -> None:
    text = joined.compose([(SQL["feel_rich"], True), (SQL["rename"], False)])
    assert text == (
        "WITH feel_rich AS (\nINSERT INTO user_wallet (user_id, coins, total_earned) VALUES "
        "($1, $2, $2)\nRETURNING 1\n), rename AS (\n"
        "UPDATE user_quests AS q SET title = $3, updated_at = now()\n"
        "WHERE q.user_id = $1 AND q.id = $4\nRETURNING 1\n)\n"
        "SELECT (SELECT count(*) FROM feel_rich) AS feel_rich"
    )
    assert joined.compose([(SQL["feel_rich"], False)]).endswith("\nSELECT 1")


async def test_rows_of_another_user_come_last_and_by_themselves(
    service: Service, user: User
) -> None:
    request = RequestInfo(correlation_id="planted")
    with traced() as tracer:
        async with opened(service, user) as tx:
            quest_id = add(tx)
            await audit.put(tx, request, "planted", actor=NOBODY)
            outbox.put(tx, quest_id, Happened())
            await outbox.flush(tx)
    assert list(sent(tracer.statements)) == ["WITH add AS", "INSERT INTO audit_log"]
    assert "outbox" in tracer.statements[-3]


async def test_an_own_audit_row_is_joined(service: Service, user: User) -> None:
    request = RequestInfo(correlation_id="planted")
    with traced() as tracer:
        async with opened(service, user) as tx:
            add(tx)
            await audit.put(tx, request, "planted", actor=tx.user_id)
    assert list(sent(tracer.statements)) == ["WITH add AS"]
