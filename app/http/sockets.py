"""The WebSocket endpoint: the protocol graphql-transport-ws, with limits and checked sessions.

The protocol is described by the library graphql-ws (PROTOCOL.md); close codes are its own, and
4403 also ends a socket whose session has ended, 4408 one whose client does not read. 1013 asks the
client to come again later, 1012 at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.auth import actions as auth
from app.core import logs
from app.core.errors import ErrorCode, Unavailable
from app.core.request import RequestInfo
from app.core.settings import Settings
from app.core.viewer import Viewer
from app.http.answers import plain_error
from app.http.endpoint import Endpoint, Refused, checked_ask
from app.http.execution import Executor

log = logs.get(__name__)

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
CHECK_SECONDS = 4.0
"""How often an open socket's session is looked up again; an ended one is noticed within five."""
SEND_SECONDS = 30.0
"""How long one message may wait for a client to read."""
CLOSE_SECONDS = 2.0
"""How long the close may wait for it; then the socket ends without a word."""
LARGEST_MESSAGE = 300_000
MOST_SUBSCRIPTIONS = 10
MOST_SOCKETS = 5


class Closed(Exception):
    """The socket is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Sockets:
    """All sockets of one process."""

    def __init__(self, executor: Executor, endpoint: Endpoint, settings: Settings) -> None:
        self.executor = executor
        self.endpoint = endpoint
        self.settings = settings
        self.open_by_user: Counter[UUID] = Counter()

    async def serve(self, websocket: WebSocket) -> None:
        """Speak with one client until either side closes."""
        if not self._from_allowed_origin(websocket):
            await websocket.close(4403, "This origin is not allowed.")
            return
        if PROTOCOL not in websocket.scope.get("subprotocols", []):
            await websocket.close(4406, f"Only the subprotocol {PROTOCOL} is spoken.")
            return
        await websocket.accept(subprotocol=PROTOCOL)
        connection = _Connection(self, websocket)
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
        if origin is None or origin in self.settings.allowed_origins:
            return True
        return urlsplit(origin).netloc == websocket.headers.get("host")


class _Connection:
    """One socket: its viewer, its running operations, and the tasks that watch it."""

    def __init__(self, sockets: Sockets, websocket: WebSocket) -> None:
        self._sockets = sockets
        self._websocket = websocket
        self._request: RequestInfo = sockets.endpoint.request_info(websocket)
        self._viewer: Viewer | None = None
        self._ready = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watch: asyncio.Task[None] | None = None
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
        if not isinstance(text, str) or len(text) > LARGEST_MESSAGE:
            raise Closed(4400, "A message is a text of JSON, at most 300 kB.")
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
        try:
            self._viewer = await self._look_up()
        except Unavailable as error:
            raise Closed(1013, error.message) from error
        if self._request.token is not None and self._viewer is None:
            raise Closed(4403, "Forbidden")
        if self._viewer is not None:
            opened = self._sockets.open_by_user
            if opened[self._viewer.user_id] >= MOST_SOCKETS:
                self._viewer = None
                raise Closed(4429, "Too many sockets of one user")
            opened[self._viewer.user_id] += 1
            self._watch = asyncio.create_task(self._watch_session())
        self._ready = True
        await self._send({"type": "connection_ack"})

    async def _look_up(self) -> Viewer | None:
        executor = self._sockets.executor
        viewer, reader = await auth.authenticate(
            executor.databases, executor.settings, self._request.token, executor.clock.now()
        )
        await reader.close()
        return None if viewer is None or viewer.disabled else viewer

    async def _watch_session(self) -> None:
        """Close the socket soon after its session has ended, in whatever process that was."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                ended = await self._look_up() is None
            except Exception as error:  # the database is away: look again
                log.warning("session look-up failed", error=repr(error))
                continue
            if ended:
                self._fail(Closed(4403, "The session has ended."))
                return

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._ready:
            raise Closed(4401, "Unauthorized")
        operation_id = message.get("id")
        if not isinstance(operation_id, str) or not operation_id:
            raise Closed(4400, "An operation needs an id.")
        if operation_id in self._operations:
            raise Closed(4409, f"Subscriber for {operation_id[:60]} already exists")
        request = replace(self._request, correlation_id=secrets.token_hex(8))
        if len(self._operations) >= MOST_SUBSCRIPTIONS:
            said = f"At most {MOST_SUBSCRIPTIONS} operations at once on a socket."
            error = plain_error(ErrorCode.RATE_LIMITED, said, request)
            await self._send({"id": operation_id, "type": "error", "payload": [error]})
            return
        task = asyncio.create_task(self._operate(operation_id, message.get("payload"), request))
        self._operations[operation_id] = task

    async def _operate(self, operation_id: str, payload: Any, request: RequestInfo) -> None:
        """Run one operation to its end; one that is refused does not close the socket."""
        executor = self._sockets.executor
        try:
            try:
                ask = checked_ask(payload, read_only=False)
            except Refused as refusal:
                error = plain_error(ErrorCode.BAD_REQUEST, refusal.message, request)
                await self._send({"id": operation_id, "type": "error", "payload": [error]})
                return
            if executor.is_subscription(ask):
                async with aclosing(executor.subscribe(ask, request)) as answers:
                    async for answer in answers:
                        if not await self._tell(operation_id, answer.body):
                            return
            elif not await self._tell(operation_id, (await executor.run(ask, request)).body):
                return
            await self._send({"id": operation_id, "type": "complete"})
        except Closed as closed:
            self._fail(closed)
        except WebSocketDisconnect:
            pass  # nobody is left to answer
        except Exception as error:  # a fault of ours ends this operation alone
            log.exception("operation failed", error=repr(error))
            said = plain_error(ErrorCode.INTERNAL, "Something went wrong on our side.", request)
            await self._send({"id": operation_id, "type": "error", "payload": [said]})
        finally:
            if self._operations.get(operation_id) is asyncio.current_task():
                del self._operations[operation_id]

    async def _tell(self, operation_id: str, body: dict[str, Any]) -> bool:
        """Send an answer; false when it says that the operation never began."""
        if "data" not in body:
            await self._send({"id": operation_id, "type": "error", "payload": body["errors"]})
            return False
        await self._send({"id": operation_id, "type": "next", "payload": body})
        return True

    async def _send(self, message: dict[str, Any]) -> None:
        text = orjson.dumps(message, default=str).decode()
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS):
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
            if self._viewer is not None:
                self._sockets.open_by_user[self._viewer.user_id] -= 1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.exception()


def _now() -> float:
    return asyncio.get_running_loop().time()
