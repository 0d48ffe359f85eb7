"""One transaction a mutation: whichever statement fails, all of it is there or nothing is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import strawberry

from app.core import audit
from app.core.access import WRITE
from app.core.context import Info
from app.core.db import Role
from app.core.fields import mutation
from app.core.payload import Payload
from app.core.viewer import NOBODY
from tests.examples import Call, Example, codes, mutate, nothing, prepared
from tests.house.effects import effect, mark, unlike
from tests.house.joining import FAILING, failing_in, miscounting, write_parts
from tests.house.planted import planted, planted_schema
from tests.operations import Operation, operation, operations
from tests.support import Answer, Database, Service, traced

OUR_FAULT = {"INTERNAL", "UNAVAILABLE"}


def writing_commits(statements: list[str]) -> list[int]:
    """Where transactions that may write are committed."""
    found: list[int] = []
    writing = False
    for index, statement in enumerate(statements):
        if statement.startswith("BEGIN"):
            writing = "READ ONLY" not in statement
        elif statement == "COMMIT" and writing:
            found.append(index)
    return found


def succeeded(of: Operation, answer: Answer) -> bool:
    """Whether an answer has any data of success."""
    data: Any = answer.body.get("data")
    payload = data and data[of.name]
    return bool(payload) and not payload["errors"]


async def problems(service: Service, of: Operation, example: Example | None = None) -> list[str]:
    """What a failure of each statement in turn leaves behind that it must not.

    Of a joined write each part fails in turn besides, and touches another number of rows than it
    must.
    """
    twin = await prepared(service, of, example)
    before = await mark(service)
    with traced() as tracer:
        answer = await twin.send()
    assert codes(of, answer) == [], answer.body
    whole = await effect(service, before)
    commits = writing_commits(tracer.statements)
    if len(commits) != 1:
        return [f"it commits {len(commits)} writing transactions instead of one"]
    found: list[str] = []
    for position, instead in failures(tracer.statements):
        call = await prepared(service, of, example)
        before = await mark(service)
        with traced(fail_before=position, instead=instead) as tracer_of_failure:
            answer = await call.send()
        failed = instead or tracer_of_failure.statements[position]
        left = await effect(service, before)
        if position > commits[0]:
            if left != whole:
                found.append(f"{unlike(left, whole)} when this failed after the commit: {failed}")
            continue
        if left:
            found.append(f"rows stay in {sorted(left)} when this fails: {failed}")
        # A wrong number of rows may be an error that the client can act on.
        expected = OUR_FAULT if instead is None or FAILING in instead else set(codes(of, answer))
        if succeeded(of, answer) or not set(codes(of, answer)) & expected:
            found.append(f"the answer is {answer.body} when this fails: {failed}")
    return found


def failures(statements: list[str]) -> Iterator[tuple[int, str | None]]:
    """Each way in which a call's statements can fail: its place, and what is sent there instead."""
    for position, statement in enumerate(statements):
        yield position, None
        for part in write_parts(statement):
            yield position, failing_in(statement, part)
            if part.counted:
                yield position, miscounting(statement, part)


@pytest.mark.parametrize("of", operations("mutation"), ids=str)
async def test_a_failing_statement_leaves_all_or_nothing(service: Service, of: Operation) -> None:
    assert await problems(service, of) == []


async def blocked_call(call: Call, table: str) -> tuple[asyncio.Task[Answer], Any, int]:
    """Start a call that waits for the user's row of a table; the lock's owner and the waiter."""
    service = call.service
    locked = service.owner.transaction()
    await locked.start()
    await service.owner.execute(
        f"SELECT 1 FROM {table} WHERE user_id = $1 FOR UPDATE", call.user.id
    )
    task = asyncio.create_task(call.send())
    for _ in range(500):
        waiting = await service.owner.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        if waiting is not None:
            return task, locked, waiting
        await asyncio.sleep(0.01)
    raise AssertionError("the call does not come to the lock")


async def terminate(service: Service, backend: int) -> None:
    """End a connection of the API's login from another one: each login may end its own."""
    connection = await asyncpg.connect(service.database.ways[Role.API].url)
    try:
        assert await connection.fetchval("SELECT pg_terminate_backend($1)", backend)
    finally:
        await connection.close()


async def test_a_connection_that_dies_in_the_middle_leaves_nothing(service: Service) -> None:
    complete = operation("completeQuest")
    call = await prepared(service, complete)
    quest = (await mutate(service, call.user, "createQuest", title="Have a wallet"))["quest"]
    await mutate(service, call.user, "acceptQuest", id=quest["id"])
    await mutate(service, call.user, "completeQuest", id=quest["id"])
    before = await mark(service)

    task, locked, waiting = await blocked_call(call, "user_wallet")
    await terminate(service, waiting)
    answer = await task
    await locked.rollback()

    assert codes(complete, answer) == ["UNAVAILABLE"]
    assert await effect(service, before) == {}
    assert (await call.send()).data["completeQuest"]["award"]["xp"] == 50


@strawberry.type(description="Result of a planted mutation.")
class PlantedPayload(Payload):
    """Nothing but the base's fields."""


@strawberry.type
class Leaky:
    """Mutations that write outside of the one transaction."""

    @mutation(WRITE, "Write on a connection without a transaction.")
    async def write_beside(self, info: Info) -> PlantedPayload:
        async with info.context.transaction() as tx:
            async with info.context.databases.api.acquire() as connection:
                await audit.put(connection, info.context.request, "planted", actor=NOBODY)
            await tx.execute("SELECT 1")
        return PlantedPayload()

    @mutation(WRITE, "Write in two transactions.")
    async def write_twice(self, info: Info) -> PlantedPayload:
        for _ in range(2):
            async with info.context.transaction():
                pass
        return PlantedPayload()

    @mutation(WRITE, "Swallow the failure of a statement and answer as if all were well.")
    async def swallow(self, info: Info) -> PlantedPayload:
        async with info.context.transaction() as tx:
            with contextlib.suppress(Exception):
                await tx.execute("DELETE FROM user_quests WHERE user_id = $1", tx.user_id)
        return PlantedPayload()


async def test_the_check_finds_writes_outside_of_the_transaction(database: Database) -> None:
    schema = planted_schema(mutation=Leaky)
    example = Example(nothing, select="__typename")
    async with planted(database, schema) as service:
        beside = await problems(service, operation("writeBeside", schema), example)
        twice = await problems(service, operation("writeTwice", schema), example)
        swallowed = await problems(service, operation("swallow", schema), example)
    assert any("audit_log" in each for each in beside)
    assert twice == ["it commits 2 writing transactions instead of one"]
    assert any("the answer is" in each for each in swallowed)
