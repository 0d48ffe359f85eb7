"""Counts requests by address and by viewer, each process for itself, and tells how many are left.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. Sign-in has counters of its own,
in the database, for all processes.
"""

from __future__ import annotations

import ipaddress
import math
import time
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.core.errors import RateLimited
from app.core.request import RequestInfo
from app.core.settings import Settings

WINDOW_SECONDS = 60


class Rates:
    """The counters of one process."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._by_address = _per_minute(settings.rate_limit_address)
        self._by_viewer = _per_minute(settings.rate_limit_viewer)

    def count_address(self, info: RequestInfo) -> None:
        """Count a request of an address; raises `RateLimited` when it has no more."""
        if self._by_address is not None and info.address is not None:
            self._count(self._by_address, "address", _network(info.address), info)

    def count_viewer(self, user_id: UUID, info: RequestInfo) -> None:
        """Count a request of a viewer; raises `RateLimited` when there is none left."""
        if self._by_viewer is not None:
            self._count(self._by_viewer, "viewer", user_id.hex, info)

    def _count(self, limit: RateLimitItem, name: str, key: str, info: RequestInfo) -> None:
        within = self._limiter.hit(limit, name, key)
        stats = self._limiter.get_window_stats(limit, name, key)
        seconds = max(0, math.ceil(stats.reset_time - time.time()))
        policy = f'"{name}";q={limit.amount};w={WINDOW_SECONDS}'
        standing = f'"{name}";r={max(0, stats.remaining)};t={seconds}'
        for header, value in (("ratelimit-policy", policy), ("ratelimit", standing)):
            before = info.headers.get(header)
            info.headers[header] = value if before is None else f"{before}, {value}"
        if not within:
            info.headers["retry-after"] = str(seconds)
            said = f"More than {limit.amount} requests a minute; try again in {seconds} seconds."
            raise RateLimited(said, retry_after_seconds=seconds)


def _per_minute(most: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(most) if most else None


def _network(address: str) -> str:
    """What stands for one caller: an IPv4 address, or the /64 that a household has of IPv6."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
