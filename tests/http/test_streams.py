"""Answers over server-sent events and multipart: in order, resumable, gone with their client."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest
import structlog

from app import serving
from app.core.settings import Settings
from app.http import presence, streams
from app.main import create_app
from tests.http.test_sockets import QUESTS, many_events
from tests.live import listening, signed_in
from tests.quests.test_mutations import created
from tests.streaming import EVENTS, SUBSCRIPTION_PARTS, Streamed, idle, stream
from tests.support import Database, Service, User, running

EMAIL = "{ viewer { user { email } } }"
JSON = "application/json"
APOLLO = (
    "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,"
    "application/graphql-response+json,application/json;q=0.9"
)
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)


@pytest.fixture(scope="module")
async def address(service: Service) -> AsyncGenerator[str]:
    async with listening(service) as found:
        yield found


async def begun(streamed: Streamed) -> None:
    """Give the server a moment to begin following."""
    assert streamed.response.status_code == 200
    await asyncio.sleep(0.3)


async def test_events_arrive_as_changes_commit(service: Service, user: User, address: str) -> None:
    async with stream(address, QUESTS, user) as streamed:
        await begun(streamed)
        assert streamed.headers["content-type"] == EVENTS
        assert streamed.headers["x-accel-buffering"] == "no"
        assert streamed.headers["x-correlation-id"]
        assert await streamed.frame() == ":"
        for title in ("first", "second"):
            await created(service, user, title=title)
            change = (await streamed.next())["questChanged"]
            assert (change["event"], change["quest"]["title"]) == ("quest.created", title)
    await idle(service, user)


async def test_a_waiting_stream_holds_no_connection(
    service: Service, user: User, address: str
) -> None:
    async with stream(address, QUESTS, user) as streamed:
        await begun(streamed)
        pool = service.app.state.databases.api
        assert pool.get_size() == pool.get_idle_size()
        assert service.app.state.endpoint.presence.taken[user.id] == 1
    await idle(service, user)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_stream_resumes_where_it_broke_off(
    service: Service, user: User, address: str, method: str
) -> None:
    async with stream(address, QUESTS, user, method=method) as streamed:
        await begun(streamed)
        await created(service, user, title="first")
        seen = (await streamed.next())["questChanged"]["seq"]
    await created(service, user, title="second")
    async with stream(address, QUESTS, user, variables={"since": seen}, method=method) as streamed:
        assert (await streamed.next())["questChanged"]["quest"]["title"] == "second"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_one_answer_is_followed_by_the_end(user: User, address: str, method: str) -> None:
    async with stream(address, EMAIL, user, method=method) as streamed:
        assert await streamed.event() == (
            "next",
            {"data": {"viewer": {"user": {"email": user.email}}}},
        )
        assert await streamed.frame() == "event: complete\ndata:"
        assert await streamed.rest() == ""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ oops", "GRAPHQL_PARSE_FAILED"),
        ("query A { __typename } query B { __typename }", "BAD_REQUEST"),
        (QUESTS, "UNAUTHENTICATED"),
    ],
)
@pytest.mark.parametrize("accept", [EVENTS, "text/event-stream, multipart/mixed"])
async def test_what_can_not_run_is_told_in_the_stream(
    address: str, query: str, code: str, accept: str
) -> None:
    async with stream(address, query, accept=accept) as streamed:
        assert streamed.response.status_code == 200
        assert streamed.headers["content-type"] == EVENTS
        found = await streamed.event()
        assert found is not None
        name, body = found
        assert name == "next"
        assert [each["extensions"]["code"] for each in body["errors"]] == [code]
        assert await streamed.event() == ("complete", None)


@pytest.mark.parametrize(
    "accept", [URQL, "application/json", "*/*", "text/event-stream;q=0.5, */*"]
)
async def test_who_merely_lists_streams_gets_json(user: User, address: str, accept: str) -> None:
    for query in (EMAIL, "{ nothing }"):
        async with stream(address, query, user, accept=accept) as streamed:
            assert "json" in streamed.headers["content-type"]


async def test_a_mutation_runs_by_post_alone(user: User, address: str) -> None:
    create = 'mutation { createQuest(input: { title: "x" }) { quest { title } errors { code } } }'
    async with stream(address, create, user) as streamed:
        assert (await streamed.next())["createQuest"]["quest"] == {"title": "x"}
    async with stream(address, create, user, method="GET") as streamed:
        assert streamed.response.status_code == 405


@pytest.mark.parametrize("accept", [JSON, "*/*", "multipart/mixed", URQL.replace(EVENTS, "a/b")])
async def test_a_subscription_needs_a_client_that_names_a_stream(
    user: User, address: str, accept: str
) -> None:
    async with stream(address, QUESTS, user, accept=accept) as streamed:
        assert streamed.response.status_code == 406
        assert EVENTS in await streamed.rest()


@pytest.mark.parametrize("accept", [SUBSCRIPTION_PARTS, APOLLO])
async def test_parts_arrive_as_changes_commit(
    service: Service, user: User, address: str, accept: str
) -> None:
    async with stream(address, QUESTS, user, accept=accept) as streamed:
        await begun(streamed)
        content_type = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
        assert streamed.headers["content-type"] == content_type
        await created(service, user, title="first")
        payload = (await streamed.part())["payload"]
        assert payload["data"]["questChanged"]["quest"]["title"] == "first"
    await idle(service, user)


async def test_what_ends_parts_stands_beside_the_payload(address: str) -> None:
    async with stream(address, QUESTS, accept=APOLLO) as streamed:
        (only,) = await streamed.parts()
    assert only["payload"] is None
    assert only["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    async with stream(address, "subscription { nothing }", accept=APOLLO) as streamed:
        assert streamed.response.status_code == 422


async def test_silence_is_broken(user: User, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.2)
    async with stream(address, QUESTS, user) as streamed:
        assert [await streamed.frame() for _ in range(3)] == [":"] * 3
    async with stream(address, QUESTS, user, accept=APOLLO) as streamed:
        assert [await streamed.part() for _ in range(3)] == [{}] * 3


async def test_a_stream_catches_up_with_more_than_may_wait(
    service: Service, user: User, address: str
) -> None:
    await many_events(service, user, 250)
    async with stream(address, QUESTS, user, variables={"since": 0}) as streamed:
        seen = [(await streamed.next())["questChanged"]["seq"] for _ in range(251)]
    assert seen == sorted(set(seen))


async def test_a_client_that_does_not_read_is_let_go(
    database: Database,
) -> None:
    async with running(database, read_timeout=0.5) as service, listening(service) as there:
        user = await service.make_user()
        await many_events(service, user, 150)
        long = "subscription { questChanged(since: 0) { quest { description } } }"
        async with stream(there, long, user) as streamed:
            assert await streamed.frame() == ":"
            await idle(service, user, seconds=15)


async def test_a_position_that_was_pruned_needs_a_resync(
    service: Service, user: User, address: str
) -> None:
    await created(service, user)
    await created(service, user)
    await service.owner.execute("DELETE FROM outbox WHERE user_id = $1", user.id)
    async with stream(address, QUESTS, user, variables={"since": 70}) as streamed:
        found = await streamed.event()
        assert found is not None
        assert found[1]["errors"][0]["extensions"]["code"] == "RESYNC_REQUIRED"
        assert await streamed.event() == ("complete", None)


@pytest.mark.parametrize("accept", [EVENTS, APOLLO])
async def test_a_revoked_session_ends_its_stream_within_five_seconds(
    service: Service, user: User, address: str, accept: str
) -> None:
    async with stream(address, QUESTS, user, accept=accept) as streamed:
        await begun(streamed)
        await service.owner.execute(
            "UPDATE sessions SET revoked_at = now() WHERE user_id = $1", user.id
        )
        if accept == EVENTS:
            found = await streamed.event(seconds=6)
            assert found is not None
            body: Any = found[1]
            assert await streamed.event() == ("complete", None)
        else:
            body = await streamed.part(seconds=6)
            assert body["payload"] is None
            assert await streamed.parts() == []
        assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert presence.CHECK_SECONDS < 5
    await idle(service, user)


async def test_streams_and_sockets_share_a_users_room(database: Database) -> None:
    narrow = running(database, max_sockets=2, max_socket_operations=2)
    async with narrow as service, listening(service) as there:
        user = await service.make_user()
        stranger = await service.make_user()
        async with (
            stream(there, QUESTS, user) as first,
            stream(there, QUESTS, user) as second,
            signed_in(there, user),
        ):
            await begun(first)
            await begun(second)
            async with stream(there, QUESTS, user) as third:
                assert third.response.status_code == 429
                assert "RATE_LIMITED" in await third.rest()
            async with stream(there, QUESTS, stranger) as theirs:
                await begun(theirs)
        await idle(service, user)
        async with stream(there, QUESTS, user) as again:
            await begun(again)


async def test_a_stream_counts_as_a_request(database: Database) -> None:
    async with running(database, rate_limit_viewer=2) as service, listening(service) as there:
        user = await service.make_user()
        for left in (1, 0):
            async with stream(there, QUESTS, user) as streamed:
                assert f";r={left};" in streamed.headers["ratelimit"]
        for query in (QUESTS, EMAIL):
            async with stream(there, query, user) as streamed:
                assert streamed.response.status_code == 429
                assert streamed.headers["retry-after"]
        await idle(service, user)


async def test_a_foreign_page_may_not_follow_with_its_readers_cookie(
    user: User, address: str
) -> None:
    cookie = {"cookie": f"questline_session={user.token}"}
    foreign = {**cookie, "origin": "https://elsewhere.example"}
    async with stream(address, QUESTS, method="GET", headers=foreign) as streamed:
        assert streamed.response.status_code == 403
    own = {**cookie, "origin": f"http://{address}"}
    async with stream(address, QUESTS, method="GET", headers=own) as streamed:
        await begun(streamed)


@pytest.fixture
def informed() -> Generator[None]:
    """Lines of severity info are logged, which they are not in other tests."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    yield
    structlog.configure(wrapper_class=before)


