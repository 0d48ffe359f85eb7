"""The ASGI application: opens the pools, mounts the door, refuses to serve without its defences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from app import prune
from app.core import logs, paths
from app.core.clock import Clock, SystemClock
from app.core.db import ConnectionClass, Databases, Endpoint, Role
from app.core.settings import Settings
from app.http import health
from app.http.endpoint import METHODS
from app.http.endpoint import Endpoint as GraphQLEndpoint
from app.http.execution import Executor
from app.http.sockets import Sockets
from app.http.static import HashedFiles
from app.schema import schema

log = logs.get(__name__)


class NotServing(Exception):
    """The service must not start like this; the message says what to mend."""


def create_app(
    settings: Settings,
    ways: Mapping[Role, Endpoint],
    *,
    clock: Clock | None = None,
    connection_class: ConnectionClass = asyncpg.Connection,
    page_token: str | None = None,
) -> Starlette:
    """The application for one set of settings; `page_token` is what GraphiQL opens with."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        databases = await Databases.open(ways, settings, connection_class)
        try:
            found = await health.problems(databases)
            if found:
                raise NotServing("; ".join(found))
            app.state.databases = databases
            executor = Executor(schema, databases, settings, clock or SystemClock())
            app.state.executor = executor
            endpoint = GraphQLEndpoint(executor, settings)
            endpoint.page_token = page_token
            app.state.endpoint = endpoint
            app.state.sockets = Sockets(executor, endpoint, settings)
            if ways[Role.API].set_role is not None:
                log.info("roles are taken by SET ROLE; logins of their own are safer")
            pruning = asyncio.create_task(
                prune.hourly(databases, settings, clock or SystemClock()), name="prune"
            )
            try:
                yield
            finally:
                pruning.cancel()
                await asyncio.wait([pruning])
                await executor.feed.close()
        finally:
            await databases.close()

    async def graphql(request: Request) -> Response:
        return await request.app.state.endpoint(request)

    async def socket(websocket: WebSocket) -> None:
        await websocket.app.state.sockets.serve(websocket)

    async def home(_request: Request) -> RedirectResponse:
        return RedirectResponse("/graphql")

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", home),
            Route("/graphql", graphql, methods=list(METHODS)),
            WebSocketRoute("/graphql", socket),
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            Mount("/static", HashedFiles(directory=paths.STATIC)),
        ],
    )
