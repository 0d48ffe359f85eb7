"""Several users of one server: who starts it, who stops it, and what a killed user leaves."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.embedded import EmbeddedServer, EmbeddedServerError, config
from app.embedded.locks import exclusive, is_held, try_lock
from tests.embedded.helpers import (
    OtherProcess,
    eventually,
    find,
    is_alive,
    server_pid,
    servers_of,
    sql,
)

pytestmark = pytest.mark.embedded

_HOLD = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); sys.stdin.read()"


@pytest.mark.parametrize("data", ["new", "kept"])
def test_two_that_start_at_once_share(home: Path, data: str) -> None:
    if data == "kept":
        EmbeddedServer.start(home, fast=True).stop()
    users = [OtherProcess(home) for _ in range(3)]
    answers = [user.answer() for user in users]
    assert len({answer["port"] for answer in answers}) == 1
    place = Path(answers[0]["home"])
    assert len(servers_of(place)) == 1
    for user in users[:-1]:
        user.stop()
        assert len(servers_of(place)) == 1
    users[-1].stop()
    assert not servers_of(place)


def test_goes_on_while_others_use_it(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        other = OtherProcess(home)
        assert other.answer()["port"] == server.port
        pid = server_pid(server)
    assert is_alive(pid)
    assert sql(server, "SELECT 1") == 1
    other.stop()
    assert not is_alive(pid)


def test_killed_user_does_not_count(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        other = OtherProcess(home)
        other.answer()
        other.kill()
        pid = server_pid(server)
    assert not is_alive(pid)


def test_server_of_a_killed_user_is_adopted(home: Path) -> None:
    other = OtherProcess(home)
    answer = other.answer()
    other.kill()
    [left] = servers_of(Path(answer["home"]))
    with EmbeddedServer.start(home, fast=True) as server:
        assert server_pid(server) == left.pid
        assert server.port == answer["port"]
        assert sql(server, "SELECT 1") == 1
    assert not is_alive(left.pid)


@pytest.mark.parametrize("remove", [False, True])
def test_starts_and_stops_in_turns(home: Path, remove: bool) -> None:
    """Whoever got a server can use it until it is released, however the others come and go."""
    failures: list[BaseException] = []

    def use() -> None:
        try:
            for _ in range(6):
                server = EmbeddedServer.start(home, fast=True)
                assert sql(server, "SELECT 1") == 1
                assert len(servers_of(server.home)) == 1
                server.stop(remove=remove)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not servers_of(home)


def test_waits_in_vain_for_a_lock_that_is_removed(home: Path) -> None:
    """As when the last user removes the folder while somebody is about to start."""
    EmbeddedServer.start(home, fast=True).stop()
    lock = find(home, "start.lock")
    with exclusive(lock):
        other = OtherProcess(home)
        eventually(lambda: _has_open(other.process.pid, lock))
        shutil.rmtree(lock.parent)
    assert "error" not in other.answer()
    assert is_held(find(home, "users.lock"))
    other.stop()


def _has_open(pid: int, path: Path) -> bool:
    with contextlib.suppress(psutil.Error):
        return str(path) in [file.path for file in psutil.Process(pid).open_files()]
    return False


def test_forked_process_is_no_user(home: Path) -> None:
    """It inherits the share of its parent, which must be able to let go of it."""
    server = EmbeddedServer.start(home, fast=True)
    pid = server_pid(server)
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    child.start()
    try:
        server.stop()
        assert not is_alive(pid)
        with EmbeddedServer.start(home, fast=True) as server:
            pid = server_pid(server)
            other = OtherProcess(home)
            other.answer()
        assert is_alive(pid)
        other.stop()
        assert not is_alive(pid)
        # Otherwise something had waited for its end.
        assert child.is_alive()
    finally:
        child.kill()
        child.join()


def test_kept_port_is_given_up_when_taken(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        port = server.port
    with socket.create_server(("127.0.0.1", port)), EmbeddedServer.start(home) as server:
        assert server.port != port
        assert sql(server, "SELECT 1") == 1
        second = server.port
    with EmbeddedServer.start(home) as server:
        assert server.port == second


def test_port_that_is_taken_after_the_look_is_replaced(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        port = server.port
    with socket.create_server(("127.0.0.1", port)):
        # Blind for the one who looks first, so that PostgreSQL is who finds out.
        monkeypatch.setattr(config, "_is_free", bool)
        with EmbeddedServer.start(home) as server:
            assert server.port != port
            assert sql(server, "SELECT 1") == 1


def test_locks_do_not_outlive_the_processes_that_hold_them(home: Path) -> None:
    """The server itself must not count as a user, nor as somebody who is starting it."""
    with EmbeddedServer.start(home, fast=True) as server:
        for name, is_free in (("start.lock", True), ("users.lock", False), ("server.lock", False)):
            lock = os.open(server.home / name, os.O_RDWR)
            assert try_lock(lock) == is_free, name
            os.close(lock)
    for name in ("start.lock", "users.lock", "server.lock"):
        lock = os.open(server.home / name, os.O_RDWR)
        assert try_lock(lock), name
        os.close(lock)


def test_server_beyond_our_view_is_refused(home: Path) -> None:
    """A server in another container on the same folder: its lock is all that is seen of it."""
    with EmbeddedServer.start(home, fast=True) as server:
        place = server.home
    # A process stands for it that is no PostgreSQL of ours.
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, place / "server.lock"], stdin=subprocess.PIPE
    )
    try:
        eventually(lambda: is_held(place / "server.lock"))
        with pytest.raises(EmbeddedServerError, match="another container"):
            EmbeddedServer.start(home)
        assert not servers_of(place)
    finally:
        holder.communicate()
    with EmbeddedServer.start(home, fast=True) as server:
        assert sql(server, "SELECT 1") == 1
