"""Spans of operations and their statements, by OpenTelemetry; imported only when traces are on.

Where they go, how many are kept and what the service is called is said by OpenTelemetry's own
variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME and their like).
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Literal

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.core.errors import ErrorCode
from app.core.request import RequestInfo

_PARENTS = TraceContextTextMapPropagator()
_FAULTS = frozenset({ErrorCode.INTERNAL, ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE})
_LONGEST_NAME = 100


def processor(where: Literal["console", "otlp"]) -> SpanProcessor:
    """Sends finished spans in batches, from a thread of its own."""
    if where == "console":
        # Standard output belongs to the lines that say where the service is.
        return BatchSpanProcessor(ConsoleSpanExporter(out=sys.stderr))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )

    return BatchSpanProcessor(OTLPSpanExporter())


class OperationSpan:
    """The span of one request."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def trace_id(self) -> str:
        """The trace's id, as log lines show it."""
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    @contextmanager
    def current(self) -> Generator[None]:
        """Statements in the block belong to it."""
        token = context.attach(trace.set_span_in_context(self._span))
        try:
            yield
        finally:
            context.detach(token)

    def end(self, request: RequestInfo, codes: Sequence[str]) -> None:
        """End it, with who asked and the codes of the errors in the answer."""
        if request.user_id is not None:
            self._span.set_attribute("user.id", str(request.user_id))
        if codes:
            self._span.set_attribute("questline.error_codes", tuple(dict.fromkeys(codes)))
        for fault in _FAULTS.intersection(codes):
            self._span.set_attribute("error.type", str(fault))
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class StatementSpan:
    """The span of one statement."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def failed(self, kind: str) -> None:
        """Note the kind of the error; its words may quote values."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        """End it."""
        self._span.end()


class Spans:
    """Makes the spans of this process."""

    def __init__(self, processor: SpanProcessor) -> None:
        # What the environment calls the service wins over our name for it.
        resource = Resource.create({"service.version": version("questline")})
        if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
            resource = resource.merge(Resource({SERVICE_NAME: "questline"}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("questline", version("questline"))

    def operation(
        self, kind: str, name: str | None, document: str | None, request: RequestInfo
    ) -> OperationSpan:
        """Begin the span of a request, from the moment that it came in.

        `document` is the hash of its document.
        """
        parent = _PARENTS.extract(request.trace, Context())
        attributes = {
            "graphql.operation.type": kind,
            "questline.correlation_id": request.correlation_id,
        }
        if name is not None:
            attributes["graphql.operation.name"] = name[:_LONGEST_NAME]
        if document is not None:
            attributes["questline.document_sha256"] = document
        waited = time.perf_counter() - request.started
        span = self._tracer.start_span(
            # Not the client's name for it: names of spans are to be few.
            f"graphql {kind}",
            parent,
            kind=SpanKind.SERVER,
            attributes=attributes,
            start_time=time.time_ns() - int(waited * 1e9),
        )
        return OperationSpan(span)

    def statement(self, name: str) -> StatementSpan | None:
        """Begin the span of a statement; None for one of no operation, or of one not recorded."""
        if not trace.get_current_span().is_recording():
            return None
        span = self._tracer.start_span(
            name,
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.summary": name},
        )
        return StatementSpan(span)

    async def stop(self, seconds: float) -> None:
        """Send what is left; what takes longer than so many seconds is lost."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def finish() -> None:
            self._provider.shutdown()
            loop.call_soon_threadsafe(done.set)

        # A daemon, so that a collector which does not answer can't keep the process.
        threading.Thread(target=finish, name="last spans", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                await done.wait()
        except TimeoutError:
            pass
