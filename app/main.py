"""The ASGI application: opens the pools, mounts the door, refuses to serve without its defences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from app import prune
from app.core import logs, paths, tracing
from app.core.clock import Clock, SystemClock
from app.core.db import ConnectionClass, Databases, Endpoint, Role
from app.core.settings import Settings
from app.http import health, refusals
from app.http.cors import Cors
from app.http.endpoint import METHODS
from app.http.endpoint import Endpoint as GraphQLEndpoint
from app.http.execution import Executor
from app.http.figures import Figures
from app.http.hot import PATH, Application
from app.http.manifest import Manifest
from app.http.sdl import SchemaFile
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
    schema: strawberry.Schema = schema,
) -> Starlette:
    """The application for one set of settings; `page_token` is what GraphiQL opens with.

    Raises `ManifestError` where the manifest of trusted documents can't be used.
    """
    path = settings.trusted_documents
    trusted = None if path is None else Manifest.load(path)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        databases = await Databases.open(ways, settings, connection_class)
        try:
            tracing.start(settings)
            found = await health.problems(databases)
            if found:
                raise NotServing("; ".join(found))
            app.state.databases = databases
            executor = Executor(schema, databases, settings, clock or SystemClock(), trusted)
            app.state.executor = executor
            endpoint = GraphQLEndpoint(executor, settings)
            endpoint.page_token = page_token
            app.state.endpoint = endpoint
            app.state.sockets = Sockets(executor, endpoint, settings)
            app.state.figures = Figures(executor.metrics, endpoint, settings)
            if ways[Role.API].set_role is not None:
                log.info("roles are taken by SET ROLE; logins of their own are safer")
            pruning = asyncio.create_task(
                prune.hourly(databases, settings, clock or SystemClock()), name="prune"
            )
            flushing = asyncio.create_task(executor.metrics.keep_flushing(), name="flush")
            try:
                yield
            finally:
                for task in (pruning, flushing):
                    task.cancel()
                await asyncio.wait([pruning, flushing])
                await executor.feed.close()
                executor.metrics.flush()
        finally:
            await databases.close()
            await tracing.stop(settings.shutdown_grace)

    async def graphql(request: Request) -> Response:
        return await request.app.state.endpoint(request)

    async def socket(websocket: WebSocket) -> None:
        state = websocket.app.state
        with state.executor.metrics.open_socket():
            await state.sockets.serve(websocket)

    async def figures(request: Request) -> Response:
        return await request.app.state.figures.answer(request)

    async def home(_request: Request) -> RedirectResponse:
        return RedirectResponse(PATH)

    app = Application(
        lifespan=lifespan,
        middleware=[Middleware(Cors, settings=settings)],
        exception_handlers={HTTPException: refusals.http_error, Exception: refusals.fault},
        routes=[
            Route("/", home),
            Route(PATH, graphql, methods=list(METHODS)),
            WebSocketRoute(PATH, socket),
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            Route("/metrics", figures),
            Route("/schema.graphql", SchemaFile(schema, settings).answer),
            Mount("/static", HashedFiles(directory=paths.STATIC)),
        ],
    )
    # It would answer /graphql/ with an address made of whatever Host the caller sent.
    app.router.redirect_slashes = False
    return app
