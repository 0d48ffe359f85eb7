"""Which processes are PostgreSQL with a certain data directory, and how they are ended."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil

from app.embedded import locks
from app.embedded.errors import EmbeddedServerError
from app.embedded.place import Place

PAUSE = 0.005
"""Seconds between two looks at something that changes soon."""

_WAYS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""Fast shutdown, immediate shutdown, kill; and the seconds that each gets."""

_UNSEEN = 3.0
"""Seconds for processes to go that hold the server's lock but can't be found."""


@dataclass(frozen=True, slots=True)
class PidFile:
    """What postmaster.pid says; the server writes it in parts while it starts."""

    pid: int
    port: int | None
    status: str


def read_pid_file(place: Place) -> PidFile | None:
    """The content of postmaster.pid; None where there is no file, or no process id in it."""
    try:
        lines = (place.data / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    lines += [""] * (8 - len(lines))
    if not _is_number(lines[0]):
        return None
    port = int(lines[3]) if _is_number(lines[3]) else None
    return PidFile(int(lines[0]), port, lines[7].strip())


def _is_number(text: str) -> bool:
    digits = text.strip()
    return digits.isascii() and digits.isdecimal() and len(digits) <= 10 and 0 < int(digits) < 2**31


def postmaster(place: Place) -> psutil.Process | None:
    """The server that postmaster.pid names, if that process is one and has this data directory."""
    pid_file = read_pid_file(place)
    if pid_file is None:
        return None
    try:
        process = psutil.Process(pid_file.pid)
    except psutil.NoSuchProcess:
        return None
    return process if _is_postmaster(process, place) else None


def _is_postmaster(process: psutil.Process, place: Place) -> bool:
    """Whether the process is the server of this data directory, and not one that got its number."""
    try:
        with process.oneshot():
            arguments = process.cmdline()
            if not _is_postgres(process, place) or arguments[0].startswith("postgres:"):
                return False
            # The argument can be read of every process, but it is outdated once the folder was
            # moved; the working directory never is, but root in a container may not see it.
            names_it = ("-D", str(place.data)) in pairwise(arguments)
            return names_it or _works_in(process, place.data)
    except (psutil.Error, IndexError):
        # Gone by now, or somebody else's, which the server of our data can't be.
        return False


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()).samefile(folder)
    except (psutil.Error, OSError):
        return False


def _is_child(process: psutil.Process, place: Place) -> bool:
    try:
        with process.oneshot():
            title = " ".join(process.cmdline())
            return _is_postgres(process, place) and title.startswith(
                f"postgres: {place.cluster_name}: "
            )
    except psutil.Error:
        return False


def _is_postgres(process: psutil.Process, place: Place) -> bool:
    return (
        process.name() in ("postgres", "postmaster")
        and process.status() != psutil.STATUS_ZOMBIE
        and process.uids().effective == place.uid
    )


def end_all(place: Place, *, thorough: bool = False) -> None:
    """End every PostgreSQL process of this data directory.

    Servers get a fast shutdown (open transactions roll back), what a killed server left behind an
    immediate one. Looking at all processes takes long, so it is done where something hints at
    one, or if it is to be thorough. Raises `EmbeddedServerError` when something goes on regardless.
    """
    for number, patience in _WAYS:
        servers, children = _search(place, thorough=thorough)
        if not servers and not children:
            # What nobody told to end may be ending, or is beyond our view.
            if _wait(lambda: not locks.is_held(place.server_lock), _UNSEEN):
                return
            break
        if number is signal.SIGINT and not servers:
            continue
        # A server tells its children itself what to do; those without one are alone.
        processes = servers if number is signal.SIGINT else servers + children
        _send(processes, number)
        if _wait(partial(_is_over, place, processes), patience):
            return
    raise EmbeddedServerError(
        f"A PostgreSQL process uses {place.data} and can't be ended from here; it may run in "
        "another container. Stop what uses it there, or set QUESTLINE_HOME to another folder."
    )


def _search(place: Place, *, thorough: bool) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """The servers of this data directory, and the children of servers that are gone or going."""
    server = postmaster(place)
    if server is not None:
        return [server], []
    servers: list[psutil.Process] = []
    children: list[psutil.Process] = []
    hint = locks.is_held(place.server_lock) or (place.data / "postmaster.pid").exists()
    if hint or thorough:
        for process in psutil.process_iter():
            if _is_postmaster(process, place):
                servers.append(process)
            elif _is_child(process, place):
                children.append(process)
    return servers, children


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


def _is_over(place: Place, processes: list[psutil.Process]) -> bool:
    # Both are asked: a process that ends has lost its command line before it lets go of the lock,
    # and the lock has children that aren't among the processes.
    return not locks.is_held(place.server_lock) and not any(map(_lives, processes))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait(condition: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True
