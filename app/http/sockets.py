"""The WebSocket endpoint: the protocol graphql-transport-ws, with limits and checked sessions.

The protocol is described by the library graphql-ws (PROTOCOL.md); close codes are its own, and
4403 also ends a socket whose session has ended, 4408 one whose client does not read. 1013 asks the
client to come again later, 1012 at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from contextlib import ExitStack, aclosing
from dataclasses import replace
from time import perf_counter
from typing import Any, cast

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.core import logs
from app.core.errors import ErrorCode, RateLimited, Unavailable
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.http import watched
from app.http.answers import plain_error
from app.http.encoding import encoded
from app.http.endpoint import Endpoint
from app.http.execution import Answer, Executor
from app.http.presence import Full
from app.http.refusals import refused
from app.http.requests import Refused, checked_ask

log = logs.get(__name__)

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
CLOSE_SECONDS = 2.0
"""How long the close may wait for it; then the socket ends without a word."""
LONGEST_ID = 200


class Closed(Exception):
    """The socket is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # The protocol has room for 123 bytes.
        self.reason = reason.encode()[:120].decode(errors="ignore")


class Sockets:
    """All sockets of one process."""

    def __init__(self, executor: Executor, endpoint: Endpoint, settings: Settings) -> None:
        self.executor = executor
        self.endpoint = endpoint
        self.settings = settings
        self.presence = endpoint.presence

    async def serve(self, websocket: WebSocket) -> None:
        """Speak with one client until either side closes."""
        if not self._from_allowed_origin(websocket):
            said = "This origin is not allowed."
            await websocket.send_denial_response(refused(403, ErrorCode.FORBIDDEN, said))
            return
        if PROTOCOL not in websocket.scope.get("subprotocols", []):
            said = f"Only the subprotocol {PROTOCOL} is spoken."
            await websocket.send_denial_response(refused(400, ErrorCode.BAD_REQUEST, said))
            return
        info = self.endpoint.request_info(websocket)
        try:
            self.executor.rates.count_address(info)
        except RateLimited as error:
            response = refused(429, error.code, error.message, info.headers)
            await websocket.send_denial_response(response)
            return
        await websocket.accept(subprotocol=PROTOCOL)
        connection = _Connection(self, websocket, info)
        try:
            await connection.run()
        except Closed as closed:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await websocket.close(closed.code, closed.reason)
        except WebSocketDisconnect:
            pass
        finally:
            await connection.end()

    def _from_allowed_origin(self, websocket: WebSocket) -> bool:
        """A browser names its page's origin: it must be the service's own, or a listed one.

        Other programs send none. Without this check any page could use a signed-in cookie.
        """
        origin = websocket.headers.get("origin")
        host = websocket.headers.get("host")
        return origin is None or self.endpoint.from_allowed_origin(origin, host)


