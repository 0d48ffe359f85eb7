"""What a resolver may know of the HTTP request, and what it may send back beside the answer."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RequestInfo:
    """The caller as the door saw it; `cookie` is what a resolver wants set (None: leave it)."""

    correlation_id: str
    address: str | None = None
    user_agent: str | None = None
    token: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)
