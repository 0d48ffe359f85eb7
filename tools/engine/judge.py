"""A pytest plugin that runs graphql-core's tests through the compiled executor, and counts.

Its sources are dicts and plain objects, not rows, so an adapter reads both by column; every field
without resolver and arguments is a column. The plugin writes what became of each test to the file
that QUESTLINE_JUDGE_REPORT names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLSchema, default_field_resolver
from graphql.execution.incremental import IncrementalExecutor

from app.engine import Column, CompiledExecutor, Engine, codegen, rows

_NO_ROWS = (type(None), bool, int, float, str, bytes, list, tuple, set, frozenset)


class _AnyObject:
    """The classes whose instances may stand for rows: all but those of plain values."""

    def __contains__(self, kind: type) -> bool:
        return not issubclass(kind, (*_NO_ROWS, Exception))

    def issuperset(self, kinds: Iterable[type]) -> bool:
        return all(kind in self for kind in kinds)


def _value(source: Any, column: str) -> Any:
    value = source[column] if isinstance(source, Mapping) else getattr(source, column)
    if callable(value) or isawaitable(value):
        raise LookupError("the default resolver calls this or waits for it; no row holds such")
    return value


def _reader(*columns: str) -> Any:
    """What stands for `itemgetter`: one value bare, several as a tuple."""
    if len(columns) == 1:
        return lambda source: _value(source, columns[0])
    return lambda source: tuple([_value(source, column) for column in columns])


def _describe(field: GraphQLField, name: str) -> Column | None:
    return Column(name) if field.resolve is None and not field.args else None


class Judged(CompiledExecutor):
    """The engine of whatever schema it is built for, in place of graphql-core's executor."""

    # Strawberry's class has an info object of its own, which these tests are not about.
    build_resolve_info = IncrementalExecutor.build_resolve_info

    @classmethod
    def build(cls, schema: GraphQLSchema, *args: Any, **options: Any) -> Any:
        COUNTS["operations"] += 1
        return super(Judged, _judged(schema)).build(schema, *args, **options)

    def _rows(self, *args: Any) -> Any:
        # `describe` speaks of the default resolver only.
        return super()._rows(*args) if self.field_resolver is default_field_resolver else None


COUNTS = {"operations": 0, "compiled": 0, "given up": 0}
_classes: dict[int, tuple[GraphQLSchema, type[Judged]]] = {}
_report: dict[str, dict[str, Any]] = {}


def _judged(schema: GraphQLSchema) -> type[Judged]:
    known = _classes.get(id(schema))
    if known is None:
        engine = Engine(schema, _describe, ())
        engine.row_types = _AnyObject()  # type: ignore[assignment]
        known = _classes[id(schema)] = (schema, type("Judged", (Judged,), {"engine": engine}))
    return known[1]


def pytest_configure() -> None:
    """Put the engine where graphql-core looks for its executor."""
    sys.modules["graphql.execution.execute"].IncrementalExecutor = Judged  # type: ignore[attr-defined]
    codegen.itemgetter = _reader  # type: ignore[assignment]
    build = rows.build

    def counted(*args: Any) -> Any:
        try:
            built = build(*args)
        except codegen.Bail:
            COUNTS["given up"] += 1
            raise
        COUNTS["compiled"] += 1
        return built

    rows.build = counted


def pytest_runtest_logstart() -> None:
    """Count anew for each test."""
    COUNTS.update(dict.fromkeys(COUNTS, 0))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test's outcome is that of its call, or of what kept it from being called."""
    if report.when == "call" or report.outcome != "passed":
        why = str(report.longrepr)[-2_000:] if report.failed else ""
        _report[report.nodeid] = {"outcome": report.outcome, "why": why, **COUNTS}


def pytest_sessionfinish() -> None:
    """Write the report."""
    Path(os.environ["QUESTLINE_JUDGE_REPORT"]).write_text(json.dumps(_report), "utf-8")
