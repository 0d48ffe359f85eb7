"""What a start makes of the remains: stale and damaged pid files, kills at every point."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.embedded import EmbeddedServer, Role, accounts, locks
from tests.embedded.helpers import (
    OtherProcess,
    admin_url,
    ask,
    eventually,
    find,
    is_alive,
    kill_server,
    pid_file,
    server_pid,
    servers_of,
    sql,
)

pytestmark = pytest.mark.embedded


@contextmanager
def _sleeper(server: EmbeddedServer) -> Generator[int]:
    """A process of the account that runs PostgreSQL, working in the data directory at that."""
    data = server.home / "server" / "data"
    uid = data.stat().st_uid
    process = subprocess.Popen(
        ["sleep", "300"], cwd=data, user=uid if uid != os.geteuid() else None
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _crashed(home: Path) -> tuple[EmbeddedServer, str]:
    """A server that was killed with a committed row in it, and what its pid file said."""
    server = EmbeddedServer.start(home, fast=True)
    _keep_a_row(server)
    text = pid_file(server).read_text()
    kill_server(server)
    server.stop()
    return server, text


def _keep_a_row(server: EmbeddedServer) -> None:
    """Write a row that a commit of a fast server, too, keeps from the death of its processes."""
    address = f"{server.url('owner')}&synchronous_commit=on"
    ask(address, "CREATE TABLE kept AS SELECT 7 AS n")


def _assert_recovers(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        assert len(servers_of(server.home)) == 1
        assert sql(server, "SELECT n FROM kept") == 7
    assert not servers_of(server.home)


def test_pid_file_whose_pid_is_gone(home: Path) -> None:
    server, text = _crashed(home)
    pid_file(server).write_text(text)
    _assert_recovers(home)


def test_pid_file_whose_pid_is_another_process(home: Path) -> None:
    server, text = _crashed(home)
    with _sleeper(server) as pid:
        pid_file(server).write_text("\n".join([str(pid), *text.splitlines()[1:]]))
        _assert_recovers(home)
        assert is_alive(pid)


def test_pid_file_whose_pid_is_another_postgresql(home: Path) -> None:
    server, text = _crashed(home)
    with EmbeddedServer.start(home.with_name("other"), fast=True) as other:
        pid_file(server).write_text("\n".join([str(server_pid(other)), *text.splitlines()[1:]]))
        _assert_recovers(home)
        assert sql(other, "SELECT 1") == 1


@pytest.mark.parametrize("damage", ["", "\n\n", "garbage\n", "-1\n", "9" * 5000, "\0\0"])
def test_damaged_pid_file_of_a_server_that_is_gone(home: Path, damage: str) -> None:
    server, _ = _crashed(home)
    pid_file(server).write_text(damage)
    _assert_recovers(home)


def test_cut_off_pid_file_of_a_server_that_is_gone(home: Path) -> None:
    server, text = _crashed(home)
    with _sleeper(server) as pid:
        pid_file(server).write_text(f"{pid}\n{text.splitlines()[1][:5]}")
        _assert_recovers(home)


def test_stale_lock_of_the_socket(home: Path) -> None:
    server, _ = _crashed(home)
    with _sleeper(server) as pid:
        lock = server.home / "server" / "run" / f".s.PGSQL.{server.port}.lock"
        lock.write_text(f"{pid}\n")
        _assert_recovers(home)


@pytest.mark.parametrize("keep", [0, 3])
def test_damaged_pid_file_of_a_server_that_runs(home: Path, keep: int) -> None:
    """PostgreSQL itself gives up within a minute then; a start needs no such time."""
    with EmbeddedServer.start(home, fast=True) as server:
        pid = server_pid(server)
        pid_file(server).write_text(pid_file(server).read_text()[:keep])
        with EmbeddedServer.start(home, fast=True) as again:
            assert not is_alive(pid)
            assert again.port == server.port
            assert sql(server, "SELECT 1") == 1
    assert not servers_of(server.home)


def test_server_that_was_killed_is_started_again(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        _keep_a_row(server)
        old = kill_server(server)
        with EmbeddedServer.start(home, fast=True) as again:
            assert server_pid(again) != old
            # The first user's address is good again, and its use counts.
            assert sql(server, "SELECT n FROM kept") == 7
        assert sql(server, "SELECT n FROM kept") == 7
    assert not servers_of(server.home)


def test_busy_backend_of_a_killed_server_is_ended(home: Path) -> None:
    """It doesn't notice its server's death, and no new one can start before its own."""
    with EmbeddedServer.start(home, fast=True) as server:
        thread = threading.Thread(target=_keep_busy, args=(server.url("owner"),))
        thread.start()
        query = "SELECT max(pid) FROM pg_stat_activity WHERE query LIKE 'DO %LOOP%'"
        eventually(lambda: ask(admin_url(server), query))
        backend = ask(admin_url(server), query)
        kill_server(server)
        assert is_alive(backend)
        with EmbeddedServer.start(home, fast=True) as again:
            assert not is_alive(backend)
            assert sql(again, "SELECT 1") == 1
        thread.join()


def _keep_busy(url: str) -> None:
    with contextlib.suppress(asyncpg.PostgresConnectionError, ConnectionError):
        ask(url, "DO $$ BEGIN LOOP END LOOP; END $$")


def test_killed_backend(home: Path) -> None:
    """The server then ends all connections and recovers; who starts meanwhile shares it."""
    with EmbeddedServer.start(home, fast=True) as server:
        pid = server_pid(server)
        eventually(lambda: _child(pid, "background writer"))
        writer = _child(pid, "background writer")
        assert writer
        writer.kill()
        with EmbeddedServer.start(home, fast=True) as again:
            assert server_pid(again) == pid
            assert sql(again, "SELECT 1") == 1
    assert not is_alive(pid)


def _child(pid: int, title: str) -> psutil.Process | None:
    children = psutil.Process(pid).children()
    return next((child for child in children if title in " ".join(child.cmdline())), None)


@pytest.mark.parametrize("pid_file_stays", [True, False])
def test_server_that_was_started_by_hand(home: Path, pid_file_stays: bool) -> None:
    """It is shared; where nothing tells of it until it is in the way, it makes room."""
    with EmbeddedServer.start(home, fast=True) as server:
        [process] = servers_of(server.home)
        command, uid = process.cmdline(), process.uids().effective
    by_hand = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, user=uid if uid != os.geteuid() else None
    )
    eventually(lambda: pid_file(server).exists() and "ready" in pid_file(server).read_text())
    if not pid_file_stays:
        pid_file(server).unlink()
    with EmbeddedServer.start(home, fast=True) as again:
        assert (server_pid(again) == by_hand.pid) == pid_file_stays
        assert sql(again, "SELECT 1") == 1
    assert by_hand.wait(10) == 0
    assert not servers_of(server.home)


def test_server_that_is_stopping_is_waited_for(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        pid = server_pid(server)
        os.kill(pid, signal.SIGINT)
        with EmbeddedServer.start(home, fast=True) as again:
            assert server_pid(again) != pid
            assert sql(again, "SELECT 1") == 1


@pytest.mark.parametrize("with_children", [False, True])
def test_killed_while_the_data_directory_is_made(home: Path, with_children: bool) -> None:
    for delay in (0.02, 0.15, 0.3):
        other = OtherProcess(home)
        eventually(lambda: find(home, "server/new/data/base").exists())
        time.sleep(delay)
        children = psutil.Process(other.process.pid).children(recursive=True)
        assert children
        other.kill()
        if not with_children:
            # Whoever starts next waits for what is still being written.
            is_held = locks.is_held(find(home, "start.lock"))
            assert is_held or not any(is_alive(child.pid) for child in children)
        for child in children if with_children else ():
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        with EmbeddedServer.start(home, fast=True) as server:
            assert sql(server, "SELECT current_user", role="api") == "questline_api_login"
            assert not (server.home / "server" / "new").exists()
            assert len(servers_of(server.home)) == 1
        assert not servers_of(server.home)
        shutil.rmtree(server.home)


def test_killed_before_the_accounts_were_made(home: Path) -> None:
    other = OtherProcess(home)
    eventually(lambda: find(home, "server/data/postmaster.pid").exists())
    other.kill()
    with EmbeddedServer.start(home, fast=True) as server:
        roles: tuple[Role, ...] = ("owner", "api", "staff", "relay")
        for role in roles:
            assert sql(server, "SELECT 1", role=role) == 1
    assert not servers_of(server.home)


def test_server_that_dies_while_the_accounts_are_checked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = accounts.ensure_accounts
    killed: list[int] = []

    def kill_first(port: int, passwords: dict[str, str]) -> str:
        if not killed:
            [process] = servers_of(find(home, "server").parent)
            killed.append(process.pid)
            process.kill()
        return check(port, passwords)

    monkeypatch.setattr(accounts, "ensure_accounts", kill_first)
    with EmbeddedServer.start(home, fast=True) as server:
        assert server_pid(server) not in killed
        assert sql(server, "SELECT current_user", role="api") == "questline_api_login"
    assert not servers_of(server.home)


def test_removed_under_a_server_that_runs(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        shutil.rmtree(server.home)
        with EmbeddedServer.start(home, fast=True) as again:
            assert sql(again, "SELECT 1") == 1
            # The first one's use is of a server that is lost; it must not stop the new one.
            server.stop()
            assert sql(again, "SELECT 1") == 1
            pid = server_pid(again)
    assert not is_alive(pid)


def test_moved_under_a_server_that_runs(home: Path) -> None:
    """The server goes on in the folder's new place, and is found there."""
    with EmbeddedServer.start(home, fast=True) as server:
        if server.home != home:
            pytest.skip("its folder goes by the home's path here")
        pid = server_pid(server)
        elsewhere = home.rename(home.with_name("elsewhere"))
        with EmbeddedServer.start(elsewhere, fast=True) as again:
            assert server_pid(again) == pid
            server.stop()
            assert sql(again, "SELECT 1") == 1
        assert not is_alive(pid)


def test_removed_and_then_stopped(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True) as server:
        pid = server_pid(server)
        shutil.rmtree(server.home)
    assert not is_alive(pid)
    assert not server.home.exists()
