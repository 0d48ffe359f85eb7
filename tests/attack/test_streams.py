"""Streams over plain HTTP: too many, left at once, or never read."""

from __future__ import annotations

import asyncio
import contextlib
import json
from contextlib import AsyncExitStack

from tests.attack.answers import leaks
from tests.attack.conftest import Ledger
from tests.attack.rounds import rounds
from tests.attack.target import POOL, Target
from tests.attack.test_floods import steady
from tests.attack.wire import HOST, JSON, connected

FOLLOW = "subscription { questChanged { seq } }"
DEFERRED = """
query { quests(first: 100) { nodes { id ... @defer { title description sourceQuest { key } } } } }
"""
PARTS = b"accept: multipart/mixed;deferSpec=20220824, application/json\r\n"
EVENTS = b"accept: text/event-stream\r\n"
MOST = 50
"""Streams of one user: five sockets of ten operations."""


def streaming(target: Target, query: str, headers: bytes) -> bytes:
    """A request for a stream."""
    body = json.dumps({"query": query}).encode()
    bearer = f"authorization: {target.bearer()['authorization']}\r\n".encode()
    length = b"content-length: %d\r\n" % len(body)
    return b"POST /graphql HTTP/1.1\r\n" + HOST + JSON + bearer + headers + length + b"\r\n" + body


async def begun(target: Target, stack: AsyncExitStack, query: str, headers: bytes) -> int:
    """Open a stream that stays open as long as the stack; the status that it begins with."""
    reader, writer = await stack.enter_async_context(connected(target.port))
    writer.write(streaming(target, query, headers))
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ")[1])


@rounds(1, 5)
async def test_streams_of_one_user(production: Target, count: int, ledger: Ledger) -> None:
    """Fifty; more are refused, and there is room again when they have gone."""
    for _ in range(count + 1):
        async with steady(production, ledger, "flood: 60 streams of one user"):
            async with AsyncExitStack() as stack:
                opened = [begun(production, stack, FOLLOW, EVENTS) for _ in range(MOST + 10)]
                statuses = await asyncio.gather(*opened)
                assert sorted(statuses) == [200] * MOST + [429] * 10
                await production.assert_healthy()
            await asyncio.sleep(0.5)
    await production.assert_idle()


@rounds(40, 400)
async def test_streams_that_are_left_at_once(
    production: Target, count: int, ledger: Ledger
) -> None:
    async with steady(production, ledger, f"flood: {count} streams that are left at once"):
        for number in range(count):
            query, headers = ((FOLLOW, EVENTS), (DEFERRED, PARTS), (DEFERRED, EVENTS))[number % 3]
            async with connected(production.port) as (_, writer):
                writer.write(streaming(production, query, headers))
                with contextlib.suppress(ConnectionError):
                    await writer.drain()
    await production.assert_idle()
    async with AsyncExitStack() as stack:
        assert await begun(production, stack, FOLLOW, EVENTS) == 200


@rounds(3, 20)
async def test_deferred_parts_that_nobody_reads(
    production: Target, count: int, ledger: Ledger
) -> None:
    """More of them than the pool has connections: none keeps its own."""
    name = f"flood: {count * POOL} deferred, unread"
    async with steady(production, ledger, name), AsyncExitStack() as stack:
        asked = (begun(production, stack, DEFERRED, PARTS) for _ in range(count * POOL))
        assert set(await asyncio.gather(*asked)) == {200}
        await production.assert_healthy()
    await production.assert_idle()


async def test_errors_in_a_stream_are_as_elsewhere(production: Target) -> None:
    for query in ("{ nothing }", "{", "subscription { questChanged(since: -1) { seq } }"):
        response = await production.service.client.post(
            "/graphql",
            json={"query": query},
            headers={"accept": "text/event-stream", **production.bearer()},
        )
        assert response.headers["content-type"].startswith("text/event-stream")
        assert '"correlationId"' in response.text
        assert leaks(response.text, query) == []
