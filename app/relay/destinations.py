"""Where events go: what every destination promises, and the two that need nothing installed."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.core import logs
from app.relay.envelope import CloudEvent

log = logs.get(__name__)

_BLOCK = 1 << 16


class RefusedError(Exception):
    """The destination does not take this one event; it may take others."""


class DestinationGoneError(Exception):
    """Nothing will ever be delivered there again; the message says what to do."""


class Destination(Protocol):
    """A place that events are delivered to, used by one task at a time.

    An `OSError` of any method means that it can't be reached right now: nothing since the last
    flush counts as delivered, and the relay tries again after a while.
    """

    async def open(self) -> None:
        """Get ready, after the first start as after a crash in the midst of writing."""
        ...

    async def put(self, event: CloudEvent) -> None:
        """Take an event, after all that were put before; raises `RefusedError`."""
        ...

    async def flush(self) -> None:
        """Return when everything that was put is safe there."""
        ...

    async def close(self) -> None:
        """Let go; what was put and not flushed may be dropped."""
        ...


class Stdout:
    """A stream that somebody else reads, such as the standard output."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._lines: list[bytes] = []

    async def open(self) -> None:
        """Nothing is to be done: who reads the stream has opened it."""

    async def put(self, event: CloudEvent) -> None:
        """Take an event."""
        self._lines.append(event.line)

    async def flush(self) -> None:
        """Write the lines; raises `DestinationGoneError` when nobody reads any more."""
        lines, self._lines = b"".join(self._lines), []
        try:
            await asyncio.to_thread(_write, self._descriptor, lines)
        except BrokenPipeError as error:
            raise DestinationGoneError("Nobody reads the standard output any more.") from error

    async def close(self) -> None:
        """Drop what was not flushed."""
        self._lines.clear()


class File:
    """A file that grows by a line an event, synchronised to the disk at every flush.

    One process has it at a time, by a lock that ends with the process. A half line at its end,
    left by a kill, is cut off when it is opened: its event was not marked and comes again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._lines: list[bytes] = []

    async def open(self) -> None:
        """Open or make the file, take its lock and cut off a half line.

        Raises `BlockingIOError` as long as another process has it.
        """
        self._descriptor = await asyncio.to_thread(self._open)

    async def put(self, event: CloudEvent) -> None:
        """Take an event."""
        self._lines.append(event.line)

    async def flush(self) -> None:
        """Append the lines and wait for the disk."""
        if self._descriptor is None:
            raise DestinationGoneError(f"{self._path} is not open.")
        lines, self._lines = b"".join(self._lines), []
        await asyncio.to_thread(_append, self._descriptor, lines)

    async def close(self) -> None:
        """Close the file and drop what was not flushed."""
        self._lines.clear()
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o640)
        try:
            self._make_ready(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _make_ready(self, descriptor: int) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DestinationGoneError(
                f"{self._path} is no regular file; for a pipe deliver to stdout."
            )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BlockingIOError(
                error.errno, "another process writes it", str(self._path)
            ) from error
        cut = _cut_half_line(descriptor)
        if cut:
            log.warning("cut off a half line", path=str(self._path), bytes=cut)
        _sync_folder(self._path.parent)


def named(text: str) -> Callable[[], Destination]:
    """What makes the destination of a text, `stdout` or `file:PATH`; raises `ValueError`."""
    if text == "stdout":
        return Stdout
    kind, _, rest = text.partition(":")
    if kind != "file" or not rest:
        raise ValueError("A destination is stdout or file:PATH.")
    path = Path(rest)
    if not path.parent.is_dir():
        raise ValueError(f"There is no folder {path.parent}.")
    return lambda: File(path)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _append(descriptor: int, data: bytes) -> None:
    """Append the whole of the data and synchronise, or leave the file as it was."""
    size = os.fstat(descriptor).st_size
    try:
        _write(descriptor, data)
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _cut_half_line(descriptor: int) -> int:
    """Truncate a file to the end of its last whole line; returns how many bytes that took."""
    size = os.fstat(descriptor).st_size
    end = size
    while end > 0:
        start = max(0, end - _BLOCK)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    return size - end


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as safe as its content."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
