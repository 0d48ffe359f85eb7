"""Finds the lists that pages and look-ups are made of, and builds the statements made of them."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from app.core import page
from app.core.page import Key, Window
from app.core.sql import Query
from app.core.variants import filters, without
from tests.house import named

_SAMPLES: dict[str, Any] = {
    "integer": 1,
    "bigint": 1,
    "text": "a",
    "timestamptz": datetime(2026, 1, 1, tzinfo=UTC),
    "date": date(2026, 1, 1),
    "uuid": UUID(int=1),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list query with the orders that the program reads it in, by pages or whole."""

    room: str
    name: str
    keys: tuple[Key, ...]
    whole: bool
    where: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """A list query with a column by whose values the program finds rows in it."""

    room: str
    name: str
    column: str
    where: str


def lists_in(
    module: ast.Module, rooms: Mapping[str, str], names: object, where: str
) -> tuple[list[Listed], list[str]]:
    """The lists that a module reads, and the calls that can't be followed.

    The attributes of `names` are what the module's own names stand for.
    """
    found: list[Listed] = []
    problems: list[str] = []
    for node in ast.walk(module):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="read" | "whole" as way, value=ast.Name(id="page"))
            ):
                here = f"{where}:{node.lineno}"
            case _:
                continue
        given = inspect.signature(getattr(page, way)).bind_partial(
            *node.args, **{each.arg: each.value for each in node.keywords if each.arg}
        )
        used, _ = named.uses(given.arguments["listed"], dict(rooms), where)
        keys = _keys(_value(given.arguments["key"], names))
        if used and keys:
            found += [Listed(use.room, use.name, keys, way == "whole", here) for use in used]
        else:
            problems.append(
                f"{here} reads a list of a query or in an order that is not written out"
            )
    return found, problems


def lists() -> tuple[list[Listed], list[str]]:
    """The lists of the whole program."""
    found: list[Listed] = []
    problems: list[str] = []
    modules = named.program()
    for name, module in modules.items():
        if not re.search(r"\bpage\.(read|whole)\(", ast.unparse(module)):
            continue
        rooms = named.bindings(name, modules)
        listed, unclear = lists_in(module, rooms, importlib.import_module(name), name)
        found += listed
        problems += unclear
    return found, problems


def look_ups_in(
    module: ast.Module, rooms: Mapping[str, str], where: str
) -> tuple[list[LookUp], list[str]]:
    """The look-ups of a module, and those that can't be followed."""
    found: list[LookUp] = []
    problems: list[str] = []
    for node in ast.walk(module):
        match node:
            case (
                ast.Call(func=ast.Attribute(attr="among", value=query), args=[_, column, *_])
                | ast.Call(
                    func=ast.Attribute(attr="look_up", value=ast.Name(id="together")),
                    args=[query, column, *_],
                )
            ):
                here = f"{where}:{node.lineno}"
            case _:
                continue
        used, _ = named.uses(query, dict(rooms), where)
        columns = named.literals(column)
        if used and columns:
            found += [LookUp(use.room, use.name, each, here) for use in used for each in columns]
        else:
            problems.append(f"{here} looks up in a query or by a column that is not written out")
    return found, problems


def look_ups() -> tuple[list[LookUp], list[str]]:
    """The look-ups of the whole program."""
    found: list[LookUp] = []
    problems: list[str] = []
    modules = named.program()
    for name, module in modules.items():
        looked_up, unclear = look_ups_in(module, named.bindings(name, modules), name)
        found += looked_up
        problems += unclear
    return found, problems


def _value(expression: ast.expr, names: object) -> object:
    """What a name or an attribute stands for; for an indexed mapping, the whole mapping."""
    match expression:
        case ast.Name(id=name):
            return getattr(names, name, None)
        case ast.Attribute(value=base, attr=name):
            return getattr(_value(base, names), name, None)
        case ast.Subscript(value=base):
            return _value(base, names)
        case _:
            return None


def _keys(value: object) -> tuple[Key, ...]:
    if isinstance(value, Key):
        return (value,)
    if isinstance(value, Mapping):
        values = cast("Mapping[object, object]", value).values()
        return tuple(each for each in values if isinstance(each, Key))
    return ()


class _Recorder:
    """Stands where a connection stands, and only keeps the text that it is given."""

    def __init__(self) -> None:
        self.text = ""
        self.arguments = 0

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        self.text, self.arguments = query, len(args)
        return []

    async def fetchrow(self, query: str, *args: Any) -> Any:
        self.text, self.arguments = query, len(args)
        return {"total": 0}

    async def execute(self, query: str, *args: Any) -> str:
        raise NotImplementedError

    def sent(self, query: Query, values: Mapping[str, Any], name: str) -> Query:
        """The text as a query of its own, whose further parameters have names that say nothing."""
        unset = tuple(p for p in filters(query.sql, query.parameters) if values[p] is None)
        _, left = without(query.sql, query.parameters, unset)
        added = (f"added_{n}" for n in range(self.arguments - len(left)))
        return Query(name, query.description, query.scope, self.text, (*left, *added))


async def statements(query: Query, key: Key) -> list[Query]:
    """What `page.read` sends for a list in an order: from either end, with and without cursors.

    And its count. Each without any filter, and with all of them.
    """
    cursor = key.cursor({column.name: _SAMPLES[column.kind] for column in key.columns})
    windows = {
        "first": Window.of(10, None, None, None),
        "first after": Window.of(10, cursor, None, None),
        "last before": Window.of(None, None, 10, cursor),
        "last between": Window.of(None, cursor, 10, cursor),
    }
    built: list[Query] = []
    recorder = _Recorder()
    for filtered, values in given(query).items():
        for label, window in windows.items():
            await page.read(recorder, query, key, window, **values)
            built.append(recorder.sent(query, values, f"{query.name} {key.name} {label}{filtered}"))
        await query.count(recorder, **values)
        built.append(recorder.sent(query, values, f"{query.name} count{filtered}"))
    return built


def given(query: Query) -> dict[str, dict[str, Any]]:
    """Values of a query with none of its filters, and with all of them."""
    return {
        "": dict.fromkeys(query.parameters),
        " filtered": dict.fromkeys(query.parameters, "set"),
    }


async def look_up(query: Query, column: str) -> list[Query]:
    """What a look-up by a column sends."""
    recorder = _Recorder()
    built: list[Query] = []
    for filtered, values in given(query).items():
        await query.among(recorder, column, (), **values)
        built.append(recorder.sent(query, values, f"{query.name} by {column}{filtered}"))
    return built
