"""The page /metrics: what it counts, by which labels, and who may read it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core import paths, sql
from app.core.errors import ErrorCode
from app.http import metrics
from tests.live import listening, signed_in
from tests.support import Database, Service, User, running
from tests.torture.servers import eventually

VIEWER = "query Mine { viewer { user { email } } }"
COMPLETE = "mutation { completeQuest(input: { id: %s }) { errors { code } } }"
CREATE = """
mutation ($title: String!) {
  createQuest(input: { title: $title }) { quest { id } errors { code } }
}
"""
ELSEWHERE = "203.0.113.5"

Figures = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(page: str) -> Figures:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(figures: Figures, name: str, **labels: str) -> float:
    return figures.get((name, frozenset(labels.items())), 0.0)


async def read(service: Service) -> Figures:
    answer = await service.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return parsed(answer.text)


class Watched:
    """What the figures have grown by since the beginning of a test."""

    def __init__(self, service: Service, before: Figures) -> None:
        self._service = service
        self._before = before

    async def grown(self, name: str, **labels: str) -> float:
        now = await read(self._service)
        return value(now, name, **labels) - value(self._before, name, **labels)


@pytest.fixture
async def watched(service: Service) -> Watched:
    return Watched(service, await read(service))


async def test_operations_are_counted_by_type_and_outcome(
    service: Service, user: User, watched: Watched
) -> None:
    for _ in range(3):
        await service.ask(VIEWER, user=user)
    await service.ask(VIEWER)
    await service.ask(CREATE, {"title": "Counted"}, user)
    await service.ask("{ nothingLikeIt }")
    await service.client.post("/graphql", content=b"{", headers={"content-type": "text/plain"})
    total = "questline_operations_total"
    assert await watched.grown(total, type="query", outcome="OK") == 3
    assert await watched.grown(total, type="query", outcome="UNAUTHENTICATED") == 1
    assert await watched.grown(total, type="mutation", outcome="OK") == 1
    assert await watched.grown(total, type="none", outcome="GRAPHQL_VALIDATION_FAILED") == 1
    assert await watched.grown(total, type="none", outcome="BAD_REQUEST") == 1
    assert await watched.grown("questline_operation_seconds_count", type="query") == 4
    assert await watched.grown("questline_operation_seconds_count", type="mutation") == 1
    assert await watched.grown("questline_operation_seconds_sum", type="query") > 0


async def test_errors_are_counted_where_clients_find_them(
    service: Service, user: User, watched: Watched
) -> None:
    await service.ask(VIEWER)
    answer = await service.ask(COMPLETE % '"nothing"', user=user)
    (error,) = answer.data["completeQuest"]["errors"]
    total = "questline_errors_total"
    assert await watched.grown(total, place="answer", code="UNAUTHENTICATED") == 1
    assert await watched.grown(total, place="payload", code=error["code"]) == 1


async def test_statements_are_counted_by_the_names_in_our_files(
    service: Service, user: User, watched: Watched
) -> None:
    for _ in range(2):
        await service.ask("{ quests { totalCount nodes { title } } }", user=user)
    total = "questline_sql_statements_total"
    seconds = "questline_sql_statement_seconds_total"
    for name in ("quest_list", "quest_list count"):
        assert await watched.grown(total, query=name) == 2, name
        assert await watched.grown(seconds, query=name) > 0, name
    before = await watched.grown(total, query="commit")
    await service.ask(CREATE, {"title": "Written"}, user)
    assert await watched.grown(total, query="commit") > before
    assert await watched.grown(total, query="clock_advance") == 1


async def text(service: Service) -> str:
    return (await service.client.get("/metrics")).text


async def test_no_label_comes_from_a_client(service: Service, user: User) -> None:
    secret = "Zanzibar"
    query = f"query {secret}($title: String!) {{ {secret}: viewer {{ user {{ email }} }} }}"
    # The counters are the process's: what other tests ran in it is there already.
    before = {shown for _, labels in parsed(await text(service)) for _, shown in labels}
    sent = {"x-correlation-id": secret, "user-agent": secret, "apollographql-client-name": secret}
    await service.ask(query, {"title": secret}, user, sent)
    await service.ask(f"{{ {secret} }}", user=user)
    await service.ask(CREATE, {"title": secret}, user)
    await service.client.get(f"/{secret}")
    page = await text(service)
    assert secret not in page
    assert user.email not in page
    assert str(user.id) not in page
    known = {
        "type": {"query", "mutation", "subscription", "none"},
        "outcome": {"OK", "CANCELLED", *(str(code) for code in ErrorCode)},
        "code": {str(code) for code in ErrorCode},
        "place": {"answer", "payload"},
        "result": {"hit", "miss"},
        "role": {"questline_api", "questline_staff", "questline_relay"},
        "state": {"used", "idle"},
    }
    for name, labels in parsed(page):
        for label, shown in labels:
            if label == "query":
                assert shown in before or is_ours(shown), shown
            elif label != "le":
                assert shown in known[label], (name, label, shown)


QUERIES = {
    query.name
    for file in (paths.SQL / "queries").rglob("*.sql")
    for query in sql.parse(file.read_text("utf-8"), file.name)
}


def is_ours(name: str) -> bool:
    """Whether it is a query's name, also with what a page or a look-up puts around the query."""
    query, _, around = name.partition(" ")
    begins = name in ("begin", "commit", "rollback")
    shaped = around in ("", "count") or re.fullmatch(r"by [a-z_]+", around) is not None
    return begins or (query in QUERIES and shaped)


