"""Finds which queries feed which GraphQL types, and whether their columns are what a type shows."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from app.core.node import Node
from app.core.relation import Relation
from app.core.scalars import JSON, Long
from app.core.sql import Query
from app.schema import NODES, schema
from tests.house import named, nullability, trees
from tests.house.catalogue import Facts

_WHOLE = {"int2", "int4"}
_STORED: dict[object, set[str]] = {
    str: {"text", "varchar"},
    int: _WHOLE,
    Long: {*_WHOLE, "int8"},
    float: {*_WHOLE, "float4", "float8", "numeric"},
    bool: {"bool"},
    datetime: {"timestamptz"},
    date: {"date"},
    UUID: {"uuid"},
    JSON: {"json", "jsonb"},
}


@dataclass(frozen=True, slots=True)
class Need:
    """A column that a type takes from its row."""

    column: str
    field: str
    nullable: bool
    stored: frozenset[str]
    """The PostgreSQL types that fit; empty when any does."""


def object_types() -> dict[str, StrawberryObjectDefinition]:
    """The object types of the schema."""
    types = {name: each.definition for name, each in schema.schema_converter.type_map.items()}
    return {
        name: definition
        for name, definition in types.items()
        if isinstance(definition, StrawberryObjectDefinition)
        and not definition.is_input
        and not definition.is_interface
    }


def node_types() -> list[str]:
    """The types with a global id."""
    return [name for name, each in object_types().items() if issubclass(each.origin, Node)]


def needs(definition: StrawberryObjectDefinition) -> Iterator[Need]:
    """What a type takes from its row: plain fields, and the columns that declared ones name."""
    for field in definition.fields:
        relation = field.metadata.get("relation")
        if field.is_basic_field:
            yield _need(field, field.python_name, _stored(field.type))
        elif "column" in field.metadata:
            yield _need(field, field.metadata["column"], _stored(field.type))
        elif "global_id" in field.metadata:
            yield _need(field, field.metadata["global_id"][1], frozenset({"uuid"}))
        elif isinstance(relation, Relation):
            nullable = relation.many or isinstance(field.type, StrawberryOptional)
            yield Need(relation.key, field.python_name, nullable, frozenset())


def _need(field: StrawberryField, column: str, stored: frozenset[str]) -> Need:
    return Need(column, field.python_name, isinstance(field.type, StrawberryOptional), stored)


def _stored(declared: object) -> frozenset[str]:
    if isinstance(declared, StrawberryOptional):
        return _stored(declared.of_type)
    if isinstance(declared, StrawberryList):
        return frozenset(f"{name}[]" for name in _stored(declared.of_type))
    if isinstance(declared, StrawberryEnumDefinition):
        return frozenset(_STORED[str])
    return frozenset(_STORED.get(declared, ()))


def feeds(queries: Iterable[tuple[str, Query]]) -> set[tuple[str, str, str]]:
    """Type, room and query, wherever a query's rows are returned as a type."""
    types = object_types()
    found = set(_by_name(queries, types))
    for name, definition in types.items():
        if name in NODES:
            found |= {(name, *query) for query in loaded_by(NODES[name])}
        for field in definition.fields:
            relation = field.metadata.get("relation")
            target = _named_type(field.type)
            if isinstance(relation, Relation) and target in types:
                found |= {(target, *query) for query in loaded_by(relation.batch)}
    modules = named.program()
    for name, module in modules.items():
        found |= set(by_annotation(module, named.bindings(name, modules), types))
    return found


def _by_name(
    queries: Iterable[tuple[str, Query]], types: Mapping[str, object]
) -> Iterator[tuple[str, str, str]]:
    """`user_by_ids` feeds `User`, and `quest_list` feeds `Quest`."""
    for room, query in queries:
        for ending in ("_by_ids", "_list"):
            words = query.name.removesuffix(ending).split("_")
            type_name = "".join(word.capitalize() for word in words)
            if query.name.endswith(ending) and type_name in types:
                yield type_name, room, query.name


def _named_type(declared: object) -> str:
    """The name of the object type that a field gives, inside lists and nulls."""
    while isinstance(declared, StrawberryOptional | StrawberryList):
        declared = declared.of_type
    if isinstance(declared, LazyType):
        declared = declared.resolve_type()
    definition: Any = getattr(declared, "__strawberry_definition__", None)
    return definition.name if isinstance(definition, StrawberryObjectDefinition) else ""


def loaded_by(loader: Any) -> set[tuple[str, str]]:
    """The queries (with their rooms) that a loader's own body names."""
    function = inspect.unwrap(loader)
    modules = named.program()
    rooms = named.bindings(function.__module__, modules)
    for node in ast.walk(modules[function.__module__]):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == function.__name__:
            found, _ = named.uses(node, rooms, function.__module__)
            return {(use.room, use.name) for use in found}
    return set()


def by_annotation(
    module: ast.Module, rooms: dict[str, str], types: Mapping[str, object]
) -> Iterator[tuple[str, str, str]]:
    """Queries whose answer, whole or in pages, a function returns as the type that it declares."""
    for node in ast.walk(module):
        if not isinstance(node, ast.AsyncFunctionDef) or node.returns is None:
            continue
        declared = {each.id for each in ast.walk(node.returns) if isinstance(each, ast.Name)}
        shown = declared & types.keys()
        for part in ast.walk(node):
            if isinstance(part, ast.Return) and isinstance(part.value, ast.Await):
                call = part.value.value
                answered = call.func if isinstance(call, ast.Call) else None
                paged = call.args[1:2] if isinstance(call, ast.Call) else []
                way = ast.unparse(answered) if answered else ""
                for place in paged if way in ("page.read", "page.whole") else [answered]:
                    used = named.uses(place, rooms, "")[0] if place else []
                    yield from ((name, use.room, use.name) for name in shown for use in used)


def shape_problems(
    definition: StrawberryObjectDefinition, query: Query, columns: Mapping[str, str], facts: Facts
) -> list[str]:
    """What a type shows and the query (its columns by name, with their types) does not give."""
    tree = trees.parse(query.sql)
    problems: list[str] = []
    for need in needs(definition):
        field = f"{definition.name}.{need.field}"
        stored = columns.get(need.column)
        if stored is None:
            problems.append(f"{field} needs the column {need.column}")
            continue
        if need.stored and stored not in need.stored:
            problems.append(f"{field} can't show {need.column}, which is {stored}")
        if not need.nullable and nullability.may_be_null(tree, need.column, facts):
            problems.append(f"{field} is never null, but {need.column} may be")
    return problems
