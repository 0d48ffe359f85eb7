"""Several processes that serve on one socket, and their supervisor, which replaces the dead.

The processes are forked from one that has imported the service and does nothing else, so a new one
serves within a moment. Each has a line to the supervisor: when the line is cut, the other side is
dead. A worker without a supervisor ends in good order.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

import uvicorn
import uvloop

from app import service, serving
from app.core import logs
from app.core.db import Endpoint, Role
from app.core.settings import Settings
from app.http import metrics
from app.main import create_app

log = logs.get(__name__)

LONGEST_PAUSE = 10.0
"""Seconds between two tries to replace a worker, once several have failed."""
KILL_SECONDS = 5.0
"""What a worker gets beyond the time that it has for ending requests and closing connections."""

_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker is told."""

    settings: Settings
    ways: dict[Role, Endpoint]
    listener: socket
    page_token: str | None
    figures: Path
    """Where the workers add their figures up."""


def serve(settings: Settings, found: service.Place) -> bool:
    """Serve with several processes until a signal ends it; false when they refused to start."""
    # They import the service while the database is made ready.
    _CONTEXT.set_forkserver_preload(["app.workers", "app.cli"])
    forkserver.ensure_running()
    with TemporaryDirectory(prefix="questline-metrics-", ignore_cleanup_errors=True) as folder:
        return uvloop.run(_serve(settings, found, Path(folder)))


async def _serve(settings: Settings, found: service.Place, folder: Path) -> bool:
    opened = await serving.open_place(settings, found)
    job = Job(settings, found.ways, opened.listener, opened.page_token, folder)
    with opened.listener:
        return await _Crew(job).work(opened.lines)


class _Worker:
    """One worker, as its supervisor sees it."""

    def __init__(self, job: Job, place: int) -> None:
        loop = asyncio.get_running_loop()
        self._line, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(job, place, theirs))
        self._process.start()
        theirs.close()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._line.fileno(), self._heard)

    def _heard(self) -> None:
        try:
            self._line.recv_bytes()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self._line.fileno())
            self.ended.set_result(None)
        else:
            self.ready.set_result(None)

    @property
    def exit_code(self) -> int | None:
        """How it has ended; negative for the signal that ended it."""
        self._process.join(1)
        return self._process.exitcode

    def stop(self) -> None:
        """Let it end in good order."""
        with contextlib.suppress(OSError):
            self._line.send_bytes(b"stop")

    def kill(self) -> None:
        """End it at once. As long as the line is open the process is there, and no other's."""
        if not self.ended.done() and self._process.pid is not None:
            os.kill(self._process.pid, signal.SIGKILL)


class _Crew:
    """All workers."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stopping = asyncio.Event()
        self._workers: dict[int, _Worker] = {}

    async def work(self, lines: list[str]) -> bool:
        """Keep the workers going until a signal comes; false when one refused to begin."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stopping.set)
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        keepers: list[asyncio.Task[None]] = []
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            for place in range(self._job.settings.workers):
                self._workers[place] = _Worker(self._job, place)
            ready = asyncio.gather(*(each.ready for each in self._workers.values()))
            ended = [each.ended for each in self._workers.values()]
            await asyncio.wait((ready, stopped, *ended), return_when=asyncio.FIRST_COMPLETED)
            if any(each.done() for each in ended) and not self._stopping.is_set():
                return False
            if not self._stopping.is_set():
                serving.announce(lines)
                keepers = [asyncio.create_task(self._keep(place)) for place in self._workers]
                await stopped
            return True
        finally:
            for task in (stopped, *keepers):
                task.cancel()
            await self._end()

    def _interrupted(self) -> None:
        """Ctrl+C: end in good order; once more: now."""
        if self._stopping.is_set():
            for worker in self._workers.values():
                worker.kill()
        self._stopping.set()

    async def _keep(self, place: int) -> None:
        """Put another worker into a place whenever the one in it has ended."""
        pause = 0.0
        while True:
            worker = self._workers[place]
            await worker.ended
            failed = not worker.ready.done()
            pause = min(max(2 * pause, 0.5), LONGEST_PAUSE) if failed else 0.0
            log.warning(
                "a worker has ended, another takes its place",
                worker=place,
                exit_code=worker.exit_code,
                seconds=pause,
            )
            metrics.forget(self._job.figures, place)
            await asyncio.sleep(pause)
            self._workers[place] = _Worker(self._job, place)

    async def _end(self) -> None:
        """End all workers: in good order, or at once when their time is over."""
        # While it is open here too, new connections would wait for workers that are gone.
        self._job.listener.close()
        workers = self._workers.values()
        for worker in workers:
            worker.stop()
        # Requests have the grace to end in, then the connections of the pools have it.
        patience = 2 * self._job.settings.shutdown_grace + KILL_SECONDS
        ended = [each.ended for each in workers if not each.ended.done()]
        if ended:
            await asyncio.wait(ended, timeout=patience)
        for worker in workers:
            worker.kill()


def _work(job: Job, place: int, line: Connection) -> None:
    """What a worker does, in its own process."""
    # Ctrl+C comes to all processes of a terminal: it is for the supervisor to pass on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.configure(job.settings)
    metrics.share(job.figures, place)
    sys.exit(0 if uvloop.run(_serve_here(job, line)) else 1)


async def _serve_here(job: Job, line: Connection) -> bool:
    loop = asyncio.get_running_loop()

    def started(server: uvicorn.Server) -> None:
        def stop() -> None:
            """The supervisor says so, or it is dead."""
            loop.remove_reader(line.fileno())
            server.should_exit = True

        loop.add_reader(line.fileno(), stop)
        # uvicorn would take it for a second wish to end, and cut requests off.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        with contextlib.suppress(OSError):
            line.send_bytes(b"ready")

    app = create_app(job.settings, job.ways, page_token=job.page_token)
    served = await serving.run(app, job.settings, job.listener, [], started)
    if _is_cut(line):
        # Nobody else is left to clean up.
        shutil.rmtree(job.figures, ignore_errors=True)
    return served


def _is_cut(line: Connection) -> bool:
    try:
        if line.poll():
            line.recv_bytes()
    except (EOFError, OSError):
        return True
    return False
