"""Floods: more than any client sends, on one connection or on many; memory stays where it was."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.attack import wire
from tests.attack.conftest import Ledger
from tests.attack.lines import CHUNKED, POST, chunk
from tests.attack.rounds import rounds
from tests.attack.target import Target
from tests.attack.wire import HELLO, HOST, JSON, LAST, post

MOST_GROWTH = 60_000_000
"""Bytes that a flood may add; what is freed need not be given back to the system."""
MEGABYTE = 1_000_000


@asynccontextmanager
async def steady(target: Target, ledger: Ledger, name: str) -> AsyncGenerator[None]:
    """Watches the memory of the service while something floods it, and its health afterwards."""
    before = target.memory()
    highest = before

    async def watch() -> None:
        nonlocal highest
        while True:
            highest = max(highest, target.memory())
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
    grown = (highest - before) / MEGABYTE
    verdict = "held" if highest - before < MOST_GROWTH else "GREW"
    ledger(name, f"memory grew by {grown:.0f} MB", None, verdict)
    assert verdict == "held", f"{name}: memory grew by {grown:.0f} MB"
    await target.assert_healthy()


async def pour(target: Target, head: bytes, part: bytes, megabytes: int) -> None:
    """Send so much on one connection, or until the server ends it; all that it says is read."""
    async with wire.connected(target.port) as (reader, writer):

        async def listen() -> None:
            with contextlib.suppress(ConnectionError):
                while await reader.read(MEGABYTE):
                    pass

        listening = asyncio.create_task(listen())
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(20):
                writer.write(head)
                for _ in range(megabytes * MEGABYTE // len(part)):
                    writer.write(part)
                    await writer.drain()
        listening.cancel()


def parts() -> Iterator[tuple[str, bytes, bytes]]:
    """What is poured: a name, how it begins, and what follows without end."""
    chunked = POST + HOST + JSON + CHUNKED + b"\r\n"
    yield "trailers", chunked + chunk(HELLO) + b"0\r\n", b"x: y\r\n" * 2_000
    yield "a chunk's extension", chunked + b"1;", b"a" * 100_000
    yield "a body", chunked, chunk(b" " * 60_000)
    yield "a header", POST + b"x: ", b"a" * 60_000
    yield "an address", b"GET /", b"a" * 60_000
    yield "empty lines", b"", b"\r\n" * 30_000
    yield "pipelined requests", b"", post(last=False) * 500
    yield "pipelined requests to nowhere", b"", b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n" * 500


@rounds(4, 60)
async def test_pouring_without_end(production: Target, count: int, ledger: Ledger) -> None:
    for name, head, part in parts():
        async with steady(production, ledger, f"flood: {count} MB of {name}"):
            await pour(production, head, part, count)


@rounds(60, 500)
async def test_connections_that_say_nothing(production: Target, count: int, ledger: Ledger) -> None:
    """They are closed by themselves, and others are served meanwhile."""
    name = f"flood: {count} half-open connections"
    async with steady(production, ledger, name), AsyncExitStack() as stack:
        silent = [
            await stack.enter_async_context(wire.connected(production.port)) for _ in range(count)
        ]
        for _, writer in silent[::2]:
            writer.write(b"POST /graphql HTTP/1.1\r\nx: " + b"a" * 10_000)
        await production.assert_healthy()
        async with asyncio.timeout(20):
            for reader, _ in silent:
                await reader.read()


@rounds(150, 3_000)
async def test_junk_does_not_push_out_persisted_documents(
    production: Target, count: int, ledger: Ledger
) -> None:
    """Hashes of documents that can't run, or that others made up, are not kept."""
    kept = "{ viewer { user { email } } } # everybody's"
    known = {"persistedQuery": {"version": 1, "sha256Hash": digest(kept)}}
    client = production.service.client
    await client.post("/graphql", json={"query": kept, "extensions": known})
    async with steady(production, ledger, f"flood: {count} persisted documents of junk"):
        for number in range(count):
            junk = f"{{ nothing{number} }}" if number % 2 else f"{{ a{number}"
            hashed = {"persistedQuery": {"version": 1, "sha256Hash": digest(junk)}}
            await client.post("/graphql", json={"query": junk, "extensions": hashed})
    answer = await client.post("/graphql", json={"extensions": known})
    assert "PERSISTED_QUERY_NOT_FOUND" not in answer.text


@rounds(300, 5_000)
async def test_new_documents_do_not_pile_up(production: Target, count: int, ledger: Ledger) -> None:
    """Each large, each another: what is remembered of them is bounded."""
    large = "{ viewer { user { email } } } #" + "a" * 15_000
    async with steady(production, ledger, f"flood: {count} documents of 15 kB"):
        for number in range(0, count, 10):
            texts = (f"{large} {each}" for each in range(number, number + 10))
            await asyncio.gather(*(production.service.ask(text) for text in texts))


@rounds(1, 2)
async def test_requests_whose_answers_nobody_reads(
    production: Target, count: int, ledger: Ledger
) -> None:
    """A client that sends and sends and never reads is cut off."""
    name = "flood: answers that nobody reads"
    async with steady(production, ledger, name), wire.connected(production.port) as (_, writer):
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(15 * count):
                while True:
                    writer.write(post(last=False) * 50)
                    await writer.drain()


@rounds(200, 2_000)
async def test_a_client_that_leaves_at_once(production: Target, count: int, ledger: Ledger) -> None:
    """Requests whose client is gone before they are answered hold nothing."""
    async with steady(production, ledger, f"flood: {count} clients that leave at once"):
        for _ in range(count):
            async with wire.connected(production.port) as (_, writer):
                writer.write(post(b'{"query": "{ quests { totalCount } }"}'))
                await writer.drain()
    await production.assert_idle()


@rounds(100, 500)
async def test_many_at_once(production: Target, count: int, ledger: Ledger) -> None:
    """More requests at once than the pool has connections, in bodies that come in halves."""
    whole = post(b'{"query": "{ quests { totalCount } }"}', LAST.replace(b"connection", b"x"))
    async with steady(production, ledger, f"flood: {count} at once, in halves"):
        heard = await asyncio.gather(
            *(wire.talk(production.port, whole[:-9], whole[-9:], pause=0.1) for _ in range(count))
        )
    answers = {answer for each in heard for answer in wire.summaries(each)}
    assert answers == {"200 UNAUTHENTICATED"}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
