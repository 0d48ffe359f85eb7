"""Attacks on WebSockets: handshakes, frames, and what the protocol does not allow."""

from __future__ import annotations

import zlib
from typing import Any

from tests.attack.attack import Attack, raw
from tests.attack.frames import (
    BINARY,
    CLOSE,
    CONTINUED,
    DEFLATE,
    KEY,
    PING,
    PROTOCOL,
    TEXT,
    VERSION,
    frame,
    handshake,
    message,
    opened,
)
from tests.attack.lines import BAD
from tests.attack.target import Target
from tests.attack.wire import post

INIT = message(type="connection_init")
COMPRESSED = 0x40
FOLLOW = "subscription { questChanged { seq } }"


def subscribe(name: str, query: str = FOLLOW, **payload: Any) -> bytes:
    """The message that begins an operation."""
    return message(id=name, type="subscribe", payload={"query": query, **payload})


def ended(name: str, *answers: str, frames: list[bytes], headers: bytes = b"") -> Attack:
    """Frames after which the server ends the socket; answers are how it does."""

    async def shoot(target: Target, _number: int) -> str:
        async with opened(target.address, KEY + PROTOCOL + VERSION + headers) as socket:
            await socket.send(*frames)
            return await socket.ending()

    return Attack(name, answers, shoot)


def refused(name: str, *answers: str, query: str = FOLLOW, **payload: Any) -> Attack:
    """An operation that is refused, and leaves its socket open; answers are codes."""

    async def shoot(target: Target, _number: int) -> str:
        init = message(
            type="connection_init", payload={"authorization": f"Bearer {target.user.token}"}
        )
        async with opened(target.address) as socket:
            await socket.send(init, subscribe("1", query, **payload), message(type="ping"))
            heard = [await socket.told() for _ in range(3)]
            errors = [each for each in heard if each["type"] == "error"]
            assert {"type": "pong"} in heard, heard
            return " ".join(
                error["extensions"]["code"] for each in errors for error in each["payload"]
            )

    return Attack(name, answers, shoot)


def hand(name: str, *answers: str, headers: bytes, host: str = "127.0.0.1") -> Attack:
    """A handshake that is refused."""
    return raw(name, *answers, parts=[handshake(host, headers)], wait=8)


def bomb(size: int) -> bytes:
    """So many spaces, compressed as the extension does."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b" " * size) + packer.flush(zlib.Z_SYNC_FLUSH)
    return frame(packed[:-4], flags=COMPRESSED)


def nest(depth: int) -> Any:
    """A list so deep."""
    return [nest(depth - 1)] if depth else 1


FOREIGN = b"origin: https://evil.example\r\n"
FORBIDDEN = "403 FORBIDDEN"
UNFIT = "400 text/plain; charset=utf-8"
"""The WebSocket library's own word on what is no handshake."""
HANDSHAKES = [
    hand("socket: a foreign origin", FORBIDDEN, headers=KEY + PROTOCOL + VERSION + FOREIGN),
    hand(
        "socket: no page's origin",
        FORBIDDEN,
        headers=KEY + PROTOCOL + VERSION + b"origin: null\r\n",
    ),
    hand(
        "socket: an origin that is none",
        FORBIDDEN,
        headers=KEY + PROTOCOL + VERSION + b"origin: http://[\r\n",
    ),
    hand(
        "socket: a rebound name",
        FORBIDDEN,
        headers=KEY + PROTOCOL + VERSION + FOREIGN,
        host="evil.example:8000",
    ),
    hand(
        "socket: the protocol of old",
        BAD,
        headers=KEY + b"sec-websocket-protocol: graphql-ws\r\n" + VERSION,
    ),
    hand("socket: no protocol", BAD, headers=KEY + VERSION),
    hand("socket: no key", UNFIT, headers=PROTOCOL + VERSION),
    hand("socket: a short key", UNFIT, headers=b"sec-websocket-key: AA==\r\n" + PROTOCOL + VERSION),
    hand("socket: two keys", UNFIT, headers=KEY + KEY + PROTOCOL + VERSION),
    hand("socket: version 7", UNFIT, headers=KEY + PROTOCOL + b"sec-websocket-version: 7\r\n"),
    raw(
        "socket: by POST",
        BAD,
        "200 ok",
        parts=[
            post(headers=b"upgrade: websocket\r\n" + KEY + VERSION + PROTOCOL).replace(
                b"connection: close", b"connection: upgrade, close"
            )
        ],
    ),
]

