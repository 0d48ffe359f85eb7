"""Reads answers in parts from a service on a real port: server-sent events and multipart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support import Service, User

EVENTS = "text/event-stream"
SUBSCRIPTION_PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'


class Streamed:
    """One response whose body is read piece by piece."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.headers = response.headers
        self._chunks: AsyncIterator[bytes] = response.aiter_raw()
        self._rest = b""

    async def _until(self, mark: bytes, seconds: float) -> bytes | None:
        """What comes before a mark; None when the body ends without one."""
        async with asyncio.timeout(seconds):
            while mark not in self._rest:
                chunk = await anext(self._chunks, None)
                if chunk is None:
                    return None
                self._rest += chunk
        found, _, self._rest = self._rest.partition(mark)
        return found

    async def frame(self, seconds: float = 10) -> str:
        """The next block of an event stream as it was sent; "" at its end."""
        return (await self._until(b"\n\n", seconds) or b"").decode()

    async def event(self, seconds: float = 10) -> tuple[str, Any] | None:
        """Name and data of the next event, without comments; None at the end."""
        while frame := await self.frame(seconds):
            assert "\r" not in frame
            fields = dict(line.split(":", 1) for line in frame.split("\n"))
            if "event" in fields:
                data = fields["data"].strip()
                return fields["event"].strip(), json.loads(data) if data else None
        return None

    async def next(self, seconds: float = 10) -> Any:
        """The data of the next answer, by events."""
        found = await self.event(seconds)
        assert found is not None
        name, body = found
        assert name == "next", found
        assert "errors" not in body, body
        return body["data"]

    async def part(self, seconds: float = 10) -> Any:
        """The next part of JSON; None when the final boundary came or the body ended."""
        piece = await self._until(b"\r\n--graphql", seconds)
        if piece == b"":  # what stands before the first boundary
            piece = await self._until(b"\r\n--graphql", seconds)
        if piece is None:
            assert self._rest in (b"", b"--\r\n")
            return None
        head, _, body = piece.partition(b"\r\n\r\n")
        assert head.strip().lower() == b"content-type: application/json"
        return json.loads(body)

    async def parts(self) -> list[Any]:
        """All parts up to the end, which must be a final boundary."""
        found: list[Any] = []
        while (part := await self.part()) is not None:
            found.append(part)
        return found

    async def rest(self, seconds: float = 10) -> str:
        """The body to its end, which must come in time."""
        async with asyncio.timeout(seconds):
            return (self._rest + b"".join([chunk async for chunk in self._chunks])).decode()


@asynccontextmanager
async def stream(
    address: str,
    query: str,
    user: User | None = None,
    *,
    accept: str = EVENTS,
    variables: Mapping[str, Any] | None = None,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> AsyncGenerator[Streamed]:
    """Send an operation; the client goes away at the end of the block."""
    sent = {"accept": accept, **(headers or {})}
    if user is not None:
        sent["authorization"] = f"Bearer {user.token}"
    given: dict[str, Any] = {"query": query, "variables": variables or {}}
    if method == "POST":
        sent["content-type"] = "application/json"
        content, params = json.dumps(given).encode(), None
    else:
        content, params = None, {"query": query, "variables": json.dumps(given["variables"])}
    async with (
        httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as client,
        client.stream(method, "/graphql", headers=sent, content=content, params=params) as response,
    ):
        yield Streamed(response)


async def idle(service: Service, user: User | None = None, seconds: float = 5) -> None:
    """Wait until nothing of a stream is left: no room taken, every connection at home."""
    presence = service.app.state.endpoint.presence
    pool = service.app.state.databases.api
    async with asyncio.timeout(seconds):
        while (  # noqa: ASYNC110  # nothing tells it to the outside
            pool.get_size() != pool.get_idle_size()
            or (user is not None and presence.taken[user.id])
        ):
            await asyncio.sleep(0.02)