async def test_documents_are_counted(service: Service, user: User, watched: Watched) -> None:
    for _ in range(3):
        await service.ask("{ viewer { user { id name } } }", user=user)
    total = "questline_documents_total"
    assert await watched.grown(total, result="miss") == 1
    assert await watched.grown(total, result="hit") == 2


async def test_connections_are_counted_by_their_role(service: Service, user: User) -> None:
    await service.ask(VIEWER, user=user)
    pools = "questline_pool_connections"
    figures = await read(service)
    assert value(figures, pools, role="questline_api", state="idle") >= 1
    assert value(figures, pools, role="questline_api", state="used") == 0
    async with service.app.state.databases.api.acquire():
        figures = await read(service)
    assert value(figures, pools, role="questline_api", state="used") == 1


async def test_sockets_and_subscriptions_are_counted_while_they_are_open(
    service: Service, user: User
) -> None:
    async def are_open(sockets: int, subscriptions: int) -> bool:
        figures = await read(service)
        shown = value(figures, "questline_sockets"), value(figures, "questline_subscriptions")
        return shown == (sockets, subscriptions)

    async with listening(service) as address:
        async with signed_in(address, user) as socket:
            for name in ("one", "two"):
                await socket.subscribe("subscription { questChanged { seq } }", name=name)
            await eventually(lambda: are_open(1, 2), "they are not counted")
        await eventually(lambda: are_open(0, 0), "they are counted for ever")


async def test_the_outbox_tells_how_long_events_wait(
    service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "LOOK_SECONDS", 0.0)
    await service.owner.execute("UPDATE outbox SET processed = TRUE, delivered_at = now()")
    lag = "questline_outbox_oldest_seconds"
    assert value(await read(service), lag) == 0
    await service.ask(CREATE, {"title": "Not delivered"}, user)
    service.clock.advance(timedelta(hours=1))
    assert value(await read(service), lag) == pytest.approx(3600, abs=60)


async def test_the_process_shows_itself(service: Service) -> None:
    figures = await read(service)
    assert value(figures, "questline_processes") == 1
    assert value(figures, "process_resident_memory_bytes") > 10_000_000
    assert value(figures, "process_open_fds") > 3
    assert value(figures, "process_cpu_seconds_total") > 0
    assert value(figures, "process_start_time_seconds") > 1_700_000_000


# Who may read it.


@asynccontextmanager
async def caller(service: Service, address: str) -> AsyncGenerator[httpx.AsyncClient]:
    """A client at an address."""
    transport = httpx.ASGITransport(app=service.app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def status(service: Service, address: str, **headers: str) -> int:
    """The status for a caller; a refusal is GraphQL's JSON."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    async with caller(service, address) as client:
        answer = await client.get("/metrics", headers=sent)
    if answer.status_code != 200:
        assert answer.headers["content-type"].startswith("application/json")
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert error["extensions"]["correlationId"] == answer.headers["x-correlation-id"]
        assert "questline_" not in answer.text
    return answer.status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_may_read(service: Service, address: str) -> None:
    assert await status(service, address) == 200


@pytest.mark.parametrize("address", [ELSEWHERE, "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"])
async def test_others_may_not(service: Service, address: str) -> None:
    assert await status(service, address) == 403
    # Without a token in the settings none is right.
    assert await status(service, address, authorization="Bearer ") == 403


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
async def test_a_neighbours_callers_may_not(service: Service, header: str) -> None:
    """A proxy on this machine that is not a trusted one speaks for nobody knows whom."""
    assert await status(service, "127.0.0.1", **{header: "127.0.0.1"}) == 403


async def test_a_claim_to_be_here_is_no_proof(service: Service) -> None:
    assert await status(service, ELSEWHERE, x_forwarded_for="127.0.0.1") == 403


@pytest.fixture(scope="module")
async def guarded(database: Database) -> AsyncGenerator[Service]:
    """A service behind a proxy on this machine, with a token for the figures."""
    async with running(
        database, trusted_proxies=("127.0.0.1",), metrics_token="open sesame"
    ) as started:
        yield started


async def test_callers_behind_a_trusted_proxy_are_who_they_are(guarded: Service) -> None:
    assert await status(guarded, "127.0.0.1", x_forwarded_for=ELSEWHERE) == 403
    assert await status(guarded, "127.0.0.1", x_forwarded_for=f"127.0.0.1, {ELSEWHERE}") == 403
    assert await status(guarded, "127.0.0.1") == 200


async def test_the_token_opens_it_from_anywhere(guarded: Service) -> None:
    for address in (ELSEWHERE, "127.0.0.1"):
        right = {"authorization": "Bearer open sesame", "x_forwarded_for": ELSEWHERE}
        assert await status(guarded, address, **right) == 200


@pytest.mark.parametrize(
    "given",
    ["Bearer", "Bearer ", "Bearer open", "Bearer open sesame!", "Basic open sesame", "open sesame"],
)
async def test_a_wrong_token_opens_nothing(guarded: Service, given: str) -> None:
    assert await status(guarded, ELSEWHERE, authorization=given) == 403


async def test_a_token_of_any_characters_is_only_wrong(guarded: Service) -> None:
    async with caller(guarded, ELSEWHERE) as client:
        answer = await client.get(
            "/metrics", headers=[(b"authorization", "Bearer sésame".encode())]
        )
    assert answer.status_code == 403
