"""What a connection may do below HTTP: heads, clocks, and answers that nobody reads."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
import uvicorn

from app.core import paths
from app.core.settings import Settings
from app.http.protocol import guarded
from app.serving import bind
from tests.support import Database, Service, running

HELLO = b'{"query":"{ __typename }"}'


@asynccontextmanager
async def listening(service: Service, **changes: Any) -> AsyncGenerator[int]:
    """The service on a real port, behind the guarded protocol."""
    settings = Settings(**changes)
    config = uvicorn.Config(
        service.app, http=guarded(settings), log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    # The service of the test has started already; its application must not start once more.
    with bind("127.0.0.1", 0) as listener, no_signals(server):
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@contextmanager
def no_signals(server: uvicorn.Server) -> Generator[None]:
    """Leave the signals to the test run."""

    @contextmanager
    def nothing() -> Generator[None]:
        yield

    server.capture_signals = nothing
    yield


async def talk(port: int, *parts: bytes, pause: float = 0, wait: float = 5) -> bytes:
    """All that the server says until it closes, or for `wait` seconds after the last part."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = bytearray()

    async def listen() -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                heard.extend(chunk)

    listener = asyncio.create_task(listen())
    try:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
        await asyncio.wait([listener], timeout=wait)
        return bytes(heard)
    finally:
        listener.cancel()
        await ended(writer)


async def ended(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever the other side did to it."""
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def post(body: bytes = HELLO, *headers: bytes) -> bytes:
    lines = [
        b"POST /graphql HTTP/1.1",
        b"host: test",
        b"content-type: application/json",
        b"content-length: %d" % len(body),
        b"connection: close",
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def refusal(heard: bytes) -> tuple[int, str]:
    head, _, body = heard.partition(b"\r\n\r\n")
    assert b"application/json" in head
    (error,) = json.loads(body)["errors"]
    assert error["extensions"]["correlationId"].encode() in head
    return int(head.split(b" ")[1]), error["extensions"]["code"]


async def test_an_ordinary_request(service: Service) -> None:
    async with listening(service) as port:
        heard = await talk(port, post())
    assert heard.startswith(b"HTTP/1.1 200")
    assert heard.endswith(b'{"data":{"__typename":"Query"}}')


async def test_requests_may_follow_on_one_connection(service: Service) -> None:
    keep = post().replace(b"connection: close\r\n", b"")
    async with listening(service) as port:
        heard = await talk(port, keep + keep, keep, post(), pause=0.2)
    assert heard.count(b'{"data":{"__typename":"Query"}}') == 4


@pytest.mark.parametrize(
    "head",
    [
        b"x-big: " + b"a" * 40_000,
        b"\r\n".join(b"x-%d: 1" % n for n in range(200)),
        b"\r\n".join(b"x-%d: %s" % (n, b"a" * 400) for n in range(90)),
    ],
)
async def test_a_flood_of_headers(service: Service, head: bytes) -> None:
    async with listening(service) as port:
        assert refusal(await talk(port, post(HELLO, head))) == (431, "BAD_REQUEST")
        endless = await talk(
            port, b"POST /graphql HTTP/1.1\r\nx-endless: ", *[b"a" * 9_000] * 4, pause=0.1
        )
        assert refusal(endless) == (431, "BAD_REQUEST")
        assert (await talk(port, post())).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "nonsense", [b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n"]
)
async def test_no_http(service: Service, nonsense: bytes) -> None:
    async with listening(service) as port:
        assert refusal(await talk(port, nonsense)) == (400, "BAD_REQUEST")


async def test_half_open_and_slow_heads_are_cut_off(service: Service) -> None:
    async with listening(service, head_timeout=0.5) as port:
        assert await talk(port, wait=5) == b""
        slow = [b"POST /graphql HTTP/1.1\r\n", *[b"x: y\r\n"] * 20]
        assert refusal(await talk(port, *slow, pause=0.05)) == (408, "BAD_REQUEST")
        # A second request on a connection gets no more time than the first.
        keep = post().replace(b"connection: close\r\n", b"")
        heard = await talk(port, keep, b"POST /gra", pause=0.3)
        assert heard.count(b"HTTP/1.1 200") == 1
        assert b"HTTP/1.1 408" in heard


async def test_too_many_connections(service: Service) -> None:
    async with listening(service, max_connections=3) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert refusal(await talk(port, post())) == (503, "RATE_LIMITED")
        await ended(held[0][1])
        await asyncio.sleep(0.2)
        assert (await talk(port, post())).startswith(b"HTTP/1.1 200")
        for _, writer in held[1:]:
            await ended(writer)


async def test_an_answer_that_nobody_reads(service: Service) -> None:
    largest = max((paths.STATIC / "graphiql").iterdir(), key=lambda file: file.stat().st_size)
    ask = f"GET /static/graphiql/{largest.name} HTTP/1.1\r\nhost: test\r\n\r\n".encode()
    async with listening(service, read_timeout=0.5) as port:
        # With so small a limit the reader stops reading at once; answers pile up over there.
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(ask * 4)
        await asyncio.sleep(2)
        got = 0
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                got += len(chunk)
        assert got < 4 * largest.stat().st_size
        await ended(writer)
        assert (await talk(port, post())).startswith(b"HTTP/1.1 200")


async def test_a_body_that_says_it_is_too_large(service: Service) -> None:
    async with listening(service) as port:
        large = post().replace(b"content-length: %d" % len(HELLO), b"content-length: 9000000")
        assert refusal(await talk(port, large)) == (413, "BAD_REQUEST")


async def test_a_slow_body(database: Database) -> None:
    async with running(database, body_timeout=0.5) as slow, listening(slow) as port:
        whole = post()
        assert refusal(await talk(port, whole[:-5], wait=8)) == (408, "BAD_REQUEST")
        assert (await talk(port, whole)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"deflate"])
async def test_compressed_bodies(service: Service, encoding: bytes) -> None:
    async with listening(service) as port:
        heard = await talk(port, post(HELLO, b"content-encoding: " + encoding))
    assert refusal(heard) == (415, "BAD_REQUEST")


async def test_other_addresses_and_methods(service: Service) -> None:
    for method, path, status in [
        ("GET", "/nothing", 404),
        ("GET", "/static/../pyproject.toml", 404),
        ("GET", "/static/nothing.js", 404),
        ("POST", "/healthz", 405),
    ]:
        response = await service.client.request(method, path)
        assert response.status_code == status, path
        assert response.headers["content-type"].startswith("application/json")
        assert response.json()["errors"][0]["extensions"]["correlationId"]
