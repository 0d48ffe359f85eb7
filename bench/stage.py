"""What a run stands on: a database with its data, and a server for each column."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from app import bulk, migrate, service
from app.embedded import EmbeddedServer
from bench import data
from bench.columns import Column, Request
from bench.data import Connection, Population, Size
from bench.meters import Postgres, Server

_PATIENCE = 60.0
"""Seconds that a server may take to start, or to end."""
_ACCOUNTS: Final = ("owner", "api", "staff", "relay")
_ENVIRONMENT: Final = {
    "QUESTLINE_PRODUCTION": "true",
    "QUESTLINE_LOG_FORMAT": "json",
    "QUESTLINE_LOG_LEVEL": "info",
    "NODE_ENV": "production",
    "GRAPHILE_ENV": "production",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The database of a run."""

    postgres: Postgres
    version: str
    """Of PostgreSQL."""
    owner: Connection
    urls: Mapping[str, str]
    """By account: owner, api, staff, relay."""
    population: Population
    folder: Path
    """For logs; goes with the stage."""


@dataclass(frozen=True, slots=True)
class Running:
    """A column's server."""

    column: Column
    server: Server
    port: int
    idle: int
    """Resident bytes once it could be reached."""

    async def ask(self, request: Request) -> bytes:
        """The body of an answer; raises `RuntimeError` for another status than 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("POST", request.path, request.body, _headers(request))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{self.column.name}: {response.status} {body[:500]!r}")
        return body


@asynccontextmanager
async def stage(size: Size, crowd: int) -> AsyncGenerator[Stage]:
    """A throwaway server with the data; `crowd` demo users fill the tables besides."""
    home = Path(tempfile.mkdtemp(prefix="questline-bench-"))
    server = EmbeddedServer.start(home / "postgres")
    try:
        urls = {role: server.url(role) for role in _ACCOUNTS}
        async with service.owner(urls["owner"]) as owner:
            await migrate.apply(owner)
            population = await data.load(owner, size)
            today = datetime.now(UTC).date()
            await bulk.load(partial(service.owner, urls["owner"]), crowd, seed=1, today=today)
            await owner.execute("VACUUM ANALYZE")
            pid: int = await owner.fetchval("SELECT pg_backend_pid()")
            postgres = Postgres.of_backend(pid)
            yield Stage(postgres, server.version, owner, urls, population, home)
    finally:
        server.stop(remove=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def started(
    column: Column, stage: Stage, command: list[str], more: Mapping[str, str]
) -> Generator[Running]:
    """A column's server; it ends with the block. Its log goes to a file of the stage."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QUESTLINE_")},
        **_ENVIRONMENT,
        "QUESTLINE_API_DATABASE_URL": stage.urls["api"],
        "QUESTLINE_STAFF_DATABASE_URL": stage.urls["staff"],
        "QUESTLINE_RELAY_DATABASE_URL": stage.urls["relay"],
        "QUESTLINE_HOME": str(stage.folder),
        **more,
    }
    environment.pop("DATABASE_URL", None)
    log = stage.folder / f"{column.name}.log"
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=sink,
            # So that what it starts itself ends with it.
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            # Whoever starts it for us may have something to say first.
            lines = (line.strip() for line in process.stdout)
            line = next((line for line in lines if line.isdigit()), b"")
            if not line:
                process.wait(_PATIENCE)
                raise RuntimeError(f"{column.name} did not start: {log.read_text()[-2000:]}")
            port = int(line)
            _await_open(port)
            server = Server(process.pid)
            yield Running(column, server, port, server.memory())
        finally:
            _signal(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            _signal(process.pid, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def python_server(name: str) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of a column that is Python."""
    executor = {} if name == "plain" else {"QUESTLINE_EXECUTOR": name}
    return [sys.executable, "-m", "bench.servers", name], executor


def _await_open(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _headers(request: Request) -> dict[str, Any]:
    return {
        "authorization": f"Bearer {request.token}",
        "content-type": "application/json",
        "accept": "application/json",
    }
