"""What a resolver may know of the HTTP request, and what it may send back beside the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from uuid import UUID


@dataclass(slots=True)
class RequestInfo:
    """The caller as the door saw it; `cookie` is what a resolver wants set (None: leave it)."""

    correlation_id: str
    address: str | None = None
    user_agent: str | None = None
    token: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """Headers of the answer, besides those that every answer has."""
    trace: dict[str, str] = field(default_factory=dict[str, str])
    """The caller's traceparent and tracestate; empty while traces are off."""
    user_id: UUID | None = field(init=False, default=None)
    """Who asked, once it is known."""
    started: float = field(init=False, default_factory=perf_counter)
    """When it came in, by the clock that measures."""
