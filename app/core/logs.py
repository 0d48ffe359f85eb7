"""Structured logs: one line an event, with the correlation id of its request; never a secret."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import orjson
import structlog

from app.core.settings import Settings


def configure(settings: Settings) -> None:
    """Send structlog and the standard library's loggers through the same renderer, to stderr.

    structlog writes by itself: each request has a line, and `logging` costs several times as much.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[structlog.typing.Processor] = [
        _with_facts,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=_json)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    global _straight  # noqa: PLW0603  # as structlog's own configuration is
    sink = _Sink(sys.stderr)
    processors = [*shared, renderer]
    plain = settings.log_format == "json" and level <= logging.INFO
    _straight = _Straight(renderer, sink) if plain else None
    structlog.configure(
        processors=processors,
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", sink)),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # The door logs each request itself, with its correlation id.
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.error").setLevel(max(level, logging.WARNING))


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of a module."""
    return structlog.get_logger(name)


_facts: ContextVar[Mapping[str, Any]] = ContextVar("facts")
"""What each line says that is written while a request is served."""


def begin(**facts: Any) -> None:
    """Let every line of this task, and of those that it starts, say these facts and no others."""
    _facts.set(facts)


def bind(**facts: Any) -> None:
    """Let them say these facts too."""
    _facts.set({**_facts.get({}), **facts})


def _with_facts(_logger: Any, _method: str, event: Any) -> Any:
    for name, fact in _facts.get({}).items():
        event.setdefault(name, fact)
    return event


def request(method: str, status: int, errors: int, milliseconds: float) -> None:
    """The line that ends a request; as each request has one, it goes straight to the stream."""
    straight = _straight
    if straight is None or structlog.get_config()["processors"][-1] is not straight.renderer:
        get(__name__).info(
            "request", method=method, status=status, errors=errors, milliseconds=milliseconds
        )
        return
    event = {
        "method": method,
        "status": status,
        "errors": errors,
        "milliseconds": milliseconds,
        "event": "request",
        **_facts.get({}),
        "level": "info",
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    straight.sink.write(_json(event, str) + "\n")
    straight.sink.flush()


class _Sink:
    """A stream that can't fail: a full disk or a closed pipe must not fail what is logged of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write a line."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Let the line out."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


@dataclass(frozen=True, slots=True)
class _Straight:
    """The way past structlog, as long as it is configured so."""

    renderer: structlog.typing.Processor
    sink: _Sink


_straight: _Straight | None = None


_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""What is no plain value is written as its `repr`, which leaves secrets of dataclasses out."""


def _json(event: Any, default: Any, **options: Any) -> str:
    """One line of ASCII: other characters are escaped, since some of them end lines too."""
    try:
        line = orjson.dumps(event, default, _OPTIONS)
    except TypeError:  # a number or a text that it can't write
        return json.dumps(event, default=default, **options)
    if line.isascii():
        return line.decode()
    return json.dumps(event, default=default, **options)
