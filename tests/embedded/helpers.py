"""What the supervisor's tests share: other processes that use a server, and looks from outside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from app.embedded import EmbeddedServer
from app.embedded.place import moved_home

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds that something may take on a busy machine before a test fails."""

_USER = """
import json, sys
from pathlib import Path
from app.embedded import EmbeddedServer, EmbeddedServerError
try:
    server = EmbeddedServer.start(Path(sys.argv[1]), fast=True)
except EmbeddedServerError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit()
print(json.dumps({"port": server.port, "home": str(server.home)}), flush=True)
sys.stdin.readline()
server.stop()
"""


class OtherProcess:
    """A Python process that uses the server of a home until it is told to stop, or killed."""

    def __init__(self, home: Path, *, prefix: tuple[str, ...] = ()) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", _USER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
        )

    def answer(self) -> dict[str, Any]:
        """What the process says of its start: the port and the home, or the error."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the process ended with {self.process.wait()}"
        return json.loads(line)

    def stop(self) -> None:
        """Release the server, and end."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.process.wait(PATIENCE) == 0
        self.close()

    def kill(self) -> None:
        """End at once, with nothing released."""
        self.process.kill()
        self.process.wait()
        self.close()

    def close(self) -> None:
        """Close the pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def sql(
    server: EmbeddedServer, query: str, *, role: Any = "owner", database: str = "questline"
) -> Any:
    """The value of a query, or the status of a statement, over a connection of its own."""
    return ask(server.url(role, database), query)


def ask(url: str, query: str) -> Any:
    """As `sql`, for any address."""

    async def run() -> Any:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def admin_url(server: EmbeddedServer, database: str = "postgres") -> str:
    """The superuser's address, whose password only the supervisor uses."""
    password = json.loads((server.home / "passwords.json").read_text())["admin"]
    return f"postgresql://questline_admin:{password}@127.0.0.1:{server.port}/{database}"


def server_pid(server: EmbeddedServer) -> int:
    """The server's process id, as PostgreSQL wrote it down."""
    return int(pid_file(server).read_text().splitlines()[0])


def pid_file(server: EmbeddedServer) -> Path:
    """PostgreSQL's own lock file."""
    return server.home / "server" / "data" / "postmaster.pid"


def find(home: Path, name: str) -> Path:
    """A file of the home, or of where root's server lies when its account can't be in there."""
    moved = moved_home(home) / name
    return moved if moved.exists() else home / name


def servers_of(home: Path) -> list[psutil.Process]:
    """Every server with a data directory below the folder, by its command line."""
    found: dict[int, psutil.Process] = {}
    parents: dict[int, int] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            arguments = process.cmdline()
            if "-D" in arguments and any(text.startswith(f"{home}/") for text in arguments):
                parents[process.pid] = process.ppid()
                found[process.pid] = process
    # A server's child looks like it until it has got a title of its own.
    return [process for pid, process in found.items() if parents[pid] not in found]


def is_alive(pid: int) -> bool:
    """Whether the process lives; one that only waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(condition: Callable[[], object]) -> None:
    """Wait for the condition; fail when it doesn't come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def kill_server(server: EmbeddedServer) -> int:
    """Kill the server as the system does when memory is short; returns its process id."""
    pid = server_pid(server)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not is_alive(pid))
    return pid
