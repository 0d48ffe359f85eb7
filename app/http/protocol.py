"""uvicorn's HTTP protocol with the limits that it lacks, and refusals in the house's JSON.

A connection has so long to send a request's headers, the headers so many bytes, and a client so
long to read its answer; beyond a number of connections new ones are turned away, and what comes
after an answer that did not wait for the whole body is soon cut off. What is refused here never
reaches the application.
"""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from app.core import logs
from app.core.errors import ErrorCode
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.http.answers import plain_error
from app.http.encoding import encoded
from app.http.wire import WIRE, Wire

log = logs.get(__name__)

LEAVE_SECONDS = 3.0
"""How long after `read_timeout` a WebSocket lives on, for its close to be said."""
MOST_HEADERS = 100
MOST_HEAD_BYTES = 16_384
MOST_PIPELINED = 100
"""Requests that may wait behind one that is being answered; uvicorn would queue any number."""


class _Refused(Exception):
    """The request's head is over its limits, or of two minds; the parser stops at it."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection, with a clock running while its next step is the client's to make."""

    head_timeout: ClassVar[float]
    read_timeout: ClassVar[float]
    most_connections: ClassVar[int]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.url = b""
        self._head_bytes = 0
        self._in_head = True
        self._waiting: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._lingering: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or turn it away where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(503, "Too many connections; try again later.", ErrorCode.RATE_LIMITED)
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._got_head()
        self._read()
        self._got_body()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless the head of a request grows past its limit."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
            self._wait_for_head()
        super().data_received(data)
        if self._in_head and self._head_bytes > MOST_HEAD_BYTES:
            self._refuse_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what trails the body is nobody's, and could be without end."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request over, once its head is known to be within the limits."""
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value)
            hosts += name == b"host"
        if size > MOST_HEAD_BYTES or len(self.headers) > MOST_HEADERS:
            raise _Refused
        if hosts > 1 or (hosts == 0 and self._version() == "1.1"):
            raise _Refused
        if len(self.pipeline) >= MOST_PIPELINED:
            self.transport.close()
            raise _Refused
        self._got_head()
        self._in_head = False
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Hand a request to the application, with the way to answer it at one go."""
        scope: dict[str, Any] = cast("dict[str, Any]", cycle.scope)
        scope["extensions"] = {WIRE: Wire(cycle)}
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        """The next byte begins another request."""
        super().on_message_complete()
        self._got_body()
        self._in_head = True
        self._head_bytes = 0
        if self.cycle and self.cycle.response_complete:
            # The answer was out before: uvicorn's clock for idle connections was stopped since.
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """The answer is out; a client that still sends the request's body may not go on for ever.

        It is not cut off at once: what was not read would destroy the answer on its way.
        """
        super().on_response_complete()
        if not self._in_head and self._lingering is None and not self.transport.is_closing():
            self._lingering = self.loop.call_later(self.head_timeout, self.transport.close)

    def _should_upgrade(self) -> bool:
        """Only a GET becomes a WebSocket; another one would wait for its answer for ever."""
        parser = self.parser
        return parser is not None and parser.get_method() == b"GET" and super()._should_upgrade()

    def send_400_response(self, msg: str) -> None:
        """What the parser refused: too large a head, or no HTTP."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers or ())
        if size > MOST_HEAD_BYTES or len(self.headers or ()) > MOST_HEADERS:
            self._refuse_head()
        else:
            self._refuse(400, msg, ErrorCode.BAD_REQUEST)

    def pause_writing(self) -> None:
        """The client does not read: give it a while."""
        super().pause_writing()
        self._read()
        self._unread = self.loop.call_later(self.read_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._read()
        super().resume_writing()

    def _version(self) -> str:
        return "" if self.parser is None else self.parser.get_http_version()

    def _wait_for_head(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.head_timeout, self._head_too_late)

    def _got_head(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _got_body(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _head_too_late(self) -> None:
        self._waiting = None
        if self._head_bytes:
            said = "The request's headers took too long to arrive."
            self._refuse(408, said, ErrorCode.BAD_REQUEST)
        else:
            self.transport.close()

    def _refuse_head(self) -> None:
        said = f"A request has at most {MOST_HEADERS} headers of {MOST_HEAD_BYTES} bytes in all."
        self._refuse(431, said, ErrorCode.BAD_REQUEST)

    def _refuse(self, status: int, said: str, code: ErrorCode) -> None:
        if self.transport.is_closing():
            return
        self._got_head()
        info = RequestInfo(secrets.token_hex(8))
        log.info("connection refused", status=status, correlation_id=info.correlation_id)
        body = encoded({"errors": [plain_error(code, said, info)]})
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
            "content-type: application/json; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\n"
            f"x-correlation-id: {info.correlation_id}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


class GuardedSocket(WebSocketsSansIOProtocol):
    """One WebSocket, cut off when its client goes on not reading.

    The application says 4408 and leaves; uvicorn then waits for the client to take what was sent,
    and a client that never does would keep its connection and its full buffers for ever.
    """

    patience: ClassVar[float]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._unread: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read: give it a while."""
        super().pause_writing()
        self._read()
        self._unread = self.loop.call_later(self.patience, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._read()
        super().resume_writing()

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def guarded_socket(settings: Settings) -> type[GuardedSocket]:
    """The protocol class of WebSockets for some settings."""

    class Socket(GuardedSocket):
        """With this process's limit, and the time in which the application takes its leave."""

        patience = settings.read_timeout + LEAVE_SECONDS

    return Socket


def guarded(settings: Settings) -> type[GuardedProtocol]:
    """The protocol class for some settings; uvicorn makes one of it for each connection."""

    class Protocol(GuardedProtocol):
        """With this process's limits."""

        head_timeout = settings.head_timeout
        read_timeout = settings.read_timeout
        most_connections = settings.max_connections

    return Protocol
