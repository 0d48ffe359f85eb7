"""Homes for servers, removed with whatever a test left in them."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.embedded import debian_binaries
from app.embedded.place import moved_home
from tests.embedded.helpers import eventually, is_alive, servers_of


def clean(folder: Path) -> None:
    """Kill the servers in the folder, and remove it."""
    for process in servers_of(folder):
        os.kill(process.pid, signal.SIGKILL)
        eventually(lambda pid=process.pid: not is_alive(pid))
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_home() -> Generator[Path]:
    """A home that does not exist yet, where the account that runs PostgreSQL for root can go."""
    # Not tmp_path: root's is closed to others, and its length leaves no room for a socket.
    folder = Path(tempfile.mkdtemp(prefix="ql-")).resolve()
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        clean(folder)
        # Where that account can't reach the programs, the server is somewhere else.
        clean(moved_home(folder / "home"))


@pytest.fixture
def home() -> Generator[Path]:
    """A home of the test's own."""
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgresql_15() -> Path:
    """The programs of PostgreSQL 15, where Debian's package is installed."""
    found = debian_binaries(15)
    if found is None:
        pytest.skip("NOT TESTED with PostgreSQL 15: Debian's package postgresql-15 is missing")
    return found


@pytest.fixture(scope="session", params=["wheel", "postgresql-15"])
def any_binaries(request: pytest.FixtureRequest) -> Path | None:
    """The programs of each PostgreSQL version that there is."""
    if request.param == "wheel":
        return None
    found: Path = request.getfixturevalue("postgresql_15")
    return found
