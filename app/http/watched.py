"""Watches operations: how each ended and how long it took, and its span where traces are on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager, aclosing, nullcontext
from functools import wraps
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from app.core import logs, tracing
from app.core.request import RequestInfo
from app.http.metrics import NO_OPERATION, OK, Metrics

if TYPE_CHECKING:
    from app.http.execution import Answer, Executor, Prepared

CANCELLED = "CANCELLED"
"""The outcome of what was given up before it had an answer."""

_UNTRACED = nullcontext()

P = ParamSpec("P")


class _Watch:
    """One operation from its beginning to its end."""

    def __init__(self, metrics: Metrics, request: RequestInfo, prepared: Prepared | None) -> None:
        self._metrics = metrics
        self._request = request
        self._kind = NO_OPERATION if prepared is None else prepared.operation.operation.value
        self._codes: list[str] | None = None
        self._span = None
        if tracing.active is not None:
            self._span = tracing.active.operation(
                self._kind,
                None if prepared is None else _name(prepared),
                None if prepared is None else _document(prepared),
                request,
            )

    def running(self) -> AbstractContextManager[None]:
        """Whatever runs in the block belongs to the operation: statements, and log lines."""
        if self._span is None:
            return _UNTRACED
        # It stays bound: the line that ends the request comes later.
        logs.bind(trace_id=self._span.trace_id)
        return self._span.current()

    def answered(self, body: dict[str, Any]) -> None:
        """Note the codes of an answer; the first that has errors tells the outcome."""
        if not self._codes:
            self._codes = [error["extensions"]["code"] for error in body.get("errors", ())]

    def end(self) -> None:
        """Count it."""
        codes = self._codes
        outcome = CANCELLED if codes is None else codes[0] if codes else OK
        self._metrics.operation(self._kind, outcome, perf_counter() - self._request.started)
        if self._span is not None:
            self._span.end(self._request, codes or ())


def _name(prepared: Prepared) -> str | None:
    name = prepared.operation.name
    return None if name is None else name.value


def _document(prepared: Prepared) -> str | None:
    """The hash of the document, by which persisted documents are known too."""
    place = prepared.tree.loc
    return None if place is None else sha256(place.source.body.encode()).hexdigest()


def answered(
    run: Callable[[Executor, Prepared, RequestInfo], Awaitable[Answer]],
) -> Callable[[Executor, Prepared, RequestInfo], Awaitable[Answer]]:
    """Watches what answers an operation once."""

    @wraps(run)
    async def watched(self: Executor, prepared: Prepared, request: RequestInfo) -> Answer:
        watch = _Watch(self.metrics, request, prepared)
        try:
            with watch.running():
                answer = await run(self, prepared, request)
            watch.answered(answer.body)
            return answer
        finally:
            watch.end()

    return watched


def streamed(
    run: Callable[Concatenate[Executor, Prepared, RequestInfo, P], AsyncGenerator[Answer]],
) -> Callable[Concatenate[Executor, Prepared, RequestInfo, P], AsyncGenerator[Answer]]:
    """Watches what answers an operation many times, or in parts."""

    @wraps(run)
    async def watched(
        self: Executor, prepared: Prepared, request: RequestInfo, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncGenerator[Answer]:
        watch = _Watch(self.metrics, request, prepared)
        # Whoever ends a stream has what it wanted.
        watch.answered({})
        self.metrics.subscriptions += prepared.is_subscription
        try:
            async with aclosing(run(self, prepared, request, *args, **kwargs)) as answers:
                while True:
                    # Each step may be another task's.
                    with watch.running():
                        answer = await anext(answers, None)
                    if answer is None:
                        return
                    watch.answered(answer.body)
                    yield answer
        finally:
            self.metrics.subscriptions -= prepared.is_subscription
            watch.end()

    return watched


def refused(metrics: Metrics, body: dict[str, Any], request: RequestInfo) -> None:
    """Count a request that never became an operation, by the answer that says why."""
    watch = _Watch(metrics, request, None)
    with watch.running():
        watch.answered(body)
    watch.end()
