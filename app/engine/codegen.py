"""Writes the functions that turn rows into dicts: one for each selection of columns, once."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from orjson import loads

MOST_FUNCTIONS = 4_000
"""Functions that are remembered; selections that read alike share one, whatever the document."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INT = 2**31

Rows: TypeAlias = Iterable[Any]
RowFunction: TypeAlias = Callable[[Rows], list[dict[str, Any]]]


class Bail(Exception):
    """Something is not as the fast path knows it; graphql-core is to complete this value."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an enum in a selection: its key in the answer and where its value is."""

    key: str
    column: str
    type: GraphQLLeafType
    non_null: bool
    function: Callable[[Any], str] | None = None
    moment: bool = False
    text: Callable[[str], Any] | None = None
    """Makes the answer's value of what is a text in JSON only."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that is the same for every row: a type's name, or the place of a relation."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Inner:
    """An object whose columns are in the same row; `there` is the one that tells if it exists."""

    key: str
    there: str
    parts: tuple[Part, ...]
    non_null: bool


@dataclass(frozen=True, slots=True)
class Many:
    """A list of objects, which one column has as JSON: for each the values of these columns."""

    key: str
    column: str
    names: tuple[str, ...]
    parts: tuple[Leaf | Fixed, ...]


Part: TypeAlias = Leaf | Fixed | Inner | Many


@lru_cache(maxsize=MOST_FUNCTIONS)
def row_function(parts: tuple[Part, ...]) -> RowFunction:
    """A function from rows to dicts with these keys, in this order; it raises `Bail`."""
    columns = list(dict.fromkeys(_columns(parts)))
    names = {column: f"v{number}" for number, column in enumerate(columns)}
    environment: dict[str, Any] = {"Bail": Bail, "bail": _bail, "UTC": UTC, "datetime": datetime}
    if columns:
        environment["get"] = itemgetter(*columns)
    made = _object(parts, names, environment, _value)
    required = _required(parts, names)
    lines = ["def build(rows):", " out = []", " add = out.append"]
    target = ", ".join(names.values())
    lines.append(f" for {target} in map(get, rows):" if columns else " for _ in rows:")
    if required:
        lines.append(f"  if {' or '.join(required)}: raise Bail")
    lines.append(f"  add({made})")
    lines.append(" return out")
    # Nothing of a document is in this text but the checked names of its response keys.
    exec("\n".join(lines), environment)  # noqa: S102
    return environment["build"]


def readable(parts: tuple[Part, ...]) -> tuple[Leaf | Fixed, ...] | None:
    """The same parts, where JSON has the values of all of them; else None."""
    found: list[Leaf | Fixed] = []
    for part in parts:
        if not isinstance(part, Fixed) and not (isinstance(part, Leaf) and _in_json(part)):
            return None
        found.append(part)
    return tuple(found)


def _in_json(leaf: Leaf) -> bool:
    if leaf.text is not None:
        return True
    plain = leaf.type in (GraphQLString, GraphQLInt, GraphQLBoolean)
    return leaf.function is None and (plain or isinstance(leaf.type, GraphQLEnumType))


@lru_cache(maxsize=MOST_FUNCTIONS)
def _list_function(
    names: tuple[str, ...], parts: tuple[Leaf | Fixed, ...]
) -> Callable[[str | None], list[dict[str, Any]]]:
    """A function from the JSON of a list of rows to dicts; raises `Bail` or `ValueError`."""
    known = {column: f"v{number}" for number, column in enumerate(names)}
    environment: dict[str, Any] = {"Bail": Bail, "bail": _bail, "loads": loads}
    made = _object(parts, known, environment, _value_of_json)
    required = _required(parts, known)
    target = f"({''.join(f'{name}, ' for name in known.values())})"
    lines = ["def build(text):", " out = []", " if text is None: return out", " add = out.append"]
    lines.append(f" for {target} in loads(text):")
    if required:
        lines.append(f"  if {' or '.join(required)}: raise Bail")
    lines.append(f"  add({made})")
    lines.append(" return out")
    # Nothing of a document is in this text but the checked names of its response keys.
    exec("\n".join(lines), environment)  # noqa: S102
    return environment["build"]


def prefixed(part: Part, prefix: str) -> Part:
    """The same part, of columns whose names begin with the prefix; it has no lists."""
    if isinstance(part, Leaf):
        return replace(part, column=prefix + part.column)
    if isinstance(part, Inner):
        parts = tuple(prefixed(each, prefix) for each in part.parts)
        return replace(part, there=prefix + part.there, parts=parts)
    return part


def _columns(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Leaf):
            yield part.column
        elif isinstance(part, Inner):
            yield part.there
            yield from _columns(part.parts)
        elif isinstance(part, Many):
            yield part.column


def _required(parts: tuple[Part, ...], names: dict[str, str]) -> list[str]:
    """The conditions under which an object can't be made of its columns."""
    missing = dict[str, None]()
    for part in parts:
        if isinstance(part, Leaf) and part.non_null:
            missing[f"{names[part.column]} is None"] = None
        elif isinstance(part, Inner) and part.non_null:
            missing[f"not {names[part.there]}"] = None
    return list(missing)


