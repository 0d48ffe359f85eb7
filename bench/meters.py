"""CPU and memory of processes, as the operating system accounts for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used so far, user and system, with all its threads.

    Linux tells nanoseconds; elsewhere it is whatever the system's clock ticks are.
    """
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        spent = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
    except (OSError, ValueError):
        times = psutil.Process(pid).cpu_times()
        return times.user + times.system
    return spent / 1e9


@dataclass(frozen=True, slots=True)
class Server:
    """The processes of one column: usually one, with its children."""

    pid: int

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        return sum(cpu_seconds(process.pid) for process in self._processes())

    def memory(self) -> int:
        """Resident bytes now."""
        return sum(process.memory_info().rss for process in self._processes())

    def _processes(self) -> list[psutil.Process]:
        own = psutil.Process(self.pid)
        return [own, *own.children(recursive=True)]


@dataclass(frozen=True, slots=True)
class Postgres:
    """All processes of a PostgreSQL server: backends, writers, vacuum."""

    pid: int
    """Of the postmaster."""

    @classmethod
    def of_backend(cls, pid: int) -> Postgres:
        """The server that a backend belongs to."""
        return cls(psutil.Process(pid).ppid())

    def cpu(self) -> float:
        """Seconds of CPU so far, those of processes that have ended with them."""
        postmaster = psutil.Process(self.pid)
        times = postmaster.cpu_times()
        # A process that ends is counted there from then on, so the sum never falls.
        spent = cpu_seconds(self.pid) + times.children_user + times.children_system
        for child in postmaster.children():
            try:
                spent += cpu_seconds(child.pid)
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        return spent
