"""Answers at one go are those of the ordinary way, on connections of every kind."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from tests.http.test_protocol import HELLO, ended, listening, post, talk
from tests.support import Service

SLOW = b'{"query":"{ quests(first: 1) { totalCount } }"}'


def split(heard: bytes) -> tuple[list[bytes], bytes]:
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = [re.sub(rb"(x-correlation-id: ).*", rb"\1*", line) for line in head.split(b"\r\n")]
    return lines, re.sub(rb'"correlationId":"\w+"', b"", body)


@pytest.mark.parametrize(
    "body",
    [
        HELLO,
        b'{"query":"{ viewer { user { id } } }"}',
        b'{"query":"{"}',
        b"{",
        b"[]",
        b"",
        b'{"query":"{ __typename }","extensions":{"cost":true}}',
        b'{"query":"mutation { signOut { signedOut errors { code } } }"}',
        b'{"query":"subscription { nothing }"}',
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        (),
        (b"accept: application/graphql-response+json",),
        (b"accept: text/html",),
        (b"accept: text/event-stream",),
        (b"origin: http://elsewhere.example",),
        (b"content-type: text/plain",),
    ],
)
async def test_a_body_in_pieces_gets_the_same_answer(
    service: Service, body: bytes, headers: tuple[bytes, ...]
) -> None:
    """The head alone hands the request over; what has to be received takes the ordinary way."""
    whole = post(body, *headers)
    head, _, _ = whole.partition(b"\r\n\r\n")
    async with listening(service) as port:
        at_once = await talk(port, whole)
        in_pieces = await talk(port, head + b"\r\n\r\n", body, pause=0.05)
    assert split(at_once) == split(in_pieces)
    assert at_once.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("size", [100, 2_000_000])
async def test_a_body_that_is_too_large(service: Service, size: int) -> None:
    whole = post(b" " * size + HELLO)
    async with listening(service) as port:
        heard = await talk(port, whole)
    assert heard.startswith(b"HTTP/1.1 200" if size == 100 else b"HTTP/1.1 413")


async def test_a_body_in_chunks(service: Service) -> None:
    head = post().partition(b"\r\n\r\n")[0]
    head = re.sub(rb"content-length: \d+", b"transfer-encoding: chunked", head)
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(HELLO), HELLO)
    async with listening(service) as port:
        heard = await talk(port, head + b"\r\n\r\n" + chunks)
    assert heard.endswith(b'{"data":{"__typename":"Query"}}')


async def test_a_client_that_waits_to_be_told_to_go_on(service: Service) -> None:
    whole = post(HELLO, b"expect: 100-continue")
    async with listening(service) as port:
        heard = await talk(port, whole)
    assert heard.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


async def test_connections_are_kept_or_closed_as_the_client_says(service: Service) -> None:
    keep = post().replace(b"connection: close\r\n", b"")
    older = keep.replace(b"HTTP/1.1", b"HTTP/1.0")
    async with listening(service) as port:
        kept = await talk(port, keep, wait=0.5)
        closed = await talk(port, post())
        old = await talk(port, older)
    assert b"connection:" not in kept
    assert b"connection: close\r\n" in closed
    assert b"connection: close\r\n" in old
    assert split(kept)[1] == split(closed)[1] == split(old)[1]


async def test_pipelined_requests_are_answered_in_their_order(service: Service) -> None:
    asked = [b'{"query":"{ a%d: __typename }"}' % number for number in range(20)]
    asked[3] = asked[11] = SLOW
    sent = [post(each).replace(b"connection: close\r\n", b"") for each in asked[:-1]]
    async with listening(service) as port:
        heard = await talk(port, b"".join([*sent, post(asked[-1])]))
    names = re.findall(rb'"(a\d+|quests)":', heard)
    assert names == [b"quests" if n in (3, 11) else b"a%d" % n for n in range(20)]
    assert heard.count(b"HTTP/1.1 200") == 20


async def test_a_client_that_leaves_harms_nobody(service: Service) -> None:
    async with listening(service) as port:
        for _ in range(5):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(post(SLOW))
            await writer.drain()
            writer.transport.abort()
            await ended(writer)
        assert (await talk(port, post(SLOW))).startswith(b"HTTP/1.1 200")
    pool = service.app.state.executor.databases.api
    for _ in range(100):
        if pool.get_size() == pool.get_idle_size():
            break
        await asyncio.sleep(0.02)
    assert pool.get_size() == pool.get_idle_size()


async def test_an_answer_under_way_ends_before_the_server_does(service: Service) -> None:
    user = await service.make_user()
    token = b"authorization: Bearer " + user.token.encode()
    sent = post(b'{"query":"{ universalQuests { id } }"}', token)
    lock = service.owner.transaction()

    async def unlock() -> None:
        await asyncio.sleep(0.5)
        await lock.rollback()

    async with listening(service) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await lock.start()
        await service.owner.execute("LOCK TABLE universal_quests IN ACCESS EXCLUSIVE MODE")
        writer.write(sent.replace(b"connection: close\r\n", b""))
        await asyncio.sleep(0.2)
        unlocking = asyncio.create_task(unlock())
    heard = await reader.read()
    await unlocking
    await ended(writer)
    assert b"connection: close\r\n" in heard
    body = json.loads(heard.partition(b"\r\n\r\n")[2])
    assert body["data"]["universalQuests"] is not None
    assert "errors" not in body
