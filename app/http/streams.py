"""Answers in parts over plain HTTP: server-sent events and multipart, each one response.

A stream ends with its operation, with the session behind it, with the service, or when its client
goes away or does not read; whatever ends it, nothing of it stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, aclosing
from functools import partial
from time import perf_counter
from typing import Any, TypeAlias, TypeVar

import asyncpg
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.core import logs
from app.core.context import Context
from app.core.errors import AppError, ErrorCode, RateLimited, Unavailable
from app.core.request import RequestInfo
from app.http import incremental
from app.http.answers import plain_error
from app.http.execution import Answer, Executor, Prepared
from app.http.forms import Form
from app.http.presence import Full, Presence
from app.http.requests import Refused

log = logs.get(__name__)

KEEP_ALIVE_SECONDS = 12.0
"""After so long without an answer something is sent: proxies cut what is silent for longer."""

T = TypeVar("T")
Answers: TypeAlias = AsyncGenerator[dict[str, Any]]
Watch: TypeAlias = "Callable[[], Coroutine[Any, Any, _Ended]]"


class _Ended(Exception):
    """Why a stream ends before its operation does."""

    def __init__(self, reason: str, error: tuple[ErrorCode, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


class Streams:
    """Makes the streams of one process."""

    def __init__(self, executor: Executor, presence: Presence) -> None:
        self._executor = executor
        self._presence = presence
        self._patience = executor.settings.read_timeout

    def one(self, answer: Answer, form: Form) -> Response:
        """A single answer as a whole stream; its errors stand in it, but for too many requests."""
        content = form.opening + form.part(answer.body) + form.end
        status = 429 if answer.status == 429 else 200
        return Response(content, status, {"content-type": form.media_type})

    async def follow(self, prepared: Prepared, form: Form, request: RequestInfo) -> Response:
        """The stream of a subscription; raises `Refused` or `RateLimited` before it begins."""
        async with AsyncExitStack() as held:
            context = await self._context(request)
            held.push_async_callback(context.end)
            if context.viewer is not None:
                try:
                    held.enter_context(self._presence.room(context.viewer.user_id, 1))
                except Full:
                    said = "This user has too many streams and sockets open."
                    raise Refused(429, said, ErrorCode.RATE_LIMITED) from None
            # It waits for a client to follow, and must not hold a connection until then.
            await context.close()
            answers = self._bodies(prepared, request, context)
            held.push_async_callback(answers.aclose)
            ends: list[Watch] = [self._service_end]
            if context.viewer is not None:
                ends.append(partial(self._session_end, request))
            return Stream(answers, form, request, self._patience, held.pop_all(), ends)

    async def deferred(
        self, prepared: Prepared, form: Form, request: RequestInfo
    ) -> Answer | Response:
        """The stream of an answer and its deferred parts; the answer, where nothing is deferred."""
        async with AsyncExitStack() as held:
            answers = incremental.deliver(self._executor, prepared, request)
            held.push_async_callback(answers.aclose)
            first = await anext(answers)
            if "hasNext" not in first.body:
                return first
            bodies = self._parts(first, answers, None if form.newer else incremental.Older())
            held.push_async_callback(bodies.aclose)
            # A snapshot is open meanwhile: no client may keep it for long.
            patience = min(self._patience, self._executor.settings.request_timeout)
            return Stream(bodies, form, request, patience, held.pop_all())

    async def _parts(
        self, first: Answer, answers: AsyncGenerator[Answer], older: incremental.Older | None
    ) -> Answers:
        def shaped(answer: Answer) -> dict[str, Any] | None:
            return answer.body if older is None else older.body(answer.body)

        yield shaped(first) or {}
        async for answer in answers:
            body = shaped(answer)
            if body is not None:
                yield body

    async def _context(self, request: RequestInfo) -> Context:
        try:
            async with asyncio.timeout(self._executor.settings.request_timeout):
                return await self._executor.context(request)
        except RateLimited:
            raise
        except (AppError, asyncpg.PostgresError, OSError) as error:
            log.warning("stream refused", error=repr(error))
            known = error if isinstance(error, AppError) else Unavailable("Try again later.")
            raise Refused(503, known.message, known.code) from error

    async def _bodies(self, prepared: Prepared, request: RequestInfo, context: Context) -> Answers:
        try:
            async with aclosing(self._executor.subscribe(prepared, request, context)) as answers:
                async for answer in answers:
                    yield answer.body
        except Exception as error:
            yield {"errors": self._executor.failed(error, request).body["errors"]}

    async def _session_end(self, request: RequestInfo) -> _Ended:
        await self._presence.session_end(request)
        return _Ended("session", (ErrorCode.UNAUTHENTICATED, "The session has ended."))

    async def _service_end(self) -> _Ended:
        await self._presence.leaving.wait()
        return _Ended("service", (ErrorCode.UNAVAILABLE, "The service restarts; connect again."))


class Stream(Response):
    """A response that is written as answers come."""

    def __init__(
        self,
        answers: Answers,
        form: Form,
        request: RequestInfo,
        patience: float,
        held: AsyncExitStack,
        ends: Sequence[Watch] = (),
    ) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers({"content-type": form.media_type, "x-accel-buffering": "no"})
        self._answers = answers
        self._form = form
        self._request = request
        self._patience = patience
        self._held = held
        self._ends = ends
        self._events = 0

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Write it; whatever it holds is given back at the end."""
        ended = "cancelled"
        async with self._held:
            try:
                await self._serve(receive, send)
                ended = "complete"
            except _Ended as why:
                ended = why.reason
            finally:
                log.info(
                    "stream ended",
                    reason=ended,
                    events=self._events,
                    seconds=round(perf_counter() - self._request.started, 3),
                )

    async def _serve(self, receive: Receive, send: Send) -> None:
        self.headers["cache-control"] = "no-store, no-transform"
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await self._send(send, start)
        await self._write(send, self._form.opening)
        watches = [partial(_gone, receive), *self._ends]
        watching = {asyncio.create_task(each()) for each in watches}
        try:
            await self._relay(send, watching)
            await self._write(send, self._form.end, last=True)
        except _Ended as why:
            if why.error is not None:
                await self._end_early(send, *why.error)
            raise
        finally:
            await _cancel(watching)

    async def _relay(self, send: Send, watching: set[asyncio.Task[_Ended]]) -> None:
        """Write the answers to the last one; raises `_Ended` when something comes before it."""
        while True:
            following = asyncio.create_task(_next(self._answers))
            try:
                while not following.done():
                    await asyncio.wait(
                        {following, *watching},
                        timeout=KEEP_ALIVE_SECONDS,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    for end in watching:
                        if end.done():
                            raise end.result()
                    if not following.done():
                        await self._write(send, self._form.beat)
                body = following.result()
            finally:
                await _cancel({following})
            if body is None:
                return
            await self._write(send, self._form.part(body))
            self._events += 1

    async def _end_early(self, send: Send, code: ErrorCode, said: str) -> None:
        """Say why it ends; to a client that comes back by itself, only when it must not."""
        if self._form.again and code == ErrorCode.UNAVAILABLE:
            await self._write(send, b"", last=True)
            return
        body = {"errors": [plain_error(code, said, self._request)]}
        await self._write(send, self._form.part(body) + self._form.end, last=True)

    async def _write(self, send: Send, content: bytes, *, last: bool = False) -> None:
        await self._send(
            send, {"type": "http.response.body", "body": content, "more_body": not last}
        )

    async def _send(self, send: Send, message: dict[str, Any]) -> None:
        """Send, as long as the client reads; raises `_Ended` for one that does not."""
        try:
            async with asyncio.timeout(self._patience):
                await send(message)
        except TimeoutError:
            raise _Ended("unread") from None
        except OSError:
            raise _Ended("client") from None


async def _gone(receive: Receive) -> _Ended:
    """Wait until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    return _Ended("client")


async def _next(answers: Answers) -> dict[str, Any] | None:
    return await anext(answers, None)


async def _cancel(tasks: set[asyncio.Task[T]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
