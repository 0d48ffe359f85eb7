"""Traces: a span a request, one a statement, no secrets in them; and nothing when off."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

from app.core import tracing
from app.core.spans import Spans
from tests.live import listening, signed_in
from tests.support import Database, Service, User
from tests.torture.servers import ROOT, client, environment, eventually, serving

VIEWER = "query Mine { viewer { user { email } } }"
CREATE = """
mutation ($title: String!) {
  createQuest(input: { title: $title }) { quest { id } errors { code } }
}
"""
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def recorded() -> Generator[InMemorySpanExporter]:
    """Traces are on, and what is recorded comes here at once."""
    exporter = InMemorySpanExporter()
    tracing.active = Spans(SimpleSpanProcessor(exporter))
    try:
        yield exporter
    finally:
        tracing.active = None


def request_of(recorded: InMemorySpanExporter) -> ReadableSpan:
    """The one request's span."""
    (span,) = [s for s in recorded.get_finished_spans() if s.kind == SpanKind.SERVER]
    return span


def statements_of(recorded: InMemorySpanExporter, request: ReadableSpan) -> list[ReadableSpan]:
    """The spans below a request's, in the order of their beginning."""
    return sorted(
        (s for s in recorded.get_finished_spans() if s.parent == request.context),
        key=lambda span: span.start_time or 0,
    )


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def test_a_request_is_a_span_and_its_statements_are_too(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    answer = await service.ask(VIEWER, user=user)
    assert answer.data["viewer"]["user"]["email"] == user.email
    request = request_of(recorded)
    assert request.name == "graphql query"
    assert request.parent is None
    assert request.status.status_code == StatusCode.UNSET
    assert attributes(request) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Mine",
        "questline.document_sha256": sha256(VIEWER.encode()).hexdigest(),
        "questline.correlation_id": answer.headers["x-correlation-id"],
        "user.id": str(user.id),
    }
    statements = statements_of(recorded, request)
    # Who asks, then what is asked for.
    names = [span.name for span in statements]
    assert names[0] == "session_viewer"
    assert names.count("user_by_ids") == 1
    for span in statements:
        assert span.kind == SpanKind.CLIENT
        assert attributes(span) == {
            "db.system.name": "postgresql",
            "db.query.summary": span.name,
        }
        assert (request.start_time or 0) <= (span.start_time or 0)
        assert (span.end_time or 0) <= (request.end_time or 0)


async def test_a_callers_trace_goes_on(service: Service, recorded: InMemorySpanExporter) -> None:
    sent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "vendor=1"}
    await service.ask("{ __typename }", headers=sent)
    request = request_of(recorded)
    assert request.parent is not None
    assert format_trace_id(request.parent.trace_id) == TRACE
    assert format_span_id(request.parent.span_id) == PARENT
    assert request.context is not None
    assert format_trace_id(request.context.trace_id) == TRACE
    assert request.context.trace_state.get("vendor") == "1"


@pytest.mark.parametrize("parent", ["", "nonsense", f"00-{'0' * 32}-{PARENT}-01", "0" * 2000])
async def test_a_malformed_trace_is_none(
    service: Service, recorded: InMemorySpanExporter, parent: str
) -> None:
    answer = await service.ask("{ __typename }", headers={"traceparent": parent})
    assert answer.status == 200
    assert request_of(recorded).parent is None


