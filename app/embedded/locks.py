"""File locks (flock): they end with the process that holds them, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.errors import EmbeddedServerError

_PATIENCE = 300.0
"""Seconds to wait for another start or stop, which may include a crash recovery."""


def open_lock(path: Path) -> int:
    """A descriptor of the lock file; a new one belongs to whom its folder belongs to."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        folder = path.parent.stat()
        # Root may work in a folder of somebody who needs the lock later, without root.
        if os.geteuid() == 0 and os.fstat(descriptor).st_uid != folder.st_uid:
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def share(descriptor: int) -> None:
    """Take a share of the lock, which excludes `try_lock` and nobody else's share."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def unlock(descriptor: int) -> None:
    """Let go of the lock, also for child processes that have inherited the descriptor."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def try_lock(descriptor: int) -> bool:
    """Whether nobody else has the lock or a share of it; then it is ours alone."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether any process holds the lock, in whatever container or namespace."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path) -> Generator[int | None]:
    """Hold the lock for the block; yields its descriptor, or None if the file is gone by then.

    When this process is killed, or leaves the block by an exception, a child process that was
    given the descriptor keeps the lock.
    """
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"Another process has been starting or stopping the embedded PostgreSQL for "
                    f"{_PATIENCE / 60:.0f} minutes (it holds {path}). End it and try again."
                )
            time.sleep(0.01)
        yield descriptor if is_same(path, descriptor) else None
        unlock(descriptor)
    finally:
        os.close(descriptor)


def is_same(path: Path, descriptor: int) -> bool:
    """Whether the path still leads to the file of the descriptor."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
