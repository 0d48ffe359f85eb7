"""Attacks below GraphQL: what a connection says that is no HTTP, or is HTTP of two meanings."""

from __future__ import annotations

from tests.attack.attack import Attack, raw
from tests.attack.frames import KEY, VERSION
from tests.attack.wire import HELLO, HOST, JSON, LAST, post

BAD = "400 BAD_REQUEST"
HEAD = "431 BAD_REQUEST"
FINE = "200 ok"
CLOSED = "closed"
POST = b"POST /graphql HTTP/1.1\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"
SMUGGLED = b"GET /graphql?query=%7Bsmuggled%7D HTTP/1.1\r\nhost: x\r\n\r\n"
"""A request that must never be answered where it stands in the body of another."""


def chunk(data: bytes) -> bytes:
    """A part of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


ENDED = chunk(b"")


def headed(name: str, *answers: str, head: bytes, body: bytes = b"") -> Attack:
    """A POST of which all but the first line is given."""
    return raw(name, *answers, parts=[POST + head + b"\r\n" + body])


SMUGGLING = [
    headed(
        "smuggling: both lengths",
        BAD,
        head=HOST + JSON + b"content-length: 5\r\n" + CHUNKED,
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: both lengths, turned round",
        BAD,
        head=HOST + JSON + CHUNKED + b"content-length: 5\r\n",
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: two lengths",
        BAD,
        head=HOST + JSON + b"content-length: 2\r\ncontent-length: 26\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a list of lengths",
        BAD,
        head=HOST + JSON + b"content-length: 26, 26\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a signed length", BAD, head=HOST + JSON + b"content-length: +26\r\n", body=HELLO
    ),
    headed(
        "smuggling: a negative length",
        BAD,
        head=HOST + JSON + b"content-length: -1\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a length in hexadecimal",
        BAD,
        head=HOST + JSON + b"content-length: 0x1a\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a length past 64 bits",
        BAD,
        head=HOST + JSON + b"content-length: 18446744073709551642\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: xchunked",
        BAD,
        head=HOST + JSON + b"transfer-encoding: xchunked\r\n",
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: chunked, identity",
        BAD,
        head=HOST + JSON + b"transfer-encoding: chunked, identity\r\n",
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: chunked twice", BAD, head=HOST + JSON + CHUNKED + CHUNKED, body=ENDED + SMUGGLED
    ),
    headed(
        "smuggling: a space before the colon",
        BAD,
        head=HOST + JSON + b"transfer-encoding : chunked\r\n",
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: a tab in the coding",
        BAD,
        head=HOST + JSON + b"transfer-encoding:\x0bchunked\r\n",
        body=ENDED + SMUGGLED,
    ),
    headed(
        "smuggling: a bare line feed",
        BAD,
        head=HOST + JSON + b"content-length: 2\r\nx: y\ncontent-length: 26\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a bare carriage return",
        BAD,
        head=HOST + JSON + b"x: y\rcontent-length: 2\r\n",
        body=HELLO,
    ),
    headed(
        "smuggling: a folded line",
        BAD,
        head=HOST + JSON + b"content-length: 26\r\n x: y\r\n",
        body=HELLO,
    ),
    headed("smuggling: NUL in a header", BAD, head=HOST + JSON + b"x: a\0b\r\n", body=HELLO),
    headed("smuggling: a header without a name", BAD, head=HOST + JSON + b": y\r\n", body=HELLO),
    headed("smuggling: no host", BAD, head=JSON + LAST + b"content-length: 26\r\n", body=HELLO),
    headed(
        "smuggling: two hosts",
        BAD,
        head=HOST + b"host: evil.example\r\n" + JSON + LAST + b"content-length: 26\r\n",
        body=HELLO,
    ),
    headed(
        "chunks: a size past 64 bits",
        BAD,
        head=HOST + JSON + CHUNKED,
        body=b"fffffffffffffffff\r\n",
    ),
    headed("chunks: a negative size", BAD, head=HOST + JSON + CHUNKED, body=b"-1\r\n"),
    headed("chunks: a size that is no number", BAD, head=HOST + JSON + CHUNKED, body=b"zz\r\n"),
    headed(
        "chunks: an end that lies", BAD, head=HOST + JSON + CHUNKED, body=b"2\r\n{}{}\r\n0\r\n\r\n"
    ),
    raw(
        "chunks: 400 kB",
        "413 BAD_REQUEST",
        parts=[POST + HOST + JSON + CHUNKED + LAST + b"\r\n", *[chunk(b" " * 40_000)] * 10, ENDED],
    ),
    raw(
        "chunks: 20,000 of one byte",
        "200 ok",
        parts=[
            POST + HOST + JSON + CHUNKED + LAST + b"\r\n",
            chunk(HELLO),
            chunk(b" ") * 20_000,
            ENDED,
        ],
    ),
    raw(
        "chunks: an extension of 1 MB",
        "408 BAD_REQUEST",
        parts=[POST + HOST + JSON + CHUNKED + LAST + b"\r\n1;", *[b"a" * 100_000] * 10],
    ),
    raw(
        "chunks: trailers without end",
        "408 BAD_REQUEST",
        parts=[
            POST + HOST + JSON + CHUNKED + LAST + b"\r\n" + chunk(HELLO) + b"0\r\n",
            *[b"x: y\r\n" * 2_000] * 20,
        ],
    ),
]

HTTP = [
    raw("HTTP 1.0", FINE, parts=[post().replace(b"HTTP/1.1", b"HTTP/1.0")]),
    raw(
        "HTTP 1.0 without a host",
        FINE,
        parts=[post().replace(b"HTTP/1.1", b"HTTP/1.0").replace(HOST, b"")],
    ),
    raw("HTTP 0.9", BAD, CLOSED, parts=[b"GET /graphql\r\n\r\n"]),
    raw("HTTP 9.9", BAD, parts=[post().replace(b"HTTP/1.1", b"HTTP/9.9")]),
    raw("HTTP 2 at once", BAD, parts=[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]),
    raw(
        "HTTP 2 by upgrade",
        BAD,
        parts=[
            post(headers=b"upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n").replace(
                LAST, b"connection: upgrade, http2-settings, close\r\n"
            )
        ],
    ),
    raw("TLS", BAD, parts=[b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500]),
    raw("a method of 100 letters", BAD, parts=[post().replace(b"POST", b"A" * 100)]),
    raw("an unknown method", BAD, parts=[post().replace(b"POST", b"FOO")]),
    raw(
        "CONNECT",
        BAD,
        "405 BAD_REQUEST",
        "404 NOT_FOUND",
        parts=[b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n" + LAST + b"\r\n"],
    ),
    raw(
        "OPTIONS *", "404 NOT_FOUND", BAD, parts=[b"OPTIONS * HTTP/1.1\r\n" + HOST + LAST + b"\r\n"]
    ),
    raw(
        "an address of elsewhere",
        FINE,
        "404 NOT_FOUND",
        BAD,
        parts=[post().replace(b" /graphql ", b" http://evil.example/graphql ")],
    ),
    raw(
        "an address that is none",
        BAD,
        "404 NOT_FOUND",
        parts=[post().replace(b" /graphql ", b" http://[ ")],
    ),
    raw(
        "an address of 15 kB",
        FINE,
        HEAD,
        "404 NOT_FOUND",
        parts=[b"GET /" + b"a" * 15_000 + b" HTTP/1.1\r\n" + HOST + LAST + b"\r\n"],
    ),
    raw(
        "an address of 60 kB",
        HEAD,
        parts=[b"GET /graphql?query=" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + LAST + b"\r\n"],
    ),
    raw(
        "path: up and away",
        "404 NOT_FOUND",
        parts=[b"GET /static/../../pyproject.toml HTTP/1.1\r\n" + HOST + LAST + b"\r\n"],
    ),
    raw(
        "path: up and away, with backslashes",
        "404 NOT_FOUND",
        parts=[b"GET /static/..\\..\\pyproject.toml HTTP/1.1\r\n" + HOST + LAST + b"\r\n"],
    ),
    raw(
        "path: bytes of no alphabet",
        "404 NOT_FOUND",
        BAD,
        parts=[b"GET /static/\xff\xfe HTTP/1.1\r\n" + HOST + LAST + b"\r\n"],
    ),
    raw(
        "headers: 1,000",
        HEAD,
        parts=[post(headers=b"".join(b"x-%d: 1\r\n" % n for n in range(1_000)))],
    ),
    raw("headers: one of 100 kB", HEAD, parts=[post(headers=b"x: " + b"a" * 100_000 + b"\r\n")]),
    raw("headers: one name of 100 kB", HEAD, parts=[post(headers=b"a" * 100_000 + b": x\r\n")]),
    raw(
        "headers: cookies of 12 kB",
        FINE,
        parts=[post(headers=b"cookie: " + b"a=b; " * 2_400 + b"\r\n")],
    ),
    raw(
        "headers: bytes of no alphabet",
        FINE,
        BAD,
        parts=[post(headers=b"x-correlation-id: \xff\xfe\r\nuser-agent: \xff\r\n")],
    ),
    raw(
        "pipelining: 80 requests",
        " + ".join([FINE] * 80),
        parts=[post(last=False) * 79 + post()],
    ),
    raw(
        "expect: 100-continue",
        "100 empty + 200 ok",
        FINE,
        parts=[post(headers=b"expect: 100-continue\r\n")],
    ),
    raw(
        "expect: the impossible",
        FINE,
        "417 BAD_REQUEST",
        parts=[post(headers=b"expect: 200-maybe\r\n")],
    ),
    raw(
        "an upgrade to nothing",
        FINE,
        BAD,
        parts=[
            post(headers=b"upgrade: nothing\r\n").replace(LAST, b"connection: upgrade, close\r\n")
        ],
    ),
]

SLOW = [
    raw(
        "an upgrade of a POST to WebSocket",
        BAD,
        parts=[
            post(headers=b"upgrade: websocket\r\n" + KEY + VERSION).replace(
                LAST, b"connection: upgrade\r\n"
            )
        ],
        wait=8,
    ),
    raw("half a body, then nothing", "408 BAD_REQUEST", parts=[post()[:-5]]),
    raw("half a head, then nothing", "408 BAD_REQUEST", parts=[post()[:40]]),
    raw("nothing at all", CLOSED, parts=[]),
    raw(
        "slowloris: a header at a time",
        "408 BAD_REQUEST",
        parts=[POST, *[b"x: y\r\n"] * 30],
        pause=0.1,
    ),
    raw(
        "slowloris: a byte of the body at a time",
        "408 BAD_REQUEST",
        parts=[post()[: -len(HELLO)], *[b"{"] * 25],
        pause=0.1,
    ),
    raw(
        "slowloris: chunks",
        "408 BAD_REQUEST",
        parts=[POST + HOST + JSON + CHUNKED + b"\r\n", *[chunk(b" ")] * 30],
        pause=0.1,
    ),
    raw(
        "a request, then nothing",
        f"{FINE} + 408 BAD_REQUEST",
        FINE,
        parts=[post(last=False)],
        wait=8,
    ),
    raw(
        "a body that goes on after its refusal",
        "413 BAD_REQUEST",
        parts=[
            POST + HOST + JSON + CHUNKED + b"\r\n",
            chunk(b" " * 300_001),
            *[chunk(b" " * 1_000)] * 60,
        ],
        pause=0.05,
        wait=2,
    ),
    raw(
        "a body that was announced and refused",
        "413 BAD_REQUEST",
        parts=[POST + HOST + JSON + b"content-length: 900000000\r\n\r\n", *[b" " * 1_000] * 60],
        pause=0.05,
        wait=2,
    ),
]
