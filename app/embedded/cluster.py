"""Makes a data directory, starts PostgreSQL on it, and waits until it answers."""

from __future__ import annotations

import os
import sys
import time

from app.embedded import config, files, install, locks, processes
from app.embedded.errors import EmbeddedServerError
from app.embedded.place import Place

_TRIES = 5
_READY = 300.0
"""Seconds a server may take to start: a crash recovery with much to redo is long."""
_LONGEST_LOG = 8 * 2**20
_TAIL = 2000

# macOS has no such locale of its own before version 15, but PostgreSQL 17 and newer bring it.
_LOCALE = (
    ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    if sys.platform == "darwin"
    else ("--locale=C.UTF-8",)
)

# Both scripts run as PostgreSQL's account, so that root itself never writes in its folder.
# The data directory gets its name last: one that was not finished is made anew.
_MAKE = """\
cd "$1" && rm -rf new && mkdir new && cat >new/password && shift &&
"$@" --pgdata="$PWD/new/data" --pwfile="$PWD/new/password" && mv new/data data && rm -rf new
"""
# What a dead server left would stop the next: PostgreSQL believes in any process of that number.
_START = """\
cd "$1" && rm -rf run data/postmaster.pid && mkdir run || exit
test "$2" = keep || mv -f server.log server.log.1
shift 2
"$@" </dev/null >>server.log 2>&1 &
"""


def ensure_data(place: Place, password: str, start_lock: int, *, fast: bool) -> None:
    """Make the data directory where there is none; refuses one of another major version.

    Whoever is killed meanwhile leaves `start_lock` to the programs it started, so the next start
    waits for their end.
    """
    try:
        version = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if place.data.exists():
            raise EmbeddedServerError(
                f"{place.data} isn't PostgreSQL's: it has no PG_VERSION. Look into it, and "
                f"remove {place.home} to start with an empty database."
            ) from None
        _make_data(place, password, start_lock, fast=fast)
        return
    if version != str(place.major):
        raise EmbeddedServerError(
            f"{place.data} was made by PostgreSQL {version}, and this is {place.major}. Dump it "
            f"with version {version}'s pg_dump and restore it into a new one, or remove "
            f"{place.home} to start with an empty database."
        )


def _make_data(place: Place, password: str, start_lock: int, *, fast: bool) -> None:
    initdb = [
        place.binaries / "initdb",
        "--username=questline_admin",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *_LOCALE,
        "--no-instructions",
        *(["--no-sync"] if fast else []),
    ]
    result = install.run(
        ["/bin/sh", "-c", _MAKE, "sh", place.server, *initdb],
        place.runner,
        text=password,
        keep=(start_lock,),
    )
    if result.returncode:
        raise EmbeddedServerError(
            f"PostgreSQL's data directory can't be made in {place.server}: "
            f"{result.stderr.strip()[-_TAIL:]}"
        )


def running_port(place: Place) -> int | None:
    """The port of the server that runs; waits for the end of one that starts or stops."""
    deadline = time.monotonic() + _READY
    while processes.postmaster(place) is not None:
        pid_file = processes.read_pid_file(place)
        if pid_file and pid_file.port and pid_file.status == "ready":
            return pid_file.port
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"PostgreSQL has been starting for {_READY / 60:.0f} minutes. "
                f"See {place.log}, and try again."
            )
        time.sleep(processes.PAUSE)
    return None


def start(place: Place, *, fast: bool) -> int:
    """Start PostgreSQL, which doesn't run yet; returns its port."""
    avoid: set[int] = set()
    said = ""
    for attempt in range(_TRIES):
        processes.end_all(place, thorough=attempt > 0)
        port = config.choose_port(place, avoid=avoid)
        config.write(place, port, fast=fast)
        begin = _launch(place)
        if _started(place):
            files.write(place.port_file, f"{port}\n", 0o600)
            return port
        said = _log_from(place, begin)
        if "could not create any TCP/IP sockets" in said:
            # Somebody took it after we had looked.
            avoid.add(port)
    raise EmbeddedServerError(
        f"PostgreSQL didn't start. Its last words: {said[-_TAIL:].strip()}\n"
        f"The whole log is {place.log}."
    )


def _launch(place: Place) -> int:
    """Start the server's process, and leave it alone; returns where in the log it begins."""
    size = _log_size(place)
    rotate = size > _LONGEST_LOG
    lock = locks.open_lock(place.server_lock)
    try:
        if not locks.try_lock(lock):
            raise EmbeddedServerError(f"Another PostgreSQL is starting on {place.data}.")
        log = "rotate" if rotate else "keep"
        config_file = f"config_file={place.config_file}"
        postgres = [place.binaries / "postgres", "-D", place.data, "-c", config_file]
        result = install.run(
            ["/bin/sh", "-c", _START, "sh", place.server, log, *postgres],
            place.runner,
            keep=(lock,),
            apart=True,
        )
    finally:
        os.close(lock)
    if result.returncode:
        raise EmbeddedServerError(
            f"PostgreSQL can't be started in {place.server}: {result.stderr.strip()[-_TAIL:]}"
        )
    return 0 if rotate else size


def _started(place: Place) -> bool:
    """Wait until the new server is ready; false when it ended instead."""
    deadline = time.monotonic() + _READY
    while locks.is_held(place.server_lock):
        pid_file = processes.read_pid_file(place)
        if pid_file and pid_file.status == "ready":
            return True
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"PostgreSQL hasn't become ready for {_READY / 60:.0f} minutes. "
                f"See {place.log}, and try again."
            )
        time.sleep(processes.PAUSE)
    return False


def _log_size(place: Place) -> int:
    try:
        return place.log.lstat().st_size
    except FileNotFoundError:
        return 0


def _log_from(place: Place, begin: int) -> str:
    with place.log.open("rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")
