"""Brings the service up on its database: socket, application, server, and the lines that tell."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from app import service
from app.core.clock import SystemClock
from app.core.settings import Settings
from app.http.protocol import guarded, guarded_socket
from app.main import create_app


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one within a hundred."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + 100, 65_536)) if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError(f"no free port from {port} to {port + 99} on {host}")


def announce(lines: list[str]) -> None:
    """Say where the service is, for people and scripts to read."""
    for line in lines:
        print(line, flush=True)


class _Announcing(uvicorn.Server):
    """A server that makes it known when it can be reached."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_start: Callable[[uvicorn.Server], None],
        on_end: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_end = on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_start(self)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams first: they would go on as long as their clients like."""
        self._on_end()
        await super().shutdown(sockets=sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Let a signal end the service in good order, and nothing besides.

        uvicorn's way raises it once more at the end: the process would die of it, before the
        embedded database is stopped and with no word that all went well.
        """
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is ready and a socket that is taken: what serving begins with."""

    listener: socket.socket
    lines: list[str]
    """What tells people where the service is."""
    page_token: str | None
    """What GraphiQL opens with."""


async def serve(settings: Settings, found: service.Place) -> bool:
    """Serve until a signal ends it; false when the service refused to start."""
    opened = await open_place(settings, found)
    app = create_app(settings, found.ways, page_token=opened.page_token)
    return await run(app, settings, opened.listener, opened.lines)


async def open_place(settings: Settings, found: service.Place) -> Opened:
    """Do what is done once, however many processes will serve: migrate, seed, take the port."""
    await service.run_migrations(found.owner_url)
    await service.run_seed(found.owner_url)
    wants_demo = found.embedded if settings.demo is None else settings.demo
    token = None
    if wants_demo:
        token = await service.run_demo(found.owner_url, settings, SystemClock())
    listener = bind(settings.host, settings.port)
    port = listener.getsockname()[1]
    lines: list[str] = []
    if settings.port not in (0, port):
        lines.append(f"Port {settings.port} is in use; this is the next free one.")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines.append(f"GraphiQL: http://{host}:{port}/graphql")
    if token is not None:
        lines.append(f"Token of the demo user: {token}")
    loopback = settings.host in ("127.0.0.1", "::1", "localhost")
    # A token that signs every reader of the page in must not leave the machine.
    return Opened(listener, lines, token if loopback and not settings.production else None)


async def run(
    app: Starlette,
    settings: Settings,
    listener: socket.socket,
    lines: list[str],
    on_start: Callable[[uvicorn.Server], None] = lambda _server: None,
) -> bool:
    """Serve on the socket until a signal ends it; false when the application refused to start."""

    def started(server: uvicorn.Server) -> None:
        announce(lines)
        on_start(server)

    config = uvicorn.Config(
        app,
        http=guarded(settings),
        ws=guarded_socket(settings),
        ws_max_size=settings.max_body_bytes,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=int(settings.shutdown_grace),
        server_header=False,
        # Who is asking is found out by our own rules for trusted proxies, from the real peer.
        proxy_headers=False,
    )

    def ending() -> None:
        app.state.endpoint.presence.leave()

    server = _Announcing(config, started, ending)
    with listener:
        await server.serve(sockets=[listener])
    return server.started
