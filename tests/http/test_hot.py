"""The short way to the endpoint answers as the ordinary one, to the byte of every header."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from typing import Any, TypeAlias

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.hot import Application, KnownHeaders
from tests.support import Database, Service, running

JSON = {"content-type": "application/json", "x-correlation-id": "mine"}
MODERN = "application/graphql-response+json"
SIGN_UP = """
mutation ($email: String!) {
  signUp(input: { email: $email, password: "correct horse battery", name: "Ada" }) {
    user { email } errors { code message }
  }
}
"""
SIGN_OUT = "mutation { signOut { signedOut errors { code } } }"
QUEST = "query ($id: ID!) { quest(id: $id) { id title } viewer { user { email } } }"
NAMED = "{ viewer { user { name } } }"
HASH = sha256(NAMED.encode()).hexdigest()
PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
ACCEPTS = (
    None,
    "*/*",
    "application/json",
    MODERN,
    f"{MODERN};q=0.5, application/json;q=0.9",
    "text/html",
    "text/event-stream",
    "multipart/mixed;deferSpec=20220824, application/json;q=0.5",
    "multipart/mixed",
    "application/json;q=0",
    "nonsense",
)
BODIES: tuple[Any, ...] = (
    {"query": "{ __typename }"},
    {"query": "{"},
    {"query": "{ nothing }"},
    {"query": "query ($a: Int!) { quests(first: $a) { totalCount } }"},
    {"query": QUEST, "variables": {"id": "UXVlc3Q6MA=="}},
    {"query": NAMED, "extensions": {"cost": True}},
    {"query": "{ quests(first: 5) { nodes { id title } totalCount } }"},
    {"query": "{ quests(first: 101) { totalCount } }"},
    {"query": "mutation { signOut { signedOut } }"},
    {"query": "{ __typename ... @defer { viewer { user { email } } } }"},
    {"query": "subscription { nothing }"},
    {"query": ""},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    {"documentId": "sha256:" + "0" * 64},
    {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}},
    {"query": "{ __typename }", "variables": {"a": [[[0]] * 2_000] * 10}},
    [],
    [{"query": "{ __typename }"}],
    "text",
)

Told: TypeAlias = tuple[int, list[tuple[bytes, bytes]], bytes]


async def ask(
    app: ASGIApp, body: bytes, headers: Mapping[str, str] | list[tuple[str, str]], **changes: Any
) -> Told:
    """What an application sends in answer, with all its headers in order."""
    given = headers.items() if isinstance(headers, Mapping) else headers
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "client": ("192.0.2.1", 1),
        "server": ("testserver", 80),
        "headers": [(b"host", b"testserver")]
        + [(name.encode(), value.encode("latin-1")) for name, value in given],
        **changes,
    }
    half = len(body) // 2
    parts: list[Message] = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    whole = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], list(sent[0]["headers"]), whole


def ways(service: Service) -> tuple[ASGIApp, ASGIApp]:
    """The short way, and the ordinary one."""
    app = service.app
    assert isinstance(app, Application)

    async def ordinary(scope: Scope, receive: Receive, send: Send) -> None:
        await Starlette.__call__(app, scope, receive, send)

    return app, ordinary


def masked(told: Told) -> str:
    """An answer without what is random, or of the moment."""
    text = repr(told)
    text = re.sub(r"questline_session=[\w.~-]{20,}", "questline_session=*", text)
    return re.sub(r"\b[0-9a-f]{16}\b|;t=\d+|within \d+ s", "*", text)


async def same(service: Service, body: Any, headers: Any, **changes: Any) -> Told:
    """Both ways' answer, which must be one."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    short, ordinary = ways(service)
    first = await ask(short, raw, headers, **changes)
    second = await ask(ordinary, raw, headers, **changes)
    assert masked(first) == masked(second)
    return first


@pytest.mark.parametrize("accept", ACCEPTS)
async def test_every_kind_of_answer_is_the_same(service: Service, accept: str | None) -> None:
    user = await service.make_user()
    wanted = {} if accept is None else {"accept": accept}
    statuses: set[int] = set()
    for body in BODIES:
        for token in ({}, {"authorization": f"Bearer {user.token}"}, {"authorization": "Bearer x"}):
            if "signOut" in str(body) and token:
                continue
            told = await same(service, body, {**JSON, **wanted, **token})
            statuses.add(told[0])
    assert len(statuses) > 1


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", {}),
        (b"\xff", {}),
        (b"", {}),
        (b'{"query": "' + b"x" * 400_000 + b'"}', {}),
        (b"{}", {"content-length": "99999999"}),
        (b"{}", {"content-type": "text/plain"}),
        (b"{}", {"content-type": "application/json; charset=utf-16"}),
        (b'{"query":"{__typename}"}', {"content-type": "Application/JSON ; charset=UTF-8"}),
        (b"{}", {"content-encoding": "gzip"}),
        (b'{"query":"{__typename}"}', {"x-correlation-id": "no good; one"}),
        (b'{"query":"{__typename}"}', {"origin": "https://evil.example"}),
        (b'{"query":"{__typename}"}', {"origin": "http://testserver"}),
        (b'{"query":"{__typename}"}', {"cookie": "questline_session=x; a=b"}),
        (
            b'{"query":"{__typename}"}',
            {"cookie": "questline_session=x", "sec-fetch-site": "cross-site"},
        ),
        (
            b'{"query":"{__typename}"}',
            {"cookie": "questline_session=x", "origin": "https://evil.example"},
        ),
    ],
)
async def test_what_http_carries_is_judged_alike(
    service: Service, body: bytes, headers: dict[str, str]
) -> None:
    await same(service, body, {**JSON, **headers})


