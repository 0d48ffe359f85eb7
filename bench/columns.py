"""The columns that are compared: how each is asked, and what in its answer is the data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol, cast

import orjson

from bench.workloads import Call, Workload, graphql

Role = Literal["compiled", "standard", "plain", "postgraphile", "postgraphile-rls"]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)")


@dataclass(frozen=True, slots=True)
class Request:
    """A POST as it goes out."""

    path: str
    token: str
    body: bytes


class Column(Protocol):
    """A way to give the answers."""

    @property
    def name(self) -> Role:
        """Its short name."""
        ...

    @property
    def title(self) -> str:
        """Its heading."""
        ...

    def request(self, workload: Workload, call: Call) -> Request:
        """How it is asked."""
        ...


@dataclass(frozen=True, slots=True)
class Questline:
    """The service, with one of its executors."""

    name: Literal["compiled", "standard"]
    title: str

    def request(self, workload: Workload, call: Call) -> Request:
        """The document with every request, as clients send it."""
        body = graphql(workload.document, call.variables)
        return Request("/graphql", call.viewer.token, body)


@dataclass(frozen=True, slots=True)
class Plain:
    """The endpoint with SQL written by hand."""

    name: Literal["plain"] = "plain"
    title: str = "hand-written SQL"

    def request(self, workload: Workload, call: Call) -> Request:
        """The variables alone."""
        return Request(f"/{workload.name}", call.viewer.token, orjson.dumps(call.variables))


COMPILED: Final = Questline("compiled", "questline")
STANDARD: Final = Questline("standard", "questline, graphql-core's executor")
PLAIN: Final = Plain()
IN_PROCESS: Final[tuple[Column, ...]] = (COMPILED, STANDARD, PLAIN)
"""Those that are Python and this repository's."""


def data_of(answer: bytes) -> Any:
    """The data of an answer; raises `ValueError` for one with errors or without data."""
    body = cast("Mapping[str, Any]", orjson.loads(answer))
    if body.get("errors") or not body.get("data"):
        raise ValueError(f"no clean answer: {answer[:400].decode(errors='replace')}")
    return body["data"]


def comparable(value: Any, names: Mapping[str, str] | None = None) -> Any:
    """Data in the form in which two columns' are compared: moments are moments, however written.

    `names` replaces values that must differ, as the ids of two quests do.
    """
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        return {key: comparable(each, names) for key, each in known.items()}
    if isinstance(value, list):
        return [comparable(each, names) for each in cast("list[Any]", value)]
    if isinstance(value, str):
        if names and value in names:
            return names[value]
        if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    return value


def leaves(value: Any) -> int:
    """How many scalars there are in data."""
    if isinstance(value, dict):
        return sum(leaves(each) for each in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return sum(leaves(each) for each in cast("list[Any]", value))
    return 1
