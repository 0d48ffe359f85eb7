"""The benchmark's columns answer alike, so that what it measures means something."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from app.core import page
from app.core.settings import Settings
from app.main import create_app
from bench import checks, data
from bench.checks import Ask
from bench.columns import COMPILED, IN_PROCESS, PLAIN, Column, Request, data_of, leaves
from bench.data import Population, Size
from bench.plain.endpoint import Plain
from bench.servers import MOST_ROWS, generous
from bench.workloads import BIG, COMPLETE, LIST, NESTED, POINT, Workload, completion
from tests.support import Database

SIZE = Size(viewers=3, quests=520, entries=70, most=530)
"""Enough for the page of every workload."""


@pytest.fixture(scope="module")
async def owner(database: Database) -> AsyncGenerator[data.Connection]:
    connection = await asyncpg.connect(database.owner_url, server_settings={"timezone": "UTC"})
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def population(owner: data.Connection) -> Population:
    return await data.load(owner, SIZE)


@pytest.fixture(scope="module")
async def ask(database: Database, population: Population) -> AsyncGenerator[Ask]:
    """Every column in this process, with a client each."""
    clients: dict[str, httpx.AsyncClient] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(page, "LARGEST_SIZE", MOST_ROWS)
        async with AsyncExitStack() as stack:
            for column in IN_PROCESS:
                settings = generous(Settings(api_pool_size=2))  # pyright: ignore[reportCallIssue]
                if column is PLAIN:
                    app = Plain(settings, database.ways)
                    await app.open()
                    stack.push_async_callback(app.close)
                else:
                    settings = settings.model_copy(update={"executor": column.name})
                    app = create_app(settings, database.ways)
                    await stack.enter_async_context(app.router.lifespan_context(app))
                transport = httpx.ASGITransport(app=app)  # pyright: ignore[reportArgumentType]
                clients[column.name] = await stack.enter_async_context(
                    httpx.AsyncClient(transport=transport, base_url="http://testserver")
                )

            async def send(column: Column, request: Request) -> bytes:
                response = await clients[column.name].post(
                    request.path,
                    content=request.body,
                    headers={
                        "authorization": f"Bearer {request.token}",
                        "content-type": "application/json",
                    },
                )
                assert response.status_code == 200, response.text
                return response.content

            yield send


async def test_every_column_reads_the_same(ask: Ask, population: Population) -> None:
    await checks.same_answers(IN_PROCESS, ask, population)


async def test_every_column_leaves_the_same_behind(ask: Ask, owner: data.Connection) -> None:
    await checks.same_effects(IN_PROCESS, ask, owner)


@pytest.mark.parametrize(
    ("workload", "expected"), [(POINT, 6), (LIST, 800), (NESTED, 1_000), (BIG, 6_000)]
)
async def test_a_workload_has_as_many_leaves_as_it_says(
    ask: Ask, population: Population, workload: Workload, expected: int
) -> None:
    call = next(workload.calls(population, 1))
    answer = await ask(COMPILED, COMPILED.request(workload, call))
    assert leaves(data_of(answer)) == expected


async def test_what_is_compared_is_really_compared(
    ask: Ask, owner: data.Connection, population: Population
) -> None:
    async def other(column: Column, request: Request) -> bytes:
        answer = await ask(column, request)
        return answer.replace(b'"progress":1', b'"progress":2') if column is PLAIN else answer

    with pytest.raises(checks.DifferentAnswers, match="compiled and plain differ"):
        await checks.same_answers(IN_PROCESS, other, population)

    async def lazy(column: Column, request: Request) -> bytes:
        answer = await ask(column, request)
        if column is PLAIN:
            await owner.execute("DELETE FROM outbox WHERE event_type = 'quest.completed'")
        return answer

    with pytest.raises(checks.DifferentAnswers, match="rows of outbox"):
        await checks.same_effects((COMPILED, PLAIN), lazy, owner)


async def test_nobody_gets_an_answer_from_the_plain_endpoint_without_a_session(
    ask: Ask, owner: data.Connection, population: Population
) -> None:
    viewer = population.viewers[0]
    ((_, quest_id),) = await data.accepted(owner, [viewer], 1)
    for workload, call in (
        (POINT, next(POINT.calls(population, 1))),
        (COMPLETE, completion(viewer, quest_id)),
    ):
        request = PLAIN.request(workload, call)
        forged = Request(request.path, request.token[:-1] + "!", request.body)
        with pytest.raises(AssertionError, match="sign in"):
            await ask(PLAIN, forged)
        stranger = Request(request.path, request.token[:-2] + "AA", request.body)
        with pytest.raises(AssertionError, match="sign in"):
            await ask(PLAIN, stranger)