class _Connection:
    """One socket: its viewer, its running operations, and the tasks that watch it."""

    def __init__(self, sockets: Sockets, websocket: WebSocket, request: RequestInfo) -> None:
        self._sockets = sockets
        self._settings = sockets.settings
        self._websocket = websocket
        self._request = request
        self._ready = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watch: asyncio.Task[None] | None = None
        self._held = ExitStack()
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Read messages until the client goes or something demands the end; raises `Closed`."""
        deadline = asyncio.get_running_loop().time() + INIT_SECONDS
        while True:
            limit = None if self._ready else max(0.0, deadline - _now())
            await self._handle(await self._receive(limit))

    async def _receive(self, limit: float | None) -> dict[str, Any]:
        reading = asyncio.ensure_future(self._websocket.receive())
        try:
            await asyncio.wait(
                {reading, self._failed}, timeout=limit, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            if not reading.done():
                reading.cancel()
        if self._failed.done():
            self._failed.result()
        if reading.cancelled() or not reading.done():
            raise Closed(4408, "Connection initialisation timeout")
        message = reading.result()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text")
        most = self._settings.max_body_bytes
        if not isinstance(text, str) or len(text.encode()) > most:
            raise Closed(4400, f"A message is a text of JSON, at most {most} bytes.")
        try:
            decoded = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Closed(4400, "A message is a text of JSON.") from None
        if not isinstance(decoded, dict):
            raise Closed(4400, "A message is a JSON object.")
        return cast("dict[str, Any]", decoded)

    async def _handle(self, message: dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "connection_init":
            await self._init(message.get("payload"))
        elif kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "pong":
            pass
        elif kind == "subscribe":
            await self._subscribe(message)
        elif kind == "complete" and isinstance(message.get("id"), str):
            running = self._operations.pop(message["id"], None)
            if running is not None:
                running.cancel()
        else:
            raise Closed(4400, "This type of message is not known.")

    async def _init(self, payload: Any) -> None:
        if self._ready:
            raise Closed(4429, "Too many initialisation requests")
        given = cast("dict[str, Any]", payload) if isinstance(payload, dict) else {}
        for name, value in given.items():
            if name.lower() == "authorization" and isinstance(value, str):
                scheme, _, token = value.partition(" ")
                self._request.token = token.strip() if scheme.lower() == "bearer" else value
        presence = self._sockets.presence
        try:
            viewer = await presence.look_up(self._request)
        except Unavailable as error:
            raise Closed(1013, error.message) from error
        if self._request.token is not None and viewer is None:
            raise Closed(4403, "Forbidden")
        if viewer is not None:
            try:
                self._held.enter_context(presence.room(viewer.user_id, presence.socket))
            except Full:
                raise Closed(4429, "Too many sockets of one user") from None
            self._watch = asyncio.create_task(self._watch_session())
        self._ready = True
        await self._send({"type": "connection_ack"})

    async def _watch_session(self) -> None:
        """Close the socket soon after its session has ended."""
        await self._sockets.presence.session_end(self._request)
        self._fail(Closed(4403, "The session has ended."))

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._ready:
            raise Closed(4401, "Unauthorized")
        operation_id = message.get("id")
        if not isinstance(operation_id, str) or not 0 < len(operation_id) <= LONGEST_ID:
            raise Closed(4400, f"An operation needs an id, at most {LONGEST_ID} characters long.")
        if operation_id in self._operations:
            raise Closed(4409, f"Subscriber for {operation_id[:60]} already exists")
        # Headers are written for each request anew; a socket has nothing to send them with.
        request = replace(self._request, correlation_id=secrets.token_hex(8), headers={})
        most = self._settings.max_socket_operations
        try:
            self._sockets.executor.rates.count_address(request)
        except RateLimited as error:
            await self._refuse(operation_id, error.code, error.message, request)
            return
        if len(self._operations) >= most:
            said = f"At most {most} operations at once on a socket."
            await self._refuse(operation_id, ErrorCode.RATE_LIMITED, said, request)
            return
        task = asyncio.create_task(self._operate(operation_id, message.get("payload"), request))
        self._operations[operation_id] = task

    async def _operate(self, operation_id: str, payload: Any, request: RequestInfo) -> None:
        """Run one operation to its end; one that is refused does not close the socket."""
        logs.begin(correlation_id=request.correlation_id)
        try:
            try:
                await self._run(operation_id, payload, request)
            except Refused as refusal:
                await self._refuse(operation_id, refusal.code, refusal.message, request)
            except (Closed, WebSocketDisconnect):
                raise
            except Exception as error:  # a fault of ours ends this operation alone
                errors = self._sockets.executor.failed(error, request).body["errors"]
                await self._send({"id": operation_id, "type": "error", "payload": errors})
        except Closed as closed:
            self._fail(closed)
        except WebSocketDisconnect:
            pass  # nobody is left to answer
        finally:
            if self._operations.get(operation_id) is asyncio.current_task():
                del self._operations[operation_id]

    async def _run(self, operation_id: str, payload: Any, request: RequestInfo) -> None:
        """Answer one operation; raises `Refused` for what is none."""
        executor = self._sockets.executor
        prepared = executor.prepare(checked_ask(payload, self._settings), request)
        if isinstance(prepared, Answer):
            watched.refused(executor.metrics, prepared.body, request)
            await self._tell(operation_id, prepared.body)
            return
        if prepared.is_subscription:
            events = 0
            try:
                async with aclosing(executor.subscribe(prepared, request)) as answers:
                    async for answer in answers:
                        if not await self._tell(operation_id, answer.body):
                            return
                        events += 1
            finally:
                seconds = round(perf_counter() - request.started, 3)
                log.info("subscription ended", events=events, seconds=seconds)
        elif not await self._tell(operation_id, (await executor.run(prepared, request)).body):
            return
        await self._send({"id": operation_id, "type": "complete"})

    async def _refuse(
        self, operation_id: str, code: ErrorCode, said: str, request: RequestInfo
    ) -> None:
        error = plain_error(code, said, request)
        await self._send({"id": operation_id, "type": "error", "payload": [error]})

    async def _tell(self, operation_id: str, body: dict[str, Any]) -> bool:
        """Send an answer; false when it says that the operation never began."""
        if "data" not in body:
            await self._send({"id": operation_id, "type": "error", "payload": body["errors"]})
            return False
        await self._send({"id": operation_id, "type": "next", "payload": body})
        return True

    async def _send(self, message: dict[str, Any]) -> None:
        text = encoded(message).decode()
        try:
            async with self._sending, asyncio.timeout(self._sockets.settings.read_timeout):
                await self._websocket.send_text(text)
        except TimeoutError:
            raise Closed(4408, "The client does not read its events.") from None
        except (RuntimeError, OSError):
            raise WebSocketDisconnect from None

    def _fail(self, closed: Closed) -> None:
        if not self._failed.done():
            self._failed.set_exception(closed)

    async def end(self) -> None:
        """Stop everything that belongs to the socket."""
        tasks = list(self._operations.values())
        if self._watch is not None:
            tasks.append(self._watch)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._held.close()
        if self._failed.done():
            self._failed.exception()


def _now() -> float:
    return asyncio.get_running_loop().time()