async def test_of_equal_headers_the_first_counts_on_both(service: Service) -> None:
    first, other = await service.make_user(), await service.make_user()
    tokens = [("authorization", f"Bearer {each.token}") for each in (first, other)]
    cookies = [("cookie", "a=b"), ("cookie", f"questline_session={other.token}")]
    types = [("content-type", "application/json"), ("content-type", "text/plain")]
    _, _, body = await same(service, {"query": QUEST.replace("quest(", "a: quest(")}, types)
    query = {"query": "{ viewer { user { email } } }"}
    _, _, body = await same(service, query, [*types, *tokens])
    assert first.email.encode() in body
    _, _, body = await same(service, query, [*types, *cookies])
    refused, _, _ = await same(service, query, types[::-1])
    assert refused == 415


async def test_other_addresses_and_methods_take_the_ordinary_way(service: Service) -> None:
    query = {"query": "{ __typename }"}
    for path in ("/graphql/", "/graphqlx", "/healthz"):
        status, _, _ = await same(service, query, JSON, path=path)
        assert status in (404, 405)
    for method in ("GET", "PUT", "OPTIONS", "HEAD"):
        await same(service, query, JSON, method=method)
    status, _, _ = await same(service, query, JSON, root_path="/api", path="/api/graphql")
    assert status == 200


async def test_cookies_are_set_alike(database: Database) -> None:
    async with pair(database) as (short, ordinary):
        told: list[str] = []
        for way, service in enumerate((short, ordinary)):
            app = ways(service)[way]
            body = json.dumps({"query": SIGN_UP, "variables": {"email": f"ada{way}@test.example"}})
            made = await ask(app, body.encode(), JSON)
            assert b"questline_session=" in dict(made[1])[b"set-cookie"], made
            user = await service.make_user()
            cookie = {"cookie": f"questline_session={user.token}"}
            ended = await ask(app, json.dumps({"query": SIGN_OUT}).encode(), {**JSON, **cookie})
            assert b"Max-Age=0" in dict(ended[1])[b"set-cookie"]
            told.append(masked(made).replace(f"ada{way}", "ada") + masked(ended))
    assert told[0] == told[1]


async def test_counts_and_kept_documents_are_alike(database: Database) -> None:
    async with pair(database, rate_limit_address=7, rate_limit_viewer=3) as (short, ordinary):
        user = await short.make_user()
        signed = {**JSON, "authorization": f"Bearer {user.token}"}
        told: list[list[Told]] = []
        for way, service in enumerate((short, ordinary)):
            app = ways(service)[way]
            sent = [
                ({"extensions": PERSISTED}, JSON),
                ({"query": NAMED, "extensions": PERSISTED}, JSON),
            ]
            sent += [({"extensions": PERSISTED}, signed)] * 7
            told.append([await ask(app, json.dumps(b).encode(), h) for b, h in sent])
    assert [masked(each) for each in told[0]] == [masked(each) for each in told[1]]
    assert [each[0] for each in told[0]] == [200] * 5 + [429] * 4


async def test_a_fault_of_the_endpoint_is_masked_alike(service: Service) -> None:
    short, ordinary = ways(service)
    endpoint = service.app.state.endpoint

    async def broken(_request: object) -> None:
        raise LookupError("a secret")

    service.app.state.endpoint = broken
    try:
        told = [await failed(app) for app in (short, ordinary)]
    finally:
        service.app.state.endpoint = endpoint
    assert told[0] == told[1]
    assert "secret" not in told[0]
    assert "(500, " in told[0]


async def failed(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> str:
    """The answer of an application that raises an error when it has answered."""
    told: list[Told] = []

    async def caught(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(LookupError):
            await app(scope, receive, send)

    told.append(await ask(caught, b"{}", JSON))
    return masked(told[0])


@asynccontextmanager
async def pair(database: Database, **changes: Any) -> AsyncGenerator[tuple[Service, Service]]:
    """Two services over one database, each with counters of its own."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(running(database, **changes)),
            await stack.enter_async_context(running(database, **changes)),
        )


def test_headers_are_looked_up_by_their_names() -> None:
    headers = KnownHeaders([(b"a", b"1"), (b"a", b"2"), (b"b", b"\xe9")])
    assert (headers["a"], headers.get("b"), headers.get("c"), headers.get("c", "")) == (
        ("1", "é", None, "")
    )
    assert "a" in headers
    assert "c" not in headers
    assert headers.getlist("a") == ["1", "2"]
    with pytest.raises(KeyError):
        headers["c"]
