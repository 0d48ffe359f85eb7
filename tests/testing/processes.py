"""Processes of `questline serve --ephemeral`, started and looked at from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds that a process may take to end on a busy machine before a test fails."""


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without those of a service, with the project's commands."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("QUESTLINE_")
    }
    commands = os.pathsep.join((str(Path(sys.executable).parent), inherited["PATH"]))
    return {**inherited, "PATH": commands, **changes}


class Ephemeral:
    """A running `questline serve --ephemeral`, or one that was refused."""

    def __init__(self, *options: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--ephemeral", *options],
            cwd=ROOT,
            env=environment(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def told(self) -> Any:
        """What its line says, once it is ready."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.words()
        return json.loads(line)

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)

    def words(self) -> str:
        """Its standard error to the end, on one line."""
        assert self.process.stderr is not None
        return " ".join(self.process.stderr.read().split())

    def rest(self) -> str:
        """What it printed after its line, once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def let_go(self) -> None:
        """Close its standard input, as the end of whoever started it does."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def terminate(self) -> int:
        """End it by SIGTERM; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """End it at once, with nothing tidied up."""
        self.process.kill()
        self.ended()


@contextmanager
def ephemeral(*options: str, **variables: str) -> Generator[Ephemeral]:
    """A process that is killed at the end if it still runs."""
    started = Ephemeral(*options, **variables)
    try:
        yield started
    finally:
        started.kill()
        for pipe in (started.process.stdin, started.process.stdout, started.process.stderr):
            assert pipe is not None
            pipe.close()


def postgres_in(base: Path) -> list[int]:
    """Process ids of PostgreSQL servers whose data is in a folder."""
    found: list[int] = []
    for process in psutil.process_iter(["cmdline"]):
        arguments: list[str] = process.info["cmdline"] or []
        if "-D" in arguments and any(text.startswith(f"{base}/") for text in arguments):
            found.append(process.pid)
    return found
