"""Log injection: what a caller sends can't begin a line, forge one, or paint the terminal."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.attack import wire
from tests.attack.frames import message, opened
from tests.attack.target import Target
from tests.attack.wire import post

FORGED = "2030-01-01T00:00:00Z [info] forged-line"
FORMS = (
    f"a\n{FORGED}",
    f"a\r\n{FORGED}",
    f"a\u2028{FORGED}",
    f"a\x85{FORGED}",
    "\x1b[2J\x1b[31mred",
    "a\0b",
    "\x9b31m",
)


def ask(name: str) -> bytes:
    """A request with the text in every place that is ever logged."""
    body = json.dumps({"query": f"query Named {{ __typename }} # {name}", "operationName": name})
    return post(
        body.encode(),
        b"user-agent: "
        + name.encode("latin-1", "replace")
        .replace(b"\n", b"\x0b")
        .replace(b"\r", b"")
        .replace(b"\0", b"")
        + b"\r\n",
    )


async def provoke(target: Target, form: str) -> None:
    """Send a form wherever a text can go."""
    await wire.talk(target.port, ask(form))
    head = form.encode("latin-1", "replace")
    await wire.talk(target.port, post(headers=b"x-correlation-id: " + head + b"\r\n"))
    await wire.talk(target.port, post(headers=b"traceparent: " + head + b"\r\n"))
    await wire.talk(
        target.port,
        b"GET /"
        + head.replace(b"\n", b"%0a")
        + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    await wire.talk(target.port, head + b" /graphql HTTP/1.1\r\n\r\n")
    named: dict[str, Any] = {"query": f"query {{ {form} }}", "operationName": form}
    await target.service.client.post("/graphql", json=named)
    async with opened(target.address) as socket:
        await socket.send(
            message(type="connection_init", payload={"authorization": form, form: form}),
            message(id=form, type="subscribe", payload=named),
            message(id=form, type="subscribe", payload=named),
            message(type=form),
        )
        await socket.ending()
    await target.service.ask(
        "mutation ($e: String!) { signIn(input: {email: $e, password: $e}) { errors { code } } }",
        {"e": form},
    )


@pytest.fixture(params=["production", "development"])
def target(request: pytest.FixtureRequest, production: Target, development: Target) -> Target:
    """Both, because they log in different forms."""
    return production if request.param == "production" else development


async def test_no_line_is_forged(target: Target) -> None:
    before = target.log.stat().st_size
    await asyncio.gather(*(provoke(target, form) for form in FORMS))
    await asyncio.sleep(0.2)
    await target.assert_healthy()
    written = target.log.read_bytes()[before:].decode("utf-8", "replace")
    assert "request" in written
    lines = written.split("\n")
    assert not [line for line in lines if line.lstrip().startswith(FORGED[:20])]
    for sign in ("\x1b[2J", "\x1b[31mred", "\0", "\r", "\x9b", "\x85", "\u2028"):
        assert sign not in written, repr(sign)
    if target.server.log.name == "production.log":
        for line in filter(None, lines):
            assert isinstance(json.loads(line), dict), line


async def test_a_correlation_id_is_plain_or_made(target: Target) -> None:
    for given, kept in (
        ("abc-1", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("a b", False),
        ("a'", False),
        ("é", False),
        ("", False),
    ):
        response = await target.service.client.post(
            "/graphql", json={"query": "{ x }"}, headers=[(b"x-correlation-id", given.encode())]
        )
        told = response.json()["errors"][0]["extensions"]["correlationId"]
        assert (told == given) is kept
        assert response.headers["x-correlation-id"] == told
