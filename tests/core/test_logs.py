"""Log lines: one a line of JSON, whatever is in them; a stream that is gone fails nobody."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Generator
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from app.core import logs
from app.core.settings import Settings


@dataclass
class Login:
    """Something with a secret."""

    name: str
    password: str = field(repr=False)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Generator[io.StringIO]:
    """Where the log goes in the test, as JSON; afterwards it goes where it went before."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    found = io.StringIO()
    monkeypatch.setattr(sys, "stderr", found)
    logs.configure(Settings(log_level="info", log_format="json"))  # pyright: ignore[reportCallIssue]
    yield found
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().split("\n") if line]


def test_a_line_has_the_fields_of_its_event_and_context(stream: io.StringIO) -> None:
    def serve() -> None:
        logs.begin(correlation_id="gone", more=1)
        logs.begin(correlation_id="abc")
        logs.get("here").info("request", status=200)

    copy_context().run(serve)
    logs.get("here").debug("too small")
    (line,) = lines(stream)
    at = datetime.fromisoformat(line.pop("timestamp"))
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert line == {"event": "request", "status": 200, "level": "info", "correlation_id": "abc"}


def test_the_line_of_a_request_is_as_any_other(stream: io.StringIO) -> None:
    def serve() -> None:
        logs.begin(correlation_id="abc")
        logs.bind(trace_id="def")
        logs.request("POST", 294, 2, 1.25)
        logs.get("here").info("request", method="POST", status=294, errors=2, milliseconds=1.25)

    copy_context().run(serve)
    straight, ordinary = (list(line.items()) for line in lines(stream))
    assert [name for name, _ in straight] == [name for name, _ in ordinary]
    assert dict(straight) | {"timestamp": ""} == dict(ordinary) | {"timestamp": ""}
    assert len(dict(straight)["timestamp"]) == len(dict(ordinary)["timestamp"])


def test_the_line_of_a_request_follows_what_is_configured(stream: io.StringIO) -> None:
    with capture_logs() as captured:
        logs.request("POST", 200, 0, 1.0)
    assert [line["event"] for line in captured] == ["request"]
    logs.configure(Settings(log_level="warning", log_format="json"))  # pyright: ignore[reportCallIssue]
    logs.request("POST", 200, 0, 1.0)
    assert stream.getvalue() == ""


def test_any_value_is_one_line(stream: io.StringIO) -> None:
    log = logs.get("here")
    values: list[Any] = ["a\nb\u2028c\x85", "\ud800", 2**70, {1: "x"}, Login("ada", "secret")]
    for value in values:
        log.warning("odd", value=value)
    assert stream.getvalue().isascii()
    assert len(stream.getvalue().splitlines()) == len(values)
    assert [line["value"] for line in lines(stream)][:3] == values[:3]
    assert "ada" in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_other_loggers_have_lines_alike(stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("%s is away", "it")
    try:
        {}["gone"]
    except KeyError:
        logs.get("here").exception("failed")
    first, second = lines(stream)
    assert (first["event"], first["level"]) == ("it is away", "warning")
    assert "KeyError: 'gone'" in second["exception"]


def test_a_stream_that_is_gone_fails_nobody(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8", buffering=1) as broken:  # noqa: PTH123
        monkeypatch.setattr(sys, "stderr", broken)
        logs.configure(Settings(log_level="info", log_format="json"))  # pyright: ignore[reportCallIssue]
        logs.get("here").info("to a pipe without an end")
        with pytest.raises(BrokenPipeError):
            broken.flush()
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(BrokenPipeError):
            broken.close()
    stream.close()
    logs.get("here").info("to a closed stream")
