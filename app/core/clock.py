"""The service's one source of time, so that a test can move it and no test has to sleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present moment as an aware time in UTC."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that runs with the machine's but can be set ahead or back."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = (start - datetime.now(UTC)) if start is not None else timedelta()

    def now(self) -> datetime:
        """The present moment of this clock, in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Let the clock go on from `moment`."""
        self._offset = moment - datetime.now(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, back when it is negative."""
        self._offset += step


def milliseconds(moment: datetime) -> int:
    """A moment as whole milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)
