"""Brings the service up on its database: socket, application, server, and the lines that tell."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from app import service
from app.core.clock import SystemClock
from app.core.settings import Settings
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


class _Announcing(uvicorn.Server):
    """A server that says where it is once it can be reached."""

    def __init__(self, config: uvicorn.Config, lines: list[str]) -> None:
        super().__init__(config)
        self._lines = lines

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            for line in self._lines:
                print(line, flush=True)  # for people and scripts to read

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


async def serve(settings: Settings, found: service.Place) -> bool:
    """Serve until a signal ends it; false when the service refused to start."""
    await service.run_migrations(found.owner_url)
    await service.run_seed(found.owner_url)
    wants_demo = found.embedded if settings.demo is None else settings.demo
    clock = SystemClock()
    token = await service.run_demo(found.owner_url, settings, clock) if wants_demo else None
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
    app = create_app(
        settings,
        found.ways,
        clock=clock,
        # A token that signs every reader of the page in must not leave the machine.
        page_token=token if loopback and not settings.production else None,
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=int(settings.shutdown_grace),
        server_header=False,
    )
    server = _Announcing(config, lines)
    with listener:
        await server.serve(sockets=[listener])
    return server.started