FRAMES = [
    ended("socket: an operation before its init", "close 4401", frames=[subscribe("1")]),
    ended("socket: 1,000 inits", "close 4429", frames=[INIT * 1_000]),
    ended(
        "socket: a token of somebody else's making",
        "close 4403",
        frames=[
            message(type="connection_init", payload={"authorization": "Bearer " + "A" * 4_000})
        ],
    ),
    ended(
        "socket: a token of NULs",
        "close 4403",
        frames=[message(type="connection_init", payload={"authorization": "Bearer \0\0"})],
    ),
    ended("socket: an init that is a list", "close 4400", frames=[frame(b"[1]")]),
    ended("socket: no JSON", "close 4400", frames=[frame(b"{")]),
    ended("socket: deep JSON", "close 4400", frames=[frame(b"[" * 100_000)]),
    ended("socket: an unknown type", "close 4400", frames=[message(type="start", id="1")]),
    ended("socket: a type that is a list", "close 4400", frames=[message(type=["ping"])]),
    ended(
        "socket: an operation without id",
        "close 4400",
        frames=[INIT, message(type="subscribe", payload={})],
    ),
    ended("socket: an id of 100,000", "close 4400", frames=[INIT, subscribe("a" * 100_000)]),
    ended("socket: a binary frame", "close 4400", frames=[INIT, frame(b"{}", BINARY)]),
    ended("socket: a text that is not UTF-8", "close 1007", frames=[INIT, frame(b'"\xff\xfe"')]),
    ended("socket: a frame without mask", "close 1002", frames=[INIT, frame(b"{}", masked=False)]),
    ended("socket: a reserved bit", "close 1002", frames=[INIT, frame(b"{}", flags=0x20)]),
    ended("socket: an unknown kind of frame", "close 1002", frames=[INIT, frame(b"{}", 5)]),
    ended("socket: a ping of 200 bytes", "close 1002", frames=[INIT, frame(b"a" * 200, PING)]),
    ended("socket: a ping in parts", "close 1002", frames=[INIT, frame(b"a", PING, final=False)]),
    ended("socket: a continuation of nothing", "close 1002", frames=[INIT, frame(b"a", CONTINUED)]),
    ended(
        "socket: a text inside a text",
        "close 1002",
        frames=[INIT, frame(b"a", final=False), frame(b"b", TEXT)],
    ),
    ended("socket: a close with half a code", "close 1002", frames=[INIT, frame(b"a", CLOSE)]),
    ended(
        "socket: a close with a code that is none",
        "close 1002",
        frames=[INIT, frame(b"\x00\x01", CLOSE)],
    ),
    ended("socket: a message of 400 kB", "close 1009", frames=[INIT, frame(b" " * 400_000)]),
    ended(
        "socket: a message of 400 kB in parts",
        "close 1009",
        frames=[
            INIT,
            frame(b" ", final=False),
            *[frame(b" " * 100, CONTINUED, final=False)] * 4_000,
        ],
    ),
    ended(
        "socket: a length past 2 to the 62nd",
        "close 1009",
        "close 1002",
        frames=[INIT, b"\x81\xff" + b"\x7f" + b"\xff" * 7 + bytes(4)],
    ),
    ended(
        "socket: a compressed bomb of 100 MB",
        "close 1009",
        frames=[INIT, bomb(100_000_000)],
        headers=DEFLATE,
    ),
    ended(
        "socket: compressed nonsense",
        "close 1002",
        "close 1007",
        frames=[INIT, frame(b"\xff" * 100, flags=COMPRESSED)],
        headers=DEFLATE,
    ),
]

REFUSALS = [
    refused("socket: no document", "BAD_REQUEST", query=""),
    refused(
        "socket: a deep variable", "QUERY_TOO_COMPLEX", "BAD_REQUEST", variables={"a": nest(200)}
    ),
    refused("socket: variables that are a text", "BAD_REQUEST", variables="{}"),
    refused("socket: braces to the token limit", "QUERY_TOO_COMPLEX", query="{a" * 660 + "}" * 660),
    refused(
        "socket: introspection",
        "GRAPHQL_VALIDATION_FAILED",
        query="{ __schema { queryType { name } } }",
    ),
    refused(
        "socket: an unknown hash",
        "PERSISTED_QUERY_NOT_FOUND",
        query="",
        extensions={"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}},
    ),
    refused(
        "socket: a position past 2 to the 53rd",
        "GRAPHQL_VALIDATION_FAILED",
        query="subscription { questChanged(since: 9007199254740993) { seq } }",
    ),
    refused(
        "socket: a position below zero",
        "BAD_USER_INPUT",
        "RESYNC_REQUIRED",
        query="subscription { questChanged(since: -1) { seq } }",
    ),
]