async def test_a_trace_that_its_caller_does_not_record_is_not_recorded(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    await service.ask(VIEWER, user=user, headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    assert recorded.get_finished_spans() == ()


async def test_nothing_secret_is_recorded(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    title = f"Secret {uuid4().hex}"
    answer = await service.ask(CREATE, {"title": title}, user)
    assert answer.data["createQuest"]["errors"] == []
    password = uuid4().hex
    sign_in = 'mutation { signIn(input: { email: "%s", password: "%s" }) { errors { code } } }'
    await service.ask(sign_in % (user.email, password))
    text = "".join(span.to_json() for span in recorded.get_finished_spans())
    assert "createQuest" not in text, "the document itself is the client's"
    assert "commit" in text
    for secret in (title, password, user.email, user.token, user.token.split("_", 2)[2]):
        assert secret not in text


async def test_errors_show_their_codes(service: Service, recorded: InMemorySpanExporter) -> None:
    await service.ask("{ one: viewer { user { id } } two: viewer { user { id } } }")
    request = request_of(recorded)
    assert attributes(request)["questline.error_codes"] == ("UNAUTHENTICATED",)
    # The caller's mistake is no fault of the service.
    assert request.status.status_code == StatusCode.UNSET
    recorded.clear()

    await service.ask("{ nothingLikeIt }")
    refused = request_of(recorded)
    assert refused.name == "graphql none"
    assert attributes(refused)["questline.error_codes"] == ("GRAPHQL_VALIDATION_FAILED",)


async def test_a_fault_of_ours_is_an_error(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    await service.owner.execute("REVOKE SELECT ON user_quests FROM questline_api")
    try:
        answer = await service.ask("{ quests { nodes { id } } }", user=user)
    finally:
        await service.owner.execute("GRANT SELECT ON user_quests TO questline_api")
    assert answer.codes == ["INTERNAL"]
    request = request_of(recorded)
    assert request.status.status_code == StatusCode.ERROR
    assert attributes(request)["error.type"] == "INTERNAL"
    (failed,) = [s for s in statements_of(recorded, request) if s.name == "quest_list"]
    assert failed.status.status_code == StatusCode.ERROR
    assert attributes(failed)["error.type"] == "InsufficientPrivilegeError"


async def test_requests_at_once_have_traces_of_their_own(
    service: Service, user: User, stranger: User, recorded: InMemorySpanExporter
) -> None:
    await asyncio.gather(*(service.ask(VIEWER, user=each) for each in (user, stranger) * 3))
    requests = [s for s in recorded.get_finished_spans() if s.kind == SpanKind.SERVER]
    assert len({s.context.trace_id for s in requests if s.context}) == 6
    for request in requests:
        names = [span.name for span in statements_of(recorded, request)]
        assert names.count("user_by_ids") == 1


async def test_a_subscription_is_a_span_that_ends_with_it(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    async with listening(service) as address, signed_in(address, user) as socket:
        recorded.clear()
        await socket.subscribe("subscription Live { questChanged { seq } }")
        await asyncio.sleep(0.5)
        await socket.send(id="1", type="complete")

        async def ended() -> bool:
            spans = recorded.get_finished_spans()
            return any(s.name == "graphql subscription" for s in spans)

        await eventually(ended, "the subscription's span does not end")
        spans = recorded.get_finished_spans()
        (live,) = [s for s in spans if s.name == "graphql subscription"]
        assert attributes(live)["graphql.operation.name"] == "Live"
        assert attributes(live)["user.id"] == str(user.id)
        # The feed polls for all: that is no part of this subscription.
        assert "clocks" not in {s.name for s in spans}


async def test_each_step_of_a_stream_belongs_to_its_span(
    service: Service, user: User, recorded: InMemorySpanExporter
) -> None:
    query = "subscription { questChanged(since: 0) { quest { title } } }"
    async with (
        listening(service) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=20) as http,
        http.stream(
            "POST",
            "/graphql",
            json={"query": query},
            headers={"authorization": f"Bearer {user.token}", "accept": "text/event-stream"},
        ) as stream,
    ):
        lines = stream.aiter_lines()
        for title in ("First", "Second"):
            await service.ask(CREATE, {"title": title}, user)
            async with asyncio.timeout(20):
                while title not in (await anext(lines)):
                    pass

    async def ended() -> bool:
        return any(s.name == "graphql subscription" for s in recorded.get_finished_spans())

    await eventually(ended, "the subscription's span does not end")
    (live,) = [s for s in recorded.get_finished_spans() if s.name == "graphql subscription"]
    names = [span.name for span in statements_of(recorded, live)]
    assert names.count("quest_list by id") == 2


# The real thing, in a process of its own.


class Collector:
    """Takes what is exported, as a collector of OpenTelemetry does."""

    def __init__(self) -> None:
        self.spans: list[tuple[dict[str, str], Any]] = []
        self.headers: list[bytes] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.headers.append(head)
                lines = head.decode().lower().split("\r\n")
                fields = dict(line.split(": ", 1) for line in lines[1:] if line)
                body = await reader.readexactly(int(fields["content-length"]))
                self._read(gzip.decompress(body) if "content-encoding" in fields else body)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()

    def _read(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            about = {a.key: a.value.string_value for a in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(about, span) for span in scope.spans]


@asynccontextmanager
async def collecting() -> AsyncGenerator[tuple[Collector, str]]:
    """A collector and its address."""
    collector = Collector()
    server = await asyncio.start_server(collector.take, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield collector, f"http://127.0.0.1:{port}"


def logged(log: Path) -> list[dict[str, Any]]:
    """The log's lines of JSON."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line[:1] == "{"]


async def test_spans_reach_a_collector_and_log_lines_name_their_trace(
    database: Database, tmp_path: Path
) -> None:
    log = tmp_path / "server.log"
    async with collecting() as (collector, address):
        variables = {
            "QUESTLINE_TRACES": "otlp",
            "QUESTLINE_LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_EXPORTER_OTLP_HEADERS": "x-key=of-ours",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
        }
        async with (
            serving(database, log, **variables) as server,
            client(database, server.address) as service,
        ):
            user = await service.make_user()
            sent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "x-correlation-id": "found-by-this"}
            await service.ask(VIEWER, user=user, headers=sent)
            # Nothing is lost at the end.
            await server.stop()
    requests = [(about, span) for about, span in collector.spans if span.name == "graphql query"]
    ((about, request),) = requests
    assert about["service.name"] == "questline"
    assert about["deployment.environment.name"] == "test"
    assert request.trace_id.hex() == TRACE
    assert any(span.parent_span_id == request.span_id for _, span in collector.spans)
    assert b"x-key: of-ours" in collector.headers[0].lower()
    (line,) = [each for each in logged(log) if each["event"] == "request"]
    assert (line["correlation_id"], line["trace_id"]) == ("found-by-this", TRACE)


async def test_a_collector_that_hangs_does_not_hold_the_end_up(
    database: Database, tmp_path: Path
) -> None:
    asked = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked.wait()
        writer.close()

    silent = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        variables = {
            "QUESTLINE_TRACES": "otlp",
            "QUESTLINE_SHUTDOWN_GRACE": "1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        }
        async with (
            serving(database, tmp_path / "server.log", **variables) as server,
            client(database, server.address) as service,
        ):
            await service.ask("{ __typename }")
            began = time.monotonic()
            await server.stop()
            assert time.monotonic() - began < 6
        asked.set()


async def test_spans_can_be_shown_on_the_console(database: Database, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    async with (
        serving(database, log, QUESTLINE_TRACES="console") as server,
        client(database, server.address) as service,
    ):
        await service.ask("{ __typename }")
        await server.stop()
        assert server.process.stdout is not None
        assert "graphql" not in (await server.process.stdout.read()).decode()
    assert '"name": "graphql query"' in log.read_text("utf-8")


def python(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment(None, {"PATH": os.environ["PATH"], **variables}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_switched_off_nothing_is_imported() -> None:
    code = """
import sys
import app.cli, app.main, app.workers
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""
    assert python(code).stderr == ""


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.exporter.otlp.proto.http"])
def test_what_is_missing_is_said(missing: str, tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["{missing}"] = None
from app.cli import main
main()
"""
    home = tmp_path / "home"
    ended = python(code, "serve", QUESTLINE_TRACES="otlp", QUESTLINE_HOME=str(home))
    assert ended.returncode == 1
    assert "pip install 'questline[otel]'" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not home.exists()
