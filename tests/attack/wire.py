"""Speaks HTTP byte by byte, to say what no client library would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

from tests.attack.answers import UnfitAnswerError, leaks, summary

HELLO = b'{"query":"{ __typename }"}'
HOST = b"host: 127.0.0.1\r\n"
JSON = b"content-type: application/json\r\n"
LAST = b"connection: close\r\n"
MODERN = b"application/graphql-response+json"


def post(body: bytes = HELLO, headers: bytes = b"", *, last: bool = True) -> bytes:
    """A request that is right but for the given headers."""
    length = b"content-length: %d\r\n" % len(body)
    return (
        b"POST /graphql HTTP/1.1\r\n"
        + HOST
        + JSON
        + length
        + headers
        + (LAST if last else b"")
        + b"\r\n"
        + body
    )


@asynccontextmanager
async def connected(
    port: int,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that is cut off at the end, whatever the other side did to it."""
    # With so small a limit what nobody reads soon piles up over there.
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=16_384)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def talk(port: int, *parts: bytes, pause: float = 0, wait: float = 5) -> bytes:
    """All that the server says until it closes; raises where it keeps the connection open.

    It has `wait` seconds to close after the last part was sent.
    """
    heard = bytearray()
    async with connected(port) as (reader, writer):

        async def listen() -> None:
            with contextlib.suppress(ConnectionError):
                while chunk := await reader.read(65_536):
                    heard.extend(chunk)

        listener = asyncio.create_task(listen())
        try:
            with contextlib.suppress(ConnectionError):
                for part in parts:
                    if listener.done():
                        break
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
            done, _ = await asyncio.wait([listener], timeout=wait)
        finally:
            listener.cancel()
    if not done:
        raise UnfitAnswerError(f"the connection stays open; heard {bytes(heard[:200])!r}")
    return bytes(heard)


def summaries(heard: bytes, sent: str = "") -> Iterator[str]:
    """Each answer of a connection in a few words; raises where one tells too much."""
    while heard:
        head, _, rest = heard.partition(b"\r\n\r\n")
        status_line, *lines = head.split(b"\r\n")
        status = int(status_line.split(b" ")[1])
        headers = dict(line.lower().split(b": ", 1) for line in lines)
        length = int(headers.get(b"content-length", b"0"))
        if headers.get(b"transfer-encoding") == b"chunked":
            length = len(rest)  # of an answer that is the last one, as streams are
        content_type = headers.get(b"content-type", b"")
        if content_type.startswith((b"application/json", MODERN)):
            yield summary(status, rest[:length], sent)
        else:
            told = leaks(rest[:length].decode("utf-8", "replace"), sent)
            if told and not content_type.startswith(b"text/html"):
                raise UnfitAnswerError(f"{status} tells {told}: {rest[:1000]!r}")
            fault = " INTERNAL" if b'"INTERNAL"' in rest[:length] else ""
            yield f"{status} {content_type.decode() or 'empty'}{fault}"
        heard = rest[length:]
