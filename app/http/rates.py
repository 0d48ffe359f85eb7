"""Counts requests by address and by viewer, each process for itself, and tells how many are left.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. Sign-in has counters of its own,
in the database, for all processes. Of their windows none needs a timer: an expired one goes when
another opens. (The library `limits` was tried; its store starts threads for that, again and again.)
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from functools import lru_cache
from time import monotonic
from uuid import UUID

from app.core.errors import RateLimited
from app.core.request import RequestInfo
from app.core.settings import Settings

WINDOW_SECONDS = 60


class Windows:
    """Counts by key, each in windows that begin with a key's first request."""

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        self.most = most
        self._clock = clock
        self._open: dict[str, list[float]] = {}
        """When a key's window ends, and its count; in the order in which they end."""

    def __len__(self) -> int:
        return len(self._open)

    def hit(self, key: str) -> tuple[int, int]:
        """Count one; how many are left, less than 0 for none, and the seconds to the window's end.

        A key costs memory until its window ends, so long as others come.
        """
        now = self._clock()
        window = self._open.get(key)
        if window is None or window[0] <= now:
            self._forget(now)
            window = self._open[key] = [now + WINDOW_SECONDS, 0]
        window[1] += 1
        return self.most - int(window[1]), math.ceil(window[0] - now)

    def _forget(self, now: float) -> None:
        """Drop the windows that have ended: all of one length, the oldest come first."""
        while self._open:
            oldest = next(iter(self._open))
            if self._open[oldest][0] > now:
                return
            del self._open[oldest]


class Rates:
    """The counters of one process."""

    def __init__(self, settings: Settings) -> None:
        self._by_address = _windows(settings.rate_limit_address)
        self._by_viewer = _windows(settings.rate_limit_viewer)

    def count_address(self, info: RequestInfo) -> None:
        """Count a request of an address; raises `RateLimited` when it has no more."""
        if self._by_address is not None and info.address is not None:
            _count(self._by_address, "address", _network(info.address), info)

    def count_viewer(self, user_id: UUID, info: RequestInfo) -> None:
        """Count a request of a viewer; raises `RateLimited` when there is none left."""
        if self._by_viewer is not None:
            _count(self._by_viewer, "viewer", user_id.hex, info)


def _count(windows: Windows, name: str, key: str, info: RequestInfo) -> None:
    left, seconds = windows.hit(key)
    policy = f'"{name}";q={windows.most};w={WINDOW_SECONDS}'
    standing = f'"{name}";r={max(0, left)};t={seconds}'
    headers = info.headers
    if "ratelimit" in headers:
        policy = f"{headers['ratelimit-policy']}, {policy}"
        standing = f"{headers['ratelimit']}, {standing}"
    headers["ratelimit-policy"] = policy
    headers["ratelimit"] = standing
    if left < 0:
        info.headers["retry-after"] = str(seconds)
        said = f"More than {windows.most} requests a minute; try again in {seconds} seconds."
        raise RateLimited(said, retry_after_seconds=seconds)


def _windows(most: int) -> Windows | None:
    return Windows(most) if most else None


@lru_cache(maxsize=4_096)
def _network(address: str) -> str:
    """What stands for one caller: an IPv4 address, or the /64 that a household has of IPv6."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