@pytest.mark.usefixtures("informed")
async def test_its_end_is_one_line_in_the_log(service: Service, user: User, address: str) -> None:
    with structlog.testing.capture_logs() as lines:
        async with stream(address, QUESTS, user, headers={"x-correlation-id": "mine"}) as streamed:
            await begun(streamed)
            await created(service, user)
            await streamed.next()
        await idle(service, user)
    (line,) = (each for each in lines if each["event"] == "stream ended")
    assert (line["events"], line["reason"]) == (1, "client")
    assert 0 < line["seconds"] < 10


async def test_the_end_of_the_service_waits_for_no_stream(database: Database) -> None:
    settings = Settings(port=0, shutdown_grace=30)  # pyright: ignore[reportCallIssue]
    listener = serving.bind("127.0.0.1", 0)
    there = f"127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(settings, database.ways)
    task = asyncio.create_task(serving.run(app, settings, listener, []))
    async with running(database) as service:
        user = await service.make_user()
    async with asyncio.timeout(10):
        while True:
            try:
                async with httpx.AsyncClient() as client:
                    await client.get(f"http://{there}/healthz")
                break
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
    async with (
        stream(there, QUESTS, user) as events,
        stream(there, QUESTS, user, accept=APOLLO) as parts,
    ):
        await begun(events)
        began = asyncio.get_running_loop().time()
        os.kill(os.getpid(), signal.SIGTERM)
        # Without `complete` the client connects again.
        assert await events.rest(seconds=3) == ":\n\n"
        (last,) = await parts.parts()
        assert last["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert await task
    assert asyncio.get_running_loop().time() - began < 5
