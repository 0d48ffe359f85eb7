"""Finds the lists that are read in pages, and builds the statements that are made of them."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from app.core import page
from app.core.page import Key, Window
from app.core.sql import Query
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
    """A list query with the orders that the program reads it in."""

    room: str
    name: str
    keys: tuple[Key, ...]
    where: str


def lists_in(
    module: ast.Module, rooms: Mapping[str, str], names: object, where: str
) -> tuple[list[Listed], list[str]]:
    """The pages that a module reads, and the calls that can't be followed.

    The attributes of `names` are what the module's own names stand for.
    """
    found: list[Listed] = []
    problems: list[str] = []
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr="read", value=ast.Name(id="page"))):
                here = f"{where}:{node.lineno}"
            case _:
                continue
        given = inspect.signature(page.read).bind_partial(
            *node.args, **{each.arg: each.value for each in node.keywords if each.arg}
        )
        used, _ = named.uses(given.arguments["listed"], dict(rooms), where)
        keys = _keys(_value(given.arguments["key"], names))
        if used and keys:
            found += [Listed(use.room, use.name, keys, here) for use in used]
        else:
            problems.append(f"{here} reads pages of a query or in an order that is not written out")
    return found, problems


def lists() -> tuple[list[Listed], list[str]]:
    """The lists of the whole program."""
    found: list[Listed] = []
    problems: list[str] = []
    modules = named.program()
    for name, module in modules.items():
        if "page.read(" not in ast.unparse(module):
            continue
        rooms = named.bindings(name, modules)
        listed, unclear = lists_in(module, rooms, importlib.import_module(name), name)
        found += listed
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
        raise NotImplementedError

    async def execute(self, query: str, *args: Any) -> str:
        raise NotImplementedError


async def statements(query: Query, key: Key) -> list[Query]:
    """What `page.read` sends for a list in an order: from either end, with and without cursors."""
    cursor = key.cursor({column.name: _SAMPLES[column.kind] for column in key.columns})
    windows = {
        "first": Window.of(10, None, None, None),
        "first after": Window.of(10, cursor, None, None),
        "last before": Window.of(None, None, 10, cursor),
        "last between": Window.of(None, cursor, 10, cursor),
    }
    built: list[Query] = []
    for label, window in windows.items():
        recorder = _Recorder()
        values = dict.fromkeys(query.parameters)
        await page.read(recorder, query, query, key, window, **values)
        added = (f"page_{n}" for n in range(recorder.arguments - len(query.parameters)))
        name = f"{query.name} {key.name} {label}"
        parameters = (*query.parameters, *added)
        built.append(Query(name, query.description, query.scope, recorder.text, parameters))
    return built
