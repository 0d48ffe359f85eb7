"""Speaks WebSocket frame by frame, to say what no client library would."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
PROTOCOL = b"sec-websocket-protocol: graphql-transport-ws\r\n"
VERSION = b"sec-websocket-version: 13\r\n"
DEFLATE = b"sec-websocket-extensions: permessage-deflate; client_no_context_takeover\r\n"


def handshake(host: str, headers: bytes = KEY + PROTOCOL + VERSION) -> bytes:
    """The request that opens a socket."""
    return (
        b"GET /graphql HTTP/1.1\r\nhost: "
        + host.encode()
        + b"\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + headers
        + b"\r\n"
    )


def frame(
    payload: bytes, kind: int = TEXT, *, final: bool = True, flags: int = 0, masked: bool = True
) -> bytes:
    """One frame; its mask is of zeros, which changes nothing."""
    size = len(payload)
    mask = 0x80 if masked else 0
    if size < 126:
        length = bytes([mask | size])
    elif size < 65_536:
        length = bytes([mask | 126]) + struct.pack(">H", size)
    else:
        length = bytes([mask | 127]) + struct.pack(">Q", size)
    return bytes([(0x80 if final else 0) | flags | kind]) + length + bytes(4 * masked) + payload


def message(**fields: Any) -> bytes:
    """A message of the protocol, in a frame."""
    return frame(json.dumps(fields).encode())


class Frames:
    """One open socket; what the server says is read as it is asked for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *frames: bytes) -> None:
        """Send frames; a server that has gone is noticed when it is listened to."""
        with contextlib.suppress(ConnectionError):
            for each in frames:
                self._writer.write(each)
                await self._writer.drain()

    async def hear(self, seconds: float = 8) -> tuple[int, bytes]:
        """The next frame, its kind and payload; (CLOSE, b"") where the connection just ended."""
        try:
            async with asyncio.timeout(seconds):
                head = await self._reader.readexactly(2)
                size = head[1] & 0x7F
                if size == 126:
                    (size,) = struct.unpack(">H", await self._reader.readexactly(2))
                elif size == 127:
                    (size,) = struct.unpack(">Q", await self._reader.readexactly(8))
                return head[0] & 0x0F, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return CLOSE, b""

    async def ending(self, seconds: float = 8) -> str:
        """How the server ends the socket: `close 4400`, or `closed` where it says nothing."""
        while True:
            kind, payload = await self.hear(seconds)
            if kind == CLOSE:
                return f"close {struct.unpack('>H', payload[:2])[0]}" if payload else "closed"

    async def told(self, seconds: float = 8) -> Any:
        """The next message of the protocol; how the socket ended where there is none."""
        while True:
            kind, payload = await self.hear(seconds)
            if kind == TEXT:
                return json.loads(payload)
            if kind == CLOSE:
                return {"type": f"close {struct.unpack('>H', payload[:2])[0] if payload else ''}"}


@asynccontextmanager
async def opened(address: str, headers: bytes = KEY + PROTOCOL + VERSION) -> AsyncGenerator[Frames]:
    """A socket right after its handshake, which must have been taken."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(handshake(address, headers))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        yield Frames(reader, writer)
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
