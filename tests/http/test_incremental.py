"""Deferred parts of answers: each when it is ready, in the shape that its client understands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import strawberry
from graphql import parse, print_ast

from app.core.access import READ
from app.core.bounds import AtMost
from app.core.context import Info
from app.core.fields import query
from app.http.deferral import defers, undeferred
from app.http.endpoint import Endpoint
from app.http.execution import Executor
from tests.house.planted import planted_schema
from tests.live import listening, signed_in
from tests.quests.test_mutations import created
from tests.streaming import EVENTS, Streamed, idle, stream
from tests.support import Database, Service, User, running

OLDER = (
    "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9"
)
NEWER = "multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json;q=0.9"
GRAPHIQL = "application/json, multipart/mixed"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)
DEFERRED = """
{ viewer { user { email } ... @defer(label: "sums") { gamification { level coins } } } }
"""
STREAMED = """
{ quests(first: 5) { nodes @stream(initialCount: 1, label: "rest") { title } } }
"""


@strawberry.type(description="Fields that the tests hold up or break.")
class Odd:
    """Its fields wait for a test, or fail."""

    @strawberry.field(description="Waits for the test.")
    async def slow(self, info: Info) -> str:
        """The number of the snapshot that it is read in."""
        await GATES["slow"].wait()
        return await _snapshot(info)

    @strawberry.field(description="Does not wait.")
    async def fast(self, info: Info) -> str:
        """The number of the snapshot that it is read in."""
        return await _snapshot(info)

    @strawberry.field(description="Fails; null then.")
    async def broken(self) -> str | None:
        """With words that nobody may see."""
        raise RuntimeError("the password is swordfish")

    @strawberry.field(description="Fails, and takes its object along.")
    async def fatal(self) -> str:
        """With words that nobody may see."""
        raise RuntimeError("the password is swordfish")


@strawberry.type
class OddQuery:
    """Root fields for the tests."""

    @query(READ, "An object whose fields wait or fail.")
    async def odd(self, info: Info) -> Odd | None:
        """Always there."""
        return Odd()

    @query(READ, "Several of them.", bound=AtMost(3))
    async def odds(self, info: Info) -> list[Odd] | None:
        """Three."""
        return [Odd(), Odd(), Odd()]


GATES: dict[str, asyncio.Event] = {}


async def _snapshot(info: Info) -> str:
    row: Any = await info.context.reader.fetchrow("SELECT pg_current_snapshot()::text AS told")
    backend: Any = await info.context.reader.fetchrow("SELECT pg_backend_pid() AS told")
    return f"{row['told']} {backend['told']}"


@pytest.fixture(scope="module")
async def odd(database: Database) -> AsyncGenerator[Service]:
    """The service with fields that wait or fail."""
    async with with_odd_fields(database) as made:
        yield made


@asynccontextmanager
async def with_odd_fields(database: Database, **changes: Any) -> AsyncGenerator[Service]:
    """With further settings."""
    async with running(database, **changes) as service:
        state = service.app.state
        schema = planted_schema(query=OddQuery)
        executor = Executor(schema, state.databases, state.executor.settings, service.clock)
        state.endpoint = Endpoint(executor, executor.settings)
        yield service


@pytest.fixture(scope="module")
async def address(odd: Service) -> AsyncGenerator[str]:
    async with listening(odd) as found:
        yield found


@pytest.fixture
async def user(odd: Service) -> User:
    """A fresh user."""
    return await odd.make_user()


@pytest.fixture
def gate() -> asyncio.Event:
    """What slow fields wait for."""
    GATES["slow"] = asyncio.Event()
    return GATES["slow"]


async def bodies(streamed: Streamed) -> list[Any]:
    """All parts, however they come."""
    if streamed.headers["content-type"] != EVENTS:
        return await streamed.parts()
    found: list[Any] = []
    while (event := await streamed.event()) is not None:
        found.append(event)
    assert found.pop() == ("complete", None)
    return [body for _, body in found]


def whole(parts: list[Any]) -> Any:
    """What a client makes of parts: it merges them by path, or by the paths that were announced."""
    data: Any = parts[0]["data"]
    announced: dict[str, list[Any]] = {}
    for part in parts:
        announced.update((each["id"], each["path"]) for each in part.get("pending", ()))
        for each in part.get("incremental", ()):
            path = each["path"] if "path" in each else announced[each["id"]]
            target = data
            for key in [*path, *each.get("subPath", ())][
                : -1 if "path" in each and "items" in each else None
            ]:
                target = target[key]
            if "items" in each:
                assert "id" in each or path[-1] == len(target)
                target.extend(each["items"])
            else:
                target.update(each["data"])
    assert [part["hasNext"] for part in parts] == [True] * (len(parts) - 1) + [False]
    return data


FORMS = [
    (OLDER, 'multipart/mixed;boundary="graphql";deferSpec=20220824'),
    (GRAPHIQL, 'multipart/mixed;boundary="graphql";deferSpec=20220824'),
    (NEWER, 'multipart/mixed;boundary="graphql";incrementalSpec=v0.2'),
    (URQL, EVENTS),
    (EVENTS, EVENTS),
    (f"{EVENTS};incrementalSpec=v0.2", EVENTS),
]
NESTED = """
{
  viewer { user { email } ...Sums @defer }
  quests(first: 5) {
    nodes @stream(initialCount: 2) {
      id
      ... @defer(label: "source") { title sourceQuest { title } }
    }
    ... @defer { pageInfo { hasNextPage } edges { node { description } } }
  }
}
fragment Sums on Viewer {
  gamification { coins ... @defer { level streaks { type current } } }
}
"""


@pytest.mark.parametrize(("accept", "content_type"), FORMS)
@pytest.mark.parametrize("document", [DEFERRED, STREAMED, NESTED])
async def test_the_parts_make_the_whole(
    odd: Service, user: User, address: str, accept: str, content_type: str, document: str
) -> None:
    for number in range(4):
        await created(odd, user, title=f"quest {number}")
    expected = (await odd.ask(document, user=user)).data
    async with stream(address, document, user, accept=accept) as streamed:
        assert streamed.headers["content-type"] == content_type
        parts = await bodies(streamed)
    assert len(parts) > 1
    assert parts[0]["data"] != expected
    assert ("pending" in parts[0]) == ("v0.2" in accept)
    assert whole(parts) == expected
    await idle(odd, user)


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", f"{EVENTS};q=0.5, application/json", "multipart/mixed;deferSpec=1"],
)
async def test_who_takes_no_parts_gets_one_answer(
    odd: Service, user: User, address: str, accept: str
) -> None:
    async with stream(address, DEFERRED, user, accept=accept) as streamed:
        if "deferSpec=1" in accept:
            assert streamed.response.status_code == 406
            return
        assert streamed.headers["content-type"].startswith("application/json")
        assert "gamification" in await streamed.rest()


async def test_a_socket_gives_one_answer(user: User, address: str) -> None:
    async with signed_in(address, user) as socket:
        await socket.subscribe(DEFERRED)
        assert (await socket.next())["viewer"]["gamification"]["level"] == 1


@pytest.mark.parametrize("accept", [OLDER, NEWER, GRAPHIQL])
async def test_what_is_not_deferred_after_all_comes_as_json(
    user: User, address: str, accept: str
) -> None:
    document = DEFERRED.replace('label: "sums"', "if: false")
    async with stream(address, document, user, accept=accept) as streamed:
        assert "json" in streamed.headers["content-type"]


async def test_a_part_comes_when_it_is_ready_and_reads_the_same_snapshot(
    odd: Service, user: User, address: str, gate: asyncio.Event
) -> None:
    document = "{ odd { fast ... @defer { slow } } viewer { quests: gamification { coins } } }"
    async with stream(address, document, user, accept=OLDER) as streamed:
        first = await streamed.part()
        assert first["hasNext"]
        await created(odd, user)
        late_part = asyncio.create_task(streamed.part())
        done, _ = await asyncio.wait({late_part}, timeout=0.3)
        assert not done
        gate.set()
        second = await late_part
    (late,) = second["incremental"]
    assert late == {"path": ["odd"], "data": {"slow": first["data"]["odd"]["fast"]}}
    assert not second["hasNext"]


async def test_a_list_comes_item_by_item(user: User, address: str, gate: asyncio.Event) -> None:
    document = '{ odds @stream(initialCount: 1, label: "more") { fast ... @defer { slow } } }'
    async with stream(address, document, user, accept=NEWER) as streamed:
        first = await streamed.part()
        assert len(first["data"]["odds"]) == 1
        gate.set()
        rest = await streamed.parts()
    assert len(whole([first, *rest])["odds"]) == 3


@pytest.mark.parametrize("accept", [OLDER, NEWER, EVENTS])
@pytest.mark.parametrize("field", ["broken", "fatal"])
async def test_an_error_in_a_part_is_masked(
    user: User, address: str, accept: str, field: str
) -> None:
    document = f"{{ odd {{ fast ... @defer {{ {field} }} }} }}"
    async with stream(address, document, user, accept=accept) as streamed:
        correlation_id = streamed.headers["x-correlation-id"]
        parts = await bodies(streamed)
    assert "swordfish" not in str(parts)
    told = [
        error
        for part in parts
        for each in (*part.get("incremental", ()), *part.get("completed", ()))
        for error in each.get("errors", ())
    ]
    (error,) = told
    assert error["extensions"] == {"code": "INTERNAL", "correlationId": correlation_id}
    assert error["path"] == ["odd", field]


async def test_an_error_in_a_streamed_item_ends_its_list(user: User, address: str) -> None:
    document = "{ odds @stream(initialCount: 0) { fatal } }"
    async with stream(address, document, user, accept=OLDER) as streamed:
        parts = await streamed.parts()
    (lost,) = (each for part in parts for each in part.get("incremental", ()))
    assert (lost["items"], lost["path"]) == (None, ["odds", 0])
    assert lost["errors"][0]["extensions"]["code"] == "INTERNAL"


@pytest.mark.parametrize("accept", [OLDER, NEWER, EVENTS])
async def test_a_client_that_goes_away_leaves_nothing(
    odd: Service, user: User, address: str, gate: asyncio.Event, accept: str
) -> None:
    before = asyncio.all_tasks()
    document = (
        "{ odds @stream(initialCount: 1) { fast ... @defer { slow } } odd { ... @defer { slow } } }"
    )
    for _ in range(20):
        async with stream(address, document, user, accept=accept) as streamed:
            first = (await streamed.part()) if accept != EVENTS else await streamed.next()
            assert first
    await idle(odd, user)
    await asyncio.sleep(0.2)
    assert not gate.is_set()
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    assert {task.get_name() for task in left if "uvicorn" not in str(task.get_coro())} == set()
    async with stream(address, DEFERRED, user, accept=OLDER) as streamed:
        assert len(await streamed.parts()) == 2


@pytest.mark.parametrize("accept", [OLDER, NEWER])
@pytest.mark.usefixtures("gate")
async def test_parts_have_the_time_of_one_request(database: Database, accept: str) -> None:
    async with with_odd_fields(database, request_timeout=1) as odd, listening(odd) as there:
        user = await odd.make_user()
        document = '{ odd { fast ... @defer(label: "late") { slow } } }'
        async with stream(there, document, user, accept=accept) as streamed:
            first, last = await streamed.parts()
        assert first["data"]["odd"]["fast"]
        (lost,) = last["incremental" if accept == OLDER else "completed"]
        assert lost["errors"][0]["extensions"]["code"] == "TIMEOUT"
        if accept == OLDER:
            assert (lost["data"], lost["path"], lost["label"]) == (None, ["odd"], "late")
        await idle(odd, user)


async def test_the_payload_of_a_mutation_is_deferred_and_its_cookie_is_not(
    address: str,
) -> None:
    document = """
    mutation { signUp(input: {
      email: "late@test.example", password: "a long enough one", name: "Late", timezone: "UTC"
    }) { errors { code message } query { ... @defer { viewer { user { email } } } } } }
    """
    async with stream(address, document, accept=OLDER) as streamed:
        assert "questline_session" in streamed.headers["set-cookie"]
        data = whole(await streamed.parts())
    assert data["signUp"]["query"]["viewer"]["user"]["email"] == "late@test.example"


@pytest.mark.parametrize(
    "document",
    [
        "mutation { ... @defer { signOut { errors { code } } } }",
        "subscription { questChanged { ... @defer { seq } } }",
        "{ viewer @stream { user { email } } }",
        '{ odd { ... @defer(label: "a") { fast } ... @defer(label: "a") { slow } } }',
    ],
)
async def test_it_is_refused_where_it_makes_no_sense(
    user: User, address: str, document: str
) -> None:
    async with stream(address, document, user, accept=OLDER) as streamed:
        assert streamed.response.status_code == 422


async def test_a_subscription_may_carry_what_is_switched_off(
    odd: Service, user: User, address: str
) -> None:
    document = "subscription ($no: Boolean!) { questChanged { ... @defer(if: $no) { event } } }"
    async with stream(address, document, user, variables={"no": True}) as streamed:
        await asyncio.sleep(0.3)
        await created(odd, user)
        assert await streamed.next() == {"questChanged": {"event": "quest.created"}}


@pytest.mark.parametrize(
    ("document", "plain"),
    [
        ("{ a ... @defer { b } }", "{ a ... { b } }"),
        ("{ a @ stream(initialCount: 1) @include(if: true) }", "{ a @include(if: true) }"),
        (
            "{ ...F @defer } fragment F on Q { a { ... @defer { b } } }",
            "{ ...F } fragment F on Q { a { ... { b } } }",
        ),
    ],
)
def test_a_document_without_its_directives(document: str, plain: str) -> None:
    assert print_ast(undeferred(parse(document))) == print_ast(parse(plain))


@pytest.mark.parametrize(
    "document", ["{ defer }", '{ a(stream: "@defer") }', "{ a @include(if: $stream) }"]
)
def test_a_document_that_only_looks_like_it(document: str) -> None:
    tree = parse(document)
    assert not defers(tree)
    assert undeferred(tree) is tree