def _object(
    parts: tuple[Part, ...],
    names: dict[str, str],
    environment: dict[str, Any],
    value: Callable[[Leaf, str, dict[str, Any]], str],
) -> str:
    return f"{{{', '.join(_item(part, names, environment, value) for part in parts)}}}"


def _bail() -> None:
    raise Bail


def _item(
    part: Part,
    names: dict[str, str],
    environment: dict[str, Any],
    value: Callable[[Leaf, str, dict[str, Any]], str],
) -> str:
    if _NAME.fullmatch(part.key) is None:
        raise Bail
    if isinstance(part, Fixed):
        constant = f"c{len(environment)}"
        environment[constant] = part.value
        return f'"{part.key}": {constant}'
    if isinstance(part, Inner):
        inner = _object(part.parts, names, environment, value)
        required = _required(part.parts, names)
        if required:
            inner = f"(bail() if {' or '.join(required)} else {inner})"
        there = names[part.there]
        return f'"{part.key}": {inner if part.non_null else f"{inner} if {there} else None"}'
    name = names[part.column]
    if isinstance(part, Many):
        made = f"m{len(environment)}"
        environment[made] = _list_function(part.names, part.parts)
        return f'"{part.key}": {made}({name})'
    found = value(part, name, environment)
    return (
        f'"{part.key}": {found}'
        if part.non_null
        else (f'"{part.key}": None if {name} is None else {found}')
    )


def _value(leaf: Leaf, name: str, environment: dict[str, Any]) -> str:
    """The expression of a leaf's value, which is not None."""
    if leaf.function is not None:
        made = f"f{len(environment)}"
        environment[made] = leaf.function
        return f"{made}({name})"
    other = f"s{len(environment)}"
    environment[other] = serializer(leaf.type)
    if leaf.moment:
        return f"{name} if type({name}) is datetime and {name}.tzinfo is UTC else {other}({name})"
    if leaf.type in (GraphQLString, GraphQLID):
        return f"{name} if type({name}) is str else {other}({name})"
    if leaf.type is GraphQLInt:
        inside = f"type({name}) is int and -{_INT} <= {name} < {_INT}"
        return f"{name} if {inside} else {other}({name})"
    if leaf.type is GraphQLBoolean:
        return f"{name} if {name} is True or {name} is False else {other}({name})"
    if isinstance(leaf.type, GraphQLEnumType):
        known = f"e{len(environment)}"
        environment[known] = _enum_names(leaf.type)
        found = f"{known}.get({name}) if type({name}) is str else None"
        return f"({found}) or {other}({name})"
    return f"{other}({name})"


def _value_of_json(leaf: Leaf, name: str, environment: dict[str, Any]) -> str:
    """The expression of a leaf's value out of JSON: nothing is taken that could be something else.

    What is not as it should be is not made to fit here, but read once more as a row.
    """
    if leaf.text is not None:
        made = f"t{len(environment)}"
        environment[made] = leaf.text
        return f"{made}({name}) if type({name}) is str else bail()"
    if leaf.type is GraphQLString:
        return f"{name} if type({name}) is str else bail()"
    if leaf.type is GraphQLInt:
        return f"{name} if type({name}) is int and -{_INT} <= {name} < {_INT} else bail()"
    if leaf.type is GraphQLBoolean:
        return f"{name} if {name} is True or {name} is False else bail()"
    known = f"e{len(environment)}"
    environment[known] = _enum_names(cast("GraphQLEnumType", leaf.type))
    return f"({known}.get({name}) if type({name}) is str else None) or bail()"


@lru_cache(maxsize=MOST_FUNCTIONS)
def serializer(leaf: GraphQLLeafType) -> Callable[[Any], Any]:
    """The type's own serializer, which must find a value; what it makes raises `Bail`."""
    coerce = leaf.coerce_output_value

    def call(value: Any) -> Any:
        if isinstance(value, Exception):
            raise Bail
        made = coerce(value)
        if made is None or made is Undefined:
            raise Bail
        return made

    return call


@lru_cache(maxsize=MOST_FUNCTIONS)
def _enum_names(enum: GraphQLEnumType) -> dict[str, str]:
    """The names of an enum by the texts that stand for them."""
    known: dict[str, str] = {}
    for value in enum.values.values():
        text: object = getattr(value.value, "value", value.value)
        if isinstance(text, str):
            # What stands for a value is not always its own text, nor a value.
            with contextlib.suppress(Exception):
                known[str(text)] = enum.coerce_output_value(str(text))
    return known
