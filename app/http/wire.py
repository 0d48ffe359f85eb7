"""A request that has come whole, answered at one go: ASGI's messages, without the messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

WIRE: Final = "questline.wire"
"""Where a request's scope has its wire, among the extensions."""


class Wire:
    """One request and its answer, on uvicorn's account of them.

    It does for both what `receive` and `send` do, so limits, pauses, pipelines, shutdown and lost
    connections are uvicorn's as ever. Either may be left out: what comes before or after by way of
    `receive` and `send` finds things as it would without.
    """

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    def whole(self) -> bytes | None:
        """The body, where all of it is there; else it has to be received."""
        cycle = self._cycle
        if cycle.more_body or cycle.disconnected or cycle.waiting_for_100_continue:
            return None
        cycle.flow.resume_reading()
        body = bytes(cycle.body)
        cycle.body = bytearray()
        # Who waits for the connection's end is not told once more of the body.
        cycle.message_event.clear()
        return body

    async def answer(
        self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """Send a whole answer, whose headers are the house's own and tell its length."""
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        parts = [STATUS_LINE[status]]
        for pairs in (cycle.default_headers, headers):
            for name, value in pairs:
                parts += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"\r\n", body)
        cycle.response_started = True
        cycle.transport.write(b"".join(parts))
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
