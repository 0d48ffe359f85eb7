"""The load generator: its own process, raw HTTP/1.1 over kept connections.

`python -m bench.generator` reads one job a line from its standard input, as JSON, and writes one
result a line. `Generator` is the other end.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter, process_time
from types import TracebackType
from typing import Any, Self

import httptools
import orjson
import uvloop

from bench.columns import Request

_PATIENCE = 120.0
"""Seconds that a job may take beyond its time."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a job did."""

    requests: int
    failures: list[str]
    """The first answers that were no good."""
    seconds: float
    latencies: list[float]
    """Of each request, in milliseconds."""
    cpu: float
    """Seconds of CPU that the generator itself took."""


class _Connection(asyncio.Protocol):
    """One kept connection: the next request goes out when an answer is in."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._parser: Any = httptools.HttpResponseParser(self)
        self._transport: Any = None
        self._body: list[bytes] = []
        self._sent = 0.0
        self._finished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._job.left(None if self._finished else f"a connection was lost: {exc!r}")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        job = self._job
        job.latencies.append((perf_counter() - self._sent) * 1000)
        job.check(self._parser.get_status_code(), self._body)
        self._body = []
        # A parser reads one answer after another of the same connection.
        self._next()

    def _next(self) -> None:
        request = self._job.next()
        if request is None:
            self._finished = True
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(request)


class _Job:
    """Requests for a time, or until there are no more."""

    def __init__(self, told: dict[str, Any]) -> None:
        requests = [_http(*each) for each in told["requests"]]
        self._requests: Iterator[bytes] = cycle(requests) if told["again"] else iter(requests)
        self._seconds: float = told["seconds"]
        self._port: int = told["port"]
        self._connections: int = told["connections"]
        self._least: int = told["least"]
        self._open = 0
        self._end = 0.0
        self._over = asyncio.Event()
        self.latencies: list[float] = []
        self.failures: list[str] = []

    def next(self) -> bytes | None:
        """The next request; None when it is over."""
        if perf_counter() >= self._end or self.failures:
            return None
        return next(self._requests, None)

    def check(self, status: int, parts: list[bytes]) -> None:
        """Note an answer that is no good."""
        first = parts[0] if parts else b""
        # Errors come before the data or after it; a clean answer is never much shorter than others.
        wrong = status != 200 or first[:9] == b'{"errors"' or b'"errors":[' in parts[-1][-2000:]
        if wrong or sum(map(len, parts)) < self._least:
            self.failures.append(f"{status} {b''.join(parts)[:300].decode(errors='replace')}")

    def left(self, failure: str | None) -> None:
        """A connection was closed."""
        self._open -= 1
        if failure is not None:
            self.failures.append(failure)
        if self._open == 0:
            self._over.set()

    async def run(self) -> dict[str, Any]:
        """Do it; returns when all answers are in."""
        loop = asyncio.get_running_loop()
        cpu, started = process_time(), perf_counter()
        self._end = started + self._seconds
        self._open = self._connections
        for _ in range(self._connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        await asyncio.wait_for(self._over.wait(), self._seconds + _PATIENCE)
        return {
            "requests": len(self.latencies),
            "failures": self.failures[:3],
            "seconds": perf_counter() - started,
            "latencies": self.latencies,
            "cpu": process_time() - cpu,
        }


def _http(path: str, token: str, body: str) -> bytes:
    sent = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\naccept: application/json\r\n"
        f"content-length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


class Generator:
    """The process; as a context manager it ends with the block."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.generator"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Its input ends, and with it the process.
        self._process.__exit__(kind, error, trace)

    def run(
        self,
        port: int,
        requests: Sequence[Request],
        *,
        seconds: float,
        connections: int,
        least: int = 0,
        again: bool = True,
    ) -> Result:
        """Send the requests in turn for a time, over and over with `again`.

        Every answer has to be clean and to have at least `least` bytes.
        """
        job = {
            "port": port,
            "requests": [(each.path, each.token, each.body.decode()) for each in requests],
            "seconds": seconds,
            "connections": min(connections, len(requests)) if not again else connections,
            "least": least,
            "again": again,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(job) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator has died")
        return Result(**orjson.loads(line))


def _main() -> None:
    for line in sys.stdin.buffer:
        result = uvloop.run(_Job(orjson.loads(line)).run())
        sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
