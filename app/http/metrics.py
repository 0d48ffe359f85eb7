"""The figures behind /metrics, in Prometheus' format; several processes add theirs up in a folder.

A label never has a value that a client could make up: types of operations, codes of errors, names
of queries and of roles are all written down in this house.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from math import nan
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    exposition,
    multiprocess,
    values,
)

from app.core import sql, watch
from app.core.clock import Clock, milliseconds
from app.core.db import OUTAGES, Databases

SQL = sql.load("core")

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable for the folder in which processes add up."""
FLUSH_SECONDS = 1.0
"""How old a figure of another process may be; what is killed has lost as much at most."""
LOOK_SECONDS = 10.0
"""How often the outbox is looked at, at most, and how old its figure may be."""
PATIENCE_SECONDS = 1.0
"""How long the outbox may let a reader of the figures wait."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
NO_OPERATION = "none"
"""The type of what was refused before it was known what it asks for."""
OK = "OK"
"""The outcome without an error at the top level."""

disable_created_metrics()


def share(folder: Path, place: int) -> None:
    """Add this process's figures up with those of others; before any of them is made.

    A process that takes the place of a dead one goes on with its counters.
    """
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: place)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def forget(folder: Path, place: int) -> None:
    """Take the gauges of a dead process away; its counters stay."""
    multiprocess.mark_process_dead(place, str(folder))  # pyright: ignore[reportUnknownMemberType]


class Metrics:
    """The figures of one process, as far as they are not in `watch`."""

    def __init__(self, databases: Databases, clock: Clock) -> None:
        self._databases = databases
        self._clock = clock
        self._process = psutil.Process()
        self._noted: dict[Any, float] = {}
        self._looked = -LOOK_SECONDS
        self._looking = asyncio.Lock()
        self.sockets = 0
        self.subscriptions = 0
        registry = self._registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(f"questline_{name}", meaning, labels, registry=registry)

        def gauge(name: str, meaning: str, *labels: str, mode: Any = "livesum") -> Gauge:
            return Gauge(name, meaning, labels, registry=registry, multiprocess_mode=mode)

        self._operations = counter(
            "operations",
            "GraphQL requests that have ended, by type and by the code of their first error.",
            "type",
            "outcome",
        )
        self._seconds = Histogram(
            "questline_operation_seconds",
            "Time from a request's arrival to its answer.",
            ("type",),
            registry=registry,
            buckets=BUCKETS,
        )
        self._errors = counter(
            "errors", "Errors, by code and by where clients found them.", "place", "code"
        )
        self._statements = counter(
            "sql_statements", "SQL statements that were sent, by the query's name.", "query"
        )
        self._statement_seconds = counter(
            "sql_statement_seconds",
            "Time that statements took, waiting for a connection included.",
            "query",
        )
        self._documents = counter(
            "documents", "Documents looked up in the cache of parsed ones.", "result"
        )
        self._cpu = Counter(
            "process_cpu_seconds", "CPU time in user and system mode.", registry=registry
        )
        self._open_sockets = gauge("questline_sockets", "Open WebSockets.")
        self._open_subscriptions = gauge("questline_subscriptions", "Running subscriptions.")
        self._connections = gauge(
            "questline_pool_connections",
            "Connections to the database, by the role that they are in.",
            "role",
            "state",
        )
        self._outbox = gauge(
            "questline_outbox_oldest_seconds",
            "Age of the oldest event that waits for its delivery; 0 when none waits.",
            mode="livemostrecent",
        )
        self._alive = gauge("questline_processes", "Processes that serve.")
        self._memory = gauge("process_resident_memory_bytes", "Memory in use.")
        self._files = gauge("process_open_fds", "Open file descriptors.")
        gauge("process_start_time_seconds", "When the oldest process began.", mode="livemin").set(
            self._process.create_time()
        )
        self._ended = {
            (kind, OK): self._operations.labels(kind, OK)
            for kind in ("query", "mutation", "subscription")
        }
        self._took = {kind: self._seconds.labels(kind) for kind in ("query", "mutation")}

    def operation(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an operation that has ended; how long it took matters unless it is a stream."""
        ended = self._ended.get((kind, outcome))
        if ended is None:
            ended = self._ended[kind, outcome] = self._operations.labels(kind, outcome)
        ended.inc()
        took = self._took.get(kind)
        if took is not None:
            took.observe(seconds)

    @contextmanager
    def open_socket(self) -> Generator[None]:
        """Count a socket as open while the block runs."""
        self.sockets += 1
        try:
            yield
        finally:
            self.sockets -= 1

    async def page(self, accept: str | None) -> tuple[bytes, str]:
        """The figures of all processes, with their media type."""
        await self._look_at_outbox()
        self.flush()
        encode, media_type = exposition.choose_encoder(accept or "")
        folder = os.environ.get(FOLDER)
        if folder is None:
            return encode(self._registry), media_type
        shared = CollectorRegistry()
        multiprocess.MultiProcessCollector(shared, folder)
        # Reading the files of all processes takes milliseconds.
        return await asyncio.to_thread(encode, shared), media_type

    async def keep_flushing(self) -> None:
        """Let other processes see this one's figures, as long as there are others."""
        while FOLDER in os.environ:
            self.flush()
            await asyncio.sleep(FLUSH_SECONDS)

    def flush(self) -> None:
        """Put what was counted elsewhere into the figures."""
        for name, spent in watch.statements.items():
            self._advance(self._statements, spent.times, name)
            self._advance(self._statement_seconds, spent.seconds, name)
        for labels, times in watch.errors.items():
            self._advance(self._errors, times, *labels)
        for result, times in watch.documents.items():
            self._advance(self._documents, times, result)
        self._advance(self._cpu, time.process_time())
        self._open_sockets.set(self.sockets)
        self._open_subscriptions.set(self.subscriptions)
        for role, used, idle in self._databases.usage():
            self._connections.labels(role, "used").set(used)
            self._connections.labels(role, "idle").set(idle)
        self._alive.set(1)
        self._memory.set(self._process.memory_info().rss)
        self._files.set(self._process.num_fds())

    def _advance(self, counter: Counter, value: float, *labels: str) -> None:
        """Bring a counter up to a value that is counted elsewhere."""
        key = (counter, *labels)
        more = value - self._noted.get(key, 0)
        if more > 0:
            (counter.labels(*labels) if labels else counter).inc(more)
            self._noted[key] = value

    async def _look_at_outbox(self) -> None:
        """Note how long events wait, unless that was done just now or takes too long."""
        async with self._looking:
            if time.monotonic() - self._looked < LOOK_SECONDS:
                return
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    row = await SQL["outbox_oldest"].maybe(await self._databases.relay())
            except (TimeoutError, asyncpg.PostgresError, *OUTAGES):
                self._outbox.set(nan)
                return
            finally:
                self._looked = time.monotonic()
            now = milliseconds(self._clock.now())
            self._outbox.set(0 if row is None else max(0, now - row["ts_utc_ms"]) / 1000)
