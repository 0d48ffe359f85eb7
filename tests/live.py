"""Speaks graphql-transport-ws to a service that runs in another process or on a real port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
import websockets

from tests.support import Service, User


class Socket:
    """One open socket after its acknowledgement."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self, seconds: float = 10) -> Any:
        async with asyncio.timeout(seconds):
            return json.loads(await self.connection.recv())

    async def subscribe(
        self, query: str, variables: Mapping[str, Any] | None = None, name: str = "1"
    ) -> None:
        payload = {"query": query, "variables": variables or {}}
        await self.send(id=name, type="subscribe", payload=payload)

    async def next(self, name: str = "1", seconds: float = 10) -> Any:
        """The data of the next answer of an operation."""
        message = await self.receive(seconds)
        assert message["type"] == "next", message
        assert message["id"] == name
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def closed(self, seconds: float = 10) -> int:
        """The code that the other side closes with; messages before it are dropped."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    await self.connection.recv()
                except websockets.ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006


@asynccontextmanager
async def opened(
    address: str,
    user: User | None = None,
    *,
    init: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncGenerator[Socket]:
    """A socket that has sent its `connection_init`; the acknowledgement is the caller's to read."""
    async with websockets.connect(
        f"ws://{address}/graphql",
        subprotocols=[websockets.Subprotocol("graphql-transport-ws")],
        additional_headers=dict(headers or {}),
    ) as connection:
        socket = Socket(connection)
        payload = init
        if payload is None and user is not None:
            payload = {"Authorization": f"Bearer {user.token}"}
        await socket.send(type="connection_init", **({"payload": payload} if payload else {}))
        yield socket


@asynccontextmanager
async def signed_in(address: str, user: User) -> AsyncGenerator[Socket]:
    """A socket of a user, acknowledged."""
    async with opened(address, user) as socket:
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket


@asynccontextmanager
async def listening(service: Service) -> AsyncGenerator[str]:
    """The service on a real port of this machine, for sockets; yields its address."""
    config = uvicorn.Config(
        service.app,
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
